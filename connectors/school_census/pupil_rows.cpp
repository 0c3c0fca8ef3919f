#include "connectors/school_census/pupil_rows.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/school_census/census_values.hpp"
#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/postcode_cell.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::census {
namespace {

using sdk::Date;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string_view to_upper(std::string_view text, std::string& buffer) {
    buffer.assign(text);
    for (char& c : buffer) c = upper(c);
    return buffer;
}

bool is_letters(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// 13 letters and digits: a UPN, right or mistyped. Only such text is used as a key.
bool has_upn_shape(std::string_view text) {
    return text.size() == 13 && std::all_of(text.begin(), text.end(), [](char c) {
               return rules::is_digit(c) || (c >= 'A' && c <= 'Z');
           });
}

constexpr std::uint64_t hash_start = 0xcbf29ce484222325ULL;  // FNV-1a
std::uint64_t hash_of(std::string_view text, std::uint64_t hash = hash_start) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(upper(c))) * 0x100000001b3ULL;
    return hash;
}

void append_number(std::string& out, std::int64_t number) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

void append_date(std::string& out, std::optional<Date> date) {
    if (!date) {
        out += '-';
        return;
    }
    const auto day = date->civil();
    const int year = static_cast<int>(day.year());
    const unsigned month = static_cast<unsigned>(day.month()), of_month = static_cast<unsigned>(day.day());
    const char text[10] = {static_cast<char>('0' + year / 1000),
                           static_cast<char>('0' + year / 100 % 10),
                           static_cast<char>('0' + year / 10 % 10),
                           static_cast<char>('0' + year % 10),
                           '-',
                           static_cast<char>('0' + month / 10),
                           static_cast<char>('0' + month % 10),
                           '-',
                           static_cast<char>('0' + of_month / 10),
                           static_cast<char>('0' + of_month % 10)};
    out.append(text, sizeof text);
}

// Statements and School Action, as they are called today (education-feeds 2.5).
std::string_view provision_today(std::string_view code) {
    if (code == "A" || code == "P") return "K";
    if (code == "S") return "E";
    return code;
}

// The marks of absence, and where their sessions are added up (education-feeds 6.2).
enum class Counts : std::uint8_t { authorised, unauthorised, not_absent };
struct Mark {
    std::string_view text;
    Counts counts;
    std::size_t slot;  // in the sums by mark; the marks that are no absence share the last one
    bool withdrawn = false;
};
constexpr std::size_t mark_slots = 14;
constexpr Mark marks[] = {{"I", Counts::authorised, 4},        {"U", Counts::unauthorised, 13},
                          {"O", Counts::unauthorised, 12},     {"M", Counts::authorised, 6},
                          {"G", Counts::unauthorised, 10},     {"C", Counts::authorised, 0},
                          {"N", Counts::unauthorised, 11},     {"E", Counts::authorised, 3},
                          {"C1", Counts::authorised, 1},       {"C2", Counts::authorised, 2},
                          {"J1", Counts::authorised, 5},       {"R", Counts::authorised, 7},
                          {"S", Counts::authorised, 8},        {"T", Counts::authorised, 9},
                          {"H", Counts::authorised, 0, true},  {"J", Counts::authorised, 5, true},
                          {"Y", Counts::not_absent, 14, true}, {"Y1", Counts::not_absent, 14},
                          {"Y2", Counts::not_absent, 14},      {"Y3", Counts::not_absent, 14},
                          {"Y4", Counts::not_absent, 14},      {"Y5", Counts::not_absent, 14},
                          {"Y6", Counts::not_absent, 14},      {"Y7", Counts::not_absent, 14},
                          {"X", Counts::not_absent, 14},       {"Q", Counts::not_absent, 14},
                          {"Z", Counts::not_absent, 14},       {"D", Counts::not_absent, 14},
                          {"#", Counts::not_absent, 14},       {"/", Counts::not_absent, 14},
                          {"\\", Counts::not_absent, 14},      {"L", Counts::not_absent, 14},
                          {"B", Counts::not_absent, 14},       {"K", Counts::not_absent, 14},
                          {"P", Counts::not_absent, 14},       {"V", Counts::not_absent, 14},
                          {"W", Counts::not_absent, 14}};

const Mark* find_mark(std::string_view text) {
    for (const Mark& mark : marks)
        if (equal_ignoring_case(mark.text, text)) return &mark;
    return nullptr;
}

