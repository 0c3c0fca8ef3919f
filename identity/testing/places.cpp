#include "identity/testing/places.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "identity/testing/made_numbers.hpp"
#include "identity/testing/written_text.hpp"

namespace sendhub::identity::testing {
namespace {

// Sizes of towns, by children: a few cities, many small towns.
constexpr std::array<std::uint32_t, 12> town_sizes{42000, 21000, 14000, 10500, 8400, 7000,
                                                   6000,  5200,  4600,  4200,  3000, 1500};
// A council is as large as a shire or a big city.
constexpr std::uint32_t children_a_council = 90000;

constexpr std::uint32_t units_a_sector = 150;
constexpr std::uint32_t sectors_a_district = 4;
constexpr std::uint32_t units_a_district = units_a_sector * sectors_a_district;
constexpr std::uint32_t districts_an_area = 23;
constexpr std::string_view inward = "ABDEFGHJLNPQRSTUWXYZ";

constexpr std::array<std::string_view, 40> street_starts{
    "High",    "Station", "Church",      "Park",   "Victoria", "Green",      "Manor",     "Kings",
    "Queens",  "New",     "Mill",        "School", "London",   "Albert",     "Chapel",    "Grove",
    "Windsor", "York",    "Springfield", "George", "The",      "Highfield",  "Alexandra", "Beech",
    "Cedar",   "Elm",     "Oak",         "Willow", "Hazel",    "Ashfield",   "Priory",    "Abbey",
    "Castle",  "Meadow",  "Orchard",     "Bridge", "Nelson",   "Wellington", "Stanley",   "Clarence"};
constexpr std::array<std::string_view, 24> street_middles{
    "",    "",    "",     "",      "",      "",     "wood", "field", " Hill", " Farm", " Park", " Moor",
    "ton", "ley", "dale", "hurst", " Mill", " End", "side", " View", "brook", "well",  "croft", "mead"};
constexpr std::array<std::string_view, 12> street_ends{"Road",     "Street", "Lane",  "Avenue",
                                                       "Close",    "Drive",  "Way",   "Gardens",
                                                       "Crescent", "Court",  "Place", "Grove"};
constexpr std::array<std::string_view, 12> house_names{
    "Rose Cottage", "The Bungalow", "Orchard House", "The Lodge", "Ivy Cottage", "The Old Forge",
    "Hillcrest",    "Woodside",     "Mill House",    "The Croft", "Fairview",    "Lyndhurst"};

std::uint64_t hashed(std::uint64_t a, std::uint64_t purpose) { return Rng(a, purpose, 0).next(); }

bool block_of_flats(std::uint32_t unit) { return hashed(unit, 11) % 8 == 0; }

std::vector<std::uint32_t> council_codes() {
    std::vector<std::uint32_t> out;
    for (std::uint32_t code = 800; code <= 999; ++code)
        if (rules::is_la_code(static_cast<int>(code))) out.push_back(code);
    for (std::uint32_t code = 201; code <= 708; ++code)
        if (rules::is_la_code(static_cast<int>(code))) out.push_back(code);
    return out;
}

}  // namespace

Region::Region(std::uint64_t children, std::uint64_t seed) {
    Rng rng(seed, 101, 0);
    const auto codes = council_codes();
    std::uint32_t unit = 0, district = 0, council = 0, in_council = 0, primary_estab = 2000,
                  secondary_estab = 4000;
    std::uint64_t left = std::max<std::uint64_t>(children, 600), homes = 0;
    while (left > 0) {
        std::uint32_t size = town_sizes[rng.below(town_sizes.size())];
        size += rng.below(size / 2);
        size = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, left));
        left -= size;
        if (left < 600) {
            size += static_cast<std::uint32_t>(left);
            left = 0;
        }
        if (in_council > children_a_council) {
            ++council;
            in_council = 0;
            primary_estab = 2000;
            secondary_estab = 4000;
        }
        in_council += size;
        Town town{};
        town.council = codes[council % codes.size()];
        town.first_unit = unit;
        town.units = std::max(8U, size / children_a_unit) + 4;  // four for institutions
        town.first_district = district;
        town.many_origins = rng.percent(40);
        const auto add_schools = [&](std::uint32_t n, std::uint32_t& estab) {
            const auto first = static_cast<std::uint32_t>(schools_.size());
            for (std::uint32_t i = 0; i < n; ++i) schools_.push_back({town.council * 10000 + estab++});
            return first;
        };
        town.primaries = std::max(2U, size / 650);     // a quarter of the children, 165 and more a school
        town.secondaries = std::max(1U, size / 2600);  // a quarter too, 650 and more a school
        town.first_primary = add_schools(town.primaries, primary_estab);
        town.first_secondary = add_schools(town.secondaries, secondary_estab);
        town.college = add_schools(1, secondary_estab);
        unit += town.units;
        district += (town.units + units_a_district - 1) / units_a_district;
        towns_.push_back(town);
        homes_up_to_.push_back(homes += town.units - 4);
    }
    serials_.resize(schools_.size() * 64);
}

