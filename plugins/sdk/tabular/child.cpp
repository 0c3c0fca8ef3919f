#include "plugins/sdk/tabular/child.hpp"

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/identifier.hpp"
#include "plugins/sdk/tabular/postcode_cell.hpp"

namespace sendhub::tabular {
namespace {

constexpr std::size_t longest_key = 100;  // person_ref takes 120 characters, and keys of rows are built on it

// FNV-1a: stable for ever, on every machine. It is a key, not a secret; published data never holds it.
std::uint64_t hash(std::string_view text, std::uint64_t value) {
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return (value ^ 0x1F) * 0x100000001b3ull;  // an end mark between parts
}

struct FieldOfChild {
    std::string_view name;
    std::string_view Child::* to;
    bool is_name = false;
};
constexpr FieldOfChild child_fields[] = {
    {"child_ref", &Child::ref},
    {"upn", &Child::upn},
    {"former_upn", &Child::former_upn},
    {"uln", &Child::uln},
    {"nhs_number", &Child::nhs_number},
    {"la_child_id", &Child::la_child_id},
    {"surname", &Child::surname, true},
    {"forename", &Child::forename, true},
    {"middle_names", &Child::middle_names, true},
    {"preferred_surname", &Child::preferred_surname, true},
    {"preferred_forename", &Child::preferred_forename, true},
    {"former_surname", &Child::former_surname, true},
    {"birth_date", &Child::birth_date},
    {"sex", &Child::sex},
    {"ethnicity_code", &Child::ethnicity},
    {"first_language", &Child::first_language},
    {"postcode", &Child::postcode},
    {"uprn", &Child::uprn},
    {"saon", &Child::saon},
    {"paon", &Child::paon},
    {"street", &Child::street},
    {"locality", &Child::locality},
    {"town", &Child::town},
    {"administrative_area", &Child::administrative_area},
    {"post_town", &Child::post_town},
};

constexpr Synonym sexes[] = {{"m", "M"},
                             {"f", "F"},
                             {"male", "M"},
                             {"female", "F"},
                             {"boy", "M"},
                             {"girl", "F"},
                             {"1", "M"},
                             {"2", "F"},
                             {"0", "U"},
                             {"9", "U"},
                             {"u", "U"},
                             {"unknown", "U"},
                             {"not known", "U"},
                             {"not specified", "U"},
                             {"indeterminate", "U"},
                             {"other", "U"},
                             {"x", "U"},
                             {"1.0", "M"},
                             {"2.0", "F"}};

// NHS letters and the 16+1 codes of the police and youth justice, paired by name with the DfE codes
// (health-justice-feeds 6). Both are coarser than the DfE list: the source's value is always kept beside.
constexpr Synonym ethnicities[] = {
    {"a", "WBRI"},  {"b", "WIRI"},  {"c", "WOTH"},  {"d", "MWBC"},  {"e", "MWBA"},  {"f", "MWAS"},
    {"g", "MOTH"},  {"h", "AIND"},  {"j", "APKN"},  {"k", "ABAN"},  {"l", "AOTH"},  {"m", "BCRB"},
    {"n", "BAFR"},  {"p", "BOTH"},  {"r", "CHNE"},  {"s", "OOTH"},  {"z", "REFU"},  {"99", "NOBT"},
    {"w1", "WBRI"}, {"w2", "WIRI"}, {"w9", "WOTH"}, {"m1", "MWBC"}, {"m2", "MWBA"}, {"m3", "MWAS"},
    {"m9", "MOTH"}, {"a1", "AIND"}, {"a2", "APKN"}, {"a3", "ABAN"}, {"a9", "AOTH"}, {"b1", "BCRB"},
    {"b2", "BAFR"}, {"b9", "BOTH"}, {"o1", "CHNE"}, {"o9", "OOTH"}, {"ns", "REFU"}};

std::string_view by_synonym(std::span<const Synonym> synonyms, std::string_view text) {
    const std::string folded = fold(text);
    for (const Synonym& synonym : synonyms)
        if (synonym.text == folded) return synonym.code;
    return {};
}

std::string upper_letters(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') return {};
        out += c;
    }
    return out;
}

}  // namespace

std::string_view Child::why_no_key(std::string_view nothing) const {
    if (damaged_ref)
        return "the key of the child is damaged: it is an error word or a number in exponent form, or has a "
               "quotation mark or a line end in it";
    return ref.empty() ? nothing : "the key of the child is longer than 100 characters";
}

