// `sendhub sync`: a night by hand, shown as it goes.
#include <cstdio>
#include <iostream>

#include "base/json_writer.hpp"
#include "hub/cli/commands.hpp"
#include "hub/cli/night_output.hpp"
#include "hub/schedule/stop_signal.hpp"

namespace sendhub::cli {
namespace {

constexpr std::size_t files_shown = 20;

// What became of a file that was not read, with what to do.
void print_file(const std::string& feed, const store::RunFile& file) {
    std::printf("%s: %s: %s: %s\n", feed.c_str(), file.state.c_str(), file.name.c_str(), file.reason.c_str());
    if (file.state == "refused")
        std::printf("    after correcting the settings, run: sendhub replay %s --file '%s'\n", feed.c_str(),
                    file.name.c_str());
}

void print_files(const schedule::FeedResult& feed) {
    std::size_t shown = 0;
    // Duplicates are everyday: they are counted here and named in `sendhub runs ID`.
    for (const store::RunFile& file : feed.files_seen)
        if (file.state != "duplicate" && shown++ < files_shown) print_file(feed.feed, file);
    if (shown > files_shown)
        std::printf("%s: … and %zu more; sendhub runs ID names them\n", feed.feed.c_str(),
                    shown - files_shown);
}

void print_table(const schedule::NightOutcome& out) {
    std::printf("\n%-18s %-17s %6s %10s %10s %9s %10s %8s %8s\n", "feed", "state", "files", "received",
                "accepted", "rejected", "unchanged", "closed", "seconds");
    for (const auto& f : out.feeds)
        std::printf("%-18s %-17s %6lld %10lld %10lld %9lld %10lld %8lld %8.1f\n", f.feed.c_str(),
                    f.state.c_str(), static_cast<long long>(f.files), static_cast<long long>(f.received),
                    static_cast<long long>(f.accepted), static_cast<long long>(f.rejected),
                    static_cast<long long>(f.unchanged), static_cast<long long>(f.closed), f.seconds);
    std::printf("(counts are records; one row of a file can make several)\n");
    for (const auto& f : out.feeds) print_files(f);
    std::printf(
        "\nmatching: %llu records are %llu people, %llu records share their person with another, %llu cases "
        "wait for a person (%.1f s)\n",
        static_cast<unsigned long long>(out.match.records), static_cast<unsigned long long>(out.match.people),
        static_cast<unsigned long long>(out.match.linked), static_cast<unsigned long long>(out.match.cases),
        out.match_seconds);
    std::int64_t rows = 0;
    for (const auto& d : out.publication.datasets) rows += d.rows;
    const char* state = out.publication.state == publish::State::published   ? "new version"
                        : out.publication.state == publish::State::unchanged ? "unchanged, version"
                                                                             : "FAILED; current version";
    std::printf("published: %zu datasets, %lld rows, %s %s (%.1f s)\n", out.publication.datasets.size(),
                static_cast<long long>(rows), state, out.publication.version.c_str(), out.publish_seconds);
    for (const auto& failure : out.publication.failures)
        std::printf("  %s, check %s: %s\n", failure.dataset.c_str(), failure.check.c_str(),
                    failure.sentence.c_str());
    std::printf("the whole night: %.1f s\n", out.seconds);
    if (out.exit_code() != 0) {
        std::printf("\n%s:\n", out.health.state.c_str());
        for (const std::string& reason : out.health.reasons) std::printf("  %s\n", reason.c_str());
    }
}

// A fault of the settings has the code that `config check` gives it, unless something else failed as well.
int exit_code_of(const schedule::NightOutcome& out) {
    const int code = out.exit_code();
    if (code != 1 || out.publication.state == publish::State::failed) return code;
    for (const auto& feed : out.feeds)
        if (feed.state == "failed" && feed.error_code != "settings") return code;
    return 2;
}

void print_json(const schedule::NightOutcome& out) {
    JsonWriter j;
    j.begin_object()
        .field("run_id", out.run_id)
        .field("exit_code", exit_code_of(out))
        .field("state", out.health.state)
        .field("seconds", out.seconds)
        .key("feeds")
        .begin_array();
    for (const auto& f : out.feeds) {
        j.begin_object()
            .field("feed", f.feed)
            .field("state", f.state)
            .field("sentence", f.sentence)
            .field("batch_id", f.batch_id)
            .field("files", f.files)
            .field("bytes", f.bytes)
            .field("received", f.received)
            .field("accepted", f.accepted)
            .field("rejected", f.rejected)
            .field("unchanged", f.unchanged)
            .field("closed", f.closed)
            .field("superseded", f.superseded)
            .field("kept_open", f.kept_open)
            .field("seconds", f.seconds)
            .key("files_seen")
            .begin_array();
        for (const store::RunFile& file : f.files_seen)
            j.begin_object()
                .field("state", file.state)
                .field("name", file.name)
                .field("reason", file.reason)
                .end_object();
        j.end_array().end_object();
    }
    j.end_array()
        .key("match")
        .begin_object()
        .field("records", out.match.records)
        .field("people", out.match.people)
        .field("linked", out.match.linked)
        .field("cases", out.match.cases)
        .field("created", out.match.created)
        .field("merged", out.match.merged)
        .field("split", out.match.split)
        .field("seconds", out.match_seconds)
        .end_object();
    const auto& p = out.publication;
    j.key("publication")
        .begin_object()
        .field("state", p.state == publish::State::published   ? "published"
                        : p.state == publish::State::unchanged ? "unchanged"
                                                               : "failed")
        .field("version", p.version)
        .field("seconds", out.publish_seconds)
        .key("datasets")
        .begin_array();
    for (const auto& d : p.datasets)
        j.begin_object()
            .field("dataset", d.dataset)
            .field("rows", d.rows)
            .field("changed", d.changed)
            .field("removed", d.removed)
            .end_object();
    j.end_array().key("failures").begin_array();
    for (const auto& f : p.failures)
        j.begin_object()
            .field("dataset", f.dataset)
            .field("check", f.check)
            .field("sentence", f.sentence)
            .end_object();
    std::cout << j.end_array().end_object().end_object().take() << "\n";
}

}  // namespace

int tell_outcome(const Result<schedule::NightOutcome>& outcome, bool json) {
    if (!outcome) return failed(outcome.error());
    if (json)
        print_json(*outcome);
    else
        print_table(*outcome);
    return exit_code_of(*outcome);
}

int sync(const std::filesystem::path& path, const std::vector<std::string>& feeds, bool json) {
    const auto config = load(path);
    if (!config) return config.error();
    const schedule::StopSignal stop([&] { note_stopped_run(path); });
    return tell_outcome(schedule::run_night(*config, {.feeds = feeds}, Teller(json), stop.token()), json);
}

}  // namespace sendhub::cli
