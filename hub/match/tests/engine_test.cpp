#include "hub/match/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "hub/match/names.hpp"

using namespace sendhub::match;

namespace {

struct Child {
    std::string key, surname = "Example", forename = "Alex", postcode = "LS1 1AA";
    std::int32_t born = 15000;
    std::vector<std::pair<IdKind, std::string>> ids;
    std::string known_forename, former_surname;
};

Records columns(std::vector<Child> children) {
    std::sort(children.begin(), children.end(), [](const Child& a, const Child& b) { return a.key < b.key; });
    Records r;
    for (std::uint32_t i = 0; i < children.size(); ++i) {
        const Child& c = children[i];
        r.source.push_back(0);
        r.key.push(c.key);
        r.surname.push(c.surname);
        r.forename.push(c.forename);
        r.known_surname.push("");
        r.known_forename.push(c.known_forename);
        r.former_surname.push(c.former_surname);
        r.birth_date.push_back(c.born);
        r.postcode.push(c.postcode);
        for (const auto& [kind, value] : c.ids) {
            r.identifiers.push_back({i, kind});
            r.identifier_values.push(value);
        }
    }
    return r;
}

bool together(const Resolution& out, std::uint32_t a, std::uint32_t b) {
    return out.cluster[a] == out.cluster[b];
}

}  // namespace

TEST(Names, accents_quotes_and_case_do_not_matter) {
    EXPECT_EQ(plain_name("O\xE2\x80\x99N\xC3\xA9il"), "oneil");
    EXPECT_EQ(plain_name("o'neil"), "oneil");
    EXPECT_EQ(plain_name("Khan-Patel"), "khanpatel");
    EXPECT_EQ(plain_name("Łukasz"), "lukasz");
    EXPECT_EQ(plain_name("Twin 2"), plain_name("baby"));
    EXPECT_EQ(plain_name("Twin One"), "");
}

TEST(Names, jaro_winkler_known_values) {
    EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.9611, 1e-4);
    EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.8133, 1e-4);
    EXPECT_EQ(jaro_winkler("abc", "xyz"), 0.0);
}

TEST(Engine, a_valid_identifier_joins_when_the_child_bears_it_out) {
    const auto out = resolve(columns({{.key = "a", .ids = {{IdKind::upn, "U1"}}},
                                      {.key = "b", .postcode = "", .ids = {{IdKind::upn, "U1"}}}}));
    EXPECT_TRUE(together(out, 0, 1));
    EXPECT_EQ(out.method[0], Method::exact);
}

TEST(Engine, an_identifier_typed_on_another_child_does_not_join) {
    const auto out = resolve(columns(
        {{.key = "a", .ids = {{IdKind::upn, "U1"}}},
         {.key = "b", .surname = "Other", .forename = "Zoe", .born = 14000, .ids = {{IdKind::upn, "U1"}}}}));
    EXPECT_FALSE(together(out, 0, 1));
    ASSERT_EQ(out.pending.size(), 1u);
    EXPECT_STREQ(out.pending[0].veto, "identifier agrees, child does not");
}

TEST(Engine, twins_stay_apart_even_with_one_identifier_between_them) {
    const auto out =
        resolve(columns({{.key = "a", .forename = "Ava", .ids = {{IdKind::nhs_number, "N1"}}},
                         {.key = "b", .forename = "Noah", .ids = {{IdKind::nhs_number, "N1"}}}}));
    EXPECT_FALSE(together(out, 0, 1));
}

TEST(Engine, name_birth_date_and_postcode_join_without_an_identifier) {
    const auto out = resolve(columns({{.key = "a"}, {.key = "b"}}));
    EXPECT_TRUE(together(out, 0, 1));
    EXPECT_EQ(out.method[0], Method::deterministic);
}

TEST(Engine, name_and_birth_date_alone_do_not_join) {
    const auto out =
        resolve(columns({{.key = "a"}, {.key = "b", .postcode = "LS2 2BB"}, {.key = "c", .postcode = ""}}));
    EXPECT_FALSE(together(out, 0, 1));
    EXPECT_FALSE(together(out, 0, 2));
    EXPECT_EQ(out.method[0], Method::none);
}

