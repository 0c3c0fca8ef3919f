#include "identity/testing/made_people.hpp"

#include <algorithm>
#include <numeric>

#include "identity/testing/records.hpp"
#include "identity/testing/slips.hpp"

namespace sendhub::identity::testing {
namespace {

// A number below 2^40 to another one, each only once (four rounds of Feistel), so that ids do not tell the
// order.
std::string record_id(std::uint64_t seed, std::uint64_t index) {
    auto left = static_cast<std::uint32_t>(index >> 20), right = static_cast<std::uint32_t>(index & 0xFFFFF);
    for (std::uint64_t round = 0; round < 4; ++round) {
        const std::uint32_t mixed =
            left ^ static_cast<std::uint32_t>(Rng(seed, 301 + round, right).next() & 0xFFFFF);
        left = right;
        right = mixed;
    }
    static constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::uint64_t value = (static_cast<std::uint64_t>(left) << 20) | right;
    std::string out(8, '0');
    for (std::size_t i = 8; i-- > 0; value >>= 5) out[i] = letters[value & 31];
    return out;
}

// What is true of the child whatever its records say.
std::uint32_t slices_of(const Child& child) {
    std::uint32_t out = 0;
    const auto set = [&](bool is, Slice slice) { out |= is ? slice : 0U; };
    set(child.twin, twin);
    set(child.close_name, close_name);
    set(child.surnames.size() > 1, surname_changed);
    set(std::ranges::any_of(child.surnames, [](const NameSince& s) { return is_double(s.name); }),
        hyphenated);
    set(lists_of(child.origin).transliterated, transliterated);
    set(child.looked_after, looked_after);
    set(child.unaccompanied, unaccompanied);
    set(child.sealed_with >= 0, sealed);
    set(child.namesake, namesake);
    set(child.later_forename.from != no_day, forename_changed);
    return out | no_upn;
}

// A tenth of a second's work that is the same for every file.
const NamePools& the_pools() {
    static const NamePools pools;
    return pools;
}

class Maker {
  public:
    Maker(const PeopleSettings& settings, const Rates& rates)
        : settings_(settings),
          rates_(rates),
          region_(settings.records * 2 / 5, settings.seed),
          families_(rates_, pools_, region_, numbers_, settings.seed),
          recorder_(rates_, pools_, region_, templates_) {
        for (int i = 0; i < 3; ++i) templates_.upns.push_back(region_.new_upn(0, 2019 + i));
        templates_.nhs_numbers.push_back(numbers_.nhs(numbers_.new_nhs_block(), 0));
    }

    PeopleFile make() {
        file_.person.reserve(settings_.records);
        std::uint64_t family = 0;
        while (!full()) {
            Rng rng(settings_.seed, 202, family++);
            for (const Household& household : families_.next()) write(rng, household);
        }
        shuffle();
        return std::move(file_);
    }

  private:
    [[nodiscard]] bool full() const { return file_.person.size() >= settings_.records; }

    void write(Rng& rng, const Household& household) {
        const auto number = static_cast<std::uint32_t>(++households_);
        std::vector<std::uint32_t> written;
        std::vector<std::vector<std::uint32_t>> rows(household.size());
        for (std::size_t i = 0; i < household.size() && !full(); ++i) {
            const Child& child = household[i];
            const auto events = events_of(rng, child, rates_);
            if (events.empty()) continue;
            const auto who = static_cast<std::uint32_t>(file_.people.size());
            Person person{.slices = slices_of(child), .household = number, .origin = child.origin};
            if (child.twin) person.birth = birth_of(household, i);
            recorder_.begin(child, household, i);
            homes_.clear();
            for (const Event& event : events) {
                if (full()) break;
                recorder_.write(rng, event, row_);
                row_[Column::id] = record_id(settings_.seed, file_.person.size());
                note(event, person);
                rows[i].push_back(static_cast<std::uint32_t>(file_.person.size()));
                push(who);
                ++person.records;
            }
            if (homes_.size() > 1) person.slices |= moved;
            if (person.records >= 10) person.slices |= many_records;
            file_.people.push_back(person);
            if (child.lives_as_this_until == INT32_MAX)
                written.push_back(who);  // a life before adoption is elsewhere
        }
        if (written.size() > 1)
            for (const std::uint32_t who : written) file_.people[who].slices |= sibling;
        for (std::size_t i = 0; i < household.size(); ++i)
            if (household[i].sealed_with > static_cast<int>(i))
                for (const std::uint32_t a : rows[i])
                    for (const std::uint32_t b : rows[static_cast<std::size_t>(household[i].sealed_with)])
                        file_.sealed_pairs.emplace_back(a, b);
    }

