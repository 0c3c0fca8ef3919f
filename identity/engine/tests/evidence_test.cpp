// What is no evidence joins nobody, in a store of three records as in one of many (evidence.hpp).
#include <gtest/gtest.h>

#include "identity/engine/explain.hpp"
#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

struct Matched {
    Table table;
    std::unique_ptr<Engine> engine;
    Clusters clusters;

    Matched(std::vector<Person> people, unsigned children_besides, bool children = true) {
        County others = county(children_besides, 20);
        people.insert(people.end(), others.records.begin(), others.records.end());
        table = table_of(people);
        Settings s;
        s.vetoes.children = children;
        s.thresholds.automatic = children ? 8 : 2;  // as link sets them
        s.thresholds.support = children ? 2 : 1;
        engine = std::make_unique<Engine>(s);
        engine->load(table);
        engine->train();
        engine->score({});
        clusters = engine->resolve({});
    }
    [[nodiscard]] std::uint32_t number(const std::string& key) const {
        for (std::uint32_t i = 0; i < engine->size(); ++i)
            if (table.key[engine->position(i)] == key) return i;
        ADD_FAILURE() << "no record " << key;
        return 0;
    }
    [[nodiscard]] bool joined(const std::string& a, const std::string& b) const {
        return clusters.of[number(a)] == clusters.of[number(b)];
    }
    [[nodiscard]] const Case* asked(const std::string& a, const std::string& b) const {
        const auto [p, q] = std::minmax({number(a), number(b)});
        for (const Case& c : clusters.cases)
            if (c.a == p && c.b == q) return &c;
        return nullptr;
    }
};

Person child(const std::string& key, const std::string& forename, const std::string& surname, int n = 0) {
    Person p;
    p.key = key;
    p.forename = forename;
    p.surname = surname;
    char text[32];
    std::snprintf(text, sizeof text, "20%02d-%02d-%02d", 8 + n % 9, 1 + n / 9 % 12, 2 + n / 108 % 26);
    p.birth = text;
    p.sex = n % 2 ? "M" : "F";
    std::snprintf(text, sizeof text, "XB%d %d%c%c", 1 + n % 9, n / 9 % 10, 'A' + n % 8, 'A' + n / 8 % 8);
    p.postcode = text;
    return p;
}

const std::vector<std::string>& no_names() {
    static const std::vector<std::string> all = {"",          "UNKNOWN",   "Unknown unknown",
                                                 "NOT KNOWN", "N/K",       "NK",
                                                 "TBC",       "TBA",       "XXX",
                                                 "X X",       "?",         "-",
                                                 ".",         "- -",       "1234",
                                                 "1234 5678", "TEST",      "ANON",
                                                 "BABY",      "Baby Girl", "NO NAME",
                                                 "NULL",      "Pupil 12",  "NONE GIVEN",
                                                 "N/A",       "aaa",       "SURNAME",
                                                 "Forename",  "first_name"};
    return all;
}

class EvidenceIn : public ::testing::TestWithParam<unsigned> {};  // so many other children

