// Reads the XML that a school returns (Message / Header, Pupils / PupilsOnRoll / PupilOnRoll …) as a stream:
// the file is read block by block, pupil by pupil,
// and memory stays the same for any size of file. Element names are compared without case, in any order;
// unknown elements are passed over.
//
// The file is refused whole (FileRefused) when it is not well formed, ends early, has another root, has a
// declaration (DOCTYPE), comes without a header before its pupils or without a pupils part.
#pragma once

#include "connectors/school_census/census.hpp"
#include "connectors/school_census/xml_input.hpp"

namespace sendhub::census {

inline constexpr std::size_t max_element_bytes = 4 * 1024 * 1024;  // one pupil, the header, a comment

void read_xml_return(XmlInput& input, ReturnSink& sink, const std::function<void()>& after_block);

}  // namespace sendhub::census
