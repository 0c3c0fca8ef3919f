#include "hub/review/people_desk.hpp"

#include "base/duckdb.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "hub/review/reason.hpp"

namespace sendhub::review {
namespace {

// What was asked for in vain goes into the log only when it can be nothing but an id: a case (C and 8), a
// sampled pair (S and 10), a person (P and 14). A name has no digit, a UPN 13 characters.
std::string id_or_not(const std::string& text) {
    const std::size_t wanted = text.starts_with('C')   ? 9
                               : text.starts_with('S') ? 11
                               : text.starts_with('P') ? 15
                                                       : 0;
    bool digit = false;
    for (const char c : text) {
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return "(no id)";
        digit = digit || c <= '9';
    }
    return wanted > 0 && text.size() == wanted && digit ? text : "(no id)";
}

std::string with_people(std::string text, const std::vector<std::string>& people) {
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people[i].empty() || (i > 0 && people[i] == people[i - 1])) continue;
        text += (text.empty() ? "" : " ") + people[i];
    }
    return text;
}

struct About {
    std::string query;
    std::optional<std::int64_t> rows;
};
std::int64_t size_of(const auto& list) { return static_cast<std::int64_t>(list.size()); }

// Of every decision alike only its case or number, as the store keeps whom it is about: the line of a sealing
// would hold both sides for ever, and one without people would tell that it is a sealing.
About about_decision(const std::string& what) { return {what, {}}; }

}  // namespace

Status PeopleDesk::note(const Officer& who, const std::string& action, std::string query,
                        std::optional<std::int64_t> rows, std::string result) {
    auto noted = audit_.append({.actor = who.actor,
                                .action = action,
                                .dataset = "",
                                .version = "",
                                .rows = rows,
                                .query = std::move(query),
                                .result = std::move(result),
                                .request_id = who.request_id,
                                .reason = who.reason});
    if (!noted) log::error("audit.write", noted.error(), {{"request_id", who.request_id}});
    return noted;
}

// about(T) says what was shown or done, once it is known. A read is put on record before it is handed out, a
// write before it is committed; what was refused is on record with its code.
template <class T, class Work, class AboutIt>
Result<T> PeopleDesk::run(const Officer& who, std::string action, std::string asked, bool writes, Work work,
                          AboutIt about) {
    std::optional<T> out;
    bool noted = false;
    const Status done = door_([&](duck::Connection& store) -> Status {
        std::optional<duck::Transaction> transaction;
        if (writes) {
            SENDHUB_ASSIGN(duck::Transaction begun, duck::Transaction::begin(store));
            transaction.emplace(std::move(begun));
        }
        SENDHUB_ASSIGN(T found, work(store));
        About entry = about(found);
        SENDHUB_TRY(note(who, action, std::move(entry.query), entry.rows, "ok"));
        noted = true;
        if (transaction) SENDHUB_TRY(transaction->commit());
        out.emplace(std::move(found));
        return {};
    });
    if (done) return std::move(*out);
    const ErrorCode code = done.error().code;
    if (code == ErrorCode::busy) return fail(done.error());  // nothing was asked of the store
    // Refused, or, after its entry, not committed: that too is on record; without the reason, which nothing
    // has shown to be free of names.
    Officer bare = who;
    bare.reason.clear();
    SENDHUB_TRY(note(bare, action, std::move(asked), {}, noted ? "failed" : std::string(to_string(code))));
    return fail(done.error());
}

Result<review::Queue> PeopleDesk::cases(const Officer& who, int page) {
    return run<review::Queue>(
        who, "review.list", "page " + std::to_string(page), false,
        [&](duck::Connection& store) { return review::list_cases(store, who.viewer, page); },
        [&](const review::Queue& queue) {
            return About{"page " + std::to_string(page), size_of(queue.rows)};
        });
}

Result<review::CaseView> PeopleDesk::one_case(const Officer& who, const std::string& id, bool blind) {
    return run<review::CaseView>(
        who, "review.case", id_or_not(id), false,
        [&](duck::Connection& store) { return review::show_case(store, who.viewer, id, blind); },
        [&](const review::CaseView& view) {
            return About{with_people(id, {view.row.person_a, view.row.person_b}),
                         size_of(view.records_a) + size_of(view.records_b)};
        });
}

Result<review::Outcome> PeopleDesk::decide(const Officer& who, const review::Opinion& opinion) {
    return run<review::Outcome>(
        who, "review.decide", id_or_not(opinion.case_id), true,
        [&](duck::Connection& store) { return review::decide(store, who.viewer, opinion, now_micros()); },
        [&](const review::Outcome&) { return about_decision(opinion.case_id); });
}

Result<review::Outcome> PeopleDesk::seal_people(const Officer& who, const std::string& person_a,
                                                const std::string& person_b, const std::string& reason,
                                                std::optional<Days> until) {
    return run<review::Outcome>(
        who, "review.decide", id_or_not(""), true,
        [&](duck::Connection& store) {
            return review::seal_people(store, who.viewer, person_a, person_b, reason, now_micros(), until);
        },
        [&](const review::Outcome& outcome) { return about_decision(outcome.case_id); });
}

Result<review::Outcome> PeopleDesk::give_opinion(const Officer& who, const std::string& id,
                                                 review::Word word) {
    return run<review::Outcome>(
        who, "review.opinion", id_or_not(id), true,
        [&](duck::Connection& store) {
            return review::give_opinion(store, who.viewer, id, word, now_micros());
        },
        [&](const review::Outcome&) { return about_decision(id); });
}

