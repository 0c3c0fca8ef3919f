#include "hub/review/tasks.hpp"

#include <algorithm>

namespace sendhub::review {
namespace {

std::string tied(const Task& task, bool by_number) {
    const std::string number = std::to_string(task.decision_id);
    return "The data now ties the two sides of sealing " + number + ": a record in " + task.feed +
           " and one in " + task.other_feed + " agree in " + task.tied_by + ". " +
           (by_number ? "A number of the one stands on the other: ask the sources whose it is, and for the "
                        "child's new number."
                      : "Ask the sources to send of each side only what belongs to it.") +
           " If the sealing no longer holds, `sendhub review undo " + number + "`.";
}

std::string carried_over(const Task& task, std::int64_t follows) {
    const std::string number = std::to_string(task.decision_id);
    return "A record came to " + task.feed +
           " that agrees in name, birth date and address with a sealed one that is gone from there. It has "
           "taken its place: sealing " +
           number + " parts it as sealing " + std::to_string(follows) +
           " does. If it is another child, `sendhub review undo " + number +
           "`, which takes two; if it is the same one, `sendhub review extend " + number +
           "` says so and ends this task.";
}

std::string ended(const Task& task) {
    const std::string number = std::to_string(task.decision_id);
    return "Sealing " + number + " was made until " + task.until +
           " and still holds: lift it (`sendhub review undo " + number +
           "`, which takes two) or extend it (`sendhub review extend " + number + "`).";
}

}  // namespace

Result<std::vector<Task>> list_tasks(duck::Connection& store, const Viewer& viewer, Micros now) {
    std::vector<Task> out;
    if (!viewer.sealed) return out;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select t.decision_id, found_at, person_key, feed, other_feed, tied_by, by_number, "
                    "follows from sealed_task t join (select distinct decision_id, follows from "
                    "match_decision where verdict = 'sealed' and state = 'active') d on d.decision_id = "
                    "t.decision_id where tied_by <> '' or not exists (select 1 from review_event e where "
                    "e.decision_id = t.decision_id and e.act = 'extended') order by t.decision_id, "
                    "found_at, person_key, feed, other_feed, tied_by"));
    while (rows.next()) {
        Task& task = out.emplace_back();
        task.decision_id = rows.integer(0);
        task.since = time_at(rows, 1);
        task.person = text_at(rows, 2);
        task.feed = text_at(rows, 3);
        task.other_feed = text_at(rows, 4);
        task.tied_by = text_at(rows, 5);
        task.sentence =
            task.tied_by.empty() ? carried_over(task, rows.integer(7)) : tied(task, rows.boolean(6));
    }
    SENDHUB_ASSIGN(duck::Rows due, store.query("select distinct decision_id, until_date from match_decision "
                                               "where verdict = 'sealed' and state = 'active' and follows "
                                               "is null and until_date "
                                               "<= ? order by decision_id",
                                               {duck::Date{day_of(now)}}));
    while (due.next()) {
        Task& task = out.emplace_back();
        task.decision_id = due.integer(0);
        task.since = task.until = date_at(due, 1);
        task.sentence = ended(task);
    }
    std::ranges::stable_sort(out, {}, &Task::decision_id);
    return out;
}

}  // namespace sendhub::review
