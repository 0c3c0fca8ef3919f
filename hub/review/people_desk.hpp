// The one way to cases and people, for the API and the command line alike: opens the store for a moment, does
// the work, and writes the audit log before it hands anything out. What cannot be put on record is not shown,
// and a decision that cannot be put on record is not taken.
//
// An entry holds who, when, what was done, and the ids of the case and people it was done to; the reason
// where one must be given. Never a name, a value, the word of a decision, or that a barrier exists.
#pragma once

#include <string>
#include <vector>

#include "hub/govern/audit.hpp"
#include "hub/review/find.hpp"
#include "hub/review/models.hpp"
#include "hub/review/person.hpp"
#include "hub/review/store_door.hpp"
#include "hub/review/tasks.hpp"

namespace sendhub::review {

// Who asks. Whoever makes one has checked the right to ask at all.
struct Officer {
    std::string actor;  // for the audit log: "key:<id>" or "cli:<user>"
    Viewer viewer;
    std::string reason;  // why, where people are looked at
    std::string request_id;
};

class PeopleDesk {
  public:
    PeopleDesk(StoreDoor door, govern::AuditLog& audit) : door_(std::move(door)), audit_(audit) {}

    Result<Queue> cases(const Officer& who, int page);
    Result<CaseView> one_case(const Officer& who, const std::string& id, bool blind);
    Result<Outcome> decide(const Officer& who, const Opinion& opinion);
    Result<Outcome> seal_people(const Officer& who, const std::string& person_a, const std::string& person_b,
                                const std::string& reason, std::optional<Days> until);
    Result<Outcome> give_opinion(const Officer& who, const std::string& id, Word word);
    Result<Outcome> approve(const Officer& who, std::int64_t decision);
    Result<Outcome> refuse(const Officer& who, std::int64_t decision);
    Result<Outcome> undo(const Officer& who, std::int64_t decision, const std::string& reason);
    Result<Outcome> extend(const Officer& who, std::int64_t decision, const std::string& reason,
                           std::optional<Days> until);
    Result<std::vector<DecisionRow>> decisions(const Officer& who, Which which);
    Result<std::vector<Task>> tasks(const Officer& who);
    Result<std::vector<std::string>> second_looks(const Officer& who);
    Result<std::vector<std::string>> sample(const Officer& who);
    Result<Quality> quality(const Officer& who);
    Result<std::vector<ModelRow>> models(const Officer& who);
    Status judge_model(const Officer& who, const std::string& version, bool approve);

    // A reason is required for these; one that holds an identifier or a name of the child is refused, because
    // the audit log keeps neither.
    Result<PersonPage> person(const Officer& who, const std::string& id);
    Result<Hits> find(const Officer& who, const Query& query);

  private:
    template <class T, class Work, class About>
    Result<T> run(const Officer& who, std::string action, std::string asked, bool writes, Work work,
                  About about);
    [[nodiscard]] Status note(const Officer& who, const std::string& action, std::string query,
                              std::optional<std::int64_t> rows, std::string result);

    StoreDoor door_;
    govern::AuditLog& audit_;
};

}  // namespace sendhub::review
