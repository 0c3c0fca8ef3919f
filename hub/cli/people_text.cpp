// Cases, decisions and people as text on a terminal. Differences stand in brackets, never in colour alone.
#include <algorithm>
#include <cstdio>

#include "hub/cli/people_session.hpp"

namespace sendhub::cli {
namespace {

using namespace review;

// Columns counted in letters, not bytes; a text that fills its column still has a blank behind it.
std::string pad(std::string_view text, std::size_t width) {
    std::size_t letters = 0;
    for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    std::string out(text);
    out.append(letters < width ? width - letters : 1, ' ');
    return out;
}
// What a feed sent may hold control characters; none of them reaches the terminal.
std::string clean(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return out;
}
std::string number(double value, const char* form = "%.1f") {
    char text[40];
    std::snprintf(text, sizeof text, form, value);
    return text;
}
std::string day(const std::string& time) { return time.substr(0, 10); }
std::string listed(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
    return out.empty() ? "nothing" : out;
}
std::string heading(std::string_view text) { return "\n" + std::string(text) + "\n"; }

std::string in_line(const OtherPerson& p) {
    std::string out = "  " + pad(p.person, 16) + clean(p.forename) + " " + clean(p.surname);
    if (!p.birth_date.empty()) out += ", born " + p.birth_date;
    if (p.weight) out += ", " + number(*p.weight) + " bits";
    if (!p.why.empty()) out += " (" + p.why + ")";
    return out + "\n";
}
std::string people_list(std::string_view title, const std::vector<OtherPerson>& people) {
    if (people.empty()) return {};
    std::string out = heading(title);
    for (const OtherPerson& p : people) out += in_line(p);
    return out;
}
std::string timeline(const std::vector<Stay>& stays) {
    std::string out;
    for (const Stay& s : stays)
        out += "  " + pad(s.from, 11) + "to " + pad(s.to.empty() ? "now" : s.to, 12) + pad(s.feed, 18) +
               clean(s.what) + "\n";
    return out.empty() ? "  none is known\n" : out;
}
std::string record_line(const Facts& f) {
    std::string out = "  " + pad(to_string(f.key), 30) + clean(f.forename) + " " + clean(f.surname);
    if (!f.birth_date.empty()) out += ", born " + clean(f.birth_date);
    if (!f.there) out += " (the feed no longer holds it)";
    if (!f.since.empty()) out += ", since " + day(f.since);
    if (!f.batch.empty()) out += ", batch " + f.batch;
    return out + "\n";
}

std::string waterfall(const Explained& e) {
    std::string out = heading("The weight, part by part (bits: each doubles the odds)");
    const auto line = [&](const std::string& what, double bits, const std::string& note) {
        out += "  " + pad(clean(what), 52) + pad(number(bits, "%+.1f"), 8) + bar(bits) +
               (note.empty() ? "" : "   " + clean(note)) + "\n";
    };
    line("before anything is compared", e.prior, "");
    for (const Step& s : e.steps) line(s.field + ": " + s.level, s.total(), s.note);
    if (e.household != 0) line("siblings would agree in this, too", e.household, "");
    out += "  " + pad("sum", 52) + number(e.sum(), "%+.1f") + "\n";
    if (!e.adds_up())
        out += "  The parts do not add up to the stored total of " + number(e.total, "%+.1f") +
               ": do not rely on this explanation, and report it.\n";
    out += "\n" + clean(in_words(e)) + "\n";
    for (const std::string& reason : e.reasons) out += "In the way: " + clean(reason) + ".\n";
    return out;
}

std::string decision_lines(const DecisionRow& d) {
    std::string out = pad(std::to_string(d.decision_id), 6) + pad(d.case_id, 12) + pad(d.word, 11) +
                      pad(d.undo_waits ? "undo waits" : d.state, 12) + day(d.proposed_at) + "  by " +
                      clean(d.proposed_by);
    if (!d.approved_by.empty()) out += ", approved by " + clean(d.approved_by);
    if (!d.undone_by.empty()) out += ", undoing by " + clean(d.undone_by);
    out += "\n";
    if (!d.reason.empty()) out += "      why: " + clean(d.reason) + "\n";
    for (const auto& [a, b] : d.pairs)
        out += "      " + clean(to_string(a)) + " and " + clean(to_string(b)) + "\n";
    if (!d.until.empty()) out += "      until: " + d.until + "\n";
    if (!d.undo_reason.empty()) out += "      undone because: " + clean(d.undo_reason) + "\n";
    return out;
}

}  // namespace

std::string in_text(const Queue& queue) {
    if (queue.cases == 0) return "no case waits for a person\n";
    std::string out = std::to_string(queue.cases) + (queue.cases == 1 ? " case waits" : " cases wait") +
                      " for a person, " + std::to_string(queue.flagged) + " with a safeguarding flag; " +
                      std::to_string(queue.records) + " records are affected. Page " +
                      std::to_string(queue.page) + " of " + std::to_string(queue.pages) + ".\n\n";
    out += pad("case", 12) + pad("flag", 6) + pad("P", 8) + pad("weight", 8) + pad("records", 9) +
           pad("since", 12) + "why\n";
    for (const CaseRow& row : queue.rows) {
        out += pad(row.case_id, 12) + pad(row.flagged ? "!" : "", 6) +
               pad(number(row.probability, "%.3f"), 8) + pad(number(row.weight), 8) +
               pad(std::to_string(row.records), 9) + pad(day(row.found_at), 12) +
               (row.veto.empty() ? row.reason : row.veto);
        if (row.not_sure > 0) out += " (" + std::to_string(row.not_sure) + " not sure)";
        out += "\n";
    }
    return out + "\n`sendhub review show CASE` shows both sides.\n";
}

std::string in_text(const CaseView& view) {
    const CaseRow& row = view.row;
    std::string out = "Case " + row.case_id + (row.flagged ? ", with a safeguarding flag" : "") + "\n";
    out += "why: " + (row.veto.empty() ? row.reason : row.veto) + "\n";
    if (view.decided) out += "decided already; this is a second look, and your opinion changes nothing\n";
    if (view.score_hidden)
        out += "the score is hidden until you have given an opinion (`sendhub review opinion " + row.case_id +
               " same|different|not-sure`)\n";
    else if (view.explained)
        out += "P " + number(row.probability, "%.3f") + ", weight " + number(row.weight) + " bits, " +
               std::to_string(row.records) + " records affected\n";

    std::size_t width = 20;
    for (const SideField& f : view.fields) width = std::max(width, std::min<std::size_t>(44, f.a.size() + 6));
    out += "\n" + pad("", 22) + pad(to_string(view.records_a.front().key), width + 2) +
           to_string(view.records_b.front().key) + "\n";
    out += pad("person", 22) + pad(row.person_a, width + 2) + row.person_b + "\n";
    for (const SideField& f : view.fields)
        out += pad(f.label, 22) + pad(f.a.empty() ? "-" : clean(marked(f.a, f.differences.a)), width + 2) +
               (f.b.empty() ? "-" : clean(marked(f.b, f.differences.b))) + "\n";
    if (view.explained) out += waterfall(*view.explained);
    if (!view.explanation_fault.empty()) out += "\n" + view.explanation_fault + "\n";
    for (const auto& [records, person] :
         {std::pair{&view.records_a, &row.person_a}, std::pair{&view.records_b, &row.person_b}}) {
        if (records->size() < 2) continue;
        out += heading("All records on the side of " + *person);
        for (const Facts& f : *records) out += record_line(f);
    }
    for (const auto& [times, side] : {std::pair{&view.times_a, "left"}, std::pair{&view.times_b, "right"}}) {
        out += heading(std::string("Addresses, ") + side) + timeline(times->addresses);
        out += heading(std::string("Schools, ") + side) + timeline(times->schools);
    }
    out += people_list("Others of the household", view.household);
    out += people_list("Others who are like one of the sides", view.candidates);
    return out + "\n`sendhub review decide " + row.case_id +
           " same|different|not-sure|split|twins --reason TEXT` settles it.\n";
}

std::string in_text(const std::vector<DecisionRow>& decisions) {
    if (decisions.empty()) return "none\n";
    std::string out = pad("id", 6) + pad("case", 12) + pad("word", 11) + pad("state", 12) + "proposed\n";
    for (const DecisionRow& d : decisions) out += decision_lines(d);
    return out;
}

std::string in_text(const std::vector<Task>& tasks) {
    if (tasks.empty()) return "no task waits for you\n";
    std::string out;
    for (const Task& task : tasks)
        out += day(task.since) + "  " + task.sentence + "\n" +
               (task.person.empty() ? "" : "            One side: " + task.person + "\n");
    return out;
}

std::string in_text(const Quality& q) {
    std::string out = std::to_string(q.agreement.cases) +
                      " cases were looked at by two officers; they agreed on " +
                      std::to_string(q.agreement.agreed) + ".\n";
    if (q.agreement.kappa)
        out += "Cohen's kappa " + number(*q.agreement.kappa, "%.2f") +
               " (1: always agree; 0: as often as chance; below 0.6: agree on how to decide)\n";
    else
        out += "Cohen's kappa cannot be told yet: too few, or all of one word\n";
    for (const auto& d : q.disagreements)
        out += "  " + pad(d.case_id, 12) + "first " + d.first + ", then " + d.second + "\n";
    return out + "decisions: " + std::to_string(q.active) + " hold, " + std::to_string(q.waiting) +
           " wait, " + std::to_string(q.undone) + " undone, " + std::to_string(q.expired) + " expired, " +
           std::to_string(q.refused) + " refused\n";
}

std::string in_text(const std::vector<ModelRow>& models) {
    if (models.empty()) return "no model has been trained yet\n";
    std::string out = pad("version", 20) + pad("state", 10) + pad("trained", 12) + pad("records", 10) + "\n";
    for (const ModelRow& m : models) {
        out += pad(m.version, 20) + pad(m.state, 10) + pad(day(m.trained_at), 12) +
               pad(std::to_string(m.records), 10);
        if (!m.decided_by.empty()) out += "decided by " + clean(m.decided_by) + " on " + day(m.decided_at);
        out += "\n";
        if (!m.note.empty()) out += "    " + clean(m.note) + "\n";
    }
    return out;
}

std::string in_text(const PersonPage& page) {
    std::string out;
    if (!page.asked.empty()) out += page.asked + " is an old id; today this is " + page.person + ".\n\n";
    out += "Person " + page.person + "\n";
    for (const ShownValue& v : page.values)
        out += "  " + pad(v.name, 22) + pad(clean(v.value), 32) +
               (v.source.empty() ? "" : "from " + v.source) + "\n";
    out += heading("Records");
    for (const Facts& f : page.records) {
        out += record_line(f);
        if (!f.method.empty())
            out += "    linked " + f.method + (f.rule.empty() ? "" : " (" + clean(f.rule) + ")") +
                   (f.linked_at.empty() ? "" : ", " + day(f.linked_at)) + "\n";
    }
    if (page.records.size() > 1) {
        out += heading("Why they are together: the strongest ties");
        for (const Tie& t : page.together) {
            out += "  " + to_string(t.a) + " and " + to_string(t.b) + ": ";
            out += t.weight ? number(*t.weight) + " bits" : "decision " + std::to_string(t.decision);
            if (t.weakest) out += "   <- the weakest";
            out += "\n    same: " + listed(t.facts.same) + "; different: " + listed(t.facts.different) + "\n";
        }
        if (page.together.size() + 1 < page.records.size())
            out += "  For some records no tie is kept; they were joined by way of the others.\n";
    }
    out += heading("Why not the nearest other person");
    if (page.nearest) {
        const Nearest& n = *page.nearest;
        out += in_line(n.other) + "    same: " + listed(n.facts.same) +
               "; different: " + listed(n.facts.different) + "\n    " + clean(n.why_not) + "\n";
    } else {
        out += "  nobody else comes near\n";
    }
    out += people_list("Household", page.household);
    out += heading("Addresses") + timeline(page.times.addresses);
    out += heading("Schools") + timeline(page.times.schools);
    out += heading("History of this id");
    for (const HistoryEntry& e : page.history) {
        out += "  " + pad(day(e.at), 12) + pad(e.type, 11) + e.person;
        if (!e.other.empty()) out += " and " + e.other;
        if (!e.record.empty()) out += " " + clean(e.record);
        if (!e.actor.empty()) out += ", by " + clean(e.actor);
        if (!e.reason.empty()) out += " (" + clean(e.reason) + ")";
        out += "\n";
    }
    if (page.history.empty()) out += "  none\n";
    if (!page.decisions.empty()) {
        out += heading("Decisions on these records");
        for (const DecisionRow& d : page.decisions) out += "  " + decision_lines(d);
    }
    return out;
}

std::string in_text(const Hits& hits) {
    std::string out;
    for (const Hit& h : hits.hits) {
        out += pad(h.person, 16) + pad(clean(h.forename) + " " + clean(h.surname), 32) +
               pad(h.birth_date, 12) + pad(clean(h.postcode), 10) + std::to_string(h.records) +
               (h.records == 1 ? " record  (" : " records (") + h.why + ")\n";
    }
    if (hits.hits.empty()) out += "nobody was found\n";
    if (hits.more) out += "and more; narrow it by forename, date of birth or postcode\n";
    if (hits.kept_apart) out += "some may not be shown together; look by an identifier\n";
    return out;
}

}  // namespace sendhub::cli
