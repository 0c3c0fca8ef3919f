// The landing folder of a feed: bytes as received, named by their SHA-256, and deliveries.jsonl, which says
// under which name and when each arrived. Only a fetch worker writes there; see docs/contracts.md, section 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sendhub::handover {

// A name with content that was landed; one line of landing/<feed>/deliveries.jsonl.
struct Delivery {
    std::int64_t seq = 0;
    std::string name;    // as delivered, folders with '/'; never absolute, never with ..
    std::string sha256;  // 64 hexadecimal digits; the name of the file in the landing folder
    std::uint64_t bytes = 0;
    Micros modified_at = 0;  // 0: the source did not say
    Micros received_at = 0;
};

// Every delivery of the feed, oldest first; none when nothing was landed yet. A line that a crash left torn
// was never acknowledged, so it is passed over (its content comes again with the next fetch).
[[nodiscard]] Result<std::vector<Delivery>> read_deliveries(const std::filesystem::path& landing);
[[nodiscard]] std::vector<Delivery> parse_deliveries(std::string_view text);  // the same from text
[[nodiscard]] std::string delivery_line(const Delivery& delivery);

// A file that a fetch saw and did not take: landing/<feed>/left.json, written at the end of each fetch.
struct Left {
    enum class What { left, duplicate } what;  // left at the source for now; or its content is here already
    std::string name;
    std::string reason;
};
struct LeftFiles {
    std::vector<Left> files;
    std::uint64_t more = 0;  // not named here: there were too many
};
[[nodiscard]] Status write_left(const std::filesystem::path& landing, const LeftFiles& left);
[[nodiscard]] Result<LeftFiles> read_left(const std::filesystem::path& landing);

// Is name fit to be kept: relative, parts divided by '/', none of them empty, '.' or '..', valid UTF-8, no
// backslash and no control character, at most 500 bytes. Also the rule for members of archives. Why not, or
// empty.
[[nodiscard]] std::string_view why_name_is_refused(std::string_view name);

}  // namespace sendhub::handover
