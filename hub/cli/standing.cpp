// `sendhub status`, `runs`, `datasets`: read from status.json and the publication, so they answer while the
// daemon works.
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "hub/base/files.hpp"
#include "hub/cli/commands.hpp"

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

void print_run(element run) {
    std::printf("%-34s %-8s %-18s %-17s %10lld %10lld %9lld  %s\n", text(run, "run_id").c_str(),
                text(run, "kind").c_str(), text(run, "feed").c_str(), text(run, "state").c_str(),
                static_cast<long long>(number(run, "received")),
                static_cast<long long>(number(run, "accepted")),
                static_cast<long long>(number(run, "rejected")), text(run, "sentence").c_str());
}

}  // namespace

int status(const std::filesystem::path& path, bool json) {
    const auto document = read_status(path);
    if (!document) return document.error();
    if (json) {
        std::cout << (*document)->json << "\n";
    }
    const element root = (*document)->root;
    int code = 0;
    simdjson::dom::array feeds, held;
    if (!json) {
        std::printf("%s, as of %s\n", text(root["hub"], "name").c_str(), text(root, "written_at").c_str());
        element publication;
        if (!root["publication"].get(publication) && publication.is_object())
            std::printf("current publication: %s\n", text(publication, "version").c_str());
        else
            std::printf("nothing is published yet\n");
        std::printf("\n%-18s %-17s %-12s %10s %8s %8s  %s\n", "feed", "state", "data as at", "rows",
                    "rejects", "warnings", "");
    }
    if (!root["feeds"].get(feeds))
        for (const element feed : feeds) {
            const std::string state = text(feed, "state");
            if (state == "failed")
                code = 1;
            else if (code == 0 && (state == "held" || state == "collapsed" || state == "never_run"))
                code = 3;
            if (!json)
                std::printf(
                    "%-18s %-17s %-12s %10lld %8lld %8lld  %s\n", text(feed, "feed").c_str(), state.c_str(),
                    text(feed, "as_of").c_str(), static_cast<long long>(number(feed, "rows")),
                    static_cast<long long>(number(feed, "reject_count")),
                    static_cast<long long>(number(feed, "warning_count")), text(feed, "sentence").c_str());
        }
    if (!root["held"].get(held) && held.size() > 0) {
        if (code == 0) code = 3;
        if (!json) {
            std::printf("\nbatches that wait for a person:\n");
            for (const element batch : held)
                std::printf(
                    "  %s: would close %lld of %lld rows; if they are truly gone: %s\n",
                    text(batch, "batch_id").c_str(), static_cast<long long>(number(batch, "would_close")),
                    static_cast<long long>(number(batch, "current_rows")), text(batch, "approve").c_str());
        }
    }
    return code;
}

int runs(const std::filesystem::path& path, const std::string& id, bool json) {
    const auto document = read_status(path);
    if (!document) return document.error();
    simdjson::dom::array runs;
    if ((*document)->root["runs"].get(runs))
        return failed(Error(ErrorCode::storage, "status.json holds no runs; the next run writes it anew"));
    if (id.empty()) {
        if (json)
            std::cout << simdjson::minify(runs) << "\n";
        else
            for (const element run : runs) print_run(run);
        return 0;
    }
    for (const element run : runs)
        if (text(run, "run_id") == id) {
            if (json)
                std::cout << simdjson::minify(run) << "\n";
            else
                print_run(run);
            return 0;
        }
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
