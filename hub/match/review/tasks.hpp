// What the hub asks of the officers who may know of barriers (matching.md section 9): the data itself ties
// the two sides of a sealing. For everybody else there are no tasks, ever.
#pragma once

#include <string>
#include <vector>

#include "hub/match/review/barriers.hpp"

namespace sendhub::review {

struct Task {
    std::int64_t decision_id = 0;  // the sealing
    std::string since;
    std::string person, feed;  // one side; person empty: another task names the other side
    std::string other_feed;    // of the other side nothing but this
    std::string tied_by;       // the fields that agree: "name, birth date, UPN"
    std::string sentence;      // what to do, for people
};
// By sealing. A sealing that is undone has none.
Result<std::vector<Task>> list_tasks(duck::Connection& store, const Viewer& viewer);

}  // namespace sendhub::review
