// What the shared schema demands of a row.
#include "hub/worker/row_check.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <limits>

#include "hub/worker/key_set.hpp"

namespace sendhub::worker {
namespace {

using schema::Field;
using schema::FieldType;

const schema::Code kCodes[] = {{"M", "Male"}, {"F", "Female"}};
const schema::CodeSet kSet{"sex", "Sex", kCodes};
const Field kFields[] = {
    {"source_key", FieldType::string, 0, 0, true, true, 10, nullptr, "VARCHAR", ""},
    {"sex", FieldType::string, 0, 0, false, false, 1, &kSet, "VARCHAR", ""},
    {"n", FieldType::integer, 0, 0, false, false, 0, nullptr, "BIGINT", ""},
    {"x", FieldType::number, 5, 2, false, false, 0, nullptr, "DECIMAL(5,2)", ""},
    {"b", FieldType::boolean, 0, 0, false, false, 0, nullptr, "BOOLEAN", ""},
    {"d", FieldType::date, 0, 0, false, false, 0, nullptr, "DATE", ""},
    {"t", FieldType::datetime, 0, 0, false, false, 0, nullptr, "TIMESTAMPTZ", ""},
};
const schema::Record kRecord{"sample", "Sample", kFields, false, ""};
const std::vector<std::string> kDeclared{"source_key", "sex", "n", "x", "b", "d", "t"};

shp_value text(std::string_view t) {
    shp_value v{};
    v.kind = SHP_TEXT;
    v.as.text = {t.data(), t.size()};
    return v;
}
shp_value number(std::uint32_t kind, std::int64_t i) {
    shp_value v{};
    v.kind = kind;
    v.as.i = i;
    return v;
}
shp_value real(double d) {
    shp_value v{};
    v.kind = SHP_REAL;
    v.as.d = d;
    return v;
}

// The rules broken when field has value in an otherwise good row: "HUB-CODE sex".
std::string broken(std::size_t field, const shp_value& value) {
    RowCheck check(kRecord, kDeclared);
    std::vector<shp_value> row(kDeclared.size());
    row[0] = text("k");
    row[field] = value;
    std::string out;
    for (const RowFault& fault : check.check(row.data()))
        out += std::string(rule_id(fault.rule)) + " " + std::string(fault.field->name);
    return out;
}

struct Case {
    const char* name;
    std::size_t field;
    shp_value value;
    const char* broken;
};

class RowCheckOf : public ::testing::TestWithParam<Case> {};
TEST_P(RowCheckOf, Value) { EXPECT_EQ(broken(GetParam().field, GetParam().value), GetParam().broken); }

constexpr std::int64_t kLastMicro = (kLastDay + 1) * kMicrosADay - 1;
INSTANTIATE_TEST_SUITE_P(
    , RowCheckOf,
    ::testing::Values(
        Case{"text", 0, text("0123456789"), ""},
        Case{"text_too_long", 0, text("01234567890"), "HUB-LENGTH source_key"},
        Case{"characters_count_not_bytes", 0,
             text("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"), ""},
        Case{"eleven_characters", 0,
             text("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9z"),
             "HUB-LENGTH source_key"},
        Case{"not_utf8", 0, text("\xFF"), "HUB-UTF8 source_key"},
        Case{"overlong_utf8", 0, text("\xC0\xAF"), "HUB-UTF8 source_key"},
        Case{"null_where_required", 0, shp_value{}, "HUB-REQUIRED source_key"},
        Case{"empty_where_required", 0, text(""), "HUB-REQUIRED source_key"},
        Case{"whole_number_as_text", 0, number(SHP_INT, 4), "HUB-TYPE source_key"},
        Case{"code", 1, text("F"), ""}, Case{"no_such_code", 1, text("X"), "HUB-CODE sex"},
        Case{"part_of_a_code", 1, text("FF"), "HUB-CODE sex"},
        Case{"code_not_utf8", 1, text("\xFE"), "HUB-UTF8 sex"}, Case{"null", 1, shp_value{}, ""},
        Case{"integer", 2, number(SHP_INT, std::numeric_limits<std::int64_t>::min()), ""},
        Case{"integer_as_text", 2, text("4"), "HUB-TYPE n"},
        Case{"integer_as_real", 2, real(4), "HUB-TYPE n"}, Case{"real", 3, real(999.99), ""},
        Case{"real_rounds_up_too_far", 3, real(999.995), "HUB-TYPE x"},
        Case{"real_too_large", 3, real(-1000), "HUB-TYPE x"},
        Case{"real_not_a_number", 3, real(std::nan("")), "HUB-TYPE x"},
        Case{"real_infinite", 3, real(std::numeric_limits<double>::infinity()), "HUB-TYPE x"},
        Case{"real_from_integer", 3, number(SHP_INT, 999), ""}, Case{"boolean", 4, number(SHP_BOOL, 1), ""},
        Case{"boolean_of_two", 4, number(SHP_BOOL, 2), "HUB-TYPE b"},
        Case{"boolean_as_integer", 4, number(SHP_INT, 1), "HUB-TYPE b"},
        Case{"date", 5, number(SHP_DATE, kLastDay), ""},
        Case{"date_too_late", 5, number(SHP_DATE, kLastDay + 1), "HUB-TYPE d"},
        Case{"date_too_early", 5, number(SHP_DATE, kFirstDay - 1), "HUB-TYPE d"},
        Case{"date_as_time", 5, number(SHP_TIME, 1), "HUB-TYPE d"},
        Case{"time", 6, number(SHP_TIME, kLastMicro), ""},
        Case{"time_too_late", 6, number(SHP_TIME, kLastMicro + 1), "HUB-TYPE t"},
        Case{"a_kind_of_its_own", 6, number(77, 1), "HUB-TYPE t"}),
    [](const auto& info) { return info.param.name; });

TEST(RowCheck, TextWithoutBytesBehindItIsRefused) {
    shp_value hollow{};
    hollow.kind = SHP_TEXT;
    hollow.as.text = {nullptr, 5};
    EXPECT_EQ(broken(0, hollow), "HUB-TYPE source_key");
    EXPECT_EQ(broken(1, hollow), "HUB-TYPE sex");
}

TEST(RowCheck, AllFaultsOfARowAreGiven) {
    RowCheck check(kRecord, kDeclared);
    const std::vector<shp_value> row{shp_value{}, text("X"),   text("4"),  shp_value{},
                                     shp_value{}, shp_value{}, shp_value{}};
    EXPECT_EQ(check.check(row.data()).size(), 3u);
}

TEST(RowCheck, PositionsFollowTheSchemaWhateverTheConnectorsOrder) {
    const std::vector<std::string> declared{"d", "source_key"};
    const RowCheck check(kRecord, declared);
    EXPECT_EQ(std::vector<int>(check.positions().begin(), check.positions().end()),
              (std::vector<int>{1, -1, -1, -1, -1, 0, -1}));
}

TEST(RowCheck, EveryRuleHasAReasonAndAnAdviceWithoutTheValue) {
    const shp_value value = text("Secret");
    for (const RowRule rule :
         {RowRule::type, RowRule::required, RowRule::code, RowRule::length, RowRule::utf8, RowRule::repeat}) {
        const RowFault fault{rule, &kFields[1], &value};
        EXPECT_TRUE(reason_of(fault).ends_with(".")) << reason_of(fault);
        EXPECT_TRUE(advice_of(fault).ends_with("."));
        EXPECT_EQ((reason_of(fault) + advice_of(fault)).find("Secret"), std::string::npos);
    }
}

TEST(KeySet, KnowsEveryKeyOfEveryScope) {
    KeySet set;
    for (int round = 0; round < 2; ++round)
        for (std::uint32_t scope = 0; scope < 3; ++scope)
            for (int i = 0; i < 20'000; ++i)
                ASSERT_EQ(set.insert(scope, std::to_string(i)), round == 0) << scope << " " << i;
    EXPECT_TRUE(set.insert(0, ""));
    EXPECT_FALSE(set.insert(0, ""));
}

TEST(RowCheck, control_and_hidden_characters_are_taken_out_and_told) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"Smith\x1b[31m", "Smith[31m"},
        {"\x01Smi\x02th\x7f", "Smith"},
        {"Smi\xC2\x9Bth", "Smith"},                  // C1: control sequence introducer
        {"\xE2\x80\xAESmith\xE2\x80\xAC", "Smith"},  // right-to-left override
        {"Sm\xE2\x81\xA6ith\xE2\x81\xA9", "Smith"},  // isolates
        {"Smith\xD8\x9C\xE2\x80\x8E", "Smith"},      // marks
        {"\xEF\xBB\xBFSmith", "Smith"},              // byte order mark
        {"A\nB", "A B"},
        {"A\r\nB", "A B"},
        {"A \t B", "A  B"},
        {"A\xE2\x80\xA8"
         "B\xE2\x80\xA9"
         "C",
         "A B C"},  // line and paragraph separator
        {"A\xC2\x85"
         "B",
         "A B"},  // next line
        {"A\n", "A"},
        {"12345678\n9", "12345678 9"},
        {"Zo\xC3\xAB\x1b", "Zo\xC3\xAB"}};
    for (const auto& [given, wanted] : cases) {
        RowCheck check(kRecord, kDeclared);
        std::vector<shp_value> row(kDeclared.size());
        row[0] = text(given);
        row[2] = number(SHP_INT, 7);
        EXPECT_TRUE(check.check(row.data()).empty()) << wanted;
        const shp_value& kept = check.row()[0];
        EXPECT_EQ(std::string_view(kept.as.text.data, kept.as.text.size), wanted);
        EXPECT_EQ(check.row()[2].as.i, 7);
        ASSERT_EQ(check.cleaned().size(), 1u);
        EXPECT_EQ(rule_id(check.cleaned()[0].rule), "HUB-CONTROL");
        EXPECT_EQ(check.cleaned()[0].field->name, "source_key");
    }
    EXPECT_EQ(broken(0, text("\x1b\xE2\x80\xAE")), "HUB-REQUIRED source_key") << "nothing is left of it";
    for (const std::string_view good :
         {"Smith", "O'Brien", "Zo\xC3\xAB", "\xE2\x80\x99", "\xF0\x9F\x98\x80", "\xC2\xA0x", "\xD8\xA7",
          "a\xE2\x80\x8C"
          "b"}) {
        RowCheck check(kRecord, kDeclared);
        std::vector<shp_value> row(kDeclared.size());
        row[0] = text(good);
        EXPECT_TRUE(check.check(row.data()).empty());
        EXPECT_TRUE(check.cleaned().empty()) << good;
        EXPECT_EQ(check.row(), row.data()) << "nothing is copied";
    }
}

