#include "connectors/school_census/xml_element.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <sendhub/plugin.hpp>

#include "connectors/school_census/census_values.hpp"
#include "connectors/school_census/xml_scan.hpp"
#include "plugins/sdk/tabular/cell.hpp"

namespace sendhub::census {
namespace {

using sdk::FileRefused;

// ---- names as numbers
// ---------------------------------------------------------------------------------------------------- One
// switch knows all names: eight bytes at a time, letters without case. The compiler checks that the labels
// differ; an unknown name that met one of them by chance (1 in 2^64) would be read as that element.

constexpr std::uint64_t fold = 0x2020202020202020ULL;
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ (word | fold)) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29);
}

std::uint64_t hash_name(std::string_view name) {
    std::uint64_t hash = name.size();
    for (; name.size() >= 8; name.remove_prefix(8)) {
        std::uint64_t word;
        std::memcpy(&word, name.data(), 8);
        hash = mix(hash, word);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, name.data(), name.size());
    return mix(hash, word);
}

consteval std::uint64_t operator""_name(const char* name, std::size_t size) {
    static_assert(std::endian::native == std::endian::little,
                  "the label must be what hash_name makes of the bytes");
    std::uint64_t hash = size;
    std::size_t at = 0;
    for (; size - at >= 8; at += 8) {
        std::uint64_t word = 0;
        for (std::size_t i = 8; i-- > 0;) word = word << 8 | static_cast<unsigned char>(name[at + i]);
        hash = mix(hash, word);
    }
    std::uint64_t word = 0;
    for (std::size_t i = size; i-- > at;) word = word << 8 | static_cast<unsigned char>(name[i]);
    return mix(hash, word);
}

// ---- bytes
// ---------------------------------------------------------------------------------------------------------------

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

constexpr auto ends_name = [] {
    std::array<bool, 256> table{};
    for (const char c : {' ', '\n', '\r', '\t', '>', '/', '<', '\'', '"', '=', '&'})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// First '<' from `at` on; text.size() when there is none. The runs between tags are short, so no call is made
// for them.
std::size_t find_tag(std::string_view text, std::size_t at) {
    constexpr std::uint64_t ones = 0x0101010101010101ULL, pattern = ones * '<';
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + at, 8);
        word ^= pattern;
        const std::uint64_t hit = (word - ones) & ~word & (ones * 0x80);
        if (hit) return at + static_cast<std::size_t>(std::countr_zero(hit)) / 8;
    }
    while (at < text.size() && text[at] != '<') ++at;
    return at;
}

[[noreturn]] void not_well_formed(const std::string& what) {
    throw FileRefused("the XML is not well formed: " + what + " (XML-FORM)");
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            put(0xE0 | (c >> 12));
        } else {
            put(0xF0 | (c >> 18));
            put(0x80 | ((c >> 12) & 0x3F));
        }
        put(0x80 | ((c >> 6) & 0x3F));
    }
    put(0x80 | (c & 0x3F));
}

// A character that XML 1.0 allows.
bool is_character(std::uint32_t c) {
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c < 0xD800 || (c >= 0xE000 && c <= 0x10FFFF && c != 0xFFFE && c != 0xFFFF);
}

