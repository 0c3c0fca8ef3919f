#include "identity/link/clean_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "base/duckdb.hpp"
#include "identity/text/date.hpp"
#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/identifier.hpp"
#include "schemas/rules/identifiers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::identity::link {
namespace {

using testing::HasSubstr;

RawTable table(const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& rows) {
    RawTable out;
    out.name = "a.csv";
    out.names = names;
    out.columns.resize(names.size());
    for (const auto& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c) out.columns[c].push(row[c]);
    out.rows = rows.size();
    return out;
}
std::vector<std::string> values(const RawTable& table, std::size_t c) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.columns[c].size(); ++i) out.emplace_back(table.columns[c][i]);
    return out;
}
FileReading reading(const RawTable& table, std::initializer_list<Role> roles) {
    FileReading out;
    auto role = roles.begin();
    for (const std::string& name : table.names)
        out.columns.push_back({.name = name, .use = Use::compared, .role = *role++});
    return out;
}
using Texts = std::vector<std::string>;

TEST(CleanValues, marks_blanks_and_error_words) {
    RawTable raw = table({"id", "surname", "NHS Number"}, {{"=\"0012\"", "O'Neill", "'9990000018"},
                                                           {"12", "'Abd",
                                                            "\xC2\xA0"
                                                            "9990000026"},
                                                           {"13", "#REF!", "#####"},
                                                           {"14", "Zo\xC2\xAD\xC3\xAB", ""}});
    clean_values(raw, 2);
    EXPECT_EQ(values(raw, 0), (Texts{"0012", "12", "13", "14"}));
    EXPECT_EQ(values(raw, 1), (Texts{"O'Neill", "'Abd", "", "Zo\xC3\xAB"}));
    EXPECT_EQ(values(raw, 2), (Texts{"9990000018", "9990000026", "", ""}));
    ASSERT_EQ(raw.notes.size(), 2u);
    EXPECT_THAT(raw.notes[0], HasSubstr("1 cell of surname"));
}

TEST(CleanValues, a_person_may_be_called_null) {
    RawTable raw = table({"forename", "surname", "town"}, {{"AMY", "NULL", "NULL"},
                                                           {"Amy", "NULL", "Leeds"},
                                                           {"Amy", "Null", "x"},
                                                           {"NULL", "NULL", ""},
                                                           {"SUM", "COUNT", "NONE"}});
    clean_values(raw, 1);
    EXPECT_EQ(values(raw, 0), (Texts{"AMY", "Amy", "Amy", "", "SUM"}));
    EXPECT_EQ(values(raw, 1), (Texts{"NULL", "", "Null", "", "COUNT"}));
    EXPECT_EQ(values(raw, 2), (Texts{"", "Leeds", "x", "", "NONE"}));
}

TEST(TidyColumns, dates_are_read_in_the_order_of_their_own_column) {
    RawTable us = table({"dob"}, {{"04/03/2012"}, {"04/13/2012"}, {"2012-04-05"}, {"unknown"}});
    tidy_columns(us, reading(us, {Role::birth_date}), 1);
    EXPECT_EQ(values(us, 0), (Texts{"2012-04-03", "2012-04-13", "2012-04-05", "unknown"}));
    EXPECT_EQ(us.notes.size(), 1u);

    RawTable both = table({"dob"}, {{"04/03/2012"}, {"04/13/2012"}, {"13/04/2012"}, {"04/04/2012"}});
    tidy_columns(both, reading(both, {Role::birth_date}), 1);
    EXPECT_EQ(values(both, 0), (Texts{"", "2012-04-13", "2012-04-13", "2012-04-04"}));
    ASSERT_EQ(both.notes.size(), 1u);
    EXPECT_THAT(both.notes[0], HasSubstr("1 date that may mean two days"));

    RawTable uk = table({"dob"}, {{"04/03/2012"}, {"13/04/2012"}});
    tidy_columns(uk, reading(uk, {Role::birth_date}), 1);
    EXPECT_EQ(values(uk, 0), (Texts{"04/03/2012", "13/04/2012"}));
    EXPECT_TRUE(uk.notes.empty());
}

TEST(TidyColumns, numbers_that_fail_their_check_are_counted) {
    RawTable raw =
        table({"NHS Number"}, {{"9990000018.0"}, {"999 000 0026"}, {"9990000019"}, {"9.99E+09"}, {""}});
    tidy_columns(raw, reading(raw, {Role::nhs_number}), 1);
    ASSERT_EQ(raw.notes.size(), 1u);
    EXPECT_THAT(raw.notes[0], HasSubstr("2 of 4 values fail"));
    EXPECT_THAT(raw.notes[0], HasSubstr("1 was destroyed"));
}

