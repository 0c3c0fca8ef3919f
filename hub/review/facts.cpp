#include "hub/review/facts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "identity/text/name.hpp"

namespace sendhub::review {
namespace {

constexpr std::array<ShownField, 17> kFields{
    {{"forename", "forename", &Facts::forename},
     {"surname", "surname", &Facts::surname},
     {"middle_names", "middle names", &Facts::middle_names},
     {"known_forename", "known as (forename)", &Facts::known_forename},
     {"known_surname", "known as (surname)", &Facts::known_surname},
     {"former_surname", "former surname", &Facts::former_surname},
     {"birth_date", "date of birth", &Facts::birth_date},
     {"sex", "sex", &Facts::sex},
     {"upn", "UPN", &Facts::upn},
     {"former_upn", "former UPN", &Facts::former_upn},
     {"nhs_number", "NHS number", &Facts::nhs_number},
     {"uln", "ULN", &Facts::uln},
     {"address", "address", &Facts::address},
     {"postcode", "postcode", &Facts::postcode},
     {"uprn", "UPRN", &Facts::uprn},
     {"school", "school", &Facts::school},
     {"since", "this version since", &Facts::since}}};

constexpr std::string_view kAddressText =
    "coalesce(nullif(concat_ws(', ', saon, paon, street, locality, town, post_town), ''), "
    "concat_ws(', ', address_line_1, address_line_2, address_line_3, address_line_4, address_line_5))";

void join(std::string& list, std::string_view item) {
    if (item.empty()) return;
    if (!list.empty()) list += ", ";
    list += item;
}

Status read_identifiers(duck::Connection& store, Facts& facts) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select distinct id_type, id_value, id_state from person_identifier where feed = ? "
                    "and person_ref = ? order by id_type, id_value",
                    {std::string_view(facts.key.feed), std::string_view(facts.key.ref)}));
    while (rows.next()) {
        std::string value = text_at(rows, 1);
        if (const std::string state = text_at(rows, 2); state != "valid") value += " (" + state + ")";
        const std::string type = text_at(rows, 0);
        if (type == "UPN") join(facts.upn, value);
        if (type == "FORMER_UPN") join(facts.former_upn, value);
        if (type == "NHS_NUMBER") join(facts.nhs_number, value);
        if (type == "ULN") join(facts.uln, value);
    }
    return {};
}

// One stay an address or school; versions of one row that tell the same run together.
void add_stay(std::vector<Stay>& stays, Stay stay) {
    for (Stay& s : stays)
        if (s.feed == stay.feed && s.what == stay.what) {
            s.from = std::min(s.from, stay.from);
            s.to = s.to.empty() || stay.to.empty() ? "" : std::max(s.to, stay.to);
            return;
        }
    stays.push_back(std::move(stay));
}

bool equal_names(std::string_view a, std::string_view b) {
    identity::text::Name x, y;
    identity::text::standard_name(a, x);
    identity::text::standard_name(b, y);
    return !x.plain.empty() && x.plain == y.plain;
}

}  // namespace

std::string text_at(const duck::Rows& rows, std::size_t column) {
    return rows.is_null(column) ? std::string() : std::string(rows.text(column));
}
std::string time_at(const duck::Rows& rows, std::size_t column) {
    return rows.is_null(column) ? std::string() : format_time(rows.timestamp(column).micros);
}
std::string date_at(const duck::Rows& rows, std::size_t column) {
    return rows.is_null(column) ? std::string() : format_date(rows.date(column).days);
}

std::span<const ShownField> shown_fields() { return kFields; }

Result<Facts> read_facts(duck::Connection& store, const RecordKey& key) {
    Facts facts;
    facts.key = key;
    const std::string_view feed = key.feed, ref = key.ref;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select forename, surname, middle_names, preferred_forename, preferred_surname, "
                    "former_surname, birth_date, birth_date_raw, sex, valid_from, batch_id "
                    "from person_record where feed = ? and person_ref = ? order by source_key limit 1",
                    {feed, ref}));
    if (rows.next()) {
        facts.there = true;
        std::size_t column = 0;
        for (std::string Facts::* value :
             {&Facts::forename, &Facts::surname, &Facts::middle_names, &Facts::known_forename,
              &Facts::known_surname, &Facts::former_surname})
            facts.*value = text_at(rows, column++);
        facts.birth_date = date_at(rows, 6);
        if (facts.birth_date.empty()) facts.birth_date = text_at(rows, 7);
        facts.sex = text_at(rows, 8);
        facts.since = time_at(rows, 9);
        facts.batch = text_at(rows, 10);
    }
    SENDHUB_TRY(read_identifiers(store, facts));
    SENDHUB_ASSIGN(
        duck::Rows homes,
        store.query("select " + std::string(kAddressText) +
                        ", postcode, uprn from address where feed = ? and person_ref = ? order by end_date "
                        "desc nulls first, start_date desc nulls last, source_key limit 1",
                    {feed, ref}));
    if (homes.next()) {
        facts.address = text_at(homes, 0);
        facts.postcode = text_at(homes, 1);
        facts.uprn = text_at(homes, 2);
    }
    SENDHUB_ASSIGN(
        duck::Rows links,
        store.query("select person_key, match_method, match_rule, linked_at from person_link where feed = ? "
                    "and person_ref = ?",
                    {feed, ref}));
    if (links.next()) {
        facts.person = text_at(links, 0);
        facts.method = text_at(links, 1);
        facts.rule = text_at(links, 2);
        facts.linked_at = time_at(links, 3);
    }
    const RecordKey keys[] = {key};
    SENDHUB_ASSIGN(const Timelines times, read_timelines(store, keys));
    for (const Stay& stay : times.schools)
        if (stay.to.empty()) join(facts.school, stay.what);
    return facts;
}

