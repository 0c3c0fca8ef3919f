// The joins that must never be made (matching.md 8, 9 and the negative tests of 16), among the records of a
// county.
#include <gtest/gtest.h>

#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

// Adds people to a county, runs, and says whether the two records are one person.
class Safety : public ::testing::Test {
  protected:
    bool joined(const std::vector<Person>& added, const std::string& a, const std::string& b) {
        County c = county(2000, 20);
        c.records.insert(c.records.end(), added.begin(), added.end());
        Settings s;
        s.thresholds.automatic = automatic_;
        s.every_pair_up_to = 0;
        engine_ = std::make_unique<Engine>(s);
        table_ = table_of(c.records);
        if (unverified_) {
            Column status{"nhs_status", Role::nhs_status, {}};
            for (std::size_t i = 0; i < table_.size(); ++i) status.values.push("unverified");
            table_.columns.push_back(std::move(status));
        }
        engine_->load(table_);
        engine_->train();
        engine_->score({});
        clusters_ = engine_->resolve({});
        return clusters_.of[number(a)] == clusters_.of[number(b)];
    }
    std::uint32_t number(const std::string& key) {
        for (std::uint32_t i = 0; i < engine_->size(); ++i)
            if (table_.key[engine_->position(i)] == key) return i;
        ADD_FAILURE() << "no record " << key;
        return 0;
    }
    bool in_review(const std::string& a, const std::string& b) {
        const std::uint32_t p = clusters_.of[number(a)], q = clusters_.of[number(b)];
        for (const Case& c : clusters_.cases)
            if ((clusters_.of[c.a] == p && clusters_.of[c.b] == q) ||
                (clusters_.of[c.a] == q && clusters_.of[c.b] == p))
                return true;
        return false;
    }
    double automatic_ = 9;
    bool unverified_ = false;  // nobody has verified any NHS number
    std::unique_ptr<Engine> engine_;
    Table table_;
    Clusters clusters_;
};

Person child(const std::string& key, const std::string& source, const std::string& forename) {
    return {key, source, forename, "fairweather", "2012-03-14", "F", "XA4 4AF", "", "", "", ""};
}

// Somebody of whom no other record is there; another one for each number.
Person stranger(int number, const std::string& key = "") {
    Person p = county(1, static_cast<unsigned>(number)).records[0];
    p.key = key;
    return p;
}

