#include "hub/review/stored_explanation.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sendhub::review {
namespace {

using simdjson::dom::element;

std::string text(element object, const char* key) {
    std::string_view value;
    return object[key].get(value) ? std::string() : std::string(value);
}
std::optional<double> number(element object, const char* key) {
    double value = 0;
    if (object[key].get(value)) return std::nullopt;
    return value;
}
std::vector<std::string> texts(element object, const char* key) {
    std::vector<std::string> out;
    simdjson::dom::array list;
    if (object[key].get(list)) return out;
    for (const element e : list) {
        std::string_view value;
        if (!e.get(value)) out.emplace_back(value);
    }
    return out;
}

std::string listed(const std::vector<std::string>& items) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i)
        out += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
    return out;
}

}  // namespace

double Explained::sum() const {
    double out = prior + household;
    for (const Step& step : steps) out += step.total();
    return out;
}
bool Explained::adds_up() const { return std::abs(sum() - total) < 1e-6; }

Result<Explained> read_explanation(std::string_view json) {
    simdjson::dom::parser parser;
    element root;
    const simdjson::padded_string padded(json);
    simdjson::dom::array steps;
    if (parser.parse(padded).get(root) || !root.is_object() || root["steps"].get(steps))
        return fail(ErrorCode::storage,
                    "the stored explanation of this case cannot be read; the next night writes it anew");
    const auto prior = number(root, "prior"), total = number(root, "total");
    if (!prior || !total)
        return fail(ErrorCode::storage,
                    "the stored explanation of this case lacks its prior or total; the next night writes it "
                    "anew");
    Explained out;
    out.prior = *prior;
    out.total = *total;
    out.household = number(root, "household").value_or(0);
    out.probability = number(root, "p");
    out.calibrated = number(root, "p_calibrated");
    out.model = text(root, "model");
    out.decision = text(root, "decision");
    for (const element e : steps) {
        Step step;
        step.field = text(e, "field");
        step.level = text(e, "level");
        step.a = text(e, "a");
        step.b = text(e, "b");
        step.note = text(e, "note");
        step.bits = number(e, "bits").value_or(0);
        step.common = number(e, "tf").value_or(number(e, "common").value_or(0));
        out.steps.push_back(std::move(step));
    }
    out.reasons = texts(root, "reasons");
    out.blocked_by = texts(root, "blocked_by");
    out.missing = texts(root, "evidence_missing");
    return out;
}

std::string_view strength(double bits) {
    if (bits >= 8) return "strong";
    if (bits >= 1) return "some";
    return bits > -1 ? "none" : "against";
}

std::string in_words(const Explained& explained) {
    std::vector<std::string> strong, some, against;
    for (const Step& step : explained.steps) {
        const std::string what = step.field + " (" + step.level + ")";
        const std::string_view how = strength(step.total());
        if (how == "strong") strong.push_back(what);
        if (how == "some") some.push_back(what);
        if (how == "against") against.push_back(what);
    }
    std::string out;
    const auto sentence = [&](std::string_view begin, const std::vector<std::string>& items) {
        if (items.empty()) return;
        if (!out.empty()) out += ' ';
        out.append(begin).append(listed(items)).append(".");
    };
    sentence("Strong evidence for one child: ", strong);
    sentence("Some evidence for one child: ", some);
    sentence("Evidence against: ", against);
    if (explained.household < -1)
        out += std::string(out.empty() ? "" : " ") + "What agrees would also agree between siblings.";
    sentence("Not known: ", explained.missing);
    return out.empty() ? "Nothing speaks for or against." : out;
}

std::string bar(double bits) {
    const auto size = static_cast<std::size_t>(std::clamp(std::lround(std::abs(bits)), 0L, 40L));
    return std::string(size, bits < 0 ? '-' : '+');
}

}  // namespace sendhub::review
