// What spreadsheets and data tools do to values.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

bool digits_only(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool any_filled(const Column&, const Cell& c) { return !c.text.empty() && !c.verbatim; }
bool any_date(const Column& column, const Cell& c) {
    return is_date(column.kind) && c.meanings[0].value.size() == 10;
}
bool number_column(const Column& column, const Cell& c) {
    return (column.kind == Kind::child_ref || column.kind == Kind::nhs_number ||
            column.kind == Kind::school_number) &&
           digits_only(c.text);
}

Cell& put(Document& d, At at, const std::string& text, const std::string& story) {
    Cell& cell = touch(d, at, story + ": " + text);
    cell.text = text;
    cell.quoted = false;
    return cell;
}

// ="0012"
bool text_marker(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_filled, at)) return false;
    const std::string text = cell_at(d, at).text;
    if (text.find_first_of("\",;|\t\n") != std::string::npos) return false;
    Cell& cell = put(d, at, "=\"" + text + "\"", "marked as text");
    cell.verbatim = !d.feed->xml && rng.percent(60);  // else quoted and doubled
    return true;
}

bool apostrophe(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_filled, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    const std::string text = "'" + cell_at(d, at).text;
    Cell& cell = put(d, at, text, "marked with an apostrophe");
    if (is_name(kind) || kind == Kind::text) cell.meanings.push_back({text, false});
    return true;
}

bool error_word(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_filled, at)) return false;
    const std::string words[] = {"#REF!",  "#NAME?",  "#VALUE!", "#NUM!",    "#DIV/0!",
                                 "#NULL!", "#SPILL!", "#CALC!",  "########", "#N/A"};
    const std::string word = rng.pick(words);
    const Kind kind = d.columns[at.column].kind;
    Cell& cell = put(d, at, word, "an error word");
    if (kind == Kind::not_read) return true;
    if (is_key(kind) || kind == Kind::needed_date) d.rows[at.row].unreadable = true;
    cell.meanings = {{"", true}};
    return true;
}

bool odd_blanks(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_filled, at)) return false;
    const std::string marks[] = {"\xC2\xA0",     "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE2\x80\x8E",
                                 "\xE2\x80\xAA", "\xE2\x80\xAC", "\xE2\x81\xA0", "\xE2\x80\x89",
                                 "\xE2\x80\xAF", "\xC2\xAD",     "\xE3\x80\x80", "\xE2\x80\xA8",
                                 "\x0B",         "\xE2\x80\x8F", "\xE2\x81\xA6"};
    const std::string mark = rng.pick(marks);
    std::string text = cell_at(d, at).text;
    const std::uint32_t where = rng.below(4);
    if (where == 0)
        text = mark + text;
    else if (where == 1)
        text += mark;
    else if (where == 2)
        text = mark + text + mark;
    else if (const auto blank = text.find(' '); blank != std::string::npos && mark == "\xC2\xA0")
        text.replace(blank, 1, mark);
    else
        return false;
    put(d, at, text, "blanks and marks that are not seen");
    return true;
}

// 9990000018.0
bool whole_float(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, number_column, at)) return false;
    put(d, at, cell_at(d, at).text + (rng.percent(80) ? ".0" : ".00"), "a number with a fraction of zero");
    return true;
}

// 9.99E+09: the digits are gone
bool exponent(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, number_column, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    const std::string text = cell_at(d, at).text;
    std::string out = text.substr(0, 1) + "." + text.substr(1, 2) + "E+";
    const std::size_t power = text.size() - 1;
    out += (power < 10 ? "0" : "") + std::to_string(power);
    if (text.find_first_not_of('0', 3) == std::string::npos) return false;  // nothing would be lost
    Cell& cell = put(d, at, out, "exponent form");
    if (is_key(kind)) d.rows[at.row].unreadable = true;
    cell.meanings = {{"", true}};
    return true;
}

bool thousands(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, number_column, at)) return false;
    const std::string text = cell_at(d, at).text;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && (text.size() - i) % 3 == 0) out += ',';
        out += text[i];
    }
    const Kind kind = d.columns[at.column].kind;
    Cell& cell = put(d, at, out, "separators of thousands");
    if (!is_key(kind)) cell.meanings.push_back({"", true});
    // A key may be written so; whether it means the same is not ours to know.
    if (is_key(kind)) cell.meanings.push_back({out, false});
    return true;
}

