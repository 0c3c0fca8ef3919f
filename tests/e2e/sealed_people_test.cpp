// Two children with an identity before and one after adoption, alike enough that the hub joins the one child
// and asks about the other. Two officers seal them. From then on every output of every night is searched:
// no row, reply, page, line or file shows both sides of a child to anybody, and without the right to sealed
// records nothing of either side is found, nor that there is anything to find.
//
// Test output is a log too: a failure tells where, never what.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

using Row = std::map<std::string, std::string>;  // by the header of the list
using Environment = std::map<std::string, std::string>;

struct Side {
    std::vector<std::string> marks;  // identifiers, keys of records, a name that only this side has
    std::set<std::string> people;    // ids of persons since the sealing
    [[nodiscard]] bool stands_in(std::string_view text) const {
        const auto in = [&](const std::string& trace) { return text.find(trace) != std::string_view::npos; };
        return std::ranges::any_of(marks, in) || std::ranges::any_of(people, in);
    }
};
struct Child {
    std::string forename, surname, born;
    Side before, after;
    [[nodiscard]] bool meets_in(std::string_view text) const {
        return before.stands_in(text) && after.stands_in(text);
    }
};

// Is two people with two UPNs and a case; and one person by name, birth date and postcode.
Child asked_about() {
    return {"Qwvorla",
            "Zzyearlier",
            "2014-05-06",
            {{"G873200900001", "9997771028", "M-7101"}, {}},
            {{"H873200900102", "C-7201", "C-7299"}, {}}};
}
Child joined() {
    return {"Wyxilda",
            "Vvkbefore",
            "2013-08-17",
            {{"J873200900203", "H-7301", "C-7302"}, {}},
            {{"9997772032", "M-7401", "M-7499"}, {}}};
}

Row move_in(const std::string& ref, const std::string& surname, const std::string& forename,
            const std::string& born, const std::string& upn, const std::string& nhs,
            const std::string& postcode) {
    return {{"Move Ref", ref},
            {"Direction", "Moved in"},
            {"UPN", upn},
            {"NHS No", nhs},
            {"Family Name", surname},
            {"Given Name", forename},
            {"Born", born},
            {"M/F", "Girl"},
            {"Postcode", postcode},
            {"From LA", "810"},
            {"Date of Move", "11/11/2025"},
            {"Notified On", "12/11/2025"},
            {"Notified By", "School"}};
}
Row missing(const std::string& ref, const std::string& surname, const std::string& forename,
            const std::string& born, const std::string& sex, const std::string& upn,
            const std::string& postcode) {
    return {{"Child Ref", ref},
            {"UPN", upn},
            {"Surname", surname},
            {"Forename", forename},
            {"DOB", born},
            {"Gender", sex},
            {"Postcode", postcode},
            {"Case Status", "Open"},
            {"Date Opened", "15/10/2025"},
            {"Date Referred", "14/10/2025"},
            {"Referred By", "School"},
            {"Reason", "Moved into area"}};
}
Row home_educated(const std::string& ref, const std::string& surname, const std::string& forename,
                  const std::string& born, const std::string& upn, const std::string& postcode) {
    return {{"EHE_ID", ref},
            {"UPN", upn},
            {"SURNAME", surname},
            {"FORENAME", forename},
            {"DATE_OF_BIRTH", born},
            {"SEX", "F"},
            {"POSTCODE", postcode},
            {"EHE_START", "2025-09-05"},
            {"LA_NOTIFIED", "2025-09-18"},
            {"PRIMARY_REASON", "Lifestyle"},
            {"SUITABILITY", "Suitable"}};
}

// The county with the planted rows, and everything that it puts out.
class Sealed : public ::testing::Test {
  protected:
    // ---- what the feeds send

