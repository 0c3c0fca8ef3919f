#include "identity/engine/explain.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json_writer.hpp"

namespace sendhub::identity {
namespace {

// Which columns of the table show a comparison's values.
bool shows(Kind kind, Role role, const Features& f, const Comparison& comparison, std::size_t column) {
    switch (kind) {
        case Kind::name:
            return role <= Role::full_name;
        case Kind::birth:
            return role == Role::birth_date || role == Role::birth_year;
        case Kind::sex:
            return role == Role::sex;
        case Kind::place:
            return role == Role::postcode || role == Role::previous_postcode || role == Role::house ||
                   role == Role::uprn;
        case Kind::upn:
            return role == Role::upn || role == Role::former_upn;
        case Kind::nhs:
            return role == Role::nhs_number;
        case Kind::uln:
            return role == Role::uln;
        case Kind::school:
            return role == Role::school;
        case Kind::street:
            return role == Role::house || f.generics[comparison.generic].column == column;
        default:
            return f.generics[comparison.generic].column == column;
    }
}

std::string values(const Engine& engine, const Table& table, const Comparison& comparison,
                   std::uint32_t record) {
    std::string out;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const Column& column = table.columns[c];
        if (column.role == Role::ignore ||
            !shows(comparison.kind, column.role, engine.features(), comparison, c))
            continue;
        const std::string_view text = column.values[engine.position(record)];
        if (text.empty()) continue;
        if (!out.empty()) out += ' ';
        const bool qualified = column.role == Role::known_forename || column.role == Role::known_surname ||
                               column.role == Role::former_surname ||
                               column.role == Role::previous_postcode || column.role == Role::former_upn;
        if (qualified)
            out.append("(").append(column.name).append(": ").append(text).append(")");
        else
            out += text;
    }
    return out;
}

// "common: 1 in 110" of the value that agrees.
std::string commonness(double common) {
    if (common > 1.5) return "a rare value: it counts for more";
    if (common < -1.5) return "a common value: it counts for less";
    return "";
}

std::string number(double v) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", v);
    return text.data();
}

}  // namespace

Explanation explain(const Engine& engine, const Table& table, std::uint32_t a, std::uint32_t b) {
    const Features& f = engine.features();
    const Plan& plan = engine.plan();
    Scorer scorer(f, plan, engine.model());
    const std::uint64_t pattern = scorer.comparer().pattern(a, b);
    const Parts parts = scorer.explain(a, b, pattern);
    Explanation out;
    out.model = engine.model().version;
    out.key_a = table.key[engine.position(a)];
    out.key_b = table.key[engine.position(b)];
    out.prior = parts.prior;
    out.household = parts.household;
    out.total = parts.total();
    out.p = probability(out.total);
    out.p_calibrated = engine.model().calibrated(out.total, engine.doubt(a, b, pattern));
    for (std::size_t c = 0; c < plan.comparisons.size(); ++c) {
        const Comparison& comparison = plan.comparisons[c];
        const unsigned level = level_of(pattern, c);
        const std::string va = values(engine, table, comparison, a),
                          vb = values(engine, table, comparison, b);
        if (level == null_level) {
            for (const auto& [text, record] : {std::pair{&va, a}, std::pair{&vb, b}})
                if (text->empty()) {
                    const std::uint16_t source = f.rows[record].source;
                    out.missing.push_back(comparison.name + (source < table.source_names.size()
                                                                 ? " on " + table.source_names[source]
                                                                 : std::string()));
                }
            continue;
        }
        const Ladder& ladder = engine.model().ladders[c];
        out.steps.push_back({comparison.name, std::string(comparison.levels[level].label), va, vb,
                             ladder.m[level], ladder.u[level], parts.bits[c], parts.common[c],
                             commonness(parts.common[c])});
    }
    out.veto = veto_of_pair(f, plan, engine.settings().vetoes, a, b, pattern);
    const Thresholds& t = engine.settings().thresholds;
    if (out.veto != Veto::none) out.reasons.emplace_back(to_string(out.veto));
    const bool twins = engine.settings().vetoes.children && may_be_twins(plan, pattern);
    if (twins) out.reasons.emplace_back(to_string(Reason::twins));
    if (out.household < -3)
        out.reasons.emplace_back("brothers and sisters of one home would look nearly the same");
    const Evidence evidence =
        evidence_of(plan, pattern, parts.agreement(),
                    may_hold_families(plan, engine.model(), engine.settings().vetoes.children));
    if (evidence == Evidence::too_little) out.reasons.emplace_back(to_string(Reason::evidence));
    if (evidence == Evidence::number_on_two_people) out.reasons.emplace_back(to_string(Reason::number));
    const bool asked = evidence == Evidence::number_on_two_people && engine.settings().vetoes.children;
    out.decision = out.total < t.review && !asked                    ? "no link"
                   : out.reasons.empty() && out.total >= t.automatic ? "link"
                   : out.veto == Veto::none && out.total >= t.automatic && !may_be_twins(plan, pattern) &&
                           evidence == Evidence::enough
                       ? "link"
                       : "review";
    if (out.decision == "review" && engine.settings().vetoes.children && f.rows[a].birth != no_day &&
        f.rows[a].source != f.rows[b].source)
        out.no_second_child = engine.model().presence.missing(calendar_day(f.rows[a].birth).year,
                                                              f.source_bit(a) | f.source_bit(b));
    const std::uint32_t common = engine.keys().size() > std::max(a, b) ? engine.keys().common(a, b) : 0;
    for (std::size_t k = 0; k < plan.keys.size(); ++k)
        if (common >> k & 1) out.blocked_by.emplace_back(plan.keys[k].label);
    return out;
}

