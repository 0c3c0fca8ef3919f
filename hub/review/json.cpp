#include "hub/review/json.hpp"

#include "base/json_writer.hpp"

namespace sendhub::review {
namespace {

// Text or null: an empty one was not there.
void optional(JsonWriter& j, std::string_view name, const std::string& value) {
    j.key(name);
    if (value.empty())
        j.null();
    else
        j.value(value);
}
void optional(JsonWriter& j, std::string_view name, const std::optional<double>& value) {
    j.key(name);
    if (value)
        j.value(*value);
    else
        j.null();
}
void list(JsonWriter& j, std::string_view name, const std::vector<std::string>& values) {
    j.key(name).begin_array();
    for (const std::string& value : values) j.value(value);
    j.end_array();
}

void write(JsonWriter& j, const RecordKey& key) {
    j.begin_object().field("feed", key.feed).field("person_ref", key.ref).end_object();
}
void write(JsonWriter& j, const std::vector<Span>& spans) {
    j.begin_array();
    for (const Span& span : spans) j.begin_array().value(span.begin).value(span.size).end_array();
    j.end_array();
}
void write(JsonWriter& j, const Facts& facts) {
    j.begin_object()
        .field("feed", facts.key.feed)
        .field("person_ref", facts.key.ref)
        .field("current", facts.there);
    for (const ShownField& field : shown_fields())
        if (const std::string& value = facts.*field.value; !value.empty()) j.field(field.name, value);
    optional(j, "batch_id", facts.batch);
    optional(j, "match_method", facts.method);
    optional(j, "match_rule", facts.rule);
    optional(j, "linked_at", facts.linked_at);
    j.end_object();
}
void write(JsonWriter& j, const std::vector<Facts>& records) {
    j.begin_array();
    for (const Facts& facts : records) write(j, facts);
    j.end_array();
}
void write(JsonWriter& j, const std::vector<Stay>& stays) {
    j.begin_array();
    for (const Stay& stay : stays) {
        j.begin_object().field("feed", stay.feed);
        optional(j, "from", stay.from);
        optional(j, "to", stay.to);
        j.field("what", stay.what).end_object();
    }
    j.end_array();
}
void write(JsonWriter& j, const Timelines& times) {
    j.begin_object().key("addresses");
    write(j, times.addresses);
    j.key("schools");
    write(j, times.schools);
    j.end_object();
}
void write(JsonWriter& j, const OtherPerson& other) {
    j.begin_object().field("person", other.person);
    optional(j, "forename", other.forename);
    optional(j, "surname", other.surname);
    optional(j, "birth_date", other.birth_date);
    optional(j, "why", other.why);
    optional(j, "weight", other.weight);
    j.end_object();
}
void write(JsonWriter& j, const std::vector<OtherPerson>& people) {
    j.begin_array();
    for (const OtherPerson& other : people) write(j, other);
    j.end_array();
}
void write(JsonWriter& j, const Agreeing& facts) {
    j.begin_object();
    list(j, "same", facts.same);
    list(j, "different", facts.different);
    j.end_object();
}

void write_row(JsonWriter& j, const CaseRow& row, bool score) {
    j.field("case_id", row.case_id);
    j.key("people").begin_array().value(row.person_a).value(row.person_b).end_array();
    j.field("reason", row.reason);
    optional(j, "veto", row.veto);
    j.field("records", row.records).field("safeguarding", row.flagged).field("not_sure", row.not_sure);
    j.field("found_at", row.found_at);
    if (score) j.field("weight", row.weight).field("probability", row.probability).field("harm", row.harm);
}

void write(JsonWriter& j, const Explained& e) {
    j.begin_object().field("model", e.model).field("prior", e.prior).key("steps").begin_array();
    for (const Step& step : e.steps) {
        j.begin_object().field("field", step.field).field("level", step.level);
        j.field("a", step.a).field("b", step.b).field("bits", step.bits).field("common", step.common);
        j.field("strength", strength(step.total()));
        optional(j, "note", step.note);
        j.end_object();
    }
    j.end_array().field("household", e.household).field("sum", e.sum()).field("total", e.total);
    j.field("adds_up", e.adds_up());
    optional(j, "p", e.probability);
    optional(j, "p_calibrated", e.calibrated);
    j.field("decision", e.decision);
    list(j, "reasons", e.reasons);
    list(j, "blocked_by", e.blocked_by);
    list(j, "evidence_missing", e.missing);
    j.field("in_words", in_words(e)).end_object();
}

void write(JsonWriter& j, const std::vector<DecisionRow>& decisions) {
    j.begin_array();
    for (const DecisionRow& d : decisions) {
        j.begin_object().field("decision_id", d.decision_id);
        optional(j, "case_id", d.case_id);
        j.field("word", d.word)
            .field("verdict", d.verdict)
            .field("state", d.state)
            .field("undo_waits", d.undo_waits);
        optional(j, "reason", d.reason);
        optional(j, "proposed_by", d.proposed_by);
        optional(j, "proposed_at", d.proposed_at);
        optional(j, "approved_by", d.approved_by);
        optional(j, "approved_at", d.approved_at);
        optional(j, "undone_by", d.undone_by);
        optional(j, "undone_at", d.undone_at);
        optional(j, "undo_reason", d.undo_reason);
        optional(j, "until", d.until);
        j.key("pairs").begin_array();
        for (const auto& [a, b] : d.pairs) {
            j.begin_array();
            write(j, a);
            write(j, b);
            j.end_array();
        }
        j.end_array().key("acts").begin_array();
        for (const Act& act : d.acts) {
            j.begin_object().field("at", act.at).field("act", act.act).field("officer", act.officer);
            optional(j, "reason", act.reason);
            j.end_object();
        }
        j.end_array().end_object();
    }
    j.end_array();
}

}  // namespace

std::string to_json(const Queue& queue) {
    JsonWriter j;
    j.begin_object()
        .field("cases", queue.cases)
        .field("safeguarding", queue.flagged)
        .field("records", queue.records);
    j.field("page", queue.page).field("pages", queue.pages).key("rows").begin_array();
    for (const CaseRow& row : queue.rows) {
        j.begin_object();
        write_row(j, row, true);
        j.end_object();
    }
    return j.end_array().end_object().take();
}

std::string to_json(const CaseView& view) {
    JsonWriter j;
    j.begin_object();
    write_row(j, view.row, !view.score_hidden);
    j.field("decided", view.decided).field("score_hidden", view.score_hidden).key("fields").begin_array();
    for (const SideField& field : view.fields) {
        j.begin_object().field("field", field.name).field("label", field.label);
        optional(j, "a", field.a);
        optional(j, "b", field.b);
        j.key("differs_a");
        write(j, field.differences.a);
        j.key("differs_b");
        write(j, field.differences.b);
        j.end_object();
    }
    j.end_array().key("explanation");
    if (view.explained)
        write(j, *view.explained);
    else
        j.null();
    optional(j, "explanation_fault", view.explanation_fault);
    j.key("records_a");
    write(j, view.records_a);
    j.key("records_b");
    write(j, view.records_b);
    j.key("timelines_a");
    write(j, view.times_a);
    j.key("timelines_b");
    write(j, view.times_b);
    j.key("household");
    write(j, view.household);
    j.key("candidates");
    write(j, view.candidates);
    return j.end_object().take();
}

std::string to_json(const Outcome& outcome) {
    JsonWriter j;
    j.begin_object().key("decision_id");
    if (outcome.decision_id > 0)
        j.value(outcome.decision_id);
    else
        j.null();
    return j.field("state", outcome.state).field("message", outcome.sentence).end_object().take();
}

std::string to_json(const std::vector<DecisionRow>& decisions) {
    JsonWriter j;
    j.begin_object().key("decisions");
    write(j, decisions);
    return j.end_object().take();
}

std::string to_json(const std::vector<Task>& tasks) {
    JsonWriter j;
    j.begin_object().key("tasks").begin_array();
    for (const Task& task : tasks) {
        j.begin_object().field("decision_id", task.decision_id).field("since", task.since);
        optional(j, "person", task.person);
        optional(j, "feed", task.feed);
        optional(j, "other_feed", task.other_feed);
        optional(j, "tied_by", task.tied_by);
        optional(j, "until", task.until);
        j.field("what", task.sentence).end_object();
    }
    return j.end_array().end_object().take();
}

std::string to_json(const Quality& quality) {
    JsonWriter j;
    j.begin_object()
        .field("double_reviewed", quality.agreement.cases)
        .field("agreed", quality.agreement.agreed);
    optional(j, "kappa", quality.agreement.kappa);
    j.key("disagreements").begin_array();
    for (const auto& d : quality.disagreements)
        j.begin_object()
            .field("case_id", d.case_id)
            .field("first", d.first)
            .field("second", d.second)
            .end_object();
    j.end_array()
        .key("decisions")
        .begin_object()
        .field("active", quality.active)
        .field("waiting", quality.waiting);
    j.field("undone", quality.undone).field("expired", quality.expired).field("refused", quality.refused);
    return j.end_object().end_object().take();
}

std::string to_json(const std::vector<ModelRow>& models) {
    JsonWriter j;
    j.begin_object().key("models").begin_array();
    for (const ModelRow& m : models) {
        j.begin_object()
            .field("version", m.version)
            .field("state", m.state)
            .field("trained_at", m.trained_at);
        j.field("records", m.records);
        optional(j, "note", m.note);
        optional(j, "decided_by", m.decided_by);
        optional(j, "decided_at", m.decided_at);
        j.end_object();
    }
    return j.end_array().end_object().take();
}

std::string to_json(const PersonPage& page) {
    JsonWriter j;
    j.begin_object().field("person", page.person);
    optional(j, "asked", page.asked);
    optional(j, "created_at", page.created_at);
    optional(j, "updated_at", page.updated_at);
    j.key("values").begin_array();
    for (const ShownValue& v : page.values) {
        j.begin_object().field("field", v.name).field("value", v.value);
        optional(j, "source", v.source);
        j.end_object();
    }
    j.end_array().key("records");
    write(j, page.records);
    j.key("together").begin_array();
    for (const Tie& tie : page.together) {
        j.begin_object().key("a");
        write(j, tie.a);
        j.key("b");
        write(j, tie.b);
        optional(j, "weight", tie.weight);
        if (tie.decision > 0) j.field("decision_id", tie.decision);
        j.key("facts");
        write(j, tie.facts);
        j.field("weakest", tie.weakest).end_object();
    }
    j.end_array().key("nearest");
    if (page.nearest) {
        j.begin_object().key("other");
        write(j, page.nearest->other);
        j.key("mine");
        write(j, page.nearest->mine);
        j.key("theirs");
        write(j, page.nearest->theirs);
        j.key("facts");
        write(j, page.nearest->facts);
        j.field("why_not", page.nearest->why_not).end_object();
    } else {
        j.null();
    }
    j.key("household");
    write(j, page.household);
    j.key("timelines");
    write(j, page.times);
    j.key("history").begin_array();
    for (const HistoryEntry& e : page.history) {
        j.begin_object()
            .field("event", e.number)
            .field("at", e.at)
            .field("type", e.type)
            .field("person", e.person);
        optional(j, "other", e.other);
        optional(j, "record", e.record);
        optional(j, "actor", e.actor);
        optional(j, "reason", e.reason);
        j.end_object();
    }
    j.end_array().key("decisions");
    write(j, page.decisions);
    return j.end_object().take();
}

std::string to_json(const Hits& hits) {
    JsonWriter j;
    j.begin_object().key("people").begin_array();
    for (const Hit& hit : hits.hits) {
        j.begin_object().field("person", hit.person);
        optional(j, "forename", hit.forename);
        optional(j, "surname", hit.surname);
        optional(j, "birth_date", hit.birth_date);
        optional(j, "postcode", hit.postcode);
        j.field("records", hit.records).field("why", hit.why).end_object();
    }
    j.end_array().field("more", hits.more);
    if (hits.kept_apart) j.field("kept_apart", true);
    return j.end_object().take();
}

}  // namespace sendhub::review