const schema::CodeSet& code_set(std::string_view name) {
    const schema::CodeSet* set = schema::find_code_set(name);
    if (!set) throw sdk::RunFailed("the shared schema has no code set " + std::string(name));
    return *set;
}

constexpr std::string_view period_names[period_count] = {"term", "half_term_2", "annual"};

}  // namespace

std::vector<sdk::RecordFill> PupilRows::fills() {
    using namespace records;
    return {sdk::fills<PersonRecord>(),    sdk::fills<PersonIdentifier>(), sdk::fills<Address>(),
            sdk::fills<Enrolment>(),       sdk::fills<SenProvision>(),     sdk::fills<SenNeed>(),
            sdk::fills<AttendanceTotal>(), sdk::fills<Exclusion>()};
}

PupilRows::PupilRows(sdk::ConnectorHost& host)
    : person_(host),
      identifier_(host),
      address_(host),
      enrolment_(host),
      provision_(host),
      need_(host),
      attendance_(host),
      exclusion_(host),
      sexes_(code_set("sex")),
      enrol_statuses_(code_set("enrol_status")),
      nc_years_(code_set("nc_year")),
      boarders_(code_set("boarder")),
      provisions_(code_set("sen_provision")),
      need_types_(code_set("sen_need_type")),
      categories_(code_set("exclusion_category")),
      reasons_(code_set("exclusion_reason")) {}

void PupilRows::begin(const Return& of) {
    return_ = of;
    date_order_ = {};
    seen_.clear();
    const std::string period = of.laestab + ' ' + of.academic_year + ' ' + of.term;
    const auto declare = [&](auto& out, const std::string& name) {
        out.scope = out.writer.scope(name, sdk::ScopeMode::snapshot, of.reference_date);
    };
    declare(person_, of.laestab);
    declare(identifier_, of.laestab);
    if (of.carries.addresses) declare(address_, of.laestab);
    declare(enrolment_, of.laestab);
    declare(provision_, of.laestab);
    return_.carries.needs = of.carries.needs && of.term == "SPR";  // the only term that collects needs
    if (return_.carries.needs) declare(need_, of.laestab);
    if (of.carries.attendance) declare(attendance_, period);
    if (of.carries.exclusions) declare(exclusion_, period);
}

void PupilRows::take(const PupilText& pupil) {
    pupil_ = &pupil;
    birth_date_ = to_date(pupil.birth_date, &date_order_);
    entry_date_ = to_date(pupil.entry_date, &date_order_);
    refused_ = nullptr;
    clean_names();
    name_pupil();
    if (!birth_date_) {
        refused_ = pupil.birth_date.empty() ? &rule::birth_missing : &rule::birth_unreadable;
    } else {
        age_ =
            sdk::age_on(*birth_date_, *Date::from_civil(academic_year_start(return_.reference_date), 8, 31));
        if (*birth_date_ > return_.reference_date)
            refused_ = &rule::birth_future;
        else if (age_ < 0 || age_ > 25)
            refused_ = &rule::birth_age;
    }
    if (pupil.ambiguous) refused_ = &rule::ambiguous;
    if (!second_spell_ || refused_) person();
    if (!second_spell_) {
        identifiers();
        if (return_.carries.addresses) addresses();
    }
    enrolment();
    if (pupil.on_roll) special_needs();
    if (return_.carries.attendance) attendance();
    if (return_.carries.exclusions) exclusions();
}

// ---- rows and issues
// ----------------------------------------------------------------------------------------------------

template <class R>
void PupilRows::begin_row(Output<R>& out) {
    out.row.clear();
    out.row.person_ref(ref_);
    out.key.assign(ref_);
}

template <class R>
void PupilRows::place_and_time(R& row) const {
    row.laestab(return_.laestab).urn(return_.urn).academic_year(return_.academic_year).term(return_.term);
}

template <class R>
void PupilRows::put(Output<R>& out) {
    if (refused_) return reject(out, rule::with_pupil, {});
    out.row.source_key(out.key);
    out.writer.add(out.scope, pupil_->row, out.row);
}

template <class R>
void PupilRows::reject(Output<R>& out, const rule::Rule& given, Value value) {
    const bool own = !refused_ || &given == refused_;
    const rule::Rule& rule = own ? given : rule::with_pupil;
    if (!own) value = {};
    out.writer.reject(out.scope, pupil_->row,
                      {rule.id, value.field, value.text, rule.reason, rule.advice, value.personal, out.key});
}

