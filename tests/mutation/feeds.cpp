// The feeds whose files are mutated: their columns, good rows of made-up children, and the records that such
// rows must become.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

#include "schemas/rules/identifiers.hpp"
#include "tests/mutation/document.hpp"
#include "tests/mutation/link_reader.hpp"

namespace sendhub::mutation {
namespace {

using K = Kind;
using Days = std::chrono::sys_days;

constexpr std::array<const char*, 16> surnames = {
    "Holt",      "O’Neil", "Hall",    "Okoro", "Marsh",    "Moss",     "Núñez",  "Zając",
    "Smith-Lee", "Brontë", "Adeyemi", "Khan",  "Sørensen", "Van Dyke", "Müller", "Ó Sé"};
constexpr std::array<const char*, 12> forenames = {"Amara", "Zoë", "Ben",   "Ada",   "Leo",   "Noémie",
                                                   "Ivy",   "Max", "Aoife", "Tariq", "Chloé", "Sam"};
constexpr std::array<const char*, 6> places = {"Synthetic Academy", "Example Primary School", "Demo House",
                                               "Café Centre",       "St Synthetic’s",         "Moved north"};
constexpr std::array<const char*, 4> notes = {"", "rang the school", "letter sent; no reply",
                                              "see file, page 4"};

struct Coded {
    const char *field, *text, *code;
};
constexpr Coded codes[] = {{"reason_code@cme", "Awaiting place", "awaiting_place"},
                           {"reason_code@cme", "Moved in", "moved_in"},
                           {"reason_code@ehe", "Mental health", "mental_health"},
                           {"reason_code@ehe", "Lifestyle", "lifestyle"},
                           {"reason_code@part_time", "Medical", "medical"},
                           {"reason_code@part_time", "Reintegration", "reintegration"},
                           {"ground_code@off_roll", "9(1)(h)", "H"},
                           {"ground_code@off_roll", "9(1)(f)", "F"},
                           {"direction@moves", "in", "in"},
                           {"direction@moves", "out", "out"},
                           {"service@health_advice", "SLT", "speech_language"},
                           {"service@health_advice", "Physio", "physiotherapy"},
                           {"sen_provision@collect", "E", "E"},
                           {"sen_provision@collect", "K", "K"},
                           {"sen_provision@census_xml", "E", "E"},
                           {"sen_provision@census_xml", "K", "K"},
                           {"sex@", "F", "F"},
                           {"sex@", "M", "M"}};

std::string iso(Days day) {
    const std::chrono::year_month_day civil(day);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(civil.year()), unsigned(civil.month()),
                  unsigned(civil.day()));
    return text;
}
std::string day_month_year(const std::string& day, char mark) {
    return day.substr(8, 2) + mark + day.substr(5, 2) + mark + day.substr(0, 4);
}

std::string nhs_number(Rng& rng, int i) {
    for (int n = 0;; ++n) {
        char nine[40];
        std::snprintf(nine, sizeof nine, "999%04d%02d", i * 37 % 10000, n + static_cast<int>(rng.below(10)));
        for (char check = '0'; check <= '9'; ++check)
            if (const std::string all = std::string(nine) + check;
                rules::nhs_number_state(all) == rules::IdState::valid)
                return all;
    }
}
std::string upn(int i) {
    char body[40];
    std::snprintf(body, sizeof body, "87340012%04d", i);
    return rules::upn_check_letter(body) + std::string(body);
}

std::string fixed_text(const std::string& field, int number, int row) {
    if (field == "disposal_type") return "REFERRAL_ORDER";
    if (field == "la_code") return "873";
    if (field == "number") return std::to_string(4000 + number % 5000);
    if (field == "id") return std::to_string(100 + row);
    if (field == "order") return std::to_string(row + 1);
    if (field == "parent") return "1";
    if (field == "enrol_status") return "C";
    return "6";  // nc_year
}

// Days of a row, each after the one before; the later ones are sometimes empty.
struct RowDays {
    Days birth, first, second, third;
};
RowDays days(Rng& rng) {
    using namespace std::chrono;
    const Days birth = Days(year(2010) / 1 / 1) + std::chrono::days(rng.below(1800));
    const Days first = Days(year(2025) / 1 / 2) + std::chrono::days(rng.below(200));
    const Days second = first + std::chrono::days(1 + rng.below(60));
    return {birth, first, second, second + std::chrono::days(1 + rng.below(60))};
}

std::string told(const Value& value, std::string_view field) {
    std::string out = value(field);
    return out == unreadable ? std::string() : out;
}
void identifier(Records& records, const std::string& ref, const std::string& type, const std::string& value) {
    records.insert(
        records.begin(),
        {"person_identifier",
         ref + "|" + type + "|" + value,
         {{"person_ref", ref}, {"id_type", type}, {"id_value", value}, {"id_state", "unchecked"}}});
}

// A pupil of a census: the rows beside the enrolment that every pupil has.
Feed census(std::string name, bool xml) {
    Feed out{.name = std::move(name),
             .plugin = "school_census",
             .settings = {{"la_code", "873"}},
             .columns = {{"upn", K::upn, "upn", "upn"},
                         {"surname", K::surname, "person", "surname"},
                         {"forename", K::forename, "person", "forename"},
                         {"sex", K::sex, "person", "sex"},
                         {"dob", K::birth_date, "person", "birth_date"},
                         {"entrydate", K::date, "fact", "entry_date"},
                         {"enrolstatus", K::fixed, "fact", "enrol_status"},
                         {"ncyearactual", K::fixed, "fact", "nc_year"},
                         {"senprovision", K::code, "provision", "sen_provision"}},
             .fact_record = "enrolment",
             .xml = xml,
             .made_ref = "8734001:~",
             .ref_before_upn = "8734001:",
             .fact_key =
                 [](const std::string& ref, const Value& value) {
                     const std::string day = told(value, "entry_date");
                     return ref + "|" + (day.empty() ? "-" : day);
                 },
             .derive =
                 [](Records& records, const std::string& ref, const Value& value) {
                     const std::map<std::string, std::string> of_return = {
                         {"person_ref", ref}, {"laestab", "8734001"},
                         {"urn", "900001"},   {"academic_year", "2025/26"},
                         {"term", "AUT"},     {"reference_date", "2025-10-02"}};
                     Record& fact = records.back();
                     fact.fields.insert(of_return.begin(), of_return.end());
                     fact.fields["on_roll"] = "true";
                     Record provision{"sen_provision", ref, of_return};
                     if (const std::string code = told(value, "sen_provision"); !code.empty()) {
                         provision.fields["sen_provision"] = code;
                         records.insert(records.begin(), std::move(provision));
                     }
                 }};
    return out;
}

void add_further_feeds(std::vector<Feed>& out) {
    const auto status_from = [](std::string date, std::string with_date, std::string without) {
        return [=](Records& records, const std::string& ref, const Value& value) {
            if (const std::string day = value(date); day != unreadable)
                records.back().fields["status"] = day.empty() ? without : with_date;
            identifier(records, ref, "LOCAL_PATIENT_ID", ref);
        };
    };
    out.push_back(
        {.name = "health_advice",
         .plugin = "health_advice",
         .file_name = "EHCNA_20260119.csv",
         .columns = {{"Hospital No", K::child_ref, "", ""},
                     {"EHCNA Ref", K::row_key, "fact", "request_ref"},
                     {"NHS Number", K::nhs_number, "nhs_number", ""},
                     {"Surname", K::surname, "person", "surname"},
                     {"Forename", K::forename, "person", "forename"},
                     {"DOB", K::birth_date, "person", "birth_date"},
                     {"Sex", K::sex, "person", "sex"},
                     {"Postcode", K::postcode, "address", "postcode"},
                     {"Service", K::code, "fact", "service"},
                     {"EHCNA Request Date", K::needed_date, "fact", "requested_date"},
                     {"EHCNA Request Received", K::date, "fact", "received_date"},
                     {"Advice Sent Date", K::date, "fact", "responded_date"},
                     {"Priority", K::not_read, "", ""}},
         .fact_record = "advice_request",
         .fact_key = [](const std::string&,
                        const Value& value) { return value("request_ref") + "|" + value("service"); },
         .derive = status_from("responded_date", "responded", "open")});
    out.push_back({.name = "youth_justice",
                   .plugin = "youth_justice",
                   .file_name = "yjs_20260119.csv",
                   .columns = {{"YJSID", K::child_ref, "", ""},
                               {"ProgrammeID", K::row_key, "fact", "programme_ref"},
                               {"Surname", K::surname, "person", "surname"},
                               {"Forename", K::forename, "person", "forename"},
                               {"DOB", K::birth_date, "person", "birth_date"},
                               {"Sex", K::sex, "person", "sex"},
                               {"Postcode", K::postcode, "address", "postcode"},
                               {"DisposalType", K::fixed, "fact", "disposal_type"},
                               {"ProgStart", K::needed_date, "fact", "start_date"},
                               {"ProgEnd", K::date, "fact", "end_date"},
                               {"SENDIdentified", K::flag, "fact", "send_identified"},
                               {"OffenceCategory", K::not_read, "", ""}},
                   .fact_record = "yj_intervention",
                   .fact_key = [](const std::string& ref,
                                  const Value& value) { return ref + "|" + value("programme_ref"); },
                   .derive =
                       [](Records& records, const std::string& ref, const Value& value) {
                           records.back().fields["regime"] = "GDPR";
                           if (!told(value, "disposal_type").empty())
                               records.back().fields["programme_type"] = "first_tier";
                           identifier(records, ref, "YJS_ID", ref);
                       }});
    out.push_back({.name = "schools",
                   .plugin = "schools",
                   .file_name = "edubasealldata20260119.csv",
                   .columns = {{"URN", K::row_key, "fact", "urn"},
                               {"LA (code)", K::fixed, "fact", "la_code"},
                               {"EstablishmentNumber", K::fixed, "", "number"},
                               {"EstablishmentName", K::surname, "fact", "school_name"},
                               {"Postcode", K::postcode, "fact", "postcode"},
                               {"OpenDate", K::date, "fact", "open_date"},
                               {"CloseDate", K::date, "fact", "close_date"},
                               {"SchoolCapacity", K::school_number, "fact", "capacity"},
                               {"Trusts (name)", K::text, "fact", "trust_name"},
                               {"SchoolWebsite", K::not_read, "", ""}},
                   .fact_record = "school",
                   .has_children = false,
                   .derive = [](Records& records, const std::string&, const Value& value) {
                       const std::string la = told(value, "la_code"), number = told(value, "number");
                       if (!la.empty() && !number.empty()) records.back().fields["laestab"] = la + number;
                   }});
    Feed collect = census("collect", false);
    collect.file_name = "collect/2025_aut_pupilonroll.csv";
    collect.columns.insert(collect.columns.begin(), {{"pupilonrolltableid", K::fixed, "", "id"},
                                                     {"pupilonrollorderseqcolumn", K::fixed, "", "order"},
                                                     {"schoolcensustableid", K::fixed, "", "parent"}});
    collect.other_files = {
        {"collect/2025_aut_schoolcensus.csv",
         "schoolcensustableid,schoolcensusorderseqcolumn,collection,term,year,referencedate,lea,"
         "estab,urn\n1,1,SC,AUT,2025,2025-Oct-02 00:00:00,873,4001,900001\n"}};
    out.push_back(std::move(collect));
    Feed xml = census("census_xml", true);
    xml.file_name = "8734001_SC3_873LL25_001.xml";
    out.push_back(std::move(xml));
    out.push_back(link_feed());
}

std::vector<Feed> make_feeds() {
    const std::vector<Column> child = {{"child_ref", K::child_ref, "", ""},
                                       {"case_ref", K::row_key, "", ""},
                                       {"surname", K::surname, "person", "surname"},
                                       {"forename", K::forename, "person", "forename"},
                                       {"birth_date", K::birth_date, "person", "birth_date"}};
    const auto with = [&](std::vector<Column> more) {
        std::vector<Column> out = child;
        out.insert(out.end(), more.begin(), more.end());
        out.push_back({"notes", K::not_read, "", ""});
        return out;
    };
    // A status that follows from a date which could not be read would be a guess: no reading is right then.
    const auto status_from = [](std::string date, std::string with_date, std::string without) {
        return [=](Records& records, const std::string&, const Value& value) {
            if (const std::string day = value(date); day != unreadable)
                records.back().fields["status"] = day.empty() ? without : with_date;
        };
    };
    const std::string lists = "missing_education";
    std::vector<Feed> out;
    out.push_back({.name = "cme",
                   .plugin = lists,
                   .file_name = "cme_20260119.csv",
                   .settings = {{"list", "cme"}},
                   .columns = with({{"upn", K::upn, "upn", ""},
                                    {"sex", K::sex, "person", "sex"},
                                    {"postcode", K::postcode, "address", "postcode"},
                                    {"opened_date", K::needed_date, "fact", "opened_date"},
                                    {"reason", K::code, "fact", "reason_code"},
                                    {"last_school_urn", K::school_number, "fact", "last_school_urn"},
                                    {"last_school_name", K::text, "fact", "last_school_name"},
                                    {"last_contact_date", K::date, "fact", "last_contact_date"},
                                    {"closed_date", K::date, "fact", "closed_date"}}),
                   .fact_record = "cme_case",
                   .derive = status_from("closed_date", "closed", "open")});
    out.push_back({.name = "ehe",
                   .plugin = lists,
                   .file_name = "ehe_20260119.csv",
                   .settings = {{"list", "ehe"}},
                   .columns = with({{"start_date", K::needed_date, "fact", "start_date"},
                                    {"notified_date", K::date, "fact", "notified_date"},
                                    {"reason", K::code, "fact", "reason_code"},
                                    {"previous_school_urn", K::school_number, "fact", "previous_school_urn"},
                                    {"end_date", K::date, "fact", "end_date"}}),
                   .fact_record = "ehe_episode"});
    out.push_back({.name = "off_roll",
                   .plugin = lists,
                   .file_name = "off_roll_20260119.csv",
                   .settings = {{"list", "off_roll"}},
                   .columns = with({{"upn", K::upn, "upn", ""},
                                    {"school_urn", K::school_number, "fact", "school_urn"},
                                    {"date_off_roll", K::needed_date, "fact", "date_off_roll"},
                                    {"notified_date", K::date, "fact", "notified_date"},
                                    {"ground", K::code, "fact", "ground_code"}}),
                   .fact_record = "off_roll_notice",
                   .derive = [](Records& records, const std::string&, const Value& value) {
                       if (const auto ground = value("ground_code"); !ground.empty() && ground != unreadable)
                           records.back().fields["ground_scheme"] = "2024";
                   }});
    out.push_back({.name = "part_time",
                   .plugin = lists,
                   .file_name = "part_time_20260119.csv",
                   .settings = {{"list", "part_time"}},
                   .columns = with({{"upn", K::upn, "upn", ""},
                                    {"school_urn", K::school_number, "fact", "school_urn"},
                                    {"start_date", K::needed_date, "fact", "start_date"},
                                    {"planned_end_date", K::date, "fact", "planned_end_date"},
                                    {"hours_per_week", K::number, "fact", "hours_per_week"},
                                    {"parent_agreed", K::flag, "fact", "parent_agreed"},
                                    {"reason", K::code, "fact", "reason_code"},
                                    {"review_date", K::date, "fact", "review_date"}}),
                   .fact_record = "part_time_timetable",
                   .derive = [](Records& records, const std::string&, const Value&) {
                       records.back().fields["reported_nil"] = "false";
                   }});
    out.push_back({.name = "moves",
                   .plugin = lists,
                   .file_name = "moves_20260119.csv",
                   .settings = {{"list", "moves"}},
                   .columns = with({{"nhs_number", K::nhs_number, "nhs_number", ""},
                                    {"postcode", K::postcode, "address", "postcode"},
                                    {"direction", K::code, "fact", "direction"},
                                    {"move_date", K::needed_date, "fact", "move_date"},
                                    {"notified_date", K::date, "fact", "notified_date"},
                                    {"placed_school_urn", K::school_number, "fact", "placed_school_urn"},
                                    {"placed_date", K::date, "fact", "placed_date"}}),
                   .fact_record = "move"});
    // A list without any key: the child is known by its names and birth date alone.
    out.push_back({.name = "cme_by_name",
                   .plugin = lists,
                   .file_name = "cme_20260119.csv",
                   .settings = {{"list", "cme"}},
                   .columns = {{"surname", K::surname, "person", "surname"},
                               {"forename", K::forename, "person", "forename"},
                               {"birth_date", K::birth_date, "person", "birth_date"},
                               {"opened_date", K::needed_date, "fact", "opened_date"},
                               {"reason", K::code, "fact", "reason_code"},
                               {"last_school_name", K::text, "fact", "last_school_name"},
                               {"last_contact_date", K::date, "fact", "last_contact_date"},
                               {"closed_date", K::date, "fact", "closed_date"},
                               {"notes", K::not_read, "", ""}},
                   .fact_record = "cme_case",
                   .ref_is_made = true,
                   .fact_key = [](const std::string& ref,
                                  const Value& value) { return ref + "|" + value("opened_date"); },
                   .derive = status_from("closed_date", "closed", "open")});
    add_further_feeds(out);
    return out;
}

}  // namespace