struct Civil {
    int year, month, day;
};
Civil civil(const std::string& iso) {
    return {std::stoi(iso.substr(0, 4)), std::stoi(iso.substr(5, 2)), std::stoi(iso.substr(8, 2))};
}
std::string formatted(const char* format, int a, int b, int c) {
    char text[48];
    std::snprintf(text, sizeof text, format, a, b, c);
    return text;
}
// The days of a date or of the one after it, by the hour: British summer time.
bool summer(const Civil& c) { return c.month >= 4 && c.month <= 9; }
std::chrono::sys_days as_day(const Civil& c) {
    return std::chrono::sys_days(std::chrono::year(c.year) / c.month / c.day);
}
std::string serial(const Civil& c) {
    using namespace std::chrono;
    return std::to_string((as_day(c) - sys_days(year(1899) / 12 / 30)).count());
}

// The month first, in one cell. Where the day could be a month nobody can tell, so the day is above 12.
bool month_first(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(
            d, rng,
            [](const Column& column, const Cell& c) {
                return any_date(column, c) && civil(c.meanings[0].value).day > 12;
            },
            at))
        return false;
    const Civil c = civil(cell_at(d, at).meanings[0].value);
    const std::string truth = cell_at(d, at).meanings[0].value;
    Cell& cell = put(d, at, formatted("%02d/%02d/%04d", c.month, c.day, c.year), "month first");
    cell.meanings = itself_or_nothing(d.columns[at.column].kind, truth);
    // Where the column has both orders, the days that could be months may be left empty, with a warning.
    for (Row& row : d.rows) {
        Cell& other = row.cells[at.column];
        const bool as_is = !row.touched || d.feed->plugin == "link";
        if (&other == &cell || !as_is || !any_date(d.columns[at.column], other)) continue;
        const Civil day = civil(other.meanings[0].value);
        if (day.day <= 12 && day.day != day.month && other.text != other.meanings[0].value)
            other.meanings.push_back({"", true});
        // link reads the whole column as its only evidence says, and tells.
        if (d.feed->plugin == "link" && day.day <= 12)
            other.meanings.push_back({formatted("%04d-%02d-%02d", day.year, day.day, day.month), true});
    }
    return true;
}

// A whole column with the month first: its days above 12 show it, and the others must not be read day first.
bool month_first_column(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    if (std::any_of(d.rows.begin(), d.rows.end(), [](const Row& row) { return row.touched; })) return false;
    const std::size_t begin = rng.below(static_cast<std::uint32_t>(d.columns.size()));
    for (std::size_t n = 0; n < d.columns.size(); ++n) {
        const std::size_t c = (begin + n) % d.columns.size();
        if (!is_date(d.columns[c].kind)) continue;
        int shown = 0;
        for (const Row& row : d.rows)
            shown +=
                row.cells[c].meanings[0].value.size() == 10 && civil(row.cells[c].meanings[0].value).day > 12;
        if (shown < 4) continue;
        for (std::size_t r = 0; r < d.rows.size(); ++r) {
            const std::string truth = d.rows[r].cells[c].meanings[0].value;
            if (truth.size() != 10) continue;
            const Civil day = civil(truth);
            d.rows[r].touched = true;
            d.rows[r].cells[c].text = formatted("%02d/%02d/%04d", day.month, day.day, day.year);
            d.rows[r].cells[c].meanings = itself_or_nothing(d.columns[c].kind, truth);
        }
        d.may_be_refused = d.whole_file_changed = true;
        d.story.push_back(d.columns[c].header + ": all dates month first");
        return true;
    }
    return false;
}

bool two_digit_year(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_date, at)) return false;
    const std::string truth = cell_at(d, at).meanings[0].value;
    const Civil c = civil(truth);
    Cell& cell = put(
        d, at, formatted(rng.percent(50) ? "%02d/%02d/%02d" : "%02d-%02d-%02d", c.day, c.month, c.year % 100),
        "year of two digits");
    cell.meanings = itself_or_nothing(d.columns[at.column].kind, truth);
    return true;
}

bool serial_date(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_date, at)) return false;
    const std::string truth = cell_at(d, at).meanings[0].value;
    const std::string text = serial(civil(truth)) + (rng.percent(50) ? "" : rng.percent(50) ? ".0" : ".5");
    put(d, at, text, "serial number of a date").meanings =
        itself_or_nothing(d.columns[at.column].kind, truth);
    return true;
}

