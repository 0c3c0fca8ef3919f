#include "hub/serve/odata/lexer.hpp"

#include "hub/serve/url.hpp"

namespace sendhub::serve::odata {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void Lexer::advance() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    const std::size_t start = at_;
    const auto token = [&](Token::Kind kind) { token_ = {kind, start, text_.substr(start, at_ - start)}; };
    if (at_ == text_.size()) return token(Token::Kind::end);
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    switch (c) {
        case '(':
            ++at_;
            return token(Token::Kind::open);
        case ')':
            ++at_;
            return token(Token::Kind::close);
        case ',':
            ++at_;
            return token(Token::Kind::comma);
        case '/':
            ++at_;
            return token(Token::Kind::slash);
        default:
            break;
    }
    if (c == '\'') {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '\'') continue;
            if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
                ++at_;
                continue;
            }
            ++at_;
            return token(Token::Kind::string);
        }
        return token(Token::Kind::bad);  // no closing quote
    }
    if (is_digit(c) || (c == '-' && is_digit(next))) {
        // Numbers, dates and timestamps share their letters; the parser tells them apart.
        for (++at_; at_ < text_.size(); ++at_) {
            const char d = text_[at_];
            if (!is_digit(d) && !is_letter(d) && d != '.' && d != ':' && d != '-' && d != '+') break;
        }
        return token(Token::Kind::number);
    }
    if (is_letter(c) || (c == '@' && is_letter(next))) {
        for (++at_; at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_])); ++at_) {
        }
        return token(c == '@' ? Token::Kind::alias : Token::Kind::word);
    }
    ++at_;
    token(Token::Kind::bad);
}

std::string unquote(std::string_view quoted) {
    std::string out;
    quoted = quoted.substr(1, quoted.size() - 2);
    for (std::size_t i = 0; i < quoted.size(); ++i) {
        out += quoted[i];
        if (quoted[i] == '\'') ++i;
    }
    return out;
}

std::string key_in_url(std::string_view key) {
    std::string doubled;
    for (const char c : key) doubled.append(c == '\'' ? 2 : 1, c);
    return percent_encode(doubled);
}

}  // namespace sendhub::serve::odata
