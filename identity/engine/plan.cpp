#include "identity/engine/plan.hpp"

#include <array>

namespace sendhub::identity {
namespace {

// Start values. The bits are those of matching.md section 4; the shares m are a judgement from its error
// rates.
constexpr auto name_levels = std::to_array<Level>({
    {"full name equal, middle names too", 0.10, 17},
    {"forename and surname equal", 0.57, 14},
    {"forename and surname equal, middle names different", 0.01, 10},
    {"forename and surname swapped", 0.006, 13},
    {"forename equal, surname shares a part", 0.03, 11},
    {"forename a nickname or other spelling, surname equal", 0.03, 10},
    {"forename equal, surname is a known or former one", 0.05, 10},
    {"forename equal, surname nearly equal", 0.04, 10},
    {"forename nearly equal, surname equal", 0.03, 9},
    {"forename close, surname equal", 0.015, 7},
    {"both names nearly equal", 0.01, 8},
    {"names swapped and nearly equal", 0.002, 7},
    {"forename shortened or lengthened, surname equal", 0.015, 7},
    {"initial agrees, surname equal", 0.008, 3},
    {"forename equal, surname sounds alike", 0.01, 5},
    {"forename alike, surname alike", 0.008, 4},
    {"forename equal, surname missing on one side", 0.01, 5},
    {"surname equal, forename missing on one side", 0.01, 4},
    {"forename nearly equal, surname missing on one side", 0.003, 4},
    {"surname nearly equal, forename missing on one side", 0.003, 3},
    {"one name stands in the other's field, the rest missing", 0.001, 4},
    {"only the forename equal", 0.03, 1},
    {"only the forename, and only nearly", 0.004, -2},
    {"surname equal, forename only a little alike", 0.006, 1},
    {"only the surname equal, forename different", 0.004, -2},
    {"only the surname, and only nearly", 0.001, -5},
    {"names different", 0.006, -8},
});
static_assert(name_levels.size() == NameLevel::count);
constexpr auto birth_levels = std::to_array<Level>({
    {"equal", 0.965, 13},
    {"equal, but a day typed when the real one is not known", 0.003, 6},
    {"equal as far as it is given", 0.004, 6},
    {"day and month swapped", 0.003, 7},
    {"one digit differs, or two are swapped", 0.01, 4},
    {"a year apart, same day and month", 0.002, 2},
    {"two of day, month and year equal", 0.005, 2},
    {"within 31 days", 0.001, -1},
    {"within a year", 0.001, -4},
    {"different", 0.006, -9},
});
static_assert(birth_levels.size() == BirthLevel::count);
constexpr auto sex_levels = std::to_array<Level>({{"equal", 0.985, 1}, {"different", 0.015, -4}});
constexpr auto place_levels = std::to_array<Level>({
    {"same home", 0.45, 14},
    {"same postcode", 0.2, 11},
    {"same postcode at an earlier time", 0.08, 9},
    {"postcode one letter or digit apart", 0.01, 7},
    {"same postcode sector", 0.03, 5},
    {"same postcode district", 0.05, 3},
    {"elsewhere", 0.18, -2},
});
static_assert(place_levels.size() == PlaceLevel::count);
constexpr std::array<Level, IdLevel::count> id_levels(double equal, double unverified, double different) {
    return {{{"equal", 0.97, equal},
             {"equal to a former one of the other side", 0.01, equal - 2},
             {"equal, but not verified or not valid", 0.005, unverified},
             {"one typing error apart", 0.005, 8},
             {"equal temporary number", 0.002, 4},
             {"different, both valid", 0.003, different},
             {"different, both valid, not both verified", 0.003, different / 2},
             {"different, one of them proves nothing", 0.005, -3}}};
}
constexpr auto upn_levels = id_levels(22, 10, -14);
constexpr auto nhs_levels = id_levels(24, 18, -16);
constexpr auto uln_levels = id_levels(20, 9, -10);
constexpr auto school_levels = std::to_array<Level>({{"same school", 0.7, 5}, {"another school", 0.3, -1}});
constexpr auto other_id_levels = std::to_array<Level>(
    {{"equal", 0.9, 18}, {"one typing error apart", 0.06, 10}, {"close", 0.01, 3}, {"different", 0.03, -6}});
constexpr auto email_levels = std::to_array<Level>({{"equal", 0.6, 14},
                                                    {"same name before the @", 0.1, 10},
                                                    {"nearly equal", 0.2, 9},
                                                    {"different", 0.1, -4}});
constexpr auto street_levels = std::to_array<Level>({{"same house and street", 0.5, 13},
                                                     {"same street", 0.15, 8},
                                                     {"street nearly equal", 0.2, 7},
                                                     {"another street", 0.15, -3}});
constexpr auto text_levels = std::to_array<Level>(
    {{"equal", 0.75, 5}, {"nearly equal", 0.1, 5}, {"alike", 0.05, 2}, {"different", 0.1, -3}});
constexpr auto category_levels = std::to_array<Level>({{"equal", 0.9, 2}, {"different", 0.1, -3}});
constexpr auto number_levels =
    std::to_array<Level>({{"equal", 0.8, 4}, {"one apart", 0.1, 2}, {"different", 0.1, -3}});

class Builder {
  public:
    explicit Builder(const Features& features) : f_(features) {}

