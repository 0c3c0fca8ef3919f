#include "identity/link/report_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "base/version.hpp"
#include "identity/engine/engine.hpp"
#include "identity/link/html.hpp"

namespace sendhub::identity::link {
namespace {

constexpr auto joined_colour = "#1d70b8", waiting_colour = "#f47738", apart_colour = "#a7abae";

// Never "100 %" of what is not all, nor "0 %" of what is not nothing.
std::string percent(double share) {
    if (share < 1 && share >= 0.9995) return "> 99.9 %";
    if (share > 0 && share < 0.0005) return "< 0.1 %";
    return fixed(share * 100, 1) + " %";
}

class Page {
  public:
    explicit Page(const ReportInput& in) : in_(in), o_(in.outcome) {}

    std::string run() {
        std::string files;
        for (const LoadedFile& file : o_.files) files += (files.empty() ? "" : ", ") + file.name;
        out_ =
            "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
            escaped("Linkage report: " + files) + "</title><style>" + std::string(style) +
            "</style></head><body>\n<header><h1>Linkage report</h1><p class=\"soft\">" + escaped(files) +
            "</p>";
        out_ += "<nav aria-label=\"Contents\"><ul>";
        for (const auto& [id, name] : contents) {
            if (id == "examples" && in_.examples == 0) continue;
            out_ += "<li><a href=\"#" + std::string(id) + "\">" + std::string(name) + "</a></li>";
        }
        out_ += "</ul></nav></header>\n<main>\n";
        tiles();
        notes();
        weights();
        if (in_.examples > 0) out_ += examples_section(in_);
        sizes();
        model();
        training();
        blocking();
        unlinkable();
        calibration();
        columns();
        stages();
        out_ += "</main>\n<footer>sendhub " + escaped(hub_version) + ", model " +
                escaped(in_.engine.model().version) + "</footer></body></html>\n";
        return std::move(out_);
    }

  private:
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> contents{
        {{"notes", "To know"},
         {"weights", "Match weights"},
         {"examples", "Examples"},
         {"sizes", "Records a person"},
         {"model", "What was learnt"},
         {"training", "Training"},
         {"blocking", "Blocking"},
         {"unlinkable", "Unlinkable records"},
         {"calibration", "Calibration"},
         {"columns", "Columns"},
         {"stages", "Time"}}};

    void heading(std::string_view id) {
        const auto* at =
            std::find_if(contents.begin(), contents.end(), [&](const auto& c) { return c.first == id; });
        out_ += "<h2 id=\"" + std::string(id) + "\">" + std::string(at->second) + "</h2>\n";
    }
    void say(const std::string& text) { out_ += "<p>" + escaped(text) + "</p>\n"; }

    void tiles() {
        out_ += "<dl class=\"tiles\">";
        auto tile = [&](const char* what, std::uint64_t n) {
            out_ += std::string("<div><dt>") + what + "</dt><dd>" + grouped(n) + "</dd></div>";
        };
        tile("records", o_.records);
        tile("people", o_.people);
        tile("duplicates", o_.records - o_.people);
        tile("cases for a person", o_.cases);
        tile("pairs compared", o_.pairs);
        tile("unlinkable records", o_.unlinkable);
        out_ += "</dl>\n";
        say("Purpose " + std::string(to_string(o_.purpose)) + ": records are joined from " +
            fixed(o_.thresholds.automatic, 1) + " bits when nothing speaks against it; from " +
            fixed(o_.thresholds.review, 1) +
            " bits a person should look. The rules for files of children (twins, "
            "birth dates a year apart) are " +
            (o_.children ? "on." : "off."));
        if (o_.cases_by_reason.empty()) return;
        HtmlTable table("Cases for a person, by reason", {"reason", "#cases"});
        for (const auto& [reason, n] : o_.cases_by_reason) table.row({reason, grouped(n)});
        out_ += table.take();
    }

    void notes() {
        heading("notes");
        if (o_.notes.empty()) return say("Nothing was left out, rejected or set aside.");
        out_ += "<ul class=\"notes\">";
        for (const std::string& note : o_.notes) out_ += "<li>" + escaped(note) + "</li>";
        out_ += "</ul>\n";
    }

    static int bin(double weight) { return static_cast<int>(std::floor(std::clamp(weight, -30.0, 80.0))); }

