// The synthetic county: every feed of the demo in its real format, with the truth known (demo/README.md).
// Nothing in it is taken from a real child, school or council. The same options give the same bytes
// everywhere.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sendhub::demo {

struct Options {
    std::uint64_t pupils = 12000;  // children on the roll of the county's schools
    std::uint64_t seed = 1;
    std::filesystem::path dir;  // gets hub.toml, feeds/ and truth/
    int night = 1;              // 2 and later: the county some days on; only files that changed are written
};

struct Summary {
    std::uint64_t children = 0;  // all children of the county, on a roll or not
    std::uint64_t schools = 0;   // open schools of the county
    std::uint64_t files = 0;     // files that make up hub.toml, feeds/ and truth/
    std::uint64_t bytes = 0;     // of them all
    std::uint64_t written = 0;   // files whose bytes were not there before this call
    std::vector<std::pair<std::string, std::uint64_t>> rows_by_feed;  // rows as sent, good or bad
};

std::expected<Summary, std::string> make_county(const Options& options);

}  // namespace sendhub::demo