    void plant(const std::string& feed, const std::vector<Row>& rows) {
        const fs::path file = hub.dir() / "feeds" / feed / (feed + ".csv");
        if (!as_made.contains(feed)) as_made[feed] = read(file);
        std::string text = as_made[feed];
        const std::string header = text.substr(0, text.find_first_of("\r\n"));
        for (const Row& row : rows) {
            std::size_t filled = 0;
            bool first = true;
            for (std::string name : csv_cells(header)) {
                if (name.starts_with("\xEF\xBB\xBF")) name = name.substr(3);
                const auto cell = row.find(name);
                text += (first ? "" : ",") + (cell == row.end() ? "" : cell->second);
                filled += cell != row.end();
                first = false;
            }
            ASSERT_EQ(filled, row.size()) << feed << ": a column has another name";
            text += "\r\n";
        }
        write(file, text);
    }
    // rekeyed: a side of each child comes with another key, the one with its number and the other without any
    void plant_all(const std::string& postcode, bool lookalike, bool rekeyed = false) {
        const Child &a = asked, &j = together;
        plant("moves", {move_in("M-7101", a.surname, a.forename, "06/05/2014", "G873200900001", "9997771028",
                                postcode),
                        move_in(rekeyed ? "M-7499" : "M-7401", j.surname, j.forename, "17/08/2013", "",
                                rekeyed ? "" : "9997772032", postcode)});
        std::vector<Row> lists = {
            missing(rekeyed ? "C-7299" : "C-7201", a.surname, a.forename, "06/05/2014", "Female",
                    "H873200900102", postcode),
            missing("C-7302", j.surname, j.forename, "17/08/2013", "Female", "J873200900203", postcode),
            missing("C-7501", j.surname, "Tomkin", "17/02/2010", "Male", "", postcode)};  // the brother
        if (lookalike)
            lists.push_back(missing("C-7601", a.surname, "Qwvorle", "06/05/2014", "Female", "", postcode));
        plant("cme", lists);
        plant("ehe", {home_educated("H-7301", j.surname, j.forename, j.born, "J873200900203", postcode)});
    }

    Output night() const { return hub.run({"--log-format", "json", "--log-level", "debug", "sync"}); }

    // ---- who looks

    std::string key(const std::string& name, const std::vector<std::string>& roles) const {
        std::vector<std::string> command{"token", "create", name};
        for (const std::string& role : roles) command.insert(command.end(), {"--role", role});
        const Output made = hub.run(command);
        EXPECT_EQ(made.code, 0) << name;
        return made.out.substr(0, made.out.find('\n'));
    }
    Environment named() const { return {{"SENDHUB_KEY", officer}}; }

    // ---- what is searched for

    std::vector<Child*> children() { return {&asked, &together}; }

    // To nobody both sides of a child.
    void apart(const std::string& text, const std::string& where) {
        for (const Child* child : children())
            EXPECT_FALSE(child->meets_in(text)) << "both sides of a child stand in " << where;
    }
    // Without the right nothing of either side, and no word of a barrier.
    void nothing(const std::string& text, const std::string& where) {
        for (const Child* child : children()) {
            const bool found = child->before.stands_in(text) || child->after.stands_in(text) ||
                               text.find(child->forename) != std::string::npos;
            EXPECT_FALSE(found) << "something of a sealed child stands in " << where;
        }
        EXPECT_EQ(text.find(until), std::string::npos) << "the day of a sealing in " << where;
        const std::string words = lower(text);
        for (const std::string telling : {"seal", "barrier", "adopt", "court order"}) {
            // as the begin of a word: the register's files are named edubasealldata
            bool found = false;
            for (std::size_t at = 0; (at = words.find(telling, at)) != std::string::npos; ++at)
                found |= at == 0 || !std::isalpha(static_cast<unsigned char>(words[at - 1]));
            EXPECT_FALSE(found) << "the word " << telling << " in " << where;
        }
    }

