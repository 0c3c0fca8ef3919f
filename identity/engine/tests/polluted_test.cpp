// When a number counts as typed into a template: on four people, however many spellings one of them has.
#include <gtest/gtest.h>

#include "identity/engine/standardise.hpp"
#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

struct Combination {
    std::string forename, surname, birth;
    int records = 1;
};

std::vector<Person> with_one_upn(const std::vector<Combination>& combinations) {
    std::vector<Person> out;
    for (const Combination& c : combinations)
        for (int i = 0; i < c.records; ++i)
            out.push_back({.key = std::to_string(out.size()),
                           .forename = c.forename,
                           .surname = c.surname,
                           .birth = c.birth,
                           .upn = upn(99)});
    return out;
}

bool polluted(const std::vector<Person>& people) {
    Features f;
    std::vector<std::uint32_t> position;
    standardise(table_of(people), {}, f, position);
    const auto found = count_values(f, 2);
    if (!found.empty()) {
        EXPECT_EQ(found[0].identifier, "UPN");
        EXPECT_EQ(found[0].values, 1u);
        EXPECT_EQ(found[0].records, people.size());
    }
    EXPECT_EQ(f.upns[f.rows[0].upn].count, people.size());
    EXPECT_EQ(f.upns[f.rows[0].upn].polluted, !found.empty());
    return !found.empty();
}
bool polluted(const std::vector<Combination>& combinations) { return polluted(with_one_upn(combinations)); }

const Combination matilda{"matilda", "fairweather", "2012-03-14", 3};
// Each sounds another way, or has another birth date.
const std::vector<Combination> misspelt = {
    matilda,
    {"natilda", "fairweather", "2012-03-14"},
    {"matilda", "fairwater", "2012-03-14"},
    {"tilly", "fairweather", "2012-03-14"},
    {"matilda", "fairweather", "2012-03-15"},
    {"matilda", "fairweather", "2012-01-01"},
    {"fairweather", "matilda", "2012-03-14"},
    {"matilda", "ottershaw", "2012-03-14"},
    {"matilda", "fairweather", ""},
    {"", "fairweather", "2012-03-14"},
    {"", "", ""},
};

// So many children of names and birth dates that have nothing to do with each other.
std::vector<Person> strangers(unsigned n) {
    std::vector<Person> out;
    for (unsigned i = 0; i < n; ++i) {
        out.push_back(county(1, 1000 + i).records[0]);
        out.back().upn = upn(99);
    }
    return out;
}

TEST(Polluted, never_the_number_of_one_person_however_misspelt) { EXPECT_FALSE(polluted(misspelt)); }

TEST(Polluted, a_number_of_four_people_but_of_no_three) {
    EXPECT_TRUE(polluted(strangers(4)));
    EXPECT_FALSE(polluted(strangers(3)));
    auto three = misspelt;
    three.push_back({"oliver", "brown", "2009-11-02"});
    three.push_back({"zara", "hussain", "2015-06-20"});
    EXPECT_FALSE(polluted(three));
    three.push_back({"noah", "kowalski", "2013-08-08"});
    EXPECT_TRUE(polluted(three));
}

TEST(Polluted, a_number_of_four_brothers_and_sisters) {
    std::vector<Combination> family = {matilda,
                                       {"oliver", "fairweather", "2009-11-02"},
                                       {"zara", "fairweather", "2015-06-20"},
                                       {"noah", "fairweather", "2010-11-02"}};
    EXPECT_TRUE(polluted(family));
    family.pop_back();
    EXPECT_FALSE(polluted(family));
    family.push_back({"josephine", "fairweather", "2012-03-14"});
    EXPECT_TRUE(polluted(family)) << "twins are two";
    family.back().forename = "matilad";
    EXPECT_FALSE(polluted(family)) << "and a misspelt child is none";
}

TEST(Polluted, a_template_s_number_on_children_who_have_something_in_common) {
    for (const bool one_surname : {false, true})
        for (const bool one_birth_date : {false, true}) {
            auto children = strangers(500);
            for (Person& p : children) {
                if (one_surname) p.surname = "fairweather";
                if (one_birth_date) p.birth = "2012-01-01";
            }
            EXPECT_TRUE(polluted(children)) << one_surname << one_birth_date;
            // most records say so little that they could be anybody's
            for (std::size_t i = 0; i < 300; ++i) {
                children[i].forename.clear();
                children[i].birth.clear();
                if (i % 2 == 0) children[i].surname.clear();
            }
            EXPECT_TRUE(polluted(children)) << "mostly empty " << one_surname << one_birth_date;
        }
}

TEST(Polluted, a_template_s_number_on_children_who_chain_pairwise) {
    std::vector<Combination> by_name, by_birth;
    std::string name = "bababababa";
    for (std::size_t i = 0; i < 500; ++i) {  // one consonant at a time, from one side to the other
        name[i % 5 * 2] = "bdfgklmnprst"[i / 5 % 12];
        by_name.push_back({name, "fairweather", "2012-03-14"});
    }
    for (int i = 0; i < 40; ++i)  // eight months apart
        by_birth.push_back({"matilda", "fairweather",
                            std::to_string(1990 + i * 2 / 3) + "-0" + std::to_string(1 + i * 8 % 12) + "-" +
                                std::to_string(10 + i * 7 % 18)});
    EXPECT_TRUE(polluted(by_name));
    EXPECT_TRUE(polluted(by_birth));
}

TEST(Polluted, the_same_for_any_order_of_the_input) {
    std::mt19937 random(3);
    for (std::size_t people = 2; people < 6; ++people) {
        std::vector<Person> all = with_one_upn(misspelt), others = strangers(static_cast<unsigned>(people));
        all.insert(all.end(), others.begin(), others.end());
        for (Person& p : others) p.key += " again", p.forename[1] = 'x';
        all.insert(all.end(), others.begin(), others.end());
        const bool first = polluted(all);
        for (int i = 0; i < 20; ++i) {
            std::shuffle(all.begin(), all.end(), random);
            EXPECT_EQ(polluted(all), first) << people;
        }
    }
}

}  // namespace
}  // namespace sendhub::identity
