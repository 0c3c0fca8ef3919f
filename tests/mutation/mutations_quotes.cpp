// Quotation marks that were never meant as such, and those that were meant and written another way.
#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

bool one_line(const Cell& cell) { return cell.text.find_first_of("\r\n") == std::string::npos; }
bool filled(const Column&, const Cell& cell) { return cell.text.size() >= 3 && one_line(cell); }
bool long_text(const Column& column, const Cell& cell) {
    return is_text(column.kind) && cell.text.size() >= 3 && one_line(cell);
}

// Where a mark may be put into a text without breaking a character of it.
std::size_t inside(const std::string& text, Rng& rng) {
    for (int tries = 0; tries < 20; ++tries) {
        const std::size_t at = 1 + rng.below(static_cast<std::uint32_t>(text.size() - 1));
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) return at;
    }
    return text.size();
}

void set_verbatim(Document& d, At at, const std::string& written, const std::string& value,
                  const std::string& story) {
    const Kind kind = d.columns[at.column].kind;
    Cell& cell = touch(d, at, story + " " + written);
    cell.meanings = itself_or(kind, cell.meanings[0].value, value);
    cell.text = written;
    cell.verbatim = true;
}

bool stray(Document& d, Rng& rng, int where) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const std::string text = cell_at(d, at).text;
    if (text.find_first_of(";,|\t") != std::string::npos) return false;
    const std::size_t place = where == 0 ? 0 : where == 1 ? inside(text, rng) : text.size();
    const std::string marked = text.substr(0, place) + '"' + text.substr(place);
    d.may_be_refused = true;
    set_verbatim(d, at, marked, marked, "a stray mark,");
    return true;
}

// One mark opens a cell; another, rows later, closes it.
bool pair_apart(Document& d, Rng& rng) {
    const std::size_t gap = 1 + rng.below(6);
    for (int tries = 0; tries < 20; ++tries) {
        const std::size_t first = rng.below(static_cast<std::uint32_t>(d.rows.size()));
        if (first + gap >= d.rows.size()) continue;
        const auto column = [&] { return rng.below(static_cast<std::uint32_t>(d.columns.size())); };
        const At open{first, column()}, close{first + gap, rng.percent(60) ? open.column : column()};
        if (d.rows[open.row].touched || d.rows[close.row].touched) continue;
        const std::string a = cell_at(d, open).text, b = cell_at(d, close).text;
        if (a.size() < 2 || b.size() < 2 || (a + b).find_first_of(";,|\t") != std::string::npos) continue;
        if (d.columns[open.column].kind == Kind::fixed || d.columns[close.column].kind == Kind::fixed)
            continue;
        d.may_be_refused = true;
        set_verbatim(d, open, '"' + a, '"' + a, "a mark that opens,");
        set_verbatim(d, close, b + '"', b + '"', "a mark that closes,");
        return true;
    }
    return false;
}

bool inner_pair(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, long_text, at)) return false;
    const std::string text = cell_at(d, at).text;
    const std::string marked = text + " \"nick\" name";
    set_verbatim(d, at, marked, marked, "a pair within a cell,");
    cell_at(d, at).meanings = {{d.columns[at.column].kind == Kind::not_read ? "" : marked, false}};
    return true;
}

// "Bob" Smith without the marks that would be right.
bool text_behind_a_closing_mark(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, long_text, at)) return false;
    const std::string text = cell_at(d, at).text;
    const std::string marked = "\"" + text + "\" " + text;
    set_verbatim(d, at, marked, marked, "text behind a closing mark,");
    if (d.columns[at.column].kind != Kind::not_read)
        cell_at(d, at).meanings = {{marked, false}, {text + " " + text, true}};
    d.may_be_refused = true;
    return true;
}

