#include "identity/link/link.hpp"
#include "plugins/sdk/tabular/csv_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "identity/link/report_page.hpp"
#include "identity/link/tests/made_people.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::identity::link {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

using Rows = std::vector<std::vector<std::string>>;

class Link : public testing::Test {
  protected:
    std::string path(const std::string& name) const { return (folder_.path / name).string(); }
    void write(const std::string& name, const std::string& text) { std::ofstream(path(name)) << text; }
    std::string text(const std::string& name) const {
        auto all = read_file(path(name));
        return all ? *all : "";
    }
    Rows rows(const std::string& name) const {
        const std::string all = text(name);
        tabular::CsvScan csv;
        Rows out;
        for (const char* at = all.data(); at < all.data() + all.size(); at = csv.behind()) {
            csv.scan(at, all.data() + all.size(), true);
            out.emplace_back(csv.cells().begin(), csv.cells().end());
        }
        return out;
    }
    LinkOutcome link(LinkOptions options) {
        for (std::string& file : options.files) file = path(file);
        for (std::string* file : {&options.out, &options.pairs, &options.model, &options.report,
                                  &options.use_model, &options.settings})
            if (!file->empty()) *file = path(*file);
        auto outcome = link_files(options, {}, {});
        error_ = outcome ? "" : outcome.error().sentence;
        return outcome ? std::move(*outcome) : LinkOutcome{};
    }
    // rec_id is r0, r1 … in the order of the records
    static std::string csv_of(const std::vector<MadeRecord>& records, const std::string& id = "r") {
        std::string out = "rec_id, given_name, surname, date_of_birth, sex, postcode\n";
        for (std::size_t i = 0; i < records.size(); ++i)
            out += id + std::to_string(i) + ", " + records[i].forename + ", " + records[i].surname + ", " +
                   records[i].birth + ", " + records[i].sex + ", " + records[i].postcode + "\n";
        return out;
    }
    // Pairs put together: right ones, all, and all there are.
    struct Score {
        double right = 0, found = 0, there = 0;
        [[nodiscard]] double precision() const { return right / found; }
        [[nodiscard]] double recall() const { return right / there; }
    };
    static Score score(const Rows& clusters, const std::map<std::string, std::size_t>& truth) {
        std::map<std::string, double> found;
        std::map<std::size_t, double> there;
        std::map<std::pair<std::string, std::size_t>, double> right;
        Score s;
        for (std::size_t i = 1; i < clusters.size(); ++i) {
            const std::size_t person = truth.at(clusters[i][0]);
            s.found += found[clusters[i][1]]++;
            s.there += there[person]++;
            s.right += right[{clusters[i][1], person}]++;
        }
        return s;
    }
    static std::map<std::string, std::size_t> truth_of(const std::vector<MadeRecord>& records) {
        std::map<std::string, std::size_t> truth;
        for (std::size_t i = 0; i < records.size(); ++i) truth["r" + std::to_string(i)] = records[i].person;
        return truth;
    }

    TemporaryFolder folder_;
    std::string error_;
};

TEST_F(Link, OneFileIsDeduplicated) {
    const MadePeople made(300);
    write("people.csv", csv_of(made.records));
    const LinkOutcome o = link({.files = {"people.csv"}, .out = "clusters.csv"});
    ASSERT_EQ(error_, "");
    const Rows clusters = rows("clusters.csv");
    ASSERT_EQ(clusters.size(), made.records.size() + 1);
    EXPECT_THAT(clusters[0], testing::ElementsAre("id", "cluster"));
    std::map<std::string, std::string> smallest;
    std::set<std::string> names;
    for (std::size_t i = 1; i < clusters.size(); ++i) {
        EXPECT_EQ(clusters[i][0], "r" + std::to_string(i - 1)) << "every record once, in its order";
        names.insert(clusters[i][1]);
        auto [at, fresh] = smallest.try_emplace(clusters[i][1], clusters[i][0]);
        at->second = std::min(at->second, clusters[i][0]);
    }
    for (const auto& [cluster, id] : smallest) EXPECT_EQ(cluster, id) << "named by its smallest id";
    EXPECT_EQ(o.records, made.records.size());
    EXPECT_EQ(o.people, names.size());
    const Score s = score(clusters, truth_of(made.records));
    EXPECT_GE(s.precision(), 0.97);
    EXPECT_GE(s.recall(), 0.95);
    EXPECT_THAT(to_words(o), HasSubstr("700 records are"));
}

