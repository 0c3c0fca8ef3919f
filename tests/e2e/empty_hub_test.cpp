// Hubs in which there is nobody: no file at all, schools only, and one whose last child has left. Every
// command and every address of the product answers; what there is to ask comes from the product itself.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

namespace sendhub::e2e {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

void remove_files(const Hub& hub, const std::set<std::string>& but_of = {}) {
    for (const auto& feed : fs::directory_iterator(hub.dir() / "feeds")) {
        if (but_of.contains(feed.path().filename().string())) continue;
        for (const auto& file : fs::directory_iterator(feed.path())) fs::remove_all(file.path());
    }
}

std::string joined(const Words& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

// The commands below `prefix` that have none below them, by their own help.
std::vector<Words> commands(const Hub& hub, const Words& prefix = {}) {
    Words help = prefix;
    help.push_back("--help");
    std::istringstream lines(hub.run(help).out);
    std::vector<Words> out;
    bool listed = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Subcommands:") || line.starts_with("SUBCOMMANDS:"))
            listed = true;
        else if (listed && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') {
            Words command = prefix;
            command.push_back(line.substr(2, line.find(' ', 2) - 2));
            const auto below = commands(hub, command);
            out.insert(out.end(), below.begin(), below.end());
        }
    }
    if (out.empty()) out.push_back(prefix);
    // `review` shows the queue when it is asked for nothing else
    if (prefix == Words{"review"}) out.push_back(prefix);
    return out;
}

// What a command is given where there is nobody, beside its name. A command that is not here is asked for
// nothing more; it must not ask for an argument then.
const std::map<std::string, std::vector<Words>>& arguments() {
    static const std::string nobody = "P0000000000000A";
    static const std::map<std::string, std::vector<Words>> all = {
        {"runs", {{}, {"--json"}, {"20260101T000000Z-0001"}}},
        {"status", {{}, {"--json"}}},
        {"datasets", {{}, {"--json"}}},
        {"rejects", {{"schools"}, {"cme"}, {"cme", "--json", "--warnings"}, {"nobody"}}},
        {"batch approve", {{"none"}}},
        {"batch undo", {{"none", "--reason", "test"}}},
        {"replay", {{"schools"}, {"cme", "--file", "none.csv"}, {"nobody"}}},
        {"review", {{}, {"--json"}, {"--page", "2"}}},
        {"review show", {{"none"}}},
        {"review decide", {{"none", "same", "--reason", "test"}}},
        {"review seal", {{nobody, "P0000000000001B", "--reason", "test"}}},
        {"review opinion", {{"none", "same"}}},
        {"review approve", {{"1"}}},
        {"review refuse", {{"1", "--reason", "test"}}},
        {"review undo", {{"1", "--reason", "test"}}},
        {"review extend", {{"1", "--reason", "test"}}},
        {"review model approve", {{"none"}}},
        {"review model refuse", {{"none"}}},
        {"person", {{nobody, "--reason", "test"}, {"--find", "", "--surname", "Nobody", "--reason", "test"}}},
        {"plugin list", {{}, {"--json"}}},
        {"plugin describe", {{"schools"}}},
        {"plugin check", {{"nowhere.so"}}},
        {"token create", {{"walk", "--role", "viewer"}}},
        {"token revoke", {{"none"}}},
    };
    return all;
}

// Commands that do not end, make something else, or are walked through below.
bool left_out(const std::string& command) {
    return command == "serve" || command == "demo" || command == "link" || command == "sync" ||
           command == "worker";
}

void expect_sane(const Output& ended, const std::string& command) {
    EXPECT_GE(ended.code, 0) << command;
    EXPECT_LE(ended.code, 3) << command << "\n" << ended.out << ended.err;
    EXPECT_TRUE(ended.code == 0 || !(ended.out + ended.err).empty()) << command << " fails without a word";
    for (const char* word :
         {"Segmentation", "terminate called", "Assertion", "INTERNAL Error", "nan%", "inf%"})
        EXPECT_EQ((ended.out + ended.err).find(word), std::string::npos) << command << ": " << ended.err;
}

void walk_commands(const Hub& hub) {
    const auto all = commands(hub);
    EXPECT_GT(all.size(), 20u) << "the help has another form";
    for (const Words& command : all) {
        const std::string name = joined(command);
        if (left_out(name)) continue;
        const auto known = arguments().find(name);
        for (const Words& more : known == arguments().end() ? std::vector<Words>{{}} : known->second) {
            Words line = command;
            line.insert(line.end(), more.begin(), more.end());
            const Output ended = hub.run(line);
            expect_sane(ended, joined(line));
            EXPECT_EQ(ended.err.find("is required"), std::string::npos)
                << "give this test what " << name << " needs: " << ended.err;
        }
    }
    for (const char* command : {"status", "runs", "datasets"})
        EXPECT_NE(hub.run({command}).code, 1) << command << " has nothing to fail at";
}

class Reader {
  public:
    Reader(const Hub& hub, const Daemon& daemon) : hub_(hub), daemon_(daemon) {
        Words create = {"token", "create", "reader"};
        for (const char* role : {"caseworker", "operator", "engineer", "review", "person"})
            create.insert(create.end(), {"--role", role});
        const Output made = hub.run(create);
        if (made.code != 0) throw std::runtime_error(made.err);
        key_["Authorization"] = "Bearer " + made.out.substr(0, made.out.find('\n'));
    }