std::string Child::key() const {
    if (damaged_ref) return {};
    if (!ref.empty()) return count_characters(ref) <= longest_key ? std::string(ref) : std::string();
    if (!upn.empty())
        if (auto id = classify_identifier(IdKind::upn, upn); id.state != rules::IdState::invalid)
            return id.value;
    if (!nhs_number.empty())
        if (auto id = classify_identifier(IdKind::nhs_number, nhs_number); id.state == rules::IdState::valid)
            return id.value;
    return hashed_key();
}

std::string Child::hashed_key() const {
    if (surname.empty() || forename.empty() || birth_date.empty()) return {};
    // The day itself when it is one, so that 16/01/2015 and 2015-01-16 are the same child.
    const std::string day = born.day() || born.state == DateState::no_date ? std::to_string(born.date.days)
                                                                           : std::string(birth_date);
    std::uint64_t a = 0xcbf29ce484222325ull, b = 0x84222325cbf29ce4ull;
    for (const std::string& part : {fold(surname), fold(forename), day}) {
        a = hash(part, a);
        b = hash(part, b);
    }
    char text[40];
    std::snprintf(text, sizeof text, "~%016llx%016llx", static_cast<unsigned long long>(a),
                  static_cast<unsigned long long>(b));
    return text;
}

bool Child::bare() const {
    return std::all_of(std::begin(child_fields), std::end(child_fields),
                       [&](const FieldOfChild& field) {
                           return field.to == &Child::ref || (this->*field.to).empty();
                       }) &&
           pnc_id.empty() &&
           std::all_of(address_lines.begin(), address_lines.end(),
                       [](std::string_view line) { return line.empty(); });
}

std::vector<FieldSpec> ChildColumns::fields(
    std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    std::vector<FieldSpec> out;
    auto add = [&](std::string_view name) -> FieldSpec& {
        FieldSpec spec{.name = std::string(name), .headers = {std::string(name)}};
        if (name.ends_with("_code")) spec.headers.emplace_back(name.substr(0, name.size() - 5));
        for (const auto& [field, header] : headers)
            if (field == name) spec.headers.emplace_back(header);
        return out.emplace_back(std::move(spec));
    };
    for (const FieldOfChild& field : child_fields) {
        FieldSpec& spec = add(field.name);
        if (field.name == "sex") spec.codes = schema::find_code_set("sex");
    }
    for (int line = 1; line <= 5; ++line) add("address_line_" + std::to_string(line));
    return out;
}

ChildColumns::ChildColumns(const ColumnMap& map)
    : ref_(map.find("child_ref")), birth_date_(map.find("birth_date")) {
    for (const FieldOfChild& field : child_fields)
        places_.push_back({map.find(field.name), field.to, field.is_name});
    for (int line = 1; line <= 5; ++line)
        lines_[static_cast<std::size_t>(line - 1)] = map.find("address_line_" + std::to_string(line));
}

