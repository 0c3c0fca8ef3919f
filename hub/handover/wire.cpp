#include "hub/handover/wire.hpp"

#include <simdjson.h>

#include <array>

#include "base/json_writer.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::handover {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

struct CountName {
    const char* name;
    std::uint64_t Counts::* member;
};
constexpr std::array<CountName, 11> kCounts{{{"files", &Counts::files},
                                             {"files_refused", &Counts::files_refused},
                                             {"bytes", &Counts::bytes},
                                             {"rows_received", &Counts::rows_received},
                                             {"rows_staged", &Counts::rows_staged},
                                             {"rows_rejected", &Counts::rows_rejected},
                                             {"offered", &Counts::offered},
                                             {"taken", &Counts::taken},
                                             {"duplicates", &Counts::duplicates},
                                             {"known", &Counts::known},
                                             {"skipped", &Counts::skipped}}};

struct LimitName {
    const char* name;
    std::int64_t Limits::* member;
};
constexpr std::array<LimitName, 6> kLimits{{{"memory_mb", &Limits::memory_mb},
                                            {"cpu_seconds", &Limits::cpu_seconds},
                                            {"wall_seconds", &Limits::wall_seconds},
                                            {"open_files", &Limits::open_files},
                                            {"output_mb", &Limits::output_mb},
                                            {"idle_seconds", &Limits::idle_seconds}}};

constexpr std::array kStates{OutcomeState::ok,
                             OutcomeState::refused,
                             OutcomeState::failed,
                             OutcomeState::retry,
                             OutcomeState::bad_settings,
                             OutcomeState::timed_out,
                             OutcomeState::out_of_memory,
                             OutcomeState::output_limit,
                             OutcomeState::crashed,
                             OutcomeState::lied,
                             OutcomeState::cancelled};

void write_counts(JsonWriter& json, const Counts& counts) {
    json.key("counts").begin_object();
    for (const auto& [name, member] : kCounts) json.field(name, counts.*member);
    json.end_object();
}

Counts read_counts(const object& from) {
    Counts counts;
    object item;
    if (from["counts"].get(item) != simdjson::SUCCESS) return counts;
    for (const auto& [name, member] : kCounts) {
        std::uint64_t value = 0;
        if (item[name].get(value) == simdjson::SUCCESS) counts.*member = value;
    }
    return counts;
}

