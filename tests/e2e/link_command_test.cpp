// `sendhub link` as an analyst runs it: the real binary on a file of invented people whose truth is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "identity/testing/made_people.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::e2e {
namespace {

using testing::HasSubstr;

struct Ended {
    int code = -1;
    std::string out, err;
};

class LinkCommand : public testing::Test {
  protected:
    static std::string text(const std::filesystem::path& path) {
        std::ostringstream all;
        all << std::ifstream(path).rdbuf();
        return all.str();
    }
    Ended run(const std::string& arguments) const {
        const std::string command = "cd " + dir.string() + " && " SENDHUB_BINARY_DIR "/bin/sendhub link " +
                                    arguments + " >out.txt 2>err.txt";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text(dir / "out.txt"), text(dir / "err.txt")};
    }
    // First two cells of each line below the header; the ids of these files hold no comma or quote.
    std::vector<std::pair<std::string, std::string>> clusters(const std::string& name) const {
        std::ifstream in(dir / name);
        std::string line;
        std::getline(in, line);
        EXPECT_EQ(line, "id,cluster");
        std::vector<std::pair<std::string, std::string>> out;
        while (std::getline(in, line)) {
            const auto comma = line.find(',');
            out.emplace_back(line.substr(0, comma), line.substr(comma + 1));
        }
        return out;
    }

    TemporaryFolder folder;
    const std::filesystem::path& dir = folder.path;
};

TEST_F(LinkCommand, PeopleOfManySendersAreFoundWithoutSettings) {
    namespace people = identity::testing;
    const auto file = people::make_people({.records = 6000, .seed = 21});
    ASSERT_TRUE(file) << file.error();
    ASSERT_TRUE(people::write_people(*file, dir));
    const Ended ended =
        run("people.csv --out clusters.csv --pairs pairs.csv --model model.json --report report.html");
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err, "") << "progress is for terminals";
    EXPECT_THAT(ended.out, HasSubstr("birth_date        → birth_date"));
    EXPECT_THAT(ended.out, HasSubstr("6,000 records are "));

    const auto rows = clusters("clusters.csv");
    ASSERT_EQ(rows.size(), file->records());
    std::map<std::string, std::map<std::uint32_t, double>> cluster;
    std::map<std::uint32_t, double> person;
    double right = 0, found = 0, there = 0;
    std::map<std::string, double> size;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i].first, file->column(people::Column::id)[i]) << "every record once, in its order";
        found += size[rows[i].second]++;
        there += person[file->person[i]]++;
        right += cluster[rows[i].second][file->person[i]]++;
    }
    EXPECT_GE(right / found, 0.99) << "of the pairs joined " << found;
    EXPECT_GE(right / there, 0.90) << "of the pairs there are " << there;

    // what is shown to a person holds no value of a record
    const std::string page = text(dir / "report.html");
    for (std::size_t i = 0; i < file->records(); i += 50)
        for (const auto column :
             {people::Column::upn, people::Column::nhs_number, people::Column::postcode}) {
            const std::string value(file->column(column)[i]);
            if (value.empty()) continue;
            EXPECT_EQ(page.find(value), std::string::npos) << "row " << i;
            EXPECT_EQ(ended.out.find(value), std::string::npos) << "row " << i;
        }

    // the same model, the same answer; and the answer as JSON
    const Ended again = run("people.csv --out again.csv --use-model model.json --json");
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(text(dir / "again.csv"), text(dir / "clusters.csv"));
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    ASSERT_FALSE(parser.parse(again.out).get(root)) << again.out.substr(0, 200);
    EXPECT_EQ(root["records"].get_uint64().value(), 6000u);
    EXPECT_EQ(root["people"].get_uint64().value(), size.size());
}