    void walk() const {
        for (const char* path : {"/healthz/live",
                                 "/healthz/ready",
                                 "/healthz/feeds",
                                 "/metrics",
                                 "/api/v1/status",
                                 "/api/v1/runs",
                                 "/api/v1/runs/none",
                                 "/api/v1/datasets",
                                 "/api/v1/datasets/none",
                                 "/api/v1/review",
                                 "/api/v1/review?page=3",
                                 "/api/v1/review/tasks",
                                 "/api/v1/review/quality",
                                 "/api/v1/review/second",
                                 "/api/v1/review/sample",
                                 "/api/v1/review/models",
                                 "/api/v1/review/decisions",
                                 "/api/v1/review/decisions?waiting=true",
                                 "/api/v1/review/none",
                                 "/api/v1/review/none?blind=true",
                                 "/api/v1/person/P0000000000000A",
                                 "/odata/v4/",
                                 "/odata/v4/$metadata",
                                 "/odata/v4/none",
                                 "/files/latest/datapackage.json",
                                 "/files/20250101T000000Z/datapackage.json",
                                 "/files/latest/none/data.csv",
                                 "/",
                                 "/none"})
            (void)ask(path);
        told("/api/v1/person/find", R"({"surname":"Nobody","reason":"test"})");
        told("/api/v1/review/none/decision", R"({"word":"same","reason":"test"})");
        told("/api/v1/review/none/opinion", R"({"word":"same"})");
        told("/api/v1/review/seal", R"({"person":"P0000000000000A","other":"P0000000000001B","reason":"t"})");
        for (const char* act : {"approve", "refuse", "undo", "extend"})
            told("/api/v1/review/decisions/1/" + std::string(act), R"({"reason":"test"})");
        for (const char* act : {"approve", "refuse"})
            told("/api/v1/review/models/none/" + std::string(act), "{}");
    }

    // Every entity set that the service document names, every file of the data package.
    std::size_t walk_datasets() const {
        simdjson::dom::parser parser, inner;
        std::size_t sets = 0;
        const std::string document = ask("/odata/v4/").body;
        for (auto set : simdjson::dom::array(parser.parse(document)["value"])) {
            const std::string url = "/odata/v4/" + std::string(std::string_view(set["url"]));
            ++sets;
            for (const char* more : {"", "?$count=true&$top=5", "?$top=0", "?$skip=10"}) {
                const Reply reply = ask(url + more);
                EXPECT_EQ(reply.status, 200) << url << more << "\n" << reply.body.substr(0, 300);
                EXPECT_EQ(inner.parse(reply.body)["value"].error(), simdjson::SUCCESS) << url << more;
            }
            EXPECT_EQ(ask(url + "/$count").status, 200) << url;
            (void)ask(url + "('none')");
            const Reply described = ask("/api/v1/datasets/" + std::string(std::string_view(set["name"])));
            EXPECT_EQ(described.status, 200) << described.body;
        }
        std::size_t files = 0;
        const std::string package = ask("/files/latest/datapackage.json").body;
        for (auto resource : simdjson::dom::array(parser.parse(package)["resources"])) {
            ++files;
            const std::string path = "/files/latest/" + std::string(std::string_view(resource["path"]));
            const Reply reply = ask(path);
            EXPECT_EQ(reply.status, 200) << path;
            EXPECT_FALSE(reply.body.empty()) << path << ": a table without a row still has its header";
            if (path.ends_with(".csv")) {
                EXPECT_EQ(ask(path + "?variant=excel").status, 200) << path;
            }
        }
        EXPECT_EQ(files, 2 * sets) << "each set is there as Parquet and as CSV";
        return sets;
    }

  private:
    Reply ask(const std::string& path) const {
        const Reply reply = get(daemon_.url() + path, key_);
        check(reply, path);
        return reply;
    }
    void told(const std::string& path, const std::string& json) const {
        check(post(daemon_.url() + path, json, key_), "POST " + path);
    }
    void check(const Reply& reply, const std::string& path) const {
        EXPECT_NE(reply.status, 401) << path;
        EXPECT_NE(reply.status, 403) << path << "\n" << reply.body;
        const bool nothing_yet = reply.status == 503 && hub_.version().empty();
        EXPECT_TRUE(reply.status < 500 || nothing_yet) << path << " " << reply.status << "\n" << reply.body;
    }

    const Hub& hub_;
    const Daemon& daemon_;
    std::map<std::string, std::string> key_;
};

// Every command, then every address; then the daemon still ends as it should.
std::size_t walk(const Hub& hub) {
    walk_commands(hub);
    Daemon daemon(hub);
    const Reader reader(hub, daemon);
    reader.walk();
    const std::size_t sets = hub.version().empty() ? 0 : reader.walk_datasets();
    EXPECT_EQ(get(daemon.url() + "/healthz/live").status, 200);
    EXPECT_EQ(daemon.log().find("http.exception"), std::string::npos) << daemon.log();
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
    return sets;
}

// A table may lose all its rows here: that is what the test is about.
void let_tables_shrink(const Hub& hub) {
    hub.edit(hub.dir() / "hub.toml", "collapse_percent = 50", "collapse_percent = 100");
}

}  // namespace

