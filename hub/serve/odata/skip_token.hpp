// Where the next page of a read begins: the version it is pinned to, the row after which to go on (by the
// dense row number: its sort values are looked up in the pinned version, so that no value of a row is ever in
// a URL), and what is left of $top. Signed, so that a client can neither make one nor move it to another
// query.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sendhub::serve::odata {

struct SkipToken {
    std::string version;
    std::int64_t after_row = -1;
    std::int64_t remaining = -1;  // of $top; -1: no limit
    std::int64_t count = -1;      // @odata.count of the first page; -1: not asked for
};

// One key for all servers over a state folder, so that any of them can go on with a read: serve.key, mode
// 0600, made on first use.
class TokenSigner {
  public:
    [[nodiscard]] static Result<TokenSigner> open(const std::filesystem::path& key_file);
    // query: what the token belongs to (the set and its options); not contained in the token.
    [[nodiscard]] std::string sign(const SkipToken& token, std::string_view query) const;
    [[nodiscard]] std::optional<SkipToken> check(std::string_view text, std::string_view query) const;

  private:
    [[nodiscard]] std::array<unsigned char, 16> mac(std::string_view payload, std::string_view query) const;
    std::array<unsigned char, 32> key_{};
};

}  // namespace sendhub::serve::odata