TEST_F(Link, TheOrderOfRowsAndTheNumberOfThreadsChangeNothing) {
    const MadePeople made(150);
    std::vector<MadeRecord> records = made.records;
    write("a.csv", csv_of(records));
    std::string text = csv_of(records);
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    std::reverse(lines.begin() + 1, lines.end());
    std::string reversed;
    for (const std::string& line : lines) reversed += line + "\n";
    write("b.csv", reversed);
    write("one.toml", "threads = 1\n");
    write("three.toml", "threads = 3\n");
    link({.files = {"a.csv"}, .settings = "one.toml", .out = "a_out.csv"});
    ASSERT_EQ(error_, "");
    link({.files = {"b.csv"}, .settings = "three.toml", .out = "b_out.csv"});
    ASSERT_EQ(error_, "");
    Rows a = rows("a_out.csv"), b = rows("b_out.csv");
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    EXPECT_EQ(a, b);
}

TEST_F(Link, TwoFilesWithOtherNamesForTheSameThings) {
    const MadePeople made(300);
    std::string a = "id,first_name,last_name,dob,gender,zip\n",
                b = "ref;Postcode;Surname;Forename;Date of birth\n";
    std::map<std::string, std::size_t> truth;
    std::set<std::size_t> in_a;
    for (std::size_t i = 0; i < made.records.size(); ++i) {
        const MadeRecord& r = made.records[i];
        if (in_a.insert(r.person).second) {  // each person once
            a += "a" + std::to_string(i) + "," + r.forename + "," + r.surname + "," + r.birth + "," + r.sex +
                 "," + r.postcode + "\n";
            truth["a" + std::to_string(i)] = r.person;
        } else {
            b += "b" + std::to_string(i) + ";" + r.postcode + ";" + r.surname + ";" + r.forename + ";" +
                 r.birth.substr(8) + "/" + r.birth.substr(5, 2) + "/" + r.birth.substr(0, 4) + "\n";
            truth["b" + std::to_string(i)] = r.person;
        }
    }
    write("first.csv", a);
    write("second.csv", b);
    const LinkOutcome o = link({.files = {"first.csv", "second.csv"}, .out = "clusters.csv"});
    ASSERT_EQ(error_, "");
    const Rows clusters = rows("clusters.csv");
    EXPECT_EQ(clusters.size(), made.records.size() + 1);
    const Score s = score(clusters, truth);
    EXPECT_GE(s.precision(), 0.97);
    EXPECT_GE(s.recall(), 0.95);
    EXPECT_THAT(o.notes, Contains(HasSubstr("only first.csv has a column like gender (sex)")));
    EXPECT_THAT(o.notes, Contains(HasSubstr("first holds each person once")));
    EXPECT_THAT(o.notes, Not(Contains(HasSubstr("second holds each person once"))));
}

TEST_F(Link, IdsThatCollideAreQualifiedAndToldOf) {
    const MadePeople made(60);
    write("one.csv", csv_of(made.records));
    write("two.csv", csv_of(made.records));
    const LinkOutcome o = link({.files = {"one.csv", "two.csv"}, .out = "clusters.csv"});
    ASSERT_EQ(error_, "");
    const Rows clusters = rows("clusters.csv");
    EXPECT_EQ(clusters[1][0], "one:r0");
    EXPECT_EQ(clusters.back()[0], "two:r" + std::to_string(made.records.size() - 1));
    std::set<std::string> ids;
    for (const auto& row : clusters) EXPECT_TRUE(ids.insert(row[0]).second) << row[0];
    EXPECT_THAT(o.notes, Contains(HasSubstr("SOURCE:ID")));
}

TEST_F(Link, WithoutAKeyRowsAreNumbered) {
    const MadePeople made(60);
    std::string text = "forename,surname,dob\n";
    for (const MadeRecord& r : made.records) text += r.forename + "," + r.surname + "," + r.birth + "\n";
    write("people.csv", text);
    link({.files = {"people.csv"}, .out = "clusters.csv"});
    ASSERT_EQ(error_, "");
    const Rows clusters = rows("clusters.csv");
    EXPECT_EQ(clusters[1][0], "1");
    EXPECT_EQ(clusters.back()[0], std::to_string(made.records.size()));
}

