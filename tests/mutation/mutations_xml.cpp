// What happens to XML on its way: entities, encodings that contradict the declaration, elements twice.
#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

bool filled(const Column&, const Cell& c) { return !c.text.empty() && !c.verbatim; }
bool text_cell(const Column& column, const Cell& c) { return is_text(column.kind) && filled(column, c); }

std::string element_of(const Document& d, At at, const std::string& inner) {
    const std::string name = xml_element(d.columns[at.column].header);
    return "<" + name + ">" + inner + "</" + name + ">";
}

bool entities(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, text_cell, at)) return false;
    struct {
        const char *written, *value;
    } const known[] = {{"&amp;", "&"},   {"&#x2019;", "’"},          {"&#233;", "é"},   {"&apos;", "'"},
                       {"&quot;", "\""}, {"<![CDATA[<x>]]>", "<x>"}, {"<!-- x -->", ""}};
    const auto& chosen = rng.pick(known);
    Cell& cell = cell_at(d, at);
    d.story.push_back("row " + std::to_string(at.row + 1) + ": " + chosen.written);
    d.rows[at.row].touched = std::string(chosen.written).starts_with("<!");
    cell.meanings = {{cell.text + chosen.value, false}};
    cell.text = element_of(d, at, cell.text + chosen.written);
    cell.verbatim = true;
    return true;
}

bool unknown_entity(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, text_cell, at)) return false;
    const std::string bad[] = {"&nbsp;", "&eacute;", " & ",  "&#0;",   "&#xD800;",
                               " < ",    "]]>",      "&#8;", "&#x200B"};
    Cell& cell = touch(d, at, "not well formed");
    cell.meanings = {{cell.text, false}, {cell.text + "]]>", false}, {anything, true}};
    cell.text = element_of(d, at, cell.text + rng.pick(bad));
    cell.verbatim = true;
    d.may_be_refused = true;
    return true;
}

// Bytes and declaration contradict each other.
bool wrong_declaration(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    d.whole_file_changed = d.may_be_refused = true;
    const std::string names[] = {"ISO-8859-1", "windows-1252", "UTF-16", "US-ASCII",
                                 "utf8",       "latin1",       "x-mac"};
    const std::string name = rng.pick(names);
    d.at_begin = "<?xml version=\"1.0\" encoding=\"" + name + "\"?>\n";
    constexpr Encoding all[] = {Encoding::utf8, Encoding::utf8_mark, Encoding::utf16le_mark,
                                Encoding::utf16be_mark, Encoding::utf16le};
    d.encoding = rng.pick(all);
    d.story.push_back("declared " + name + ", written as " + std::to_string(static_cast<int>(d.encoding)));
    return true;
}

bool western_under_utf8(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    At at{};
    if (!pick_cell(d, rng, text_cell, at)) return false;
    d.whole_file_changed = d.may_be_refused = true;
    Cell& cell = touch(d, at, "a byte of Windows-1252");
    cell.meanings = {{cell.text + "ë", false}};
    cell.text += '\xEB';
    return true;
}

bool encoded(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    d.whole_file_changed = true;
    constexpr Encoding all[] = {Encoding::utf8_mark, Encoding::utf8_two_marks, Encoding::utf16le_mark,
                                Encoding::utf16be_mark};
    d.encoding = rng.pick(all);
    d.may_be_refused = d.encoding == Encoding::utf8_two_marks;
    if (d.encoding != Encoding::utf8_mark && d.encoding != Encoding::utf8_two_marks)
        d.at_begin = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n";
    d.story.push_back("encoding " + std::to_string(static_cast<int>(d.encoding)));
    return true;
}

bool cut(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    d.whole_file_changed = true;
    d.cut_at = static_cast<double>(rng.below(100000)) / 100000.0;
    d.story.push_back("cut at " + std::to_string(d.cut_at));
    return true;
}

bool empty_element(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const std::string name = xml_element(d.columns[at.column].header);
    Cell& cell = touch(d, at, "an empty element");
    const std::string forms[] = {"<" + name + "/>", "<" + name + "></" + name + ">",
                                 "<" + name + "> </" + name + ">"};
    cell.text = rng.pick(forms);
    cell.verbatim = true;
    // No value was given; that is no damage unless the row needs one.
    cell.meanings = {
        {"", d.columns[at.column].kind == Kind::upn || d.columns[at.column].kind == Kind::needed_date}};
    return true;
}