    void weights() {
        heading("weights");
        const auto& edges = in_.engine.edges();
        const Thresholds& t = in_.engine.settings().thresholds;
        say("The weight of a pair is how many bits of evidence speak for one person: each bit doubles the "
            "odds. "
            "Pairs below " +
            fixed(t.keep, 0) + " bits are not kept and not shown.");
        if (edges.empty()) return say("No pair was heavy enough to be kept.");
        std::unordered_set<std::uint64_t> cases;
        for (const Case& c : in_.clusters.cases)
            cases.insert(Decisions::pair(in_.clusters.of[c.a], in_.clusters.of[c.b]));
        const auto [least, most] = std::minmax_element(
            edges.begin(), edges.end(), [](const Edge& x, const Edge& y) { return x.weight < y.weight; });
        const int first = std::min(bin(static_cast<double>(least->weight)), bin(t.review)),
                  last = std::max(bin(static_cast<double>(most->weight)), bin(t.automatic));
        BarChart chart{.title = "Pairs by match weight",
                       .description = {},
                       .x_label = "match weight in bits",
                       .y_label = "pairs",
                       .part_names = {"joined", "wait for a person", "not joined"},
                       .colours = {joined_colour, waiting_colour, apart_colour}};
        chart.bars.resize(static_cast<std::size_t>(last - first + 1));
        for (std::size_t i = 0; i < chart.bars.size(); ++i) {
            chart.bars[i].label = fixed(first + static_cast<int>(i), 0);
            chart.bars[i].parts.assign(3, 0);
        }
        std::array<std::uint64_t, 3> all{};
        for (const Edge& e : edges) {
            const auto weight = static_cast<double>(e.weight);
            const auto x = in_.clusters.of[e.a], y = in_.clusters.of[e.b];
            const std::size_t part = x == y                                                        ? 0
                                     : weight >= t.review && cases.contains(Decisions::pair(x, y)) ? 1
                                                                                                   : 2;
            ++chart.bars[static_cast<std::size_t>(bin(weight) - first)].parts[part];
            ++all[part];
        }
        auto mark = [&](double weight, const char* text) {
            const int b = bin(weight);
            if (b >= first && b <= last)
                chart.marks.push_back({static_cast<std::size_t>(b - first), weight - b, text});
        };
        mark(t.review, "review");
        mark(t.automatic, "joined from here");
        chart.from_labels = true;
        chart.scale_from = static_cast<std::size_t>(std::max(0, bin(t.review) - first));
        chart.description = grouped(all[0]) + " pairs are joined, " + grouped(all[1]) +
                            " wait for a person, " + grouped(all[2]) +
                            " are not joined; the table below has the numbers";
        out_ += svg(chart);
        HtmlTable table("Pairs by match weight",
                        {"#from (bits)", "#joined", "#wait for a person", "#not joined"});
        for (const Bar& bar : chart.bars)
            if (bar.parts[0] + bar.parts[1] + bar.parts[2] > 0)
                table.row({bar.label, grouped(bar.parts[0]), grouped(bar.parts[1]), grouped(bar.parts[2])});
        out_ += "<details><summary>The numbers</summary>" + table.take() + "</details>\n";
    }

    void sizes() {
        heading("sizes");
        say("How many records each person has.");
        BarChart chart{.title = "People by number of records",
                       .description = {},
                       .x_label = "records",
                       .y_label = "people",
                       .part_names = {"people"},
                       .colours = {joined_colour},
                       .bars = {},
                       .marks = {}};
        std::size_t last = 1;
        for (std::size_t n = 1; n < o_.cluster_sizes.size(); ++n)
            if (o_.cluster_sizes[n] > 0) last = n;
        HtmlTable table("People by number of records", {"#records", "#people", "#share of people"});
        for (std::size_t n = 1; n <= std::max<std::size_t>(last, 6); ++n) {
            const std::string label = std::to_string(n) + (n == largest_size_told ? "+" : "");
            chart.bars.push_back({label, {o_.cluster_sizes[n]}});
            if (o_.cluster_sizes[n] == 0) continue;
            chart.description += (chart.description.empty() ? "" : ", ") + grouped(o_.cluster_sizes[n]) +
                                 " people with " + label;
            table.row({label, grouped(o_.cluster_sizes[n]),
                       percent(static_cast<double>(o_.cluster_sizes[n]) / static_cast<double>(o_.people))});
        }
        out_ += svg(chart) + table.take();
    }