std::uint32_t Region::draw_town(Rng& rng) const {
    const std::uint64_t at = rng.next() % homes_up_to_.back();
    return static_cast<std::uint32_t>(std::ranges::upper_bound(homes_up_to_, at) - homes_up_to_.begin());
}

Address Region::draw_home(Rng& rng, std::uint32_t i) const {
    const Town& town = towns_[i];
    return {town.first_unit + rng.below(town.units - 4), rng.below(addresses_a_unit)};
}

std::uint32_t Region::town_of(Address address) const {
    const auto at = std::ranges::upper_bound(towns_, address.unit, {}, &Town::first_unit);
    return static_cast<std::uint32_t>(at - towns_.begin()) - 1;
}

Address Region::last_units(std::uint32_t i, std::uint32_t from_end) const {
    const Town& town = towns_[i];
    return {town.first_unit + town.units - from_end, addresses_a_unit};
}

std::string Region::postcode(Address address) const {
    const Town& town = towns_[town_of(address)];
    const std::uint32_t in_town = address.unit - town.first_unit;
    const std::uint32_t district = town.first_district + in_town / units_a_district;
    const std::uint32_t sector = in_town % units_a_district / units_a_sector;
    const std::uint32_t letters =
        (in_town % units_a_sector * 7 + sector * 31) % 400;  // 7 and 400 have no common part
    const std::uint32_t area = district / districts_an_area;
    std::string out(1, "XVQ"[area / inward.size() % 3]);
    out += inward[area % inward.size()];
    append_number(out, district % districts_an_area + 1);
    out += ' ';
    append_number(out, (sector + district) % 10);
    out += inward[letters / 20];
    out += inward[letters % 20];
    return out;
}

std::string Region::house(Address address) const {
    if (address.slot >= addresses_a_unit) return {};
    if (block_of_flats(address.unit)) {
        std::string out = "Flat ";
        append_number(out, address.slot + 1);
        out += ", ";
        append_number(out, 1 + address.unit % 3 * 30);
        return out;
    }
    const std::uint64_t h = hashed(address.unit * 16ULL + address.slot, 12);
    if (h % 100 < 3) return std::string(house_names[h / 100 % house_names.size()]);
    std::string out;
    append_number(out, 1 + address.unit % 3 * 30 + address.slot * 2 + address.unit / 3 % 2);
    if (h % 100 == 99) out += 'A';
    return out;
}

std::string Region::street(Address address) const {
    if (address.slot >= addresses_a_unit) return "Civic Centre";
    const std::uint64_t h = hashed(address.unit / 3, 13);  // three units a street
    std::string out(street_starts[h % street_starts.size()]);
    out += street_middles[h / 64 % street_middles.size()];
    out += ' ';
    out += street_ends[h / 4096 % street_ends.size()];
    return out;
}

std::string Region::uprn(Address address) const {
    if (address.slot >= addresses_a_unit) return {};
    return number(100'000'000'000ULL + address.unit * 16ULL + address.slot);
}

std::string Region::new_upn(std::uint32_t school, int year) {
    // A full year book sends the child to the next school of the list.
    for (std::size_t i = 0; i < schools_.size(); ++i) {
        const std::size_t at = (school + i) % schools_.size();
        std::uint16_t& serial = serials_[at * 64 + static_cast<std::size_t>(year - 1990)];
        if (serial >= 999) continue;
        return make_upn(number(schools_[at].laestab), year, ++serial);
    }
    throw std::length_error("every UPN of the year is given out");
}

std::string Region::new_temporary_upn(std::uint32_t school, int year) {
    std::uint16_t& serial = serials_[school * 64ULL + 63];  // the year 2053 does not come
    return make_temporary_upn(number(schools_[school].laestab), year, ++serial);
}

}  // namespace sendhub::identity::testing
