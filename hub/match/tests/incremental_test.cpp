// Only changed records are compared again, and the result is that of a full run: tested on random sequences
// of changes, with the model compared whole and by blocks.
#include <array>
#include <random>

#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

namespace {

class Incremental : public Matching, public testing::WithParamInterface<bool> {
  protected:
    std::mt19937 random{GetParam() ? 5u : 6u};
    std::vector<Child> children;

    unsigned pick(unsigned n) { return static_cast<unsigned>(random() % n); }
    Child any(unsigned number) {
        static const std::array<const char*, 8> forenames = {"Alex", "Alexander", "Noah", "Ava",
                                                             "Eva",  "Mohammed",  "Zoe",  "Muhammad"},
                                                surnames = {"Example", "Exampel", "Khan",  "Khan-Patel",
                                                            "Other",   "O'Neil",  "Smith", "Twin"};
        static const std::array<const char*, 3> feeds = {"census", "cme", "health"};
        Child c;
        c.feed = feeds[pick(3)];
        c.ref = "r" + std::to_string(number);
        c.forename = forenames[pick(8)];
        c.surname = surnames[pick(8)];
        c.born = "201" + std::to_string(pick(3)) + "-0" + std::to_string(1 + pick(3)) + "-" +
                 (pick(4) == 0 ? "01" : "1" + std::to_string(pick(3)));
        c.sex = pick(2) ? "F" : "M";
        if (pick(2)) c.upn = valid_upn(pick(12));  // some stand on so many children that they prove nothing
        if (pick(3) == 0) c.nhs = valid_nhs_number(pick(20));
        if (pick(4) == 0) c.former_upn = valid_upn(pick(12));
        if (pick(4)) c.postcode = "LS" + std::to_string(1 + pick(3)) + " 1AA";
        return c;
    }
    // Everything but what tells of the run itself.
    std::string result() {
        return text(
                   "select string_agg(feed_a || person_ref_a || feed_b || person_ref_b || weight || '/' || "
                   "pattern, ',' "
                   "order by feed_a, person_ref_a, feed_b, person_ref_b) from match_edge") +
               "\n" +
               text(
                   "select string_agg(feed || person_ref || person_key || match_method || "
                   "coalesce(match_rule, '') || "
                   "coalesce(match_score::varchar, '') || link_state, ',' order by feed, person_ref) from "
                   "person_link") +
               "\n" +
               text(
                   "select string_agg(case_id || weight || reason || coalesce(veto, '') || records || harm "
                   "|| "
                   "explanation, ',' order by case_id) from match_case") +
               "\n" +
               text(
                   "select string_agg(feed || person_ref || fingerprint, ',' order by feed, person_ref) from "
                   "match_record");
    }
    void change_something() {
        const unsigned what = pick(10);
        if (what < 3 || children.size() < 10) {
            children.push_back(
                any(static_cast<unsigned>(1000 + night * 10 + static_cast<int>(children.size()))));
            put(children.back());
        } else if (what < 6) {
            Child& c = children[pick(static_cast<unsigned>(children.size()))];
            const Child other = any(0);
            switch (pick(5)) {
                case 0:
                    c.surname = other.surname;
                    break;
                case 1:
                    c.born = other.born;
                    break;
                case 2:
                    c.upn = other.upn;
                    break;
                case 3:
                    c.postcode = other.postcode;
                    break;
                default:
                    c.forename = other.forename;
            }
            put(c);
        } else if (what < 8) {
            const std::size_t gone = pick(static_cast<unsigned>(children.size()));
            remove(children[gone].feed, children[gone].ref);
            children.erase(children.begin() + static_cast<std::ptrdiff_t>(gone));
        } else if (what < 9) {
            const Child &a = children[pick(static_cast<unsigned>(children.size()))],
                        &b = children[pick(static_cast<unsigned>(children.size()))];
            if (a.ref == b.ref || !known(a) || !known(b)) return;
            decide(std::array{"same", "different", "sealed"}[pick(3)], a.feed, a.ref, b.feed, b.ref);
        } else {
            sql("update match_decision set state = 'undone' where decision_id = (select min(decision_id) "
                "from "
                "match_decision where state = 'active')");
        }
    }
    bool known(const Child& c) {
        return number("select count(*) from match_record where feed = '" + c.feed + "' and person_ref = '" +
                      c.ref + "'") == 1;
    }
};

}  // namespace

TEST_P(Incremental, equals_a_full_run_with_the_same_model) {
    for (unsigned i = 0; i < 60; ++i) {
        children.push_back(any(i));
        put(children.back());
    }
    run();
    if (GetParam()) {
        ASSERT_EQ(number("select count(*) from match_model where contains(body, '\"every_pair\":1')"), 1);
        sql("update match_model set body = replace(body, '\"every_pair\":1', '\"every_pair\":0')");
        sql("delete from store_info where name = 'match_basis'");
        run();
    }
    std::uint64_t compared = 0, all = 0;
    for (int round = 0; round < 15; ++round) {
        for (unsigned changes = 1 + pick(5); changes > 0; --changes) change_something();
        const MatchOutcome out = run();
        compared += out.compared;
        all += out.records;
        if (round % 3 != 2) continue;  // what went wrong once shows later too
        const std::string incremental = result();
        sql("delete from store_info where name = 'match_basis'");
        EXPECT_FALSE(run().changed) << "round " << round;
        ASSERT_EQ(result(), incremental) << "round " << round;
    }
    EXPECT_LT(compared, all / 2) << "most records were left alone";
    EXPECT_GT(number("select count(*) from match_edge"), 0);
}

INSTANTIATE_TEST_SUITE_P(ByBlocks, Incremental, testing::Bool());
