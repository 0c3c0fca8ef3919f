// A marker in every text field of every feed about children, in headers, file names, names of archive members
// and files that are refused: none of them reaches anybody below the restricted layer.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

// Long markers and, for fields that hold few characters, short ones. Names of files are marked apart: who
// runs the hub is told them, who reads its data is not.
const std::string kLong = "zqxwv", kShort = "q~", kFile = "zfnwv";

class Planter {
  public:
    std::string long_marker() {
        ++planted_;
        std::string marker = "Zqxwv";
        for (int n = planted_, i = 0; i < 3; ++i, n /= 26) marker += static_cast<char>('a' + n % 26);
        return marker;
    }
    std::string short_marker() { return kShort + static_cast<char>('a' + ++planted_ % 26); }
    [[nodiscard]] int planted() const { return planted_; }

    // Each column gets a long marker in one row and a short one in another; a column more stands at the end.
    void csv(const fs::path& file) {
        std::istringstream in(read(file));
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) {
            if (line.ends_with('\r')) line.pop_back();
            lines.push_back(line);
        }
        std::size_t header = 0;
        while (header < lines.size() && lower(lines[header]).find("surname") == std::string::npos &&
               lower(lines[header]).find("family name") == std::string::npos)
            ++header;
        const std::size_t rows = lines.size() - header - 1, columns = csv_cells(lines.at(header)).size();
        ASSERT_GT(rows, 10u) << file;
        lines[header] += "," + long_marker();
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t row = header + 1 + i;
            auto cells = csv_cells(lines[row]);
            cells.resize(columns);
            for (std::size_t column = 0; column < columns; ++column) {
                if (column % rows == i) cells[column] = long_marker();
                if ((column + columns) % rows == i) cells[column] = short_marker();
            }
            cells.push_back(long_marker());
            lines[row].clear();
            for (const auto& cell : cells)
                lines[row] +=
                    (&cell == &cells.front() ? "" : ",") +
                    (cell.find(',') == std::string::npos || cell.starts_with('"') ? cell : '"' + cell + '"');
        }
        std::string text;
        for (const auto& line : lines) text += line + "\r\n";
        write(file, text);
    }

    // Each element of a pupil gets a marker, in one pupil each; so does the name of the school.
    void census(const fs::path& file) {
        std::string text = read(file);
        std::set<std::string> done;
        static const std::regex element("<([A-Za-z]+)>([^<]*)</\\1>");
        std::size_t at = 0;
        for (int pupil = 0; (at = text.find("<PupilOnRoll>", at)) != std::string::npos; ++pupil, ++at) {
            const std::size_t end = text.find("</PupilOnRoll>", at);
            const std::string block = text.substr(at, end - at);
            std::smatch found;
            for (auto from = block.cbegin(); std::regex_search(from, block.cend(), found, element);
                 from = found.suffix().first) {
                if (!done.insert(found[1].str() + (pupil < 60 ? "" : "2")).second) continue;
                text.replace(at + static_cast<std::size_t>(found[2].first - block.cbegin()),
                             static_cast<std::size_t>(found[2].length()), long_marker());
                break;
            }
        }
        ASSERT_GT(done.size(), 20u);
        const std::regex name("<(SchoolName|SoftwareCode|Release)>[^<]*<");
        write(file, std::regex_replace(text, name, "<$1>" + long_marker() + "<"));
    }

  private:
    int planted_ = 0;
};

void expect_none(const std::string& text, const std::string& where, bool tells_files = false) {
    const std::string small = lower(text);
    for (const std::string& mark : {kLong, kShort, kFile}) {
        if (mark == kFile && tells_files) continue;
        const auto at = small.find(mark);
        EXPECT_EQ(at, std::string::npos)
            << mark << " in " << where << ": " << small.substr(at < 150 ? 0 : at - 150, 300);
    }
}

}  // namespace

