// One best row a person, with the source of every field: for each field the value of the feed that stands
// first in the precedence of the settings and has one; within a feed the newest row. Names come together from
// one record.
#pragma once

#include "hub/match/run.hpp"

namespace sendhub::match {

// Reads person_link, person_record and address; brings the table person up to date. Rows that stay as they
// are keep their updated_at; of a living person that changed, an ATTRIBUTE event names the fields, never a
// value.
Status write_best_rows(duck::Connection& store, const MatchSettings& settings, std::string_view run_id,
                       Micros now);

}  // namespace sendhub::match