template <class R>
void PupilRows::warn(Output<R>& out, const rule::Rule& rule, Value value) {
    if (refused_) return;
    out.writer.warn(out.scope, pupil_->row,
                    {rule.id, value.field, value.text, rule.reason, rule.advice, value.personal, out.key});
}

template <class R>
std::string_view PupilRows::code(Output<R>& out, const schema::CodeSet& set, Value value,
                                 std::string& buffer) {
    if (value.text.empty()) return {};
    const std::string_view text = to_upper(value.text, buffer);
    if (set.has(text)) return text;
    warn(out, rule::unknown_code, value);
    return {};
}

void PupilRows::check_date_order() const {
    if (!date_order_.contradicts_day_first()) return;
    throw sdk::FileRefused("the return has dates that can only have the month first (" +
                           std::to_string(date_order_.month_only) +
                           "), so nobody can tell what its other dates mean; ask the school for dates such "
                           "as 2015-03-09 (SC-DATES)");
}

// ---- who it is
// ------------------------------------------------------------------------------------------------------------

void PupilRows::clean_names() {
    const std::string_view texts[] = {pupil_->surname, pupil_->forename, pupil_->middle_names,
                                      pupil_->preferred_surname, pupil_->former_surname};
    for (std::size_t i = 0; i < names_.size(); ++i) {
        names_[i] = tabular::clean_cell(texts[i], tabular::CellKind::name, name_buffers_[i]);
        damaged_[i] = tabular::is_damaged_cell(names_[i]);
        if (damaged_[i]) names_[i] = {};
    }
}

// person_ref: LAESTAB:UPN, else LAESTAB:~ and a hash of name and birth date. Both stay the same from return
// to return.
void PupilRows::name_pupil() {
    upn_ = tabular::is_damaged_cell(pupil_->upn) ? std::string() : rules::compact_identifier(pupil_->upn);
    upn_repeated_ = second_spell_ = false;
    std::uint64_t identity = hash_of("|", hash_of(names_[0]));
    identity = hash_of("|", hash_of(names_[1], identity));
    const std::uint64_t name = identity;
    std::string& day = buffers_[0];
    day.clear();
    if (birth_date_)
        append_date(day, birth_date_);
    else
        day.assign(pupil_->birth_date);
    identity = hash_of(day, identity);

    ref_.assign(return_.laestab) += ':';
    if (has_upn_shape(upn_)) {
        const auto [entry, fresh] =
            seen_.try_emplace(hash_of(upn_), Seen{identity, name, birth_date_, pupil_->on_roll});
        Seen& seen = entry->second;
        const bool another =
            seen.name != name && seen.birth_date && birth_date_ && *seen.birth_date != *birth_date_;
        if (!fresh && seen.on_roll != pupil_->on_roll && !another)
            second_spell_ = true;
        else if (!fresh && seen.identity == identity && !pupil_->on_roll)
            second_spell_ = true;  // left twice
        else if (!fresh && seen.identity == identity)
            refused_ = &rule::pupil_repeated;
        else if (!fresh)
            upn_repeated_ = true;
        if (!upn_repeated_) {
            ref_ += upn_;
            return;
        }
    }
    ref_ += '~';
    char hex[16];
    const auto end = std::to_chars(hex, hex + sizeof hex, identity, 16).ptr;
    ref_.append(hex, end);
    // The same name and birth date once more in the same part of the return is another child (or cannot be
    // told from one).
    const std::size_t size = ref_.size();
    for (std::int64_t ordinal = 1;; ++ordinal) {
        if (ordinal > 1) {
            ref_.resize(size);
            ref_ += '-';
            append_number(ref_, ordinal);
        }
        const auto [entry, fresh] =
            seen_.try_emplace(hash_of(ref_), Seen{identity, name, birth_date_, pupil_->on_roll});
        if (fresh) return;
        if (entry->second.on_roll != pupil_->on_roll) {
            second_spell_ = true;
            return;
        }
    }
}