TEST(Engine, two_different_valid_upns_keep_equal_children_apart) {
    const auto out = resolve(
        columns({{.key = "a", .ids = {{IdKind::upn, "U1"}}}, {.key = "b", .ids = {{IdKind::upn, "U2"}}}}));
    EXPECT_FALSE(together(out, 0, 1));
    ASSERT_EQ(out.pending.size(), 1u);
    EXPECT_STREQ(out.pending[0].veto, "V1 two different valid UPNs");
}

TEST(Engine, a_former_upn_explains_two_different_upns) {
    const auto out =
        resolve(columns({{.key = "a", .ids = {{IdKind::upn, "U1"}}},
                         {.key = "b", .ids = {{IdKind::upn, "U2"}, {IdKind::former_upn, "U1"}}}}));
    EXPECT_TRUE(together(out, 0, 1));
}

TEST(Engine, a_veto_is_evaluated_over_the_whole_cluster) {
    // b would tie a (UPN 1) to c (UPN 2): b joins one of them, never both
    const auto out = resolve(columns({{.key = "a", .ids = {{IdKind::upn, "U1"}}},
                                      {.key = "b"},
                                      {.key = "c", .ids = {{IdKind::upn, "U2"}}}}));
    EXPECT_FALSE(together(out, 0, 2));
    EXPECT_TRUE(together(out, 0, 1) != together(out, 1, 2));
}

TEST(Engine, an_identifier_on_many_children_proves_nothing) {
    std::vector<Child> children;
    for (int i = 0; i < 6; ++i)
        children.push_back({.key = std::string(1, static_cast<char>('a' + i)),
                            .surname = "Name" + std::string(1, static_cast<char>('a' + i)),
                            .born = 15000 + i,
                            .ids = {{IdKind::upn, "U1"}}});
    children.push_back({.key = "z", .surname = "Namea", .postcode = "LS9 9ZZ", .ids = {{IdKind::upn, "U1"}}});
    const auto out = resolve(columns(children));
    EXPECT_EQ(out.polluted_identifiers, 1u);
    EXPECT_FALSE(together(out, 0, 6));
}

// Random small populations: whatever the order of the records, the clusters are the same, and no cluster
// holds a veto.
TEST(Engine, the_order_of_the_records_does_not_matter_and_no_cluster_breaks_a_veto) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<Child> children;
        const int n = 3 + static_cast<int>(random() % 12);
        for (int i = 0; i < n; ++i) {
            Child c;
            c.key = std::string(1, static_cast<char>('a' + i));
            c.forename = random() % 2 ? "Alex" : "Noah";
            c.surname = random() % 3 ? "Example" : "Other";
            c.born = 15000 + static_cast<std::int32_t>(random() % 2);
            c.postcode = random() % 2 ? "LS1 1AA" : "";
            if (random() % 2) c.ids.push_back({IdKind::upn, "U" + std::to_string(random() % 3)});
            if (random() % 4 == 0) c.ids.push_back({IdKind::former_upn, "U" + std::to_string(random() % 3)});
            if (random() % 3 == 0) c.ids.push_back({IdKind::nhs_number, "N" + std::to_string(random() % 3)});
            children.push_back(c);
        }
        const auto first = resolve(columns(children));
        std::shuffle(children.begin(), children.end(), random);
        const auto second = resolve(columns(children));  // columns() sorts by key, as the caller must
        EXPECT_EQ(first.cluster, second.cluster);
        std::sort(children.begin(), children.end(),
                  [](const Child& a, const Child& b) { return a.key < b.key; });
        for (int a = 0; a < n; ++a)
            for (int b = a + 1; b < n; ++b) {
                if (first.cluster[static_cast<std::size_t>(a)] != first.cluster[static_cast<std::size_t>(b)])
                    continue;
                for (const auto& [ka, va] : children[static_cast<std::size_t>(a)].ids)
                    for (const auto& [kb, vb] : children[static_cast<std::size_t>(b)].ids) {
                        if (ka == IdKind::nhs_number && kb == IdKind::nhs_number) {
                            EXPECT_EQ(va, vb) << "round " << round;
                        }
                    }
                const Child &x = children[static_cast<std::size_t>(a)],
                            &y = children[static_cast<std::size_t>(b)];
                EXPECT_FALSE(x.born == y.born && x.surname == y.surname && x.forename != y.forename)
                    << "twins joined in round " << round;
            }
    }
}