bool mark_after_a_blank(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    std::string text = cell_at(d, at).text, truth = cell_at(d, at).meanings[0].value;
    if (is_text(kind) && rng.percent(50)) {
        text += std::string(1, d.delimiter) + " more";
        if (kind != Kind::not_read) truth = text;
    }
    const std::string written = " \"" + text + "\"";
    Cell& cell = touch(d, at, "quoted after a blank," + written);
    cell.text = written;
    cell.verbatim = true;
    cell.meanings = {{truth, false}};
    if (!is_key(kind) && !is_text(kind)) cell.meanings.push_back({"", true});
    if (is_text(kind) && kind != Kind::not_read) cell.meanings.push_back({written.substr(1), true});
    return true;
}

bool backslash_escape(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, long_text, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    std::string text = cell_at(d, at).text;
    const std::string tail = rng.percent(50) ? std::string(1, d.delimiter) + " late" : " late";
    const std::string written = "\"" + text + " \\\"x\\\"" + tail + "\"";
    const std::string value = text + " \"x\"" + tail;
    Cell& cell = touch(d, at, "escaped the backslash way, " + written);
    cell.text = written;
    cell.verbatim = true;
    cell.meanings = {{kind == Kind::not_read ? "" : value, false}};
    if (kind != Kind::not_read) cell.meanings.push_back({text + " \\\"x\\\"" + tail, true});
    d.may_be_refused = true;
    return true;
}

bool undoubled(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, long_text, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    const std::string text = cell_at(d, at).text;
    const std::string tail = rng.percent(50) ? std::string(1, d.delimiter) + " late" : " late";
    const std::string value = text + " \"x\"" + tail;
    Cell& cell = touch(d, at, "marks not doubled, \"" + value + "\"");
    cell.text = "\"" + value + "\"";
    cell.verbatim = true;
    cell.meanings = {{kind == Kind::not_read ? "" : value, false}};
    d.may_be_refused = true;
    return true;
}

// A good file: nothing may be rejected.
bool well_quoted(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, long_text, at)) return false;
    const bool read = d.columns[at.column].kind != Kind::not_read;
    Cell& cell = cell_at(d, at);
    switch (rng.below(4)) {
        case 0:
            cell.text += " \"x\", late";
            break;
        case 1:
            cell.text = "\"" + cell.text + "\"";
            break;
        case 2:
            cell.text += std::string(1, d.delimiter) + d.delimiter + " late";
            break;
        default:
            cell.text += "\"";
            break;
    }
    cell.quoted = true;
    cell.meanings = {{read ? cell.text : "", false}};
    d.story.push_back("row " + std::to_string(at.row + 1) + ": well quoted, " + cell.text);
    return true;
}

bool doubled_around(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const std::string text = cell_at(d, at).text;
    if (text.find(d.delimiter) != std::string::npos) return false;
    set_verbatim(d, at, "\"\"" + text + "\"\"", "\"" + text + "\"", "doubled marks around a cell,");
    d.may_be_refused = true;
    return true;
}

}  // namespace

std::vector<Mutation> quote_mutations() {
    return {{"stray quotation mark", "stray_start", [](auto& d, auto& rng) { return stray(d, rng, 0); }},
            {"stray quotation mark", "stray_middle", [](auto& d, auto& rng) { return stray(d, rng, 1); }},
            {"stray quotation mark", "stray_end", [](auto& d, auto& rng) { return stray(d, rng, 2); }},
            {"quotation marks rows apart", "pair_apart", pair_apart},
            {"quotation marks within a cell", "inner_pair", inner_pair},
            {"quotation marks within a cell", "behind_closing", text_behind_a_closing_mark},
            {"quoted after a blank", "after_blank", mark_after_a_blank},
            {"backslash before a quotation mark", "backslash", backslash_escape},
            {"quotation marks not doubled", "undoubled", undoubled},
            {"quotation marks not doubled", "doubled_around", doubled_around},
            {"well quoted", "well_quoted", well_quoted}};
}

}  // namespace sendhub::mutation
