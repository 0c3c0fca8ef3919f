// `sendhub rejects FEED`: the rows of a batch that were refused, with file, row, field, masked value, rule
// and advice. Read from the staged batch, so it answers while the daemon works.
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/cli/commands.hpp"
#include "hub/store/staged_batch.hpp"

namespace sendhub::cli {
namespace {

// The staged batches of a feed, newest first. A batch folder is FEED-yyyymmddThhmmssZ, perhaps with -2, -3 …
std::vector<std::filesystem::path> batches_of(const std::filesystem::path& staging, const std::string& feed) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(staging, error))
        if (entry.path().filename().string().starts_with(feed + "-") &&
            std::filesystem::exists(entry.path() / "rejects.parquet"))
            found.push_back(entry.path());
    std::sort(found.begin(), found.end(), std::greater<>());
    return found;
}

// Advice to map a text says "text of the list"; here the row's own text and feed stand in the line, ready for
// hub.toml. A text that was masked or cut short stays out.
std::string line_to_write(std::string advice, const std::string& feed, std::string_view value) {
    constexpr std::string_view table = "settings.values", text = "text of the list";
    const auto at = advice.find(text);
    if (at == std::string::npos || value.empty() || value.size() >= 60) return advice;
    std::string quoted;
    for (const char c : value) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    advice.replace(at, text.size(), quoted);
    if (const auto in = advice.find(table); in != std::string::npos)
        advice.replace(in, table.size(), "[feed." + feed + "." + std::string(table) + "]");
    return advice;
}

int show(const std::filesystem::path& batch, const RejectsOptions& options) {
    auto db = duck::Database::open("", {{"threads", "1"}});
    if (!db) return failed(db.error());
    auto con = db->connect();
    if (!con) return failed(con.error());
    const std::string file = (batch / "rejects.parquet").string();
    const std::string where = options.warnings ? "" : " where severity = 'reject'";
    auto rows = con->query(
        "select severity, file_name, source_row, record, field, value_masked, rule, reason, advice from "
        "read_parquet(?)" +
            where + " order by file_no, source_row, rule limit ?",
        {std::string_view(file), options.limit});
    if (!rows) return failed(rows.error());
    if (options.json) {
        JsonWriter j;
        j.begin_array();
        while (rows->next()) {
            j.begin_object();
            for (std::size_t i = 0; i < rows->column_count(); ++i) {
                j.key(rows->column_name(i));
                if (rows->is_null(i))
                    j.null();
                else if (i == 2)
                    j.value(rows->integer(i));
                else
                    j.value(rows->text(i));
            }
            j.end_object();
        }
        std::cout << j.end_array().take() << "\n";
        return 0;
    }
    auto counts = con->query("select rule, severity, count(*), any_value(reason) from read_parquet(?)" +
                                 where + " group by all order by 3 desc, 1",
                             {std::string_view(file)});
    if (!counts) return failed(counts.error());
    std::printf("batch %s\n\n", batch.filename().c_str());
    const auto staged = store::read_staged_batch(batch);
    if (!staged) return failed(staged.error());
    for (const store::StagedFile& read : staged->files)
        if (read.refused)
            std::printf(
                "%s was refused whole: %s\n    after correcting the settings, run: sendhub replay %s --file "
                "'%s'\n",
                read.name.c_str(), read.reason.c_str(), options.feed.c_str(), read.name.c_str());
    std::int64_t total = 0;
    while (counts->next()) {
        std::printf("%8lld  %-7s %-14s %s\n", static_cast<long long>(counts->integer(2)),
                    std::string(counts->text(1)).c_str(), std::string(counts->text(0)).c_str(),
                    std::string(counts->text(3)).c_str());
        total += counts->integer(2);
    }
    if (total == 0) {
        std::printf("no row was refused\n");
        return 0;
    }
    std::printf("\n");
    std::int64_t shown = 0;
    for (; rows->next(); ++shown) {
        std::string where_in_file = std::string(rows->text(1));
        if (rows->integer(2) > 0) where_in_file += ", row " + std::to_string(rows->integer(2));
        if (!rows->text(4).empty()) where_in_file += ", " + std::string(rows->text(4));
        if (!rows->is_null(5)) where_in_file += " = " + std::string(rows->text(5));
        std::printf("%s: %s [%s]\n", where_in_file.c_str(), std::string(rows->text(7)).c_str(),
                    std::string(rows->text(6)).c_str());
        if (!rows->text(8).empty())
            std::printf("    %s\n",
                        line_to_write(std::string(rows->text(8)), options.feed, rows->text(5)).c_str());
    }
    if (shown < total)
        std::printf("… and %lld more; --limit shows more of them\n", static_cast<long long>(total - shown));
    return 0;
}

}  // namespace

int rejects(const std::filesystem::path& path, const RejectsOptions& options) {
    const auto config = load(path);
    if (!config) return config.error();
    if (!config->find_feed(options.feed))
        return failed(Error(ErrorCode::usage, "there is no feed " + options.feed + " in " + path.string()));
    const auto batches = batches_of(config->hub.state / "staging", options.feed);
    if (batches.empty())
        return failed(Error(ErrorCode::not_found, "no batch of " + options.feed + " is kept yet"));
    if (options.batch.empty()) return show(batches.front(), options);
    for (const auto& batch : batches)
        if (batch.filename() == options.batch) return show(batch, options);
    return failed(Error(ErrorCode::usage, "there is no batch " + options.batch + " of " + options.feed));
}

}  // namespace sendhub::cli