void PupilRows::person() {
    begin_row(person_);
    if (refused_) {
        const bool birth = refused_ != &rule::pupil_repeated && refused_ != &rule::ambiguous;
        return reject(
            person_, *refused_,
            {birth ? "birth_date" : "person_ref", birth ? pupil_->birth_date : std::string_view(ref_)});
    }
    records::PersonRecord& row = person_.row;
    row.surname(names_[0]).forename(names_[1]).middle_names(names_[2]);
    row.preferred_surname(names_[3]).former_surname(names_[4]);
    constexpr std::string_view fields[] = {"surname", "forename", "middle_names", "preferred_surname",
                                           "former_surname"};
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (damaged_[i]) warn(person_, rule::damaged_name, {fields[i], "#", false});
    row.birth_date(birth_date_);
    const std::string_view sex = code(person_, sexes_, {"sex", pupil_->sex, false}, buffers_[0]);
    row.sex(sex);
    if (sex != pupil_->sex) row.sex_raw(pupil_->sex);
    if (!pupil_->ethnicity.empty()) {
        const std::string_view ethnicity = to_upper(pupil_->ethnicity, buffers_[1]);
        const bool good = is_letters(ethnicity, 4, 4);
        if (good)
            row.ethnicity_code(ethnicity);
        else
            warn(person_, rule::unknown_code, {"ethnicity_code", pupil_->ethnicity});
        if (!good || ethnicity != pupil_->ethnicity) row.ethnicity_raw(pupil_->ethnicity);
    }
    if (!pupil_->language.empty()) {
        const std::string_view language = to_upper(pupil_->language, buffers_[2]);
        if (is_letters(language, 3, 4))
            row.first_language(language);
        else
            warn(person_, rule::unknown_code, {"first_language", pupil_->language, false});
    }
    put(person_);
}

void PupilRows::identifiers() {
    if (upn_.empty()) {
        begin_row(identifier_);
        warn(identifier_, rule::upn_missing, {"id_value", {}});
    }
    identifier("UPN", pupil_->upn, "UPN");
    if (rules::compact_identifier(pupil_->former_upn) != upn_)
        identifier("FORMER_UPN", pupil_->former_upn, "FormerUPN");
    identifier("ULN", pupil_->uln, "UniqueLearnerNumber");
}

void PupilRows::identifier(std::string_view type, std::string_view raw, std::string_view field) {
    std::string& value = buffers_[0];
    value = rules::compact_identifier(raw);
    const bool uln = type == "ULN";
    if (value.empty()) {
        if (raw.find_first_of("123456789") != std::string_view::npos) {
            begin_row(identifier_);
            warn(identifier_, rule::number_destroyed, {field, raw});
        }
        return;
    }
    begin_row(identifier_);
    identifier_.key.append("|").append(type).append("|").append(value);

    rules::IdState state = uln ? rules::uln_state(value) : rules::upn_state(value);
    const rule::Rule* broken = nullptr;
    if (uln) {
        if (state == rules::IdState::invalid) broken = &rule::uln_invalid;
    } else if (state == rules::IdState::invalid) {
        const bool shape = value.size() == 13;
        const bool digits = shape && std::all_of(value.begin() + 1, value.end() - 1, rules::is_digit);
        const bool la =
            digits && rules::is_la_code((value[1] - '0') * 100 + (value[2] - '0') * 10 + (value[3] - '0'));
        broken = !shape    ? &rule::upn_shape
                 : !digits ? &rule::upn_digits
                 : !la     ? &rule::upn_la
                           : &rule::upn_letter;
    } else if (type == "UPN" && upn_repeated_) {
        state = rules::IdState::invalid;
        broken = &rule::upn_repeated;
    }
    if (broken) warn(identifier_, *broken, {field, raw});
    identifier_.row.id_type(type).id_value(value).id_state(rules::to_string(state));
    if (value != raw) identifier_.row.id_value_raw(raw);
    put(identifier_);
}