const std::vector<Feed>& feeds() {
    static const std::vector<Feed> all = make_feeds();
    return all;
}

Document good_document(const Feed& feed, Rng& rng) {
    Document d;
    d.feed = &feed;
    d.columns = feed.columns;
    // Any order, but the last column is no key and no number of a school: a cut in it could not be seen.
    for (std::size_t i = d.columns.size() - 1; i > 0; --i)
        std::swap(d.columns[i], d.columns[rng.below(static_cast<std::uint32_t>(i + 1))]);
    const auto may_be_last = [](K kind) { return !is_key(kind) && kind != K::fixed; };
    for (std::size_t i = 0; !may_be_last(d.columns.back().kind); ++i)
        std::swap(d.columns.back(), d.columns[i]);
    for (const Column& column : d.columns) d.header.push_back(column.header);
    if (rng.percent(30)) d.line_end = "\r\n";
    const char date_mark = rng.percent(30) ? '-' : '/';
    const bool iso_dates = rng.percent(40) || !feed.ref_before_upn.empty();
    const int rows = rng.between(10, 20);
    const int offset = static_cast<int>(rng.below(200)) * 20;
    for (int i = 0; i < rows; ++i) {
        const int n = offset + i;
        const RowDays day = days(rng);
        const bool ended = rng.percent(40);
        Row row;
        int date_no = 0;
        for (const Column& column : feed.columns) {
            Cell cell;
            std::string meaning;
            char text[40];
            std::optional<Days> when;
            switch (column.kind) {
                case K::child_ref:
                    std::snprintf(text, sizeof text, rng.percent(50) ? "CH-%05d" : "%05d", 10000 + n);
                    cell.text = text;
                    break;
                case K::row_key:
                    std::snprintf(text, sizeof text, feed.has_children ? "R%06d" : "%06d",
                                  feed.has_children ? n : 910000 + n);
                    cell.text = text;
                    break;
                case K::upn:
                    cell.text = upn(n);
                    break;
                case K::nhs_number:
                    cell.text = nhs_number(rng, n);
                    break;
                case K::surname:
                    cell.text = surnames[rng.below(surnames.size())];
                    break;
                case K::forename:
                    cell.text = std::string(forenames[rng.below(forenames.size())]);
                    if (feed.ref_is_made)
                        cell.text += "-" + std::string(1, static_cast<char>('A' + i)) + "na";
                    break;
                case K::birth_date:
                    when = day.birth;
                    break;
                case K::needed_date:
                    when = day.first;
                    break;
                case K::date:
                    if (++date_no == 1)
                        when = day.second;
                    else if (ended)
                        when = day.third;
                    break;
                case K::sex:
                case K::code: {
                    const std::string name = column.field + "@" +
                                             (column.kind == K::sex        ? ""
                                              : feed.name == "cme_by_name" ? "cme"
                                                                           : feed.name);
                    std::vector<const Coded*> fit;
                    for (const Coded& coded : codes)
                        if (name == coded.field) fit.push_back(&coded);
                    const Coded& chosen = *fit[rng.below(static_cast<std::uint32_t>(fit.size()))];
                    cell.text = chosen.text;
                    meaning = chosen.code;
                    break;
                }
                case K::school_number:
                    cell.text = std::to_string(900001 + rng.below(40));
                    break;
                case K::postcode:
                    std::snprintf(text, sizeof text, "XD%u %uAB", 1 + rng.below(9), 1 + rng.below(9));
                    cell.text = text;
                    break;
                case K::number:
                    cell.text = std::to_string(10 + rng.below(15)) + (rng.percent(50) ? ".5" : "");
                    break;
                case K::flag:
                    meaning = rng.percent(50) ? "true" : "false";
                    cell.text = meaning == "true" ? "Yes" : "No";
                    break;
                case K::text:
                    cell.text = places[rng.below(places.size())];
                    break;
                case K::not_read:
                    cell.text = notes[rng.below(notes.size())];
                    break;
                case K::fixed:
                    cell.text = fixed_text(column.field, n, i);
                    break;
            }
            if (when) {
                meaning = iso(*when);
                cell.text = iso_dates ? meaning : day_month_year(meaning, date_mark);
            }
            if (meaning.empty()) meaning = cell.text;
            if (column.kind == K::not_read) meaning.clear();
            cell.meanings = {{meaning, false}};
            cell.quoted = rng.percent(5);
            row.cells.push_back(std::move(cell));
        }
        // from the feed's order into the file's
        Row placed;
        for (const Column& column : d.columns)
            for (std::size_t c = 0; c < feed.columns.size(); ++c)
                if (feed.columns[c].header == column.header) placed.cells.push_back(row.cells[c]);
        d.rows.push_back(std::move(placed));
        d.lines.push_back({.row = i, .text = {}, .line_end = {}});
    }
    // link gives ids back as they came, so that they can be found again.
    if (feed.plugin == "link")
        for (Column& column : d.columns)
            if (column.kind == K::child_ref) column.kind = K::text;
    return d;
}