bool element_twice(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const std::size_t other = rng.below(static_cast<std::uint32_t>(d.rows.size()));
    const std::string second = rng.percent(50) ? cell_at(d, at).text : d.rows[other].cells[at.column].text;
    if (d.rows[other].cells[at.column].verbatim) return false;
    const bool differs = !second.empty() && second != cell_at(d, at).text;
    Cell& cell = touch(d, at, "the element twice, " + second);
    const std::string truth = cell.meanings[0].value;
    cell.text = element_of(d, at, cell.text) + element_of(d, at, second);
    cell.verbatim = true;
    if (differs) cell.meanings = {{truth, true}, {anything, true}};
    d.may_be_refused = true;
    return true;
}

bool wrong_nesting(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    const std::string name = xml_element(d.columns[at.column].header);
    Cell& cell = touch(d, at, "wrongly nested");
    const std::string forms[] = {
        "<" + name + "><b>" + cell.text + "</" + name + "></b>", "<" + name + ">" + cell.text,
        cell.text + "</" + name + ">",
        "<" + name + "><" + name + ">" + cell.text + "</" + name + "></" + name + ">",
        "<" + name + ">" + cell.text + "</X" + name + ">"};
    cell.text = rng.pick(forms);
    cell.verbatim = true;
    d.may_be_refused = true;
    return true;
}

bool blanks_around(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    Cell& cell = cell_at(d, at);
    d.rows[at.row].touched = true;
    cell.text = element_of(d, at, "\n   " + cell.text + "\r\n\t");
    cell.verbatim = true;
    d.story.push_back("row " + std::to_string(at.row + 1) + ": blanks within the element");
    return true;
}

bool marks_and_names(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, filled, at)) return false;
    std::string name = xml_element(d.columns[at.column].header), other = name;
    for (char& c : other)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    Cell& cell = touch(d, at, "the element's name another way");
    const std::string forms[] = {"<" + other + ">" + cell.text + "</" + other + ">",
                                 "<sc:" + name + ">" + cell.text + "</sc:" + name + ">",
                                 "<" + name + " type=\"x\">" + cell.text + "</" + name + " >",
                                 "<Unknown>x</Unknown><" + name + ">" + cell.text + "</" + name + ">"};
    cell.text = rng.pick(forms);
    cell.verbatim = true;
    d.may_be_refused = true;
    return true;
}

bool pupil_twice(Document& d, Rng& rng) {
    const Line line = d.lines[rng.below(static_cast<std::uint32_t>(d.lines.size()))];
    if (line.row < 0 || d.rows[static_cast<std::size_t>(line.row)].touched) return false;
    // Without a UPN the second one is another child: the two cannot be told apart.
    for (std::size_t c = 0; c < d.columns.size(); ++c)
        if (d.columns[c].kind == Kind::upn &&
            d.rows[static_cast<std::size_t>(line.row)].cells[c].text.empty())
            return false;
    touch_row(d, static_cast<std::size_t>(line.row), "the pupil twice");
    d.lines.push_back(line);
    return true;
}

bool nuls(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, text_cell, at)) return false;
    d.may_be_refused = true;
    touch(d, at, "a NUL").text += '\0';
    return true;
}

}  // namespace

std::vector<Mutation> xml_mutations() {
    return {{"XML: entity", "xml_entity", entities},
            {"XML: not well formed", "xml_bad_entity", unknown_entity},
            {"XML: wrong declaration", "xml_declared", wrong_declaration},
            {"XML: wrong declaration", "xml_western", western_under_utf8},
            {"XML: encoding", "xml_encoded", encoded},
            {"XML: file cut off", "xml_cut", cut},
            {"XML: empty element", "xml_empty", empty_element},
            {"XML: element twice", "xml_twice", element_twice},
            {"XML: element twice", "xml_pupil_twice", pupil_twice},
            {"XML: wrong nesting", "xml_nesting", wrong_nesting},
            {"XML: blanks and names", "xml_blanks", blanks_around},
            {"XML: blanks and names", "xml_names", marks_and_names},
            {"XML: NUL", "xml_nul", nuls}};
}

}  // namespace sendhub::mutation
