// The store's current person records as the columns that the engine takes: names with earlier ones, birth
// date, sex, the newest postcode and up to three others, house, UPRN and identifiers. The columns are the
// same every night, whatever the feeds fill, so that a model stays usable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "identity/engine/table.hpp"

namespace sendhub::match {

struct PersonRecords {
    identity::Table table;  // ascending by (feed, person_ref); key "<feed>:<person_ref>"
    std::vector<std::string> feed, person_ref;
    std::vector<std::string> person;  // of the last run; empty: a new record
    // Per record, of its identifiers and birth date: a decision about it stands while this does.
    std::vector<std::uint64_t> identity;
    std::size_t known_sources = 0;  // of table.source_names, those that match_source holds already

    [[nodiscard]] std::size_t size() const { return feed.size(); }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view feed, std::string_view person_ref) const;
    // Of a row whose columns from here on are feed, person_ref, feed, person_ref: both records, the smaller
    // place first; none where either is gone.
    [[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> pair_at(const duck::Rows& rows,
                                                                                 std::size_t column) const;

    std::unordered_map<std::string, std::uint32_t> position;  // by key
};

// Birth dates after `today` are not used.
Result<PersonRecords> read_person_records(duck::Connection& store, Days today);

// Feeds that came since the last run get their numbers in match_source.
Status write_sources(duck::Connection& store, const PersonRecords& records);

}  // namespace sendhub::match