TEST_F(Link, ParquetAndCsvGiveTheSame) {
    const MadePeople made(120);
    write("people.csv", csv_of(made.records));
    auto connection = duck::Database::open({})->connect();
    ASSERT_TRUE(connection->run("copy (select * from read_csv('" + path("people.csv") +
                                "', header = true, delim = ',')) to '" + path("people.parquet") +
                                "' (format parquet)"));
    link({.files = {"people.csv"}, .out = "a.csv"});
    ASSERT_EQ(error_, "");
    link({.files = {"people.parquet"}, .out = "b.csv"});
    ASSERT_EQ(error_, "");
    EXPECT_EQ(text("a.csv"), text("b.csv"));
    write("broken.parquet", "PAR1 and nothing of it");
    link({.files = {"broken.parquet"}, .out = "c.csv"});
    EXPECT_THAT(error_, HasSubstr("broken.parquet as Parquet"));
    EXPECT_EQ(text("c.csv"), "");
}

TEST_F(Link, PairsHaveAWeightADecisionAndAReason) {
    const MadePeople made(120);
    write("people.csv", csv_of(made.records));
    link({.files = {"people.csv"}, .out = "clusters.csv", .pairs = "pairs.csv"});
    ASSERT_EQ(error_, "");
    std::map<std::string, std::string> cluster;
    for (const auto& row : rows("clusters.csv")) cluster[row[0]] = row[1];
    const Rows pairs = rows("pairs.csv");
    ASSERT_GT(pairs.size(), 100u);
    EXPECT_THAT(pairs[0],
                testing::ElementsAre("id_a", "id_b", "weight", "probability", "decision", "reason"));
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        ASSERT_EQ(pairs[i].size(), 6u);
        EXPECT_TRUE(seen.emplace(pairs[i][0], pairs[i][1]).second);
        EXPECT_EQ(pairs[i][4] == "link", cluster.at(pairs[i][0]) == cluster.at(pairs[i][1]));
        EXPECT_TRUE(pairs[i][4] == "link" || !pairs[i][5].empty());
        const double p = std::stod(pairs[i][3]);
        EXPECT_TRUE(p >= 0 && p <= 1);
    }
}

TEST_F(Link, AModelThatWasWrittenGivesTheSameAgain) {
    const MadePeople made(120);
    write("people.csv", csv_of(made.records));
    link({.files = {"people.csv"}, .out = "a.csv", .pairs = "a_pairs.csv", .model = "model.json"});
    ASSERT_EQ(error_, "");
    link({.files = {"people.csv"}, .out = "b.csv", .pairs = "b_pairs.csv", .use_model = "model.json"});
    ASSERT_EQ(error_, "");
    EXPECT_EQ(text("a.csv"), text("b.csv"));
    EXPECT_EQ(text("a_pairs.csv"), text("b_pairs.csv"));
    write("other.csv", "id,email\n1,a@b.org\n2,a@b.org\n");
    link({.files = {"other.csv"}, .out = "c.csv", .use_model = "model.json"});
    EXPECT_THAT(error_, HasSubstr("model"));
}

TEST_F(Link, AModelOfBeforeSaysWhatItDoesNotKnow) {
    const MadePeople made(120);
    std::string of_children = csv_of(made.records);
    for (auto at = of_children.find(", 19"); at != std::string::npos; at = of_children.find(", 19"))
        of_children.replace(at, 5, ", 200");
    write("people.csv", of_children);
    link({.files = {"people.csv"}, .out = "a.csv", .model = "model.json"});
    ASSERT_EQ(error_, "");
    std::string model = text("model.json");
    const auto names = model.find("\"twin_names\":");
    model.erase(names, model.find(']', names) + 2 - names);
    model.replace(model.find("\"file_version\":6"), 16, "\"file_version\":2");
    write("old.json", model);
    const LinkOutcome o =
        link({.files = {"people.csv"}, .out = "b.csv", .use_model = "old.json", .report = "report.html"});
    ASSERT_EQ(error_, "");
    EXPECT_TRUE(o.children);
    EXPECT_THAT(o.notes, Contains(HasSubstr("train a new model")));
    EXPECT_THAT(text("report.html"), HasSubstr("names twins bear together"));
}

