#include "connectors/missing_education/fact.hpp"

#include <algorithm>

#include "connectors/missing_education/ground.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/numbers.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::missing_education {
namespace {

using tabular::Rule;

bool digits_only(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string in_words(std::string_view field) {
    std::string out(field);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out.ends_with(" code") ? out.substr(0, out.size() - 5) : out;
}

// The line to write. `sendhub rejects` puts the feed and the text of the row into it; the advice itself holds
// neither, because it is read more widely than the row.
std::string map_advice(std::string_view field, std::string_view code) {
    return "add a line to settings.values, such as \"" + std::string(field) + ".text of the list\" = \"" +
           std::string(code) + "\"";
}
std::string map_advice(std::string_view field, const schema::CodeSet& codes) {
    std::string others;
    for (const schema::Code& code : codes.codes) {
        if (others.size() > 200) {
            others += ", …";
            break;
        }
        others += (others.empty() ? "" : ", ") + std::string(code.value);
    }
    return map_advice(field, codes.codes.front().value) + "; the codes are " + others;
}

}  // namespace

Fact::Fact(sdk::ConnectorHost& host, const ListKind& list, const tabular::ColumnMap& map)
    : host_(host), list_(list) {
    const auto& declared = host.info().records;
    for (std::size_t i = 0; i < declared.size(); ++i)
        if (declared[i].record == list.record) handle_ = static_cast<std::uint32_t>(i);
    for (const schema::Field& field : schema::find_record(list.record)->fields) {
        const bool named =
            std::find(list.required.begin(), list.required.end(), field.name) != list.required.end();
        slots_.push_back(
            {.field = &field, .column = map.find(field.name), .required = field.required || named});
    }
    for (Slot& s : slots_) {
        std::string_view base = s.field->name;
        if (base.ends_with("_code")) base.remove_suffix(5);
        const std::string raw = std::string(base) + "_raw";
        for (std::size_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].field->name == raw && s.column >= 0) s.raw = static_cast<int>(i);
    }
    values_.resize(slots_.size());
    kept_.resize(slots_.size());
}

sdk::Scope Fact::open_scope(std::string_view name, sdk::ScopeMode mode, sdk::Date as_of) {
    const sdk::Scope scope{host_.scope(handle_, name, mode, as_of)};
    if (scope.handle == SHP_NONE)
        throw sdk::RunFailed("the hub did not take a scope of " + std::string(list_.record));
    return scope;
}

std::size_t Fact::slot(std::string_view field) const {
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].field->name == field) return i;
    throw sdk::RunFailed("the record " + std::string(list_.record) + " has no field " + std::string(field));
}

std::string_view Fact::keep(std::size_t at, std::string text) {
    kept_[at] = std::move(text);
    return kept_[at];
}

void Fact::put_text(std::size_t at, std::string_view text) {
    values_[at] = {};
    if (text.empty()) return;
    values_[at].kind = SHP_TEXT;
    values_[at].as.text = sdk::to_c(text);
}

void Fact::set_text(std::string_view field, std::string_view text) {
    const std::size_t at = slot(field);
    put_text(at, keep(at, std::string(text)));
}

void Fact::set_truth(std::string_view field, bool truth) {
    shp_value& value = values_[slot(field)];
    value = {};
    value.kind = SHP_BOOL;
    value.as.i = truth ? 1 : 0;
}

std::optional<sdk::Date> Fact::date(std::string_view field) const {
    const shp_value& value = values_[slot(field)];
    return value.kind == SHP_DATE ? std::optional(sdk::Date{static_cast<std::int32_t>(value.as.i)})
                                  : std::nullopt;
}
std::optional<double> Fact::number(std::string_view field) const {
    const shp_value& value = values_[slot(field)];
    return value.kind == SHP_REAL ? std::optional(value.as.d) : std::nullopt;
}
std::string_view Fact::text(std::string_view field) const {
    const shp_value& value = values_[slot(field)];
    return value.kind == SHP_TEXT ? sdk::from_c(value.as.text) : std::string_view{};
}

