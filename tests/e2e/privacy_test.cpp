// Known values are planted in every feed, in good rows and in rows that are refused; then everything that an
// operator sees is searched for them: what the commands print, logs, status, batches, metrics, API replies,
// and every dataset that is not restricted.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

const std::string surname = "Zzyplantedson", forename = "Qwvplantilda", postcode = "XD99 9QZ",
                  upn = "A873999912QZ4", nhs = "9998887776";

// Puts the values into the first two rows below the header; the second gets dates that are none, so that it
// is refused.
int plant_in_csv(const fs::path& file) {
    std::istringstream in(read(file));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    std::size_t header = 0;
    auto is_header = [](const std::string& line) {
        return lower(line).find("surname") != std::string::npos ||
               lower(line).find("family name") != std::string::npos;
    };
    while (header < lines.size() && !is_header(lines[header])) ++header;
    if (header + 2 >= lines.size()) return 0;
    const auto names = csv_cells(lines[header]);
    int planted = 0;
    for (std::size_t row = header + 1; row <= header + 2; ++row) {
        auto cells = csv_cells(lines[row]);
        cells.resize(std::max(cells.size(), names.size()));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string name = lower(names[i]);
            if (name.find("surname") != std::string::npos || name == "family name")
                cells[i] = surname;
            else if (name.find("forename") != std::string::npos || name == "given name")
                cells[i] = forename;
            else if (name.find("post") != std::string::npos && name.find("code") != std::string::npos)
                cells[i] = postcode;
            else if (name == "upn")
                cells[i] = upn;
            else if (name.find("nhs") != std::string::npos)
                cells[i] = nhs;
            else if (row == header + 2 &&
                     (name.find("date") != std::string::npos || name.find("start") != std::string::npos) &&
                     name.find("birth") == std::string::npos)
                cells[i] = surname;
            else
                continue;
            ++planted;
        }
        std::string line;
        for (const auto& cell : cells) {
            if (&cell != &cells.front()) line += ',';
            line += cell.find(',') == std::string::npos ? cell : '"' + cell + '"';
        }
        lines[row] = line + (lines[header].ends_with('\r') ? "\r" : "");
    }
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    write(file, text);
    return planted;
}

void replace_element(std::string& text, const std::string& name, const std::string& value, std::size_t from) {
    const auto begin = text.find("<" + name + ">", from), end = text.find("</" + name + ">", from);
    ASSERT_NE(begin, std::string::npos);
    text.replace(begin + name.size() + 2, end - begin - name.size() - 2, value);
}

// The first pupil is good but for its UPN, the second is refused: its birth date is a name.
void plant_in_census(const fs::path& file) {
    std::string text = read(file);
    const auto second = text.find("<PupilOnRoll>", text.find("<PupilOnRoll>") + 1);
    ASSERT_NE(second, std::string::npos);
    for (const std::size_t from : {text.find("<PupilOnRoll>"), second}) {
        replace_element(text, "Surname", surname, from);
        replace_element(text, "Forename", forename, from);
        replace_element(text, "UPN", upn, from);
        replace_element(text, "PostCode", postcode, from);
    }
    replace_element(text, "DOB", surname, text.find("<PupilOnRoll>", text.find("<PupilOnRoll>") + 1));
    write(file, text);
}

void expect_nothing_in(const std::string& text, const std::string& where) {
    for (const auto& value : {surname, forename, postcode, upn, nhs}) {
        const bool found = lower(text).find(lower(value)) != std::string::npos;
        EXPECT_FALSE(found) << "a planted value stands in "
                            << where;  // not the value itself: test output is a log too
    }
}

}  // namespace