void PupilRows::addresses() {
    std::int64_t ordinal = 0;
    for (const AddressText& text : pupil_->addresses) {
        begin_row(address_);
        address_.key += '|';
        append_number(address_.key, ++ordinal);
        records::Address& row = address_.row;
        row.saon(text.saon).paon(text.paon).street(text.street).locality(text.locality).town(text.town);
        row.administrative_area(text.administrative_area).post_town(text.post_town);
        row.address_line_1(text.line[0]).address_line_2(text.line[1]).address_line_3(text.line[2]);
        row.address_line_4(text.line[3]).address_line_5(text.line[4]);
        if (!text.postcode.empty()) {
            const tabular::Postcode postcode = tabular::normalise_postcode(text.postcode);
            buffers_[0] = postcode.value;
            row.postcode(buffers_[0]);
            if (postcode.value.empty()) warn(address_, rule::postcode, {"postcode", text.postcode});
            if (postcode.value.empty() || postcode.changed) row.postcode_raw(text.postcode);
        }
        if (!text.uprn.empty()) {
            const auto uprn = to_uprn(text.uprn);
            if (uprn)
                row.uprn(*uprn);
            else
                warn(address_, rule::uprn, {"uprn", text.uprn});
        }
        put(address_);
    }
}

// ---- at school
// ------------------------------------------------------------------------------------------------------------

void PupilRows::enrolment() {
    begin_row(enrolment_);
    enrolment_.key += '|';
    append_date(enrolment_.key, entry_date_);
    const bool on_roll = pupil_->on_roll;
    const auto leaving_date = to_date(pupil_->leaving_date, &date_order_);
    const Value entry{"entry_date", pupil_->entry_date}, leaving{"leaving_date", pupil_->leaving_date};
    if (entry_date_ && birth_date_ && *entry_date_ < *birth_date_)
        return reject(enrolment_, rule::entry_before_birth, entry);
    if (on_roll && entry_date_ && *entry_date_ > return_.reference_date)
        return reject(enrolment_, rule::entry_after_census, entry);
    if (!on_roll && leaving_date && entry_date_ && *leaving_date < *entry_date_)
        return reject(enrolment_, rule::leaving_before_entry, leaving);
    if (!on_roll && leaving_date && *leaving_date > return_.reference_date)
        return reject(enrolment_, rule::leaving_after_census, leaving);
    if (!entry_date_) warn(enrolment_, rule::entry_missing, entry);
    if (!on_roll && !leaving_date) warn(enrolment_, rule::leaving_missing, leaving);
    if (age_ >= 5) {
        if (is_above_zero(pupil_->funded_hours))
            warn(enrolment_, rule::early_years_hours, {"FundedHours", pupil_->funded_hours, false});
        if (is_above_zero(pupil_->hours_at_setting))
            warn(enrolment_, rule::early_years_hours, {"HoursAtSetting", pupil_->hours_at_setting, false});
    }

    records::Enrolment& row = enrolment_.row;
    place_and_time(row);
    row.entry_date(entry_date_).on_roll(on_roll).reference_date(return_.reference_date);
    if (!on_roll) row.leaving_date(leaving_date);
    row.enrol_status(
        code(enrolment_, enrol_statuses_, {"enrol_status", pupil_->enrol_status, false}, buffers_[0]));
    std::string_view year = pupil_->nc_year;
    if (const auto number = to_count(year)) {  // 06, 9.0
        buffers_[2].clear();
        append_number(buffers_[2], *number);
        year = buffers_[2];
    }
    row.nc_year(code(enrolment_, nc_years_, {"nc_year", year, false}, buffers_[1]));
    row.boarder(code(enrolment_, boarders_, {"boarder", pupil_->boarder, false}, buffers_[3]));
    if (!pupil_->class_type.empty()) {
        const std::string_view type = to_upper(pupil_->class_type, buffers_[4]);
        if (type == "N" || type == "O")
            row.class_type(type);
        else
            warn(enrolment_, rule::unknown_code, {"class_type", pupil_->class_type, false});
    }
    if (!pupil_->part_time.empty()) {
        row.part_time(to_truth(pupil_->part_time));
        if (!to_truth(pupil_->part_time))
            warn(enrolment_, rule::unknown_code, {"part_time", pupil_->part_time, false});
    }
    put(enrolment_);
}

void PupilRows::special_needs() {
    begin_row(provision_);
    const std::string_view given = to_upper(pupil_->sen_provision, buffers_[0]);
    const std::string_view today = provision_today(given);
    const bool none = given == "N" || given == "A";  // SC-05 counts School Action as none
    if (!provisions_.has(today)) {
        reject(provision_, rule::required_code, {"sen_provision", pupil_->sen_provision, false});
    } else {
        records::SenProvision& row = provision_.row;
        place_and_time(row);
        row.sen_provision(today).reference_date(return_.reference_date);
        if (today != pupil_->sen_provision) row.sen_provision_raw(pupil_->sen_provision);
        const auto unit = to_truth(pupil_->sen_unit), resourced = to_truth(pupil_->resourced_provision);
        row.sen_unit(unit).resourced_provision(resourced);
        if (none && (unit.value_or(false) || resourced.value_or(false)))
            warn(provision_, rule::unit_without_sen,
                 {unit.value_or(false) ? "sen_unit" : "resourced_provision", "1", false});
        put(provision_);
    }
    if (return_.carries.needs) needs(today, none);
}

