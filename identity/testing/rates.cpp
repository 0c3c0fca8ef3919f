#include "identity/testing/rates.hpp"

#include <algorithm>

namespace sendhub::identity::testing {
namespace {

constexpr Rates standard{
    .of = {{
        // census
        {.upn_missing = .02,
         .nhs_present = 0,
         .uln_present = .70,
         .postcode_missing = .01,
         .address_present = .90,
         .uprn_present = .20,
         .birth_date_missing = 0,
         .forename_missing = 0,
         .sex_missing = 0,
         .postcode_typo = .004,
         .institutional = .001,
         .birth_date_wrong = .001,
         .known_name_used = .04,
         .name_variant = .020,
         .name_is_old = .08,
         .years_out_of_date = .3,
         .middle_present = .60},
        // health
        {.upn_missing = .95,
         .nhs_present = .97,
         .uln_present = 0,
         .postcode_missing = .01,
         .address_present = .70,
         .uprn_present = .30,
         .birth_date_missing = .001,
         .forename_missing = .001,
         .sex_missing = .005,
         .postcode_typo = .006,
         .institutional = .004,
         .birth_date_wrong = .0015,
         .known_name_used = .10,
         .name_variant = .029,
         .name_is_old = .40,
         .years_out_of_date = 1.6,
         .middle_present = .50},
        // ehc_casework
        {.upn_missing = .10,
         .nhs_present = .40,
         .uln_present = .10,
         .postcode_missing = .02,
         .address_present = .85,
         .uprn_present = .25,
         .birth_date_missing = .001,
         .forename_missing = .001,
         .sex_missing = .01,
         .postcode_typo = .008,
         .institutional = .004,
         .birth_date_wrong = .003,
         .known_name_used = .25,
         .name_variant = .033,
         .name_is_old = .25,
         .years_out_of_date = .9,
         .middle_present = .30},
        // social_care
        {.upn_missing = .45,
         .nhs_present = .55,
         .uln_present = 0,
         .postcode_missing = .05,
         .address_present = .80,
         .uprn_present = .30,
         .birth_date_missing = .008,
         .forename_missing = .003,
         .sex_missing = .01,
         .postcode_typo = .012,
         .institutional = .015,
         .birth_date_wrong = .008,
         .known_name_used = .35,
         .name_variant = .057,
         .name_is_old = .30,
         .years_out_of_date = 1.3,
         .middle_present = .30},
        // youth_justice
        {.upn_missing = .70,
         .nhs_present = .25,
         .uln_present = .05,
         .postcode_missing = .06,
         .address_present = .80,
         .uprn_present = .10,
         .birth_date_missing = .005,
         .forename_missing = .004,
         .sex_missing = .01,
         .postcode_typo = .015,
         .institutional = .015,
         .birth_date_wrong = .01,
         .known_name_used = .35,
         .name_variant = .066,
         .name_is_old = .30,
         .years_out_of_date = 1.5,
         .middle_present = .50},
        // missing_education
        {.upn_missing = .15,
         .nhs_present = .03,
         .uln_present = 0,
         .postcode_missing = .15,
         .address_present = .60,
         .uprn_present = .10,
         .birth_date_missing = .015,
         .forename_missing = .003,
         .sex_missing = .03,
         .postcode_typo = .012,
         .institutional = .01,
         .birth_date_wrong = .005,
         .known_name_used = .20,
         .name_variant = .049,
         .name_is_old = .25,
         .years_out_of_date = 1.0,
         .middle_present = .20},
        // home_education
        {.upn_missing = .25,
         .nhs_present = .03,
         .uln_present = 0,
         .postcode_missing = .02,
         .address_present = .90,
         .uprn_present = .20,
         .birth_date_missing = .005,
         .forename_missing = .001,
         .sex_missing = .05,
         .postcode_typo = .008,
         .institutional = .001,
         .birth_date_wrong = .005,
         .known_name_used = .30,
         .name_variant = .041,
         .name_is_old = .25,
         .years_out_of_date = 1.2,
         .middle_present = .20},
        // post16
        {.upn_missing = .35,
         .nhs_present = 0,
         .uln_present = .92,
         .postcode_missing = .04,
         .address_present = .75,
         .uprn_present = .05,
         .birth_date_missing = .002,
         .forename_missing = .001,
         .sex_missing = .01,
         .postcode_typo = .01,
         .institutional = .002,
         .birth_date_wrong = .003,
         .known_name_used = .25,
         .name_variant = .037,
         .name_is_old = .25,
         .years_out_of_date = 1.2,
         .middle_present = .25},
    }},
    .names_swapped = .008,
    .names_swapped_chinese = .03,
    .names_swapped_unaccompanied = .06,
    .default_birth_date = .003,
    .default_birth_date_unaccompanied = .05,
    .identifier_shared = .0005,
    .identifier_mistyped = .003,
    .identifier_misplaced = .0002,
    .upn_temporary = .01,
    .upn_changed = .03,
    .upn_changed_unsaid = .002,
    .multiple_birth = .015,
    .twins_with_close_names = .12,
    .move_a_year = 1.0 / 6,
    .second_home = .06,
    .surname_changed = .13,
    .forename_changed = .002,
    .looked_after = .007,
    .unaccompanied = .001,
    .adopted = .0015,
    .namesake = .00005,
};

// Errors times `factor`, gaps moved towards none (below 1) or towards all (above 1).
Rates scaled(double factor) {
    Rates r = standard;
    const auto error = [&](double& share) { share = std::min(share * factor, .9); };
    const auto present = [&](double& share) {
        share = factor < 1 ? share + (1 - share) * (1 - factor) * .5 : share * (1 - (factor - 1) * .25);
    };
    const auto missing = [&](double& share) {
        share = factor < 1 ? share * factor : share + (1 - share) * (factor - 1) * .15;
    };
    for (SourceRates& s : r.of) {
        missing(s.upn_missing);
        if (s.nhs_present > 0) present(s.nhs_present);
        if (s.uln_present > 0) present(s.uln_present);
        present(s.address_present);
        present(s.uprn_present);
        present(s.middle_present);
        for (double* share : {&s.postcode_missing, &s.birth_date_missing, &s.forename_missing, &s.sex_missing,
                              &s.postcode_typo, &s.institutional, &s.birth_date_wrong, &s.known_name_used,
                              &s.name_variant, &s.name_is_old})
            error(*share);
        s.years_out_of_date *= factor;
    }
    for (double* share :
         {&r.names_swapped, &r.names_swapped_chinese, &r.names_swapped_unaccompanied, &r.default_birth_date,
          &r.default_birth_date_unaccompanied, &r.identifier_shared, &r.identifier_mistyped,
          &r.identifier_misplaced, &r.upn_temporary, &r.upn_changed_unsaid})
        error(*share);
    return r;
}

// The standard errors on people whom the sources have written down 10 to 30 times.
Rates long_histories() {
    Rates r = standard;
    r.fewest_records = 10;
    r.most_records = 30;
    return r;
}

// Fifty times as many twins of like names: what happens to a few in a county happens often enough to count.
Rates like_named_twins() {
    Rates r = standard;
    r.multiple_birth *= 8;
    r.twins_with_close_names *= 6.25;
    return r;
}

}  // namespace

std::optional<Rates> rates_of(std::string_view mix) {
    if (mix == "standard") return standard;
    if (mix == "clean") return scaled(.35);
    if (mix == "dirty") return scaled(1.8);
    if (mix == "long") return long_histories();
    if (mix == "twins") return like_named_twins();
    return std::nullopt;
}

}  // namespace sendhub::identity::testing
