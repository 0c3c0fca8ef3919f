#include "plugins/transports/folder/digest.hpp"

#include <openssl/evp.h>

#include <sendhub/plugin.hpp>

namespace sendhub::folder {

std::optional<DigestKind> kind_of_marker(std::string_view marker) {
    if (marker == ".md5" || marker == ".MD5") return DigestKind::md5;
    if (marker == ".sha256" || marker == ".SHA256") return DigestKind::sha256;
    return std::nullopt;
}

std::string digest_in(DigestKind kind, std::string_view text) {
    const std::size_t digits = kind == DigestKind::md5 ? 32 : 64;
    const auto is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    const auto is_word = [&](char c) {
        return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '_';
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        bool hex = true;
        while (end < text.size() && is_word(text[end])) hex = is_hex(text[end++]) && hex;
        if (hex && end - at == digits) {
            std::string out(text.substr(at, digits));
            for (char& c : out)
                if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
            return out;
        }
        at = end + 1;
    }
    return "";
}

struct Digest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
    // MD5 here is what the sender chose against a broken transfer, not against an attacker.
    if (!state_->context ||
        EVP_DigestInit_ex(state_->context, kind == DigestKind::md5 ? EVP_md5() : EVP_sha256(), nullptr) != 1)
        throw sdk::RunFailed("OpenSSL on this machine cannot compute the digest that the marker asks for");
}
Digest::~Digest() = default;
void Digest::add(const void* data, std::size_t size) {
    if (EVP_DigestUpdate(state_->context, data, size) != 1)
        throw sdk::RunFailed("OpenSSL could not compute a digest");
}
std::string Digest::finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_DigestFinal_ex(state_->context, digest, &size) != 1)
        throw sdk::RunFailed("OpenSSL could not compute a digest");
    constexpr char hex[] = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += hex[digest[i] >> 4];
        out += hex[digest[i] & 15];
    }
    return out;
}

}  // namespace sendhub::folder
