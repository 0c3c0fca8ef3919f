#include "hub/publish/build.hpp"

#include <simdjson.h>

#include <algorithm>
#include <chrono>

#include "hub/publish/text_form.hpp"
#include "schemas/registry.hpp"

namespace sendhub::publish {
namespace {

using duck::quoted_name;
using duck::quoted_text;

std::string table_of(const Dataset& dataset) { return "ds_" + dataset.name; }
const std::string raw_table = "hub_raw";  // what the dataset's SQL yielded

void blame(std::vector<CheckFailure>& failures, const Dataset& dataset, std::string check,
           std::string sentence, std::int64_t rows = 0) {
    failures.push_back(
        {dataset.name, std::move(check), "The dataset " + dataset.name + " " + std::move(sentence), rows});
}

// DuckDB's message where it can only speak of the SQL; an error while rows were read may quote their values.
std::string safe_message(const Error& error) {
    for (const char* kind : {"Binder Error", "Catalog Error", "Parser Error"})
        if (error.sentence.starts_with(kind)) return error.sentence;
    return error.sentence.substr(0, error.sentence.find(':')) +
           " while its rows were read (the text may quote a row and is not shown; run the SQL by hand)";
}

std::string key_part(const DatasetField& field) {
    const std::string name = "n." + quoted_name(field.name);
    return field.type == "string" ? name : "cast(" + name + " as varchar)";
}

// null as soon as one part is null
std::string key_expression(const Dataset& dataset) {
    std::string out;
    for (const std::string& name : dataset.key)
        out += (out.empty() ? "" : " || '|' || ") + key_part(*dataset.find(name));
    return out;
}

// Milliseconds: what OData and the CSV can say (datasets-and-kpis 1.2).
std::string value_expression(const DatasetField& field) {
    const std::string name = "n." + quoted_name(field.name);
    return field.type == "timestamp" ? "date_trunc('milliseconds', " + name + ")" : name;
}

Result<bool> check_columns(duck::Connection& store, const Dataset& dataset,
                           std::vector<CheckFailure>& failures) {
    SENDHUB_ASSIGN(auto rows, store.query("select column_name, data_type from duckdb_columns() where "
                                          "database_name = 'temp' and table_name = ?",
                                          {std::string_view(raw_table)}));
    std::string wrong;
    std::vector<std::string> found;
    const auto note = [&](const std::string& text) { wrong += (wrong.empty() ? "" : "; ") + text; };
    while (rows.next()) {
        const std::string name(rows.text(0)), type(rows.text(1));
        found.push_back(name);
        const DatasetField* field = dataset.find(name);
        if (!field)
            note("its SQL yields " + name + ", which the JSON does not name");
        else if (field->sql_type() != type)
            note(name + " is " + type + " and should be " + field->sql_type());
    }
    for (const DatasetField& field : dataset.fields)
        if (std::ranges::find(found, field.name) == found.end()) note("its SQL does not yield " + field.name);
    if (wrong.empty()) return true;
    blame(failures, dataset, "columns", "does not have the columns that its JSON promises: " + wrong + ".");
    return false;
}

Result<bool> check_key(duck::Connection& store, const Dataset& dataset, std::vector<CheckFailure>& failures) {
    std::string nulls;
    for (const DatasetField& field : dataset.fields)
        if (!field.nullable) nulls += ", count(*) filter (n." + quoted_name(field.name) + " is null)";
    SENDHUB_ASSIGN(auto rows, store.query("select count(*) - count(distinct " + key_expression(dataset) +
                                          ")" + nulls + " from " + raw_table + " n"));
    rows.next();
    bool good = true;
    std::size_t column = 1;
    for (const DatasetField& field : dataset.fields) {
        if (field.nullable) continue;
        if (const std::int64_t n = rows.integer(column++); n > 0) {
            good = false;
            blame(failures, dataset, "required",
                  "has " + std::to_string(n) + " rows without " + field.name + ", which must not be empty.",
                  n);
        }
    }
    if (const std::int64_t n = rows.integer(0); good && n > 0) {
        good = false;
        std::string key;
        for (const std::string& name : dataset.key) key += (key.empty() ? "" : " + ") + name;
        blame(
            failures, dataset, "key",
            "has " + std::to_string(n) + " rows more than it has keys (" + key + "): the key must be unique.",
            n);
    }
    return good;
}

Status check_codes(duck::Connection& store, const Dataset& dataset, std::vector<CheckFailure>& failures) {
    for (const DatasetField& field : dataset.fields) {
        if (field.codes.empty()) continue;
        std::string codes;
        for (const auto& code : schema::find_code_set(field.codes)->codes)
            codes += (codes.empty() ? "" : ", ") + quoted_text(code.value);
        SENDHUB_ASSIGN(const std::int64_t n,
                       store.count("select count(*) from " + raw_table + " n where n." +
                                   quoted_name(field.name) + " not in (" + codes + ")"));
        if (n > 0)
            blame(failures, dataset, "codes",
                  "has " + std::to_string(n) + " rows where " + field.name + " is no code of " + field.codes +
                      ".",
                  n);
    }
    return {};
}

Status check_collapse(const Dataset& dataset, const CurrentDataset* current, const PublishSettings& settings,
                      std::int64_t rows, std::vector<CheckFailure>& failures) {
    if (!current || dataset.may_shrink || settings.collapse_percent >= 100) return {};
    if (current->rows < settings.collapse_min_rows) return {};
    const std::int64_t lost = current->rows - rows;
    if (lost * 100 <= current->rows * settings.collapse_percent) return {};
    blame(failures, dataset, "collapse",
          "would fall from " + std::to_string(current->rows) + " rows to " + std::to_string(rows) +
              ", more than the " + std::to_string(settings.collapse_percent) +
              " percent that publish.collapse_percent allows. Look at its feeds; if this is right, raise the "
              "setting for one night.",
          lost);
    return {};
}

Status check_assertions(duck::Connection& store, const Dataset& dataset,
                        std::vector<CheckFailure>& failures) {
    for (const DatasetTest& test : dataset.tests) {
        auto rows = store.query("select count(*) from (\n" + test.sql + "\n) offending");
        if (!rows) {
            blame(failures, dataset, test.name,
                  "has the test " + test.name + " whose SQL cannot run: " + safe_message(rows.error()));
            continue;
        }
        rows->next();
        if (const std::int64_t n = rows->integer(0); n > 0)
            blame(failures, dataset, test.name,
                  "breaks its test " + test.name + " in " + std::to_string(n) + " rows: " + test.sentence, n);
    }
    return {};
}

// The newest batch that brought one of the record types; null when no batch did.
std::string as_at_query(const Dataset& dataset) {
    std::string records;
    for (const std::string& source : dataset.sources)
        records += (records.empty() ? "" : ", ") + quoted_text(source);
    return "select date_trunc('milliseconds', coalesce(max(b.started_at), (select now_at from hub_run))) "
           "from batch b join batch_scope s on s.batch_id = b.batch_id "
           "where s.record in (" +
           records + ") and s.state in ('imported', 'approved')";
}

// Adds key, number and the hub's columns, in one sort; rows whose content is what the current version
// holds keep its updated_at and source_run_id.
std::string final_table(const Dataset& dataset, const Built& built, const CurrentDataset* current) {
    std::string same = "o.row_key is not null", columns, source;
    for (const DatasetField& field : dataset.fields)
        same += " and " + value_expression(field) + " is not distinct from o." + quoted_name(field.name);
    for (const DatasetField& column : dataset.columns()) {
        if (column.name == "row_key" || column.name == "as_at") continue;
        if (column.name == "updated_at")
            columns += ", (" + as_at_query(dataset) + ") as as_at, " +
                       (built.comparable ? "case when " + same + " then o.updated_at else r.now_at end"
                                         : std::string("r.now_at")) +
                       " as updated_at";
        else if (column.name == "source_run_id")
            columns += ", " +
                       (built.comparable ? "case when " + same + " then o.source_run_id else r.run_id end"
                                         : std::string("r.run_id")) +
                       " as source_run_id";
        else
            columns += ", " + value_expression(column) + " as " + quoted_name(column.name);
    }
    // what became of the row, for the counts; not published
    columns += ", " +
               (built.comparable ? "case when o.row_key is null then 'new' when " + same +
                                       " then 'same' else 'changed' end"
                                 : std::string("'new'")) +
               " as hub_change";
    source = " from " + raw_table + " n cross join hub_run r";
    if (built.comparable)
        source += " left join read_parquet(" + quoted_text(current->parquet.string()) +
                  ") o on o.row_key = " + key_expression(dataset);
    return "create temp table " + quoted_name(table_of(dataset)) +
           " as select row_number() over () - 1 as row_number, sorted.* from (select " +
           key_expression(dataset) + " as row_key" + columns + source + " order by 1) sorted";
}

// What checks of published texts compare with: the names of the schema, and what was left out tonight.
Status load_schema_names(duck::Connection& store) {
    SENDHUB_TRY(store.run(
        "create temp table hub_left_out(dataset varchar, field varchar, feed varchar, left_out_count "
        "bigint)"));
    SENDHUB_TRY(store.run("create temp table hub_schema_field(record varchar, field varchar)"));
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(store, "hub_schema_field"));
    for (const auto& record : schema::records())
        for (const auto& field : record.fields) {
            rows.add(record.name);
            rows.add(field.name);
            SENDHUB_TRY(rows.end_row());
        }
    return rows.flush();
}

Status load_measures(duck::Connection& store) {
    SENDHUB_TRY(
        store.run("create temp table hub_measure(measure_id varchar, title varchar, dataset varchar, unit "
                  "varchar, polarity varchar, basis varchar, numerator_text varchar, denominator_text "
                  "varchar, clock varchar, breakdowns varchar, reference varchar, decimal_places integer)"));
    simdjson::dom::parser parser;
    simdjson::dom::array measures;
    const std::string_view text = shipped_text("measures.json");
    if (parser.parse(text.data(), text.size(), true)["measures"].get(measures))
        return fail(ErrorCode::bug, "measures.json has no list of measures");
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(store, "hub_measure"));
    for (simdjson::dom::object measure : measures) {
        const auto value = [&](const char* key) -> duck::Value {
            std::string_view found;
            if (measure[key].get(found)) return duck::Null{};
            return found;
        };
        std::int64_t places = 0;
        if (measure["decimal_places"].get(places))
            return fail(ErrorCode::bug, "measures.json: a measure has no decimal_places");
        for (const char* key : {"id", "title", "dataset", "unit", "polarity", "basis", "numerator",
                                "denominator", "clock", "breakdowns", "reference"})
            rows.add(value(key));
        rows.add(places);
        SENDHUB_TRY(rows.end_row());
    }
    return rows.flush();
}

}  // namespace

