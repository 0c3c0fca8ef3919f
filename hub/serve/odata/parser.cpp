#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "hub/serve/odata/expression.hpp"
#include "hub/serve/odata/lexer.hpp"

namespace sendhub::serve::odata {
namespace {

using Kind = Expression::Kind;
using Parsed = std::expected<Expression, ParseError>;

std::unexpected<ParseError> syntax(std::size_t position, std::string_view message) {
    return std::unexpected(ParseError{400, "BadSyntax", std::string(message), position});
}
std::unexpected<ParseError> mismatch(std::size_t position, std::string_view message) {
    return std::unexpected(ParseError{400, "TypeMismatch", std::string(message), position});
}
std::unexpected<ParseError> not_offered(std::size_t position, std::string_view message) {
    return std::unexpected(ParseError{501, "NotImplemented", std::string(message), position});
}

constexpr std::array<std::string_view, 6> kComparisons{"eq", "ne", "gt", "ge", "lt", "le"};
constexpr std::array<std::string_view, 5> kArithmetic{"add", "sub", "mul", "div", "mod"};
constexpr std::array<std::string_view, 22> kNotOffered{"any",
                                                       "all",
                                                       "cast",
                                                       "isof",
                                                       "geo",
                                                       "matchesPattern",
                                                       "fractionalseconds",
                                                       "time",
                                                       "totaloffsetminutes",
                                                       "totalseconds",
                                                       "maxdatetime",
                                                       "mindatetime",
                                                       "hassubset",
                                                       "hassubsequence",
                                                       "divby",
                                                       "case",
                                                       "duration",
                                                       "binary",
                                                       "guid",
                                                       "geography",
                                                       "geometry",
                                                       "datetime"};

// What a function takes and gives. Argument kinds: s text, i whole number, n any number, d date or timestamp,
// t timestamp; a blank ends the list; a capital letter: may be left out.
struct Function {
    std::string_view name;
    std::string_view arguments;
    ValueType result;
};
constexpr std::array<Function, 21> kFunctions{
    {{"contains", "ss", ValueType::boolean}, {"startswith", "ss", ValueType::boolean},
     {"endswith", "ss", ValueType::boolean}, {"length", "s", ValueType::integer},
     {"indexof", "ss", ValueType::integer},  {"substring", "siI", ValueType::string},
     {"tolower", "s", ValueType::string},    {"toupper", "s", ValueType::string},
     {"trim", "s", ValueType::string},       {"concat", "ss", ValueType::string},
     {"year", "d", ValueType::integer},      {"month", "d", ValueType::integer},
     {"day", "d", ValueType::integer},       {"hour", "t", ValueType::integer},
     {"minute", "t", ValueType::integer},    {"second", "t", ValueType::integer},
     {"date", "d", ValueType::date},         {"now", "", ValueType::timestamp},
     {"round", "n", ValueType::decimal},     {"floor", "n", ValueType::decimal},
     {"ceiling", "n", ValueType::decimal}}};

bool is_number(ValueType type) {
    return type == ValueType::integer || type == ValueType::decimal || type == ValueType::real;
}
bool is_time(ValueType type) { return type == ValueType::date || type == ValueType::timestamp; }
bool comparable(ValueType a, ValueType b) {
    return a == ValueType::null || b == ValueType::null || a == b || (is_number(a) && is_number(b)) ||
           (is_time(a) && is_time(b));
}
bool truth(ValueType type) { return type == ValueType::boolean || type == ValueType::null; }

bool takes(char kind, ValueType type) {
    if (type == ValueType::null) return true;
    switch (kind) {
        case 's':
            return type == ValueType::string;
        case 'i':
            return type == ValueType::integer;
        case 'n':
            return is_number(type);
        case 'd':
            return is_time(type);
        default:
            return type == ValueType::timestamp;
    }
}

ValueType type_of(FieldType type) {
    switch (type) {
        case FieldType::string:
            return ValueType::string;
        case FieldType::boolean:
            return ValueType::boolean;
        case FieldType::int64:
        case FieldType::int32:
            return ValueType::integer;
        case FieldType::decimal:
            return ValueType::decimal;
        case FieldType::date:
            return ValueType::date;
        case FieldType::timestamp:
            return ValueType::timestamp;
    }
    return ValueType::null;
}

std::optional<Literal> number_literal(std::string_view text) {
    if (text.size() >= 10 && text[4] == '-') {  // yyyy-…
        if (const auto day = parse_iso_date(text)) return Literal{ValueType::date, {}, *day, 0};
        // OData lets the seconds be left out; parse_time does not.
        std::string full(text);
        if (full.size() >= 17 && full[10] == 'T' && full[13] == ':' && full[16] != ':')
            full.insert(16, ":00");
        if (const auto time = parse_time(full)) return Literal{ValueType::timestamp, {}, *time, 0};
        return std::nullopt;
    }
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    std::int64_t whole = 0;
    if (const auto [at, error] = std::from_chars(begin, end, whole); error == std::errc{} && at == end)
        return Literal{ValueType::integer, {}, whole, 0};
    const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
    const std::size_t point = digits.find('.');
    const bool plain = std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (plain && point != std::string_view::npos && point > 0 && point + 1 < digits.size() &&
        digits.find('.', point + 1) == std::string_view::npos) {
        // 18 digits on either side always fit DuckDB's widest decimal beside a column's own.
        if (point > 18 || digits.size() - point - 1 > 18) return std::nullopt;
        return Literal{ValueType::decimal, std::string(text),
                       static_cast<std::int64_t>(digits.size() - point - 1), 0};
    }
    double real = 0;
    if (digits.find_first_of("eE") != std::string_view::npos)
        if (const auto [at, error] = std::from_chars(begin, end, real); error == std::errc{} && at == end)
            return Literal{ValueType::real, {}, 0, real};
    return std::nullopt;
}

class Parser {
  public:
    Parser(std::string_view text, const ParseContext& context, std::size_t& nodes, bool in_alias)
        : lexer_(text), context_(context), nodes_(nodes), in_alias_(in_alias) {}

