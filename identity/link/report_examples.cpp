#include <algorithm>
#include <cmath>

#include "identity/engine/explain.hpp"
#include "identity/link/html.hpp"
#include "identity/link/report_page.hpp"

namespace sendhub::identity::link {
namespace {

struct Example {
    const Edge* edge;
    const char* what;
};

// The edges nearest to telling weights, each once: just above and below the line of automatic joins, in the
// middle of what waits for a person, and the usual strong one.
std::vector<Example> choose(const ReportInput& in) {
    std::vector<const Edge*> edges;
    for (const Edge& e : in.engine.edges()) edges.push_back(&e);
    std::stable_sort(edges.begin(), edges.end(),
                     [](const Edge* x, const Edge* y) { return x->weight < y->weight; });
    const Thresholds& t = in.engine.settings().thresholds;
    auto at = [&](double weight) {
        return std::lower_bound(edges.begin(), edges.end(), weight,
                                [](const Edge* e, double w) { return static_cast<double>(e->weight) < w; }) -
               edges.begin();
    };
    const auto n = static_cast<std::ptrdiff_t>(edges.size());
    const auto line = at(t.automatic), review = at(t.review);
    std::vector<Example> out;
    auto take = [&](std::ptrdiff_t i, const char* what) {
        if (i < 0 || i >= n || out.size() >= in.examples) return;
        const Edge* edge = edges[static_cast<std::size_t>(i)];
        if (std::none_of(out.begin(), out.end(), [&](const Example& e) { return e.edge == edge; }))
            out.push_back({edge, what});
    };
    // round and round, a little further from the line each time
    for (std::ptrdiff_t ring = 0; out.size() < in.examples && ring < std::max<std::ptrdiff_t>(n, 1); ++ring) {
        if (line + ring < n) take(line + ring, "just above the line");
        if (line - 1 - ring >= review) take(line - 1 - ring, "just below the line");
        const auto middle = line + (n - line) / 2 + ring;
        if (middle < n) take(middle, "a usual strong pair");
        if (review - 1 - ring >= 0) take(review - 1 - ring, "below review");
    }
    return out;
}

}  // namespace

std::string masked(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80) continue;  // the rest of a letter beyond ASCII
        out += byte >= 0x80                 ? 'x'
               : byte >= 'A' && byte <= 'Z' ? 'X'
               : byte >= 'a' && byte <= 'z' ? 'x'
               : byte >= '0' && byte <= '9' ? '9'
                                            : c;
    }
    return out;
}

std::string examples_section(const ReportInput& in) {
    std::string out = "<h2 id=\"examples\">Examples</h2>\n<p>How the weight of single pairs comes about. ";
    out += in.show_values
               ? "<strong>This page holds values of records: keep it as you keep the files.</strong>"
               : "Values are masked: X and x stand for letters, 9 for digits.";
    out += "</p>\n";
    int number = 0;
    for (const Example& example : choose(in)) {
        const Explanation e = explain(in.engine, in.table, example.edge->a, example.edge->b);
        const std::string title =
            "Example " + std::to_string(++number) + ": " + example.what + " (" + e.decision + ")";
        out += "<h3>" + escaped(title) + "</h3>\n";
        std::vector<Step> steps{{"before anything is compared", e.prior}};
        HtmlTable values("What was compared in example " + std::to_string(number),
                         {"field", "level", "one record", "the other", "#bits", "#for commonness"});
        for (const ExplainedStep& s : e.steps) {
            if (s.bits != 0 || s.common != 0) steps.push_back({s.field + ": " + s.level, s.bits + s.common});
            values.row({s.field, s.level, in.show_values ? s.a : masked(s.a),
                        in.show_values ? s.b : masked(s.b), signed_bits(s.bits), signed_bits(s.common)});
        }
        if (e.household != 0) steps.push_back({"as likely for brothers, sisters or twins", e.household});
        out += waterfall_svg(title, steps, e.total);
        std::string why;
        for (const std::string& reason : e.reasons) why += (why.empty() ? "" : "; ") + reason;
        if (!why.empty()) out += "<p>" + escaped(why) + ".</p>\n";
        out += "<details><summary>The values side by side</summary>" + values.take() + "</details>\n";
    }
    if (number == 0) out += "<p>No pair was heavy enough to be kept.</p>\n";
    return out;
}

}  // namespace sendhub::identity::link