    // Rows of datasets are of one person each: no row holds both sides, and no person has rows of both.
    struct Holders {
        std::map<const Child*, std::pair<std::set<std::string>, std::set<std::string>>> of;
    };
    void look_at_row(const std::string& row, const std::optional<std::string>& person, Holders& holders,
                     const std::string& where) {
        apart(row, "a row of " + where);
        if (!person || person->empty()) return;
        for (const Child* child : children()) {
            if (child->before.stands_in(row)) holders.of[child].first.insert(*person);
            if (child->after.stands_in(row)) holders.of[child].second.insert(*person);
        }
    }
    void no_person_holds_both(const Holders& holders, const std::string& where) {
        for (const auto& [child, sides] : holders.of)
            for (const std::string& person : sides.first)
                EXPECT_FALSE(sides.second.contains(person))
                    << "one person has rows of both sides in " << where;
    }
    void look_at_csv(const std::string& csv, Holders& holders, const std::string& where) {
        std::istringstream in(csv);
        std::string line;
        std::getline(in, line);
        const auto names = csv_cells(line);
        const auto at = std::ranges::find(names, "person_key");
        while (std::getline(in, line)) {
            const auto cells = csv_cells(line);
            const auto place = static_cast<std::size_t>(at - names.begin());
            look_at_row(line, place < cells.size() ? std::optional(cells[place]) : std::nullopt, holders,
                        where);
        }
    }

    // ---- where it is searched

    // Every version that is kept, and not only the current one.
    void search_publications() {
        std::size_t rows_of_children = 0;
        for (const auto& version : fs::directory_iterator(hub.state() / "published")) {
            if (version.is_symlink() || !version.is_directory()) continue;
            Holders holders;
            for (const auto& dataset : fs::directory_iterator(version.path()))
                if (dataset.is_directory())
                    look_at_csv(read(dataset.path() / "data.csv"), holders,
                                "the dataset " + dataset.path().filename().string());
            no_person_holds_both(holders, "a published version");
            rows_of_children += holders.of.size();
        }
        EXPECT_GT(rows_of_children, 0u) << "each side is published by itself, else this searches nothing";
        for (const std::string& dataset : hub.datasets())
            for (const std::string& row : hub.content(dataset)) apart(row, "data.parquet of " + dataset);
    }
    void search_files() {
        for (const auto& entry : fs::recursive_directory_iterator(hub.state())) {
            const std::string name = entry.path().filename();
            if (!entry.is_regular_file() || name == "audit.log" || name == "tokens.json") continue;
            if (name.ends_with(".json") || name.ends_with(".jsonl") || name.ends_with(".log"))
                nothing(read(entry.path()), name);
        }
        // who looked at what before the sealing stays on record
        std::istringstream audit(read(hub.state() / "audit.log").substr(audited));
        for (std::string line; std::getline(audit, line);) {
            apart(line, "a line of the audit log");
            EXPECT_EQ(line.find("court order"), std::string::npos) << "the audit log tells of the sealing";
        }
    }

