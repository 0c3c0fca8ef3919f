// One page of a collection is one query of at most a page's rows; its rows stream out of the engine's chunks.
//
// Without $orderby the order is that of row_number, which is dense and in key order: a page is a range of it,
// and the engine returns a table's rows in that order without sorting (checked row by row below). With
// $orderby the sort is completed by row_number, and a later page begins after the values that the last row of
// the page before has in the pinned version: they are looked up there by its row number.
#include "hub/serve/odata/read.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "hub/serve/odata/lexer.hpp"
#include "hub/serve/odata/rows_json.hpp"

namespace sendhub::serve::odata {
namespace {

Result<duck::Rows> run(const Call& call, duck::Connection& connection, const std::string& sql,
                       const Parameters& parameters) {
    const Cancel::Armed armed(*call.request.cancel, [&connection] { connection.interrupt(); });
    if (call.request.cancel->cancelled()) return fail(ErrorCode::retry, "the deadline has passed");
    const auto values = parameters.values();
    return connection.query(sql, values);
}

std::string columns_sql(const std::vector<const Field*>& fields) {
    std::string sql;
    for (const Field* field : fields) sql += (sql.empty() ? "" : ", ") + duck::quoted_name(field->name);
    return sql;
}

std::vector<const Field*> all_fields(const Dataset& dataset) {
    std::vector<const Field*> fields;
    for (const Field& field : dataset.fields) fields.push_back(&field);
    return fields;
}

std::string context_url(const std::string& service_url, const Dataset& dataset,
                        const std::vector<const Field*>& select) {
    std::string url = service_url + "$metadata#" + dataset.name;
    if (!select.empty()) {
        std::string names;
        for (const Field* field : select) names += (names.empty() ? "" : ",") + field->name;
        url += "(" + names + ")";
    }
    return url;
}

// ORDER BY and the condition "after the pivot row" of a sorted read.
struct Sorted {
    std::string order;
    std::string after;
};
Sorted sorted_sql(const Options& options, const Dataset& dataset, Parameters& parameters) {
    Sorted sql;
    std::string equal_so_far;
    for (std::size_t i = 0; i < options.orderby.size(); ++i) {
        const OrderTerm& term = options.orderby[i];
        const std::string mine = value_sql(term.expression, dataset.fields, parameters);
        const std::string pivot = "p.o" + std::to_string(i);
        sql.order += mine + (term.descending ? " DESC NULLS LAST, " : " ASC NULLS FIRST, ");
        const std::string later =
            term.descending
                ? "(" + mine + " < " + pivot + " OR (" + mine + " IS NULL AND " + pivot + " IS NOT NULL))"
                : "(" + mine + " > " + pivot + " OR (" + mine + " IS NOT NULL AND " + pivot + " IS NULL))";
        sql.after += (sql.after.empty() ? "" : " OR ") + ("(" + equal_so_far + later + ")");
        equal_so_far += mine + " IS NOT DISTINCT FROM " + pivot + " AND ";
    }
    sql.order += "row_number";
    sql.after += " OR (" + equal_so_far + "row_number > p.r)";
    return sql;
}

std::string pivot_sql(const Options& options, const Dataset& dataset, const std::string& from,
                      std::int64_t row, Parameters& parameters) {
    std::string sql = "(SELECT row_number AS r";
    for (std::size_t i = 0; i < options.orderby.size(); ++i)
        sql += ", " + value_sql(options.orderby[i].expression, dataset.fields, parameters) + " AS o" +
               std::to_string(i);
    return sql + " FROM " + from + " WHERE row_number = " + parameters.add(row) + ") p";
}

std::string first_text(duckdb_data_chunk chunk, idx_t column) {
    auto* const text =
        static_cast<duckdb_string_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, column)));
    return {duckdb_string_t_data(text), duckdb_string_t_length(*text)};
}

class PageBody final : public Body {
  public:
    PageBody(Publication::Reader reader, std::optional<duck::Rows> rows, RowsJson json,
             std::size_t row_number_column, std::int64_t limit, bool in_row_order)
        : reader_(std::move(reader)),
          rows_(std::move(rows)),
          json_(std::move(json)),
          row_number_column_(row_number_column),
          limit_(limit),
          in_row_order_(in_row_order) {}