Status prepare_session(duck::Connection& store, const PublishSettings& settings) {
    SENDHUB_TRY(store.run("set timezone = 'UTC'"));
    SENDHUB_TRY(
        store.run("create temp table hub_run as select date_trunc('milliseconds', cast(? as timestamptz)) as "
                  "now_at, cast(? as varchar) as run_id, nullif(cast(? as varchar), '') as la_code",
                  {duck::Timestamp{settings.now}, std::string_view(settings.run_id),
                   std::string_view(settings.la_code)}));
    if (settings.as_at)
        SENDHUB_TRY(
            store.run("create temp table hub_day as select cast(? as date) as as_at, cast(? as boolean) as "
                      "inclusive_day_rule",
                      {duck::Date{*settings.as_at}, settings.inclusive_day_rule}));
    else
        SENDHUB_TRY(
            store.run("create temp table hub_day as select cast(now_at at time zone 'Europe/London' as date) "
                      "as as_at, cast(? as boolean) as inclusive_day_rule from hub_run",
                      {settings.inclusive_day_rule}));
    SENDHUB_TRY(store.run(shipped_text("functions.sql")));
    SENDHUB_TRY(load_schema_names(store));
    SENDHUB_TRY(load_measures(store));
    return store.run(shipped_text("shared.sql"));
}

