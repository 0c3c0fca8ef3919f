#include "connectors/school_census/collect.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <unordered_map>

#include "connectors/school_census/census_values.hpp"
#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/header.hpp"

namespace sendhub::census {
namespace {

using sdk::FileRefused;

// ---- columns
// ----------------------------------------------------------------------------------------------------------------

// A column of a table, and the field it fills. older: the name it had before.
template <class T>
struct Column {
    std::string_view name, older;
    std::string_view& (*field)(T&);
};

constexpr Column<HeaderText> return_columns[] = {
    {"collection", "", [](HeaderText& h) -> std::string_view& { return h.collection; }},
    {"term", "", [](HeaderText& h) -> std::string_view& { return h.term; }},
    {"referencedate", "", [](HeaderText& h) -> std::string_view& { return h.reference_date; }},
    {"lea", "", [](HeaderText& h) -> std::string_view& { return h.lea; }},
    {"estab", "", [](HeaderText& h) -> std::string_view& { return h.estab; }},
    {"urn", "", [](HeaderText& h) -> std::string_view& { return h.urn; }},
};

constexpr std::string_view period_prefix[period_count] = {"termly", "summerhalfterm2", "annual"};
template <Period P>
AttendanceText& totals(PupilText& p) {
    return p.attendance[static_cast<std::size_t>(P)];
}

constexpr Column<PupilText> pupil_columns[] = {
    {"upn", "", [](PupilText& p) -> std::string_view& { return p.upn; }},
    {"formerupn", "", [](PupilText& p) -> std::string_view& { return p.former_upn; }},
    {"uniquelearnernumber", "uln", [](PupilText& p) -> std::string_view& { return p.uln; }},
    {"surname", "", [](PupilText& p) -> std::string_view& { return p.surname; }},
    {"forename", "", [](PupilText& p) -> std::string_view& { return p.forename; }},
    {"middlenames", "", [](PupilText& p) -> std::string_view& { return p.middle_names; }},
    {"preferredsurname", "", [](PupilText& p) -> std::string_view& { return p.preferred_surname; }},
    {"formersurname", "", [](PupilText& p) -> std::string_view& { return p.former_surname; }},
    {"sex", "gender", [](PupilText& p) -> std::string_view& { return p.sex; }},
    {"dob", "", [](PupilText& p) -> std::string_view& { return p.birth_date; }},
    {"ethnicity", "", [](PupilText& p) -> std::string_view& { return p.ethnicity; }},
    {"language", "", [](PupilText& p) -> std::string_view& { return p.language; }},
    {"enrolstatus", "", [](PupilText& p) -> std::string_view& { return p.enrol_status; }},
    {"classtype", "", [](PupilText& p) -> std::string_view& { return p.class_type; }},
    {"entrydate", "", [](PupilText& p) -> std::string_view& { return p.entry_date; }},
    {"leavingdate", "", [](PupilText& p) -> std::string_view& { return p.leaving_date; }},
    {"ncyearactual", "ncyearleaving", [](PupilText& p) -> std::string_view& { return p.nc_year; }},
    {"parttime", "", [](PupilText& p) -> std::string_view& { return p.part_time; }},
    {"boarder", "", [](PupilText& p) -> std::string_view& { return p.boarder; }},
    {"senprovision", "", [](PupilText& p) -> std::string_view& { return p.sen_provision; }},
    {"senunitindicator", "", [](PupilText& p) -> std::string_view& { return p.sen_unit; }},
    {"resourcedprovisionindicator", "",
     [](PupilText& p) -> std::string_view& { return p.resourced_provision; }},
    {"fundedhours", "", [](PupilText& p) -> std::string_view& { return p.funded_hours; }},
    {"hoursatsetting", "", [](PupilText& p) -> std::string_view& { return p.hours_at_setting; }},
    {"termlysessionspossible", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::term>(p).possible; }},
    {"termlysessionsauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::term>(p).authorised; }},
    {"termlysessionsunauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::term>(p).unauthorised; }},
    {"summerhalfterm2sessionspossible", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::half_term_2>(p).possible; }},
    {"summerhalfterm2sessionsauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::half_term_2>(p).authorised; }},
    {"summerhalfterm2sessionsunauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::half_term_2>(p).unauthorised; }},
    {"annualsessionspossible", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::annual>(p).possible; }},
    {"annualsessionsauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::annual>(p).authorised; }},
    {"annualsessionsunauthorised", "",
     [](PupilText& p) -> std::string_view& { return totals<Period::annual>(p).unauthorised; }},
};

constexpr Column<AddressText> address_columns[] = {
    {"saon", "", [](AddressText& a) -> std::string_view& { return a.saon; }},
    {"paon", "", [](AddressText& a) -> std::string_view& { return a.paon; }},
    {"street", "", [](AddressText& a) -> std::string_view& { return a.street; }},
    {"locality", "", [](AddressText& a) -> std::string_view& { return a.locality; }},
    {"town", "", [](AddressText& a) -> std::string_view& { return a.town; }},
    {"administrativearea", "", [](AddressText& a) -> std::string_view& { return a.administrative_area; }},
    {"posttown", "", [](AddressText& a) -> std::string_view& { return a.post_town; }},
    {"uniquepropertyreferencenumber", "uprn", [](AddressText& a) -> std::string_view& { return a.uprn; }},
    {"postcode", "", [](AddressText& a) -> std::string_view& { return a.postcode; }},
    {"addressline1", "", [](AddressText& a) -> std::string_view& { return a.line[0]; }},
    {"addressline2", "", [](AddressText& a) -> std::string_view& { return a.line[1]; }},
    {"addressline3", "", [](AddressText& a) -> std::string_view& { return a.line[2]; }},
    {"addressline4", "", [](AddressText& a) -> std::string_view& { return a.line[3]; }},
    {"addressline5", "", [](AddressText& a) -> std::string_view& { return a.line[4]; }},
};

constexpr Column<NeedText> need_columns[] = {
    {"sentyperank", "", [](NeedText& n) -> std::string_view& { return n.rank; }},
    {"sentype", "", [](NeedText& n) -> std::string_view& { return n.type; }},
};

constexpr Column<ExclusionText> exclusion_columns[] = {
    {"category", "", [](ExclusionText& e) -> std::string_view& { return e.category; }},
    {"startdate", "", [](ExclusionText& e) -> std::string_view& { return e.start_date; }},
    {"sessions", "", [](ExclusionText& e) -> std::string_view& { return e.sessions; }},
    {"reason1", "reason", [](ExclusionText& e) -> std::string_view& { return e.reason[0]; }},
    {"reason2", "", [](ExclusionText& e) -> std::string_view& { return e.reason[1]; }},
    {"reason3", "", [](ExclusionText& e) -> std::string_view& { return e.reason[2]; }},
    {"senprovision", "", [](ExclusionText& e) -> std::string_view& { return e.sen_provision; }},
};

constexpr Column<MarkText> mark_columns[] = {
    {"attendancereason", "", [](MarkText& m) -> std::string_view& { return m.mark; }},
    {"sessions", "absencesessions", [](MarkText& m) -> std::string_view& { return m.sessions; }},
};

bool is_name(std::string_view column) { return column.ends_with("name") || column.ends_with("names"); }
bool is_date(std::string_view column) {
    return column == "dob" || column == "entrydate" || column == "leavingdate" || column == "startdate" ||
           column == "referencedate";
}

struct Names {
    std::string_view name, older;
};
template <class T, std::size_t N>
std::vector<Names> names_of(const Column<T> (&columns)[N]) {
    std::vector<Names> out;
    for (const Column<T>& column : columns) out.push_back({column.name, column.older});
    return out;
}

template <class T, std::size_t N>
void fill(T& out, const Column<T> (&columns)[N], const Table& table, std::size_t row) {
    for (std::size_t i = 0; i < N; ++i) columns[i].field(out) = table.value(row, i);
}

// The columns of a table that are of use; nothing when the table is passed over.
std::vector<Names> wanted_columns(std::string_view table) {
    if (table == "schoolcensus") return names_of(return_columns);
    if (table == "pupilonroll" || table == "pupilnolongeronroll") return names_of(pupil_columns);
    if (table.starts_with("addresses")) return names_of(address_columns);
    if (table.starts_with("senneeds")) return names_of(need_columns);
    if (table.starts_with("termlyexclusions")) return names_of(exclusion_columns);
    for (const std::string_view prefix : period_prefix)
        if (table.starts_with(prefix) && table.substr(prefix.size()).starts_with("sessiondetails"))
            return names_of(mark_columns);
    return {};
}

// The table that a file is: the one whose id and order columns the header has.
std::string table_name(const tabular::Header& header) {
    for (const std::string& column : header.names()) {
        std::string name = tabular::fold(column);
        if (!name.ends_with("orderseqcolumn")) continue;
        name.resize(name.size() - std::string_view("orderseqcolumn").size());
        if (header.find(name + "tableid") >= 0) return name;
    }
    return "";
}

// What files of one set share: their folder or archive, and the text around the table's name.
std::string set_name(std::string_view file, std::string_view table) {
    const auto slash = file.rfind('/');
    const std::size_t from = slash == std::string_view::npos ? 0 : slash + 1;
    const std::string folded = tabular::fold(file.substr(from));
    const auto at = folded.rfind(table);
    std::string name(file.substr(0, from));
    if (at != std::string::npos) name += folded.substr(0, at) + '*' + folded.substr(at + table.size());
    return name;
}

// ---- joins
// --------------------------------------------------------------------------------------------------------------------

using Index = std::unordered_map<std::string_view, std::uint32_t>;  // id → row

Index index_of(const Table& table) {
    Index out;
    out.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row)
        out.emplace(table.id(row), static_cast<std::uint32_t>(row));
    return out;
}

// The rows of a table by the row of the parent that they belong to, in their order in the file.
class Children {
  public:
    Children(const Table& table, const Table& parent, const Index& parents)
        : table_(&table), begin_(parent.rows() + 1) {
        std::vector<std::uint32_t> parent_of(table.rows(), none);
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto found = parents.find(table.parent_id(row));
            if (found == parents.end()) {
                orphans_.push_back(row);
                continue;
            }
            parent_of[row] = found->second;
            ++begin_[found->second + 1];
        }
        for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
        rows_.resize(begin_.back());
        std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
        for (std::size_t row = 0; row < table.rows(); ++row)
            if (parent_of[row] != none) rows_[next[parent_of[row]]++] = static_cast<std::uint32_t>(row);
    }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t parent_row) const {
        return std::span(rows_).subspan(begin_[parent_row], begin_[parent_row + 1] - begin_[parent_row]);
    }
    [[nodiscard]] const std::vector<std::size_t>& orphans() const { return orphans_; }
    [[nodiscard]] const Table& table() const { return *table_; }