    void model() {
        heading("model");
        say("m: how often a level occurs among pairs of one person. u: among pairs of different people. "
            "Their "
            "ratio in bits is the weight of the level.");
        const Model& model = in_.engine.model();
        const Plan& plan = in_.engine.plan();
        for (std::size_t c = 0; c < plan.comparisons.size(); ++c) {
            const Ladder& ladder = model.ladders[c];
            const bool trained = ladder.source == Learnt::trained;
            HtmlTable table(
                plan.comparisons[c].name + (trained ? ": trained on these records" : ": shipped weights"),
                {"level", "#m", "#u", "#bits", "drawn"});
            for (unsigned l = 0; l < plan.comparisons[c].levels.size(); ++l)
                table.row_with_html(
                    {std::string(plan.comparisons[c].levels[l].label), small_share(ladder.m[l]),
                     small_share(ladder.u[l]), signed_bits(model.bits(c, l))},
                    bits_bar(model.bits(c, l), 20));
            out_ += table.take();
            if (!ladder.why.empty()) say(plan.comparisons[c].name + ": " + ladder.why + ".");
        }
        if (model.sources > 1 && model.sources <= 6) priors();
    }
    void priors() {
        const Model& model = in_.engine.model();
        HtmlTable table("Before anything is compared: bits by pair of sources",
                        {"source", "other source", "#prior (bits)"});
        for (std::uint16_t s = 0; s < model.sources; ++s)
            for (std::uint16_t t = s; t < model.sources; ++t)
                table.row({in_.table.source_names[s], in_.table.source_names[t],
                           signed_bits(model.prior[model.cell(s, t)])});
        out_ += table.take();
    }

    void training() {
        heading("training");
        const Training& training = in_.engine.report().training;
        if (training.rounds.empty())
            return say(training.random_pairs == 0 ? "The model was trained before and read from a file."
                                                  : "No round could be trained; the shipped weights stand.");
        say("u was counted on " + grouped(training.random_pairs) +
            " random pairs. m was learnt by expectation-maximisation in the rounds below, each on pairs that "
            "agree on "
            "one thing, which that round does not train.");
        HtmlTable table("Training rounds",
                        {"pairs that agree on", "#pairs", "#share of one person", "taken?"});
        for (const TrainingRound& r : training.rounds)
            table.row({r.blocked_on, grouped(r.pairs), percent(r.match_share),
                       r.accepted ? "yes" : "no: " + r.why});
        out_ += table.take();
    }

    void blocking() {
        heading("blocking");
        const RunReport& report = in_.engine.report();
        if (report.every_pair)
            return say(
                "The files are small enough to compare every record with every other: no pair was "
                "left out.");
        say("Records are compared when they share one of these values. A value that very many records share "
            "is "
            "wide: it proposes pairs only together with a second one.");
        HtmlTable table("Blocking", {"value in common", "#groups", "#largest", "#pairs first found",
                                     "#wide values", "#groups left out", "#pairs lost at most"});
        for (const KeyReport& k : report.keys)
            table.row({std::string(k.label), grouped(k.blocks), grouped(k.largest), grouped(k.pairs),
                       grouped(k.wide), grouped(k.truncated), grouped(k.lost_pairs)});
        out_ += table.take();
        if (report.id_pairs > 0)
            say("Of " + grouped(report.id_pairs) + " pairs with one number, " +
                grouped(report.id_pairs_by_others) + " (" + percent(report.found_by_others()) +
                ") would have been found without it: about that share of the pairs without a number is "
                "compared.");
    }

