// A store in memory with children to match.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/duckdb.hpp"
#include "hub/match/run.hpp"

namespace sendhub::match {

struct Child {
    std::string feed, ref, forename, surname, born, upn, postcode, nhs, sex, former_upn;
};

std::string valid_upn(unsigned number);  // of authority 873
std::string valid_nhs_number(unsigned number);

class Matching : public testing::Test {
  protected:
    void SetUp() override;

    void put(const Child& child);  // adds the child, or replaces what the feed says of it
    void remove(const std::string& feed, const std::string& ref);  // as if it had never been
    void close(const std::string& feed, const std::string& ref);   // the feed no longer holds it
    // Writes a decision as review does, with the fingerprints of the last run.
    std::int64_t decide(const std::string& verdict, const std::string& feed_a, const std::string& ref_a,
                        const std::string& feed_b, const std::string& ref_b);
    void undo(std::int64_t decision);

    MatchOutcome run();  // one night later than the last
    std::string text(std::string_view sql);
    std::int64_t number(std::string_view sql);
    std::string person_of(const std::string& feed, const std::string& ref);
    void sql(std::string_view text);

    std::unique_ptr<duck::Connection> con;
    MatchSettings settings{{"census", "cme"}, {{"postcode", {"cme", "census"}}}};
    Micros now = 1'700'000'000'000'000;
    int night = 0;
};

}  // namespace sendhub::match