  private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    const Table* table_;
    std::vector<std::size_t> begin_;
    std::vector<std::uint32_t> rows_;
    std::vector<std::size_t> orphans_;
};

}  // namespace

void Table::add(std::string_view text) {
    if (text_.size() + text.size() > std::numeric_limits<std::uint32_t>::max())
        throw FileRefused("the table is larger than 4 GB; fetch it from COLLECT in parts (COLLECT-TABLE)");
    cells_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())});
    text_ += text;
}

// ---- reading
// ------------------------------------------------------------------------------------------------------------------

void CollectSets::read(const sdk::File& file, tabular::ByteSource& bytes) {
    tabular::Utf8Source text(bytes);
    tabular::CsvReader csv(text);
    const auto found = tabular::find_header(
        csv, [](const tabular::Header& row) -> std::size_t { return table_name(row).empty() ? 0 : 1; });
    if (!found)
        throw FileRefused(
            "the file is neither the XML of a census return nor a table of COLLECT (no row of it is a header "
            "with ...tableid and ...orderseqcolumn), or is empty (COLLECT-TABLE)");
    const tabular::Header& header = *found;
    Table table;
    table.name = table_name(header);
    if (const std::string why = tabular::misfit(csv.shape(), header.line()); !why.empty())
        throw FileRefused(why + " (COLLECT-TABLE)");
    const std::vector<Names> wanted = wanted_columns(table.name);
    if (wanted.empty()) return;

    for (const std::string_view parent : {"schoolcensus", "pupilonroll", "pupilnolongeronroll"})
        if (parent != table.name && header.find(std::string(parent) + "tableid") >= 0) table.parent = parent;
    if (table.parent.empty() && table.name != "schoolcensus")
        throw FileRefused(
            "the table has no column that says which pupil or return its rows belong to (COLLECT-TABLE)");
    table.file = file.number;
    std::vector<int> columns{header.find(table.name + "tableid"),
                             table.parent.empty() ? -1 : header.find(table.parent + "tableid")};
    for (const Names& names : wanted) {
        columns.push_back(names.older.empty() ? header.find(names.name)
                                              : header.find_any({names.name, names.older}));
        table.bound.push_back(columns.back() >= 0);
    }
    if (table.name.starts_with("pupil") && !(table.bound[0] && header.find("dob") >= 0))
        throw FileRefused(
            "the table has no columns upn and dob; fetch it from COLLECT again with all its columns "
            "(COLLECT-TABLE)");

    const tabular::EmptyWords empty;
    tabular::OrderEvidence dates;
    std::string buffer;
    std::uint64_t rows = 0;
    while (csv.next()) {
        const bool damaged = csv.problem() != tabular::RowProblem::none;
        if (!damaged && csv.kind() == tabular::RowKind::blank) continue;
        if (damaged || csv.kind() != tabular::RowKind::data) {
            const std::string reason =
                damaged
                    ? "The row is damaged: " +
                          tabular::reason_of(csv.problem(), csv.fields().size(), csv.shape()) + "."
                    : "The line is a " + std::string(tabular::words_for(csv.kind())) + "; it was skipped.";
            host_.issue(damaged ? SHP_ISSUE_REJECT : SHP_ISSUE_WARNING, csv.line(),
                        {.rule = "COLLECT-ROW",
                         .field = "",
                         .value = "",
                         .reason = reason,
                         .advice = "Fetch the table from COLLECT again; do not save it from a spreadsheet.",
                         .personal = false});
            continue;
        }
        table.begin_row(csv.line());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::string_view name = i < 2 ? std::string_view() : wanted[i - 2].name;
            const std::string_view value =
                columns[i] < 0
                    ? std::string_view()
                    : tabular::clean_cell(csv.field(static_cast<std::size_t>(columns[i])),
                                          is_name(name) ? tabular::CellKind::name : tabular::CellKind::text,
                                          buffer);
            if (is_date(name)) dates.count(tabular::parse_date(value));
            // every pupil has a surname and a forename: NULL is one
            const bool none = is_name(name) ? empty.is_empty_name(value) : empty.is_empty(value);
            const bool null_mark = value == "NULL" && name != "surname" && name != "forename";
            table.add(none || null_mark ? std::string_view() : value);
        }
        if ((++rows & 0xFFF) == 0) host_.stop_if_cancelled();
    }
    for (const std::string& remark : text.remarks())
        host_.warn_row(0, {.rule = "COLLECT-ROW",
                           .field = "",
                           .value = "",
                           .reason = remark,
                           .advice = "Fetch the table from COLLECT again; do not save it from a spreadsheet.",
                           .personal = false});
    if (!csv.took_every_line())
        throw FileRefused(
            "the rows that were read are not all that the file holds; report it (COLLECT-TABLE)");
    if (dates.contradicts_day_first())
        throw FileRefused(
            "the table has dates that can only have the month first (" + std::to_string(dates.month_only) +
            "), so nobody can tell what its other dates mean; fetch it from COLLECT again, and do "
            "not save it from a spreadsheet (COLLECT-TABLE)");
    const std::string name = table.name;
    sets_[set_name(file.name, name)].insert_or_assign(
        name, std::move(table));  // the newest delivery of a table counts
}

