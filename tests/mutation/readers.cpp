#include "tests/mutation/readers.hpp"

#include <dlfcn.h>

#include <sendhub/testing.hpp>
#include <stdexcept>

#include "tests/mutation/link_reader.hpp"

namespace sendhub::mutation {

Readers::Readers(std::string plugin_folder) : folder_(std::move(plugin_folder)) {}

const void* Readers::plugin(const std::string& name) {
    const void*& known = plugins_[name];
    if (known) return known;
    void* library = dlopen((folder_ + "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    using Entry = const shp_plugin* (*)();
    const auto entry = reinterpret_cast<Entry>(dlsym(library, "sendhub_plugin"));
    if (!entry) throw std::runtime_error(name + ".so has no sendhub_plugin");
    return known = entry();
}

Outcome Readers::read(const Feed& feed, const std::string& bytes) {
    if (feed.plugin == "link") return read_link(feed, bytes);
    namespace fake = sdk::testing;
    const auto* table = static_cast<const shp_plugin*>(plugin(feed.plugin));
    std::vector<fake::FakeFile> files{{feed.file_name, bytes}};
    for (const OtherFile& other : feed.other_files) files.push_back({other.name, other.content});
    fake::ConnectorOutcome came = fake::run_connector(table, feed.settings, files);
    Outcome out;
    if (came.code != SHP_OK)
        out.failure = came.error.empty() ? "code " + std::to_string(came.code) : came.error;
    if (!came.refused.empty()) out.refused = came.refused.begin()->second;
    for (auto& [record, rows] : came.rows)
        for (fake::TextRow& row : rows) {
            const std::string key = row["source_key"];
            out.records.push_back({record, key, std::move(row)});
        }
    for (const fake::FakeIssue& issue : came.issues) {
        out.issues.push_back({issue.severity == SHP_ISSUE_REJECT, issue.row, issue.field, issue.rule});
        if (issue.row == 0) take_lines(issue.reason, out);
    }
    return out;
}

}  // namespace sendhub::mutation