std::string to_json(const Explanation& e) {
    JsonWriter w;
    w.begin_object().field("model", e.model).field("a", e.key_a).field("b", e.key_b);
    w.field("prior", e.prior).field("household", e.household).field("total", e.total);
    w.field("p", e.p).field("p_calibrated", e.p_calibrated).field("decision", e.decision);
    w.field("no_second_child", e.no_second_child);
    w.key("reasons").begin_array();
    for (const auto& r : e.reasons) w.value(r);
    w.end_array();
    w.field("veto", short_name(e.veto));
    w.key("steps").begin_array();
    for (const ExplainedStep& s : e.steps) {
        w.begin_object().field("field", s.field).field("level", s.level).field("a", s.a).field("b", s.b);
        w.field("m", s.m).field("u", s.u).field("bits", s.bits).field("tf", s.common).field("note", s.note);
        w.end_object();
    }
    w.end_array();
    w.key("blocked_by").begin_array();
    for (const auto& k : e.blocked_by) w.value(k);
    w.end_array();
    w.key("evidence_missing").begin_array();
    for (const auto& m : e.missing) w.value(m);
    w.end_array();
    w.end_object();
    return w.take();
}

std::string to_words(const Explanation& e) {
    std::string strong, some, against;
    auto add = [](std::string& list, const ExplainedStep& s) {
        if (!list.empty()) list += "; ";
        list += s.field + ": " + s.level;
        if (!s.note.empty()) list += " (" + s.note + ")";
    };
    for (const ExplainedStep& s : e.steps) {
        const double weight = s.bits + s.common;
        if (weight >= 6)
            add(strong, s);
        else if (weight >= 0.5)
            add(some, s);
        else if (weight <= -0.5)
            add(against, s);
    }
    std::string out;
    if (!strong.empty()) out += "Speaks strongly for one child: " + strong + ". ";
    if (!some.empty()) out += "Speaks somewhat for it: " + some + ". ";
    if (!against.empty()) out += "Speaks against it: " + against + ". ";
    if (e.household < -1)
        out += "Brothers and sisters of one home would look much the same, which takes away " +
               number(-e.household) + " bits. ";
    if (!e.missing.empty()) {
        out += "Not known: ";
        for (std::size_t i = 0; i < e.missing.size(); ++i) out += (i > 0 ? ", " : "") + e.missing[i];
        out += ". ";
    }
    for (const auto& r : e.reasons) out += r + ". ";
    if (e.no_second_child > 0)
        out += "A second child would have records too; where no source knows one, that counts " +
               number(e.no_second_child) + " bits more. ";
    out += "In all " + number(e.total) + " bits; of pairs like this one " + number(e.p_calibrated * 100) +
           " in 100 are one child. Decision: " + e.decision + ".";
    return out;
}

}  // namespace sendhub::identity
