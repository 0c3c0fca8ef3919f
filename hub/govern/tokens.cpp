#include "hub/govern/tokens.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"

namespace sendhub::govern {
namespace {

constexpr Micros kDay = 86'400'000'000;
constexpr std::size_t kIdLength = 10;
constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kSecretLength = 32;
constexpr std::string_view kPrefix = "shk_";
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::string base32(const unsigned char* bytes, std::size_t length) {
    std::string out;
    unsigned buffer = 0, bits = 0;
    for (std::size_t i = 0; i < length; ++i) {
        buffer = (buffer << 8) | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(buffer >> (bits - 5)) & 31u];
        buffer &= (1u << bits) - 1u;
    }
    if (bits > 0) out += kAlphabet[(buffer << (5 - bits)) & 31u];
    return out;
}

void need_sodium() {
    // Never fails after the first success; without it there is no randomness to trust.
    if (sodium_init() < 0) std::abort();
}

std::string random_base32(std::size_t bytes, std::size_t length) {
    need_sodium();
    std::array<unsigned char, 32> buffer{};
    randombytes_buf(buffer.data(), bytes);
    std::string text = base32(buffer.data(), bytes).substr(0, length);
    sodium_memzero(buffer.data(), buffer.size());
    return text;
}

// The public part of a whole key; empty when the text does not have the form of one.
std::string_view id_of(std::string_view key) {
    if (key.size() != kPrefix.size() + kIdLength + 1 + kSecretLength || !key.starts_with(kPrefix) ||
        key[kPrefix.size() + kIdLength] != '_')
        return {};
    return key.substr(kPrefix.size(), kIdLength);
}

std::unexpected<Error> malformed(const std::filesystem::path& file) {
    return fail(
        ErrorCode::settings,
        file.string() + " is not a list of keys; restore it from a backup or remove it and make new keys");
}

std::optional<Micros> time_or_none(simdjson::dom::element entry, const char* key, bool& bad) {
    simdjson::dom::element value;
    if (entry[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    std::string_view text;
    std::optional<Micros> time;
    if (value.get(text) == simdjson::SUCCESS) time = parse_time(text);
    if (!time) bad = true;
    return time;
}

Result<Token> parse_token(simdjson::dom::element entry) {
    const auto unreadable = [](const char* what) { return fail(ErrorCode::settings, what); };
    Token token;
    std::string_view id, name, hash;
    simdjson::dom::array roles;
    if (entry["id"].get(id) != simdjson::SUCCESS || entry["name"].get(name) != simdjson::SUCCESS ||
        entry["hash"].get(hash) != simdjson::SUCCESS || entry["roles"].get(roles) != simdjson::SUCCESS ||
        hash.size() != 64 || id.empty())
        return unreadable("its id, name, hash or roles are missing or damaged");
    token.id = id;
    token.name = name;
    token.hash = hash;
    for (const auto role : roles) {
        std::string_view text;
        const auto known = role.get(text) == simdjson::SUCCESS ? parse_role(text) : std::nullopt;
        if (!known) return unreadable("it has a role that does not exist");
        token.roles.push_back(*known);
    }
    simdjson::dom::element datasets;
    if (entry["datasets"].get(datasets) == simdjson::SUCCESS && !datasets.is_null()) {
        simdjson::dom::array list;
        if (datasets.get(list) != simdjson::SUCCESS) return unreadable("its datasets are not a list");
        token.datasets.emplace();
        for (const auto dataset : list) {
            std::string_view text;
            if (dataset.get(text) != simdjson::SUCCESS) return unreadable("its datasets are not a list");
            token.datasets->emplace_back(text);
        }
    }
    bool bad = false;
    token.created = time_or_none(entry, "created", bad).value_or(0);
    token.expires = time_or_none(entry, "expires", bad);
    token.last_used = time_or_none(entry, "last_used", bad);
    token.revoked = time_or_none(entry, "revoked", bad);
    if (bad) return unreadable("one of its times is not a date");
    return token;
}

Result<TokenList> load(const std::filesystem::path& file) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) {
        if (errno == ENOENT) return TokenList{};
        return fail(ErrorCode::storage,
                    "could not look at " + file.string() + ": " + std::generic_category().message(errno));
    }
    if ((info.st_mode & 077) != 0)
        return fail(ErrorCode::settings,
                    file.string() + " can be read by others; its mode must be 0600 (chmod 600)");
    SENDHUB_ASSIGN(const std::string text, read_file(file, 16u << 20));
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array list;
    if (parser.parse(text).get(root) != simdjson::SUCCESS || root["tokens"].get(list) != simdjson::SUCCESS)
        return malformed(file);
    TokenList found;
    for (const auto entry : list) {
        if (auto token = parse_token(entry)) {
            found.tokens.push_back(std::move(*token));
        } else {
            std::string_view id;
            if (entry["id"].get(id) != simdjson::SUCCESS) id = {};
            found.unreadable.push_back({std::string(id), simdjson::minify(entry), token.error().sentence});
        }
    }
    return found;
}

void write_time(JsonWriter& json, std::string_view key, const std::optional<Micros>& time) {
    json.key(key);
    if (time)
        json.value(format_time(*time));
    else
        json.null();
}

Status save(const std::filesystem::path& file, const TokenList& list) {
    JsonWriter json;
    json.begin_object().key("tokens").begin_array();
    for (const UnreadableToken& entry : list.unreadable) json.raw(entry.entry);
    for (const Token& token : list.tokens) {
        json.begin_object().field("id", token.id).field("name", token.name).key("roles").begin_array();
        for (const Role role : token.roles) json.value(to_string(role));
        json.end_array().key("datasets");
        if (token.datasets) {
            json.begin_array();
            for (const auto& dataset : *token.datasets) json.value(dataset);
            json.end_array();
        } else {
            json.null();
        }
        json.field("hash", token.hash);
        write_time(json, "created", token.created);
        write_time(json, "expires", token.expires);
        write_time(json, "last_used", token.last_used);
        write_time(json, "revoked", token.revoked);
        json.end_object();
    }
    json.end_array().end_object();
    return write_file_atomically(file, json.text() + "\n", 0600);
}

// Held while the file is read, changed and written, so that two writers never lose each other's change.
class Exclusive {
  public:
    static Result<Exclusive> on(const std::filesystem::path& file) {
        std::filesystem::path lock = file;
        lock += ".lock";
        const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return fail(ErrorCode::storage,
                        "could not open " + lock.string() + ": " + std::generic_category().message(errno));
        while (::flock(fd, LOCK_EX) != 0) {
            if (errno == EINTR) continue;
            const int number = errno;
            ::close(fd);
            return fail(ErrorCode::storage,
                        "could not lock " + lock.string() + ": " + std::generic_category().message(number));
        }
        return Exclusive(fd);
    }
    Exclusive(Exclusive&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Exclusive& operator=(Exclusive&&) = delete;
    ~Exclusive() {
        if (fd_ >= 0) ::close(fd_);
    }

  private:
    explicit Exclusive(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace

Result<CreatedToken> create_token(const std::filesystem::path& file, const NewToken& wanted,
                                  const BeforeChange& before) {
    SENDHUB_TRY(check_roles(wanted.roles));
    if (wanted.name.empty() || wanted.name.size() > 100)
        return fail(ErrorCode::usage, "a key needs a name of 1 to 100 characters that says what it is for");
    if (wanted.expires && *wanted.expires <= now_micros())
        return fail(ErrorCode::usage, "the key would have expired already; give a later day");
    if (wanted.expires && *wanted.expires - now_micros() > (kLongestDays + 1) * kDay)
        return fail(ErrorCode::usage, "a key may live for at most " + std::to_string(kLongestDays) +
                                          " days; give an earlier day, and make a new key then");
    SENDHUB_ASSIGN(const Exclusive lock, Exclusive::on(file));
    SENDHUB_ASSIGN(TokenList list, load(file));
    Token token;
    do {
        token.id = random_base32(7, kIdLength);
    } while (std::ranges::find(list.tokens, token.id, &Token::id) != list.tokens.end() ||
             std::ranges::find(list.unreadable, token.id, &UnreadableToken::id) != list.unreadable.end());
    std::string secret = random_base32(kSecretBytes, kSecretLength);
    token.name = wanted.name;
    token.roles = wanted.roles;
    token.datasets = wanted.datasets;
    token.hash = sha256(secret);
    token.created = now_micros();
    token.expires = wanted.expires;
    list.tokens.push_back(token);
    if (before) SENDHUB_TRY(before(token.id));
    SENDHUB_TRY(save(file, list));
    CreatedToken made{std::move(token), {}};
    made.key.append(kPrefix).append(made.token.id).append("_").append(secret);
    sodium_memzero(secret.data(), secret.size());
    return made;
}

Result<TokenList> list_tokens(const std::filesystem::path& file) { return load(file); }

Status revoke_token(const std::filesystem::path& file, std::string_view id, const BeforeChange& before) {
    SENDHUB_ASSIGN(const Exclusive lock, Exclusive::on(file));
    SENDHUB_ASSIGN(TokenList list, load(file));
    const auto found = std::ranges::find(list.tokens, id, &Token::id);
    const auto damaged = std::ranges::find(list.unreadable, id, &UnreadableToken::id);
    if (id.empty() || (found == list.tokens.end() && damaged == list.unreadable.end()))
        return fail(ErrorCode::not_found, "there is no key with this id; `sendhub token list` shows them");
    if (found != list.tokens.end() && found->revoked) return {};
    if (before) SENDHUB_TRY(before(std::string(id)));
    if (found != list.tokens.end())
        found->revoked = now_micros();
    else
        list.unreadable.erase(damaged);
    return save(file, list);
}

TokenStore::TokenStore(std::filesystem::path file) : file_(std::move(file)) { need_sodium(); }

Status TokenStore::reload_if_changed() {
    struct stat info{};
    if (::stat(file_.c_str(), &info) != 0) {
        if (errno != ENOENT)
            return fail(ErrorCode::storage, "could not look at " + file_.string() + ": " +
                                                std::generic_category().message(errno));
        list_ = {};
        broken_.reset();
        size_ = -1;
        return {};
    }
    const std::int64_t changed = std::int64_t{info.st_ctim.tv_sec} * 1'000'000'000 + info.st_ctim.tv_nsec;
    if (info.st_ino != inode_ || info.st_size != size_ || changed != changed_ns_) {
        inode_ = info.st_ino;
        size_ = info.st_size;
        changed_ns_ = changed;
        list_ = {};
        broken_.reset();
        auto loaded = load(file_);
        if (loaded)
            list_ = std::move(*loaded);
        else
            broken_ = std::move(loaded).error();
        for (const UnreadableToken& entry : list_.unreadable)
            log::warn("http.keys",
                      "a key cannot be read and works for nobody; revoke it and make a new one, or restore "
                      "tokens.json",
                      {{"key", entry.id.empty() ? "(no id)" : entry.id}, {"reason", entry.reason}});
    }
    if (broken_) return fail(*broken_);
    return {};
}

std::optional<std::string> TokenStore::known_id(std::string_view key) {
    const std::string_view id = id_of(key);
    const std::scoped_lock lock(mutex_);
    if (id.empty() || !reload_if_changed()) return std::nullopt;  // check() says what is wrong with the file
    if (std::ranges::find(list_.tokens, id, &Token::id) == list_.tokens.end()) return std::nullopt;
    return std::string(id);
}

Result<Caller> TokenStore::check(std::string_view key) {
    const std::scoped_lock lock(mutex_);
    SENDHUB_TRY(reload_if_changed());
    static const std::string kNobody(64, '0');
    const auto refused = [] {
        return fail(ErrorCode::denied,
                    "this key is not known here, or has expired or been revoked; ask the administrator for a "
                    "new one");
    };
    const std::string_view id = id_of(key);
    if (id.empty()) return refused();
    const auto found = std::ranges::find(list_.tokens, id, &Token::id);
    // The secret is hashed and compared for an unknown id too, so that the time taken says nothing.
    const std::string hash = sha256(key.substr(kPrefix.size() + kIdLength + 1));
    const std::string& expected = found == list_.tokens.end() ? kNobody : found->hash;
    const bool same = sodium_memcmp(hash.data(), expected.data(), hash.size()) == 0;
    const Micros now = now_micros();
    if (found == list_.tokens.end() || !same || found->revoked || (found->expires && *found->expires <= now))
        return refused();
    used_[found->id] = now;
    return Caller{found->id, found->roles, found->datasets};
}

Status TokenStore::save_last_used() {
    std::map<std::string, Micros> used;
    {
        const std::scoped_lock lock(mutex_);
        used.swap(used_);
    }
    if (used.empty()) return {};
    SENDHUB_ASSIGN(const Exclusive lock, Exclusive::on(file_));
    SENDHUB_ASSIGN(TokenList list, load(file_));
    for (Token& token : list.tokens)
        if (const auto entry = used.find(token.id); entry != used.end())
            token.last_used = std::max(token.last_used.value_or(0), entry->second);
    return save(file_, list);
}

}  // namespace sendhub::govern