TEST(EmptyHub, without_a_night_everything_answers) {
    const Hub hub(100, 1);
    remove_files(hub);
    walk(hub);
}

TEST(EmptyHub, without_any_file_everything_answers) {
    const Hub hub(100, 1);
    remove_files(hub);
    for (int night = 0; night < 2; ++night) expect_sane(hub.sync(), "sync");
    walk(hub);
}

TEST(EmptyHub, with_schools_only_it_publishes_them_and_nobody) {
    const Hub hub(100, 1);
    remove_files(hub, {"schools"});
    for (int night = 0; night < 2; ++night) {
        const Output ended = hub.sync();
        expect_sane(ended, "sync");
        EXPECT_NE(ended.code, 1) << ended.out << ended.err;
    }
    ASSERT_FALSE(hub.version().empty());
    EXPECT_NE(hub.ask("select count(*) from {dim_school}"), "0");
    EXPECT_EQ(hub.ask("select count(*) from {dim_person}"), "0");
    EXPECT_GT(walk(hub), 20u);
}

TEST(EmptyHub, the_last_child_leaves) {
    const Hub hub;  // large enough for a list that names somebody
    let_tables_shrink(hub);
    remove_files(hub, {"schools", "cme"});
    fs::path file;
    for (const auto& entry : fs::directory_iterator(hub.dir() / "feeds" / "cme")) file = entry.path();
    std::istringstream lines(read(file));
    std::string header, child;
    ASSERT_TRUE(std::getline(lines, header) && std::getline(lines, child));
    remove_files(hub, {"schools"});
    const auto deliver = [&](const char* day, const std::string& rows) {
        write(hub.dir() / "feeds" / "cme" / ("cme_" + std::string(day) + ".csv"), header + "\n" + rows);
    };
    deliver("20260105", child + "\n");
    const auto night = [&] {  // most feeds have nothing, which a person must look at
        const Output ended = hub.sync();
        EXPECT_TRUE(ended.code == 0 || ended.code == 3) << ended.code << ended.out << ended.err;
    };
    night();
    EXPECT_EQ(hub.ask("select count(*) from {dim_person}"), "1");

    deliver("20260112", "");
    night();
    const std::string status = hub.run({"status"}).out, approve = "sendhub batch approve ";
    if (const auto at = status.find(approve); at != std::string::npos) {  // one of one row is all of them
        const std::string batch = status.substr(at + approve.size());
        const Output done = hub.run({"batch", "approve", batch.substr(0, batch.find_first_of(" \n"))});
        expect_sane(done, "batch approve");
        EXPECT_NE(done.code, 1) << done.out << done.err;
    }
    night();
    EXPECT_EQ(hub.ask("select count(*) from {dim_person}"), "0") << hub.run({"status"}).out;
    EXPECT_GT(walk(hub), 20u);
}

// One file, two, and files of different columns: nothing in them, a header, one row, rows that name nobody.
TEST(EmptyHub, link_reads_files_without_anybody) {
    const Hub hub(100, 1);
    const std::map<std::string, std::string> files = {
        {"nothing.csv", ""},
        {"blank.csv", "\n\n"},
        {"header.csv", "id,forename,surname,birth_date,postcode\n"},
        {"one.csv", "id,forename,surname,birth_date,postcode\n1,Seren,Becker,2012-04-06,LS1 4AP\n"},
        {"nameless.csv", "id,forename,surname,birth_date,postcode\n1,,,,\n2,,,,\n3,,,,\n"},
        {"ids.csv", "id\n1\n2\n"},
    };
    for (const auto& [name, text] : files) write(hub.dir() / name, text);
    for (const auto& [first, text] : files) {
        (void)text;
        for (const std::string second : {"", "header.csv", "one.csv"}) {
            Words line = {"link", (hub.dir() / first).string()};
            if (!second.empty() && second != first) line.push_back((hub.dir() / second).string());
            const Words out = {"--out",    (hub.dir() / "out.csv").string(),
                               "--report", (hub.dir() / "report.html").string(),
                               "--pairs",  (hub.dir() / "pairs.csv").string(),
                               "--model",  (hub.dir() / "model.json").string()};
            line.insert(line.end(), out.begin(), out.end());
            fs::remove(hub.dir() / "out.csv");
            const Output ended = hub.run(line);
            expect_sane(ended, joined(line));
            if (ended.code == 0) {
                EXPECT_EQ(read(hub.dir() / "out.csv").substr(0, 10), "id,cluster") << joined(line);
                const std::string report = read(hub.dir() / "report.html");
                for (const char* word : {"nan", "-nan", "inf%"})
                    EXPECT_EQ(report.find(">" + std::string(word)), std::string::npos) << joined(line);
            }
        }
    }
}

}  // namespace sendhub::e2e