// "UNKNOWN UNKNOWN" has the birth date, sex and postcode of a named child: it may be the twin.
TEST_P(EvidenceIn, a_placeholder_joins_no_child_in_either_column_or_both) {
    for (const bool children : {true, false}) {
        if (GetParam() == 0) {  // three records each
            for (const std::string& none : no_names()) {
                const Person named = child("named", "Aisha", "Khan");
                for (const auto& [forename, surname] :
                     {std::pair(none, none), std::pair(none, std::string("Khan"))}) {
                    const Matched run(
                        {named, child("none", forename, surname), child("other", "Leo", "Hart", 5)}, 0,
                        children);
                    EXPECT_FALSE(run.joined("named", "none")) << forename << "/" << surname;
                }
            }
            continue;
        }
        std::vector<Person> people;
        int n = 0;
        for (const std::string& none : no_names())
            for (const bool both : {true, false}) {
                const std::string key = std::to_string(n);
                people.push_back(child("named" + key, "Aisha", "Khan", n));
                people.push_back(child("none" + key, none, both ? none : "Khan", n));
                people.push_back(child("again" + key, none, both ? none : "Khan", n++));
            }
        const Matched run(people, GetParam(), children);
        for (int i = 0; i < n; ++i) {
            // a surname, birth date and home are enough where the file has shown that no families are in it
            if (!children && i % 2 == 1) continue;
            const std::string key = std::to_string(i), what = no_names()[static_cast<std::size_t>(i / 2)];
            EXPECT_FALSE(run.joined("named" + key, "none" + key)) << what;
            EXPECT_FALSE(run.joined("none" + key, "again" + key)) << what << " twice is nobody twice";
        }
    }
}
TEST_P(EvidenceIn, what_is_said_of_a_nameless_pair_is_not_sure) {
    const Matched run({child("named", "Aisha", "Khan"), child("none", "UNKNOWN", "UNKNOWN"),
                       child("other", "Leo", "Hart", 5)},
                      GetParam());
    const auto why = explain(*run.engine, run.table, run.number("named"), run.number("none"));
    EXPECT_LT(why.p_calibrated, 0.98);
    EXPECT_NE(why.decision, "link");
}
// In one column such a word may be the name: a forename, birth date and home still join the child.
TEST_P(EvidenceIn, a_child_called_null_is_found_by_the_rest) {
    for (const std::string surname : {"Null", "None", "Test", "Sum", "Total", "Count"}) {
        Person a = child("a", "Emma", surname), b = child("b", "Emma", surname);
        b.source = "health";
        const Matched run({a, b, child("other", "Leo", "Hart", 5)}, GetParam());
        EXPECT_TRUE(run.joined("a", "b"))
            << surname << ": " << to_words(explain(*run.engine, run.table, run.number("a"), run.number("b")));
    }
}
TEST_P(EvidenceIn, a_default_date_is_no_birth_date) {
    for (const char* date :
         {"1900-01-01", "01/01/1900", "1901-01-01", "9999-12-31", "1899-12-30", "0001-01-01"}) {
        Person a = child("a", "Ali", "Khan"), b = child("b", "Ali", "Khan", 7);
        b.source = "health";
        b.sex = a.sex;
        a.birth = b.birth = date;
        const Matched run({a, b, child("other", "Leo", "Hart", 5)}, GetParam());
        EXPECT_FALSE(run.joined("a", "b")) << date << ": names alone, of two places";
        EXPECT_EQ(run.engine->features().rows[run.number("a")].birth, no_day) << date;
    }
}
// One number on two children who differ in name and birth date: both stand, it is told, and a person is
// asked.
TEST_P(EvidenceIn, one_number_on_two_children_makes_them_never_one) {
    for (const bool in_one_source : {true, false})
        for (const int which : {0, 1, 2}) {
            Person a = child("a", "Oscar", "Fielding", 1), b = child("b", "Priya", "Natarajan", 200);
            if (!in_one_source) b.source = "health";
            if (which == 0) a.upn = b.upn = upn(94);
            if (which == 1) a.nhs = b.nhs = nhs(94);
            if (which == 2) a.number = b.number = "LOCAL-77";
            const Matched run({a, b}, GetParam());
            EXPECT_FALSE(run.joined("a", "b")) << which;
            const Case* asked = run.asked("a", "b");
            ASSERT_NE(asked, nullptr) << which << (in_one_source ? " in one source" : " in two");
            EXPECT_EQ(asked->reason, Reason::number);
            const auto& told = run.engine->report().shared_by;
            ASSERT_FALSE(told.empty());
            if (GetParam() == 0) {
                EXPECT_EQ(told[0].values, 1u);
                EXPECT_EQ(told[0].records, 2u);
            }
            const auto why = explain(*run.engine, run.table, run.number("a"), run.number("b"));
            EXPECT_EQ(why.decision, "review");
        }
}
TEST_P(EvidenceIn, one_number_on_two_children_of_one_forename_makes_them_never_one) {
    Person a = child("a", "Oscar", "Fielding", 1), b = child("b", "Oscar", "Natarajan", 200);
    a.upn = b.upn = upn(94);
    const Matched run({a, b}, GetParam());
    EXPECT_FALSE(run.joined("a", "b"));
    EXPECT_NE(run.asked("a", "b"), nullptr);
}
TEST_P(EvidenceIn, a_record_of_a_number_alone_brings_no_two_children_together) {
    Person a = child("a", "Oscar", "Fielding", 1), b = child("b", "Priya", "Natarajan", 200);
    Person bare;
    bare.key = "bare";
    bare.source = "health";
    a.upn = b.upn = bare.upn = upn(94);
    const Matched run({a, b, bare}, GetParam());
    EXPECT_FALSE(run.joined("a", "b"));
}
TEST_P(EvidenceIn, a_number_and_a_name_or_a_birth_date_are_one_child) {
    Person a = child("a", "Oscar", "Fielding", 1), b = child("b", "Oscar", "Fielding", 1);
    b.source = "health";
    a.upn = b.upn = upn(94);
    b.birth = "";
    b.postcode = "";
    EXPECT_TRUE(Matched({a, b}, GetParam()).joined("a", "b")) << "a name";
    b.birth = a.birth;
    b.forename = b.surname = "";
    EXPECT_TRUE(Matched({a, b}, GetParam()).joined("a", "b")) << "a birth date";
}

INSTANTIATE_TEST_SUITE_P(OtherChildren, EvidenceIn, ::testing::Values(0u, 100u, 10'000u));

TEST(Evidence, the_first_of_january_is_a_default_date_only_where_it_is_frequent) {
    auto marked = [&](unsigned born_then, unsigned others) {
        std::vector<Person> people;
        for (unsigned i = 0; i < born_then; ++i) {
            people.push_back(child("p" + std::to_string(i), "Ali", "Khan", i));
            people.back().birth = std::to_string(2005 + i % 10) + "-01-01";
        }
        const Matched run(people, others);
        return (run.engine->features().rows[run.number("p0")].flags & Flags::birth_default) != 0;
    };
    EXPECT_FALSE(marked(1, 0)) << "somebody is born on it";
    EXPECT_FALSE(marked(1, 3'000));
    EXPECT_TRUE(marked(30, 100));
    EXPECT_TRUE(marked(60, 3'000));
}

}  // namespace
}  // namespace sendhub::identity
