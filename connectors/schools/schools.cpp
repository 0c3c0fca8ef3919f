#include "connectors/schools/schools.hpp"

#include <algorithm>
#include <array>

#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/numbers.hpp"
#include "plugins/sdk/tabular/postcode_cell.hpp"
#include "plugins/sdk/tabular/table_reader.hpp"

namespace sendhub::gias {
namespace {

using sdk::FileRefused;

// The columns that are read, by their names in the extract (education-feeds 9.2).
enum Column : std::size_t {
    urn,
    la_code,
    la_name,
    estab,
    name,
    type_code,
    type_name,
    group_code,
    group_name,
    status_code,
    status_name,
    open_date,
    close_date,
    phase_code,
    phase_name,
    low_age,
    high_age,
    capacity,
    pupils,
    trust_code,
    trust_name,
    ukprn,
    postcode,
    section_41,
    resourced_type,
    resourced_on_roll,
    resourced_capacity,
    unit_on_roll,
    unit_capacity,
    district_code,
    district_name,
    ward_code,
    ward_name,
    gss_la_code,
    sen_first,
    sen_last = sen_first + 12,
    column_count
};
constexpr std::array<std::string_view, column_count> column_names = {"URN",
                                                                     "LA (code)",
                                                                     "LA (name)",
                                                                     "EstablishmentNumber",
                                                                     "EstablishmentName",
                                                                     "TypeOfEstablishment (code)",
                                                                     "TypeOfEstablishment (name)",
                                                                     "EstablishmentTypeGroup (code)",
                                                                     "EstablishmentTypeGroup (name)",
                                                                     "EstablishmentStatus (code)",
                                                                     "EstablishmentStatus (name)",
                                                                     "OpenDate",
                                                                     "CloseDate",
                                                                     "PhaseOfEducation (code)",
                                                                     "PhaseOfEducation (name)",
                                                                     "StatutoryLowAge",
                                                                     "StatutoryHighAge",
                                                                     "SchoolCapacity",
                                                                     "NumberOfPupils",
                                                                     "Trusts (code)",
                                                                     "Trusts (name)",
                                                                     "UKPRN",
                                                                     "Postcode",
                                                                     "Section41Approved (name)",
                                                                     "TypeOfResourcedProvision (name)",
                                                                     "ResourcedProvisionOnRoll",
                                                                     "ResourcedProvisionCapacity",
                                                                     "SenUnitOnRoll",
                                                                     "SenUnitCapacity",
                                                                     "DistrictAdministrative (code)",
                                                                     "DistrictAdministrative (name)",
                                                                     "AdministrativeWard (code)",
                                                                     "AdministrativeWard (name)",
                                                                     "GSSLACode (name)",
                                                                     "SEN1 (name)",
                                                                     "SEN2 (name)",
                                                                     "SEN3 (name)",
                                                                     "SEN4 (name)",
                                                                     "SEN5 (name)",
                                                                     "SEN6 (name)",
                                                                     "SEN7 (name)",
                                                                     "SEN8 (name)",
                                                                     "SEN9 (name)",
                                                                     "SEN10 (name)",
                                                                     "SEN11 (name)",
                                                                     "SEN12 (name)",
                                                                     "SEN13 (name)"};

constexpr std::string_view look_at_register =
    "Look the establishment up in GIAS; if it is wrong there, its school or council can change it.";
constexpr std::string_view fetch_again = "Fetch the file from GIAS again; do not save it from a spreadsheet.";

bool is_number(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool is_urn(std::string_view text) { return is_number(text, 5, 6); }

// "SpLD - Specific Learning Difficulty" → SPLD; nothing for "Not Applicable" and the like.
std::string sen_type(std::string_view text) {
    const auto dash = text.find(" - ");
    if (dash == std::string_view::npos) return "";
    std::string code(tabular::trim(text.substr(0, dash)));
    for (char& c : code)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    return code;
}

// The letter case of these texts varies between extracts.
std::string_view section_41_text(std::string_view text) {
    for (const std::string_view known : {"Approved", "Not approved", "Not applicable"})
        if (tabular::equals_fold_ascii(text, known)) return known;
    return text;
}

}  // namespace

sdk::ConnectorInfo Schools::info() {
    return {.name = "schools",
            .version = "1.0.0",
            .title = "Schools (GIAS)",
            .summary =
                "Reads the register of schools that the Department for Education gives out daily (Get "
                "Information about "
                "Schools): the full extract of establishments and the links between them.",
            .settings = {{.name = "la_codes",
                          .type = sdk::SettingType::text,
                          .default_value = "",
                          .meaning = "LA numbers whose establishments are kept, with those elsewhere that "
                                     "they are linked to. Empty: all of England.",
                          .list = true}},
            .records = {sdk::fills<records::School>(), sdk::fills<records::SchoolLink>()}};
}

Schools::Schools(sdk::ConnectorHost& host) : host_(host), schools_(host), links_(host) {
    for (const std::string& code : host.setting_list("la_codes")) {
        if (!is_number(code, 3, 3))
            throw sdk::BadSettings("la_codes: an LA number has three digits, such as 873");
        la_codes_.insert(code);
    }
}

void Schools::read_file(const sdk::File& file) {
    date_order_ = {};
    tabular::HostSource bytes(host_);
    tabular::Utf8Source text(bytes);
    tabular::CsvReader csv(text);
    const auto is_links = [](const tabular::Header& header) {
        return header.find("URN") >= 0 && header.find("LinkURN") >= 0 && header.find("LinkType") >= 0;
    };
    const auto is_establishments = [](const tabular::Header& header) {
        return header.find("URN") >= 0 && header.find("EstablishmentName") >= 0 &&
               header.find("LA (code)") >= 0;
    };
    const auto header = tabular::find_header(csv, [&](const tabular::Header& row) -> std::size_t {
        return is_links(row) || is_establishments(row) ? 1 : 0;
    });
    if (!header)
        throw FileRefused(
            "the file is neither the GIAS extract of establishments (columns URN, EstablishmentName, LA "
            "(code)) nor its links (URN, LinkURN, LinkType), or is empty; fetch it from GIAS again "
            "(GIAS-FILE)");
    if (const std::string why = tabular::misfit(csv.shape(), header->line()); !why.empty())
        throw FileRefused(why + " (GIAS-FILE)");
    if (is_links(*header))
        links(file, csv, *header);
    else
        establishments(file, csv, *header);
    for (const std::string& remark : text.remarks())
        host_.warn_row(0, {.rule = "GI-FILE",
                           .field = "",
                           .value = "",
                           .reason = remark,
                           .advice = fetch_again,
                           .personal = false});
    if (!csv.took_every_line())
        throw FileRefused("the rows that were read are not all that the file holds; report it (GIAS-FILE)");
}

// Is the row none of the register's? Then it was said, or there is nothing in it.
bool Schools::skip(tabular::CsvReader& csv, std::uint32_t record) {
    if (csv.problem() == tabular::RowProblem::none && csv.kind() == tabular::RowKind::data) return false;
    if (csv.problem() == tabular::RowProblem::none && csv.kind() == tabular::RowKind::blank) return true;
    const bool damaged = csv.problem() != tabular::RowProblem::none;
    const std::string reason =
        damaged
            ? "The row is damaged: " + tabular::reason_of(csv.problem(), csv.fields().size(), csv.shape()) +
                  "."
            : "The line is a " + std::string(tabular::words_for(csv.kind())) + "; it was skipped.";
    host_.issue(damaged ? SHP_ISSUE_REJECT : SHP_ISSUE_WARNING, csv.line(),
                {.rule = "GI-ROW",
                 .field = "",
                 .value = "",
                 .reason = reason,
                 .advice = fetch_again,
                 .personal = false},
                record);
    return true;
}

// A cell without what a spreadsheet did to it; empty where it holds nothing but an error word.
std::string_view Schools::clean(tabular::CsvReader& csv, std::size_t column, std::string_view name,
                                std::string& buffer) {
    static const tabular::EmptyWords empty;
    const std::string_view text = tabular::clean_cell(csv.field(column), tabular::CellKind::name, buffer);
    if (empty.is_empty_name(text) || text == "NULL") return {};
    if (!tabular::is_damaged_cell(text)) return text;
    host_.issue(SHP_ISSUE_WARNING, csv.line(),
                {.rule = "GI-CELL",
                 .field = name,
                 .value = text,
                 .reason = "The cell holds an error word of a spreadsheet; it was left empty.",
                 .advice = fetch_again,
                 .personal = false},
                0);
    return {};
}

bool Schools::is_ours(std::string_view code) const { return la_codes_.empty() || la_codes_.contains(code); }

void Schools::establishments(const sdk::File& file, tabular::CsvReader& csv, const tabular::Header& header) {
    std::array<int, column_count> columns{};
    for (std::size_t i = 0; i < column_count; ++i) columns[i] = header.find(column_names[i]);
    const sdk::Date as_of = tabular::as_of(file);
    const sdk::Scope scope = schools_.scope("gias", sdk::ScopeMode::snapshot, as_of);
    const bool newest = !elsewhere_ || elsewhere_->as_of <= as_of;
    if (!la_codes_.empty() && newest) {
        elsewhere_ = Elsewhere{as_of, file.number, {}};
        our_urns_.clear();
    }
    std::array<std::string_view, column_count> cell{};
    std::array<std::string, column_count> buffers;
    std::uint64_t rows = 0;
    while (csv.next()) {
        if ((++rows & 0xFFF) == 0) host_.stop_if_cancelled();
        if (skip(csv, 0)) continue;
        for (std::size_t i = 0; i < column_count; ++i)
            cell[i] = columns[i] < 0
                          ? std::string_view()
                          : clean(csv, static_cast<std::size_t>(columns[i]), column_names[i], buffers[i]);
        if (is_ours(tabular::with_leading_zeros(cell[la_code], 3))) {
            if (!la_codes_.empty() && newest) our_urns_.emplace(cell[urn]);
            write(scope, csv.line(), cell);
        } else if (newest) {
            elsewhere_->by_urn.insert_or_assign(std::string(cell[urn]),
                                                Kept{csv.line(), {cell.begin(), cell.end()}});
        }
    }
    check_date_order();
    if (rows == 0)
        throw FileRefused(
            "the file has a header and no establishments; fetch it from GIAS again (GIAS-FILE)");
}

void Schools::check_date_order() const {
    if (date_order_.contradicts_day_first())
        throw FileRefused("the file has dates that can only have the month first (" +
                          std::to_string(date_order_.month_only) +
                          "), so nobody can tell what its other dates mean; fetch it from GIAS again, and do "
                          "not save it from a "
                          "spreadsheet (GIAS-FILE)");
}

void Schools::write(sdk::Scope scope, std::uint64_t line, Cells cell) {
    const auto refuse = [&](std::string_view rule, std::size_t column, std::string_view reason) {
        schools_.reject(scope, line,
                        {.rule = rule,
                         .field = column_names[column],
                         .value = cell[column],
                         .reason = reason,
                         .advice = look_at_register,
                         .personal = false,
                         .source_key = cell[urn]});
    };
    const auto warn = [&](std::string_view rule, std::size_t column, std::string_view reason) {
        schools_.warn(scope, line,
                      {.rule = rule,
                       .field = column_names[column],
                       .value = cell[column],
                       .reason = reason,
                       .advice = look_at_register,
                       .personal = false,
                       .source_key = cell[urn]});
    };
    if (!is_urn(cell[urn]))
        return refuse("GI-URN", urn, "The URN is missing or does not have five or six digits.");
    if (cell[name].empty()) return refuse("GI-NAME", name, "The name is missing.");
    const auto date = [&](std::size_t column) {
        const tabular::ParsedDate parsed = tabular::parse_date(cell[column]);
        date_order_.count(parsed);
        if (parsed.unreadable()) warn("GI-DATE", column, "The date is not a date; the field was left empty.");
        return parsed.day();
    };
    const auto number = [&](std::size_t column) -> std::optional<std::int64_t> {
        if (cell[column].empty()) return std::nullopt;
        const auto value = tabular::parse_integer(cell[column]);
        if (!value) warn("GI-NUMBER", column, "The number is not a whole number; the field was left empty.");
        return value;
    };

    records::School out;
    out.source_key(cell[urn]).urn(cell[urn]).school_name(cell[name]);
    const std::string la = tabular::with_leading_zeros(tabular::without_zero_fraction(cell[la_code]), 3);
    const std::string number_in_la =
        tabular::with_leading_zeros(tabular::without_zero_fraction(cell[estab]), 4);
    std::string laestab;
    if (is_number(la, 3, 3)) {
        out.la_code(la);
        // Children's centres, independent colleges and others have no number.
        if (is_number(number_in_la, 4, 4))
            out.laestab(laestab = la + number_in_la);
        else if (!cell[estab].empty())
            warn("GI-LAESTAB", estab,
                 "The establishment number does not have four digits; the field was left empty.");
    } else if (!cell[la_code].empty()) {
        warn("GI-LAESTAB", la_code, "The LA number does not have three digits; the field was left empty.");
    }
    out.la_name(cell[la_name]).ukprn(cell[ukprn]).type_code(cell[type_code]).type_name(cell[type_name]);
    out.type_group_code(cell[group_code]).type_group_name(cell[group_name]);
    out.status_code(cell[status_code])
        .status_name(cell[status_name])
        .phase_code(cell[phase_code])
        .phase_name(cell[phase_name]);
    out.open_date(date(open_date)).close_date(date(close_date));
    out.statutory_low_age(number(low_age))
        .statutory_high_age(number(high_age))
        .capacity(number(capacity))
        .pupils_count(number(pupils));
    out.sen_unit_capacity(number(unit_capacity)).sen_unit_on_roll(number(unit_on_roll));
    out.resourced_provision_capacity(number(resourced_capacity))
        .resourced_provision_on_roll(number(resourced_on_roll));
    out.resourced_provision_type(cell[resourced_type]).section_41(section_41_text(cell[section_41]));
    out.trust_code(cell[trust_code])
        .trust_name(cell[trust_name])
        .district_code(cell[district_code])
        .district_name(cell[district_name]);
    out.ward_code(cell[ward_code]).ward_name(cell[ward_name]).gss_la_code(cell[gss_la_code]);
    std::string code;
    if (!cell[postcode].empty()) {
        code = tabular::normalise_postcode(cell[postcode]).value;
        if (code.empty())
            warn("GI-POSTCODE", postcode,
                 "The postcode does not have the form of a UK postcode; the field was left empty.");
        out.postcode(code);
    }
    std::string types;
    for (std::size_t i = sen_first; i <= sen_last; ++i) {
        const std::string type = sen_type(cell[i]);
        if (type.empty() || (";" + types + ";").find(";" + type + ";") != std::string::npos) continue;
        if (!types.empty()) types += ';';
        types += type;
    }
    out.sen_types(types);
    schools_.add(scope, line, out);
}

// Links are kept for all of England: a chain of successors can lead through other authorities.
void Schools::links(const sdk::File& file, tabular::CsvReader& csv, const tabular::Header& header) {
    const int from = header.find("URN"), to = header.find("LinkURN"), to_name = header.find("LinkName"),
              type = header.find("LinkType"), since = header.find("LinkEstablishedDate");
    const auto cell = [&](int column) {
        return column < 0 ? std::string_view() : tabular::trim(csv.field(static_cast<std::size_t>(column)));
    };
    const sdk::Scope scope = links_.scope("gias links", sdk::ScopeMode::snapshot, tabular::as_of(file));
    links_came_ = true;
    std::string key;
    std::uint64_t rows = 0;
    while (csv.next()) {
        if ((++rows & 0xFFF) == 0) host_.stop_if_cancelled();
        if (skip(csv, 1)) continue;
        const std::string_view urn = cell(from), link_urn = cell(to), link_type = cell(type);
        key.assign(urn).append("|").append(link_urn).append("|").append(link_type);
        if (!is_urn(urn) || !is_urn(link_urn) || link_type.empty()) {
            links_.reject(scope, csv.line(),
                          {.rule = "GI-LINK",
                           .field = link_type.empty() ? "LinkType"
                                    : is_urn(urn)     ? "LinkURN"
                                                      : "URN",
                           .value = link_type.empty() ? link_type
                                    : is_urn(urn)     ? link_urn
                                                      : urn,
                           .reason = "A link needs two URNs of five or six digits and a type.",
                           .advice = look_at_register,
                           .personal = false,
                           .source_key = key});
            continue;
        }
        const tabular::ParsedDate day = tabular::parse_date(cell(since));
        date_order_.count(day);
        if (day.unreadable())
            links_.warn(scope, csv.line(),
                        {.rule = "GI-DATE",
                         .field = "LinkEstablishedDate",
                         .value = cell(since),
                         .reason = "The date is not a date; the field was left empty.",
                         .advice = look_at_register,
                         .personal = false,
                         .source_key = key});
        records::SchoolLink out;
        out.source_key(key)
            .urn(urn)
            .link_urn(link_urn)
            .link_name(cell(to_name))
            .link_type(link_type)
            .link_date(day.day());
        links_.add(scope, csv.line(), out);
        if (!la_codes_.empty()) {
            linked_.emplace(urn, link_urn);
            linked_.emplace(link_urn, urn);
        }
    }
    check_date_order();
    if (rows == 0)
        throw FileRefused("the file has a header and no links; fetch it from GIAS again (GIAS-FILE)");
}

// With la_codes: the establishments elsewhere that a chain of links leads to from one of ours. They have a
// scope of their own, declared only when both files came, so that a night with one of them closes nothing.
void Schools::finish() {
    if (!elsewhere_ || !links_came_) return;
    std::set<std::string> reached = our_urns_;
    std::vector<std::string> next(our_urns_.begin(), our_urns_.end());
    while (!next.empty()) {
        const std::string urn = std::move(next.back());
        next.pop_back();
        const auto [first, last] = linked_.equal_range(urn);
        for (auto link = first; link != last; ++link)
            if (reached.insert(link->second).second) next.push_back(link->second);
    }
    host_.set_file(elsewhere_->file);
    const sdk::Scope scope = schools_.scope("gias linked", sdk::ScopeMode::snapshot, elsewhere_->as_of);
    for (const auto& [urn, kept] : elsewhere_->by_urn) {
        if (!reached.contains(urn)) continue;
        const std::vector<std::string_view> cells(kept.cells.begin(), kept.cells.end());
        write(scope, kept.line, cells);
    }
}

}  // namespace sendhub::gias
