// Children missing education, home education, off-roll notices, part-time timetables and moves: a council's
// own lists. README.md says what each rule means.
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include "connectors/missing_education/fact.hpp"
#include "connectors/missing_education/school_age.hpp"
#include "plugins/sdk/tabular/child_table.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/numbers.hpp"

namespace sendhub::missing_education {
namespace {

using tabular::Rule;

// The rules of this connector beyond those of all tables.
constexpr int nil_with_child = 12, hours = 13, school_age = 14, status_and_date = 15, nil_without_school = 16;

const ListKind& list_of(const sdk::Host& host) {
    const std::string_view name = host.setting("list");
    if (const ListKind* list = find_list(name)) return *list;
    throw sdk::BadSettings("the setting list is \"" + std::string(name) +
                           "\"; it must be cme, ehe, off_roll, part_time or moves");
}

}  // namespace

class MissingEducation : public tabular::ChildTable {
  public:
    static sdk::ConnectorInfo info() {
        sdk::ConnectorInfo out{
            .name = "missing_education",
            .version = "1.0.0",
            .title = "Missing education lists",
            .summary =
                "Children missing education, elective home education, off-roll notices, part-time timetables "
                "and moves, from a council's own CSV lists.",
            .settings = {{.name = "list",
                          .type = sdk::SettingType::text,
                          .default_value = "",
                          .meaning = "which list this feed is: cme, ehe, off_roll, part_time or moves",
                          .required = true}},
            .records = tabular::ChildWriter::declare()};
        for (auto& setting : tabular::TableSettings::declare()) out.settings.push_back(setting);
        out.records.push_back(sdk::fills<records::CmeCase>());
        out.records.push_back(sdk::fills<records::EheEpisode>());
        out.records.push_back(sdk::fills<records::OffRollNotice>());
        out.records.push_back(sdk::fills<records::PartTimeTimetable>());
        out.records.push_back(sdk::fills<records::Move>());
        return out;
    }

    explicit MissingEducation(sdk::ConnectorHost& host)
        : ChildTable(host, fields_of(list_of(host)), tabular::Defaults::without_map, "ME"),
          list_(list_of(host)),
          case_ref_(map_.find("case_ref")),
          nil_(list_.name == "part_time" ? map_.find("reported_nil") : -1),
          fact_(host, list_, map_) {}

    void read_file(const sdk::File& file) override {
        tabular::HostSource bytes(host_);
        const sdk::Date day = tabular::as_of(file);
        tabular::TableReader rows(host_, bytes, map_, settings_, issues_);
        children_.begin_file(list_.name, settings_.mode, day, file.received_day());
        scope_ = fact_.open_scope(list_.name, settings_.mode, day);
        issues_.record = fact_.record();
        issues_.scope = scope_;
        while (rows.next()) read_row(rows);
        rows.finish();
        children_.end_file();
    }

  private:
    void read_row(const tabular::TableReader& row) {
        const tabular::Issues::About about{fact_.record(), scope_, row.line()};
        const tabular::Child child = child_columns_.read(row);
        const bool nil =
            nil_ >= 0 &&
            tabular::parse_boolean(
                map_.mapped(static_cast<std::size_t>(nil_), row.text(nil_)).value_or(row.text(nil_)))
                .value_or(false);
        const std::string ref = nil ? std::string() : children_.ref_of(child);
        if (!nil && ref.empty()) {
            issues_.reject(
                about, Rule::child_key,
                {.field = "child_ref",
                 .value = child.ref,
                 .reason = child.why_no_key("nothing says which child: no key, no valid UPN, and not all "
                                            "of surname, forename and date of birth"),
                 .advice = "enter the key or the UPN at the source, or map the column child_ref"});
            return;
        }
        fact_.read(row, nil);
        fact_.check_orders();
        if (list_.record == "part_time_timetable") fact_.set_truth("reported_nil", nil);
        if (nil)
            check_nil(child, row);
        else
            check_child(child);

        const auto told_ref = row.key(case_ref_);
        if (!told_ref)
            fact_.fault(
                true, Rule::damaged_cell, "source_key", row.text(case_ref_),
                "the reference of the row is damaged: it is an error word or a number in exponent form, or "
                "has a quotation mark or a line end in it",
                "correct it at the source");
        const std::string_view case_ref = told_ref.value_or("");
        std::string key;
        if (nil)
            key = nil_key();
        else
            key = !case_ref.empty() && tabular::count_characters(case_ref) <= 100 ? std::string(case_ref)
                                                                                  : fact_.key(ref);
        tell(about, key, ref);
        if (rejected_) return;
        if (!ref.empty()) children_.write(ref, child, row.line());
        fact_.set_text("person_ref", ref);
        fact_.set_source_key(key);
        fact_.add(scope_, row.line());
    }

