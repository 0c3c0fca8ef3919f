// What the feeds say of a child, record by record, for people to compare: read from the store as it stands.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "hub/review/decision_rules.hpp"

namespace sendhub::review {

// One record's values, as text; empty: the feed does not give it.
struct Facts {
    RecordKey key;
    std::string person;  // who it belongs to today; empty: not matched yet
    bool there = false;  // the feed still holds it
    std::string forename, surname, middle_names, known_forename, known_surname, former_surname, birth_date,
        sex;
    std::string upn, former_upn, nhs_number, uln;  // several joined by ", "; "(temporary)" and the like after
    std::string address, postcode, uprn, school;
    std::string since, batch;             // of the row that stands
    std::string method, rule, linked_at;  // how it was linked
};
Result<Facts> read_facts(duck::Connection& store, const RecordKey& key);
Result<std::vector<Facts>> read_facts(duck::Connection& store, std::span<const RecordKey> keys);

// The fields that are shown side by side, in order.
struct ShownField {
    std::string_view name, label;
    std::string Facts::* value;
};
std::span<const ShownField> shown_fields();

// A stretch of time at an address or school. Dates are the feed's own or, failing those, when the hub held
// the row.
struct Stay {
    std::string feed, from, to, what;  // to empty: still
};
struct Timelines {
    std::vector<Stay> addresses, schools;  // earliest first
};
Result<Timelines> read_timelines(duck::Connection& store, std::span<const RecordKey> keys);

// The records that belong to a person today, in order.
Result<std::vector<RecordKey>> records_of(duck::Connection& store, std::string_view person);
// Who the record belongs to today; empty: nobody.
Result<std::string> person_of(duck::Connection& store, const RecordKey& key);

// What two records agree on, in words a person can check: "UPN", "forename and surname", "date of birth".
struct Agreeing {
    std::vector<std::string> same, different;
};
Agreeing compare(const Facts& a, const Facts& b);

// What a decision rests on, as matching last saw the record (match_record): two hashes, "<of all
// values>-<of identifiers and birth date>". Empty: matching does not know the record.
Result<std::string> fingerprint(duck::Connection& store, const RecordKey& key);
// The second hash: when it changes, matching lets a decision expire to review. Empty: there is none.
std::string identity_of(std::string_view fingerprint);

// The values of a row as text; empty where null.
std::string text_at(const duck::Rows& rows, std::size_t column);
std::string time_at(const duck::Rows& rows, std::size_t column);
std::string date_at(const duck::Rows& rows, std::size_t column);

}  // namespace sendhub::review
