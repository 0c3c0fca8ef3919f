// Bytes in another encoding than the rest, or than they say.
#include <algorithm>

#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

// The file holds only what Windows-1252 has.
void only_western(Document& d) {
    const std::pair<std::string, std::string> other[] = {{"Zając", "Zajac"}};
    for (Row& row : d.rows)
        for (Cell& cell : row.cells)
            for (const auto& [from, to] : other) {
                if (const auto at = cell.text.find(from); at != std::string::npos)
                    cell.text.replace(at, from.size(), to);
                for (Meaning& meaning : cell.meanings)
                    if (const auto at = meaning.value.find(from); at != std::string::npos)
                        meaning.value.replace(at, from.size(), to);
            }
}

bool encoded(Document& d, Rng& rng) {
    if (d.whole_file_changed || d.bytes_changed) return false;
    d.whole_file_changed = true;
    constexpr Encoding all[] = {Encoding::utf8_mark,    Encoding::utf8_two_marks, Encoding::windows_1252,
                                Encoding::utf16le_mark, Encoding::utf16be_mark,   Encoding::utf16le,
                                Encoding::utf16be};
    d.encoding = rng.pick(all);
    if (d.encoding == Encoding::windows_1252) only_western(d);
    d.story.push_back("encoding " + std::to_string(static_cast<int>(d.encoding)));
    return true;
}

// Zo\xEB in a file that is UTF-8 otherwise.
bool western_byte(Document& d, Rng& rng) {
    if (d.encoding != Encoding::utf8 || d.cut_at < 1) return false;
    At at{};
    if (!pick_cell(
            d, rng,
            [](const Column& column, const Cell& c) { return is_text(column.kind) && !c.text.empty(); }, at))
        return false;
    d.bytes_changed = d.whole_file_changed = true;
    const bool read = d.columns[at.column].kind != Kind::not_read;
    Cell& cell = touch(d, at, "a byte of Windows-1252");
    const std::string as_utf8 = cell.text + "\xC3\xAB";
    cell.meanings = {{read ? as_utf8 : "", false}};
    if (read) cell.meanings.push_back({cell.text + "\xEF\xBF\xBD", true});
    cell.text += '\xEB';
    return true;
}

// A cell pasted as UTF-8 into a file of Windows-1252.
bool utf8_in_western(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    At at{};
    if (!pick_cell(
            d, rng,
            [](const Column& column, const Cell& c) { return is_text(column.kind) && !c.text.empty(); }, at))
        return false;
    d.whole_file_changed = d.bytes_changed = true;
    d.encoding = Encoding::windows_1252;
    only_western(d);
    const bool read = d.columns[at.column].kind != Kind::not_read;
    Cell& cell = touch(d, at, "UTF-8 in a file of Windows-1252");
    cell.meanings = {{read ? cell.text + "\xC3\xAB" : "", false}};
    if (read) cell.meanings.push_back({anything, true});
    cell.text += "\xC3\x83\xC2\xAB";  // written as Windows-1252: the bytes C3 AB
    // the rest of the file must be seen to be Windows-1252
    const auto odd = [](const Cell& c) {
        return std::any_of(c.text.begin(), c.text.end(),
                           [](char x) { return static_cast<unsigned char>(x) > 0x7F; });
    };
    std::size_t others = 0;
    for (std::size_t r = 0; r < d.rows.size(); ++r)
        for (const Cell& c : d.rows[r].cells) others += r != at.row && odd(c);
    if (others < 3) cell.meanings.push_back({anything, false});
    return true;
}

bool half_a_character(Document& d, Rng&) {
    if (d.whole_file_changed) return false;
    Line& last = d.lines.back();
    if (last.row < 0) return false;
    Row& row = d.rows[static_cast<std::size_t>(last.row)];
    const Kind kind = d.columns.back().kind;
    if (row.touched || !is_text(kind) || row.left_out > 0) return false;
    d.whole_file_changed = d.bytes_changed = true;
    Cell& cell =
        touch(d, {static_cast<std::size_t>(last.row), d.columns.size() - 1}, "ends within a character");
    cell.text += "\xC3";
    cell.verbatim = true;
    if (kind != Kind::not_read) {
        const std::string truth = cell.meanings[0].value;
        cell.meanings = {{truth, false}, {anything, true}};
    }
    d.may_be_refused = true;
    return true;
}

bool nuls(Document& d, Rng& rng) {
    if (d.encoding != Encoding::utf8) return false;
    d.bytes_changed = d.whole_file_changed = true;
    d.may_be_refused = true;
    if (rng.percent(25)) {
        d.at_end += std::string(1 + rng.below(40), '\0');
        d.story.emplace_back("NULs at the end");
        return true;
    }
    At at{};
    if (!pick_cell(d, rng, [](const Column&, const Cell& c) { return !c.text.empty() && !c.verbatim; }, at))
        return false;
    Cell& cell = touch(d, at, "NULs in the cell");
    const std::string nul(1 + rng.below(3), '\0');
    cell.text = rng.percent(50) ? cell.text + nul : nul + cell.text;
    return true;
}

}  // namespace

std::vector<Mutation> encoding_mutations() {
    return {{"encoding of the file", "encoded", encoded},
            {"byte of Windows-1252 in UTF-8", "western_byte", western_byte},
            {"UTF-8 in Windows-1252", "utf8_in_western", utf8_in_western},
            {"last character cut", "half_character", half_a_character},
            {"NULs", "nuls", nuls}};
}

}  // namespace sendhub::mutation