Status clear_session(duck::Connection& store, const std::vector<Dataset>& datasets) {
    for (const Dataset& dataset : datasets)
        SENDHUB_TRY(store.run("drop table if exists temp." + quoted_name(table_of(dataset))));
    std::vector<std::string> tables;
    SENDHUB_ASSIGN(auto rows, store.query("select table_name from duckdb_tables() where database_name = "
                                          "'temp' and table_name like 'hub\\_%' escape '\\'"));
    while (rows.next()) tables.emplace_back(rows.text(0));
    for (const std::string& table : tables) SENDHUB_TRY(store.run("drop table temp." + quoted_name(table)));
    return {};
}

Status build_dataset(duck::Connection& store, const Dataset& dataset, const CurrentDataset* current,
                     const PublishSettings& settings, Built& built, std::vector<CheckFailure>& failures) {
    const auto begin = std::chrono::steady_clock::now();
    built.counts.dataset = dataset.name;
    SENDHUB_TRY(store.run("drop table if exists temp." + raw_table));
    if (auto raw = store.query("create temp table " + raw_table + " as\n" + dataset.sql + "\n"); !raw) {
        blame(failures, dataset, "sql",
              "could not be built from " + dataset.file + ": " + safe_message(raw.error()));
        return {};
    }
    SENDHUB_ASSIGN(built.counts.rows, store.count("select count(*) from " + raw_table));
    SENDHUB_ASSIGN(const bool columns_good, check_columns(store, dataset, failures));
    if (!columns_good) return {};
    SENDHUB_ASSIGN(const std::string misfits, leave_out_what_does_not_fit(store, dataset, raw_table));
    if (!misfits.empty()) {
        blame(failures, dataset, "form", "has " + misfits + ".");
        return {};
    }
    SENDHUB_ASSIGN(const bool key_good, check_key(store, dataset, failures));
    if (!key_good) return {};
    SENDHUB_TRY(check_codes(store, dataset, failures));
    SENDHUB_TRY(check_collapse(dataset, current, settings, built.counts.rows, failures));

    built.comparable = current && current->schema_hash == dataset.schema_hash();
    SENDHUB_TRY(store.run(final_table(dataset, built, current)));
    SENDHUB_TRY(store.run("drop table temp." + raw_table));
    built.exists = true;
    SENDHUB_TRY(check_assertions(store, dataset, failures));
    SENDHUB_ASSIGN(
        auto rows,
        store.query(
            "select count(*) filter (hub_change <> 'same'), count(*) filter (hub_change <> 'new') from " +
            quoted_name(table_of(dataset))));
    rows.next();
    built.counts.changed = rows.integer(0);
    built.counts.removed = built.comparable ? current->rows - rows.integer(1) : 0;
    built.counts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return {};
}

}  // namespace sendhub::publish