    Plan run() {
        if (f_.has_names) add("name", Kind::name, name_levels);
        if (f_.has_birth) add("birth date", Kind::birth, birth_levels);
        if (f_.has_sex) add("sex", Kind::sex, sex_levels);
        if (f_.has_place) add("place", Kind::place, place_levels);
        if (f_.schools.size() > 1) add("school", Kind::school, school_levels);
        if (f_.has_upn) add("UPN", Kind::upn, upn_levels);
        if (f_.has_nhs) add("NHS number", Kind::nhs, nhs_levels);
        if (f_.has_uln) add("ULN", Kind::uln, uln_levels);
        for (std::size_t g = 0; g < f_.generics.size() && plan_.comparisons.size() < max_comparisons; ++g)
            generic(g);
        keys();
        return std::move(plan_);
    }

  private:
    void add(std::string name, Kind kind, std::span<const Level> levels, std::size_t generic = 0) {
        std::int8_t& first = plan_.first_of[static_cast<std::size_t>(kind)];
        if (first < 0) first = static_cast<std::int8_t>(plan_.comparisons.size());
        const std::uint32_t bit = 1u << plan_.comparisons.size();
        if (kind == Kind::upn || kind == Kind::nhs || kind == Kind::uln) plan_.numbers |= bit;
        if (kind == Kind::identifier) plan_.identifiers |= bit;
        plan_.comparisons.push_back({std::move(name), kind, generic, levels});
    }
    void generic(std::size_t g) {
        const Generic& field = f_.generics[g];
        switch (field.role) {
            case Role::identifier:
                return add(field.name, Kind::identifier, other_id_levels, g);
            case Role::email:
                return add(field.name, Kind::email, email_levels, g);
            case Role::phone:
                return add(field.name, Kind::phone, other_id_levels, g);
            case Role::street:
                // with United Kingdom postcodes the street says what the postcode has said
                if (!f_.uk_postcodes) add(field.name, Kind::street, street_levels, g);
                return;
            case Role::region:
                return;  // says what town and postcode have said
            case Role::locality:
                if (!f_.uk_postcodes) add(field.name, Kind::text, text_levels, g);
                return;
            case Role::text:
                return add(field.name, Kind::text, text_levels, g);
            case Role::category:
                return add(field.name, Kind::category, category_levels, g);
            case Role::number:
                return add(field.name, Kind::number, number_levels, g);
            default:
                return;
        }
    }

    [[nodiscard]] std::uint32_t bit(Kind kind) const {
        const int i = plan_.find(kind);
        return i < 0 ? 0 : 1u << i;
    }
    void key(std::string_view label, Key::Recipe recipe, std::uint32_t uses, std::size_t generic = 0) {
        if (plan_.keys.size() < max_keys)
            plan_.keys.push_back({label, recipe, generic, uses});
        else
            ++plan_.keys_left_out;
    }

    void keys() {
        using R = Key::Recipe;
        const std::uint32_t name = bit(Kind::name), birth = bit(Kind::birth), place = bit(Kind::place);
        if (f_.has_upn) key("UPN", R::upn, bit(Kind::upn));
        if (f_.has_nhs) key("NHS number", R::nhs, bit(Kind::nhs));
        if (f_.has_uln) key("ULN", R::uln, bit(Kind::uln));
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
            const Comparison& x = plan_.comparisons[c];
            if (x.kind == Kind::identifier || x.kind == Kind::phone || x.kind == Kind::email)
                key("value", R::generic_value, 1u << c, x.generic);
            if (x.kind == Kind::email) key("name before the @", R::email_local, 1u << c, x.generic);
        }
        if (name && birth) {
            key("birth date and forename", R::birth_forename, name | birth);
            key("birth date and surname", R::birth_surname, name | birth);
        }
        if (birth && place) key("birth date and postcode", R::birth_place, birth | place);
        if (name && place && birth)
            key("postcode, initial and year", R::place_initial_year, name | birth | place);
        if (name && birth) {
            key("surname, forename class and year", R::surname_class_year, name | birth);
            key("birth date and the two initials in either order", R::birth_initials, name | birth);
            key("birth date, day and month in either order, and surname", R::swapped_birth_surname,
                name | birth);
        }
        if (name && place) key("names and district", R::names_district, name | place);
        if (name && f_.uprns.size() > 1) key("home and forename", R::uprn_forename, name | place);
        if (name && birth) {
            key("year, month, forename and initial", R::year_month, name | birth);
            key("year, day, forename and initial", R::year_day, name | birth);
            key("month, day and names", R::month_day, name | birth);
        }
        if (name && (!birth || !place)) key("names", R::names, name);
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
            const Comparison& x = plan_.comparisons[c];
            if ((x.kind == Kind::text || x.kind == Kind::street) && name)
                key("names and value", R::generic_names, name | 1u << c, x.generic);
            if (x.kind == Kind::street && name)
                key("street and initial", R::street_initial, name | 1u << c, x.generic);
        }
    }

    const Features& f_;
    Plan plan_;
};

}  // namespace

Plan make_plan(const Features& features) { return Builder(features).run(); }

}  // namespace sendhub::identity