bool date_with_time(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_date, at)) return false;
    const std::string truth = cell_at(d, at).meanings[0].value;
    const Civil c = civil(truth);
    const std::string dmy = formatted("%02d/%02d/%04d", c.day, c.month, c.year);
    std::string text;
    switch (rng.below(9)) {
        case 0:
            text = dmy + " 00:00";
            break;
        case 1:
            text = dmy + " 00:00:00";
            break;
        case 2:
            text = truth + " 00:00:00.000";
            break;
        case 3:
            text = truth + "T00:00:00";
            break;
        case 4:
            text = truth + "Z";
            break;
        case 5:
            text = truth + (summer(c) ? "+01:00" : "+00:00");
            break;
        case 6:
            text = truth + (summer(c) ? "T00:00:00+01:00" : "T00:00:00Z");
            break;
        case 7:
            text = dmy + " 12:30 PM";
            break;
        default:
            if (summer(c)) {  // midnight in London, told in UTC
                const std::chrono::year_month_day before(as_day(c) - std::chrono::days(1));
                text = formatted("%04d-%02d-%02dT23:00:00Z", int(before.year()),
                                 static_cast<int>(unsigned(before.month())),
                                 static_cast<int>(unsigned(before.day())));
            } else {
                text = truth + "T00:00:00.000Z";
            }
            break;
    }
    put(d, at, text, "a date with time or zone").meanings =
        itself_or_nothing(d.columns[at.column].kind, truth);
    return true;
}

bool impossible_date(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, any_date, at)) return false;
    const std::string dates[] = {"31/02/2015", "2015-13-05", "45/10/2015", "2015-06-31", "31/11/2014",
                                 "soon",       "29/02/2015", "2015",       "03/2015"};
    if (d.columns[at.column].kind == Kind::needed_date) d.rows[at.row].unreadable = true;
    put(d, at, rng.pick(dates), "not a date").meanings = {{"", true}};
    return true;
}

// Words that mean something to programs are names, too.
bool names_that_are_words(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, [](const Column& column, const Cell&) { return is_name(column.kind); }, at))
        return false;
    const std::string names[] = {"Sum",  "Count", "Null",    "Total",  "Na",
                                 "True", "None",  "Records", "Totals", "Nil"};
    const std::string name = rng.pick(names);
    Cell& cell = cell_at(d, at);
    cell.text = name;
    cell.quoted = false;
    cell.meanings = {{name, false}};
    // and little else
    if (d.feed->has_children && rng.percent(70))
        for (std::size_t c = 0; c < d.columns.size(); ++c) {
            const Kind kind = d.columns[c].kind;
            if (is_key(kind) || is_name(kind) || kind == Kind::birth_date || kind == Kind::needed_date ||
                kind == Kind::fixed || (kind == Kind::code && d.columns[c].header != "reason"))
                continue;
            d.rows[at.row].cells[c].text.clear();
            d.rows[at.row].cells[c].meanings = {{"", false}};
        }
    d.story.push_back("row " + std::to_string(at.row + 1) + ": a child called " + name);
    return true;
}

// Good files: words for no value, and postcodes and numbers as people type them.
bool words_for_nothing(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(
            d, rng,
            [](const Column& column, const Cell& c) {
                return column.kind == Kind::date || column.kind == Kind::school_number ||
                       (column.kind == Kind::text && column.field != "ref" && !c.verbatim);
            },
            at))
        return false;
    const std::string words[] = {"NULL", "N/A", "-", "--", "#N/A", "n/a"};
    Cell& cell = cell_at(d, at);
    cell.text = rng.pick(words);
    cell.meanings = {{"", false}};
    d.rows[at.row].touched = true;
    d.story.push_back("row " + std::to_string(at.row + 1) + ": no value, " + cell.text);
    return true;
}

}  // namespace

std::vector<Mutation> value_mutations() {
    return {{"text marker", "marker", text_marker},
            {"leading apostrophe", "apostrophe", apostrophe},
            {"error word", "error_word", error_word},
            {"invisible characters", "odd_blanks", odd_blanks},
            {"fraction of zero", "float", whole_float},
            {"exponent form", "exponent", exponent},
            {"thousands separator", "thousands", thousands},
            {"month first", "month_first", month_first},
            {"month first in a column", "month_first_column", month_first_column},
            {"year of two digits", "two_digit_year", two_digit_year},
            {"serial date", "serial", serial_date},
            {"date with time or zone", "time", date_with_time},
            {"impossible date", "impossible", impossible_date},
            {"name that is a word", "word_name", names_that_are_words},
            {"word for no value", "no_value", words_for_nothing}};
}

}  // namespace sendhub::mutation
