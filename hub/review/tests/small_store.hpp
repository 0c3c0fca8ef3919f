// A small store in memory: the hub's own migrations and record tables, a few synthetic children, links, pairs
// and cases as matching leaves them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/duckdb.hpp"
#include "hub/review/person.hpp"

namespace sendhub::review::testing {

constexpr Micros kNow = 1'768'870'800'000'000;  // 2026-01-20

struct Child {
    std::string feed, ref, person, forename, surname, born;
    std::string upn = "", nhs = "", postcode = "", uprn = "";
};

class SmallStore {
  public:
    SmallStore();
    // A store that the hub has made already, in this file.
    explicit SmallStore(const std::filesystem::path& made);

    void child(const Child& child);  // its record, identifiers, address, link, and its person's best row
    // What matching noted of the record's identifiers and birth date; child() notes a first one.
    void seen_by_matching(const RecordKey& key, const std::string& identity);
    void edge(const RecordKey& a, const RecordKey& b, double weight);
    // An open case; harm is P(1-P) × records, and 1 more when flagged.
    void open_case(const std::string& id, const RecordKey& a, const RecordKey& b, double weight,
                   double probability, const std::string& veto = "", bool flagged = false,
                   std::int64_t records = 2);
    void run(const std::string& sql);
    [[nodiscard]] std::int64_t count(const std::string& sql);
    [[nodiscard]] std::string text(const std::string& sql);

    duck::Connection& connection() { return *connection_; }

  private:
    std::unique_ptr<duck::Database> database_;
    std::unique_ptr<duck::Connection> connection_;
};

// prior -19.9, name +12.1 - 2.2, birth date +7, upn +22, household -1: total 18.
extern const char* const kExplanation;

}  // namespace sendhub::review::testing
