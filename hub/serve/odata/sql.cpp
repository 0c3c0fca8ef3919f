// The tree of an expression as SQL. Column names come from the dataset's description, functions from this
// file, values only as parameters.
#include <algorithm>

#include "hub/serve/odata/expression.hpp"

namespace sendhub::serve::odata {
namespace {

using Kind = Expression::Kind;

bool is_null_literal(const Expression& e) { return e.kind == Kind::literal && e.type == ValueType::null; }
bool never_null(const Expression& e, std::span<const Field> fields) {
    return (e.kind == Kind::literal && e.type != ValueType::null) ||
           (e.kind == Kind::property && !fields[e.field].nullable);
}

std::string_view symbol(std::string_view comparison) {
    if (comparison == "gt") return " > ";
    if (comparison == "ge") return " >= ";
    if (comparison == "lt") return " < ";
    return " <= ";
}

class Writer {
  public:
    Writer(std::span<const Field> fields, Parameters& parameters)
        : fields_(fields), parameters_(parameters) {}

    // kept: only "true or not" matters (the condition of a WHERE, through and/or), so SQL's own null, which
    // is not true either, will do. Plain comparisons let the engine skip blocks; the exact forms do not.
    std::string truth(const Expression& e, bool kept) {
        switch (e.kind) {
            case Kind::both:
                return joined(e, " AND ", kept);
            case Kind::either:
                return joined(e, " OR ", kept);
            case Kind::negation:
                return "(NOT " + truth(e.arguments[0], false) + ")";
            case Kind::comparison:
                return comparison(e, kept);
            case Kind::member:
                return member(e, kept);
            case Kind::literal:
                if (e.type == ValueType::null) return "CAST(NULL AS BOOLEAN)";
                [[fallthrough]];
            default:
                return value(e);
        }
    }

    std::string value(const Expression& e) {
        switch (e.kind) {
            case Kind::literal:
                return parameters_.add(e.literal);
            case Kind::property:
                return duck::quoted_name(fields_[e.field].name);
            case Kind::function:
                return function(e);
            default:
                return truth(e, false);
        }
    }

  private:
    std::string joined(const Expression& e, std::string_view word, bool kept) {
        std::string sql = "(";
        for (const Expression& part : e.arguments) {
            if (sql.size() > 1) sql += word;
            sql += truth(part, kept);
        }
        return sql + ")";
    }

    // Both sides as one type: a date beside a timestamp is midnight UTC of its day.
    std::string side(const Expression& e, ValueType other) {
        std::string sql = value(e);
        if (e.type == ValueType::date && other == ValueType::timestamp)
            return "CAST(" + sql + " AS TIMESTAMPTZ)";
        return sql;
    }

    std::string comparison(const Expression& e, bool kept) {
        const Expression& left = e.arguments[0];
        const Expression& right = e.arguments[1];
        const bool equal = e.name == "eq", unequal = e.name == "ne";
        if (is_null_literal(left) || is_null_literal(right)) {
            const bool same = is_null_literal(left) && is_null_literal(right);
            if (same) return equal || e.name == "ge" || e.name == "le" ? "TRUE" : "FALSE";
            if (!equal && !unequal) return "FALSE";
            return "(" + value(is_null_literal(left) ? right : left) +
                   (equal ? " IS NULL)" : " IS NOT NULL)");
        }
        const std::string a = side(left, right.type), b = side(right, left.type);
        const bool one_sure = never_null(left, fields_) || never_null(right, fields_);
        if (equal)
            return kept && one_sure ? "(" + a + " = " + b + ")"
                                    : "(" + a + " IS NOT DISTINCT FROM " + b + ")";
        if (unequal) return "(" + a + " IS DISTINCT FROM " + b + ")";
        std::string plain = a + std::string(symbol(e.name)) + b;
        const bool or_equal = e.name == "ge" || e.name == "le";
        if (or_equal && !one_sure)
            return "(COALESCE(" + plain + ", FALSE) OR (" + a + " IS NULL AND " + b + " IS NULL))";
        return kept ? "(" + plain + ")" : "COALESCE(" + plain + ", FALSE)";
    }

    std::string member(const Expression& e, bool kept) {
        const Expression& left = e.arguments[0];
        std::string list, others;
        for (const Expression& item : std::span(e.arguments).subspan(1)) {
            if (!is_null_literal(left) && item.kind == Kind::literal && item.type != ValueType::null) {
                if (!list.empty()) list += ", ";
                list += side(item, left.type);
                continue;
            }
            Expression equal{Kind::comparison, ValueType::boolean, "eq", {}, 0, {left, item}};
            others += " OR " + comparison(equal, kept);
        }
        std::string sql;
        if (!list.empty()) {
            ValueType widest = left.type;
            for (const Expression& item : std::span(e.arguments).subspan(1))
                if (item.type == ValueType::timestamp) widest = ValueType::timestamp;
            sql = side(left, widest) + " IN (" + list + ")";
            if (!kept) sql = "COALESCE(" + sql + ", FALSE)";
        } else {
            sql = "FALSE";
        }
        return "(" + sql + others + ")";
    }