    Parsed whole() {
        auto expression = either();
        if (!expression) return expression;
        if (lexer_.peek().kind != Token::Kind::end) return after(lexer_.peek());
        return expression;
    }

    std::expected<std::vector<OrderTerm>, ParseError> order() {
        std::vector<OrderTerm> terms;
        for (;;) {
            const std::size_t position = lexer_.peek().position;
            auto expression = either();
            if (!expression) return std::unexpected(expression.error());
            if (expression->type == ValueType::null)
                return mismatch(position, "a sort needs a property or an expression over one");
            OrderTerm term{std::move(*expression), false};
            if (is_word("asc"))
                lexer_.take();
            else if (is_word("desc"))
                term.descending = (lexer_.take(), true);
            terms.push_back(std::move(term));
            if (lexer_.peek().kind == Token::Kind::end) return terms;
            if (lexer_.peek().kind != Token::Kind::comma)
                return std::unexpected(after(lexer_.peek()).error());
            if (terms.size() >= 16) return syntax(lexer_.peek().position, "more than 16 sort terms");
            lexer_.take();
        }
    }

  private:
    [[nodiscard]] bool is_word(std::string_view word) const {
        return lexer_.peek().kind == Token::Kind::word && lexer_.peek().text == word;
    }

    // What may stand after a finished expression.
    std::unexpected<ParseError> after(const Token& token) const {
        if (token.kind == Token::Kind::word) {
            if (std::ranges::find(kArithmetic, token.text) != kArithmetic.end())
                return not_offered(token.position, "arithmetic is not offered");
            if (token.text == "has")
                return not_offered(token.position, "has is not offered: there are no flags");
        }
        if (token.kind == Token::Kind::slash)
            return not_offered(token.position, "paths are not offered: every entity is flat");
        if (token.kind == Token::Kind::bad)
            return syntax(token.position, token.text.starts_with('\'') ? "a text without its closing quote"
                                                                       : "a character that belongs nowhere");
        return syntax(token.position, "an operator or the end was expected");
    }

    Parsed node(Expression expression, std::size_t position) {
        if (++nodes_ > kMaxNodes)
            return std::unexpected(
                ParseError{400, "TooComplex",
                           "the expression has more than " + std::to_string(kMaxNodes) + " parts", position});
        return expression;
    }

    struct Deeper {
        explicit Deeper(std::size_t& depth) : depth_(depth) { ++depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        ~Deeper() { --depth_; }
        std::size_t& depth_;
    };

    // Chains of and/or become one node with many arguments, so that depth is that of the brackets only.
    Parsed chain(std::string_view word, Kind kind, Parsed (Parser::*part)()) {
        const std::size_t start = lexer_.peek().position;
        auto first = (this->*part)();
        if (!first || !is_word(word)) return first;
        if (!truth(first->type)) return mismatch(start, "true or false was expected before this operator");
        Expression all{kind, ValueType::boolean, {}, {}, 0, {}};
        all.arguments.push_back(std::move(*first));
        while (is_word(word)) {
            lexer_.take();
            const std::size_t position = lexer_.peek().position;
            auto next = (this->*part)();
            if (!next) return next;
            if (!truth(next->type))
                return mismatch(position, "true or false was expected after this operator");
            all.arguments.push_back(std::move(*next));
        }
        return node(std::move(all), start);
    }