    std::string head;                                    // up to "value":[
    std::function<std::string(std::int64_t)> next_link;  // of the page after this row
    std::unique_ptr<AuditedRead> audited;
    std::atomic<std::uint64_t>* counted = nullptr;

    Result<bool> fill(std::string& out) override {
        out += head;
        head.clear();
        while (out.size() < kPieceBytes) {
            if (row_ == rows_in_chunk_ && !next_chunk()) return finish(out);
            const std::int64_t number = row_numbers_[row_];
            if (in_row_order_ && number <= last_row_)
                return fail(ErrorCode::bug, "the engine returned rows out of order");
            if (written_ == limit_) {
                more_ = true;
                return finish(out);
            }
            if (written_ > 0) out += ',';
            json_.append_row(row_, out);
            last_row_ = number;
            ++row_;
            ++written_;
        }
        return true;
    }

  private:
    bool next_chunk() {
        if (!rows_) return false;
        const duckdb_data_chunk chunk = rows_->next_chunk();
        if (!chunk) return false;
        json_.take(chunk);
        // The key stands before the row number; the first row's is enough to name a read of one record.
        if (written_ == 0 && audited) only_key_ = first_text(chunk, row_number_column_ - 1);
        row_numbers_ = static_cast<const std::int64_t*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, row_number_column_)));
        rows_in_chunk_ = duckdb_data_chunk_get_size(chunk);
        row_ = 0;
        return true;
    }

    Result<bool> finish(std::string& out) {
        out += ']';
        if (more_) {
            out += ",\"@odata.nextLink\":";
            append_json_string(out, next_link(last_row_));
        }
        out += '}';
        if (counted) *counted += static_cast<std::uint64_t>(written_);
        if (audited) {
            audited->add_rows(written_);
            if (written_ == 1) audited->name_record(only_key_);
            audited->finish();
        }
        return false;
    }

    Publication::Reader reader_;
    std::optional<duck::Rows> rows_;
    RowsJson json_;
    std::size_t row_number_column_;
    std::int64_t limit_;
    bool in_row_order_;
    const std::int64_t* row_numbers_ = nullptr;
    std::size_t rows_in_chunk_ = 0, row_ = 0;
    std::int64_t written_ = 0, last_row_ = -1;
    std::string only_key_;
    bool more_ = false;
};

std::unexpected<ReadError> failed(Error error) { return std::unexpected(ReadError{std::move(error), {}}); }
std::unexpected<ReadError> refused(unsigned status, std::string code, std::string message,
                                   std::string target) {
    return std::unexpected(
        ReadError{std::nullopt, {status, std::move(code), std::move(message), std::move(target)}});
}

}  // namespace