TEST(Parquet, numbers_are_whole_numbers_again_or_reported) {
    TemporaryFolder folder;
    const std::string file = (folder.path / "a.parquet").string();
    {
        auto database = duck::Database::open({}, {});
        ASSERT_TRUE(database);
        auto connection = database->connect();
        ASSERT_TRUE(connection);
        const auto written = connection->run(
            "copy (select * from (values (9990000018::DOUBLE, 9990000018::DECIMAL(12,2), 9990000018::FLOAT, "
            "TIMESTAMPTZ '2015-06-13 23:00:00+00', 1.5::DOUBLE), (1e17::DOUBLE, 1.25::DECIMAL(12,2), "
            "12::FLOAT, "
            "null, null)) t(d, dec, f, moment, half)) to '" +
            file + "' (format parquet)");
        ASSERT_TRUE(written) << written.error().sentence;
    }
    const auto read = read_parquet(file, "a.parquet", 1);
    ASSERT_TRUE(read) << read.error().sentence;
    EXPECT_EQ(values(*read, 0), (Texts{"9990000018", ""}));
    EXPECT_EQ(values(*read, 1), (Texts{"9990000018", "1.25"}));
    EXPECT_EQ(values(*read, 2), (Texts{"", "12"}));
    EXPECT_EQ(values(*read, 4), (Texts{"1.5", ""}));
    EXPECT_EQ(text::parse_date(read->columns[3][0], text::DateOrder::iso_first_uk).days, 16600)
        << "14 June in England";
    ASSERT_EQ(read->notes.size(), 2u);
    EXPECT_THAT(read->notes[0], HasSubstr("d is stored as floating point, and 1 of its numbers"));
}

// The connectors and `link` read one value alike, or both read none.
TEST(OneReader, dates_in_every_form) {
    std::mt19937_64 random(15);
    constexpr std::array<const char*, 13> forms = {
        "%04d-%02d-%02d",       "%04d%02d%02d",       "%3$02d/%2$02d/%1$04d", "%2$d/%3$d/%1$04d",
        "%3$d.%2$d.%1$04d",     "%3$02d%2$02d%1$04d", "%04d-%02d-%02dZ",      "%04d-%02d-%02dT23:00:00Z",
        "%04d-%02d-%02d+01:00", "%04d%02d%02d093000", "%3$d/%2$d/%4$02d",     "%3$dth of %5$s %1$d",
        "%5$s %3$d, %1$d"};
    constexpr std::array<const char*, 12> months = {"January", "Feb", "march", "APR", "May", "June",
                                                    "July",    "Aug", "Sept",  "Oct", "nov", "December"};
    std::size_t read = 0;
    for (int i = 0; i < 200'000; ++i) {
        const int year = 1890 + static_cast<int>(random() % 215), month = static_cast<int>(random() % 14),
                  day = static_cast<int>(random() % 33);
        char text[80];
        std::snprintf(text, sizeof text, forms[random() % forms.size()], year, month, day, year % 100,
                      months[static_cast<std::size_t>(std::max(month, 1) - 1) % 12]);
        std::string value = text;
        if (random() % 4 == 0) value[random() % value.size()] = "0129/-. TZx"[random() % 11];
        for (const auto& [hub, link] :
             {std::pair{tabular::DateOrder::day_first, text::DateOrder::iso_first_uk},
              std::pair{tabular::DateOrder::month_first, text::DateOrder::iso_first_us},
              std::pair{tabular::DateOrder::mixed, text::DateOrder::mixed}}) {
            const auto in_hub = tabular::parse_date(value, {.order = hub});
            const auto in_link = text::parse_date(value, link);
            const bool whole = in_link.quality == text::ParsedDate::full;
            if (whole && in_link.year < 1900) continue;  // link reads lists of any people
            ASSERT_EQ(in_hub.day().has_value(), whole) << value;
            if (whole) {
                ASSERT_EQ(in_hub.date.days, in_link.days) << value;
                ++read;
            }
        }
    }
    EXPECT_GT(read, 100'000u);
}

TEST(OneReader, identifiers_in_every_form) {
    std::mt19937_64 random(15);
    const std::array<std::string, 6> numbers = {"9990000018",    "9990000026",    "1000000043",
                                                "X873400125001", "L873400125002", "H87340012500A"};
    const std::array<std::string, 7> between = {
        "", " ", "-", ".", "\xE2\x80\xAF", "\xE2\x80\x8B", "\xE2\x80\x93"};
    std::size_t valid = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string number = numbers[random() % numbers.size()];
        const std::string gap = between[random() % between.size()];
        std::string value = number.substr(0, 3) + gap + number.substr(3, 3) + gap + number.substr(6);
        if (random() % 8 == 0) value[random() % value.size()] = "O0I1lS5.,"[random() % 9];
        switch (random() % 6) {
            case 0:
                value += ".0";
                break;
            case 1:
                value = "=\"" + value + "\"";
                break;
            case 2:
                value = "'" + value;
                break;
            case 3:
                for (char& c : value)
                    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
                break;
            default:
                break;
        }
        RawTable raw = table({"number"}, {{value}});
        clean_values(raw, 1);
        const std::string in_link = rules::compact_identifier(raw.columns[0][0]);
        for (const auto kind : {tabular::IdKind::upn, tabular::IdKind::uln, tabular::IdKind::nhs_number}) {
            std::string buffer;
            const auto in_hub = tabular::classify_identifier(
                kind, tabular::clean_cell(value, tabular::CellKind::text, buffer));
            const auto state = kind == tabular::IdKind::upn   ? rules::upn_state(in_link)
                               : kind == tabular::IdKind::uln ? rules::uln_state(in_link)
                                                              : rules::nhs_number_state(in_link);
            ASSERT_EQ(in_hub.state, state) << value;
            if (state != rules::IdState::invalid) {
                ASSERT_EQ(in_hub.value, in_link) << value;
                ++valid;
            }
        }
    }
    EXPECT_GT(valid, 50'000u);
}

}  // namespace
}  // namespace sendhub::identity::link