    Parsed either() {
        const Deeper deeper(depth_);
        if (depth_ > kMaxDepth)
            return std::unexpected(
                ParseError{400, "TooComplex", "brackets are nested too deeply", lexer_.peek().position});
        return chain("or", Kind::either, &Parser::both);
    }
    Parsed both() { return chain("and", Kind::both, &Parser::equality); }

    Parsed equality() { return comparisons(0, 2, &Parser::relation); }
    Parsed relation() { return comparisons(2, 6, &Parser::unary); }

    Parsed comparisons(std::size_t from, std::size_t to, Parsed (Parser::*part)()) {
        auto left = (this->*part)();
        if (!left) return left;
        for (std::size_t chained = 0;; ++chained) {
            if (from == 2 && is_word("in")) {
                left = member(std::move(*left));
                if (!left) return left;
                continue;
            }
            const Token& token = lexer_.peek();
            const auto* const begin = kComparisons.begin() + from;
            const auto* const end = kComparisons.begin() + to;
            const auto* const found =
                token.kind == Token::Kind::word ? std::find(begin, end, token.text) : end;
            if (found == end) return left;
            const std::size_t position = token.position;
            if (chained >= kMaxDepth)
                return std::unexpected(
                    ParseError{400, "TooComplex", "too many comparisons in a row", position});
            lexer_.take();
            auto right = (this->*part)();
            if (!right) return right;
            if (!comparable(left->type, right->type))
                return mismatch(position, "the two sides of this comparison are of different types");
            const bool equal = *found == "eq" || *found == "ne";
            if (!equal && (left->type == ValueType::boolean || right->type == ValueType::boolean))
                return mismatch(position, "true and false have no order");
            Expression comparison{Kind::comparison, ValueType::boolean, *found, {}, 0, {}};
            comparison.arguments.push_back(std::move(*left));
            comparison.arguments.push_back(std::move(*right));
            left = node(std::move(comparison), position);
            if (!left) return left;
        }
    }

    Parsed member(Expression left) {
        const std::size_t position = lexer_.take().position;
        if (lexer_.peek().kind == Token::Kind::alias)
            return not_offered(lexer_.peek().position, "a list behind an alias is not offered");
        if (lexer_.peek().kind != Token::Kind::open)
            return syntax(lexer_.peek().position, "a list in brackets was expected");
        lexer_.take();
        Expression expression{Kind::member, ValueType::boolean, {}, {}, 0, {}};
        expression.arguments.push_back(std::move(left));
        for (;;) {
            const std::size_t at = lexer_.peek().position;
            auto item = primary();
            if (!item) return item;
            if (!comparable(expression.arguments.front().type, item->type))
                return mismatch(at, "this item is of another type than what is looked for");
            expression.arguments.push_back(std::move(*item));
            const Token token = lexer_.take();
            if (token.kind == Token::Kind::close) break;
            if (token.kind != Token::Kind::comma)
                return syntax(token.position, "a comma or the end of the list was expected");
        }
        return node(std::move(expression), position);
    }

    Parsed unary() {
        if (!is_word("not")) return primary();
        const std::size_t position = lexer_.take().position;
        const Deeper deeper(depth_);
        if (depth_ > kMaxDepth)
            return std::unexpected(ParseError{400, "TooComplex", "brackets are nested too deeply", position});
        const std::size_t at = lexer_.peek().position;
        auto operand = unary();
        if (!operand) return operand;
        if (!truth(operand->type)) return mismatch(at, "true or false was expected after not");
        Expression negation{Kind::negation, ValueType::boolean, {}, {}, 0, {}};
        negation.arguments.push_back(std::move(*operand));
        return node(std::move(negation), position);
    }

    Parsed primary() {
        const Token token = lexer_.take();
        switch (token.kind) {
            case Token::Kind::open: {
                auto inner = either();
                if (!inner) return inner;
                const Token close = lexer_.take();
                if (close.kind != Token::Kind::close)
                    return after(close).error().status == 501
                               ? Parsed(after(close))
                               : Parsed(syntax(close.position, "a closing bracket was expected"));
                return inner;
            }
            case Token::Kind::string:
                return literal({ValueType::string, unquote(token.text), 0, 0}, token.position);
            case Token::Kind::number: {
                auto value = number_literal(token.text);
                if (!value)
                    return syntax(
                        token.position,
                        "this is not a number, date or timestamp (yyyy-mm-ddThh:mm:ssZ) that can be used");
                return literal(std::move(*value), token.position);
            }
            case Token::Kind::alias:
                return alias(token);
            case Token::Kind::word:
                return word(token);
            case Token::Kind::end:
                return syntax(token.position, "the expression ends too early");
            case Token::Kind::bad:
                return after(token);
            default:
                return syntax(token.position, "a property, a value or a function was expected");
        }
    }