// Ranks are good as far as they count 1, 2, 3 …; a repeat, and everything from a gap on, is rejected.
void PupilRows::needs(std::string_view provision, bool none) {
    if (pupil_->needs.empty() && !none && (provision == "K" || provision == "E")) {
        begin_row(need_);
        warn(need_, rule::needs_missing, {"need_type", {}, false});
    }
    struct Ranked {
        std::int64_t rank;
        const NeedText* need;
    };
    std::vector<Ranked> ranked;
    for (const NeedText& need : pupil_->needs) ranked.push_back({to_count(need.rank).value_or(0), &need});
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return std::pair(a.rank, a.need) < std::pair(b.rank, b.need);
    });
    std::int64_t expected = 1;
    for (const auto& [rank, need] : ranked) {
        begin_row(need_);
        need_.key += '|';
        append_number(need_.key, rank);
        const std::string_view given = to_upper(need->type, buffers_[1]);
        const std::string_view today = given == "BESD" ? "SEMH" : given;  // called so before 2014
        if (none) {
            reject(need_, rule::needs_without_sen, {"need_type", need->type});
            continue;
        }
        if (rank != expected) {
            reject(need_, rule::need_rank, {"rank", need->rank, false});
            continue;
        }
        ++expected;
        if (!need_types_.has(today)) {
            reject(need_, rule::required_code, {"need_type", need->type, false});
            continue;
        }
        if (today == "NSA" && provision == "E") warn(need_, rule::need_nsa, {"need_type", need->type});
        records::SenNeed& row = need_.row;
        place_and_time(row);
        row.rank(rank).need_type(today).reference_date(return_.reference_date);
        if (today != need->type) row.need_type_raw(need->type);
        put(need_);
    }
}

void PupilRows::attendance() {
    for (std::size_t i = 0; i < period_count; ++i)
        if (pupil_->attendance[i].present()) attendance_of(static_cast<Period>(i), pupil_->attendance[i]);
}

