#include "plugins/sdk/tabular/table_reader.hpp"

#include <algorithm>

#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/numbers.hpp"

namespace sendhub::tabular {

std::vector<sdk::Setting> TableSettings::declare() {
    return {
        {.name = "mode",
         .type = sdk::SettingType::text,
         .default_value = "snapshot",
         .meaning = "snapshot: each file is the whole list, and what it no longer holds is closed; delta: "
                    "rows are added or changed"},
        {.name = "encoding",
         .type = sdk::SettingType::text,
         .default_value = "auto",
         .meaning = "auto, utf-8, windows-1252 or utf-16"},
        {.name = "delimiter",
         .type = sdk::SettingType::text,
         .default_value = "auto",
         .meaning = "what separates the cells: auto, comma, semicolon, tab, pipe, tilde, caret, or the "
                    "character itself"},
        {.name = "header_row",
         .type = sdk::SettingType::integer,
         .default_value = "0",
         .meaning = "the line of the file that holds the header; 0: it is found"},
        {.name = "empty_values",
         .type = sdk::SettingType::text,
         .default_value = "NULL\nN/A\nNA\n-\n--",
         .meaning = "texts that stand for no value, compared without case",
         .list = true},
        {.name = "date_order",
         .type = sdk::SettingType::text,
         .default_value = "auto",
         .meaning = "what 03/04/2025 means: day_first, month_first, or auto: the day first, and a file whose "
                    "dates show the contrary is refused"},
        {.name = "columns",
         .type = sdk::SettingType::text,
         .default_value = "",
         .meaning = "which header of the file holds a field: field = \"Header\"",
         .table = true},
        {.name = "values",
         .type = sdk::SettingType::text,
         .default_value = "",
         .meaning = "which code a text of the file stands for: \"field.text\" = \"code\"; \"field._\" for "
                    "anything else",
         .table = true},
    };
}

TableSettings TableSettings::read(const sdk::Host& host) {
    TableSettings out;
    const std::string_view encoding = host.setting("encoding");
    const auto known = encoding_by_name(encoding);
    if (!known)
        throw sdk::BadSettings("the setting encoding is \"" + std::string(encoding) +
                               "\"; it must be auto, utf-8, windows-1252 or utf-16");
    out.encoding = *known;
    const std::string_view delimiter = host.setting("delimiter");
    const auto character = delimiter_by_name(delimiter);
    if (!character)
        throw sdk::BadSettings("the setting delimiter is \"" + std::string(delimiter) +
                               "\"; it must be auto, comma, semicolon, tab, pipe, tilde, caret, or one "
                               "character that is not a letter, digit, blank, point or quotation mark");
    out.delimiter = *character;
    const std::int64_t header_row = host.setting_integer("header_row");
    if (header_row < 0 || header_row > 1000)
        throw sdk::BadSettings("the setting header_row is " + std::to_string(header_row) +
                               "; it must be the number of a line, up to 1000, or 0");
    out.header_row = static_cast<std::uint64_t>(header_row);
    out.empty = EmptyWords(host.setting_list("empty_values"));
    const std::string_view order = host.setting("date_order");
    out.date_order = order_by_name(order);
    if (!out.date_order && order != "auto")
        throw sdk::BadSettings("the setting date_order is \"" + std::string(order) +
                               "\"; it must be auto, day_first or month_first");
    const std::string_view mode = host.setting("mode");
    if (mode == "delta")
        out.mode = sdk::ScopeMode::delta;
    else if (mode != "snapshot")
        throw sdk::BadSettings("the setting mode is \"" + std::string(mode) +
                               "\"; it must be snapshot or delta");
    return out;
}

void Issues::tell(std::uint32_t severity, const About& about, int rule, const What& what) {
    std::string id(prefix_);
    id += rule < 10 ? "-0" : "-";
    id += std::to_string(rule);
    host_.issue(severity, about.line,
                {.rule = id,
                 .field = what.field,
                 .value = first_characters(what.value, 60),
                 .reason = what.reason,
                 .advice = what.advice,
                 .personal = what.personal,
                 .source_key = what.source_key,
                 .person_ref = what.person_ref},
                about.record, about.scope);
}

TableReader::TableReader(sdk::ConnectorHost& host, ByteSource& bytes, const ColumnMap& map,
                         const TableSettings& settings, Issues& issues)
    : host_(host),
      map_(map),
      settings_(settings),
      issues_(issues),
      text_(bytes, settings.encoding),
      csv_(text_, {.delimiter = settings.delimiter, .header_row = settings.header_row}),
      bound_(map.bind(csv_)),
      cleaned_(bound_.columns.size()),
      orders_(bound_.columns.size()) {
    if (const std::string why = misfit(csv_.shape(), bound_.header.line()); !why.empty())
        throw sdk::FileRefused(why);
}

bool TableReader::next() {
    while (csv_.next()) {
        if (++rows_ % 4096 == 0) host_.stop_if_cancelled();
        if (csv_.problem() != RowProblem::none) {
            ++rejected_;
            issues_.reject({issues_.record, issues_.scope, csv_.line()}, Rule::damaged_row,
                           {.field = "",
                            .value = "",
                            .reason = reason_of(csv_.problem(), csv_.fields().size(), csv_.shape()),
                            .advice = damaged_advice});
            continue;
        }
        if (csv_.kind() == RowKind::blank) {
            ++blank_;
            continue;
        }
        if (csv_.kind() != RowKind::data) {
            skipped_[csv_.kind()].add(csv_.line());
            continue;
        }
        ++given_;
        if (csv_.fields().size() < csv_.shape().columns) ++short_rows_;
        warn_damaged_cells({issues_.record, issues_.scope, csv_.line()});
        return true;
    }
    return false;
}

// No cell of data begins with #, so nearly all are done with their first character.
void TableReader::warn_damaged_cells(const Issues::About& about) {
    for (std::size_t field = 0; field < bound_.columns.size(); ++field) {
        if (bound_.columns[field] < 0) continue;
        if (csv_.field(static_cast<std::size_t>(bound_.columns[field])).find('#') == std::string_view::npos)
            continue;
        const std::string_view text = cell(static_cast<int>(field), CellKind::text);
        if (!is_damaged_cell(text) || settings_.empty.is_empty(text)) continue;
        issues_.warn(about, Rule::damaged_cell,
                     {.field = map_.spec(field).name,
                      .value = text,
                      .reason = "the cell holds an error word of a spreadsheet; it was left empty",
                      .advice = "correct the formula or widen the column at the source, and export again",
                      .personal = false});
    }
}

std::string_view TableReader::cell(int field, CellKind kind) const {
    if (!has(field)) return {};
    const auto at = static_cast<std::size_t>(field);
    return clean_cell(csv_.field(static_cast<std::size_t>(bound_.columns[at])), kind, cleaned_[at]);
}
std::string_view TableReader::text(int field) const {
    const std::string_view out = cell(field, CellKind::text);
    return settings_.empty.is_empty(out) || is_damaged_cell(out) ? std::string_view{} : out;
}
std::optional<std::string_view> TableReader::key(int field) const {
    const std::string_view out = cell(field, CellKind::text);
    if (settings_.empty.is_empty(out)) return std::string_view{};
    const bool odd =
        std::any_of(out.begin(), out.end(), [](char c) { return c == '"' || (c >= 0 && c < ' '); });
    if (odd || is_damaged_cell(out) || is_exponent_form(out) || out.find("\xEF\xBF\xBD") != out.npos)
        return std::nullopt;
    return without_zero_fraction(out);
}
std::string_view TableReader::name(int field) const {
    const std::string_view out = cell(field, CellKind::name);
    return settings_.empty.is_empty_name(out) || is_damaged_cell(out) ? std::string_view{} : out;
}

ParsedDate TableReader::date(int field) const {
    if (is_damaged_cell(cell(field, CellKind::text))) return {.state = DateState::invalid};
    const ParsedDate out = parse_date(
        text(field),
        {.nineteen_hundred_is_none = true, .order = settings_.date_order.value_or(DateOrder::day_first)});
    if (out.evidence != ParsedDate::none && !settings_.date_order) {
        auto& [evidence, first_line] = orders_[static_cast<std::size_t>(field)];
        evidence.count(out);
        if (first_line == 0 && out.evidence == ParsedDate::month_only) first_line = csv_.line();
    }
    return out;
}

void TableReader::check_date_order() const {
    for (std::size_t field = 0; field < orders_.size(); ++field) {
        const auto& [evidence, first_line] = orders_[field];
        if (!evidence.contradicts_day_first()) continue;
        const std::string column = bound_.header.names()[static_cast<std::size_t>(bound_.columns[field])];
        throw sdk::FileRefused(
            "the column \"" + column + "\" has dates that can only have the month first (" +
            std::to_string(evidence.month_only) + ", the first on line " + std::to_string(first_line) + ")" +
            (evidence.day_only > 0
                 ? " and dates that can only have the day first (" + std::to_string(evidence.day_only) + ")"
                 : std::string()) +
            ", so nobody can tell what its other dates mean; set date_order = \"month_first\" or "
            "\"day_first\" for this feed, or ask the sender for dates such as 2025-04-03");
    }
}

std::vector<std::string> TableReader::columns_not_taken() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < bound_.header.size(); ++i)
        if (std::find(bound_.columns.begin(), bound_.columns.end(), static_cast<int>(i)) ==
                bound_.columns.end() &&
            !bound_.header.names()[i].empty())
            out.push_back(bound_.header.names()[i]);
    return out;
}