std::string text_of(const object& from, const char* key) {
    std::string_view text;
    return from[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

template <class Common>
void write_common(JsonWriter& json, const Common& job, std::string_view kind) {
    json.field("kind", kind).field("feed", job.feed).field("plugin", job.plugin.string());
    json.key("settings").begin_object();
    for (const auto& [name, value] : job.settings) json.field(name, value);
    json.end_object();
    json.field("landing", job.landing.string()).field("check", job.check);
    json.key("limits").begin_object();
    for (const auto& [name, member] : kLimits) json.field(name, job.limits.*member);
    json.end_object();
}

template <class Common>
bool read_common(const object& from, Common& job) {
    job.feed = text_of(from, "feed");
    job.plugin = text_of(from, "plugin");
    job.landing = text_of(from, "landing");
    if (from["check"].get(job.check) != simdjson::SUCCESS) return false;
    object settings, limits;
    if (from["settings"].get(settings) != simdjson::SUCCESS ||
        from["limits"].get(limits) != simdjson::SUCCESS)
        return false;
    for (const auto [name, value] : settings) {
        std::string_view text;
        if (value.get(text) != simdjson::SUCCESS) return false;
        job.settings.emplace(name, text);
    }
    for (const auto& [name, member] : kLimits)
        if (limits[name].get(job.limits.*member) != simdjson::SUCCESS) return false;
    return !job.feed.empty() && !job.plugin.empty() && !job.landing.empty();
}

}  // namespace

std::string to_json(const Job& job) {
    JsonWriter json;
    json.begin_object();
    if (const auto* fetch = std::get_if<FetchJob>(&job)) {
        write_common(json, *fetch, "fetch");
    } else {
        const auto& stage = std::get<StageJob>(job);
        write_common(json, stage, "stage");
        json.field("batch_id", stage.batch_id).field("staging", stage.staging.string());
        json.key("deliveries").begin_array();
        for (const Delivery& d : stage.deliveries) {
            json.begin_object().field("seq", d.seq).field("name", d.name).field("sha256", d.sha256);
            json.field("bytes", d.bytes)
                .field("modified_at", d.modified_at)
                .field("received_at", d.received_at);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    return json.take();
}

Result<Job> parse_job(std::string_view text) {
    const auto wrong = [] {
        return fail(ErrorCode::bug, "the job on standard input is not one that this worker knows");
    };
    simdjson::dom::parser parser;
    object root;
    if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS) return wrong();
    const std::string kind = text_of(root, "kind");
    if (kind == "fetch") {
        FetchJob job;
        if (!read_common(root, job)) return wrong();
        return Job(std::move(job));
    }
    if (kind != "stage") return wrong();
    StageJob job;
    if (!read_common(root, job)) return wrong();
    job.batch_id = text_of(root, "batch_id");
    job.staging = text_of(root, "staging");
    simdjson::dom::array deliveries;
    if (job.batch_id.empty() || job.staging.empty() ||
        root["deliveries"].get(deliveries) != simdjson::SUCCESS)
        return wrong();
    for (const element item : deliveries) {
        object from;
        Delivery d;
        if (item.get(from) != simdjson::SUCCESS || from["seq"].get(d.seq) != simdjson::SUCCESS ||
            from["bytes"].get(d.bytes) != simdjson::SUCCESS ||
            from["modified_at"].get(d.modified_at) != simdjson::SUCCESS ||
            from["received_at"].get(d.received_at) != simdjson::SUCCESS)
            return wrong();
        d.name = text_of(from, "name");
        d.sha256 = text_of(from, "sha256");
        job.deliveries.push_back(std::move(d));
    }
    return Job(std::move(job));
}

std::string hello_line() { return "{\"say\":\"hello\"}\n"; }

std::string progress_line(const Progress& progress) {
    JsonWriter json;
    json.begin_object().field("say", "progress").field("done", progress.done).field("total", progress.total);
    write_counts(json, progress.counts);
    json.end_object();
    return json.take() + "\n";
}

std::string log_line(int level, std::string_view text) {
    JsonWriter json;
    json.begin_object().field("say", "log").field("level", level).field("text", one_line(text)).end_object();
    return json.take() + "\n";
}

std::string end_line(OutcomeState state, std::string_view sentence, const Counts& counts,
                     std::int64_t peak_kb, std::int64_t retry_after_ms) {
    JsonWriter json;
    json.begin_object()
        .field("say", "end")
        .field("state", to_string(state))
        .field("sentence", one_line(sentence, 2000))
        .field("peak_kb", peak_kb)
        .field("retry_after_ms", retry_after_ms);
    write_counts(json, counts);
    json.end_object();
    return json.take() + "\n";
}

std::optional<Said> parse_line(std::string_view line) {
    simdjson::dom::parser parser;
    object root;
    if (parser.parse(simdjson::padded_string(line)).get(root) != simdjson::SUCCESS) return std::nullopt;
    const std::string what = text_of(root, "say");
    Said said;
    said.progress.counts = read_counts(root);
    if (what == "hello") {
        said.what = Said::What::hello;
    } else if (what == "progress") {
        said.what = Said::What::progress;
        if (root["done"].get(said.progress.done) != simdjson::SUCCESS ||
            root["total"].get(said.progress.total) != simdjson::SUCCESS)
            return std::nullopt;
    } else if (what == "log") {
        said.what = Said::What::log;
        std::int64_t level = 0;
        if (root["level"].get(level) != simdjson::SUCCESS) return std::nullopt;
        said.level = level < 0 ? 0 : level > 2 ? 2 : static_cast<int>(level);
        said.text = one_line(text_of(root, "text"));
    } else if (what == "end") {
        said.what = Said::What::end;
        if (root["peak_kb"].get(said.peak_kb) != simdjson::SUCCESS) said.peak_kb = 0;
        if (root["retry_after_ms"].get(said.retry_after_ms) != simdjson::SUCCESS || said.retry_after_ms < 0)
            said.retry_after_ms = 0;
        said.text = one_line(text_of(root, "sentence"), 2000);
        const std::string name = text_of(root, "state");
        bool known = false;
        for (const OutcomeState state : kStates)
            if (to_string(state) == name) {
                said.state = state;
                known = true;
            }
        if (!known) return std::nullopt;
    } else {
        return std::nullopt;
    }
    return said;
}

std::string one_line(std::string_view text, std::size_t limit) {
    std::string out;
    while (!text.empty() && out.size() < limit) {
        const std::size_t n = rules::utf8_sequence_length(text);
        if (n == 0) {
            out += '?';
            text.remove_prefix(1);
            continue;
        }
        const auto c = static_cast<unsigned char>(text[0]);
        if (c < 0x20 || c == 0x7f)
            out += ' ';
        else
            out.append(text.substr(0, n));
        text.remove_prefix(n);
    }
    if (!text.empty()) out += "…";
    return out;
}

}  // namespace sendhub::handover