    std::vector<std::vector<std::string>> questions() {
        std::vector<std::vector<std::string>> all = {{"status"},
                                                     {"runs"},
                                                     {"datasets"},
                                                     {"review"},
                                                     {"review", "pending"},
                                                     {"review", "decisions"},
                                                     {"review", "tasks"},
                                                     {"review", "second"},
                                                     {"review", "sample"},
                                                     {"review", "quality"},
                                                     {"review", "model", "list"}};
        for (const char* feed : {"cme", "ehe", "moves", "school_census"})
            all.push_back({"rejects", feed, "--warnings"});
        for (const std::string& id : cases) all.push_back({"review", "show", id});
        for (const Child* child : children()) {
            for (const Side* side : {&child->before, &child->after})
                for (const std::string& person : side->people)
                    all.push_back({"person", person, "--reason", "a call"});
            all.push_back({"person", "--find", "--surname", child->surname, "--reason", "a call"});
            all.push_back({"person", "--find", "--surname", child->surname, "--forename", child->forename,
                           "--born", child->born, "--reason", "a call"});
            for (const Side* side : {&child->before, &child->after})
                for (const std::string& mark : side->marks)
                    if (mark.find('-') == std::string::npos)
                        all.push_back({"person", "--find", std::isalpha(mark[0]) ? "--upn" : "--nhs", mark,
                                       "--reason", "a call"});
        }
        return all;
    }
    void search_commands() {
        for (const auto& question : questions())
            for (const bool json : {true, false}) {
                if (!json && !last_night) continue;
                auto command = question;
                if (json) command.emplace_back("--json");
                const std::string where =
                    "sendhub " + question[0] +
                    (question[0] == "review" && question.size() > 1 ? " " + question[1] : "");
                const Output told = hub.run(command);
                nothing(told.out + told.err, where);
                if (question[0] == "review" || question[0] == "person")
                    apart(hub.run(command, named()).out, where + " with the right");
            }
        if (!last_night) return;
        for (const std::string& id : samples_and_cases(named()))
            apart(hub.run({"review", "show", id, "--json"}, named()).out, "a case with the right");
        for (const std::string& id : samples_and_cases({})) {
            const Output told = hub.run({"review", "show", id, "--json"});
            EXPECT_EQ(told.code, 0);
            nothing(told.out + told.err, "a case");
        }
    }
    std::set<std::string> samples_and_cases(const Environment& who) const {
        std::set<std::string> ids;
        const std::string told =
            hub.run({"review", "sample", "--json"}, who).out + hub.run({"review", "--json"}, who).out;
        for (std::size_t at = 0; (at = told.find_first_of("CS", at)) != std::string::npos; ++at) {
            const std::size_t size = told[at] == 'C' ? 9 : 11;
            if (at > 0 && told[at - 1] == '"' && at + size < told.size() && told[at + size] == '"')
                ids.insert(told.substr(at, size));
        }
        return ids;
    }

