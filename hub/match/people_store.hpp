// Who is who, written: links of records to persons, the events that led there, ids that ended.
#pragma once

#include "hub/match/tonight.hpp"

namespace sendhub::match {

// Gives tonight's clusters their person ids (tonight.assigned).
Status assign_ids(duck::Connection& store, Tonight& tonight);

// person_link: a link that stays as it is keeps its time and run.
Status write_links(duck::Connection& store, const Tonight& tonight);

// person_event, person_alias; and sealed_event, where everything goes that would tie the sides of a barrier.
Status write_events(duck::Connection& store, const Tonight& tonight);

}  // namespace sendhub::match
