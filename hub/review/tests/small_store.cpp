#include "hub/review/tests/small_store.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "base/files.hpp"
#include "schemas/registry.hpp"

namespace sendhub::review::testing {

const char* const kExplanation =
    R"({"model":"2026-01-20.1","a":"census:c1","b":"health:h1","prior":-19.9,"household":-1.0,"total":18.0,"p":0.99,)"
    R"("p_calibrated":0.98,"decision":"review","reasons":["V1 two different valid UPNs"],"steps":[)"
    R"({"field":"name","level":"forename and surname equal","a":"Aisha Khan","b":"Aisha Khan","m":0.03,"u":0.000007,)"
    R"("bits":12.1,"tf":-2.2,"note":"Khan is common: 1 in 110"},)"
    R"({"field":"date of birth","level":"day and month swapped","a":"2012-04-03","b":"2012-03-04","bits":7.0,"tf":0.0},)"
    R"({"field":"place","level":"same unit","a":"LS1 1AA","b":"LS1 1AA","bits":22.0,"tf":0.0}],)"
    R"("blocked_by":["names"],"evidence_missing":["UPN on health"]})";

namespace {
void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().sentence);
}
}  // namespace

SmallStore::SmallStore(const std::filesystem::path& made) {
    auto db = duck::Database::open(made, {{"threads", "1"}});
    if (!db) throw std::runtime_error(db.error().sentence);
    database_ = std::make_unique<duck::Database>(std::move(*db));
    auto connection = database_->connect();
    if (!connection) throw std::runtime_error(connection.error().sentence);
    connection_ = std::make_unique<duck::Connection>(std::move(*connection));
}

SmallStore::SmallStore() : SmallStore(std::filesystem::path()) {
    for (const auto& record : schema::records()) run(std::string(record.ddl));
    std::vector<std::filesystem::path> migrations;
    for (const auto& entry : std::filesystem::directory_iterator(SENDHUB_SOURCE_DIR "/hub/store/migrations"))
        if (entry.path().extension() == ".sql") migrations.push_back(entry.path());
    std::ranges::sort(migrations);
    for (const auto& file : migrations) {
        const auto sql = read_file(file);
        if (!sql) throw std::runtime_error(sql.error().sentence);
        run(*sql);
    }
    run("insert into hub_secret values ('person_id', '00112233445566778899aabbccddeeff')");
}

void SmallStore::run(const std::string& sql) { must(connection_->run(sql)); }

std::int64_t SmallStore::count(const std::string& sql) {
    const auto number = connection_->count(sql);
    if (!number) throw std::runtime_error(number.error().sentence);
    return *number;
}

std::string SmallStore::text(const std::string& sql) {
    auto rows = connection_->query(sql);
    if (!rows) throw std::runtime_error(rows.error().sentence);
    return rows->next() ? text_at(*rows, 0) : "(no row)";
}

void SmallStore::child(const Child& c) {
    const std::string_view feed = c.feed, ref = c.ref;
    must(connection_->run(
        "insert into person_record (feed, scope, source_key, person_ref, forename, surname, "
        "birth_date, batch_id, file_no, source_row, valid_from) values (?, 's', ?, ?, ?, ?, ?::date, "
        "'b1', 0, 0, '2026-01-01 00:00:00Z')",
        {feed, ref, ref, std::string_view(c.forename), std::string_view(c.surname),
         std::string_view(c.born)}));
    for (const auto& [type, value] : {std::pair{"UPN", c.upn}, std::pair{"NHS_NUMBER", c.nhs}})
        if (!value.empty())
            must(connection_->run(
                "insert into person_identifier (feed, scope, source_key, person_ref, id_type, "
                "id_value, id_state, batch_id, file_no, source_row, valid_from) values (?, 's', ? || "
                "?, ?, ?, ?, 'valid', 'b1', 0, 0, '2026-01-01 00:00:00Z')",
                {feed, ref, std::string_view(type), ref, std::string_view(type), std::string_view(value)}));
    if (!c.postcode.empty())
        must(connection_->run(
            "insert into address (feed, scope, source_key, person_ref, postcode, uprn, paon, street, "
            "batch_id, file_no, source_row, valid_from) values (?, 's', ?, ?, ?, nullif(?, ''), '4', "
            "'Mill Lane', 'b1', 0, 0, '2026-01-01 00:00:00Z')",
            {feed, ref, ref, std::string_view(c.postcode), std::string_view(c.uprn)}));
    must(connection_->run(
        "insert into person_link (feed, person_ref, person_key, match_method, linked_at, run_id) "
        "values (?, ?, ?, 'probabilistic', '2026-01-02 00:00:00Z', 'r1')",
        {feed, ref, std::string_view(c.person)}));
    seen_by_matching({c.feed, c.ref}, c.ref + c.born + c.upn + c.nhs);
    must(connection_->run("delete from person where person_key = ?", {std::string_view(c.person)}));
    must(connection_->run(
        "insert into person (person_key, forename, surname, birth_date, postcode, uprn, record_count, "
        "attribute_sources) select ?, ?, ?, ?::date, nullif(?, ''), nullif(?, ''), count(*), "
        "'{\"forename\":\"' || ? "
        "|| '\",\"surname\":\"' || ? || '\"}' from person_link where person_key = ?",
        {std::string_view(c.person), std::string_view(c.forename), std::string_view(c.surname),
         std::string_view(c.born), std::string_view(c.postcode), std::string_view(c.uprn), feed, feed,
         std::string_view(c.person)}));
}

void SmallStore::seen_by_matching(const RecordKey& key, const std::string& identity) {
    const std::string print = sha256(key.ref).substr(0, 16) + "-" + sha256(identity).substr(0, 16);
    must(connection_->run("delete from match_record where feed = ? and person_ref = ?",
                          {std::string_view(key.feed), std::string_view(key.ref)}));
    must(connection_->run("insert into match_record values (?, ?, ?)",
                          {std::string_view(key.feed), std::string_view(key.ref), std::string_view(print)}));
}

void SmallStore::edge(const RecordKey& a, const RecordKey& b, double weight) {
    must(connection_->run("insert into match_edge values (?, ?, ?, ?, ?, 0, 'm1')",
                          {std::string_view(a.feed), std::string_view(a.ref), std::string_view(b.feed),
                           std::string_view(b.ref), weight}));
}

void SmallStore::open_case(const std::string& id, const RecordKey& a, const RecordKey& b, double weight,
                           double probability, const std::string& veto, bool flagged, std::int64_t records) {
    const double harm =
        probability * (1 - probability) * static_cast<double>(records) + (flagged ? 1.0 : 0.0);
    must(connection_->run(
        "insert into match_case select ?, coalesce((select person_key from person_link where feed = ? and "
        "person_ref = "
        "?), ''), coalesce((select person_key from person_link where feed = ? and person_ref = ?), ''), ?, "
        "?, ?, ?, ?, "
        "?, ?, nullif(?, ''), ?, ?, ?, '2026-01-03 00:00:00Z', 'r1'",
        {std::string_view(id), std::string_view(a.feed), std::string_view(a.ref), std::string_view(b.feed),
         std::string_view(b.ref), std::string_view(a.feed), std::string_view(a.ref), std::string_view(b.feed),
         std::string_view(b.ref), weight, probability, std::string_view(veto.empty() ? "score" : "veto"),
         std::string_view(veto), records, harm, std::string_view(kExplanation)}));
}

}  // namespace sendhub::review::testing
