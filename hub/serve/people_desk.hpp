// The one way to cases and people, for the API and the command line alike: opens the store for a moment, does
// what hub/match/review does, and writes the audit log before anything is handed out. What cannot be put on
// record is not shown, and a decision that cannot be is not taken.
//
// An entry holds who, when, what was done, and the ids of the case and people it was done to; the reason
// where one must be given. Never a name, a value, the word of a decision, or that a barrier exists.
#pragma once

#include <string>
#include <vector>

#include "hub/govern/audit.hpp"
#include "hub/match/review/find.hpp"
#include "hub/match/review/models.hpp"
#include "hub/match/review/person.hpp"
#include "hub/match/review/tasks.hpp"
#include "hub/serve/store_door.hpp"

namespace sendhub::serve {

// Who asks. Whoever makes one has checked the right to ask at all.
struct Officer {
    std::string actor;  // for the audit log: "key:<id>" or "cli:<user>"
    review::Viewer viewer;
    std::string reason;  // why, where people are looked at
    std::string request_id;
};

class PeopleDesk {
  public:
    PeopleDesk(StoreDoor door, govern::AuditLog& audit) : door_(std::move(door)), audit_(audit) {}

    Result<review::Queue> cases(const Officer& who, int page);
    Result<review::CaseView> one_case(const Officer& who, const std::string& id, bool blind);
    Result<review::Outcome> decide(const Officer& who, const review::Opinion& opinion);
    Result<review::Outcome> seal_people(const Officer& who, const std::string& person_a,
                                        const std::string& person_b, const std::string& reason,
                                        std::optional<Days> until);
    Result<review::Outcome> give_opinion(const Officer& who, const std::string& id, review::Word word);
    Result<review::Outcome> approve(const Officer& who, std::int64_t decision);
    Result<review::Outcome> refuse(const Officer& who, std::int64_t decision);
    Result<review::Outcome> undo(const Officer& who, std::int64_t decision, const std::string& reason);
    Result<review::Outcome> extend(const Officer& who, std::int64_t decision, const std::string& reason,
                                   std::optional<Days> until);
    Result<std::vector<review::DecisionRow>> decisions(const Officer& who, review::Which which);
    Result<std::vector<review::Task>> tasks(const Officer& who);
    Result<std::vector<std::string>> second_looks(const Officer& who);
    Result<std::vector<std::string>> sample(const Officer& who);
    Result<review::Quality> quality(const Officer& who);
    Result<std::vector<review::ModelRow>> models(const Officer& who);
    Status judge_model(const Officer& who, const std::string& version, bool approve);

    // A reason is required for these; one that holds an identifier or a name of the child is refused, because
    // the audit log keeps neither.
    Result<review::PersonPage> person(const Officer& who, const std::string& id);
    Result<review::Hits> find(const Officer& who, const review::Query& query);

  private:
    template <class T, class Work, class About>
    Result<T> run(const Officer& who, std::string action, std::string asked, bool writes, Work work,
                  About about);
    [[nodiscard]] Status note(const Officer& who, const std::string& action, std::string query,
                              std::optional<std::int64_t> rows, std::string result);

    StoreDoor door_;
    govern::AuditLog& audit_;
};

}  // namespace sendhub::serve
