// Reading a dataset: the query options of a request, and the replies for a page, an entity and a count.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/serve/odata/expression.hpp"
#include "hub/serve/odata/negotiate.hpp"
#include "hub/serve/site.hpp"

namespace sendhub::serve::odata {

struct QueryError {
    unsigned status = 400;
    std::string code;
    std::string message;
    std::string target;  // the option
};

struct Options {
    std::vector<const Field*> select;  // empty: all
    std::optional<Expression> filter;
    std::vector<OrderTerm> orderby;
    std::optional<std::int64_t> top;
    std::int64_t skip = 0;
    bool has_skip = false;
    bool count = false;
    const std::string* skip_token = nullptr;
    // The options that make one read of it, for the signature of its tokens.
    std::string fingerprint;
    // What a next link repeats: system options and aliases, percent-encoded; nothing that could hold a
    // credential.
    std::string repeated;

    // $filter=surname eq ?&$top=?: for the audit log.
    [[nodiscard]] std::string shape(const Dataset& dataset) const;
    // The first option that has no place beside a key; nothing when all have.
    [[nodiscard]] std::optional<std::string> collection_only() const;
};

[[nodiscard]] std::expected<Options, QueryError> parse_options(const Url& url, const Dataset& dataset);

struct ReadError {
    std::optional<Error> error;  // of the engine or the audit log
    QueryError refused;          // otherwise
};

// service_url ends with a slash.
[[nodiscard]] std::expected<Reply, ReadError> read_page(const Call& call,
                                                        std::shared_ptr<const Version> version,
                                                        const Dataset& current, const Options& options,
                                                        const Representation& wanted,
                                                        const std::string& service_url);
// Status 404 when there is no such key.
[[nodiscard]] Result<Reply> read_entity(const Call& call, const std::shared_ptr<const Version>& version,
                                        const Dataset& dataset, const Options& options,
                                        const std::string& key, const Field* property, bool raw,
                                        const Representation& wanted, const std::string& service_url);
[[nodiscard]] Result<Reply> count_rows(const Call& call, const std::shared_ptr<const Version>& version,
                                       const Dataset& dataset, const Options& options);

}  // namespace sendhub::serve::odata