namespace {

// A child may be called NULL, in a list that is written in capitals. Anywhere else it is what a database
// exports for a name that is missing.
void leave_out_null_marks(const TableReader& row, Child& child) {
    constexpr std::string_view mark = "NULL";
    if (!row.is_empty_word(mark)) return;
    for (std::string_view Child::* name : {&Child::middle_names, &Child::preferred_surname,
                                           &Child::preferred_forename, &Child::former_surname})
        if (child.*name == mark) child.*name = {};
    auto in_capitals = [&](std::string_view other) {
        return !other.empty() && other != mark &&
               std::none_of(other.begin(), other.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    };
    const std::string_view surname = child.surname, forename = child.forename;
    if (surname == mark && !in_capitals(forename)) child.surname = {}, child.null_name = true;
    if (forename == mark && !in_capitals(surname)) child.forename = {}, child.null_name = true;
}

}  // namespace

Child ChildColumns::read(const TableReader& row) const {
    Child out;
    for (const Place& place : places_)
        out.*(place.to) = place.name ? row.name(place.field) : row.text(place.field);
    const auto ref = row.key(ref_);
    out.ref = ref.value_or("");
    out.damaged_ref = !ref;
    for (std::size_t i = 0; i < lines_.size(); ++i) out.address_lines[i] = row.text(lines_[i]);
    out.born = row.date(birth_date_);
    leave_out_null_marks(row, out);
    return out;
}

std::vector<sdk::RecordFill> ChildWriter::declare() {
    return {sdk::fills<records::PersonRecord>(), sdk::fills<records::PersonIdentifier>(),
            sdk::fills<records::Address>()};
}

struct ChildWriter::State {
    struct Seen {
        std::uint64_t facts;
        bool address;
    };
    // Who has a number: the first child of the file with it.
    struct Holder {
        std::uint64_t name = 0;
        std::optional<sdk::Date> born;
        bool shared = false;
        static Holder of(const Child& child) {
            Holder out{.born = child.born.day()};
            if (!child.surname.empty() || !child.forename.empty())
                out.name = hash(fold(child.forename), hash(fold(child.surname), 0xcbf29ce484222325ull));
            return out;
        }
        [[nodiscard]] bool is_another(const Holder& other) const {
            return name != 0 && other.name != 0 && name != other.name && born && other.born &&
                   *born != *other.born;
        }
    };
    struct PendingIdentifier {
        std::string ref, value, raw;
        std::string_view type, state;
        std::optional<IdKind> kind;
        std::uint64_t line;
    };
    Issues& issues;
    const ColumnMap* map;
    sdk::RecordWriter<records::PersonRecord> people;
    sdk::RecordWriter<records::PersonIdentifier> identifiers;
    sdk::RecordWriter<records::Address> addresses;
    std::uint32_t person_record = SHP_NONE, identifier_record = SHP_NONE, address_record = SHP_NONE;
    sdk::Scope people_scope, identifier_scope, address_scope;
    sdk::Date received;
    std::unordered_map<std::string, Seen> seen;
    std::unordered_set<std::string> ids, bare;
    std::unordered_map<std::string, Holder> key_holders;     // by number that is a key
    std::unordered_map<std::string, Holder> number_holders;  // by type and number
    std::vector<PendingIdentifier> pending;

    std::string ref;
    std::uint64_t line = 0;

    State(sdk::ConnectorHost& host, Issues& told, const ColumnMap* m)
        : issues(told), map(m), people(host), identifiers(host), addresses(host) {
        const auto& declared = host.info().records;
        for (std::size_t i = 0; i < declared.size(); ++i) {
            if (declared[i].record == "person_record") person_record = static_cast<std::uint32_t>(i);
            if (declared[i].record == "person_identifier") identifier_record = static_cast<std::uint32_t>(i);
            if (declared[i].record == "address") address_record = static_cast<std::uint32_t>(i);
        }
    }

    std::optional<std::string_view> mapped(std::string_view field, std::string_view text) const {
        if (!map) return std::nullopt;
        const int at = map->find(field);
        return at < 0 ? std::nullopt : map->mapped(static_cast<std::size_t>(at), text);
    }
    void warn_person(Rule rule, std::string_view field, std::string_view value, std::string_view reason,
                     std::string_view advice) {
        issues.warn({person_record, people_scope, line}, rule,
                    {.field = field, .value = value, .reason = reason, .advice = advice, .source_key = ref});
    }
    // Text that fits the field; a longer one is cut and said so.
    std::string_view fit(std::uint32_t record, sdk::Scope scope, std::string_view field,
                         std::string_view text, std::size_t limit) {
        if (text.size() <= limit || count_characters(text) <= limit) return text;
        const std::string reason = "the text is longer than the " + std::to_string(limit) +
                                   " characters of " + std::string(field) + "; the rest was cut off";
        issues.warn({record, scope, line}, Rule::text_cut,
                    {.field = field,
                     .value = text,
                     .reason = reason,
                     .advice = "look whether the column holds what its header says",
                     .source_key = ref});
        return first_characters(text, limit);
    }