// The character that a reference (&…;, without both ends) stands for; 0 when it is none.
std::uint32_t reference(std::string_view name) {
    if (name == "amp") return '&';
    if (name == "lt") return '<';
    if (name == "gt") return '>';
    if (name == "quot") return '"';
    if (name == "apos") return '\'';
    if (name.size() < 2 || name[0] != '#') return 0;
    const bool hex = name[1] == 'x';
    const std::string_view digits = name.substr(hex ? 2 : 1);
    if (digits.empty() || digits.size() > 8) return 0;
    std::uint32_t value = 0;
    for (const char c : digits) {
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<std::uint32_t>(c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        else if (hex && c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        else
            return 0;
        value = value * (hex ? 16 : 10) + digit;
    }
    return is_character(value) ? value : 0;
}

}  // namespace

std::size_t ElementReader::header(std::string_view text, HeaderText& out) {
    out = {};
    header_ = &out;
    pupil_ = nullptr;
    return read(text, In::header);
}

std::size_t ElementReader::pupil(std::string_view text, PupilText& out) {
    out.clear();
    pupil_ = &out;
    return read(text, In::pupil);
}

std::size_t ElementReader::read(std::string_view text, In root) {
    made_.clear();
    std::size_t depth = 0, at = 0;
    for (;;) {
        // text[at] is '<'.
        if (at + 1 >= text.size()) return 0;
        const char next = text[at + 1];
        if (next == '/') {
            Open& top = open_[depth - 1];
            const std::size_t name = at + 2;
            if (text.size() - name <= top.name.size()) return 0;
            if (std::memcmp(text.data() + name, top.name.data(), top.name.size()) != 0)
                not_well_formed("an element is ended by another tag");
            at = name + top.name.size();
            while (at < text.size() && is_space(text[at])) ++at;
            if (at == text.size()) return 0;
            if (text[at] != '>') not_well_formed("an element is ended by another tag");
            ++at;
            if (top.target) set(*top.target, trim(top.text));
            if (--depth == 0) return at;
        } else if (next == '!' || next == '?') {
            const Scanned markup = scan_markup(text.substr(at));
            if (markup.kind == Markup::incomplete) return 0;
            if (markup.kind == Markup::cdata && open_[depth - 1].target)
                add_text(open_[depth - 1], cdata_text(text.substr(at, markup.size)));
            at += markup.size;
        } else {
            const std::size_t name = at + 1;
            std::size_t end = name;
            while (end < text.size() && !ends_name[static_cast<unsigned char>(text[end])]) ++end;
            if (end == text.size()) return 0;
            bool empty = false;
            if (text[end] == '>') {
                at = end + 1;
            } else {  // attributes, or the '/' of an empty element
                const Scanned tag = scan_markup(text.substr(at));
                if (tag.kind == Markup::incomplete) return 0;
                empty = tag.kind == Markup::empty;
                at += tag.size;
            }
            if (end == name) not_well_formed("a tag has no name");
            const std::string_view written = text.substr(name, end - name);
            Opened opened{root, nullptr};
            if (depth > 0) {
                const In parent = open_[depth - 1].in;
                opened = open(parent, hash_name(written));
                if (!opened.target && written.find(':') != std::string_view::npos)
                    opened = open(parent, hash_name(without_prefix(written)));
            }
            if (!empty) {
                if (depth == open_.size())
                    not_well_formed("elements are nested deeper than in any census return");
                open_[depth++] = {written, {}, opened.target, opened.in};
            } else if (depth == 0) {
                return at;
            }
        }
        const std::size_t tag = find_tag(text, at);
        if (tag == text.size()) return 0;
        if (tag > at && open_[depth - 1].target) {
            const std::string_view piece = text.substr(at, tag - at);
            add_text(open_[depth - 1], piece.find('&') == std::string_view::npos ? piece : decoded(piece));
        }
        at = tag;
    }
}

// Of two different values nobody can tell which is right. The marks by which a spreadsheet keeps a text from
// being a number come off; names, which may begin with an apostrophe, are cleaned with the pupil.
void ElementReader::set(std::string_view& target, std::string_view value) {
    if (value.starts_with('\'') || value.starts_with("=\"")) {
        const bool name =
            pupil_ && (&target == &pupil_->surname || &target == &pupil_->forename ||
                       &target == &pupil_->middle_names || &target == &pupil_->preferred_surname ||
                       &target == &pupil_->former_surname);
        if (!name) value = tabular::clean_cell(value, tabular::CellKind::text, made_.emplace_back());
    }
    if (target.empty())
        target = value;
    else if (!value.empty() && target != value)
        ambiguous();
}

void ElementReader::ambiguous() {
    if (pupil_)
        pupil_->ambiguous = true;
    else
        throw FileRefused(
            "the header has a value twice with different texts, or elements in a value; ask for the return "
            "to be "
            "made again (XML-HEADER)");
}

void ElementReader::add_text(Open& element, std::string_view piece) {
    if (element.text.empty()) {
        element.text = piece;
    } else {
        std::string& joined = made_.emplace_back(element.text);
        element.text = joined += piece;
    }
}

std::string_view ElementReader::decoded(std::string_view text) {
    std::string& out = made_.emplace_back();
    while (!text.empty()) {
        const auto at = std::min(text.find('&'), text.size());
        out.append(text.substr(0, at));
        text.remove_prefix(at);
        if (text.empty()) break;
        const auto end = text.substr(0, 12).find(';');
        const std::uint32_t c = end == std::string_view::npos ? 0 : reference(text.substr(1, end - 1));
        if (c == 0)
            not_well_formed("an & stands alone, or names an entity or a character that XML does not have");
        append_utf8(out, c);
        text.remove_prefix(end + 1);
    }
    return out;
}

// ---- what the elements mean
// -----------------------------------------------------------------------------------------------

ElementReader::Opened ElementReader::open(In parent, std::uint64_t name) {
    switch (parent) {
        case In::header:
            return {In::header_group};
        case In::header_group:
            return open_header_value(name);
        case In::pupil:
            return open_group(name);
        case In::fields:
            return open_field(name);
        case In::sen:
            return open_sen(name);
        case In::needs:
            if (name != "senneed"_name) return {};
            pupil_->needs.emplace_back();
            return {In::need};
        case In::need:
            switch (name) {
                case "sentyperank"_name:
                    return {In::value, &pupil_->needs.back().rank};
                case "sentype"_name:
                    return {In::value, &pupil_->needs.back().type};
                default:
                    return {};
            }
        case In::addresses:
            if (name != "address"_name) return {};
            pupil_->addresses.emplace_back();
            return {In::address};
        // Some systems put the parts into a block of their own (BS7666Address, AddressLines).
        case In::address:
            return open_address_value(name, In::address_part);
        case In::address_part:
            return open_address_value(name, In::other);
        case In::exclusions:
            if (name != "termlyexclusion"_name) return {};
            pupil_->exclusions.emplace_back();
            return {In::exclusion};
        case In::exclusion:
            return open_exclusion_value(name);
        case In::attendance:
            switch (name) {
                case "termlyattendance"_name:
                    totals_ = &pupil_->attendance[std::size_t(Period::term)];
                    return {In::totals};
                case "summerhalfterm2attendance"_name:
                    totals_ = &pupil_->attendance[std::size_t(Period::half_term_2)];
                    return {In::totals};
                case "annualattendance"_name:
                    totals_ = &pupil_->attendance[std::size_t(Period::annual)];
                    return {In::totals};
                default:
                    return {};
            }
        case In::totals:
            return open_totals_value(name);
        case In::details:
            if (name != "sessiondetail"_name) return {};
            totals_->marks.emplace_back();
            return {In::detail};
        case In::detail:
            switch (name) {
                case "attendancereason"_name:
                    return {In::value, &totals_->marks.back().mark};
                case "absencesessions"_name:  // before 2020/21
                case "sessions"_name:
                    return {In::value, &totals_->marks.back().sessions};
                default:
                    return {};
            }
        case In::value:
            ambiguous();
            return {};
        case In::other:
            return {};
    }
    return {};
}

ElementReader::Opened ElementReader::open_header_value(std::uint64_t name) {
    switch (name) {
        case "collection"_name:
            return {In::value, &header_->collection};
        case "term"_name:
            return {In::value, &header_->term};
        case "referencedate"_name:
            return {In::value, &header_->reference_date};
        case "lea"_name:
            return {In::value, &header_->lea};
        case "estab"_name:
            return {In::value, &header_->estab};
        case "urn"_name:
            return {In::value, &header_->urn};
        default:
            return {};
    }
}

ElementReader::Opened ElementReader::open_group(std::uint64_t name) {
    switch (name) {
        case "pupilidentifiers"_name:
        case "pupilcharacteristics"_name:
        case "pupilstatus"_name:
            return {In::fields};
        case "specialeducationalneeds"_name:
            return {In::sen};
        case "homeinformation"_name:
        case "addresses"_name:
            return {In::addresses};
        case "address"_name:
            pupil_->addresses.emplace_back();
            return {In::address};
        case "exclusions"_name:
        case "termlyexclusions"_name:
            return {In::exclusions};
        case "attendance"_name:
            return {In::attendance};
        default:
            return {};
    }
}

ElementReader::Opened ElementReader::open_field(std::uint64_t name) {
    PupilText& p = *pupil_;
    switch (name) {
        case "upn"_name:
            return {In::value, &p.upn};
        case "formerupn"_name:
            return {In::value, &p.former_upn};
        case "uln"_name:
        case "uniquelearnernumber"_name:
            return {In::value, &p.uln};
        case "surname"_name:
            return {In::value, &p.surname};
        case "forename"_name:
            return {In::value, &p.forename};
        case "middlenames"_name:
            return {In::value, &p.middle_names};
        case "preferredsurname"_name:
            return {In::value, &p.preferred_surname};
        case "formersurname"_name:
            return {In::value, &p.former_surname};
        case "gender"_name:  // before 2023/24
        case "sex"_name:
            return {In::value, &p.sex};
        case "dob"_name:
            return {In::value, &p.birth_date};
        case "ethnicity"_name:
            return {In::value, &p.ethnicity};
        case "language"_name:
            return {In::value, &p.language};
        case "enrolstatus"_name:
            return {In::value, &p.enrol_status};
        case "classtype"_name:
            return {In::value, &p.class_type};
        case "entrydate"_name:
            return {In::value, &p.entry_date};
        case "leavingdate"_name:
            return {In::value, &p.leaving_date};
        case "ncyearactual"_name:
        case "ncyearleaving"_name:
            return {In::value, &p.nc_year};
        case "parttime"_name:
            return {In::value, &p.part_time};
        case "boarder"_name:
            return {In::value, &p.boarder};
        case "fundedhours"_name:
            return {In::value, &p.funded_hours};
        case "hoursatsetting"_name:
            return {In::value, &p.hours_at_setting};
        default:
            return {};
    }
}

ElementReader::Opened ElementReader::open_sen(std::uint64_t name) {
    switch (name) {
        case "senprovision"_name:
            return {In::value, &pupil_->sen_provision};
        case "senunitindicator"_name:
            return {In::value, &pupil_->sen_unit};
        case "resourcedprovisionindicator"_name:
            return {In::value, &pupil_->resourced_provision};
        case "senneeds"_name:
            return {In::needs};
        case "senneed"_name:
            pupil_->needs.emplace_back();
            return {In::need};
        default:
            return {};
    }
}

ElementReader::Opened ElementReader::open_address_value(std::uint64_t name, In otherwise) {
    AddressText& a = pupil_->addresses.back();
    switch (name) {
        case "saon"_name:
            return {In::value, &a.saon};
        case "paon"_name:
            return {In::value, &a.paon};
        case "street"_name:
            return {In::value, &a.street};
        case "locality"_name:
            return {In::value, &a.locality};
        case "town"_name:
            return {In::value, &a.town};
        case "administrativearea"_name:
            return {In::value, &a.administrative_area};
        case "posttown"_name:
            return {In::value, &a.post_town};
        case "uprn"_name:
        case "uniquepropertyreferencenumber"_name:
            return {In::value, &a.uprn};
        case "postcode"_name:
            return {In::value, &a.postcode};
        case "addressline1"_name:
            return {In::value, &a.line[0]};
        case "addressline2"_name:
            return {In::value, &a.line[1]};
        case "addressline3"_name:
            return {In::value, &a.line[2]};
        case "addressline4"_name:
            return {In::value, &a.line[3]};
        case "addressline5"_name:
            return {In::value, &a.line[4]};
        default:
            return {otherwise};
    }
}

ElementReader::Opened ElementReader::open_exclusion_value(std::uint64_t name) {
    ExclusionText& e = pupil_->exclusions.back();
    switch (name) {
        case "category"_name:
            return {In::value, &e.category};
        case "startdate"_name:
            return {In::value, &e.start_date};
        case "sessions"_name:
            return {In::value, &e.sessions};
        case "reason"_name:  // one reason, before 2020/21
        case "reason1"_name:
            return {In::value, &e.reason[0]};
        case "reason2"_name:
            return {In::value, &e.reason[1]};
        case "reason3"_name:
            return {In::value, &e.reason[2]};
        case "senprovision"_name:
            return {In::value, &e.sen_provision};
        default:
            return {};
    }
}

ElementReader::Opened ElementReader::open_totals_value(std::uint64_t name) {
    switch (name) {
        case "sessionspossible"_name:
            return {In::value, &totals_->possible};
        case "sessionsauthorised"_name:
            return {In::value, &totals_->authorised};
        case "sessionsunauthorised"_name:
            return {In::value, &totals_->unauthorised};
        case "sessiondetails"_name:
            return {In::details};
        case "sessiondetail"_name:
            totals_->marks.emplace_back();
            return {In::detail};
        default:
            return {};
    }
}

}  // namespace sendhub::census
