#include "hub/match/person_records.hpp"

#include <algorithm>
#include <array>

#include "identity/engine/hash.hpp"

namespace sendhub::match {
namespace {

std::string key_of(std::string_view feed, std::string_view person_ref) {
    std::string key(feed);
    key += ':';  // no feed has one in its name
    return key.append(person_ref);
}

// Rows that come in the order of the records, several a record.
class Beside {
  public:
    explicit Beside(duck::Rows rows) : rows_(std::move(rows)) { more_ = rows_.next(); }
    // Calls take(rows) for each row of the record.
    template <class Take>
    void of(std::string_view feed, std::string_view person_ref, Take&& take) {
        while (more_) {
            const int order = compare(feed, person_ref);
            if (order > 0) return;
            if (order == 0) take(rows_);
            more_ = rows_.next();  // a row of no record: its person_record was rejected, it waits for it
        }
    }

  private:
    [[nodiscard]] int compare(std::string_view feed, std::string_view person_ref) const {
        const int by_feed = rows_.text(0).compare(feed);
        return by_feed != 0 ? by_feed : rows_.text(1).compare(person_ref);
    }
    duck::Rows rows_;
    bool more_ = false;
};

constexpr std::string_view select_records =
    "select p.feed, p.person_ref, p.surname, p.forename, p.middle_names, p.preferred_surname, "
    "p.preferred_forename, p.former_surname, p.birth_date, p.sex, l.person_key "
    "from person_record p left join person_link l on l.feed = p.feed and l.person_ref = p.person_ref "
    "order by p.feed, p.person_ref";
// The newest first; what a row said before it was changed comes last.
constexpr std::string_view select_addresses =
    "select feed, person_ref, postcode, uprn, nullif(concat_ws(' ', saon, paon), '') as house from ("
    "select feed, person_ref, postcode, uprn, saon, paon, start_date, end_date, valid_from, source_key, "
    "0 as age from address union all "
    "select feed, person_ref, postcode, uprn, saon, paon, start_date, end_date, valid_from, source_key, 1 "
    "from address_history) every where postcode is not null or uprn is not null "
    "order by feed, person_ref, age, end_date is not null, start_date desc nulls last, valid_from desc, "
    "source_key, postcode";
constexpr std::string_view select_earlier_names =
    "select feed, person_ref, surname from person_record_history where surname is not null "
    "order by feed, person_ref, valid_from desc, surname";
// Those that pass their check first.
constexpr std::string_view select_identifiers =
    "select feed, person_ref, id_type, id_value, id_state = 'valid' from person_identifier "
    "where id_type in ('UPN', 'FORMER_UPN', 'NHS_NUMBER', 'ULN') "
    "order by feed, person_ref, id_type, case id_state when 'valid' then 0 when 'temporary' then 1 else 2 "
    "end, end_date is not null, start_date desc nulls last, valid_from desc, id_value";

constexpr std::size_t other_postcodes = 3, former_upns = 2;

// The columns of one record, in the order they stand in the table.
enum Field : std::size_t {
    surname,
    forename,
    middle_names,
    known_surname,
    known_forename,
    former_surname,
    earlier_surname,
    birth_date,
    sex,
    postcode,
    previous_postcode,
    uprn = previous_postcode + other_postcodes,
    house,
    upn,
    former_upn,
    nhs_number = former_upn + former_upns,
    uln,
    field_count
};
using Values = std::array<std::string, field_count>;

void add_columns(identity::Table& table) {
    table.add("surname", identity::Role::surname);
    table.add("forename", identity::Role::forename);
    table.add("middle names", identity::Role::middle_names);
    table.add("preferred surname", identity::Role::known_surname);
    table.add("preferred forename", identity::Role::known_forename);
    table.add("former surname", identity::Role::former_surname);
    table.add("earlier surname", identity::Role::former_surname);
    table.add("birth date", identity::Role::birth_date);
    table.add("sex", identity::Role::sex);
    table.add("postcode", identity::Role::postcode);
    for (std::size_t i = 0; i < other_postcodes; ++i)
        table.add("other postcode " + std::to_string(i + 1), identity::Role::previous_postcode);
    table.add("UPRN", identity::Role::uprn);
    table.add("house", identity::Role::house);
    table.add("UPN", identity::Role::upn);
    for (std::size_t i = 0; i < former_upns; ++i)
        table.add("former UPN " + std::to_string(i + 1), identity::Role::former_upn);
    table.add("NHS number", identity::Role::nhs_number);
    table.add("ULN", identity::Role::uln);
}

void take_address(Values& v, const duck::Rows& row) {
    const std::string_view code = row.text(2);
    if (v[uprn].empty() && v[postcode].empty()) {
        v[uprn] = row.text(3);
        v[house] = row.text(4);
    }
    if (code.empty()) return;
    for (std::size_t i = 0; i <= other_postcodes; ++i) {
        std::string& slot = v[postcode + i];
        if (slot == code) return;
        if (!slot.empty()) continue;
        slot = code;
        return;
    }
}

void take_identifier(Values& v, const duck::Rows& row) {
    const std::string_view type = row.text(2), value = row.text(3);
    auto former = [&] {
        if (value == v[upn]) return;
        for (std::size_t i = 0; i < former_upns; ++i) {
            std::string& slot = v[former_upn + i];
            if (slot == value) return;
            if (!slot.empty()) continue;
            slot = value;
            return;
        }
    };
    if (type == "FORMER_UPN") {
        former();  // types come in alphabetical order: a UPN after this one
    } else if (type == "UPN") {
        if (v[upn].empty())
            v[upn] = value;
        else if (row.boolean(4))
            former();  // the source itself holds both for the child
    } else {
        std::string& slot = v[type == "ULN" ? uln : nhs_number];
        if (slot.empty()) slot = value;
    }
}

}  // namespace

std::optional<std::uint32_t> PersonRecords::find(std::string_view of_feed, std::string_view ref) const {
    const auto it = position.find(key_of(of_feed, ref));
    if (it == position.end()) return std::nullopt;
    return it->second;
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> PersonRecords::pair_at(const duck::Rows& rows,
                                                                              std::size_t column) const {
    const auto a = find(rows.text(column), rows.text(column + 1)),
               b = find(rows.text(column + 2), rows.text(column + 3));
    if (!a || !b) return std::nullopt;
    return std::minmax({*a, *b});
}

Result<PersonRecords> read_person_records(duck::Connection& store, Days today) {
    PersonRecords out;
    std::unordered_map<std::string, std::uint16_t> sources;
    SENDHUB_ASSIGN(duck::Rows known, store.query("select feed from match_source order by number"));
    while (known.next()) {
        sources.emplace(known.text(0), static_cast<std::uint16_t>(sources.size()));
        out.table.source_names.emplace_back(known.text(0));
    }
    out.known_sources = sources.size();
    add_columns(out.table);
    SENDHUB_ASSIGN(duck::Rows rows, store.query(select_records));
    SENDHUB_ASSIGN(duck::Rows addresses, store.query(select_addresses));
    SENDHUB_ASSIGN(duck::Rows names, store.query(select_earlier_names));
    SENDHUB_ASSIGN(duck::Rows identifiers, store.query(select_identifiers));
    Beside beside_address(std::move(addresses)), beside_name(std::move(names)),
        beside_identifier(std::move(identifiers));
    Values v;
    while (rows.next()) {
        for (std::string& value : v) value.clear();
        const std::string_view feed = rows.text(0), ref = rows.text(1);
        const std::array<Field, 6> fields = {surname,       forename,       middle_names,
                                             known_surname, known_forename, former_surname};
        for (std::size_t i = 0; i < fields.size(); ++i) v[fields[i]] = rows.text(i + 2);
        if (!rows.is_null(8) && rows.date(8).days <= today) v[birth_date] = format_date(rows.date(8).days);
        v[sex] = rows.text(9);
        beside_address.of(feed, ref, [&](const duck::Rows& row) { take_address(v, row); });
        beside_name.of(feed, ref, [&](const duck::Rows& row) {
            if (v[earlier_surname].empty() && row.text(2) != v[surname]) v[earlier_surname] = row.text(2);
        });
        beside_identifier.of(feed, ref, [&](const duck::Rows& row) { take_identifier(v, row); });

        const auto source = sources.emplace(feed, static_cast<std::uint16_t>(sources.size()));
        if (source.second) out.table.source_names.emplace_back(feed);
        std::string key = key_of(feed, ref);
        const auto position = static_cast<std::uint32_t>(out.size());
        out.table.source.push_back(source.first->second);
        out.table.key.push(key);
        for (std::size_t c = 0; c < field_count; ++c) out.table.columns[c].values.push(v[c]);
        std::uint64_t identity = identity::hash_text(v[birth_date]);
        for (std::size_t c = upn; c < field_count; ++c) identity = identity::hash_text(v[c], identity);
        out.identity.push_back(identity);
        out.feed.emplace_back(feed);
        out.person_ref.emplace_back(ref);
        out.person.emplace_back(rows.text(10));
        if (!out.position.emplace(std::move(key), position).second)
            return fail(ErrorCode::input, "feed " + out.feed.back() +
                                              " holds two person_record rows for one child; its connector "
                                              "must give one row a person_ref");
    }
    return out;
}

Status write_sources(duck::Connection& store, const PersonRecords& records) {
    for (std::size_t s = records.known_sources; s < records.table.source_names.size(); ++s)
        SENDHUB_TRY(
            store.run("insert into match_source values (?, ?)",
                      {static_cast<std::int64_t>(s), std::string_view(records.table.source_names[s])}));
    return {};
}

}  // namespace sendhub::match