TEST_F(Link, TheReportStandsAloneAndHoldsNoValue) {
    const MadePeople made(120);
    write("people.csv", csv_of(made.records));
    link({.files = {"people.csv"}, .out = "clusters.csv", .report = "report.html", .examples = 4});
    ASSERT_EQ(error_, "");
    const std::string page = text("report.html");
    for (const char* elsewhere : {"<script", "http://", "https://", "src=", "@import", "url("})
        EXPECT_THAT(page, Not(HasSubstr(elsewhere)));
    for (const MadeRecord& r : made.records) {
        EXPECT_EQ(page.find(r.surname), std::string::npos) << "record of person " << r.person;
        EXPECT_EQ(page.find(r.birth), std::string::npos) << "record of person " << r.person;
    }
    for (const char* section :
         {"Match weights", "Examples", "Records a person", "What was learnt", "Training", "Blocking",
          "Unlinkable records", "Calibration", "Columns", "Time"})
        EXPECT_THAT(page, HasSubstr(std::string(">") + section + "</h2>"));
    EXPECT_THAT(page, HasSubstr("Example 4"));
    EXPECT_EQ(masked("Ana-Maë 7b"), "Xxx-Xxx 9x");

    link({.files = {"people.csv"},
          .out = "clusters.csv",
          .report = "open.html",
          .examples = 2,
          .show_values = true});
    ASSERT_EQ(error_, "");
    const std::string open = text("open.html");
    EXPECT_TRUE(std::any_of(made.records.begin(), made.records.end(),
                            [&](const MadeRecord& r) { return open.find(r.surname) != std::string::npos; }));
    EXPECT_THAT(open, HasSubstr("keep it as you keep the files"));
}

TEST_F(Link, SettingsAndOptions) {
    const MadePeople made(120);
    std::string text = csv_of(made.records);
    text.replace(text.find("given_name"), 10, "eerste");
    write("people.csv", text);
    write("link.toml", "purpose = \"operational\"\nautomatic = 500.0\n");
    link({.files = {"people.csv"}, .settings = "link.toml", .out = "clusters.csv"});
    EXPECT_THAT(error_, HasSubstr("link.toml:2:13: automatic is a number of bits"));
    write("link.toml",
          "purpose = \"operational\"\nautomatic = 99.0\nreview = 0\n[columns]\neerste = \"forename\"\n");
    LinkOutcome o = link({.files = {"people.csv"}, .settings = "link.toml", .out = "clusters.csv"});
    ASSERT_EQ(error_, "");
    EXPECT_EQ(o.purpose, Purpose::operational);
    EXPECT_EQ(o.people, o.records) << "nothing weighs 99 bits";
    EXPECT_GT(o.cases, 100u);
    EXPECT_EQ(o.files[0].reading.columns[1].role, Role::forename);
    o = link({.files = {"people.csv"},
              .settings = "link.toml",
              .maps = {"eerste=ignore"},
              .purpose = "statistics",
              .out = "clusters.csv"});
    EXPECT_EQ(o.files[0].reading.columns[1].use, Use::ignored) << "an option stands above the settings";
    EXPECT_EQ(o.purpose, Purpose::statistics);
    EXPECT_THAT(to_json(o), HasSubstr("\"purpose\":\"statistics\""));
}

TEST_F(Link, WrongUseIsSaidBeforeAnythingIsWritten) {
    const MadePeople made(20);
    write("people.csv", csv_of(made.records));
    const std::string before = text("people.csv");
    auto refused = [&](LinkOptions options, const char* why) {
        link(std::move(options));
        EXPECT_THAT(error_, HasSubstr(why));
        EXPECT_EQ(text("people.csv"), before);
        EXPECT_EQ(text("clusters.csv"), "");
    };
    refused({.files = {"people.csv"}, .out = "people.csv"}, "cannot be written over");
    refused({.files = {"people.csv"}, .out = "clusters.csv", .pairs = "clusters.csv"},
            "cannot be written over");
    refused({.files = {"people.csv"}, .out = "no_folder/clusters.csv"}, "there is no folder");
    refused({.files = {"gone.csv"}, .out = "clusters.csv"}, "gone.csv");
    refused({.files = {"people.csv"}, .ids = {"rec_di"}, .out = "clusters.csv"}, "did you mean rec_id");
    refused({.files = {"people.csv"}, .maps = {"surnam=forename"}, .out = "clusters.csv"},
            "did you mean surname");
    refused({.files = {"people.csv"}, .purpose = "fun", .out = "clusters.csv"}, "statistics or operational");
    refused({.files = {"people.csv"}, .ids = {"a", "b"}, .out = "clusters.csv"},
            "--id was given 2 times for 1");
    write("zip.csv", "PK\x03\x04 and so on");
    refused({.files = {"zip.csv"}, .out = "clusters.csv"}, "workbook");
    write("plain.csv", "id,amount\n1,2\n2,2\n");
    refused({.files = {"plain.csv"}, .out = "clusters.csv"}, "no column was recognised");
}

}  // namespace
}  // namespace sendhub::identity::link
