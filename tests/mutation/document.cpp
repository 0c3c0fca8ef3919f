#include "tests/mutation/document.hpp"

#include <algorithm>

#include "schemas/rules/utf8.hpp"

namespace sendhub::mutation {
namespace {

void put_cell(std::string& out, const Cell& cell, char delimiter) {
    const bool needs = cell.quoted || cell.text.find_first_of("\"\r\n") != std::string::npos ||
                       cell.text.find(delimiter) != std::string::npos;
    if (cell.verbatim || !needs) {
        out += cell.text;
        return;
    }
    out += '"';
    for (const char c : cell.text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

std::uint64_t lines_ended(std::string_view text) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        n += text[i] == '\n' ? 1 : text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n') ? 1 : 0;
    return n;
}
std::uint64_t ended_by(char line_end, std::string_view text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), line_end));
}

std::uint32_t code_point(std::string_view text, std::size_t length) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (length == 1) return at(0);
    std::uint32_t c = length == 2 ? at(0) & 0x1Fu : length == 3 ? at(0) & 0x0Fu : at(0) & 0x07u;
    for (std::size_t i = 1; i < length; ++i) c = c << 6 | (at(i) & 0x3Fu);
    return c;
}

std::string encode(std::string_view text, Encoding encoding) {
    if (encoding == Encoding::utf8) return std::string(text);
    if (encoding == Encoding::utf8_mark) return "\xEF\xBB\xBF" + std::string(text);
    if (encoding == Encoding::utf8_two_marks) return "\xEF\xBB\xBF\xEF\xBB\xBF" + std::string(text);
    std::string out;
    const bool big = encoding == Encoding::utf16be || encoding == Encoding::utf16be_mark;
    const auto unit = [&](std::uint32_t c) {
        const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xFF);
        out += big ? high : low;
        out += big ? low : high;
    };
    if (encoding == Encoding::utf16le_mark || encoding == Encoding::utf16be_mark) unit(0xFEFF);
    while (!text.empty()) {
        const std::size_t n = std::max<std::size_t>(1, rules::utf8_sequence_length(text));
        const std::uint32_t c = code_point(text, n);
        text.remove_prefix(n);
        if (encoding == Encoding::windows_1252) {  // what it does not have is not written
            if (c < 0x100) out += static_cast<char>(c);
            if (c == 0x2019) out += '\x92';
        } else if (c >= 0x10000) {
            unit(0xD800 + ((c - 0x10000) >> 10));
            unit(0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            unit(c);
        }
    }
    return out;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    return out;
}

constexpr struct {
    const char *header, *element, *group;
} xml_elements[] = {{"upn", "UPN", "PupilIdentifiers"},
                    {"surname", "Surname", "PupilIdentifiers"},
                    {"forename", "Forename", "PupilIdentifiers"},
                    {"sex", "Sex", "PupilIdentifiers"},
                    {"dob", "DOB", "PupilIdentifiers"},
                    {"enrolstatus", "EnrolStatus", "PupilStatus"},
                    {"entrydate", "EntryDate", "PupilStatus"},
                    {"ncyearactual", "NCyearActual", "PupilStatus"},
                    {"senprovision", "SENprovision", "SpecialEducationalNeeds"}};

struct Place {
    std::size_t row = 0, begin = 0, end = 0;
    std::vector<std::size_t> cell_ends;
};

std::string write_csv(const Document& d, std::vector<Place>& places, std::size_t& header_end) {
    std::string text;
    for (const std::string& line : d.above_header) text += line + d.line_end;
    for (std::size_t i = 0; i < d.header.size(); ++i) {
        if (i > 0) text += d.delimiter;
        text += d.header[i];
    }
    text += d.header_behind + d.line_end;
    header_end = text.size();
    for (const Line& line : d.lines) {
        if (line.row < 0) {
            text += line.text + (line.line_end.empty() ? d.line_end : line.line_end);
            continue;
        }
        const Row& row = d.rows[static_cast<std::size_t>(line.row)];
        Place& place = places.emplace_back(Place{.row = static_cast<std::size_t>(line.row)});
        place.begin = text.size();
        const char delimiter = row.delimiter ? row.delimiter : d.delimiter;
        text += row.before;
        for (std::size_t i = 0; i + row.left_out < row.cells.size(); ++i) {
            if (i > 0 && row.joined_after != static_cast<int>(i) - 1) text += delimiter;
            put_cell(text, row.cells[i], delimiter);
            place.cell_ends.push_back(text.size());
        }
        text += row.behind;
        place.end = text.size();
        const std::string& end = !line.line_end.empty() ? line.line_end
                                 : row.line_end.empty() ? d.line_end
                                                        : row.line_end;
        text += end;
    }
    text += d.at_end;
    return text;
}