    std::string function(const Expression& e) {
        std::vector<std::string> a;
        for (std::size_t i = 0; i < e.arguments.size(); ++i) {
            std::string sql = value(e.arguments[i]);
            if (is_null_literal(e.arguments[i]))
                sql = "CAST(NULL AS " + std::string(null_type(e.name, i)) + ")";
            a.push_back(std::move(sql));
        }
        if (e.name == "contains") return "contains(" + a[0] + ", " + a[1] + ")";
        if (e.name == "startswith") return "starts_with(" + a[0] + ", " + a[1] + ")";
        if (e.name == "endswith") return "suffix(" + a[0] + ", " + a[1] + ")";
        if (e.name == "length") return "length(" + a[0] + ")";
        if (e.name == "indexof") return "(strpos(" + a[0] + ", " + a[1] + ") - 1)";
        if (e.name == "substring")
            return "substr(" + a[0] + ", greatest(" + a[1] + ", 0) + 1" +
                   (a.size() > 2 ? ", greatest(" + a[2] + ", 0)" : std::string()) + ")";
        if (e.name == "tolower") return "lower(" + a[0] + ")";
        if (e.name == "toupper") return "upper(" + a[0] + ")";
        if (e.name == "trim") return "trim(" + a[0] + ")";
        if (e.name == "concat") return "(" + a[0] + " || " + a[1] + ")";
        if (e.name == "date") return "CAST(" + a[0] + " AS DATE)";
        if (e.name == "ceiling") return "ceil(" + a[0] + ")";
        return std::string(e.name) + "(" + a[0] + ")";  // year month day hour minute second round floor
    }

    static std::string_view null_type(std::string_view function, std::size_t argument) {
        if (function == "substring" && argument > 0) return "BIGINT";
        if (function == "round" || function == "floor" || function == "ceiling") return "DECIMAL(18,4)";
        for (const std::string_view time : {"year", "month", "day", "hour", "minute", "second", "date"})
            if (function == time) return "TIMESTAMPTZ";
        return "VARCHAR";
    }

    std::span<const Field> fields_;
    Parameters& parameters_;
};

}  // namespace

std::string Parameters::add(Literal literal) {
    const std::string mark = "$" + std::to_string(literals_.size() + 1);
    std::string sql;
    switch (literal.type) {
        case ValueType::null:
            sql = mark;
            break;
        case ValueType::boolean:
            sql = "CAST(" + mark + " AS BOOLEAN)";
            break;
        case ValueType::integer:
            sql = "CAST(" + mark + " AS BIGINT)";
            break;
        case ValueType::decimal: {
            const std::size_t digits = literal.text.size() - 1 - (literal.text.front() == '-' ? 1 : 0);
            sql = "CAST(" + mark + " AS DECIMAL(" + std::to_string(digits) + "," +
                  std::to_string(literal.number) + "))";
            break;
        }
        case ValueType::real:
            sql = "CAST(" + mark + " AS DOUBLE)";
            break;
        case ValueType::string:
            sql = "CAST(" + mark + " AS VARCHAR)";
            break;
        case ValueType::date:
            sql = "CAST(" + mark + " AS DATE)";
            break;
        case ValueType::timestamp:
            sql = "CAST(" + mark + " AS TIMESTAMPTZ)";
            break;
    }
    literals_.push_back(std::move(literal));
    return sql;
}

std::string Parameters::add(std::int64_t number) { return add(Literal{ValueType::integer, {}, number, 0}); }

std::vector<duck::Value> Parameters::values() const {
    std::vector<duck::Value> values;
    values.reserve(literals_.size());
    for (const Literal& literal : literals_) switch (literal.type) {
            case ValueType::null:
                values.emplace_back(duck::Null{});
                break;
            case ValueType::boolean:
                values.emplace_back(literal.number != 0);
                break;
            case ValueType::integer:
                values.emplace_back(literal.number);
                break;
            case ValueType::real:
                values.emplace_back(literal.real);
                break;
            case ValueType::decimal:
            case ValueType::string:
                values.emplace_back(std::string_view(literal.text));
                break;
            case ValueType::date:
                values.emplace_back(duck::Date{static_cast<std::int32_t>(literal.number)});
                break;
            case ValueType::timestamp:
                values.emplace_back(duck::Timestamp{literal.number});
                break;
        }
    return values;
}

std::string condition_sql(const Expression& filter, std::span<const Field> fields, Parameters& parameters) {
    return Writer(fields, parameters).truth(filter, true);
}

std::string value_sql(const Expression& expression, std::span<const Field> fields, Parameters& parameters) {
    return Writer(fields, parameters).value(expression);
}

std::string shape(const Expression& e, std::span<const Field> fields) {
    const auto list = [&](std::size_t from, std::string_view between) {
        std::string text;
        for (std::size_t i = from; i < e.arguments.size(); ++i) {
            if (i > from) text += between;
            text += shape(e.arguments[i], fields);
        }
        return text;
    };
    switch (e.kind) {
        case Kind::literal:
            return "?";
        case Kind::property:
            return fields[e.field].name;
        case Kind::both:
            return "(" + list(0, " and ") + ")";
        case Kind::either:
            return "(" + list(0, " or ") + ")";
        case Kind::negation:
            return "not " + list(0, "");
        case Kind::comparison:
            return list(0, " " + std::string(e.name) + " ");
        case Kind::member:
            return shape(e.arguments[0], fields) + " in (?)";
        case Kind::function:
            return std::string(e.name) + "(" + list(0, ",") + ")";
    }
    return "?";
}

}  // namespace sendhub::serve::odata
