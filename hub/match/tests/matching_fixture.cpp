#include "hub/match/tests/matching_fixture.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "schemas/registry.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::match {

std::string valid_upn(unsigned number) {
    std::string digits = std::to_string(number);
    std::string body = "873" + std::string(9 - digits.size(), '0') + digits;
    return rules::upn_check_letter(body) + body;
}

std::string valid_nhs_number(unsigned number) {
    for (unsigned last = 0;; ++last) {
        const std::string digits = std::to_string(number * 10 + last);
        std::string value = "999" + std::string(7 - digits.size(), '0') + digits;
        if (rules::nhs_number_state(value) == rules::IdState::valid) return value;
    }
}

void Matching::SetUp() {
    auto db = duck::Database::open("");
    ASSERT_TRUE(db);
    auto c = db->connect();
    ASSERT_TRUE(c);
    con = std::make_unique<duck::Connection>(std::move(*c));
    sql("set timezone = 'UTC'");
    for (const auto& record : schema::records()) sql(record.ddl);
    for (const char* migration : {"0001_bookkeeping.sql", "0002_people.sql", "0003_matching.sql",
                                  "0005_sealings.sql", "0006_follows.sql"}) {
        std::ifstream file(std::string(SENDHUB_SOURCE_DIR "/hub/store/migrations/") + migration);
        std::stringstream text;
        text << file.rdbuf();
        sql(text.str());
    }
    sql("insert into hub_secret values ('person_id', '00112233445566778899aabbccddeeff')");
}

void Matching::sql(std::string_view text) {
    const auto done = con->run(text);
    ASSERT_TRUE(done) << done.error().sentence << "\n" << text;
}

void Matching::remove(const std::string& feed, const std::string& ref) {
    for (const char* table : {"person_record", "person_identifier", "address"})
        ASSERT_TRUE(con->run("delete from " + std::string(table) + " where feed = ? and person_ref = ?",
                             {std::string_view(feed), std::string_view(ref)}));
}

void Matching::close(const std::string& feed, const std::string& ref) {
    for (const std::string table : {"person_record", "person_identifier", "address"})
        ASSERT_TRUE(con->run("insert into " + table +
                                 "_history by name select *, ? as valid_to, 'b' as closed_by from " + table +
                                 " where feed = ? and person_ref = ?",
                             {duck::Timestamp{now}, std::string_view(feed), std::string_view(ref)}));
    remove(feed, ref);
}

void Matching::put(const Child& c) {
    remove(c.feed, c.ref);
    const std::string end = ", 'b', 0, 0, '2026-01-01 00:00:00Z')";
    auto status = con->run(
        "insert into person_record (feed, scope, source_key, person_ref, forename, surname, birth_date, sex, "
        "batch_id, file_no, source_row, valid_from) values (?, 's', ?, ?, ?, ?, nullif(?, '')::date, "
        "nullif(?, "
        "'')" +
            end,
        {std::string_view(c.feed), std::string_view(c.ref), std::string_view(c.ref),
         std::string_view(c.forename), std::string_view(c.surname), std::string_view(c.born),
         std::string_view(c.sex)});
    ASSERT_TRUE(status) << status.error().sentence;
    const std::array<std::pair<const char*, const std::string*>, 3> ids = {
        {{"UPN", &c.upn}, {"FORMER_UPN", &c.former_upn}, {"NHS_NUMBER", &c.nhs}}};
    for (const auto& [type, value] : ids) {
        if (value->empty()) continue;
        const std::string key = c.ref + "/" + type;
        ASSERT_TRUE(
            con->run("insert into person_identifier (feed, scope, source_key, person_ref, id_type, "
                     "id_value, id_state, batch_id, file_no, source_row, valid_from) values (?, 's', ?, "
                     "?, ?, ?, 'valid'" +
                         end,
                     {std::string_view(c.feed), std::string_view(key), std::string_view(c.ref),
                      std::string_view(type), std::string_view(*value)}));
    }
    if (!c.postcode.empty()) {
        ASSERT_TRUE(
            con->run("insert into address (feed, scope, source_key, person_ref, postcode, batch_id, "
                     "file_no, source_row, valid_from) values (?, 's', ?, ?, ?" +
                         end,
                     {std::string_view(c.feed), std::string_view(c.ref), std::string_view(c.ref),
                      std::string_view(c.postcode)}));
    }
}

std::int64_t Matching::decide(const std::string& verdict, const std::string& feed_a, const std::string& ref_a,
                              const std::string& feed_b, const std::string& ref_b) {
    const std::int64_t id = number("select coalesce(max(decision_id), 0) + 1 from match_decision");
    const auto done = con->run(
        "insert into match_decision (decision_id, feed_a, person_ref_a, feed_b, person_ref_b, verdict, word, "
        "state, "
        "proposed_by, proposed_at, fingerprint_a, fingerprint_b) select ?, a.feed, a.person_ref, b.feed, "
        "b.person_ref, ?, ?, 'active', 'officer', '2026-01-01 00:00:00Z', a.fingerprint, b.fingerprint from "
        "match_record a, match_record b where a.feed = ? and a.person_ref = ? and b.feed = ? and "
        "b.person_ref = ?",
        {id, std::string_view(verdict), std::string_view(verdict), std::string_view(feed_a),
         std::string_view(ref_a), std::string_view(feed_b), std::string_view(ref_b)});
    EXPECT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(number("select count(*) from match_decision where decision_id = " + std::to_string(id)), 1);
    return id;
}

void Matching::undo(std::int64_t decision) {
    sql("update match_decision set state = 'undone' where decision_id = " + std::to_string(decision));
}

MatchOutcome Matching::run() {
    now += 86'400'000'000;
    auto out = run_matching(*con, settings, "run" + std::to_string(++night), now);
    EXPECT_TRUE(out) << out.error().sentence;
    return out ? *out : MatchOutcome();
}

std::string Matching::text(std::string_view query) {
    auto rows = con->query(query);
    EXPECT_TRUE(rows) << rows.error().sentence << "\n" << query;
    if (!rows || !rows->next()) return "(no row)";
    return std::string(rows->text(0));
}

std::int64_t Matching::number(std::string_view query) {
    auto found = con->count(query);
    EXPECT_TRUE(found) << found.error().sentence << "\n" << query;
    return found ? *found : -1;
}

std::string Matching::person_of(const std::string& feed, const std::string& ref) {
    auto rows = con->query("select person_key from person_link where feed = ? and person_ref = ?",
                           {std::string_view(feed), std::string_view(ref)});
    EXPECT_TRUE(rows);
    if (!rows || !rows->next()) return "(none)";
    return std::string(rows->text(0));
}

}  // namespace sendhub::match