TEST_F(LinkCommand, OptionsStandWhereverTheyAreWritten) {
    std::ofstream(dir / "a.csv") << "key,given,surname,dob\n1,Ana,Bell,2001-02-03\n2,Ana,Bell,2001-02-03\n";
    std::ofstream(dir / "b.csv") << "key,given,surname,dob\n7,Ana,Bell,2001-02-03\n8,Ben,Hall,1999-12-31\n";
    const Ended ended = run("--id key a.csv --map given=forename b.csv --out clusters.csv");
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto rows = clusters("clusters.csv");
    ASSERT_EQ(rows.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(rows[i].first, std::vector<std::string>({"1", "2", "7", "8"})[i]);
}

// A placeholder typed where a number belongs proves nothing, and is told of; other numbers prove as before.
TEST_F(LinkCommand, ANumberTypedOnAHundredPeopleJoinsNobody) {
    constexpr std::size_t people = 300, shared = 100;
    std::ofstream file(dir / "people.csv");
    file << "id,given_name,surname,date_of_birth,person_no\n";
    std::uint32_t state = 7;
    auto below = [&](std::size_t n) { return ((state = state * 1664525 + 1013904223) >> 8) % n; };
    auto word = [&](std::size_t letters) {
        std::string out;
        for (std::size_t i = 0; i < letters; ++i)
            out += i % 2 == 0 ? "bcdfglmnprst"[below(12)] : "aeiou"[below(5)];
        return out;
    };
    auto day = [&] {
        return std::to_string(1940 + below(70)) + "-0" + std::to_string(1 + below(9)) + "-1" +
               std::to_string(below(10));
    };
    // the first hundred once each, with one number; the others twice, with their own and another surname
    for (std::size_t p = 0; p < people; ++p) {
        const std::string forename = word(5), born = day();
        for (std::size_t r = 0; r < (p < shared ? 1 : 2); ++r)
            file << p << '-' << r << ',' << forename << ',' << word(7) << ',' << born << ','
                 << (p < shared ? "999999" : std::to_string(100000 + 37 * p)) << '\n';
    }
    file.close();
    const Ended ended = run("people.csv --map person_no=identifier --out clusters.csv --report report.html");
    ASSERT_EQ(ended.code, 0) << ended.err;
    std::map<std::string, std::string> cluster;
    for (const auto& [id, name] : clusters("clusters.csv")) cluster[id] = name;
    std::map<std::string, std::size_t> size;
    for (const auto& [id, name] : cluster) ++size[name];
    std::size_t joined = 0;
    for (std::size_t p = 0; p < people; ++p) {
        const std::string id = std::to_string(p);
        if (p < shared)
            EXPECT_EQ(size[cluster[id + "-0"]], 1u) << id;
        else
            joined += cluster[id + "-0"] == cluster[id + "-1"];
    }
    EXPECT_GE(joined, 199u) << "of 200 pairs with a number of their own";
    const std::string note = "person_no: 1 value stands on more than three different people (100 records)";
    EXPECT_THAT(ended.out, HasSubstr(note));
    EXPECT_THAT(text(dir / "report.html"), HasSubstr(note));
}

TEST_F(LinkCommand, WrongUseIsExitCode2AndASentence) {
    std::ofstream(dir / "a.csv") << "id,surname,dob\n1,Bell,2001-02-03\n2,Bell,2001-02-03\n";
    std::ofstream(dir / "link.toml") << "threds = 2\n";
    EXPECT_EQ(run("a.csv").code, 2);
    EXPECT_EQ(run("--out clusters.csv").code, 2);
    const Ended settings = run("a.csv --settings link.toml --out clusters.csv");
    EXPECT_EQ(settings.code, 2);
    EXPECT_THAT(settings.err, HasSubstr("link.toml:1:1: there is no key threds; did you mean threads?"));
    EXPECT_EQ(run("a.csv --map surname=famly --out clusters.csv").code, 2);
    const Ended gone = run("gone.csv --out clusters.csv");
    EXPECT_EQ(gone.code, 1);
    EXPECT_THAT(gone.err, HasSubstr("gone.csv"));
    EXPECT_FALSE(std::filesystem::exists(dir / "clusters.csv"));
}

}  // namespace
}  // namespace sendhub::e2e