    Parsed literal(Literal value, std::size_t position) {
        const ValueType type = value.type;
        return node({Kind::literal, type, {}, std::move(value), 0, {}}, position);
    }

    Parsed word(const Token& token) {
        if (token.text == "null") return literal({}, token.position);
        if (token.text == "true" || token.text == "false")
            return literal({ValueType::boolean, {}, token.text == "true" ? 1 : 0, 0}, token.position);
        const Token& next = lexer_.peek();
        if (next.kind == Token::Kind::open && next.position == token.position + token.text.size())
            return call(token);
        if (next.kind == Token::Kind::string && next.position == token.position + token.text.size())
            return not_offered(token.position, "this kind of literal is not offered");
        for (std::size_t i = 0; i < context_.fields.size(); ++i)
            if (context_.fields[i].name == token.text) {
                if (in_alias_) return syntax(token.position, "an alias may hold only values");
                return node({Kind::property, type_of(context_.fields[i].type), {}, {}, i, {}},
                            token.position);
            }
        return std::unexpected(
            ParseError{400, "UnknownProperty", "the data set has no property of this name", token.position});
    }

    Parsed call(const Token& name) {
        const auto* const function = std::ranges::find(kFunctions, name.text, &Function::name);
        if (function == kFunctions.end()) {
            const bool known = std::ranges::find(kNotOffered, name.text) != kNotOffered.end();
            return not_offered(name.position, known ? "this function is not offered"
                                                    : "there is no function of this name here");
        }
        const Deeper deeper(depth_);
        if (depth_ > kMaxDepth)
            return std::unexpected(
                ParseError{400, "TooComplex", "brackets are nested too deeply", name.position});
        lexer_.take();
        Expression expression{Kind::function, function->result, function->name, {}, 0, {}};
        if (lexer_.peek().kind == Token::Kind::close) {
            lexer_.take();
        } else {
            for (;;) {
                const std::size_t at = lexer_.peek().position;
                auto argument = either();
                if (!argument) return argument;
                const std::size_t index = expression.arguments.size();
                if (index >= function->arguments.size())
                    return syntax(at, "this function takes fewer arguments");
                const char kind = static_cast<char>(function->arguments[index] | 0x20);
                if (!takes(kind, argument->type)) return mismatch(at, "this argument is of the wrong type");
                expression.arguments.push_back(std::move(*argument));
                const Token token = lexer_.take();
                if (token.kind == Token::Kind::close) break;
                if (token.kind != Token::Kind::comma)
                    return after(token).error().status == 501
                               ? Parsed(after(token))
                               : Parsed(syntax(token.position, "a comma or a closing bracket was expected"));
            }
        }
        const auto needed = static_cast<std::size_t>(
            std::ranges::count_if(function->arguments, [](char c) { return c >= 'a'; }));
        if (expression.arguments.size() < needed)
            return syntax(name.position, "this function takes more arguments");
        if (expression.name == "now")
            return literal({ValueType::timestamp, {}, context_.now, 0}, name.position);
        // Rounding keeps whole numbers whole and floating ones floating.
        if (function->arguments == "n" && expression.arguments.front().type != ValueType::null)
            expression.type = expression.arguments.front().type;
        return node(std::move(expression), name.position);
    }

    Parsed alias(const Token& token) {
        if (in_alias_) return syntax(token.position, "an alias may not hold another");
        if (!context_.aliases) return literal({}, token.position);
        const auto found = context_.aliases->find(token.text);
        if (found == context_.aliases->end()) return literal({}, token.position);  // the standard: null
        Parser inner(found->second, context_, nodes_, true);
        auto value = inner.whole();
        if (!value) value.error().position = token.position;
        return value;
    }

    Lexer lexer_;
    const ParseContext& context_;
    std::size_t& nodes_;
    bool in_alias_;
    std::size_t depth_ = 0;
};

}  // namespace

std::expected<Expression, ParseError> parse_filter(std::string_view text, const ParseContext& context) {
    std::size_t nodes = 0;
    auto expression = Parser(text, context, nodes, false).whole();
    if (expression && !truth(expression->type))
        return mismatch(0, "a filter must be true or false for each row");
    return expression;
}

std::expected<std::vector<OrderTerm>, ParseError> parse_orderby(std::string_view text,
                                                                const ParseContext& context) {
    std::size_t nodes = 0;
    return Parser(text, context, nodes, false).order();
}

}  // namespace sendhub::serve::odata
