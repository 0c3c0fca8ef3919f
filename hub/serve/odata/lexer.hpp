// Cuts $filter and $orderby into tokens. Knows nothing of names or types.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::serve::odata {

struct Token {
    enum class Kind { end, word, string, number, open, close, comma, slash, alias, bad };
    Kind kind = Kind::end;
    std::size_t position = 0;
    std::string_view text;  // of a string: with its quotes; of an alias: with its @
};

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) { advance(); }
    [[nodiscard]] const Token& peek() const { return token_; }
    Token take() {
        Token token = token_;
        advance();
        return token;
    }

  private:
    void advance();
    std::string_view text_;
    std::size_t at_ = 0;
    Token token_;
};

// 'It''s' → It's
std::string unquote(std::string_view quoted);
// The key of an entity as it stands between the quotes of an address: quotes doubled, then percent-encoded.
std::string key_in_url(std::string_view key);

}  // namespace sendhub::serve::odata