    void warn_bare();
    void person(const Child& child);
    void identifier(const Child& child, std::string_view type, std::optional<IdKind> kind,
                    std::string_view text);
    void write_identifiers();
    bool address(const Child& child);
    std::uint64_t facts(const Child& child) const;
};

ChildWriter::ChildWriter(sdk::ConnectorHost& host, Issues& issues, const ColumnMap* map)
    : state_(std::make_unique<State>(host, issues, map)) {}
ChildWriter::~ChildWriter() = default;

void ChildWriter::begin_file(std::string_view scope, sdk::ScopeMode mode, sdk::Date as_of,
                             sdk::Date received) {
    State& s = *state_;
    s.people_scope = s.people.scope(scope, mode, as_of);
    s.identifier_scope = s.identifiers.scope(scope, mode, as_of);
    s.address_scope = s.addresses.scope(scope, mode, as_of);
    s.received = received;
    s.seen.clear();
    s.ids.clear();
    s.bare.clear();
    s.key_holders.clear();
    s.number_holders.clear();
    s.pending.clear();
}

std::string ChildWriter::ref_of(const Child& child) {
    std::string key = child.key();
    if (!child.ref.empty() || key.empty() || key.starts_with('~')) return key;
    const State::Holder holder = State::Holder::of(child);
    const auto [at, fresh] = state_->key_holders.try_emplace(key, holder);
    if (fresh || !at->second.is_another(holder)) return key;
    std::string hashed = child.hashed_key();
    return hashed.empty() ? key : hashed;
}

void ChildWriter::end_file() { state_->write_identifiers(); }

void ChildWriter::write(std::string_view ref, const Child& child, std::uint64_t line) {
    State& s = *state_;
    s.ref = ref;
    s.line = line;
    if (child.bare() && !s.seen.contains(s.ref)) return s.warn_bare();
    const std::uint64_t facts = s.facts(child);
    auto [at, first] = s.seen.try_emplace(s.ref, State::Seen{facts, false});
    if (first)
        s.person(child);
    else if (at->second.facts != facts)
        s.warn_person(Rule::child_differs, "", "",
                      "another row of this file tells this child's name, birth date or sex differently; the "
                      "first row counts",
                      "make the rows agree at the source, or check that the key of the child is not used for "
                      "two children");
    s.identifier(child, "UPN", IdKind::upn, child.upn);
    s.identifier(child, "FORMER_UPN", IdKind::upn, child.former_upn);
    s.identifier(child, "ULN", IdKind::uln, child.uln);
    s.identifier(child, "NHS_NUMBER", IdKind::nhs_number, child.nhs_number);
    s.identifier(child, "LA_CHILD_ID", std::nullopt, child.la_child_id);
    s.identifier(child, "YJS_ID", std::nullopt, child.yjs_id);
    s.identifier(child, "PNC_ID", std::nullopt, child.pnc_id);
    s.identifier(child, "LOCAL_PATIENT_ID", std::nullopt, child.local_patient_id);
    if (!at->second.address) at->second.address = s.address(child);
}

std::uint64_t ChildWriter::State::facts(const Child& child) const {
    std::uint64_t value = 0xcbf29ce484222325ull;
    for (const std::string_view part : {child.surname, child.forename, child.birth_date, child.sex})
        value = hash(fold(part), value);
    return value;
}

void ChildWriter::State::warn_bare() {
    if (!bare.insert(ref).second) return;
    issues.warn(
        {person_record, people_scope, line}, Rule::bare_reference,
        {.field = "person_ref",
         .value = ref,
         .reason = "the row has a reference and nothing else about the child; its record was taken, and no "
                   "child was made of it",
         .advice = "enter the child's name and date of birth at the source",
         .source_key = ref,
         .person_ref = ref});
}

void ChildWriter::State::person(const Child& child) {
    records::PersonRecord row;
    row.source_key(ref).person_ref(ref);
    row.surname(fit(person_record, people_scope, "surname", child.surname, 100));
    row.forename(fit(person_record, people_scope, "forename", child.forename, 100));
    row.middle_names(fit(person_record, people_scope, "middle_names", child.middle_names, 200));
    row.preferred_surname(
        fit(person_record, people_scope, "preferred_surname", child.preferred_surname, 100));
    row.preferred_forename(
        fit(person_record, people_scope, "preferred_forename", child.preferred_forename, 100));
    row.former_surname(fit(person_record, people_scope, "former_surname", child.former_surname, 100));

    const ParsedDate& born = child.born;
    const bool future = born.day() && born.date > received;
    if (born.day() && !future) row.birth_date(born.date);
    if (born.unreadable() || future || born.inferred)
        row.birth_date_raw(first_characters(child.birth_date, 60));
    if (born.unreadable() || future) {
        const std::string reason =
            future ? "the date of birth is later than the day the file came; it was left empty"
                   : "the date of birth " + std::string(fault_of(born.state)) + "; it was left empty";
        warn_person(Rule::birth_date, "birth_date", child.birth_date, reason,
                    "correct it at the source: without a date of birth a child is hardly ever matched");
    }

    if (child.null_name)
        warn_person(Rule::value, child.surname.empty() ? "surname" : "forename", "NULL",
                    "the name is NULL in capitals, as databases write a missing value; it was left empty",
                    "if the child is called so, write the name in small letters");

    std::string_view sex;
    if (!child.sex.empty()) {
        if (const auto told = mapped("sex", child.sex))
            sex = *told;
        else
            sex = by_synonym(sexes, child.sex);
        if (sex.empty() && map && map->find("sex") >= 0)
            sex = map->fallback(static_cast<std::size_t>(map->find("sex"))).value_or("");
        if (sex.empty())
            warn_person(Rule::sex, "sex", child.sex, "the sex is not one that is known; it was left empty",
                        "add the text to settings.values, such as \"sex.Text\" = \"U\"");
        row.sex(sex);
        if (sex != child.sex) row.sex_raw(first_characters(child.sex, 60));
    }

    std::string ethnicity;
    if (!child.ethnicity.empty()) {
        if (const auto told = mapped("ethnicity_code", child.ethnicity))
            ethnicity = *told;
        else if (child.ethnicity.size() == 4)
            ethnicity = upper_letters(child.ethnicity);
        if (ethnicity == "CNHE") ethnicity = "CHNE";  // a slip of the pen in a published specification
        if (ethnicity.empty()) ethnicity = by_synonym(ethnicities, child.ethnicity);
        if (ethnicity.empty() && map && map->find("ethnicity_code") >= 0)
            ethnicity = map->fallback(static_cast<std::size_t>(map->find("ethnicity_code"))).value_or("");
        if (ethnicity.empty())
            warn_person(Rule::ethnicity, "ethnicity_code", child.ethnicity,
                        "the ethnicity is neither a DfE code nor one that maps to one; only the source's "
                        "text was kept",
                        "add the text to settings.values, such as \"ethnicity_code.Text\" = \"WBRI\"");
        row.ethnicity_code(ethnicity);
        if (ethnicity != child.ethnicity) row.ethnicity_raw(first_characters(child.ethnicity, 60));
    }

    std::string language;
    if (!child.first_language.empty()) {
        if (const auto told = mapped("first_language", child.first_language))
            language = *told;
        else if (equals_fold_ascii(child.first_language, "english"))
            language = "ENG";
        else if (child.first_language.size() == 3 || child.first_language.size() == 4)
            language = upper_letters(child.first_language);
        if (language.empty())
            warn_person(Rule::language, "first_language", child.first_language,
                        "the first language is no DfE code; it was left empty",
                        "add the text to settings.values, such as \"first_language.Polish\" = \"POL\"");
        row.first_language(language);
    }
    people.add(people_scope, line, row);
}

void ChildWriter::State::identifier(const Child& child, std::string_view type, std::optional<IdKind> kind,
                                    std::string_view text) {
    if (text.empty()) return;
    const Issues::About about{identifier_record, identifier_scope, line};
    const std::string field = fold(type);
    std::string value(text);
    std::string_view state = "unchecked";
    bool changed = false;
    if (kind) {
        const Identifier id = classify_identifier(*kind, text);
        const std::string title(id_title(*kind));
        const Rule rule = *kind == IdKind::upn   ? Rule::upn
                          : *kind == IdKind::uln ? Rule::uln
                                                 : Rule::nhs_number;
        if (id.fault == IdFault::placeholder) return;
        if (id.fault == IdFault::exponent) {
            const std::string reason =
                "the " + title + " is in exponent form: a spreadsheet destroyed its digits; it was not taken";
            issues.warn(
                about, Rule::exponent,
                {.field = field,
                 .value = text,
                 .reason = reason,
                 .advice =
                     "ask the sender to format the column as text before exporting; it cannot be mended here",
                 .source_key = ref});
            return;
        }
        if (id.fault == IdFault::lost_zero) {
            const std::string reason =
                "the " + title +
                " fails its check, but would pass with a 0 in front, which a spreadsheet "
                "drops; it was kept as it is and proves nothing";
            issues.warn(about, rule,
                        {.field = field,
                         .value = text,
                         .reason = reason,
                         .advice = "ask the sender to format the column as text before exporting",
                         .source_key = ref});
        }
        if (id.fault == IdFault::check_failed) {
            const std::string reason = "the " + title + " fails its check; it was kept but proves nothing";
            issues.warn(about, rule,
                        {.field = field,
                         .value = text,
                         .reason = reason,
                         .advice = "correct it at the source",
                         .source_key = ref});
        }
        if (id.fault == IdFault::wrong_column) {
            const std::string reason = "the " + title + " fails its check, but is a valid " +
                                       std::string(id_title(id.looks_like)) +
                                       ": it may stand in the wrong column; it proves nothing";
            issues.warn(about, Rule::wrong_column,
                        {.field = field,
                         .value = text,
                         .reason = reason,
                         .advice = "check the column map, or correct it at the source",
                         .source_key = ref});
        }
        value = id.value;
        state = rules::to_string(id.state);
        changed = id.changed;
    }
    if (count_characters(value) > 40) {
        issues.warn(about, Rule::value,
                    {.field = field,
                     .value = text,
                     .reason = "the identifier has more than 40 characters; it was not taken",
                     .advice = "look whether the column holds what its header says",
                     .source_key = ref});
        return;
    }
    if (kind && state != "invalid") {
        const Holder holder = Holder::of(child);
        const auto [at, fresh] = number_holders.try_emplace(std::string(type) + "|" + value, holder);
        if (!fresh && at->second.is_another(holder)) at->second.shared = true;
    }
    if (!ids.insert(ref + "|" + std::string(type) + "|" + value).second) return;
    pending.push_back({.ref = ref,
                       .value = std::move(value),
                       .raw = changed ? std::string(first_characters(text, 60)) : std::string(),
                       .type = type,
                       .state = state,
                       .kind = kind,
                       .line = line});
}

void ChildWriter::State::write_identifiers() {
    for (const PendingIdentifier& id : pending) {
        const std::string type(id.type), key = id.ref + "|" + type + "|" + id.value;
        std::string_view state = id.state;
        const auto holder = id.kind ? number_holders.find(type + "|" + id.value) : number_holders.end();
        if (holder != number_holders.end() && holder->second.shared) {
            state = "invalid";
            const std::string reason = "the " + std::string(id_title(*id.kind)) +
                                       " stands on two children who differ in name and date of birth; it was "
                                       "kept on both and proves nothing";
            issues.warn({identifier_record, identifier_scope, id.line}, Rule::shared_number,
                        {.field = fold(type),
                         .value = id.value,
                         .reason = reason,
                         .advice = "find out whose number it is and correct the other at the source",
                         .source_key = id.ref});
        }
        records::PersonIdentifier row;
        row.source_key(key).person_ref(id.ref).id_type(id.type).id_value(id.value).id_state(state);
        if (!id.raw.empty()) row.id_value_raw(id.raw);
        identifiers.add(identifier_scope, id.line, row);
    }
    pending.clear();
}

bool ChildWriter::State::address(const Child& child) {
    const Issues::About about{address_record, address_scope, line};
    records::Address row;
    row.source_key(ref).person_ref(ref);
    bool any = false;
    auto part = [&](std::string_view field, std::string_view text, std::size_t limit) {
        any = any || !text.empty();
        return fit(address_record, address_scope, field, text, limit);
    };
    const Postcode postcode = normalise_postcode(child.postcode);
    if (!child.postcode.empty()) {
        any = true;
        row.postcode(postcode.value);
        if (postcode.changed || postcode.value.empty())
            row.postcode_raw(first_characters(child.postcode, 40));
        if (postcode.value.empty())
            issues.warn(about, Rule::postcode,
                        {.field = "postcode",
                         .value = child.postcode,
                         .reason = "the postcode is not one; only the source's text was kept",
                         .advice = "correct it at the source",
                         .source_key = ref});
    }
    const std::string uprn = normalise_uprn(child.uprn);
    if (!uprn.empty()) any = true;
    row.uprn(uprn);
    if (uprn.empty() && !child.uprn.empty() && child.uprn != "-1" && child.uprn != "0" && child.uprn != "1")
        issues.warn(about, Rule::uprn,
                    {.field = "uprn",
                     .value = child.uprn,
                     .reason = "the UPRN is not a number of up to 12 digits; it was left empty",
                     .advice = "correct it at the source",
                     .source_key = ref});
    row.saon(part("saon", child.saon, 100))
        .paon(part("paon", child.paon, 100))
        .street(part("street", child.street, 100));
    row.locality(part("locality", child.locality, 100)).town(part("town", child.town, 100));
    row.administrative_area(part("administrative_area", child.administrative_area, 100))
        .post_town(part("post_town", child.post_town, 100));
    row.address_line_1(part("address_line_1", child.address_lines[0], 200))
        .address_line_2(part("address_line_2", child.address_lines[1], 200));
    row.address_line_3(part("address_line_3", child.address_lines[2], 200))
        .address_line_4(part("address_line_4", child.address_lines[3], 200));
    row.address_line_5(part("address_line_5", child.address_lines[4], 200));
    if (any) addresses.add(address_scope, line, row);
    return any;
}

}  // namespace sendhub::tabular