std::expected<Reply, ReadError> read_page(const Call& call, std::shared_ptr<const Version> version,
                                          const Dataset& current, const Options& options,
                                          const Representation& wanted, const std::string& service_url) {
    const Dataset* dataset = &current;
    SkipToken position;
    if (options.top) position.remaining = *options.top;
    const bool continued = options.skip_token != nullptr;
    if (continued) {
        const auto token = call.site.signer.check(*options.skip_token, options.fingerprint);
        if (!token)
            return refused(
                400, "BadSkipToken",
                "this $skiptoken was not made here, or not for this query; start again from the first page",
                "$skiptoken");
        position = *token;
        if (position.version != version->name) {
            auto pinned = call.site.publication->version(position.version);
            if (!pinned && pinned.error().code != ErrorCode::not_found)
                return failed(std::move(pinned).error());
            dataset = pinned ? (*pinned)->dataset(current.name) : nullptr;
            if (!dataset)
                return refused(410, "VersionGone",
                               "this version of the data is no longer kept; start again from the first page",
                               "$skiptoken");
            version = *pinned;
            // Rights are those of the data that is read, not only of today's.
            if (!call.may_read(*dataset))
                return refused(404, "NotFound",
                               "there is nothing at this address, or this key may not read it", "");
            if (dataset->schema_hash != current.schema_hash)
                return refused(410, "VersionGone",
                               "the data set has changed its shape since the first page; start again",
                               "$skiptoken");
        }
    }
    position.version = version->name;
    const std::string etag = "W/\"" + version->name + "\"";
    if (matches_etag(call.request, etag)) {
        Reply reply;
        reply.status = 304;
        reply.set("ETag", etag);
        return reply;
    }

    Reply reply;
    reply.set("Content-Type", wanted.content_type());
    reply.set("ETag", etag);
    auto page = static_cast<std::int64_t>(call.site.settings.page_size);
    if (const auto preferred = preferred_page_size(call.request.header("prefer"))) {
        page = static_cast<std::int64_t>(std::min(*preferred, call.site.settings.max_page_size));
        reply.set("Preference-Applied", "odata.maxpagesize=" + std::to_string(page));
    }
    if (call.request.is_head()) return reply;

    auto audited = AuditedRead::begin(call, *version, *dataset, "read", options.shape(*dataset));
    if (!audited) return failed(std::move(audited).error());
    auto reader = call.site.publication->read(version, *dataset);
    if (!reader) return failed(std::move(reader).error());

    if (options.count && !continued) {
        if (options.filter) {
            Parameters parameters;
            const std::string sql = "SELECT count(*) FROM " + reader->from + " WHERE " +
                                    condition_sql(*options.filter, dataset->fields, parameters);
            auto rows = run(call, reader->connection, sql, parameters);
            if (!rows) return failed(std::move(rows).error());
            position.count = rows->next() ? rows->integer(0) : 0;
        } else {
            position.count = dataset->rows;
        }
    }

    // The row number and, for full metadata, the key stand behind what is shown.
    std::vector<const Field*> shown;
    if (options.select.empty())
        shown = all_fields(*dataset);
    else
        for (const Field* field : options.select) shown.push_back(dataset->field(field->name));
    // Asked for "none of the rows", or nothing is left of $top: no query.
    const std::int64_t limit = position.remaining < 0 ? page : std::min(page, position.remaining);
    const bool can_go_on = position.remaining < 0 || position.remaining > limit;
    std::optional<duck::Rows> rows;
    if (limit > 0) {
        Parameters parameters;
        const std::int64_t fetched = limit + (can_go_on ? 1 : 0);
        std::string sql = "SELECT " + columns_sql(shown) + ", row_key, row_number FROM " + reader->from;
        const std::string filter =
            options.filter ? condition_sql(*options.filter, dataset->fields, parameters) : std::string();
        if (options.orderby.empty()) {
            std::int64_t after = position.after_row;
            std::int64_t skip = continued ? 0 : options.skip;
            if (filter.empty()) {
                // Dense row numbers: a skip and a page are arithmetic.
                after = skip > dataset->rows ? dataset->rows : after + skip;
                sql += " WHERE row_number > " + parameters.add(after) +
                       " AND row_number <= " + parameters.add(after + fetched);
            } else {
                sql += " WHERE row_number > " + parameters.add(after) + " AND " + filter + " LIMIT " +
                       parameters.add(fetched);
                if (skip > 0) sql += " OFFSET " + parameters.add(skip);
            }
        } else {
            const Sorted sorted = sorted_sql(options, *dataset, parameters);
            if (continued)
                sql += ", " + pivot_sql(options, *dataset, reader->from, position.after_row, parameters);
            std::string where = filter;
            if (continued) where += (where.empty() ? "(" : " AND (") + sorted.after + ")";
            if (!where.empty()) sql += " WHERE " + where;
            sql += " ORDER BY " + sorted.order + " LIMIT " + parameters.add(fetched);
            if (!continued && options.skip > 0) sql += " OFFSET " + parameters.add(options.skip);
        }
        auto found = run(call, reader->connection, sql, parameters);
        if (!found) return failed(std::move(found).error());
        rows = std::move(*found);
    }

    const std::size_t key_column = shown.size(), row_number_column = shown.size() + 1;
    auto body = std::make_unique<PageBody>(std::move(*reader), std::move(rows),
                                           RowsJson(shown, wanted.style, dataset->name, key_column),
                                           row_number_column, limit, options.orderby.empty());
    JsonWriter head;
    head.begin_object();
    if (wanted.style.metadata != Metadata::none)
        head.field("@odata.context", context_url(service_url, *dataset, options.select));
    if (options.count) {
        head.key("@odata.count");
        if (wanted.style.ieee754_compatible)
            head.value(std::to_string(position.count));
        else
            head.value(position.count);
    }
    head.key("value");
    body->head = head.take() + "[";
    body->audited = std::move(*audited);
    body->counted = &call.site.metrics.rows;
    body->next_link = [&signer = call.site.signer, position, limit, url = service_url + dataset->name,
                       repeated = options.repeated,
                       fingerprint = options.fingerprint](std::int64_t last_row) {
        SkipToken next = position;
        next.after_row = last_row;
        if (next.remaining >= 0) next.remaining -= limit;
        return url + "?" + repeated + (repeated.empty() ? "" : "&") +
               "$skiptoken=" + signer.sign(next, fingerprint);
    };
    reply.body = std::move(body);
    return reply;
}

