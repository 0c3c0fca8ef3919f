// What went wrong, as a value: a code that tells the caller what can be done, one sentence for a person
// (what, where, what to do; never personal data), and facts for machines. The text is made once, where the
// fault is found; each layer above adds only what it alone knows.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sendhub {

enum class ErrorCode {
    usage,         // the command or call is wrong
    settings,      // fix hub.toml or a plugin's settings
    input,         // fix the file or row
    retry,         // a passing fault: try again later
    needs_person,  // done as far as possible; a person must decide
    denied,        // the caller lacks the right
    not_found,     // no such feed, batch, dataset …
    busy,          // someone else holds the store
    storage,       // disk, permissions, a damaged file
    plugin,        // a plugin broke the contract
    bug,           // our mistake
};

std::string_view to_string(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::bug;
    std::string sentence;
    std::vector<std::pair<std::string, std::string>> facts;

    Error() = default;
    Error(ErrorCode c, std::string s) : code(c), sentence(std::move(s)) {}
    Error&& with(std::string key, std::string value) && {
        facts.emplace_back(std::move(key), std::move(value));
        return std::move(*this);
    }
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string sentence) {
    return std::unexpected(Error(code, std::move(sentence)));
}
[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace sendhub

// Hands a failed Result or Status on to the caller.
#define SENDHUB_TRY(expression)                                         \
    do {                                                                \
        if (auto sendhub_status_ = (expression); !sendhub_status_)      \
            return std::unexpected(std::move(sendhub_status_).error()); \
    } while (false)

#define SENDHUB_CONCAT_(a, b) a##b
#define SENDHUB_CONCAT(a, b) SENDHUB_CONCAT_(a, b)
// SENDHUB_ASSIGN(auto value, call()): value, or the error handed on.
#define SENDHUB_ASSIGN(declaration, expression) \
    SENDHUB_ASSIGN_(declaration, expression, SENDHUB_CONCAT(sendhub_result_, __LINE__))
#define SENDHUB_ASSIGN_(declaration, expression, name)          \
    auto name = (expression);                                   \
    if (!name) return std::unexpected(std::move(name).error()); \
    declaration = std::move(*name)
