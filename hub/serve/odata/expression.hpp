// $filter and $orderby: text → tree → SQL with parameters.
//
// The grammar is OData 4.0's (URL conventions, 5.1.1), without arithmetic, lambda, cast, isof and has, which
// are told apart from bad syntax (501 instead of 400). Names of columns come from the dataset's description
// only; every literal becomes a parameter of a prepared statement.
//
// Rules of the house, where the standard leaves room:
//   - a date compared with a timestamp counts as midnight UTC of its day (Power BI's incremental refresh
//   filters so)
//   - text is compared by code point; length, indexof and substring count code points
//   - eq and ne treat null as a value of its own; gt, ge, lt, le with one null are false; and, or, not are
//     three-valued; a filter keeps the rows for which it is true
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/duckdb.hpp"
#include "hub/serve/publication.hpp"

namespace sendhub::serve::odata {

enum class ValueType { null, boolean, integer, decimal, real, string, date, timestamp };

// A value that travels as a parameter. text: of a string; of a decimal its digits.
struct Literal {
    ValueType type = ValueType::null;
    std::string text;
    std::int64_t number = 0;  // boolean, integer, days, microseconds; scale of a decimal
    double real = 0;
};

struct Expression {
    enum class Kind { literal, property, comparison, both, either, negation, member, function };
    Kind kind = Kind::literal;
    ValueType type = ValueType::null;
    std::string_view name;  // of a comparison or function: from this file's tables, so it lives for ever
    Literal literal;
    std::size_t field = 0;  // of a property: index into the fields
    std::vector<Expression> arguments;
};

struct OrderTerm {
    Expression expression;
    bool descending = false;
};

struct ParseError {
    unsigned status = 400;  // 501 for what is well formed and not offered
    std::string code;
    std::string message;       // never repeats the text that was sent
    std::size_t position = 0;  // in characters of the option's value, from 0
};

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 2000;

// Aliases: "@p" → its text. now: for now(), one for the whole request.
struct ParseContext {
    std::span<const Field> fields;
    const std::map<std::string, std::string, std::less<>>* aliases = nullptr;
    Micros now = 0;
};

[[nodiscard]] std::expected<Expression, ParseError> parse_filter(std::string_view text,
                                                                 const ParseContext& context);
[[nodiscard]] std::expected<std::vector<OrderTerm>, ParseError> parse_orderby(std::string_view text,
                                                                              const ParseContext& context);

// The parameters of a statement under construction: $1, $2, … in the text.
class Parameters {
  public:
    std::string add(Literal literal);  // a typed expression around its "$n"
    std::string add(std::int64_t number);
    // Valid while this object lives and nothing is added.
    [[nodiscard]] std::vector<duck::Value> values() const;

  private:
    std::vector<Literal> literals_;
};

// A condition for WHERE.
std::string condition_sql(const Expression& filter, std::span<const Field> fields, Parameters& parameters);
std::string value_sql(const Expression& expression, std::span<const Field> fields, Parameters& parameters);

// The same text with ? for every literal: for the audit log.
std::string shape(const Expression& expression, std::span<const Field> fields);

}  // namespace sendhub::serve::odata