TEST(Markers, no_free_text_of_a_feed_reaches_whoever_may_not_read_the_restricted_layer) {
    const Hub hub(2500, 7);
    Planter plant;
    const fs::path feeds = hub.dir() / "feeds";
    for (const char* list :
         {"cme/cme.csv", "ehe/ehe.csv", "moves/moves.csv", "off_roll/off_roll.csv", "part_time/part_time.csv",
          "health_advice/EHCNA_health_advice.csv", "youth_justice/yjs_extract.csv"}) {
        plant.csv(feeds / list);
        fs::rename(feeds / list,
                   (feeds / list).parent_path() / ("Zfnwv " + fs::path(list).filename().string()));
    }
    std::vector<fs::path> returns;
    for (const auto& entry : fs::directory_iterator(feeds / "school_census")) returns.push_back(entry.path());
    std::ranges::sort(returns, {}, [](const fs::path& path) { return fs::file_size(path); });
    for (const auto& file : returns)
        if (file.extension() == ".xml" && file.string() > returns[returns.size() / 2].string())
            plant.census(file);
    plant.census(*std::ranges::find_if(returns.rbegin(), returns.rend(),
                                       [](const fs::path& path) { return path.extension() == ".xml"; }));
    std::string archive = read(feeds / "school_census" / "2025_autumn_collect.zip");
    for (std::size_t at = 0; (at = archive.find("_SC1_", at)) != std::string::npos; ++at)
        archive.replace(at, 5, kFile);
    write(feeds / "school_census" / "2025_autumn_collect.zip", archive);
    write(feeds / "school_census" / "Zfnwv refused.xml",
          "<Message><" + plant.long_marker() + ">" + plant.long_marker() + "</Message>");
    EXPECT_GT(plant.planted(), 400);

    const Output night = hub.run({"--log-format", "json", "--log-level", "debug", "sync"});
    expect_none(night.out + night.err, "what the night printed and logged", true);

    ASSERT_FALSE(hub.version().empty()) << night.out << night.err;

    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"status"}, {"runs"}, {"runs", "--json"}, {"datasets"}}) {
        const Output told = hub.run(words);
        expect_none(told.out + told.err, "sendhub " + words[0], true);
    }

    // The markers were read: they are in what was staged, and in the restricted layer.
    std::set<std::string> staged;
    for (const auto& entry : fs::recursive_directory_iterator(hub.state() / "staging")) {
        if (entry.path().extension() != ".parquet" || entry.path().filename() == "rejects.parquet") continue;
        const std::string found = hub.ask(
            "select coalesce(string_agg(distinct m, ' '), '') from (select "
            "unnest(regexp_extract_all(lower(cast(t as "
            "varchar)), 'zqxwv[a-z]+|q~[a-z]')) as m from read_parquet('" +
            entry.path().string() + "') t)");
        std::istringstream words(found);
        for (std::string word; words >> word;) staged.insert(word);
    }
    EXPECT_GT(staged.size(), 100u);
    EXPECT_NE(hub.ask("select count(*) from {dim_person} where lower(surname) like '%zqxwv%'"), "0");

    const std::string package = read(hub.state() / "published" / "current" / "datapackage.json");
    int searched = 0;
    for (const auto& dataset : hub.datasets()) {
        const auto at = package.find("\"dataset\":\"" + dataset + "\"");
        ASSERT_NE(at, std::string::npos) << dataset;
        if (package.substr(at, 200).find("\"layer\":\"restricted\"") != std::string::npos) continue;
        const fs::path folder = hub.state() / "published" / "current" / dataset;
        expect_none(read(folder / "data.csv"), dataset + "/data.csv");
        // Packed bytes may hold two characters by chance; the rows are searched for these.
        for (const std::string& mark : {kLong, kFile})
            EXPECT_EQ(lower(read(folder / "data.parquet")).find(mark), std::string::npos) << dataset;
        for (const auto& line : hub.content(dataset)) expect_none(line, "a row of " + dataset);
        ++searched;
    }
    EXPECT_GT(searched, 15);
    // Left out, and counted where an analyst looks.
    EXPECT_NE(hub.ask("select count(*) from {data_quality_issue} where rule_id = 'HUB-FORM'"), "0");

    std::map<std::string, std::map<std::string, std::string>> keys;
    for (const char* role : {"viewer", "analyst", "operator"}) {
        const Output made = hub.run({"token", "create", role, "--role", role});
        keys[role] = {{"X-Api-Key", made.out.substr(0, made.out.find('\n'))},
                      {"Prefer", "odata.maxpagesize=50000"}};
    }
    Daemon daemon(hub);
    const auto look = [&](const std::string& path, const std::string& role, bool tells_files = false) {
        const Reply reply =
            get(daemon.url() + path, role.empty() ? std::map<std::string, std::string>{} : keys[role]);
        EXPECT_NE(reply.status, 500) << path;
        std::string head;
        for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\n";
        expect_none(head + reply.body, path + " for " + (role.empty() ? "nobody" : role), tells_files);
        return reply;
    };
    for (const std::string role : {"viewer", "analyst"}) {
        for (const char* path : {"/odata/v4/", "/odata/v4/$metadata", "/api/v1/datasets", "/api/v1/status",
                                 "/api/v1/runs", "/metrics", "/files/latest/datapackage.json",
                                 "/odata/v4/nothing", "/files/latest/nothing/data.csv"})
            look(path, role);
        int read_sets = 0;
        for (const auto& dataset : hub.datasets()) {
            const Reply rows = look("/odata/v4/" + dataset, role);
            read_sets += rows.status == 200;
            look("/odata/v4/" + dataset + "?$filter=surname%20eq%20'x'", role);
            look("/odata/v4/" + dataset + "?$orderby=row_key%20desc&$top=5", role);
            look("/api/v1/datasets/" + dataset, role);
            look("/files/latest/" + dataset + "/data.csv", role);
            look("/files/latest/" + dataset + "/data.csv?variant=excel", role);
        }
        EXPECT_GT(read_sets, 5) << role;
    }
    for (const char* path : {"/healthz/live", "/healthz/ready", "/healthz/feeds", "/odata/v4/"})
        look(path, "");
    for (const char* path : {"/metrics", "/api/v1/status", "/api/v1/runs", "/api/v1/datasets"})
        look(path, "operator", true);
    expect_none(daemon.log(), "the daemon's log", true);
    expect_none(read(hub.state() / "status.json"), "status.json", true);
    expect_none(read(hub.state() / "audit.log"), "the audit log", true);
    EXPECT_EQ(daemon.stop(), 0);
}