std::string told_ref(const Feed& feed, const std::vector<Column>& columns,
                     const std::vector<std::string>& meanings) {
    if (feed.ref_is_made) return {};
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].kind == (feed.ref_before_upn.empty() ? K::child_ref : K::upn))
            return meanings[i].empty() || meanings[i] == unreadable ? std::string()
                                                                    : feed.ref_before_upn + meanings[i];
    return {};
}

Records true_records(const Feed& feed, const std::vector<Column>& columns,
                     const std::vector<std::string>& meanings, const std::string& ref) {
    const Value value = [&](std::string_view field) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i].field == field) return meanings[i];
        return std::string();
    };
    std::string row_key;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].kind == K::row_key) row_key = meanings[i];
    Record person{"person_record", ref, {{"person_ref", ref}}},
        address{"address", ref, {{"person_ref", ref}}},
        fact{feed.fact_record, feed.fact_key ? feed.fact_key(ref, value) : row_key, {}};
    if (feed.has_children) fact.fields["person_ref"] = ref;
    Records out;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = columns[i];
        if (meanings[i].empty() || meanings[i] == unreadable) continue;
        if (column.record == "person") person.fields[column.field] = meanings[i];
        if (column.record == "address") address.fields[column.field] = meanings[i];
        if (column.record == "fact") fact.fields[column.field] = meanings[i];
        if (column.record == "upn" || column.record == "nhs_number") {
            const std::string type = column.record == "upn" ? "UPN" : "NHS_NUMBER";
            out.push_back(
                {"person_identifier",
                 ref + "|" + type + "|" + meanings[i],
                 {{"person_ref", ref}, {"id_type", type}, {"id_value", meanings[i]}, {"id_state", "valid"}}});
        }
    }
    if (feed.has_children) out.push_back(std::move(person));
    if (address.fields.size() > 1) out.push_back(std::move(address));
    out.push_back(std::move(fact));
    if (feed.derive) feed.derive(out, ref, value);
    return out;
}

}  // namespace sendhub::mutation