void Fact::fault(bool reject, int rule, std::string_view field, std::string_view value, std::string reason,
                 std::string advice) {
    const schema::Field& f = *slots_[slot(field)].field;
    faults_.push_back({reject, rule, f.name, std::string(value), std::move(reason), std::move(advice),
                       f.personal || !f.code_set});
}

void Fact::read_ground(const tabular::TableReader& row, Slot& s, std::size_t at, std::string_view text) {
    const auto day = list_.name == "off_roll" ? date("date_off_roll") : date("off_roll_date");
    const Ground ground = missing_education::read_ground(text, day);
    const std::size_t scheme = slot("ground_scheme");
    if (const auto told = row.map().mapped(static_cast<std::size_t>(s.column), text)) {
        put_text(at, *told);
        put_text(scheme, ground.scheme.empty() ? "2024" : ground.scheme);
        return;
    }
    if (ground.fault == GroundFault::none) {
        put_text(at, ground.code);
        put_text(scheme, ground.scheme);
        return;
    }
    if (ground.fault == GroundFault::unknown)
        if (const auto fallback = row.map().fallback(static_cast<std::size_t>(s.column))) {
            put_text(at, *fallback);
            put_text(scheme, "2024");
            return;
        }
    put_text(scheme, ground.scheme);
    const std::string reason =
        ground.fault == GroundFault::which_scheme
            ? "the ground is a bare letter for a day before 19 August 2024, when the letters meant other "
              "things; it was left empty"
        : ground.fault == GroundFault::no_equivalent
            ? "the ground of the 2006 Regulations has none like it in the list of 2024; it was left empty"
            : "the ground is none of regulation 9(1)(a) to (o); it was left empty";
    fault(false, Rule::code, s.field->name, text, reason, map_advice("ground", "A"));
}

void Fact::read_code(const tabular::TableReader& row, Slot& s, std::size_t at, std::string_view text) {
    if (s.field->name == "ground_code") return read_ground(row, s, at, text);
    const auto code = row.map().code(static_cast<std::size_t>(s.column), text);
    if (code) return put_text(at, *code);
    const std::string reason = "the " + in_words(s.field->name) + " is not one that is known" +
                               (s.required ? "" : "; it was left empty");
    fault(s.required, s.required ? Rule::required_code : Rule::code, s.field->name, text, reason,
          map_advice(row.map().spec(static_cast<std::size_t>(s.column)).name, *s.field->code_set));
}