Result<std::vector<Facts>> read_facts(duck::Connection& store, std::span<const RecordKey> keys) {
    std::vector<Facts> out;
    for (const RecordKey& key : keys) {
        SENDHUB_ASSIGN(Facts facts, read_facts(store, key));
        out.push_back(std::move(facts));
    }
    return out;
}

Result<Timelines> read_timelines(duck::Connection& store, std::span<const RecordKey> keys) {
    Timelines out;
    const std::string homes =
        "select coalesce(start_date, valid_from::date), coalesce(end_date, valid_to::date), concat_ws(', ', "
        "nullif(" +
        std::string(kAddressText) +
        ", ''), postcode) from (select * exclude (valid_to, closed_by), valid_to from address_history union "
        "all by name "
        "select *, null::timestamptz as valid_to from address) where feed = ? and person_ref = ? order by 1, "
        "2, 3";
    constexpr std::string_view schools =
        "select coalesce(e.entry_date, e.valid_from::date), coalesce(e.leaving_date, e.valid_to::date), "
        "coalesce(s.school_name, e.laestab, e.urn) from (select * exclude (valid_to, closed_by), valid_to "
        "from "
        "enrolment_history union all by name select *, null::timestamptz as valid_to from enrolment) e left "
        "join "
        "(select urn, laestab, any_value(school_name) as school_name from school group by all) s on s.urn = "
        "e.urn "
        "or (e.urn is null and s.laestab = e.laestab) where e.feed = ? and e.person_ref = ? order by 1, 2, 3";
    for (const RecordKey& key : keys)
        for (auto& [sql, stays] : {std::pair<std::string_view, std::vector<Stay>*>{homes, &out.addresses},
                                   std::pair<std::string_view, std::vector<Stay>*>{schools, &out.schools}}) {
            SENDHUB_ASSIGN(duck::Rows rows,
                           store.query(sql, {std::string_view(key.feed), std::string_view(key.ref)}));
            while (rows.next())
                add_stay(*stays, {key.feed, date_at(rows, 0), date_at(rows, 1), text_at(rows, 2)});
        }
    for (auto* stays : {&out.addresses, &out.schools}) {
        std::erase_if(*stays, [](const Stay& s) { return s.what.empty(); });
        std::ranges::stable_sort(*stays, {}, &Stay::from);
    }
    return out;
}

Result<std::vector<RecordKey>> records_of(duck::Connection& store, std::string_view person) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select feed, person_ref from person_link where person_key = ? "
                               "order by feed, person_ref",
                               {person}));
    std::vector<RecordKey> out;
    while (rows.next()) out.push_back({text_at(rows, 0), text_at(rows, 1)});
    return out;
}

Result<std::string> person_of(duck::Connection& store, const RecordKey& key) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select person_key from person_link where feed = ? and person_ref = ?",
                               {std::string_view(key.feed), std::string_view(key.ref)}));
    return rows.next() ? text_at(rows, 0) : std::string();
}

Agreeing compare(const Facts& a, const Facts& b) {
    Agreeing out;
    const auto say = [&](std::string_view what, const std::string& x, const std::string& y, bool equal) {
        if (!x.empty() && !y.empty()) (equal ? out.same : out.different).emplace_back(what);
    };
    say("UPN", a.upn, b.upn, a.upn == b.upn);
    say("NHS number", a.nhs_number, b.nhs_number, a.nhs_number == b.nhs_number);
    say("ULN", a.uln, b.uln, a.uln == b.uln);
    say("forename", a.forename, b.forename, equal_names(a.forename, b.forename));
    say("surname", a.surname, b.surname, equal_names(a.surname, b.surname));
    say("date of birth", a.birth_date, b.birth_date, a.birth_date == b.birth_date);
    say("postcode", a.postcode, b.postcode, a.postcode == b.postcode);
    say("school", a.school, b.school, a.school == b.school);
    return out;
}

Result<std::string> fingerprint(duck::Connection& store, const RecordKey& key) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select fingerprint from match_record where feed = ? and person_ref = ?",
                               {std::string_view(key.feed), std::string_view(key.ref)}));
    return rows.next() ? text_at(rows, 0) : std::string();
}

std::string identity_of(std::string_view fingerprint) {
    return fingerprint.size() == 33 ? std::string(fingerprint.substr(17)) : std::string();
}

}  // namespace sendhub::review