void PupilRows::attendance_of(Period period, const AttendanceText& text) {
    begin_row(attendance_);
    std::string& key = attendance_.key;
    key.append("|")
        .append(return_.academic_year)
        .append("|")
        .append(return_.term)
        .append("|")
        .append(period_names[static_cast<std::size_t>(period)]);
    if (!pupil_->on_roll) {  // a child can have left and come back within one period
        key += "|left|";
        append_date(key, entry_date_);
    }

    std::array<std::optional<std::int64_t>, mark_slots + 1> by_mark;
    std::int64_t authorised = 0, unauthorised = 0;
    for (const MarkText& detail : text.marks) {
        const auto sessions = to_count(detail.sessions);
        if (!sessions)
            return reject(attendance_, rule::attendance_number, {"sessions", detail.sessions, false});
        const Mark* mark = find_mark(detail.mark);
        if (!mark || mark->withdrawn)
            warn(attendance_, mark ? rule::mark_withdrawn : rule::mark_unknown,
                 {"AttendanceReason", detail.mark, false});
        if (*sessions == 0) warn(attendance_, rule::mark_zero, {"AttendanceReason", detail.mark, false});
        if (!mark) continue;
        if (mark->counts == Counts::authorised) authorised += *sessions;
        if (mark->counts == Counts::unauthorised) unauthorised += *sessions;
        by_mark[mark->slot] = by_mark[mark->slot].value_or(0) + *sessions;
    }
    if (text.marks.empty()) {  // older files give the two sums when they give no marks
        for (const auto& [raw, sum] :
             {std::pair{text.authorised, &authorised}, std::pair{text.unauthorised, &unauthorised}}) {
            if (raw.empty()) continue;
            const auto sessions = to_count(raw);
            if (!sessions) return reject(attendance_, rule::attendance_number, {"sessions", raw, false});
            *sum = *sessions;
        }
    }
    const Value possible_value{"sessions_possible", text.possible, false};
    const auto possible = to_count(text.possible);
    if (!possible && !text.possible.empty())
        return reject(attendance_, rule::attendance_number, possible_value);
    if (possible.value_or(0) == 0 && (!text.marks.empty() || authorised + unauthorised > 0))
        return reject(attendance_, rule::attendance_no_possible, possible_value);
    if (authorised + unauthorised > possible.value_or(0))
        return reject(attendance_, rule::attendance_too_much, possible_value);
    const std::string_view boarder = pupil_->boarder;
    if (boarder == "B" || boarder == "b" || boarder == "6" || boarder == "7")
        return reject(attendance_, rule::attendance_boarder, {"boarder", boarder, false});
    // The autumn return reports the summer term before it: the ages are those of that year.
    const int age = return_.term == "AUT" ? age_ - 1 : age_;
    if (age < 4 || age > 15)
        return reject(attendance_, rule::attendance_age, {"birth_date", pupil_->birth_date});

    records::AttendanceTotal& row = attendance_.row;
    place_and_time(row);
    row.period(period_names[static_cast<std::size_t>(period)]).reference_date(return_.reference_date);
    row.sessions_possible(possible).sessions_authorised(authorised).sessions_unauthorised(unauthorised);
    row.sessions_c(by_mark[0])
        .sessions_c1(by_mark[1])
        .sessions_c2(by_mark[2])
        .sessions_e(by_mark[3])
        .sessions_i(by_mark[4]);
    row.sessions_j1(by_mark[5])
        .sessions_m(by_mark[6])
        .sessions_r(by_mark[7])
        .sessions_s(by_mark[8])
        .sessions_t(by_mark[9]);
    row.sessions_g(by_mark[10]).sessions_n(by_mark[11]).sessions_o(by_mark[12]).sessions_u(by_mark[13]);
    put(attendance_);
}

void PupilRows::exclusions() {
    for (const ExclusionText& text : pupil_->exclusions) {
        begin_row(exclusion_);
        const std::string_view given = to_upper(text.category, buffers_[0]);
        const std::string_view category = given == "FIXD" ? "SUSP" : given;  // called so before 2020/21
        const bool known = categories_.has(category);
        const auto start = to_date(text.start_date, &date_order_);
        exclusion_.key.append("|").append(known ? category : "-").append("|");
        append_date(exclusion_.key, start);
        if (!known) {
            reject(exclusion_, rule::exclusion_category, {"category", text.category, false});
            continue;
        }
        if (!start) {
            reject(exclusion_, rule::exclusion_start, {"start_date", text.start_date, false});
            continue;
        }
        if (text.reason[0].empty()) {
            reject(exclusion_, rule::exclusion_reason, {"reason_1", {}, false});
            continue;
        }
        const auto same = [&](std::size_t a, std::size_t b) {
            return !text.reason[a].empty() && equal_ignoring_case(text.reason[a], text.reason[b]);
        };
        if (same(0, 1) || same(0, 2) || same(1, 2)) {
            reject(exclusion_, rule::exclusion_same_reasons, {"reason_2", text.reason[1], false});
            continue;
        }
        const auto sessions = to_count(text.sessions);
        if (!sessions && !text.sessions.empty()) {
            reject(exclusion_, rule::exclusion_sessions, {"sessions", text.sessions, false});
            continue;
        }
        records::Exclusion& row = exclusion_.row;
        place_and_time(row);
        row.category(category).start_date(start).sessions(sessions);
        if (category != text.category) row.category_raw(text.category);
        row.reason_1(code(exclusion_, reasons_, {"reason_1", text.reason[0], false}, buffers_[1]));
        row.reason_2(code(exclusion_, reasons_, {"reason_2", text.reason[1], false}, buffers_[2]));
        row.reason_3(code(exclusion_, reasons_, {"reason_3", text.reason[2], false}, buffers_[3]));
        if (!text.sen_provision.empty()) {
            const std::string_view provision = provision_today(to_upper(text.sen_provision, buffers_[4]));
            if (provisions_.has(provision))
                row.sen_provision(provision);
            else
                warn(exclusion_, rule::unknown_code, {"sen_provision", text.sen_provision, false});
        }
        put(exclusion_);
    }
}

}  // namespace sendhub::census