void Fact::read(const tabular::TableReader& row, bool nil) {
    std::fill(values_.begin(), values_.end(), shp_value{});
    faults_.clear();
    auto each = [&](auto&& wanted, auto&& use) {
        for (std::size_t at = 0; at < slots_.size(); ++at)
            if (slots_[at].column >= 0 && wanted(*slots_[at].field))
                use(slots_[at], at, row.text(slots_[at].column));
    };
    // Dates first: what a ground means depends on its day.
    each([](const schema::Field& f) { return f.type == schema::FieldType::date; },
         [&](Slot& s, std::size_t at, std::string_view text) {
             const tabular::ParsedDate parsed = row.date(s.column);
             if (parsed.day()) {
                 values_[at].kind = SHP_DATE;
                 values_[at].as.i = parsed.date.days;
                 return;
             }
             if (s.required && !nil) {
                 const bool none = !parsed.unreadable();
                 const std::string reason =
                     "the " + in_words(s.field->name) +
                     (none ? " is missing" : " " + std::string(tabular::fault_of(parsed.state)));
                 fault(true, Rule::required_date, s.field->name, text, reason,
                       none ? "enter it at the source; " + std::string(list_.title) +
                                  " cannot be counted without it"
                            : "correct it at the source; write it as year-month-day");
             } else if (parsed.unreadable()) {
                 fault(false, Rule::date, s.field->name, text,
                       "the " + in_words(s.field->name) + " " + std::string(tabular::fault_of(parsed.state)) +
                           "; it was left empty",
                       "correct it at the source; write it as year-month-day");
             }
         });
    each([](const schema::Field& f) { return f.type != schema::FieldType::date; },
         [&](Slot& s, std::size_t at, std::string_view text) {
             const schema::Field& f = *s.field;
             if (text.empty()) return;
             if (s.raw >= 0) {
                 const auto raw = static_cast<std::size_t>(s.raw);
                 put_text(raw, tabular::first_characters(text, slots_[raw].field->max_length));
             }
             if (f.code_set) return read_code(row, s, at, text);
             if (const auto told = row.map().mapped(static_cast<std::size_t>(s.column), text)) text = *told;
             const std::string not_taken = "; it was left empty";
             switch (f.type) {
                 case schema::FieldType::boolean:
                     if (const auto truth = tabular::parse_boolean(text))
                         set_truth(f.name, *truth);
                     else
                         fault(false, Rule::value, f.name, text,
                               "the " + in_words(f.name) + " is neither yes nor no" + not_taken,
                               map_advice(f.name, "true"));
                     return;
                 case schema::FieldType::number:
                 case schema::FieldType::integer:
                     if (const auto number = tabular::parse_decimal(text);
                         number && *number >= 0 && *number < 1000) {
                         values_[at].kind = SHP_REAL;
                         values_[at].as.d = *number;
                     } else {
                         fault(false, Rule::value, f.name, text,
                               "the " + in_words(f.name) + " is no number of hours" + not_taken,
                               "correct it at the source");
                     }
                     return;
                 default:
                     break;
             }
             std::string value;
             if (f.name.ends_with("_urn")) {
                 value = rules::urn(text);
             } else if (f.name.ends_with("laestab")) {
                 value = rules::laestab(text);
             } else if (f.name.ends_with("_la_code")) {
                 value = tabular::with_leading_zeros(text, 3);
                 if (!digits_only(value) || value.size() != 3) value.clear();
             } else {
                 if (tabular::count_characters(text) > f.max_length) {
                     fault(false, Rule::text_cut, f.name, text,
                           "the text is longer than the " + std::to_string(f.max_length) + " characters of " +
                               std::string(f.name) + "; the rest was cut off",
                           "look whether the column holds what its header says");
                     text = tabular::first_characters(text, f.max_length);
                 }
                 put_text(at, text);
                 return;
             }
             if (value.empty())
                 fault(false, Rule::value, f.name, text,
                       "the " + in_words(f.name) + " does not have the form of one" + not_taken,
                       "correct it at the source, or map its text in settings.values");
             else
                 put_text(at, keep(at, std::move(value)));
         });
    if (nil) return;
    for (const Slot& s : slots_) {
        if (!s.required || s.field->name == "source_key" || s.field->name == "person_ref" ||
            s.field->name == "reported_nil")
            continue;
        const bool missing = s.column < 0 || row.text(s.column).empty();
        if (!missing || (s.field->name == "status" && list_.name == "cme"))
            continue;  // told by the closed date
        if (s.field->type == schema::FieldType::date) {
            if (s.column < 0)
                fault(true, Rule::required_date, s.field->name, "",
                      "the " + in_words(s.field->name) + " is missing", "map the column in settings.columns");
        } else {
            fault(true, Rule::required_code, s.field->name, "",
                  "the " + in_words(s.field->name) + " is missing",
                  "enter it at the source, or map its column in settings.columns");
        }
    }
}

void Fact::check_orders() {
    for (const Order& order : list_.orders) {
        const auto later = date(order.later), earlier = date(order.earlier);
        if (later && earlier && *later < *earlier)
            fault(order.reject, Rule::order, order.later, "",
                  "the " + in_words(order.later) + " is before the " + in_words(order.earlier),
                  "correct one of the two dates at the source");
    }
}

std::string Fact::key(std::string_view person_ref) const {
    std::string out(person_ref);
    for (const std::string_view part : list_.key) {
        out += '|';
        if (part == "school") {
            out += text("school_urn").empty() ? text("school_laestab") : text("school_urn");
        } else if (slots_[slot(part)].field->type == schema::FieldType::date) {
            const auto day = date(part);
            if (!day) return {};
            out += tabular::iso_text(*day);
        } else {
            if (text(part).empty()) return {};
            out += text(part);
        }
    }
    return out;
}

void Fact::add(sdk::Scope scope, std::uint64_t line) {
    if (!host_.add_row(handle_, scope, line, values_))
        throw sdk::RunFailed("the hub stopped taking rows of " + std::string(list_.record));
}

}  // namespace sendhub::missing_education