// Whatever bytes a text is made of: nothing of the kind is left, what is left stood there in this order, and
// the short check and the long one agree.
TEST(RowCheck, no_control_character_survives_in_any_text) {
    std::uint64_t state = 15;
    const auto next = [&state](std::uint64_t below) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return (state >> 33) % below;
    };
    const std::string_view pieces[] = {
        "a",    "Smith",    " ",        "\n",           "\r\n",         "\t",           "\x1b",
        "\x7f", "\xC3\xAB", "\xC2\x85", "\xE2\x80\xAE", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xE2\x80\x99"};
    for (int i = 0; i < 20'000; ++i) {
        std::string given;
        for (std::uint64_t n = next(12); n > 0; --n) given += pieces[next(std::size(pieces))];
        const std::string kept = without_control_characters(given);
        ASSERT_FALSE(has_control_characters(kept));
        ASSERT_EQ(has_control_characters(given), kept != given);
        ASSERT_EQ(without_control_characters(kept), kept);
        std::string letters, kept_letters;
        for (const char c : given)
            if (std::isalpha(static_cast<unsigned char>(c))) letters += c;
        for (const char c : kept)
            if (std::isalpha(static_cast<unsigned char>(c))) kept_letters += c;
        ASSERT_EQ(letters, kept_letters);
    }
}

}  // namespace
}  // namespace sendhub::worker