    void unlinkable() {
        heading("unlinkable");
        const double line = in_.engine.settings().thresholds.automatic;
        say(grouped(o_.unlinkable) + " of " + grouped(o_.records) + " records (" +
            percent(static_cast<double>(o_.unlinkable) /
                    static_cast<double>(std::max<std::uint64_t>(1, o_.records))) +
            ") say so little that even an exact copy would weigh less than " + fixed(line, 1) +
            " bits: they cannot be joined with anything.");
        if (in_.copy_weights.empty()) return;
        constexpr int width = 2;  // bits a bar
        const auto [least, most] = std::minmax_element(in_.copy_weights.begin(), in_.copy_weights.end());
        auto bar_of = [](double w) {
            return static_cast<int>(std::floor(std::clamp(w, -40.0, 120.0) / width));
        };
        const int first = std::min(bar_of(static_cast<double>(*least)), bar_of(line)),
                  last = std::max(bar_of(static_cast<double>(*most)), bar_of(line));
        BarChart chart{
            .title = "Records by the weight of an exact copy",
            .description = grouped(o_.unlinkable) + " records lie below " + fixed(line, 1) + " bits",
            .x_label = "weight of an exact copy in bits",
            .y_label = "records",
            .part_names = {"records"},
            .colours = {joined_colour},
            .bars = {},
            .marks = {{static_cast<std::size_t>(bar_of(line) - first), line / width - bar_of(line),
                       "joined from here"}}};
        chart.from_labels = true;
        for (int b = first; b <= last; ++b) chart.bars.push_back({fixed(b * width, 0), {0}});
        for (const float w : in_.copy_weights)
            ++chart.bars[static_cast<std::size_t>(bar_of(static_cast<double>(w)) - first)].parts[0];
        out_ += svg(chart);
    }

    void calibration() {
        heading("calibration");
        say("Weights are over-confident, because fields are not independent. The share of pairs of one "
            "person is "
            "given as the weight says it, and as it turned out on files whose truth is known. It is no "
            "measure of "
            "this file: for that, look at a sample of pairs by hand.");
        constexpr std::array<double, 11> bands{-4, 0, 3, 6, 9, 12, 15, 20, 25, 30, 200};
        HtmlTable table("Expected share of pairs of one person, by weight",
                        {"weight in bits", "#pairs", "#as the weight says", "#calibrated"});
        std::array<std::uint64_t, bands.size()> pairs{};
        std::array<double, bands.size()> raw{}, known{};
        for (const Edge& e : in_.engine.edges()) {
            const auto w = static_cast<double>(e.weight);
            std::size_t b = 0;
            while (b + 2 < bands.size() && w >= bands[b + 1]) ++b;
            ++pairs[b];
            raw[b] += probability(w);
            known[b] += in_.engine.calibrated(e);
        }
        for (std::size_t b = 0; b + 1 < bands.size(); ++b) {
            if (pairs[b] == 0) continue;
            const auto n = static_cast<double>(pairs[b]);
            const std::string band = b + 2 == bands.size()
                                         ? fixed(bands[b], 0) + " and more"
                                         : fixed(bands[b], 0) + " to " + fixed(bands[b + 1], 0);
            table.row(
                {b == 0 ? "below 0" : band, grouped(pairs[b]), percent(raw[b] / n), percent(known[b] / n)});
        }
        out_ += table.take();
    }

    void columns() {
        heading("columns");
        for (const LoadedFile& file : o_.files) {
            HtmlTable table(file.name + ": " + grouped(file.rows) + " rows",
                            {"column", "read as", "#filled", "remark"});
            for (const ColumnReading& c : file.reading.columns)
                table.row({c.name,
                           c.use == Use::compared ? std::string(identity::to_string(c.role))
                           : c.use == Use::id     ? "id of the record"
                           : c.use == Use::source ? "source"
                                                  : "not used",
                           percent(c.filled), c.why});
            out_ += table.take();
        }
        HtmlTable table("Quality of the columns that are compared",
                        {"column", "#given", "#not readable", "#placeholders", "#moved", "#second ones",
                         "#institutions", "#default days"});
        for (const StandardCount& c : in_.engine.report().columns)
            table.row({c.column, grouped(c.given), grouped(c.unusable), grouped(c.placeholders),
                       grouped(c.moved), grouped(c.second), grouped(c.institutional),
                       grouped(c.default_days)});
        out_ += table.take();
    }

    void stages() {
        heading("stages");
        HtmlTable table("Seconds by stage", {"stage", "#seconds"});
        double all = 0;
        for (const Stage& stage : o_.stages) {
            table.row({stage.name, fixed(stage.seconds, 2)});
            all += stage.seconds;
        }
        table.row({"together", fixed(all, 2)});
        out_ += table.take();
    }

    const ReportInput& in_;
    const LinkOutcome& o_;
    std::string out_;
};

}  // namespace

std::string report_page(const ReportInput& in) { return Page(in).run(); }

}  // namespace sendhub::identity::link
