// One parsed element as text in the shape of census.hpp.
#pragma once

#include <deque>
#include <string>

#include <pugixml.hpp>

#include "connectors/school_census/census.hpp"

namespace sendhub::census {

// How fragments are parsed: text is kept as it is written (nothing trimmed or normalised), character
// references decoded.
inline constexpr unsigned int parse_options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                              pugi::parse_fragment | pugi::parse_embed_pcdata;

class ElementReader {
  public:
    // What they fill borrows from the parsed text, and from this until the next call.
    void header(const pugi::xml_node& element, HeaderText& out);
    void pupil(const pugi::xml_node& element, PupilText& out);

  private:
    std::string_view text(const pugi::xml_node& element);
    void fields(const pugi::xml_node& group, PupilText& out);
    void special_needs(const pugi::xml_node& group, PupilText& out);
    void address(const pugi::xml_node& element, AddressText& out);
    void exclusion(const pugi::xml_node& element, ExclusionText& out);
    void attendance(const pugi::xml_node& element, AttendanceText& out);

    std::deque<std::string> joined_;  // text that stood in several pieces (around a comment, CDATA)
};

}  // namespace sendhub::census