Result<Reply> read_entity(const Call& call, const std::shared_ptr<const Version>& version,
                          const Dataset& dataset, const Options& options, const std::string& key,
                          const Field* property, bool raw, const Representation& wanted,
                          const std::string& service_url) {
    Reply reply;
    const std::string etag = "W/\"" + version->name + "\"";
    SENDHUB_ASSIGN(auto reader, call.site.publication->read(version, dataset));
    std::vector<const Field*> shown;
    if (property)
        shown = {property};
    else if (!options.select.empty())
        shown = options.select;
    else
        shown = all_fields(dataset);
    Parameters parameters;
    const std::string sql = "SELECT " + columns_sql(shown) + ", row_key FROM " + reader.from +
                            " WHERE row_key = " + parameters.add(Literal{ValueType::string, key, 0, 0});
    SENDHUB_ASSIGN(auto rows, run(call, reader.connection, sql, parameters));
    const duckdb_data_chunk chunk = rows.next_chunk();
    // On record before anything is handed out: which record it is, by its key, which is never personal. What
    // was asked for in vain may be anything and stays out.
    const std::string shape = options.shape(dataset);
    SENDHUB_ASSIGN(auto audited,
                   AuditedRead::begin(call, *version, dataset, property ? "read.property" : "read.entity",
                                      "row_key eq " + (chunk ? duck::quoted_text(key) : std::string("?")) +
                                          (shape.empty() ? "" : "&" + shape)));
    audited->finish();
    if (!chunk) {
        reply.status = 404;
        return reply;
    }
    audited->add_rows(1);
    reply.set("ETag", etag);
    if (matches_etag(call.request, etag)) {
        reply.status = 304;
        return reply;
    }
    auto* validity = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk, 0));
    if (property && validity && !duckdb_validity_row_is_valid(validity, 0)) {
        reply.status = 204;
        return reply;
    }
    if (raw) {
        reply.text = plain_text(*property, chunk, 0, 0);
        reply.set("Content-Type", "text/plain;charset=utf-8");
        return reply;
    }
    reply.set("Content-Type", wanted.content_type());
    RowsJson json(shown, wanted.style, dataset.name, shown.size());
    json.take(chunk);
    JsonWriter head;
    head.begin_object();
    if (wanted.style.metadata != Metadata::none) {
        if (property)
            head.field("@odata.context", service_url + "$metadata#" + dataset.name + "('" + key_in_url(key) +
                                             "')/" + property->name);
        else
            head.field("@odata.context", context_url(service_url, dataset, options.select) + "/$entity");
    }
    reply.text = head.take();
    if (property) {
        reply.text += reply.text.size() > 1 ? ",\"value\":" : "\"value\":";
        json.append_value(0, 0, reply.text);
        reply.text += '}';
    } else {
        std::string row;
        json.append_row(0, row);
        if (reply.text.size() > 1) reply.text += ',';
        reply.text.append(row, 1);
    }
    return reply;
}

Result<Reply> count_rows(const Call& call, const std::shared_ptr<const Version>& version,
                         const Dataset& dataset, const Options& options) {
    SENDHUB_ASSIGN(auto audited,
                   AuditedRead::begin(call, *version, dataset, "count", options.shape(dataset)));
    std::int64_t count = dataset.rows;
    if (options.filter) {
        SENDHUB_ASSIGN(auto reader, call.site.publication->read(version, dataset));
        Parameters parameters;
        const std::string sql = "SELECT count(*) FROM " + reader.from + " WHERE " +
                                condition_sql(*options.filter, dataset.fields, parameters);
        SENDHUB_ASSIGN(auto rows, run(call, reader.connection, sql, parameters));
        count = rows.next() ? rows.integer(0) : 0;
    }
    audited->finish();
    Reply reply;
    reply.text = std::to_string(count);
    reply.set("Content-Type", "text/plain;charset=utf-8");
    reply.set("ETag", "W/\"" + version->name + "\"");
    return reply;
}

}  // namespace sendhub::serve::odata
