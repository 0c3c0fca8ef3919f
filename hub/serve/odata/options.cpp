#include <algorithm>
#include <charconv>

#include "base/time.hpp"
#include "hub/serve/odata/read.hpp"

namespace sendhub::serve::odata {
namespace {

std::unexpected<QueryError> bad(std::string_view option, std::string_view message, unsigned status = 400,
                                std::string_view code = "BadOption") {
    return std::unexpected(QueryError{status, std::string(code), std::string(message), std::string(option)});
}

std::unexpected<QueryError> bad(std::string_view option, const ParseError& error) {
    return std::unexpected(QueryError{
        error.status, error.code,
        std::string(option) + ": " + error.message + ", at character " + std::to_string(error.position + 1),
        std::string(option)});
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || text.empty())
        return std::nullopt;
    return value;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::expected<std::vector<const Field*>, QueryError> parse_select(std::string_view text,
                                                                  const Dataset& dataset) {
    std::vector<const Field*> fields;
    std::size_t position = 0;
    bool all = false;
    for (;;) {
        const std::size_t comma = text.find(',', position);
        const std::string_view name =
            trimmed(text.substr(position, comma == std::string_view::npos ? comma : comma - position));
        if (name == "*") {
            all = true;
        } else {
            const Field* field = dataset.field(name);
            if (!field)
                return bad("$select", ParseError{400, "UnknownProperty",
                                                 "the data set has no property of this name", position});
            if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
        }
        if (comma == std::string_view::npos) break;
        position = comma + 1;
    }
    if (all) fields.clear();
    return fields;
}

}  // namespace

std::expected<Options, QueryError> parse_options(const Url& url, const Dataset& dataset) {
    Options options;
    std::map<std::string, std::string, std::less<>> aliases;
    std::map<std::string_view, const std::string*> system;
    for (const auto& [name, value] : url.query) {
        if (name.starts_with('@')) {
            if (!aliases.emplace(name, value).second) return bad(name, "this alias is given twice");
        } else if (name.starts_with('$')) {
            if (!system.emplace(name, &value).second) return bad(name, "this option is given twice");
        } else {
            continue;  // a custom option, which the standard lets us ignore; it may be the API key. Site
                       // refuses `top`
        }
        if (name == "$skiptoken") continue;
        options.repeated.append(options.repeated.empty() ? "" : "&")
            .append(name.starts_with('$') ? "$" : "@")
            .append(percent_encode(name.substr(1)));
        options.repeated.append("=").append(percent_encode(value));
        if (name != "$select" && name != "$format")
            options.fingerprint.append(name).append("\x01").append(value).append("\x02");
    }
    options.fingerprint.insert(0, dataset.name + "\x02");
    const ParseContext context{dataset.fields, &aliases, now_micros()};
    for (const auto& [name, value] : system) {
        if (name == "$select") {
            auto select = parse_select(*value, dataset);
            if (!select) return std::unexpected(select.error());
            options.select = std::move(*select);
        } else if (name == "$filter") {
            auto filter = parse_filter(*value, context);
            if (!filter) return bad(name, filter.error());
            options.filter = std::move(*filter);
        } else if (name == "$orderby") {
            auto order = parse_orderby(*value, context);
            if (!order) return bad(name, order.error());
            options.orderby = std::move(*order);
            // By key is the order that rows have anyway; what stands behind it can change nothing.
            const OrderTerm& first_term = options.orderby.front();
            if (first_term.expression.kind == Expression::Kind::property && !first_term.descending &&
                dataset.fields[first_term.expression.field].name == "row_key")
                options.orderby.clear();
        } else if (name == "$top" || name == "$skip") {
            const auto number = whole_number(*value);
            if (!number) return bad(name, "a whole number, 0 or more, is needed");
            if (name == "$top")
                options.top = *number;
            else
                options.skip = *number, options.has_skip = true;
        } else if (name == "$count") {
            if (*value != "true" && *value != "false") return bad(name, "true or false is needed");
            options.count = *value == "true";
        } else if (name == "$skiptoken") {
            options.skip_token = value;
        } else if (name == "$expand" || name == "$search" || name == "$apply" || name == "$compute") {
            return bad(name, "this option is not offered", 501, "NotImplemented");
        } else if (name != "$format") {
            return bad(name, "there is no option of this name");
        }
    }
    return options;
}

std::string Options::shape(const Dataset& dataset) const {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "&") + part; };
    if (!select.empty()) {
        std::string names;
        for (const Field* field : select) names += (names.empty() ? "" : ",") + field->name;
        add("$select=" + names);
    }
    if (filter) add("$filter=" + odata::shape(*filter, dataset.fields));
    if (!orderby.empty()) {
        std::string terms;
        for (const OrderTerm& term : orderby)
            terms += (terms.empty() ? "" : ",") + odata::shape(term.expression, dataset.fields) +
                     (term.descending ? " desc" : "");
        add("$orderby=" + terms);
    }
    if (top) add("$top=?");
    if (has_skip) add("$skip=?");
    if (count) add("$count=true");
    if (skip_token) add("$skiptoken=?");
    return text;
}

std::optional<std::string> Options::collection_only() const {
    if (filter) return "$filter";
    if (!orderby.empty()) return "$orderby";
    if (top) return "$top";
    if (has_skip) return "$skip";
    if (count) return "$count";
    if (skip_token) return "$skiptoken";
    return std::nullopt;
}

}  // namespace sendhub::serve::odata