// ---- handing over
// ---------------------------------------------------------------------------------------------------------------

void CollectSets::finish() {
    std::multimap<std::uint32_t, const Set*, std::greater<>> newest_first;  // by their last file
    for (const auto& [name, set] : sets_) {
        std::uint32_t last = 0;
        for (const auto& [table_name, table] : set) last = std::max(last, table.file);
        newest_first.emplace(last, &set);
    }
    for (const auto& [last, set] : newest_first)
        if (complete(*set)) finish_set(*set);
    sets_.clear();
}

// Every table with its parent, and the pupils on roll? A set without them says nothing of who is there.
bool CollectSets::complete(const Set& set) {
    std::string missing;
    const auto need = [&](const std::string& name) {
        if (missing.empty() && !set.contains(name)) missing = name;
    };
    need("schoolcensus");
    need("pupilonroll");
    for (const auto& [name, table] : set)
        if (!table.parent.empty()) need(table.parent);
    if (missing.empty()) return true;
    const std::string reason =
        "The table set came without its table " + missing + ", so nothing of it was taken.";
    for (const auto& [name, table] : set)
        tell(table.file, SHP_ISSUE_REJECT, 0, "COLLECT-SET", reason,
             "Deliver all tables of a collection together, best as one zip file.");
    return false;
}