void TableReader::finish() {
    check_date_order();
    const Issues::About file;
    if (short_rows_ > 0) {
        const std::string reason =
            std::to_string(short_rows_) + (short_rows_ == 1 ? " row has" : " rows have") +
            " fewer cells than the header; the missing ones at the end were taken as empty";
        issues_.warn(
            file, Rule::short_rows,
            {.field = "",
             .value = "",
             .reason = reason,
             .advice =
                 "nothing to do if the sender leaves out empty cells at the end; else look at those rows",
             .personal = false});
    }
    for (const std::string& remark : text_.remarks())
        issues_.warn(file, Rule::odd_file,
                     {.field = "",
                      .value = "",
                      .reason = remark,
                      .advice = "ask the sender to export the whole file as UTF-8",
                      .personal = false});
    for (const std::string& name : bound_.repeated)
        issues_.warn(file, Rule::odd_file,
                     {.field = "",
                      .value = name,
                      .reason = "the header stands on more than one column; the first was taken",
                      .advice = "ask the sender for one column of that name, or map another header",
                      .personal = false});
    std::uint64_t skipped = 0;
    for (const auto& [kind, lines] : skipped_) {
        skipped += lines.count;
        const std::string reason = std::string(words_for(kind)) + (lines.count == 1 ? " on " : "s on ") +
                                   lines.text() + (lines.count == 1 ? " was skipped" : " were skipped");
        issues_.warn(file, Rule::skipped_rows,
                     {.field = "",
                      .value = "",
                      .reason = reason,
                      .advice = "nothing to do if no child stands there",
                      .personal = false});
    }
    text_.check_asked();
    if (!csv_.took_every_line() || given_ + rejected_ + blank_ + skipped != rows_)
        throw sdk::FileRefused(
            "the rows that were read are not all that the file holds; this is a fault of sendhub, report it "
            "with the layout of the file");
}

sdk::Date as_of(const sdk::File& file) {
    const auto named = date_in_name(file.name);
    const sdk::Date received = file.received_day();
    return named && *named <= received ? *named : received;
}

}  // namespace sendhub::tabular