TEST(Privacy, planted_values_are_in_no_log_no_error_no_status_and_no_reply_to_an_operator) {
    const Hub hub(1500, 7);
    int feeds = 0;
    std::size_t census_files = 0;
    for (const auto& feed : fs::directory_iterator(hub.dir() / "feeds")) {
        const std::string name = feed.path().filename();
        if (name == "schools") continue;
        int planted = 0;
        for (const auto& file : fs::directory_iterator(feed.path())) {
            if (file.path().extension() == ".csv") planted += plant_in_csv(file.path());
            // only schools with pupils enough
            if (file.path().extension() == ".xml" && file.file_size() > 50'000 && census_files++ < 2) {
                plant_in_census(file.path());
                ++planted;
            }
        }
        EXPECT_GT(planted, 0) << name;
        ++feeds;
    }
    EXPECT_EQ(feeds, 8);

    const Output night = hub.run({"--log-format", "json", "--log-level", "debug", "sync"});
    EXPECT_EQ(night.code, 0) << night.code;
    expect_nothing_in(night.out + night.err, "what the night printed and logged");
    // it did reach the store: else this test would prove nothing
    EXPECT_NE(hub.ask("select count(*) from {dim_person} where surname = '" + surname + "'"), "0");

    std::set<std::string> refused;
    for (const char* feed : {"school_census", "cme", "ehe", "off_roll", "part_time", "moves", "health_advice",
                             "youth_justice"}) {
        for (const bool json : {false, true}) {
            std::vector<std::string> command{"rejects", feed, "--warnings", "--limit", "100000"};
            if (json) command.push_back("--json");
            const Output rejects = hub.run(command);
            EXPECT_EQ(rejects.code, 0) << rejects.err;
            expect_nothing_in(rejects.out + rejects.err, std::string("sendhub rejects ") + feed);
            if (rejects.out.find("reject") != std::string::npos) refused.insert(feed);
        }
    }
    EXPECT_GE(refused.size(), 6u) << "rows with planted values were refused and told";
    for (const std::vector<std::string>& command : {std::vector<std::string>{"status"},
                                                    {"status", "--json"},
                                                    {"runs"},
                                                    {"runs", "--json"},
                                                    {"datasets"},
                                                    {"datasets", "--json"}}) {
        const Output told = hub.run(command);
        expect_nothing_in(told.out + told.err, "sendhub " + command[0]);
    }
    expect_nothing_in(read(hub.state() / "status.json"), "status.json");
    for (const auto& entry : fs::recursive_directory_iterator(hub.state()))
        if (entry.path().extension() == ".json" || entry.path().extension() == ".jsonl")
            expect_nothing_in(read(entry.path()), entry.path().filename());

    // every dataset but the restricted ones
    const std::string package = read(hub.state() / "published" / "current" / "datapackage.json");
    int open_datasets = 0;
    for (const auto& dataset : hub.datasets()) {
        const auto at = package.find("\"dataset\":\"" + dataset + "\"");
        ASSERT_NE(at, std::string::npos) << dataset;
        if (package.substr(at, 200).find("\"layer\":\"restricted\"") != std::string::npos) continue;
        expect_nothing_in(read(hub.state() / "published" / "current" / dataset / "data.csv"),
                          "the dataset " + dataset);
        ++open_datasets;
    }
    EXPECT_GT(open_datasets, 10);

    const Output made = hub.run({"token", "create", "operator", "--role", "operator"});
    Daemon daemon(hub);
    const std::map<std::string, std::string> key = {
        {"Authorization", "Bearer " + made.out.substr(0, made.out.find('\n'))}};
    for (const char* path :
         {"/metrics", "/api/v1/status", "/api/v1/runs", "/api/v1/datasets", "/healthz/feeds",
          "/healthz/ready", "/odata/v4/", "/odata/v4/dim_person", "/odata/v4/$metadata"}) {
        const Reply reply = get(daemon.url() + path, key);
        EXPECT_NE(reply.status, 500) << path;
        expect_nothing_in(reply.body, path);
    }
    // what a reader filters by is never logged
    const Output caseworker = hub.run({"token", "create", "caseworker", "--role", "caseworker"});
    const Reply filtered =
        get(daemon.url() + "/odata/v4/dim_person?$filter=surname%20eq%20'" + surname + "'",
            {{"Authorization", "Bearer " + caseworker.out.substr(0, caseworker.out.find('\n'))}});
    EXPECT_EQ(filtered.status, 200);
    EXPECT_NE(filtered.body.find(surname), std::string::npos);
    (void)get(daemon.url() + "/odata/v4/dim_person?$filter=" + surname + "%20eq",
              {{"Authorization", "Bearer " + caseworker.out.substr(0, caseworker.out.find('\n'))}});
    expect_nothing_in(daemon.log(), "the daemon's log");
    expect_nothing_in(read(hub.state() / "audit.log"), "the audit log");
    EXPECT_EQ(daemon.stop(), 0);
}