    void search_http() {
        Daemon daemon(hub);
        std::vector<std::string> paths = {"/metrics",
                                          "/healthz/live",
                                          "/healthz/ready",
                                          "/healthz/feeds",
                                          "/api/v1/status",
                                          "/api/v1/runs",
                                          "/api/v1/datasets",
                                          "/api/v1/review",
                                          "/api/v1/review/decisions",
                                          "/api/v1/review/decisions?waiting=true",
                                          "/api/v1/review/tasks",
                                          "/api/v1/review/quality",
                                          "/api/v1/review/second",
                                          "/api/v1/review/sample",
                                          "/api/v1/review/models",
                                          "/odata/v4/",
                                          "/odata/v4/$metadata",
                                          "/files/current/datapackage.json"};
        for (const std::string& id : cases) paths.push_back("/api/v1/review/" + id);
        std::vector<std::string> bodies;
        for (const Child* child : children()) {
            for (const Side* side : {&child->before, &child->after}) {
                for (const std::string& person : side->people) paths.push_back("/api/v1/person/" + person);
                for (const std::string& mark : side->marks)
                    if (mark.find('-') == std::string::npos)
                        bodies.push_back(
                            std::string(std::isalpha(mark[0]) ? R"({"upn":")" : R"({"nhs_number":")") + mark +
                            R"(","reason":"a call"})");
            }
            bodies.push_back(R"({"surname":")" + child->surname + R"(","forename":")" + child->forename +
                             R"(","born":")" + child->born + R"(","reason":"a call"})");
        }
        bool rows_were_seen = false;
        for (const auto& [name, token] : keys) {
            if (!last_night && name != "caseworker" && name != "reviewer" && name != "officer") continue;
            Environment headers{{"Authorization", "Bearer " + token}, {"X-Access-Reason", "a call"}};
            const auto look = [&](const Reply& reply, const std::string& where) {
                EXPECT_LT(reply.status, 500) << where;
                if (name == "officer")
                    apart(reply.body, where + " with the right");
                else
                    nothing(reply.body, where + " for " + name);
            };
            for (const std::string& path : paths)
                look(get(daemon.url() + path, headers), path.substr(0, path.rfind('/') + 1));
            const Reply tasks = get(daemon.url() + "/api/v1/review/tasks", headers);
            if (name == "officer") {
                EXPECT_NE(tasks.body.find("sealing 1"), std::string::npos) << "the officer is told";
            } else if (tasks.status == 200) {
                EXPECT_TRUE(tasks.body == R"({"tasks":[]})") << name << " is told of a task";
            }
            for (const std::string& body : bodies)
                look(post(daemon.url() + "/api/v1/person/find", body, headers), "/api/v1/person/find");
            // asked for, a sealed person or case is as one that never was
            if (name == "officer") continue;
            const auto answer = [&](const std::string& path) {
                const Reply reply = get(daemon.url() + path, headers);
                const auto id = reply.body.find("request_id");
                return std::to_string(reply.status) + reply.body.substr(0, id);
            };
            for (const std::string& path : paths) {
                const bool person = path.starts_with("/api/v1/person/");
                if (!person &&
                    std::ranges::none_of(cases, [&](const auto& id) { return path.ends_with(id); }))
                    continue;
                EXPECT_TRUE(answer(path) ==
                            answer(person ? "/api/v1/person/PNEVER" : "/api/v1/review/CNEVERWAS"))
                    << name << " is answered otherwise than for an id that never was";
            }
            headers["Prefer"] = "odata.maxpagesize=5000";
            Holders holders;
            for (const std::string& dataset : hub.datasets()) {
                const Reply reply = get(daemon.url() + "/odata/v4/" + dataset, headers);
                if (reply.status != 200) continue;
                simdjson::dom::parser parser;
                simdjson::dom::element root = parser.parse(reply.body);
                EXPECT_TRUE(root["@odata.nextLink"].error()) << dataset << " has more than a page";
                for (const simdjson::dom::element row : root["value"]) {
                    std::string_view person;
                    const bool of_one = !row["person_key"].get(person);
                    look_at_row(simdjson::minify(row),
                                of_one ? std::optional(std::string(person)) : std::nullopt, holders,
                                "OData " + dataset);
                }
                for (const std::string& version : withdrawn)
                    EXPECT_EQ(
                        get(daemon.url() + "/files/" + version + "/" + dataset + "/data.csv", headers).status,
                        410)
                        << "a version from before the sealing is served still";
            }
            no_person_holds_both(holders, "OData");
            rows_were_seen |= holders.of.size() == 2;
        }
        EXPECT_TRUE(rows_were_seen)
            << "a caseworker reads of each side by itself, else this searches nothing";
        nothing(daemon.log(), "the daemon's log");
        EXPECT_EQ(daemon.stop(), 0);
    }

    // The data goes on to say that each of the two is one child: the officers hear it, and nobody else.
    void search_tasks() {
        const std::string told = hub.run({"review", "tasks"}, named()).out;
        for (const std::string& sealing : {std::string("sealing 1:"), second})
            EXPECT_NE(told.find(sealing), std::string::npos) << "no task of " << sealing;
        EXPECT_NE(told.find("agree in name, birth date"), std::string::npos);
        for (const Environment& who : {Environment{}, Environment{{"SENDHUB_KEY", keys["reviewer"]}}}) {
            EXPECT_TRUE(hub.run({"review", "tasks"}, who).out == "no task waits for you\n");
            EXPECT_TRUE(hub.run({"review", "tasks", "--json"}, who).out == "{\"tasks\":[]}\n");
        }
    }

    // What waits for a person, as told by the night, by the published figures and to a reviewer, is one
    // number: a difference would tell that there is more.
    void counts_agree(const Output& told) {
        const std::string list = hub.run({"review", "--json"}).out;
        const std::string waiting = list.substr(list.find(':') + 1, list.find(',') - list.find(':') - 1);
        EXPECT_NE(told.out.find(" " + waiting + " cases wait for a person"), std::string::npos);
        EXPECT_EQ(
            hub.ask("select counted_count from {match_figure} where topic = 'cases a 1,000 records' and "
                    "item = 'all'"),
            waiting);
        EXPECT_EQ(
            hub.ask("select coalesce(sum(case_count), 0) from {match_quality} where other_feed = 'any'"),
            std::to_string(2 * std::stol(waiting)))
            << "each case has two sides";
    }

    // Whose each side is since the last night; also that they are not one.
    void read_people() {
        for (Child* child : children()) {
            for (Side* side : {&child->before, &child->after})
                for (const std::string& mark : side->marks)
                    if (std::string person = person_of(mark); !person.empty())
                        side->people.insert(std::move(person));
            for (const std::string& person : child->before.people)
                EXPECT_FALSE(child->after.people.contains(person)) << "both sides have had one id";
            EXPECT_FALSE(child->before.people.empty());
            EXPECT_FALSE(child->after.people.empty());
        }
    }
    std::string person_of(const std::string& ref) const {
        return hub.ask("select max(person_key) from {person_link} where source_record_ref = '" + ref + "'");
    }
    void search_everything(const Output& night) {
        EXPECT_NE(night.code, 1);
        read_people();
        nothing(night.out + night.err, "what the night printed and logged");
        search_publications();
        search_commands();
        search_tasks();
        search_http();
        search_files();
        counts_agree(night);
        EXPECT_NE(hub.run({"person", "--find", "--surname", together.surname, "--reason", "a call"})
                      .out.find("Tomkin"),
                  std::string::npos)
            << "the brother is found: else nobody would be";
    }

    std::string case_of(const Child& child, const Environment& who) const {
        for (const std::string& id : samples_and_cases(who)) {
            const std::string told = hub.run({"review", "show", id, "--json"}, who).out;
            const auto a = told.find("\"records_a\""), b = told.find("\"records_b\"");
            if (b == std::string::npos) continue;
            const auto compared = [&](std::size_t at) { return told.substr(at, told.find('}', at) - at); };
            if (child.meets_in(compared(a) + compared(b)) && !child.meets_in(compared(a)) &&
                !child.meets_in(compared(b)))
                return id;
        }
        return "";
    }
    void seal(const std::string& id, std::int64_t decision) {
        const std::string number = std::to_string(decision);
        EXPECT_EQ(hub.run({"review", "decide", id, "seal", "--reason", "court order"}).code, 1)
            << "it needs the right";
        EXPECT_EQ(
            hub.run({"review", "decide", id, "seal", "--reason", "court order", "--until", until}, named())
                .code,
            3);
        // proposed: a reviewer is told nothing, and cannot settle it otherwise
        const Output never = hub.run({"review", "decide", "CNEVERWAS", "same", "--reason", "alike"}),
                     other = hub.run({"review", "decide", id, "same", "--reason", "alike"});
        EXPECT_EQ(other.code, never.code);
        EXPECT_TRUE(other.err == never.err) << "a proposed sealing is told to a reviewer";
        EXPECT_EQ(hub.run({"review", "show", id}).code, 1);
        EXPECT_EQ(hub.run({"review", "approve", number}).code, 1) << "it needs the right";
        EXPECT_EQ(hub.run({"review", "approve", number}, named()).code, 1) << "nobody approves their own";
        EXPECT_EQ(hub.run({"review", "approve", number}, {{"SENDHUB_KEY", deputy}}).code, 0);
    }

    const Hub hub{150, 7};
    Child asked = asked_about(), together = joined();
    std::map<std::string, std::string> as_made;  // the county's own lists
    std::map<std::string, std::string> keys;     // one for each role
    std::string officer, deputy;                 // keys with the right
    const std::string until = "2098-07-06";      // the sealings were made until
    std::string second = "sealing 2:";           // that parts the second child
    std::vector<std::string> cases;              // that were sealed
    std::vector<std::string> withdrawn;          // versions from before the sealing
    bool last_night = false;                     // in every form and for every role; else for a few
    std::size_t audited = 0;                     // of the audit log, before the sealing
};

}  // namespace