    // The same number for the twins of a household; a household has 1000 to itself.
    std::uint32_t birth_of(const Household& household, std::size_t i) {
        std::size_t first = i;
        while (first > 0 && household[first - 1].twin && household[first - 1].born == household[i].born)
            --first;
        if (births_household_ != households_) {
            births_household_ = households_;
            births_.clear();
        }
        for (const auto& [at, birth] : births_)
            if (at == first) return birth;
        births_.emplace_back(first, ++birth_count_);
        return birth_count_;
    }

    void note(const Event& event, Person& person) {
        if (!row_[Column::upn].empty()) person.slices &= ~no_upn;
        if (row_.default_birth_date && !row_[Column::birth_date].empty()) person.slices |= default_dob;
        if (event.source == Source::missing_education || event.source == Source::home_education)
            person.slices |= ehe_cme;
        if (row_.has_home && std::ranges::find(homes_, row_.home) == homes_.end())
            homes_.push_back(row_.home);
    }

    void push(std::uint32_t who) {
        if (settings_.without_identifiers)
            for (const Column c :
                 {Column::upn, Column::former_upn, Column::nhs_number, Column::nhs_status, Column::uln})
                row_[c].clear();
        for (std::size_t c = 0; c < columns; ++c) file_.texts[c].push_back(row_.texts[c]);
        file_.person.push_back(who);
    }

    void shuffle() {
        const std::size_t n = file_.person.size();
        std::vector<std::uint32_t> order(n), place(n);
        std::iota(order.begin(), order.end(), 0U);
        Rng rng(settings_.seed, 203, 0);
        for (std::size_t i = n; i > 1; --i)
            std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
        for (TextColumn& column : file_.texts) column = column.in_order(order);
        std::vector<std::uint32_t> person(n);
        for (std::size_t i = 0; i < n; ++i) {
            person[i] = file_.person[order[i]];
            place[order[i]] = static_cast<std::uint32_t>(i);
        }
        file_.person = std::move(person);
        for (auto& [a, b] : file_.sealed_pairs) {
            a = place[a];
            b = place[b];
        }
        std::ranges::sort(file_.sealed_pairs);
    }

    const PeopleSettings& settings_;
    const Rates rates_;
    const NamePools& pools_ = the_pools();
    Region region_;
    Numbers numbers_;
    Templates templates_;
    Families families_;
    Recorder recorder_;
    Row row_;
    std::vector<Address> homes_;
    std::vector<std::pair<std::size_t, std::uint32_t>> births_;
    std::uint64_t households_ = 0, births_household_ = 0;
    std::uint32_t birth_count_ = 0;
    PeopleFile file_;
};

}  // namespace

std::expected<PeopleFile, std::string> make_people(const PeopleSettings& settings) {
    const auto rates = rates_of(settings.mix);
    if (!rates)
        return std::unexpected("there is no mix “" + settings.mix +
                               "”: take standard, clean, dirty, long or twins");
    if (settings.records == 0 || settings.records > 20'000'000)
        return std::unexpected("records must be from 1 to 20,000,000");
    return Maker(settings, *rates).make();
}

}  // namespace sendhub::identity::testing
