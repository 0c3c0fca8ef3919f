#include "hub/publish/text_form.hpp"

#include <array>

#include "schemas/registry.hpp"

namespace sendhub::publish {
namespace {

using duck::quoted_name;
using duck::quoted_text;

constexpr std::array<TextForm, 24> kForms{{
    {"person_key", "a person key, or `unlinked`",
     "({} = 'unlinked' or {} in (select person_key from person_link union select person_key from person))"},
    {"urn", "a URN: six digits", "regexp_full_match({}, '[0-9]{6}')"},
    {"laestab", "a LAESTAB: seven digits", "regexp_full_match({}, '[0-9]{7}')"},
    {"school", "a URN, or a LAESTAB where the register does not know the school",
     "regexp_full_match({}, '[0-9]{6,7}')"},
    {"la_code", "an LA number: three digits", "regexp_full_match({}, '[0-9]{3}')"},
    {"gss", "a GSS code", "regexp_full_match({}, '[A-Z][0-9]{8}')"},
    {"ukprn", "a UKPRN: eight digits", "regexp_full_match({}, '[0-9]{8}')"},
    {"ods_code", "an ODS code",
     "regexp_full_match({}, '[A-Z][0-9A-Z]{2}|[A-Z][0-9A-Z]{2}[0-9][0-9A-Z]{1,2}|[A-Z][0-9]{5}')"},
    {"academic_year", "an academic year, such as 2025/26", "regexp_full_match({}, '[0-9]{4}/[0-9]{2}')"},
    {"period", "a year, an academic year such as 202526, or `all`",
     "regexp_full_match({}, '[0-9]{4}|[0-9]{6}|all')"},
    {"period_name", "the name of a period",
     "regexp_full_match({}, 'Academic year|All|January|February|March|April|May|June|July|August|September|"
     "October|November|December')"},
    {"breakdown", "a total, a code of any code set, a school, or a word of the hub", ""},
    {"feed", "the id of a feed, `all` or `any`",
     "({} in ('all', 'any', 'hub') or {} in (select feed from hub_feed))"},
    {"record", "the name of a record type or dataset",
     "({} in (select record from hub_schema_field) or {} in (select dataset from hub_left_out))"},
    {"field", "the name of a field",
     "({} in (select field from hub_schema_field) or {} in (select field from hub_left_out))"},
    {"rule", "the number of a rule", "regexp_full_match({}, '[A-Z]{2,6}-([0-9]{1,5}|[A-Z]{1,12}[0-9]?)')"},
    {"state", "the name of a state", "regexp_full_match({}, '[a-z][a-z_]{1,29}')", true},
    {"flags", "flags of the hub, joined by `;`", "regexp_full_match({}, '[A-Z_]{2,40}(;[A-Z_]{2,40})*')",
     true},
    {"masked", "a shape: x for a letter, 9 for a digit",
     "regexp_full_match({}, '[x9 ''/.,:()@_+?…-]{0,80}')"},
    {"hash", "a keyed hash, 12 hexadecimal digits; equal for equal values of one feed",
     "regexp_full_match({}, '[0-9a-f]{12}')"},
    {"issue_key", "a hash and a number", "regexp_full_match({}, '[0-9a-f]{32}-[0-9]{1,12}')"},
    {"arrangement_key", "a person key or a school, a day and a number",
     "(regexp_full_match({}, '(nil\\|[0-9]{0,7}|[^|]+\\|[0-9-]{0,10})\\|[0-9]{1,12}') and "
     "(split_part({}, '|', 1) in ('nil', 'unlinked') or split_part({}, '|', 1) in (select person_key from "
     "person_link)))"},
    {"register", "a text of the public register of schools", "", true},
    {"hub_text", "a text that the hub wrote itself", "true", true},
}};

std::string replaced(std::string_view text, std::string_view mark, std::string_view by) {
    std::string out;
    for (std::size_t at; (at = text.find(mark)) != std::string_view::npos;
         text.remove_prefix(at + mark.size()))
        out.append(text.substr(0, at)).append(by);
    return out.append(text);
}

std::string all_codes() {
    std::string out;
    for (const auto& set : schema::code_sets())
        for (const auto& code : set.codes) out += (out.empty() ? "" : ", ") + quoted_text(code.value);
    return out;
}

// The columns of the register that are plain text; who it names are schools and trusts.
constexpr std::array<std::string_view, 8> kRegister = {"school_name",     "phase_name",   "type_name",
                                                       "type_group_name", "trust_name",   "status_name",
                                                       "section_41",      "district_name"};

std::string condition_of(const TextForm& form, const std::string& expression) {
    if (form.name == "breakdown")
        return "(" + expression +
               " in ('Total', 'unknown', 'Year 11', 'Other years', 'Order ending', 'cme_open', "
               "'off_roll_no_destination', 'part_time_review_overdue', 'plan_not_on_roll', "
               "'arrived_not_placed', '0-42', '43-84', '85+', 'unknown_to_education', " +
               all_codes() + ") or regexp_full_match(" + expression + ", '[0-9]{6,7}'))";
    if (form.name == "register") {
        std::string known;
        for (const auto column : kRegister)
            known += (known.empty() ? "" : " union ") + ("select " + std::string(column) + " from school");
        return expression + " in (select * from (" + known + ") register(word) where word is not null)";
    }
    return replaced(form.condition, "{}", expression);
}

}  // namespace

std::span<const TextForm> text_forms() { return kForms; }

const TextForm* find_text_form(std::string_view name) {
    for (const TextForm& form : kForms)
        if (form.name == name) return &form;
    return nullptr;
}

bool may_hold_anything(const Dataset& dataset, const DatasetField& field) {
    return field.type != "string" || dataset.layer == "restricted";
}

std::string fits_sql(const DatasetField& field, const std::string& expression) {
    std::string values;
    for (const auto& value : field.values) values += (values.empty() ? "" : ", ") + quoted_text(value);
    if (!values.empty()) values = expression + " in (" + values + ")";
    const TextForm* form = find_text_form(field.form);
    if (!form) return values;
    const std::string fits = condition_of(*form, expression);
    return values.empty() ? fits : "(" + values + " or " + fits + ")";
}

Result<std::string> leave_out_what_does_not_fit(duck::Connection& store, const Dataset& dataset,
                                                const std::string& table) {
    std::string counts;
    std::vector<const DatasetField*> checked;
    for (const DatasetField& field : dataset.fields) {
        if (may_hold_anything(dataset, field)) continue;
        const std::string name = quoted_name(field.name);
        if (!field.values.empty() && field.form.empty()) {
            // A word is the same word in capitals or between blanks.
            std::string listed;
            for (const auto& value : field.values)
                listed += (listed.empty() ? "(" : ", (") + quoted_text(value) + ")";
            SENDHUB_TRY(store.run("update " + table + " set " + name + " = v.word from (values " + listed +
                                  ") v(word) where lower(trim(" + name + ")) = lower(v.word) and " + name +
                                  " <> v.word"));
        }
        const std::string fits = fits_sql(field, name);
        if (fits.empty() || fits == "true") continue;
        counts += (counts.empty() ? "" : ", ") +
                  ("count(*) filter (" + name + " is not null and not coalesce(" + fits + ", false))");
        checked.push_back(&field);
    }
    if (checked.empty()) return std::string();
    std::vector<std::int64_t> found;
    {
        SENDHUB_ASSIGN(auto rows, store.query("select " + counts + " from " + table));
        rows.next();
        for (std::size_t i = 0; i < checked.size(); ++i) found.push_back(rows.integer(i));
    }
    std::string faults;
    for (std::size_t i = 0; i < checked.size(); ++i) {
        if (found[i] == 0) continue;
        const DatasetField& field = *checked[i];
        const std::string name = quoted_name(field.name), wrong = name + " is not null and not coalesce(" +
                                                                  fits_sql(field, name) + ", false)";
        if (!field.nullable) {
            faults += (faults.empty() ? "" : "; ") + std::to_string(found[i]) + " rows where " + field.name +
                      " is not what its JSON says it may hold";
            continue;
        }
        SENDHUB_TRY(store.run(
            "insert into hub_left_out select ?, ?, " +
                std::string(dataset.find("source_system") ? "coalesce(source_system, 'hub')" : "'hub'") +
                ", count(*) from " + table + " where " + wrong + " group by 3",
            {std::string_view(dataset.name), std::string_view(field.name)}));
        SENDHUB_TRY(store.run("update " + table + " set " + name + " = null where " + wrong));
    }
    return faults;
}

}  // namespace sendhub::publish