TEST_F(Safety, one_child_in_two_sources_is_joined) {
    EXPECT_TRUE(joined({child("a", "census", "matilda"), child("b", "health", "matilda")}, "a", "b"));
}
TEST_F(Safety, twins_who_differ_only_in_their_forename_stay_apart) {
    EXPECT_FALSE(joined({child("a", "census", "matilda"), child("b", "health", "josephine")}, "a", "b"));
}
TEST_F(Safety, twins_with_like_names_stay_apart) {
    EXPECT_FALSE(joined({child("a", "census", "ava"), child("b", "health", "eva")}, "a", "b"));
    auto x = child("c", "census", "mohammed ali"), y = child("d", "health", "mohammed umar");
    EXPECT_FALSE(joined({x, y}, "c", "d"));
}
TEST_F(Safety, a_like_forename_joins_only_with_a_number) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "mathilde");
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    a.upn = b.upn = upn(94);
    EXPECT_TRUE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, a_slip_of_the_pen_is_one_child_when_nothing_tells_of_a_second) {
    EXPECT_TRUE(joined({child("a", "census", "matilda"), child("b", "health", "matilad")}, "a", "b"))
        << "two letters have changed places";
    EXPECT_TRUE(joined({child("a", "census", "matilda"), child("b", "health", "matolda")}, "a", "b"))
        << "hardly anybody is called that";
    EXPECT_FALSE(joined({child("a", "census", "zelda"), child("b", "health", "zolda")}, "a", "b"))
        << "short names of twins are as near";
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_long_like_name_that_others_bear_is_a_name) {
    std::vector<Person> all{child("a", "census", "matilda"), child("b", "health", "matolda")};
    for (int i = 0; i < 10; ++i)
        for (const char* name : {"matilda", "matolda"}) {
            Person other = stranger(5000 + i, name + std::to_string(i));
            other.forename = name;
            all.push_back(other);
        }
    EXPECT_FALSE(joined(all, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_birth_date_that_is_missing_keeps_no_twins_apart) {
    auto a = child("a", "census", "matilda"), like = child("like", "health", "mathilde"),
         other = child("other", "lists", "josephine"), same = child("same", "casework", "matilda");
    like.birth = other.birth = same.birth = "";
    EXPECT_FALSE(joined({a, like, other, same}, "a", "like"));
    EXPECT_FALSE(joined({a, like, other, same}, "a", "other"));
    Comparer comparer(engine_->features(), engine_->plan());
    auto pattern = [&](const char* key) { return comparer.pattern(number("a"), number(key)); };
    EXPECT_TRUE(may_be_twins(engine_->plan(), pattern("like")));
    EXPECT_FALSE(may_be_twins(engine_->plan(), pattern("same")));
    auto veto = [&](const char* key) {
        return veto_of_pair(engine_->features(), engine_->plan(), engine_->settings().vetoes, number("a"),
                            number(key), pattern(key));
    };
    EXPECT_EQ(veto("other"), Veto::twins);
    EXPECT_EQ(veto("same"), Veto::none);
}
TEST_F(Safety, a_record_that_may_be_the_like_named_twins_is_asked) {
    auto one = child("one", "census", "matilda"), twin = child("twin", "census", "matil"),
         asked = child("asked", "health", "matilda");
    one.upn = upn(91), twin.upn = upn(92), asked.nhs = nhs(91);
    EXPECT_TRUE(joined({one, asked}, "one", "asked")) << "no twin is known";
    EXPECT_FALSE(joined({one, twin, asked}, "one", "asked"));
    EXPECT_TRUE(in_review("one", "asked"));
    auto hers = child("hers", "health", "matil");
    hers.nhs = nhs(95);
    EXPECT_TRUE(joined({one, twin, asked, hers}, "one", "asked")) << "that source knows the twin as well";
}
TEST_F(Safety, a_first_name_that_two_children_share_joins_nobody) {
    auto ali = child("ali", "census", "mohammed ali"), umar = child("umar", "census", "mohammed umar"),
         a = child("a", "health", "mohammed"), b = child("b", "casework", "mohammed");
    EXPECT_FALSE(joined({ali, umar, a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    EXPECT_TRUE(joined({ali, a, b}, "a", "b")) << "only one is known";
}
TEST_F(Safety, one_number_and_a_like_name_do_not_outweigh_the_very_name) {
    auto a = child("a", "census", "matilda"), b = child("b", "census", "mathilde"),
         typed = child("typed", "health", "matilda");
    a.upn = upn(91), b.upn = typed.upn = upn(92);
    EXPECT_FALSE(joined({a, b, typed}, "b", "typed"));
    EXPECT_TRUE(in_review("b", "typed"));
    EXPECT_TRUE(joined({b, typed}, "b", "typed"));
}
TEST_F(Safety, one_number_on_like_names_beside_different_middle_names_is_asked) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "mathilde");
    a.upn = b.upn = upn(94);
    a.middle = "rose", b.middle = "rose";
    EXPECT_TRUE(joined({a, b}, "a", "b"));
    b.middle = "josephine";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    b.forename = "matilda";
    EXPECT_TRUE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, a_name_does_not_outweigh_the_number_of_the_twin) {
    // "slip" has the number of one child and the name of the twin
    auto one = child("one", "census", "matilda"), hers = child("hers", "health", "matilda"),
         slip = child("slip", "census", "millie"), twin = child("twin", "health", "millie");
    one.upn = slip.upn = upn(91), hers.nhs = nhs(91), twin.nhs = nhs(95);
    EXPECT_FALSE(joined({one, hers, slip, twin}, "slip", "twin"));
    EXPECT_FALSE(joined({one, hers, slip, twin}, "hers", "twin"));
    EXPECT_TRUE(joined({hers, slip, twin}, "slip", "twin")) << "its number is nobody's else";
}
TEST_F(Safety, namesakes_whom_one_source_knows_must_agree_on_more) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "matilda"),
         c = child("c", "health", "matilda");
    c.postcode = "ZY9 9QQ";
    std::vector<Person> all{a, b, c}, alone{a, c};
    for (Person p : county(2000, 20).records)  // that source often writes a child down twice
        if (p.source == "health" && p.key[8] % 2 == 0) {
            p.key += " again";
            all.push_back(p);
            alone.push_back(p);
        }
    joined(all, "a", "c");
    float weight = 0;
    for (const Edge& e : engine_->edges())
        for (const char* with : {"a", "b"})
            if (Decisions::pair(e.a, e.b) == Decisions::pair(number(with), number("c")))
                weight = std::max(weight, e.weight);
    ASSERT_GT(weight, 3);
    automatic_ = static_cast<double>(weight) - 3;
    EXPECT_TRUE(joined(all, "a", "c"));
    automatic_ = static_cast<double>(weight) - 1;
    EXPECT_FALSE(joined(all, "a", "c"));
    EXPECT_TRUE(in_review("a", "c"));
    EXPECT_TRUE(joined(alone, "a", "c")) << "no source knows both";
}
TEST_F(Safety, a_name_and_a_birth_date_must_say_more_where_a_place_is_unknown) {
    auto a = child("a", "census", "matilda"), b = child("b", "lists", "matilda");
    b.postcode.clear();
    joined({a, b}, "a", "b");
    const std::uint32_t p = number("a"), q = number("b");
    const auto edge = std::find_if(engine_->edges().begin(), engine_->edges().end(), [&](const Edge& e) {
        return Decisions::pair(e.a, e.b) == Decisions::pair(p, q);
    });
    ASSERT_NE(edge, engine_->edges().end());
    const Features& f = engine_->features();
    const double all = static_cast<double>(edge->weight) +
                       engine_->model().presence.missing(2012, f.source_bit(p) | f.source_bit(q));
    automatic_ = all - 5;
    EXPECT_TRUE(joined({a, b}, "a", "b"));
    automatic_ = all - 3;
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    b.postcode = a.postcode;
    EXPECT_TRUE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, like_forenames_swapped_with_the_surname_are_like_forenames) {
    auto a = child("a", "census", "maxon"), b = child("b", "health", "fairweather");
    b.surname = "maxen";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_short_form_is_one_child_when_nothing_tells_of_a_second) {
    EXPECT_TRUE(joined({child("a", "census", "elizabeth"), child("b", "health", "lizzie")}, "a", "b"));
}
TEST_F(Safety, a_slip_of_the_pen_waits_for_a_person_where_a_twin_is_known) {
    EXPECT_FALSE(joined(
        {child("a", "census", "matilda"), child("t", "census", "josephine"), child("b", "health", "matilad")},
        "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, two_sources_that_write_the_other_name_do_not_slip_alike) {
    EXPECT_FALSE(joined({child("a", "census", "matilda"), child("c", "lists", "matilda"),
                         child("b", "health", "matildo"), child("d", "casework", "matildo")},
                        "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_name_that_is_longer_by_one_letter_is_another_name) {
    EXPECT_FALSE(joined({child("a", "census", "luca"), child("b", "health", "lucas")}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, one_part_of_a_double_forename_is_the_same_child_in_one_home_only) {
    EXPECT_TRUE(joined({child("a", "census", "hope belle"), child("b", "health", "hope")}, "a", "b"));
    auto elsewhere = child("d", "health", "hope");
    elsewhere.postcode = "ZY9 9QQ";
    EXPECT_FALSE(joined({child("c", "census", "hope belle"), elsewhere}, "c", "d"));
    EXPECT_FALSE(joined({child("e", "census", "adaher belle"), child("f", "health", "ada")}, "e", "f"))
        << "a part, not a beginning";
}
TEST_F(Safety, a_longer_name_in_one_word_is_another_name) {
    EXPECT_FALSE(joined({child("a", "census", "milo"), child("b", "health", "milodore")}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_short_like_name_that_two_sources_write_is_a_name) {
    EXPECT_FALSE(
        joined({child("a", "census", "olden"), child("c", "lists", "olden"), child("b", "health", "oldan")},
               "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, like_names_that_twins_bear_elsewhere_are_left_to_a_person) {
    const std::vector<Person> lone{child("a", "census", "gracie"), child("b", "health", "grace")};
    EXPECT_TRUE(joined(lone, "a", "b")) << "nobody knows of twins with these names";
    std::vector<Person> all = lone;
    for (const char* name : {"grace", "gracie"}) {  // of another home, with a UPN each
        Person twin{std::string("twin ") + name,
                    "census",
                    name,
                    "ottershaw",
                    "2014-08-02",
                    "F",
                    "ZY9 9QQ",
                    "",
                    "",
                    "",
                    ""};
        twin.upn = upn(std::string_view(name) == "grace" ? 71 : 72);
        all.push_back(twin);
    }
    EXPECT_FALSE(joined(all, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, an_initial_fits_a_twin_as_well) {
    EXPECT_FALSE(joined({child("a", "census", "josephine"), child("b", "health", "j")}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, two_equal_initials_are_no_equal_forenames) {
    EXPECT_FALSE(joined({child("a", "census", "e"), child("b", "health", "e")}, "a", "b"))
        << "of Emma and Emily";
    EXPECT_TRUE(in_review("a", "b"));
    auto a = child("c", "census", "e"), b = child("d", "health", "e");
    a.nhs = b.nhs = nhs(88);
    EXPECT_TRUE(joined({a, b}, "c", "d"));
}
TEST_F(Safety, twins_of_like_names_are_called_by_each_others) {
    std::vector<Person> all;  // a source that often has two records of a child
    for (int i = 0; i < 400; ++i) {
        Person p = stranger(9000 + i);
        for (const char* key : {"x", "y"}) {
            p.key = key + std::to_string(i);
            p.upn.clear();
            all.push_back(p);
        }
    }
    automatic_ = 1;  // it is the rule that refuses
    all.push_back(child("a", "census", "emily (millie)"));
    all.push_back(child("b", "census", "millie"));
    EXPECT_FALSE(joined(all, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    all.back().source = "health";  // one child by either name
    EXPECT_TRUE(joined(all, "a", "b"));
}
TEST_F(Safety, a_spelling_that_a_number_ties_to_the_child_stops_no_join) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "matlida");
    const auto plain = child("c", "lists", "matlida"), other = child("d", "health", "matilda");
    a.upn = b.upn = upn(95);
    EXPECT_TRUE(joined({a, b, plain, other}, "a", "d"));
    EXPECT_EQ(clusters_.of[number("c")], clusters_.of[number("a")]);
}
TEST_F(Safety, one_number_on_two_names_that_share_nothing_joins_nobody) {
    auto a = child("a", "census", "matilda"), b = child("b", "care", "cassius");
    b.surname = "spencer";
    a.upn = b.upn = upn(91);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    auto swapped = b;  // the family's name in the other column is no forename in common
    swapped.forename = "fairweather";
    swapped.surname = "cassius";
    EXPECT_FALSE(joined({a, swapped}, "a", "b"));
}
TEST_F(Safety, one_number_that_nobody_verified_is_no_better) {
    unverified_ = true;
    auto a = child("a", "census", "matilda"), b = child("b", "care", "fairweather");
    b.surname = "cassius";
    a.nhs = b.nhs = nhs(96);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_record_without_a_forename_does_not_bring_two_names_of_one_number_together) {
    auto a = child("a", "census", "matilda"), b = child("b", "care", "cassius"), c = child("c", "health", "");
    b.surname = "spencer";
    a.upn = b.upn = c.upn = upn(97);
    EXPECT_FALSE(joined({a, b, c}, "a", "b"));
}
TEST_F(Safety, a_short_form_of_two_names_does_not_bring_them_together) {
    auto edward = child("a", "census", "edward"), ted = child("b", "care", "ted");
    edward.upn = ted.upn = upn(98);
    EXPECT_FALSE(joined({edward, ted, child("c", "health", "theodore")}, "a", "c"));
    auto katherine = child("d", "census", "katherine"), kate = child("e", "care", "kate");
    katherine.upn = kate.upn = upn(99);
    EXPECT_FALSE(joined({katherine, kate, child("f", "health", "kathleen")}, "d", "f"));
}
TEST_F(Safety, a_number_nobody_verified_does_not_say_which_twin_twin_one_is) {
    unverified_ = true;
    auto a = child("a", "health", "matilda"), b = child("b", "care", "Twin 1");
    a.nhs = b.nhs = nhs(77);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_upn_does_not_say_which_twin_twin_one_is) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "Twin 1");
    a.upn = b.upn = upn(94);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
    b.forename = "Baby";
    EXPECT_TRUE(joined({a, b}, "a", "b"));
    auto c = child("c", "casework", "matilda"), d = child("d", "health", "Twin 1");
    c.nhs = d.nhs = nhs(94);
    EXPECT_TRUE(joined({c, d}, "c", "d"));
}
TEST_F(Safety, forenames_that_begin_alike_are_no_swapped_names) {
    auto a = child("a", "census", "mohammed gafieed"), b = child("b", "health", "dahi");
    a.surname = "dahi";
    b.surname = "mohammed huhal";
    a.sex = b.sex = "M";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, which_of_two_known_twins_a_record_from_elsewhere_is_of_is_asked) {
    auto one = child("one", "census", "mohammad idris"), two = child("two", "census", "mohammad"),
         third = child("third", "health", "mohammad");
    one.upn = upn(81);
    two.upn = upn(82);
    one.sex = two.sex = third.sex = "M";
    third.postcode = "XA4 5ZZ";
    EXPECT_FALSE(joined({one, two, third}, "two", "third"));
    EXPECT_TRUE(in_review("two", "third"));
    EXPECT_TRUE(joined({two, third}, "two", "third")) << "no twin is known";
    third.postcode = "";
    EXPECT_FALSE(joined({one, two, third}, "two", "third")) << "an unknown place speaks for nobody";
}
TEST_F(Safety, a_record_with_both_names_says_that_they_are_of_one_child) {
    // the third holds "kai (elizabeth)"
    auto a = child("a", "census", "elizabeth"), b = child("b", "health", "kai"),
         both = child("c", "casework", "kai (elizabeth)");
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    a.upn = both.upn = upn(93);
    EXPECT_TRUE(joined({a, b, both}, "a", "b"));
}
TEST_F(Safety, a_record_without_a_forename_may_be_that_of_the_twin) {
    EXPECT_FALSE(joined({child("a", "health", "matilda"), child("b", "health", "")}, "a", "b"));
    auto crossed = child("e", "census", "fairweather");  // the columns swapped
    crossed.surname = "matilda";
    EXPECT_FALSE(joined({crossed, child("f", "health", "")}, "e", "f"));
    auto boy = child("d", "health", "");
    boy.sex = "M";
    EXPECT_FALSE(joined({child("c", "census", "matilda"), boy}, "c", "d"));
}
TEST_F(Safety, a_forename_and_a_birth_date_alone_join_nobody) {
    auto a = child("a", "census", "xanthippe"), b = child("b", "health", "xanthippe");
    b.surname = "ottershaw";
    b.postcode = "ZY9 9QQ";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    auto near = b;  // nor in one part of a town, however much a rare name weighs
    near.postcode = "XA4 4ZZ";
    automatic_ = 1;
    EXPECT_FALSE(joined({a, near}, "a", "b"));
    automatic_ = 9;
    auto twice = b;
    twice.key = "c";
    twice.source = "census";
    EXPECT_FALSE(joined({a, twice}, "a", "c"));
    EXPECT_FALSE(in_review("a", "c")) << "one source knows both";
}
TEST_F(Safety, whether_one_source_knows_both_is_seen_among_many_sources) {
    std::vector<Person> all;
    for (int i = 0; i < 70; ++i) {
        Person p = stranger(1000 + i, "school-" + std::to_string(i));
        p.source = "school " + std::to_string(100 + i);
        all.push_back(p);
    }
    auto a = child("a", "school 100", "xanthippe"), b = child("b", "school 164", "xanthippe");
    b.surname = "ottershaw";
    b.postcode = "ZY9 9QQ";
    all.insert(all.end(), {a, b});
    EXPECT_FALSE(joined(all, "a", "b"));
    EXPECT_TRUE(in_review("a", "b")) << "two sources, 64 apart";
    all.back().source = "school 100";
    EXPECT_FALSE(joined(all, "a", "b"));
    EXPECT_FALSE(in_review("a", "b")) << "one source knows both";
}
TEST_F(Safety, a_number_nobody_verified_joins_no_two_names_of_one_source) {
    auto a = child("a", "health", "zurah"), b = child("b", "health", "aya");
    b.surname = "ottershaw";
    a.nhs = b.nhs = nhs(77);
    unverified_ = true;
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    b.surname = a.surname;
    EXPECT_FALSE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, twins_whose_names_stand_in_the_wrong_columns_stay_apart) {
    auto a = child("a", "census", "fairweather"), b = child("b", "health", "fairweather");
    a.surname = "matilda";
    b.surname = "josephine";
    const auto known = child("c", "casework", "matilda"), twin = child("d", "casework", "josephine");
    EXPECT_FALSE(joined({a, b, known, twin}, "a", "b"));
}
TEST_F(Safety, whether_two_upns_are_one_child_is_asked_before_whose_a_third_record_is) {
    auto a = child("a", "census", "matilda"), b = child("b", "lists", "matilda"),
         c = child("c", "health", "matilda");
    a.upn = upn(501);
    b.upn = upn(502);
    joined({a, b, c}, "a", "b");
    EXPECT_TRUE(in_review("a", "b"));
    EXPECT_FALSE(in_review("a", "c"));
    EXPECT_FALSE(in_review("b", "c"));
}
TEST_F(Safety, like_names_that_one_source_tells_apart_are_two_children) {
    EXPECT_FALSE(joined({child("a", "census", "matilda"), child("b", "census", "matilad")}, "a", "b"));
}
TEST_F(Safety, one_number_on_two_forenames_is_asked_though_nobody_knows_a_twin) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "josephine");
    a.upn = b.upn = upn(502);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_upn_typed_on_the_twin_joins_nobody) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "josephine"),
         more = child("m", "lists", "matilda"), twin = child("t", "health", "josephine");
    a.upn = b.upn = upn(501);
    EXPECT_FALSE(joined({a, b, more, twin}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_upn_typed_on_the_sister_joins_nobody) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "josephine");
    a.upn = b.upn = upn(501);
    b.birth = "2013-09-02";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, twins_stay_apart_in_four_sources) {
    std::vector<Person> all;
    for (const auto* source : {"census", "health", "casework", "lists"}) {
        all.push_back(child(std::string("m-") + source, source, "matilda"));
        all.push_back(child(std::string("j-") + source, source, "josephine"));
    }
    EXPECT_FALSE(joined(all, "m-census", "j-health"));
    EXPECT_EQ(clusters_.of[number("m-census")], clusters_.of[number("m-lists")]);
    EXPECT_EQ(clusters_.of[number("j-census")], clusters_.of[number("j-lists")]);
}
TEST_F(Safety, two_valid_upns_are_two_children_whatever_else_agrees) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "matilda");
    a.upn = upn(501);
    b.upn = upn(502);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_third_record_does_not_bring_two_upns_together) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "matilda"),
         c = child("c", "health", "matilda");
    a.upn = upn(501);
    b.upn = upn(502);
    EXPECT_FALSE(joined({a, b, c}, "a", "b"));
}
TEST_F(Safety, a_former_upn_joins) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "matilda");
    a.upn = upn(501);
    b.upn = upn(502);
    b.former_upn = upn(501);
    EXPECT_TRUE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, two_verified_nhs_numbers_are_two_children) {
    auto a = child("a", "health", "matilda"), b = child("b", "lists", "matilda");
    a.nhs = nhs(501);
    b.nhs = nhs(777);
    EXPECT_FALSE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, father_and_son_stay_apart) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "matilda");
    b.birth = "1982-03-14";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, brothers_of_a_rare_surname_stay_apart) {
    auto a = child("a", "census", "matilda"), b = child("b", "health", "josephine");
    b.birth = "2013-09-02";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_FALSE(in_review("a", "b"));
}
TEST_F(Safety, namesakes_in_different_towns_with_numbers_of_their_own_stay_apart) {
    auto a = child("a", "census", "matilda"), b = child("b", "casework", "matilda");
    a.upn = upn(501);
    b.upn = upn(502);
    b.postcode = "ZY9 9QQ";
    EXPECT_FALSE(joined({a, b}, "a", "b"));
}
TEST_F(Safety, an_unnamed_newborn_is_never_joined_by_name) {
    auto a = child("a", "census", "Baby"), b = child("b", "health", "matilda");
    EXPECT_FALSE(joined({a, b}, "a", "b"));
    EXPECT_TRUE(in_review("a", "b"));
}
TEST_F(Safety, a_upn_typed_on_many_children_joins_none) {
    std::vector<Person> all;
    for (int i = 0; i < 500; ++i) {
        Person p = stranger(1000 + i, "template-" + std::to_string(i));
        p.upn = upn(99);
        all.push_back(p);
    }
    EXPECT_FALSE(joined(all, "template-1", "template-2"));
    EXPECT_GE(engine_->report().polluted, 1u);
}
TEST_F(Safety, any_number_typed_on_many_people_joins_none) {
    std::vector<Person> all;
    for (int i = 0; i < 100; ++i) {
        Person p = stranger(1000 + i, "template-" + std::to_string(i));
        p.upn.clear();
        p.number = i % 2 == 0 ? "999 999" : "999999";
        all.push_back(p);
    }
    // a like forename joins only with a number
    auto a = child("a", "census", "matilda"), b = child("b", "health", "matilad");
    a.number = b.number = "471100";
    auto x = child("x", "census", "josephine"), y = child("y", "health", "josefina");
    x.birth = y.birth = "2014-07-21";
    x.surname = y.surname = "ottershaw";
    x.number = y.number = "999999";
    all.insert(all.end(), {a, b, x, y});
    EXPECT_TRUE(joined(all, "a", "b")) << "their own number still proves";
    EXPECT_NE(clusters_.of[number("x")], clusters_.of[number("y")]);
    std::set<std::uint32_t> people;
    for (int i = 0; i < 100; ++i) people.insert(clusters_.of[number("template-" + std::to_string(i))]);
    EXPECT_EQ(people.size(), 100u);
    ASSERT_EQ(engine_->report().polluted_by.size(), 1u);
    EXPECT_EQ(engine_->report().polluted_by[0].identifier, "local number");
    EXPECT_EQ(engine_->report().polluted_by[0].values, 1u);
    EXPECT_EQ(engine_->report().polluted_by[0].records, 102u);
    EXPECT_EQ(engine_->report().polluted, 1u);
    for (const TrainingRound& round : engine_->report().training.rounds)
        if (round.blocked_on == "local number") {
            EXPECT_EQ(round.pairs, 1u) << "of 471100";
        }
    for (std::size_t k = 0; k < engine_->plan().keys.size(); ++k)
        if (engine_->plan().keys[k].recipe == Key::Recipe::generic_value) {
            EXPECT_EQ(engine_->report().keys[k].largest, 2u) << "no block of the template's number";
        }
}
TEST_F(Safety, any_number_of_three_people_still_counts) {
    std::vector<Person> all;
    for (int i = 0; i < 3; ++i) {
        Person p = stranger(1000 + i, "shared-" + std::to_string(i));
        p.number = "999999";
        all.push_back(p);
    }
    joined(all, "shared-0", "shared-1");
    EXPECT_TRUE(engine_->report().polluted_by.empty());
}
TEST_F(Safety, a_default_birth_date_is_weaker_than_a_real_one) {
    std::vector<Person> all;
    for (int i = 0; i < 400; ++i) {
        Person p = stranger(3000 + i, "default-" + std::to_string(i));
        p.source = "lists";
        p.birth = "2010-01-01";
        all.push_back(p);
    }
    joined(all, "default-1", "default-2");
    EXPECT_TRUE(engine_->features().rows[number("default-1")].flags & Flags::birth_default);
    EXPECT_NE(clusters_.of[number("default-1")], clusters_.of[number("default-2")]);
}

// Veto breaches: in no cluster of a county with many clashing numbers do two valid UPNs meet.
TEST_F(Safety, no_cluster_holds_two_valid_upns) {
    std::vector<Person> all;
    for (int i = 0; i < 300; ++i) {
        Person p = stranger(5000 + i);
        for (int k = 0; k < 4; ++k) {
            p.key = "clash-" + std::to_string(i) + "-" + std::to_string(k);
            p.upn = k == 3 ? "" : upn(static_cast<unsigned>(20000 + i * 10 + k % 2));
            p.source = std::vector<std::string>{"census", "health", "casework",
                                                "lists"}[static_cast<std::size_t>(k)];
            all.push_back(p);
        }
    }
    joined(all, "clash-0-0", "clash-0-1");
    std::map<std::uint32_t, std::set<std::uint32_t>> held;
    for (std::uint32_t i = 0; i < engine_->size(); ++i)
        if (const std::uint32_t u = engine_->features().rows[i].upn; u != 0) held[clusters_.of[i]].insert(u);
    for (const auto& [cluster, upns] : held) EXPECT_LE(upns.size(), 1u);
}

}  // namespace
}  // namespace sendhub::identity
