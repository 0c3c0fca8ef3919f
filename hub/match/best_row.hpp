// One best row a person, with the source of every field: for each field the value of the feed that stands
// first in the precedence of the settings and has one; within a feed the newest row. Names come together from
// one record.
#pragma once

#include "hub/match/run.hpp"

namespace sendhub::match {

// Reads person_link, person_record and address; brings the table person up to date. Rows that stay as they
// are keep their updated_at.
Status write_best_rows(duck::Connection& store, const MatchSettings& settings, Micros now);

}  // namespace sendhub::match
