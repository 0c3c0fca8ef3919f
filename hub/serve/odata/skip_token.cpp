#include "hub/serve/odata/skip_token.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>

#include "base/files.hpp"

namespace sendhub::serve::odata {
namespace {

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return std::nullopt;
    bytes.resize(length);
    return bytes;
}

}  // namespace

Result<TokenSigner> TokenSigner::open(const std::filesystem::path& key_file) {
    if (sodium_init() < 0) return fail(ErrorCode::bug, "libsodium could not be started");
    TokenSigner signer;
    struct stat info{};
    if (::stat(key_file.c_str(), &info) != 0) {
        std::array<unsigned char, 32> fresh{};
        randombytes_buf(fresh.data(), fresh.size());
        std::string hex(fresh.size() * 2 + 1, '\0');
        sodium_bin2hex(hex.data(), hex.size(), fresh.data(), fresh.size());
        hex.back() = '\n';
        // Two servers that start together must end with one key: written aside, then linked, which fails for
        // the second.
        const std::filesystem::path aside =
            key_file.string() + "." + base64({reinterpret_cast<const char*>(fresh.data()), 6});
        SENDHUB_TRY(write_file_atomically(aside, hex, 0600));
        const bool linked = ::link(aside.c_str(), key_file.c_str()) == 0 || errno == EEXIST;
        const int number = errno;
        ::unlink(aside.c_str());
        if (!linked)
            return fail(ErrorCode::storage, "could not make " + key_file.string() + ": " +
                                                std::generic_category().message(number));
    } else if ((info.st_mode & 077) != 0) {
        return fail(ErrorCode::settings,
                    key_file.string() + " can be read by others; its mode must be 0600 (chmod 600)");
    }
    SENDHUB_ASSIGN(const std::string hex, read_file(key_file, 1024));
    std::size_t length = 0;
    if (sodium_hex2bin(signer.key_.data(), signer.key_.size(), hex.data(), hex.size(), "\n", &length,
                       nullptr) != 0 ||
        length != signer.key_.size())
        return fail(ErrorCode::settings,
                    key_file.string() +
                        " does not hold a key of 64 hexadecimal digits; remove it and a new one is made");
    return signer;
}

std::array<unsigned char, 16> TokenSigner::mac(std::string_view payload, std::string_view query) const {
    std::array<unsigned char, 16> out{};
    crypto_generichash_state state;
    crypto_generichash_init(&state, key_.data(), key_.size(), out.size());
    const std::uint64_t length = payload.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&length), sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(payload.data()), payload.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(query.data()), query.size());
    crypto_generichash_final(&state, out.data(), out.size());
    return out;
}

std::string TokenSigner::sign(const SkipToken& token, std::string_view query) const {
    std::string payload = token.version + ";" + std::to_string(token.after_row) + ";" +
                          std::to_string(token.remaining) + ";" + std::to_string(token.count);
    const auto code = mac(payload, query);
    payload.append(reinterpret_cast<const char*>(code.data()), code.size());
    return base64(payload);
}

std::optional<SkipToken> TokenSigner::check(std::string_view text, std::string_view query) const {
    if (text.size() > 256) return std::nullopt;
    const auto bytes = from_base64(text);
    if (!bytes || bytes->size() < 16) return std::nullopt;
    const std::string_view payload = std::string_view(*bytes).substr(0, bytes->size() - 16);
    const auto expected = mac(payload, query);
    if (sodium_memcmp(expected.data(), bytes->data() + payload.size(), expected.size()) != 0)
        return std::nullopt;
    SkipToken token;
    const std::size_t first = payload.find(';');
    token.version = payload.substr(0, first);
    std::string_view rest = payload.substr(first + 1);
    for (std::int64_t* number : {&token.after_row, &token.remaining, &token.count}) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::from_chars(rest.data(), rest.data() + end, *number);  // we wrote it: the signature says so
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return token;
}

}  // namespace sendhub::serve::odata
