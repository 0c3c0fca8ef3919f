// What the hub asks of the officers who may know of barriers (matching.md section 9): the data itself ties
// the two sides of a sealing, a sealing has gone over to a record that came back with another key, or the day
// that it was made until has come. For everybody else there are no tasks, ever.
#pragma once

#include <string>
#include <vector>

#include "hub/review/barriers.hpp"

namespace sendhub::review {

struct Task {
    std::int64_t decision_id = 0;  // the sealing
    std::string since;
    std::string person, feed;  // one side; person empty: another task names the other one
    std::string other_feed;    // of the other side nothing but this; empty: a record came back
    std::string tied_by;       // the fields that agree: "name, birth date, UPN"; empty with it
    std::string until;         // the day that has come; then of the four above nothing
    std::string sentence;      // what to do, for people
};
// By sealing. A sealing that is undone has none; no sealing ends by itself.
Result<std::vector<Task>> list_tasks(duck::Connection& store, const Viewer& viewer, Micros now);

}  // namespace sendhub::review