Result<review::Outcome> PeopleDesk::approve(const Officer& who, std::int64_t decision) {
    const std::string what = "decision " + std::to_string(decision);
    return run<review::Outcome>(
        who, "review.approve", what, true,
        [&](duck::Connection& store) { return review::approve(store, who.viewer, decision, now_micros()); },
        [&](const review::Outcome&) { return about_decision(what); });
}

Result<review::Outcome> PeopleDesk::refuse(const Officer& who, std::int64_t decision) {
    const std::string what = "decision " + std::to_string(decision);
    return run<review::Outcome>(
        who, "review.refuse", what, true,
        [&](duck::Connection& store) { return review::refuse(store, who.viewer, decision, now_micros()); },
        [&](const review::Outcome&) { return about_decision(what); });
}

Result<review::Outcome> PeopleDesk::undo(const Officer& who, std::int64_t decision,
                                         const std::string& reason) {
    const std::string what = "decision " + std::to_string(decision);
    return run<review::Outcome>(
        who, "review.undo", what, true,
        [&](duck::Connection& store) {
            return review::undo(store, who.viewer, decision, reason, now_micros());
        },
        [&](const review::Outcome&) { return about_decision(what); });
}

// On record as a decision on its case: an act that only sealings know would tell of one.
Result<review::Outcome> PeopleDesk::extend(const Officer& who, std::int64_t decision,
                                           const std::string& reason, std::optional<Days> until) {
    return run<review::Outcome>(
        who, "review.decide", id_or_not(""), true,
        [&](duck::Connection& store) {
            return review::extend(store, who.viewer, decision, reason, until, now_micros());
        },
        [&](const review::Outcome& outcome) { return about_decision(outcome.case_id); });
}

Result<std::vector<review::DecisionRow>> PeopleDesk::decisions(const Officer& who, review::Which which) {
    const std::string what = which == review::Which::all ? "all" : "waiting";
    return run<std::vector<review::DecisionRow>>(
        who, "review.decisions", what, false,
        [&](duck::Connection& store) { return review::list_decisions(store, who.viewer, which); },
        [&](const std::vector<review::DecisionRow>& rows) { return About{what, size_of(rows)}; });
}

// Without how many there are: that there is one tells of a barrier.
Result<std::vector<review::Task>> PeopleDesk::tasks(const Officer& who) {
    return run<std::vector<review::Task>>(
        who, "review.tasks", "", false,
        [&](duck::Connection& store) { return review::list_tasks(store, who.viewer, now_micros()); },
        [&](const std::vector<review::Task>&) { return About{}; });
}

Result<std::vector<std::string>> PeopleDesk::second_looks(const Officer& who) {
    return run<std::vector<std::string>>(
        who, "review.second", "", false,
        [&](duck::Connection& store) { return review::second_looks(store, who.viewer); },
        [&](const std::vector<std::string>& ids) { return About{"", size_of(ids)}; });
}

Result<std::vector<std::string>> PeopleDesk::sample(const Officer& who) {
    return run<std::vector<std::string>>(
        who, "review.sample", "", false,
        [&](duck::Connection& store) { return review::sample_cases(store, who.viewer); },
        [&](const std::vector<std::string>& ids) { return About{"", size_of(ids)}; });
}

Result<review::Quality> PeopleDesk::quality(const Officer& who) {
    return run<review::Quality>(
        who, "review.quality", "", false,
        [&](duck::Connection& store) { return review::review_quality(store, who.viewer); },
        [&](const review::Quality& quality) { return About{"", size_of(quality.disagreements)}; });
}

Result<std::vector<review::ModelRow>> PeopleDesk::models(const Officer& who) {
    return run<std::vector<review::ModelRow>>(
        who, "review.models", "", false, [&](duck::Connection& store) { return review::list_models(store); },
        [&](const std::vector<review::ModelRow>& rows) { return About{"", size_of(rows)}; });
}

Status PeopleDesk::judge_model(const Officer& who, const std::string& version, bool approve) {
    const auto done = run<bool>(
        who, approve ? "review.model.approve" : "review.model.refuse", "", true,
        [&](duck::Connection& store) -> Result<bool> {
            SENDHUB_TRY(approve ? review::approve_model(store, who.viewer, version, now_micros())
                                : review::refuse_model(store, who.viewer, version, now_micros()));
            return true;
        },
        [&](bool) { return About{version, {}}; });  // a version that is there: it was decided on
    if (!done) return fail(done.error());
    return {};
}

Result<review::PersonPage> PeopleDesk::person(const Officer& who, const std::string& id) {
    SENDHUB_TRY(review::check_access_reason(who.reason));
    return run<review::PersonPage>(
        who, "person.read", id_or_not(id), false,
        [&](duck::Connection& store) -> Result<review::PersonPage> {
            SENDHUB_ASSIGN(auto page, review::show_person(store, who.viewer, id));
            SENDHUB_TRY(review::check_no_name(who.reason, review::names_of(page)));
            return page;
        },
        [&](const review::PersonPage& page) {
            return About{with_people(page.asked, {page.person}), size_of(page.records)};
        });
}

Result<review::Hits> PeopleDesk::find(const Officer& who, const review::Query& query) {
    SENDHUB_TRY(review::check_access_reason(who.reason));
    SENDHUB_TRY(review::check_no_name(who.reason, {query.surname, query.forename}));
    const std::string by = "by " + review::shape(query);
    return run<review::Hits>(
        who, "person.find", by, false,
        [&](duck::Connection& store) { return review::find_people(store, who.viewer, query); },
        [&](const review::Hits& hits) {
            std::vector<std::string> people;
            for (const review::Hit& hit : hits.hits) people.push_back(hit.person);
            return About{with_people(by + ":", people), size_of(hits.hits)};
        });
}

}  // namespace sendhub::review
