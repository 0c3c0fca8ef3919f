// `sendhub status`, `runs`, `datasets`: read from status.json and the publication, so they answer while the
// daemon works.
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/cli/commands.hpp"
#include "hub/store/health.hpp"

namespace sendhub::cli {
namespace {

using simdjson::dom::element;

std::string text(element object, const char* key) {
    std::string_view value;
    return object[key].get(value) ? std::string() : std::string(value);
}
std::int64_t number(element object, const char* key) {
    std::int64_t value = 0;
    if (object[key].get(value)) return 0;
    return value;
}

struct Document {
    simdjson::dom::parser parser;
    std::string json;
    element root;
};

// status.json, or the exit code.
std::expected<std::unique_ptr<Document>, int> read_status(const std::filesystem::path& path,
                                                          std::filesystem::path* state = nullptr) {
    const auto config = load(path);
    if (!config) return std::unexpected(config.error());
    if (state) *state = config->hub.state;
    auto document = std::make_unique<Document>();
    auto json = read_file(config->hub.state / "status.json");
    if (!json && json.error().code == ErrorCode::not_found) {
        std::cerr << "sendhub: nothing was run yet; `sendhub sync` runs every feed now\n";
        return std::unexpected(3);
    }
    if (!json) return std::unexpected(failed(json.error()));
    document->json = std::move(*json);
    if (document->parser.parse(document->json).get(document->root))
        return std::unexpected(
            failed(Error(ErrorCode::storage, "status.json is damaged; the next run writes it anew")));
    return document;
}

void print_runs_head() {
    std::printf("%-34s %-8s %-18s %-17s %10s %10s %9s %10s %8s  %s\n", "run", "kind", "feed", "state",
                "received", "accepted", "rejected", "unchanged", "closed", "");
}

void print_run(element run) {
    std::printf(
        "%-34s %-8s %-18s %-17s %10lld %10lld %9lld %10lld %8lld  %s\n", text(run, "run_id").c_str(),
        text(run, "kind").c_str(), text(run, "feed").c_str(), text(run, "state").c_str(),
        static_cast<long long>(number(run, "received")), static_cast<long long>(number(run, "accepted")),
        static_cast<long long>(number(run, "rejected")), static_cast<long long>(number(run, "unchanged")),
        static_cast<long long>(number(run, "closed")), text(run, "sentence").c_str());
}

// One run in full: every count with its name, and the files that were seen and not read.
int show_run(element run, const std::filesystem::path& state, bool json) {
    simdjson::dom::parser parser;
    simdjson::dom::element all;
    simdjson::dom::array files;
    const std::string id = text(run, "run_id");
    const auto kept = read_file(state / "run_files.json");
    const bool named = kept && !parser.parse(*kept).get(all) && !all[id].get(files);
    if (json) {
        std::string out = simdjson::minify(run);
        out.pop_back();
        std::cout << out << ",\"files\":" << (named ? simdjson::minify(files) : "[]") << "}\n";
        return 0;
    }
    for (const char* key :
         {"run_id", "kind", "feed", "state", "started_at", "finished_at", "batch_id", "sentence"})
        if (const std::string value = text(run, key); !value.empty())
            std::printf("%-12s %s\n", key, value.c_str());
    for (const char* key :
         {"received", "accepted", "rejected", "unchanged", "closed", "superseded", "kept_open"})
        std::printf("%-12s %lld records\n", key, static_cast<long long>(number(run, key)));
    if (!named) return 0;
    std::printf("files that were seen and not read:\n");
    for (const element file : files)
        std::printf("  %-9s %s: %s\n", text(file, "state").c_str(), text(file, "name").c_str(),
                    text(file, "reason").c_str());
    return 0;
}

}  // namespace

int status(const std::filesystem::path& path, bool json) {
    std::filesystem::path state;
    const auto document = read_status(path, &state);
    if (!document) return document.error();
    const auto health = store::read_health(state);
    if (!health) return failed(health.error());
    if (json) {
        // The health as it is now: whether a run has died, status.json cannot know.
        JsonWriter out;
        out.begin_object();
        simdjson::dom::object fields;
        if ((*document)->root.get(fields)) return failed(Error(ErrorCode::storage, "status.json is damaged"));
        for (const auto& [key, value] : fields)
            if (key != "health") out.key(key).raw(simdjson::minify(value));
        out.key("health")
            .begin_object()
            .field("state", health->state)
            .field("exit_code", health->exit_code)
            .key("reasons")
            .begin_array();
        for (const std::string& reason : health->reasons) out.value(reason);
        std::cout << out.end_array().end_object().end_object().take() << "\n";
        return health->exit_code;
    }
    const element root = (*document)->root;
    simdjson::dom::array feeds, held;
    std::printf("%s, as of %s\n", text(root["hub"], "name").c_str(), text(root, "written_at").c_str());
    element publication;
    if (!root["publication"].get(publication) && publication.is_object())
        std::printf("current publication: %s\n", text(publication, "version").c_str());
    else
        std::printf("nothing is published yet\n");
    std::printf("\n%-18s %-17s %-12s %10s %8s %8s %8s  %s\n", "feed", "state", "data as at", "records",
                "closed", "rejects", "warnings", "");
    if (!root["feeds"].get(feeds))
        for (const element feed : feeds)
            std::printf(
                "%-18s %-17s %-12s %10lld %8lld %8lld %8lld  %s\n", text(feed, "feed").c_str(),
                text(feed, "state").c_str(), text(feed, "as_of").c_str(),
                static_cast<long long>(number(feed, "rows")), static_cast<long long>(number(feed, "closed")),
                static_cast<long long>(number(feed, "reject_count")),
                static_cast<long long>(number(feed, "warning_count")), text(feed, "sentence").c_str());
    if (!root["held"].get(held) && held.size() > 0) {
        std::printf("\nheld batches that need review:\n");
        for (const element batch : held)
            std::printf("  %s: would close %lld of %lld records; if they are truly gone: %s\n",
                        text(batch, "batch_id").c_str(), static_cast<long long>(number(batch, "would_close")),
                        static_cast<long long>(number(batch, "current_rows")),
                        text(batch, "approve").c_str());
    }
    std::printf("\nhealth: %s\n", health->state.c_str());
    for (const std::string& reason : health->reasons) std::printf("  %s\n", reason.c_str());
    return health->exit_code;
}

int runs(const std::filesystem::path& path, const std::string& id, bool json) {
    std::filesystem::path state;
    const auto document = read_status(path, &state);
    if (!document) return document.error();
    simdjson::dom::array runs;
    if ((*document)->root["runs"].get(runs))
        return failed(Error(ErrorCode::storage, "status.json holds no runs; the next run writes it anew"));
    if (id.empty()) {
        if (json) {
            std::cout << simdjson::minify(runs) << "\n";
            return 0;
        }
        print_runs_head();
        for (const element run : runs) print_run(run);
        return 0;
    }
    for (const element run : runs)
        if (text(run, "run_id") == id) return show_run(run, state, json);
    return failed(Error(ErrorCode::usage,
                        "there is no run " + id + " among the newest 200; `sendhub runs` lists them"));
}

int datasets(const std::filesystem::path& path, bool json) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto published = config->hub.state / "published";
    std::error_code error;
    const auto current = std::filesystem::read_symlink(published / "current", error);
    if (error) {
        std::cerr << "sendhub: nothing is published yet; `sendhub sync` runs every feed, then publishes\n";
        return 3;
    }
    auto package = read_file(published / current / "datapackage.json");
    if (!package) return failed(package.error());
    if (json) {
        std::cout << *package << "\n";
        return 0;
    }
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::array resources;
    if (parser.parse(*package).get(root) || root["resources"].get(resources))
        return failed(
            Error(ErrorCode::storage, "the data package of version " + current.string() + " is damaged"));
    std::vector<std::string> versions;
    for (const auto& entry : std::filesystem::directory_iterator(published, error))
        if (entry.is_directory() && !entry.is_symlink()) versions.push_back(entry.path().filename().string());
    std::sort(versions.begin(), versions.end());
    std::printf("versions:");
    for (const auto& version : versions)
        std::printf(" %s%s", version.c_str(), version == current ? " (current)" : "");
    std::printf("\n\n%-28s %-11s %10s  %s\n", "dataset", "layer", "rows", "title");
    for (const element resource : resources) {
        if (text(resource, "format") != "parquet") continue;
        const element extra = resource["sendhub"];
        std::printf("%-28s %-11s %10lld  %s\n", text(extra, "dataset").c_str(), text(extra, "layer").c_str(),
                    static_cast<long long>(number(extra, "rows")), text(resource, "title").c_str());
    }
    return 0;
}

}  // namespace sendhub::cli
