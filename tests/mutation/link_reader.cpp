#include "tests/mutation/link_reader.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>

#include "identity/engine/standardise.hpp"
#include "identity/link/load.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::mutation {

// "lines 4, 9 and 12 more hold NUL characters": a warning of the file that names its lines.
void take_lines(const std::string& sentence, Outcome& out) {
    const auto at = sentence.find("line");
    if (at == std::string::npos) return;
    const char* text = sentence.c_str() + at + (sentence[at + 4] == 's' ? 6 : 5);
    for (;;) {
        char* end = nullptr;
        const std::uint64_t number = std::strtoull(text, &end, 10);
        if (end == text) return;
        if (std::string_view(end).starts_with(" more")) {
            out.further_warnings += number;
            return;
        }
        out.issues.push_back({false, number, {}, {}});
        text = end + (std::string_view(end).starts_with(" and ") ? 5
                      : std::string_view(end).starts_with(", ")  ? 2
                                                                 : 0);
        if (text == end) return;
    }
}

namespace {

using identity::Role;

const std::vector<std::pair<std::string, Role>> roles = {
    {"surname", Role::surname},       {"forename", Role::forename},
    {"birth_date", Role::birth_date}, {"sex", Role::sex},
    {"postcode", Role::postcode},     {"upn", Role::upn},
    {"nhs_number", Role::nhs_number}, {"notes", Role::ignore}};

// Names are compared as the engine compares them: the truth goes the same way, from a table made here.
std::string folded(const std::string& text) {
    static std::map<std::string, std::string> known;
    const auto [at, is_new] = known.try_emplace(text);
    if (!is_new) return at->second;
    identity::Table table;
    table.source_names = {"truth"};
    table.source = {0};
    table.key.push("1");
    table.add("surname", Role::surname).values.push(text);
    identity::Features features;
    std::vector<std::uint32_t> position;
    identity::standardise(table, {.threads = 1}, features, position);
    return at->second = std::string(features.names.text(features.rows[0].sur[0]));
}

std::string iso(std::int32_t days) {
    const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(days))};
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                  unsigned(day.day()));
    return text;
}

// The first number behind the words.
std::uint64_t number_behind(const std::string& note, const std::string& words) {
    const auto at = note.find(words);
    return at == std::string::npos ? 0 : std::strtoull(note.c_str() + at + words.size(), nullptr, 10);
}

// "t.csv: 3 rows (the first on line 4) were left out: …": the first by its line, the others by their number.
// Values that are not used are told by their number alone.
void take_note(const std::string& note, Outcome& out) {
    const auto has = [&](const char* words) { return note.find(words) != std::string::npos; };
    if (has("error word")) out.further_warnings += number_behind(note, ": ");
    if (has("the check of")) out.further_warnings += number_behind(note.substr(note.find(": ") + 2), ": ");
    if (has("may mean two days")) out.further_warnings += number_behind(note, "; ");
    if (has("all its dates were read so")) out.further_warnings += 1000;
    const std::uint64_t line = number_behind(note, "line ");
    const bool rows_told = has("left out") || has("not a record") || has("not records") || has("fewer cells");
    if (!rows_told) return take_lines(note, out);
    if (line == 0) return;
    const std::uint64_t rows = number_behind(note, ": ");
    const bool left_out = has("left out") || has("not a record") || has("not records");
    out.issues.push_back({left_out, line, {}, {}});
    if (rows > 1) (left_out ? out.further_rejects : out.further_warnings) += rows - 1;
}

}  // namespace

Feed link_feed() {
    return {.name = "link",
            .plugin = "link",
            .file_name = "register.csv",
            .columns = {{"ref", Kind::child_ref, "", "ref"},
                        {"surname", Kind::surname, "fact", "surname"},
                        {"forename", Kind::forename, "fact", "forename"},
                        {"birth_date", Kind::birth_date, "fact", "birth_date"},
                        {"sex", Kind::sex, "fact", "sex"},
                        {"postcode", Kind::postcode, "fact", "postcode"},
                        {"upn", Kind::upn, "fact", "upn"},
                        {"nhs_number", Kind::nhs_number, "fact", "nhs_number"},
                        {"notes", Kind::not_read, "", ""}},
            .fact_record = "row",
            .has_children = false,
            .fact_key = [](const std::string&, const Value& value) { return value("ref"); },
            .derive =
                [](Records& records, const std::string&, const Value&) {
                    auto& fields = records.back().fields;
                    for (const char* name : {"surname", "forename"})
                        if (const auto at = fields.find(name); at != fields.end() && at->second != anything)
                            at->second = folded(at->second);
                }};
}

Outcome read_link(const Feed& feed, const std::string& bytes) {
    static const TemporaryFolder folder;
    const std::string path = (folder.path / feed.file_name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    Outcome out;
    identity::link::LoadHints hints;
    hints.ids = {"ref"};
    hints.roles = roles;
    hints.threads = 1;
    auto loaded = identity::link::load_files({path}, hints, {});
    if (!loaded) {
        out.refused = loaded.error().sentence;
        return out;
    }
    for (const std::string& note : loaded->notes) take_note(note, out);
    out.notes = loaded->notes;
    const identity::Table& table = loaded->table;
    identity::Features features;
    std::vector<std::uint32_t> position;
    identity::standardise(table, {.threads = 1}, features, position);
    for (const identity::StandardCount& count : features.counts) out.further_warnings += count.unusable;
    for (std::size_t i = 0; i < features.size(); ++i) {
        const identity::Row& row = features.rows[i];
        Record record{"row", std::string(table.key[position[i]]), {}};
        const auto put = [&](const char* field, std::string_view text) {
            if (!text.empty()) record.fields[field] = text;
        };
        const auto number = [&](const char* field, const auto& ids, std::uint32_t code) {
            if (ids[code].quality == identity::IdQuality::valid) put(field, ids.text(code));
        };
        put("surname", features.names.text(row.sur[0]));
        put("forename", features.names.text(row.fore[0]));
        constexpr auto part = identity::Flags::birth_day_missing | identity::Flags::birth_year_only;
        if (row.birth != identity::no_day && (row.flags & part) == 0)
            put("birth_date", iso(row.birth));
        else if (row.birth != identity::no_day)
            ++out.further_warnings;  // a month or a year is evidence here, and no more than that
        constexpr const char* sexes[] = {"", "M", "F", "other"};
        put("sex", sexes[row.flags & identity::Flags::sex_mask]);
        put("postcode", features.places.text(row.postcode));
        number("upn", features.upns, row.upn);
        number("nhs_number", features.nhs, row.nhs);
        out.records.push_back(std::move(record));
    }
    return out;
}

}  // namespace sendhub::mutation
