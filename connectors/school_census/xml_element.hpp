// Reads one element (a pupil, the header) out of XML text, in one pass and without a tree: splitting the file
// at elements, checking that tags match and taking the values is the same walk over the bytes. A tree
// (pugixml was measured) costs more than everything else the connector does; see README.md, "Speed".
//
// Accepted: elements with attributes (passed over), text, CDATA, comments, processing instructions, the five
// named and the numeric character references, namespace prefixes (ignored). Names are compared without case.
// Everything else is not well formed, or a declaration, and refuses the file. The text is not changed; values
// point into it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "connectors/school_census/census.hpp"

namespace sendhub::census {

class ElementReader {
  public:
    // text begins with the start tag. Bytes up to and with the end tag; 0 when text ends before that: call
    // again with more. What is filled borrows from text, and from this until the next call. Throws
    // FileRefused.
    std::size_t header(std::string_view text, HeaderText& out);
    std::size_t pupil(std::string_view text, PupilText& out);

  private:
    // What an open element is: decides what its children mean.
    enum class In : std::uint8_t {
        header,
        header_group,
        pupil,
        fields,
        sen,
        needs,
        need,
        addresses,
        address,
        address_part,
        exclusions,
        exclusion,
        attendance,
        totals,
        details,
        detail,
        value,
        other
    };
    struct Opened {
        In in = In::other;
        std::string_view* target = nullptr;  // where the text of a value goes
    };
    struct Open {
        std::string_view name;  // as written, to be repeated by the end tag
        std::string_view text;
        std::string_view* target = nullptr;
        In in = In::other;
    };

    std::size_t read(std::string_view text, In root);
    Opened open(In parent, std::uint64_t name);
    Opened open_header_value(std::uint64_t name);
    Opened open_group(std::uint64_t name);
    Opened open_field(std::uint64_t name);
    Opened open_sen(std::uint64_t name);
    Opened open_address_value(std::uint64_t name, In otherwise);
    Opened open_exclusion_value(std::uint64_t name);
    Opened open_totals_value(std::uint64_t name);
    void set(std::string_view& target, std::string_view value);
    void ambiguous();
    void add_text(Open& element, std::string_view piece);
    std::string_view decoded(std::string_view text);

    std::array<Open, 64> open_;
    HeaderText* header_ = nullptr;
    PupilText* pupil_ = nullptr;
    AttendanceText* totals_ = nullptr;  // of the attendance element that is open
    std::deque<std::string> made_;      // text that does not stand in the file as one piece
};

}  // namespace sendhub::census