    // One reject a row, the first; the warnings of a rejected row would only hide it.
    void tell(const tabular::Issues::About& about, std::string_view key, std::string_view ref) {
        rejected_ = false;
        for (const Fact::Fault& fault : fact_.faults())
            if (fault.reject) {
                issues_.reject(
                    about, fault.rule,
                    {fault.field, fault.value, fault.reason, fault.advice, fault.personal, key, ref});
                rejected_ = true;
                return;
            }
        for (const Fact::Fault& fault : fact_.faults())
            issues_.warn(about, fault.rule,
                         {fault.field, fault.value, fault.reason, fault.advice, fault.personal, key});
    }

    void check_nil(const tabular::Child& child, const tabular::TableReader& row) {
        if (!child.surname.empty() || !child.upn.empty() || fact_.date("start_date"))
            fact_.fault(true, nil_with_child, "reported_nil", row.text(nil_),
                        "the row is a nil return and also tells of a child",
                        "ask the school which of the two it meant");
        else if (fact_.text("school_urn").empty() && fact_.text("school_laestab").empty())
            fact_.fault(true, nil_without_school, "school_urn", "",
                        "the nil return does not say which school it is of",
                        "enter the school's URN or LAESTAB");
    }

    void check_child(const tabular::Child& child) {
        if (list_.name == "part_time") {
            const auto offered = fact_.number("hours_per_week"), full = fact_.number("full_time_hours");
            if (offered && full && *offered > *full)
                fact_.fault(true, hours, "hours_per_week", "",
                            "the hours offered are more than the hours of a full-time week",
                            "correct the hours at the source");
        }
        if (list_.name != "cme") return;
        const auto opened = fact_.date("opened_date"), closed = fact_.date("closed_date");
        const std::string_view status = fact_.text("status");
        const bool unreadable =
            std::any_of(fact_.faults().begin(), fact_.faults().end(),
                        [](const Fact::Fault& fault) { return fault.field == "closed_date"; });
        if (status.empty() && !closed && unreadable)
            fact_.fault(
                true, Rule::required_date, "closed_date", "",
                "the closed date cannot be read and there is no status, so nobody can tell whether the case "
                "is open",
                "correct the closed date at the source, or send the status, too");
        else if (status.empty())
            fact_.set_text("status", closed ? "closed" : "open");
        else if (status == "open" && closed)
            fact_.fault(false, status_and_date, "status", status, "the case is open but has a closed date",
                        "close the case or take the date out at the source");
        else if (status == "closed" && !closed)
            fact_.fault(false, status_and_date, "status", status, "the case is closed but has no closed date",
                        "enter the day the case was closed");
        const auto born = child.born.day();
        if (opened && born && !of_compulsory_school_age(*born, *opened))
            fact_.fault(false, school_age, "opened_date", "",
                        "the child was not of compulsory school age on the day the case was opened",
                        "check the date of birth and the opened date");
    }

    // A school's nil return: one a school and day told.
    [[nodiscard]] std::string nil_key() const {
        std::string key = "nil|";
        key += fact_.text("school_urn").empty() ? fact_.text("school_laestab") : fact_.text("school_urn");
        if (const auto told = fact_.date("notified_date")) key += "|" + tabular::iso_text(*told);
        return key;
    }

    const ListKind& list_;
    int case_ref_, nil_;
    Fact fact_;
    sdk::Scope scope_;
    bool rejected_ = false;
};

SENDHUB_CONNECTOR(MissingEducation);

}  // namespace sendhub::missing_education
