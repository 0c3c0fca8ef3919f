// A census of families in which nobody is twice: whoever is joined there is joined with a relative. Without a
// word of what the file is, as `sendhub link` takes it.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "identity/link/presets.hpp"

namespace sendhub::linkage {
namespace {

struct Shape {
    const char* name;
    bool sex, postcode, address, middle, phone, of_children;
    int twins_in_100;
    bool slips;
};

// Families of one to seven at one address, of one surname, with brothers and sisters, some of them twins; one
// cell in twenty empty or misspelt where there are slips.
class Town {
  public:
    Town(const Shape& shape, unsigned seed) : shape_(shape), random_(seed) {}

    identity::Table table(unsigned families) {
        using identity::Role;
        add("forename", Role::forename);
        add("surname", Role::surname);
        add("birth_date", Role::birth_date);
        if (shape_.sex) add("sex", Role::sex);
        if (shape_.middle) add("middle_names", Role::middle_names);
        if (shape_.postcode) add("postcode", Role::postcode);
        if (shape_.address) add("house", Role::house), add("street", Role::street);
        if (shape_.phone) add("phone", Role::phone);
        table_.source_names = {"town"};
        for (unsigned f = 0; f < families; ++f) family(f);
        return std::move(table_);
    }

  private:
    unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
    bool chance(int in_100) { return static_cast<int>(pick(100)) < in_100; }
    void add(const char* name, identity::Role role) { table_.columns.push_back({name, role, {}}); }
    std::string word(unsigned syllables) {
        static const char* const parts[] = {"ba", "del", "fin", "gor", "hul", "ja", "kes",
                                            "lo", "mar", "na",  "os",  "pen", "ri", "sam",
                                            "ta", "vin", "wel", "yor", "ce",  "di"};
        std::string out;
        for (unsigned i = 0; i < syllables; ++i) out += parts[pick(20)];
        return out;
    }
    std::string date(unsigned from, unsigned years) {
        char text[16];
        std::snprintf(text, sizeof text, "%04u-%02u-%02u", from + pick(years), 1 + pick(12), 1 + pick(28));
        return text;
    }
    void family(unsigned f) {
        const std::string surname = word(2 + pick(2)), street = word(3) + " road",
                          house = std::to_string(1 + pick(300)), phone = "07" + std::to_string(100000000 + f);
        char postcode[16];
        std::snprintf(postcode, sizeof postcode, "XA%u %u%c%c", 1 + f % 9, f / 9 % 10,
                      static_cast<char>('A' + f / 90 % 20), static_cast<char>('A' + f / 1800 % 20));
        std::vector<std::string> births;
        if (!shape_.of_children)
            for (unsigned adults = 1 + pick(2); adults > 0; --adults) births.push_back(date(1950, 45));
        for (unsigned children = pick(5); children > 0; --children) {
            births.push_back(date(2003, 17));
            if (chance(shape_.twins_in_100)) births.push_back(births.back());
        }
        std::set<std::string> called;
        for (const std::string& birth : births) {
            std::string forename = word(2);
            while (!called.insert(forename).second) forename = word(2);
            person(surname, forename, birth, house, street, postcode, phone);
        }
    }
    std::string slip(std::string value) {
        if (!shape_.slips || value.empty()) return value;
        if (chance(2)) return "";
        if (chance(3)) value[pick(static_cast<unsigned>(value.size()))] = static_cast<char>('a' + pick(26));
        return value;
    }
    void person(const std::string& surname, const std::string& forename, const std::string& birth,
                const std::string& house, const std::string& street, const std::string& postcode,
                const std::string& phone) {
        table_.source.push_back(0);
        table_.key.push("r" + std::to_string(table_.key.size()));
        for (identity::Column& c : table_.columns) {
            using identity::Role;
            c.values.push(slip(c.role == Role::forename     ? forename
                               : c.role == Role::surname    ? surname
                               : c.role == Role::birth_date ? birth
                               : c.role == Role::sex        ? std::string(pick(2) ? "M" : "F")
                               : c.role == Role::middle_names
                                   ? std::string(1, static_cast<char>('a' + pick(26)))
                               : c.role == Role::postcode ? postcode
                               : c.role == Role::house    ? house
                               : c.role == Role::street   ? street
                                                          : phone));
        }
    }

    const Shape shape_;
    std::mt19937 random_;
    identity::Table table_;
};

std::vector<std::uint32_t> clusters_of(const identity::Table& table, identity::link::Purpose purpose,
                                       unsigned threads) {
    identity::Settings start;
    start.threads = threads;
    identity::Engine engine(start);
    engine.load(table);
    const identity::Settings preset =
        identity::link::settings_for(purpose, identity::link::facts_of(engine.features()));
    engine.settings().thresholds = preset.thresholds;
    engine.settings().vetoes = preset.vetoes;
    engine.train();
    engine.score({});
    return engine.resolve({}).of;
}
std::size_t joined_pairs(const std::vector<std::uint32_t>& clusters) {
    std::vector<std::size_t> size(clusters.size());
    for (const std::uint32_t c : clusters) ++size[c];
    std::size_t pairs = 0;
    for (const std::size_t n : size) pairs += n * (n - std::min<std::size_t>(n, 1)) / 2;
    return pairs;
}

class Families : public ::testing::TestWithParam<Shape> {};

TEST_P(Families, without_duplicates_are_not_joined) {
    for (const unsigned seed : {1u, 2u, 3u}) {
        const identity::Table table = Town(GetParam(), seed).table(700);
        const auto found = clusters_of(table, identity::link::Purpose::statistics, 2);
        EXPECT_LE(joined_pairs(found), 2u) << "seed " << seed << ", " << table.size() << " records";
        EXPECT_EQ(joined_pairs(clusters_of(table, identity::link::Purpose::operational, 2)), 0u)
            << "seed " << seed;
        if (seed == 1) {
            EXPECT_EQ(clusters_of(table, identity::link::Purpose::statistics, 1), found);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Towns, Families,
    ::testing::Values(Shape{"everything", true, true, true, true, false, false, 3, true},
                      Shape{"many_twins", true, true, true, true, false, false, 30, true},
                      Shape{"no_sex", false, true, true, true, false, false, 3, true},
                      Shape{"address_only", true, false, true, false, false, false, 3, true},
                      Shape{"postcode_only", true, true, false, false, false, false, 3, true},
                      Shape{"one_telephone_a_home", true, true, true, false, true, false, 3, true},
                      Shape{"no_slips", true, true, true, true, false, false, 3, false},
                      Shape{"names_and_birth_date", false, false, false, false, false, false, 3, true},
                      Shape{"children", true, true, false, false, false, true, 10, true}),
    [](const auto& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace sendhub::linkage