void CollectSets::finish_set(const Set& set) {
    const Table& returns = set.at("schoolcensus");
    const Index return_index = index_of(returns);
    const auto join = [&](const Table& table, const Table& parent, const Index& parents) {
        Children children(table, parent, parents);
        for (const std::size_t row : children.orphans())
            tell(table.file, SHP_ISSUE_REJECT, table.line(row), "COLLECT-JOIN",
                 "The row belongs to nothing in the table " + parent.name + ".",
                 "Deliver all tables of a collection from one export.");
        return children;
    };

    // Below each table of pupils: what belongs to a pupil.
    struct Pupils {
        Children rows;
        std::vector<Children> addresses, needs, exclusions;
        std::array<std::vector<Children>, period_count> marks;
    };
    std::vector<Pupils> parts;
    HeaderText::Carries carries{false, false, false, false};
    std::array<bool, period_count> has_marks{};
    for (const char* name : {"pupilonroll", "pupilnolongeronroll"}) {
        const auto found = set.find(name);
        if (found == set.end()) continue;
        const Table& pupils = found->second;
        const Index index = index_of(pupils);
        Pupils& part = parts.emplace_back(Pupils{join(pupils, returns, return_index), {}, {}, {}, {}});
        for (const auto& [child_name, table] : set) {
            if (table.parent != name) continue;
            std::vector<Children>* list = nullptr;
            if (child_name.starts_with("addresses")) {
                list = &part.addresses;
                carries.addresses = true;
            } else if (child_name.starts_with("senneeds")) {
                list = &part.needs;
                carries.needs = true;
            } else if (child_name.starts_with("termlyexclusions")) {
                list = &part.exclusions;
                carries.exclusions = true;
            } else {
                for (std::size_t period = 0; period < period_count; ++period)
                    if (child_name.starts_with(period_prefix[period])) {
                        list = &part.marks[period];
                        has_marks[period] = carries.attendance = true;
                    }
            }
            if (list) list->push_back(join(table, pupils, index));
        }
        for (std::size_t i = 0; i < std::size(pupil_columns); ++i)  // older sets give the sums with the pupil
            if (pupil_columns[i].name.ends_with("sessionsauthorised") && pupils.bound[i])
                carries.attendance = true;
    }

    PupilText pupil;
    for (std::size_t row = 0; row < returns.rows(); ++row) {
        HeaderText header;
        fill(header, return_columns, returns, row);
        header.carries = carries;
        std::string school;
        if (const auto day = to_date(header.reference_date);
            day && to_laestab(header.lea, header.estab, school)) {
            if (!taken_.insert(school + ' ' + std::to_string(day->days)).second) {
                tell(returns.file, SHP_ISSUE_WARNING, returns.line(row), "COLLECT-TWICE",
                     "A newer delivery has the same school's return for the same day; this one was left out.",
                     "Take the older file out of the folder.");
                continue;
            }
        }
        host_.set_file(returns.file);
        try {
            sink_.header(header);
        } catch (const FileRefused& refusal) {
            tell(returns.file, SHP_ISSUE_REJECT, returns.line(row), "COLLECT-RETURN", refusal.what(),
                 "Correct the return in COLLECT and fetch the tables again.");
            continue;
        }
        for (const Pupils& part : parts) {
            const Table& pupils = part.rows.table();
            host_.set_file(pupils.file);
            for (const std::uint32_t at : part.rows.of(row)) {
                pupil.clear();
                fill(pupil, pupil_columns, pupils, at);
                pupil.on_roll = pupils.name == "pupilonroll";
                pupil.row = pupils.line(at);
                const auto each = [&](const std::vector<Children>& lists, const auto& columns, auto& out) {
                    for (const Children& list : lists)
                        for (const std::uint32_t child : list.of(at))
                            fill(out.emplace_back(), columns, list.table(), child);
                };
                each(part.addresses, address_columns, pupil.addresses);
                each(part.needs, need_columns, pupil.needs);
                each(part.exclusions, exclusion_columns, pupil.exclusions);
                for (std::size_t period = 0; period < period_count; ++period) {
                    AttendanceText& totals = pupil.attendance[period];
                    each(part.marks[period], mark_columns, totals.marks);
                    // Possible sessions alone, in a set without the table of absences, do not mean that there
                    // were none.
                    if (!has_marks[period] && totals.authorised.empty() && totals.unauthorised.empty())
                        totals.possible = {};
                }
                sink_.pupil(pupil);
            }
        }
        host_.stop_if_cancelled();
    }
}

void CollectSets::tell(std::uint32_t file, std::uint32_t severity, std::uint64_t line, std::string_view rule,
                       std::string_view reason, std::string_view advice) {
    host_.set_file(file);
    host_.issue(
        severity, line,
        {.rule = rule, .field = "", .value = "", .reason = reason, .advice = advice, .personal = false});
}

}  // namespace sendhub::census
