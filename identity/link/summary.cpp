#include <cstdio>

#include "base/json_writer.hpp"
#include "identity/link/link.hpp"

namespace sendhub::identity::link {
namespace {

// 1234567 → "1,234,567"
std::string grouped(std::uint64_t n) {
    std::string digits = std::to_string(n);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}
std::string several(std::uint64_t n, const char* one, const char* many) {
    return grouped(n) + " " + (n == 1 ? one : many);
}
std::string bits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

std::string_view to_string(Use use) {
    switch (use) {
        case Use::compared:
            return "compared";
        case Use::id:
            return "id";
        case Use::source:
            return "source";
        default:
            return "ignored";
    }
}

}  // namespace

std::string to_words(const LinkOutcome& o) {
    std::string out = several(o.records, "record is ", "records are ") +
                      several(o.people, "person", "people") + ": " +
                      several(o.records - o.people, "duplicate", "duplicates") + ".\n";
    out += several(o.pairs, "pair", "pairs") + " compared" +
           (o.every_pair ? " (every record with every other)" : "") + "; joined from " +
           bits(o.thresholds.automatic) + " bits, purpose " + std::string(to_string(o.purpose)) + ", " +
           (o.children ? "with" : "without") + " the rules for files of children.\n";
    out += several(o.cases, "case is", "cases are") + " for a person to look at";
    if (!o.cases_by_reason.empty()) {
        out += ": ";
        for (std::size_t i = 0; i < o.cases_by_reason.size(); ++i)
            out +=
                (i > 0 ? "; " : "") + grouped(o.cases_by_reason[i].second) + " " + o.cases_by_reason[i].first;
    }
    out += ".\n";
    out += several(o.unlinkable, "record says", "records say") + " too little to be joined with anything.\n";
    if (!o.notes.empty()) {
        out += "To know:\n";
        for (const std::string& note : o.notes) out += "- " + note + "\n";
    }
    double seconds = 0;
    for (const Stage& stage : o.stages) seconds += stage.seconds;
    char time[32];
    std::snprintf(time, sizeof time, "%.1f s", seconds);
    out += "Written in " + std::string(time) + ":";
    for (const std::string& path : o.written) out += " " + path;
    return out + "\n";
}

std::string to_json(const LinkOutcome& o) {
    JsonWriter j;
    j.begin_object()
        .field("records", o.records)
        .field("people", o.people)
        .field("duplicates", o.records - o.people)
        .field("pairs_compared", o.pairs)
        .field("every_pair", o.every_pair)
        .field("cases", o.cases)
        .field("unlinkable", o.unlinkable)
        .field("purpose", to_string(o.purpose))
        .field("automatic", o.thresholds.automatic)
        .field("review", o.thresholds.review)
        .field("max_cluster", o.thresholds.max_cluster)
        .field("children", o.children);
    j.key("cases_by_reason").begin_object();
    for (const auto& [reason, n] : o.cases_by_reason) j.field(reason, n);
    j.end_object().key("people_by_records").begin_object();
    for (std::size_t n = 1; n < o.cluster_sizes.size(); ++n)
        if (o.cluster_sizes[n] > 0)
            j.field(n == largest_size_told ? std::to_string(n) + "+" : std::to_string(n), o.cluster_sizes[n]);
    j.end_object().key("files").begin_array();
    for (const LoadedFile& file : o.files) {
        j.begin_object().field("file", file.path).field("rows", file.rows).key("columns").begin_array();
        for (const ColumnReading& c : file.reading.columns) {
            j.begin_object().field("column", c.name).field("use", to_string(c.use));
            if (c.use == Use::compared) j.field("role", identity::to_string(c.role));
            if (!c.why.empty()) j.field("why", c.why);
            j.field("filled", c.filled).end_object();
        }
        j.end_array().end_object();
    }
    j.end_array().key("notes").begin_array();
    for (const std::string& note : o.notes) j.value(note);
    j.end_array().key("stages").begin_array();
    for (const Stage& stage : o.stages)
        j.begin_object().field("stage", stage.name).field("seconds", stage.seconds).end_object();
    j.end_array().key("written").begin_array();
    for (const std::string& path : o.written) j.value(path);
    return j.end_array().end_object().take();
}

}  // namespace sendhub::identity::link
