// API keys: `shk_<id>_<secret>`. The id (10 base32 characters) is public and may be logged; the secret (160
// random bits) is shown once, when the key is made, and only its SHA-256 is kept: with that much entropy a
// slow hash would buy nothing. Keys live in tokens.json in the state folder, mode 0600.
//
//   auto made = create_token(state / "tokens.json", {.name = "Power BI", .roles = {Role::analyst}});
//   show_once(made->key);
//   TokenStore store(state / "tokens.json");
//   auto caller = store.check(key_from_request);   // denied: unknown, wrong, expired or revoked
//
// tokens.json:
// {"tokens":[{"id","name","roles":[…],"datasets":null|[…],"hash","created","expires","last_used","revoked"}]}
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/govern/access.hpp"

namespace sendhub::govern {

struct Token {
    std::string id;
    std::string name;  // what it is for; never a person's secret
    std::vector<Role> roles;
    std::optional<std::vector<std::string>> datasets;  // none: all that the roles allow
    std::string hash;                                  // SHA-256 of the secret, hexadecimal
    Micros created = 0;
    std::optional<Micros> expires;
    std::optional<Micros> last_used;
    std::optional<Micros> revoked;
};

struct NewToken {
    std::string name;
    std::vector<Role> roles;
    std::optional<std::vector<std::string>> datasets;
    std::optional<Micros> expires;
};

struct CreatedToken {
    Token token;
    std::string key;  // the whole key; cannot be had again
};

// An entry of the file that cannot be read: its key works for nobody, and every other key works on.
struct UnreadableToken {
    std::string id;     // empty when even that cannot be read
    std::string entry;  // as it stands in the file; kept when the file is written again
    std::string reason;
};

struct TokenList {
    std::vector<Token> tokens;  // in order of creation
    std::vector<UnreadableToken> unreadable;
};

inline constexpr int kLongestDays = 3650;  // from its creation to its expiry

// Called with the key's public id when everything but the writing is done: what it refuses does not happen.
using BeforeChange = std::function<Status(const std::string& id)>;

[[nodiscard]] Result<CreatedToken> create_token(const std::filesystem::path& file, const NewToken& wanted,
                                                const BeforeChange& before = {});
// Empty when there is no file yet.
[[nodiscard]] Result<TokenList> list_tokens(const std::filesystem::path& file);
// not_found for an unknown id; revoking twice changes nothing; an entry that cannot be read is removed.
[[nodiscard]] Status revoke_token(const std::filesystem::path& file, std::string_view id,
                                  const BeforeChange& before = {});

// The keys in memory, read again when the file has changed. Any thread.
class TokenStore {
  public:
    explicit TokenStore(std::filesystem::path file);
    // denied: no such key, wrong secret, expired or revoked (one sentence for all of them, on purpose).
    // Any other error: the file cannot be trusted or read; nobody gets in until it can. A single entry that
    // cannot be read costs that key only; the log says so.
    [[nodiscard]] Result<Caller> check(std::string_view key);
    // The public part of a key when there is a key of that id, whatever its secret or state.
    [[nodiscard]] std::optional<std::string> known_id(std::string_view key);
    // Writes the times of last use collected since the last call; nothing when there are none.
    [[nodiscard]] Status save_last_used();

  private:
    Status reload_if_changed();

    std::filesystem::path file_;
    std::mutex mutex_;
    TokenList list_;
    std::map<std::string, Micros> used_;
    std::optional<Error> broken_;
    // identity of the file as read: inode, size, modification time
    std::uint64_t inode_ = 0;
    std::int64_t size_ = -1;
    std::int64_t changed_ns_ = 0;
};

}  // namespace sendhub::govern