std::string write_xml(const Document& d, std::vector<Place>& places) {
    std::string text =
        d.at_begin +
        "<Message>\n<Header><CollectionDetails><Collection>SC</Collection><Term>AUT</Term><Year>2025"
        "</Year><ReferenceDate>2025-10-02</ReferenceDate></CollectionDetails><Source><SourceLevel>S"
        "</SourceLevel><LEA>873</LEA><Estab>4001</Estab><URN>900001</URN></Source></Header>\n<Pupils>"
        "<PupilsOnRoll>\n";
    for (const Line& line : d.lines) {
        if (line.row < 0) {
            text += line.text + "\n";
            continue;
        }
        const Row& row = d.rows[static_cast<std::size_t>(line.row)];
        Place& place = places.emplace_back(Place{.row = static_cast<std::size_t>(line.row)});
        place.begin = text.size();
        text += row.before + "<PupilOnRoll>";
        std::string group;
        for (const auto& element : xml_elements) {
            if (group != element.group) {
                if (!group.empty()) text += "</" + group + ">";
                group = element.group;
                text += "<" + group + ">";
            }
            for (std::size_t c = 0; c < d.columns.size(); ++c) {
                const Cell& cell = row.cells[c];
                if (d.columns[c].header != element.header) continue;
                if (cell.verbatim)
                    text += cell.text;
                else if (!cell.text.empty())
                    text += std::string("<") + element.element + ">" + escaped(cell.text) + "</" +
                            element.element + ">";
            }
        }
        text += "</" + group + "></PupilOnRoll>" + row.behind;
        place.end = text.size();
        text += "\n";
    }
    return text + "</PupilsOnRoll></Pupils>\n</Message>\n" + d.at_end;
}

}  // namespace

std::string xml_element(const std::string& header) {
    for (const auto& element : xml_elements)
        if (header == element.header) return element.element;
    return {};
}

bool is_key(Kind kind) { return kind == Kind::child_ref || kind == Kind::row_key; }
bool is_date(Kind kind) {
    return kind == Kind::birth_date || kind == Kind::needed_date || kind == Kind::date;
}
bool is_name(Kind kind) { return kind == Kind::surname || kind == Kind::forename; }
bool is_text(Kind kind) { return is_name(kind) || kind == Kind::text || kind == Kind::not_read; }

bool Extent::holds(std::uint64_t line) const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const auto& range) { return line >= range.first && line <= range.second; });
}

Written write(Document& d) {
    std::vector<Place> places;  // in their order in the file
    std::size_t header_end = 0;
    std::string text = d.feed->xml ? write_xml(d, places) : write_csv(d, places, header_end);

    if (d.cut_at < 1 && d.feed->xml) {
        // Whatever is cut off an XML file, it is no whole file any more.
        const auto end = text.rfind("</Message>");
        text.resize(static_cast<std::size_t>(static_cast<double>(end) * d.cut_at));
        d.may_be_refused = true;
        for (Row& row : d.rows) row.unreadable = true;
    } else if (d.cut_at < 1) {
        const auto cut = static_cast<std::size_t>(static_cast<double>(text.size()) * d.cut_at);
        text.resize(cut);
        d.may_be_refused = true;
        if (cut < header_end) d.any_row_may_be_rejected = true;
        for (const Place& place : places) {
            Row& row = d.rows[place.row];
            if (place.begin >= cut || cut < header_end) {
                row.may_be_absent = true;
            } else if (place.end > cut) {
                row.touched = true;
                const auto at = static_cast<std::size_t>(
                    std::lower_bound(place.cell_ends.begin(), place.cell_ends.end(), cut) -
                    place.cell_ends.begin());
                const bool within = at < row.cells.size() && place.cell_ends[at] != cut;
                const bool shorter = at + 1 < row.cells.size();
                if (at < row.cells.size() && within) {
                    const Kind kind = d.columns[at].kind;
                    const bool number = kind == Kind::upn || kind == Kind::nhs_number;
                    row.cells[at].meanings = {{"", shorter || number}};
                    if (!number) row.cells[at].meanings.push_back({anything, shorter});
                }
                for (std::size_t i = at + 1; i < row.cells.size(); ++i) {
                    const bool empty = row.cells[i].meanings[0].value.empty();
                    row.cells[i].meanings = {{"", within || !empty}};
                }
            }
        }
    }

    // Every CR, LF and CRLF ends a line, or only what ends the rows does: both ways of counting are right.
    Written out;
    out.extents.resize(d.rows.size());
    std::uint64_t number = 0;
    for (const Place& place : places) {
        Extent& extent = out.extents[place.row];
        ++number;
        if (d.feed->xml) {
            extent.add(number, number);
            continue;
        }
        const std::string_view all(text);
        const std::size_t begin = std::min(place.begin, all.size()), end = std::min(place.end, all.size());
        const std::string_view before = all.substr(0, begin), row = all.substr(begin, end - begin);
        extent.add(1 + lines_ended(before), 1 + lines_ended(before) + lines_ended(row));
        const char only = d.line_end == "\r" ? '\r' : '\n';
        extent.add(1 + ended_by(only, before), 1 + ended_by(only, before) + ended_by(only, row));
    }
    out.bytes = encode(text, d.encoding);
    return out;
}

}  // namespace sendhub::mutation
