#include "identity/testing/records.hpp"

#include <algorithm>

#include "identity/testing/slips.hpp"
#include "identity/testing/written_text.hpp"

namespace sendhub::identity::testing {
namespace {

// The newest entry that had begun by then, or the first.
template <class Since>
const Since& as_of(const std::vector<Since>& history, Day when) {
    std::size_t i = history.size();
    while (i > 1 && history[i - 1].from > when) --i;
    return history[i - 1];
}

std::size_t slot(Source source) { return static_cast<std::size_t>(source); }

bool keeps_accents(Source s) {
    return s != Source::health && s != Source::youth_justice && s != Source::missing_education;
}

std::string abbreviated(std::string street) {
    static constexpr std::array<std::array<std::string_view, 2>, 9> forms{{{" Road", " Rd"},
                                                                           {" Street", " St"},
                                                                           {" Avenue", " Ave"},
                                                                           {" Close", " Cl"},
                                                                           {" Drive", " Dr"},
                                                                           {" Lane", " Ln"},
                                                                           {" Gardens", " Gdns"},
                                                                           {" Crescent", " Cres"},
                                                                           {" Court", " Ct"}}};
    for (const auto& [whole, brief] : forms)
        if (street.ends_with(whole)) return street.replace(street.size() - whole.size(), whole.size(), brief);
    return street;
}

}  // namespace

void Recorder::begin(const Child& child, const Household& household, std::size_t index) {
    child_ = &child;
    household_ = &household;
    index_ = index;
    for (Habit& habit : habits_) habit = {};
}

void Recorder::write(Rng& rng, const Event& event, Row& row) {
    row.clear();
    row[Column::source] = source_names[slot(event.source)];
    append_iso(row[Column::valid_from], event.day);
    names(rng, event, row);
    birth(rng, event, row);
    place(rng, event, row);
    identifiers(rng, event, row);
    school(rng, event, row);
}

void Recorder::names(Rng& rng, const Event& event, Row& row) {
    const SourceRates& rates = rates_.of[slot(event.source)];
    const Child& child = *child_;
    const bool foreign_writing = lists_of(child.origin).transliterated;
    // whoever hears a name spells it by ear; a double name is often cut
    const auto variant_share = [&](const std::string& name) {
        double share = rates.name_variant;
        if (foreign_writing) share *= 1.7;
        if (child.unaccompanied) share *= 2;
        if (is_double(name)) share *= 2.2;
        return std::min(share, .6);
    };

    const std::string& surname_then = as_of(child.surnames, event.day).name;
    std::string legal_surname = surname_then;
    if (child.surnames.size() > 1 && chance(rng, rates.name_is_old))
        legal_surname = child.surnames[rng.below(static_cast<std::uint32_t>(child.surnames.size()))].name;
    std::string legal_forename = child.forename;
    if (child.later_forename.from != no_day && child.later_forename.from <= event.day && !rng.percent(20))
        legal_forename = child.later_forename.name;
    std::string surname = legal_surname, forename = legal_forename;

    Habit& habit = habits_[slot(event.source)];
    const bool again =
        habit.surname_then == legal_surname && habit.forename_then == legal_forename && rng.percent(75);
    if (again) {
        surname = habit.surname;
        forename = habit.forename;
    } else {
        if (!child.known_surname.empty() && chance(rng, rates.known_name_used * 1.4))
            surname = child.known_surname;
        if (!child.known_forename.empty() && chance(rng, rates.known_name_used * 1.4))
            forename = child.known_forename;
        if (chance(rng, variant_share(surname) * 1.5)) surname = surname_variant(rng, pools_, surname);
        if (chance(rng, variant_share(forename))) forename = forename_variant(rng, pools_, forename);
        habit = {legal_surname, surname, legal_forename, forename};
    }
    std::string middle;
    if (!child.middle.empty() && chance(rng, rates.middle_present))
        middle = rng.percent(14) ? beginning(child.middle, 1) : child.middle;

    // A baby without a name yet, on the ward's record.
    if (event.source == Source::health && event.day - child.born <= 30 && rng.percent(child.twin ? 45 : 20)) {
        static constexpr std::string_view unnamed[] = {"Baby", "Baby", "Infant", "Baby Boy"};
        forename = unnamed[rng.below(child.male ? 4 : 3)];
        if (child.twin) {
            std::size_t nth = 1;
            for (std::size_t i = 0; i < index_; ++i)
                if ((*household_)[i].twin && (*household_)[i].born == child.born) ++nth;
            forename = (rng.percent(70) ? "Twin " : "Baby ") + std::to_string(nth);
        }
        middle.clear();
    }

    // Other names, where the form has a place for them.
    if (event.source == Source::census || (event.source == Source::social_care && rng.percent(35)) ||
        (event.source == Source::ehc_casework && rng.percent(30))) {
        if (!child.known_surname.empty() && rng.percent(80)) row[Column::known_surname] = child.known_surname;
        if (!child.known_forename.empty() && rng.percent(80))
            row[Column::known_forename] = child.known_forename;
    }
    const std::uint32_t says_former = event.source == Source::census        ? 35
                                      : event.source == Source::health      ? 20
                                      : event.source == Source::social_care ? 30
                                                                            : 5;
    if (child.surnames.front().name != surname && &child.surnames.front().name != &surname_then &&
        rng.percent(says_former))
        row[Column::former_surname] = child.surnames.front().name;

    const double swapped = child.unaccompanied               ? rates_.names_swapped_unaccompanied
                           : child.origin == Origin::chinese ? rates_.names_swapped_chinese
                                                             : rates_.names_swapped;
    if (chance(rng, swapped)) std::swap(surname, forename);
    if (chance(rng, rates.forename_missing)) forename.clear();

    const bool plain = !keeps_accents(event.source) || rng.percent(30);
    for (std::string* name : {&surname, &forename, &middle})
        if (plain) *name = without_accents(*name);
    if (event.source == Source::health || event.source == Source::youth_justice || rng.percent(3)) {
        surname = upper_case(surname);
        if (event.source != Source::health) forename = upper_case(forename);
    }
    if (rng.per_myriad(60)) surname += ' ';
    row[Column::surname] = std::move(surname);
    row[Column::forename] = std::move(forename);
    row[Column::middle_names] = std::move(middle);
}

void Recorder::birth(Rng& rng, const Event& event, Row& row) {
    const SourceRates& rates = rates_.of[slot(event.source)];
    const Child& child = *child_;
    Day born = child.born;
    const Civil c = civil(born);
    const double by_default =
        std::min(rates_.default_birth_date * (event.source == Source::census ? .3 : 1.4), .5);
    if (child.default_birth_date ? rng.percent(80) : chance(rng, by_default)) {
        const std::uint32_t kind = child.default_birth_date ? 0 : rng.below(100);
        born = kind < 70 ? day(c.year, 1, 1) : kind < 85 ? day(c.year, c.month, 1) : day(c.year, 7, 1);
        row.default_birth_date = true;
    } else if (chance(rng, rates.birth_date_wrong * (child.unaccompanied ? 4 : 1))) {
        born = birth_date_slip(rng, born);
    }
    if (!chance(rng, rates.birth_date_missing)) append_iso(row[Column::birth_date], born);
    bool male = child.male;
    if (child.later_forename.from != no_day && child.later_forename.from <= event.day && rng.percent(60))
        male = !male;
    if (rng.per_myriad(30)) male = !male;
    if (!chance(rng, rates.sex_missing)) row[Column::sex] = male ? "M" : "F";
}

void Recorder::place(Rng& rng, const Event& event, Row& row) {
    const SourceRates& rates = rates_.of[slot(event.source)];
    const Child& child = *child_;
    const HomeSince& now = as_of(child.homes, event.day);
    Address home = now.home;
    if (child.has_second_home && rng.percent(25)) home = child.second_home;
    bool is_home = true;
    if (chance(rng, rates.institutional)) {
        const std::uint32_t town = region_.town_of(home);
        home = event.source == Source::health ? region_.hospital(town) : region_.council_office(town);
        is_home = false;
    }
    if (chance(rng, rates.postcode_missing)) {
        if (event.source == Source::health && rng.percent(30)) row[Column::postcode] = "ZZ99 3WZ";
        return;
    }
    row.home = home;
    row.has_home = is_home;
    std::string postcode = region_.postcode(home);
    if (chance(rng, rates.postcode_typo)) postcode = postcode_slip(rng, std::move(postcode));
    if (rng.percent(3)) std::erase(postcode, ' ');
    if (rng.percent(1))
        for (char& letter : postcode)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
    row[Column::postcode] = std::move(postcode);
    if (chance(rng, rates.address_present)) {
        const bool brief = event.source == Source::health || event.source == Source::youth_justice ||
                           event.source == Source::missing_education;
        std::string street = region_.street(home);
        row[Column::house] = region_.house(home);
        row[Column::street] =
            rng.percent(brief ? 60 : 10) ? abbreviated(std::move(street)) : std::move(street);
        if (row[Column::house].starts_with("Flat ") && rng.percent(20))
            row[Column::house].erase(0, row[Column::house].find(", ") + 2);  // the flat is left out
    }
    if (chance(rng, rates.uprn_present)) row[Column::uprn] = region_.uprn(home);
    if (&now != &child.homes.front() && is_home) {
        const std::uint32_t share = event.source == Source::social_care         ? 30
                                    : event.source == Source::missing_education ? 30
                                    : event.source == Source::health            ? 20
                                    : event.source == Source::ehc_casework      ? 15
                                                                                : 0;
        const Address before = (&now - 1)->home;
        if (rng.percent(share) && !(before == home))
            row[Column::previous_postcode] = region_.postcode(before);
    }
}

void Recorder::identifiers(Rng& rng, const Event& event, Row& row) {
    const SourceRates& rates = rates_.of[slot(event.source)];
    const Child& child = *child_;
    if (!child.upn.empty() && child.schools.front().from <= event.day && !chance(rng, rates.upn_missing)) {
        const bool changed = child.upn_since != no_day;
        const bool old =
            changed && (event.day < child.upn_since || (event.source != Source::census && rng.percent(35)));
        row[Column::upn] = old ? child.former_upn : child.upn;
        if (changed && !old && event.source == Source::census && !child.former_upn_unsaid && rng.percent(85))
            row[Column::former_upn] = child.former_upn;
        if (!child.temporary_upn.empty() && rng.percent(event.source == Source::census ? 60 : 35)) {
            row[Column::upn] = child.temporary_upn;
            row[Column::former_upn].clear();
        }
        if (chance(rng, rates_.identifier_mistyped)) row[Column::upn] = number_slip(rng, row[Column::upn], 4);
    }
    if (!child.nhs.empty() && chance(rng, rates.nhs_present)) {
        row[Column::nhs_number] = child.nhs;
        const std::uint32_t status = rng.below(100);
        const std::uint32_t verified = event.source == Source::health        ? 93
                                       : event.source == Source::social_care ? 40
                                                                             : 15;
        row[Column::nhs_status] = status < verified                          ? "verified"
                                  : status < verified + (100 - verified) / 2 ? "traced"
                                                                             : "unverified";
        if (row[Column::nhs_status] != "verified" && chance(rng, rates_.identifier_mistyped * 3))
            row[Column::nhs_number] = number_slip(rng, child.nhs, 1);
    }
    if (!child.uln.empty() && child.age_on(event.day) >= 14 && chance(rng, rates.uln_present))
        row[Column::uln] = child.uln;
    if (row[Column::uln].empty() && !child.nhs.empty() && rates.uln_present > 0 &&
        chance(rng, rates_.identifier_misplaced * 4))
        row[Column::uln] = child.nhs;
    if (chance(rng, rates_.identifier_shared)) shared_identifier(rng, rates, row);
}

void Recorder::shared_identifier(Rng& rng, const SourceRates& rates, Row& row) {
    const bool holds_nhs = rates.nhs_present > 0;
    const auto& others = *household_;
    const Child& other = others[rng.below(static_cast<std::uint32_t>(others.size()))];
    if (&other != child_ && other.sealed_with != static_cast<int>(index_) && rng.percent(75)) {
        // a brother's or sister's number, one line above on the form
        if (!other.upn.empty() && (!holds_nhs || row[Column::nhs_number].empty() || rng.percent(50))) {
            row[Column::upn] = other.upn;
            row[Column::former_upn].clear();
        } else if (!other.nhs.empty() && holds_nhs) {
            row[Column::nhs_number] = other.nhs;
            row[Column::nhs_status] = "unverified";
        }
        return;
    }
    if (!holds_nhs || row[Column::nhs_number].empty() || rng.percent(60)) {
        row[Column::upn] = templates_.upns[rng.below(static_cast<std::uint32_t>(templates_.upns.size()))];
        row[Column::former_upn].clear();
    } else {
        row[Column::nhs_number] =
            templates_.nhs_numbers[rng.below(static_cast<std::uint32_t>(templates_.nhs_numbers.size()))];
        row[Column::nhs_status] = "unverified";
    }
}

void Recorder::school(Rng& rng, const Event& event, Row& row) {
    static constexpr std::array<std::uint32_t, sources> present{100, 5, 70, 25, 15, 60, 50, 80};
    const Child& child = *child_;
    if (child.schools.empty() || child.schools.front().from > event.day ||
        !rng.percent(present[slot(event.source)]))
        return;
    append_number(row[Column::school], region_.laestab(as_of(child.schools, event.day).school));
}

}  // namespace sendhub::identity::testing