TEST_F(Sealed, a_sealed_pair_is_in_no_output_of_any_night) {
    plant_all("XD1 1BU", false);
    ASSERT_NE(night().code, 1);
    ASSERT_NE(hub.version(), "");
    for (const char* role : {"viewer", "analyst", "caseworker", "data_steward", "operator", "engineer",
                             "admin", "auditor", "review", "person", "sealed"})
        keys[role] = key(role, {role});
    keys["reviewer"] = key("reviewer", {"review", "person"});
    keys["officer"] = officer = key("officer", {"review", "person", "sealed"});
    deputy = key("deputy", {"review", "sealed"});

    // Before: the one is one person and the other a case, and the same places do show them together.
    const std::string one = person_of("M-7401");
    ASSERT_EQ(person_of("H-7301"), one);
    ASSERT_EQ(person_of("C-7302"), one);
    EXPECT_TRUE(together.meets_in(hub.run({"person", one, "--reason", "a call"}).out));
    ASSERT_NE(person_of("M-7101"), person_of("C-7201"));
    const std::string asks = case_of(asked, {}), drawn = case_of(together, {});
    ASSERT_NE(asks, "") << "the pair is a case";
    ASSERT_NE(drawn, "") << "the joined pair was drawn for review";
    EXPECT_TRUE(asked.meets_in(hub.run({"review", "show", asks}).out));
    EXPECT_NE(hub.run({"person", "--find", "--surname", asked.surname, "--reason", "a call"})
                  .out.find(asked.forename),
              std::string::npos);
    withdrawn.push_back(hub.version());

    audited = read(hub.state() / "audit.log").size();
    seal(asks, 1);
    seal(drawn, 2);
    cases = {asks, drawn};
    search_commands();  // from the word of the second officer on

    search_everything(night());

    // both feeds say something new of every record, and somebody comes who is like both sides of one child
    plant_all("XD1 1BX", true);
    search_everything(night());
    const std::string like = case_of({"", "", "", {{"C-7601"}, {}}, {{"M-7101", "C-7201"}, {}}}, named());
    EXPECT_NE(like, "") << "the officer is asked about the one who is like a sealed child";
    cases.push_back(like);

    // the record of one side goes, and comes with another key: it is the same child, on the same side
    plant_all("XD1 1BX", true, true);
    last_night = true;
    second = "sealing 3:";  // it follows the second one
    search_everything(night());
    EXPECT_NE(person_of("C-7299"), "");
    EXPECT_NE(person_of("M-7499"), "");
    const std::string tasks = hub.run({"review", "tasks"}, named()).out;
    EXPECT_NE(tasks.find("A record came to moves"), std::string::npos);
    EXPECT_NE(tasks.find("sealing 3 parts it as sealing 2 does"), std::string::npos);

    // each side by itself is there for the officer with the right
    for (const Child* child : children())
        for (const auto& [side, mark] : {std::pair(&child->before, child->before.marks.back()),
                                         std::pair(&child->after, child->after.marks.back())}) {
            const Output page = hub.run({"person", person_of(mark), "--reason", "a call"}, named());
            EXPECT_EQ(page.code, 0) << page.err;
            EXPECT_TRUE(side->stands_in(page.out));
        }
    EXPECT_NE(hub.run({"review", "decisions"}, named()).out.find("seal"), std::string::npos);
    EXPECT_NE(hub.run({"person", "--find", "--surname", asked.surname, "--reason", "a call"}, named())
                  .out.find("may not be shown together"),
              std::string::npos);
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
}
