#include "hub/review/find.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "identity/text/address_postcode.hpp"
#include "identity/text/classes.hpp"
#include "identity/text/name.hpp"
#include "identity/text/phonetic.hpp"
#include "identity/text/similarity.hpp"

namespace sendhub::review {
namespace {

namespace text = identity::text;

// How two names of one kind stand to each other; 0 is closest.
enum Tie { equal, other_form, sounds, part, unlike };

struct Wanted {
    text::Name name;
    text::Phonetic sound;
    bool forename = false;

    Wanted(std::string_view raw, bool is_forename) : forename(is_forename) {
        text::standard_name(raw, name);
        sound = text::phonetic(name.plain);
    }
    Tie tie(std::string_view raw) const {
        text::Name other;
        text::standard_name(raw, other);
        if (other.plain.empty() || name.plain.empty()) return unlike;
        if (other.plain == name.plain) return equal;
        const text::Relation relation = forename ? text::forename_relation(name.plain, other.plain)
                                                 : text::surname_relation(name.plain, other.plain);
        if (relation != text::Relation::none || text::one_edit(name.plain, other.plain)) return other_form;
        const text::Phonetic s = text::phonetic(other.plain);
        if (s.primary == sound.primary || s.primary == sound.alternate || s.alternate == sound.primary)
            return sounds;
        bool shares = false;
        text::for_each_token(other.spaced, [&](std::string_view token) {
            text::for_each_token(name.spaced,
                                 [&](std::string_view mine) { shares = shares || token == mine; });
        });
        if (shares || (forename && name.plain.size() == 1 && other.plain.starts_with(name.plain)))
            return part;
        return unlike;
    }
};

std::optional<Days> swapped(Days born) {
    const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{born}}};
    const unsigned day = static_cast<unsigned>(d.day());
    if (day > 12) return std::nullopt;
    const std::chrono::year_month_day other{d.year(), std::chrono::month{day},
                                            std::chrono::day{static_cast<unsigned>(d.month())}};
    if (!other.ok()) return std::nullopt;
    return static_cast<Days>(std::chrono::sys_days{other}.time_since_epoch().count());
}

std::string in_place(std::string_view raw) {
    text::Postcode postcode;
    text::standard_postcode(raw, postcode);
    return postcode.text;
}

struct Found {
    int distance = 0;
    std::string why;
};
using People = std::map<std::string, Found>;

void keep(People& people, std::string person, int distance, std::string why) {
    const auto [it, fresh] = people.try_emplace(std::move(person), Found{distance, why});
    if (!fresh && distance < it->second.distance) it->second = {distance, std::move(why)};
}

Status by_identifier(duck::Connection& store, std::string_view value,
                     std::initializer_list<std::string_view> types, People& people) {
    std::string bare;
    for (const char c : value)
        if (c != ' ' && c != '-') bare += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    for (const std::string_view type : types) {
        SENDHUB_ASSIGN(
            duck::Rows rows,
            store.query("select distinct l.person_key from person_identifier i join person_link l on l.feed "
                        "= i.feed and l.person_ref = i.person_ref where i.id_type = ? and i.id_value = ?",
                        {type, std::string_view(bare)}));
        while (rows.next())
            keep(people, text_at(rows, 0), type == "FORMER_UPN" ? 1 : 0,
                 type == "FORMER_UPN" ? "former UPN" : "identifier");
    }
    return {};
}

constexpr std::string_view kSurnames[] = {"surname", "preferred_surname", "former_surname"};

// The surnames of the store that are like the wanted one, closest first.
Result<std::vector<std::pair<int, std::string>>> like_surnames(duck::Connection& store,
                                                               const Wanted& wanted) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select distinct name from (select surname as name from person_record union all select "
                    "preferred_surname from person_record union all select former_surname from "
                    "person_record) where name is not null"));
    std::vector<std::pair<int, std::string>> out;
    while (rows.next())
        if (const Tie tie = wanted.tie(rows.text(0)); tie != unlike)
            out.emplace_back(tie, std::string(rows.text(0)));
    std::ranges::sort(out);
    constexpr std::size_t most = 400;
    if (out.size() > most) out.resize(most);
    return out;
}

std::string why_of(int surname, int forename, bool with_forename, bool day_swapped) {
    static constexpr std::string_view how[] = {"equal", "another form", "sounds alike", "shares a part"};
    std::string out = "surname " + std::string(how[surname]);
    if (with_forename) out += ", forename " + std::string(how[forename]);
    if (day_swapped) out += ", day and month of birth swapped";
    return out;
}

Status by_name(duck::Connection& store, const Query& query, People& people) {
    const Wanted surname(query.surname, false), forename(query.forename, true);
    if (surname.name.plain.empty())
        return fail(ErrorCode::usage, "the surname has no letters that could be looked for");
    SENDHUB_ASSIGN(const auto names, like_surnames(store, surname));
    const std::string postcode = in_place(query.postcode);
    const auto other_day = query.born ? swapped(*query.born) : std::nullopt;
    if (names.empty()) return {};
    SENDHUB_TRY(store.run("create or replace temp table wanted_surname (name VARCHAR, tie INTEGER)"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "wanted_surname"));
        for (const auto& [tie, name] : names) {
            appender.add(std::string_view(name)).add(std::int64_t{tie});
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    std::string sql;
    for (const std::string_view column : kSurnames)
        sql += (sql.empty() ? "" : " union all ") +
               std::string(
                   "select p.feed, p.person_ref, p.forename, p.preferred_forename, p.birth_date, w.tie from "
                   "person_record p join wanted_surname w on w.name = p.") +
               std::string(column);
    std::vector<duck::Value> values;
    sql = "select l.person_key, f.forename, f.preferred_forename, f.birth_date, f.tie from (" + sql +
          ") f join person_link l on l.feed = f.feed and l.person_ref = f.person_ref where true";
    if (query.born) {
        sql += " and f.birth_date in (?, ?)";
        values.emplace_back(duck::Date{*query.born});
        values.emplace_back(duck::Date{other_day.value_or(*query.born)});
    }
    if (!postcode.empty()) {
        sql +=
            " and exists (select 1 from (select feed, person_ref, postcode from address union all select "
            "feed, "
            "person_ref, postcode from address_history) a where a.feed = f.feed and a.person_ref = "
            "f.person_ref "
            "and a.postcode = ?)";
        values.emplace_back(std::string_view(postcode));
    }
    SENDHUB_ASSIGN(duck::Rows rows, store.query(sql, values));
    while (rows.next()) {
        int closest = unlike;
        if (query.forename.empty()) {
            closest = equal;
        } else {
            for (const std::size_t column : {std::size_t{1}, std::size_t{2}})
                if (!rows.is_null(column)) closest = std::min<int>(closest, forename.tie(rows.text(column)));
            if (closest == unlike) continue;
        }
        const auto tie = static_cast<int>(rows.integer(4));
        const bool other = query.born && !rows.is_null(3) && rows.date(3).days != *query.born;
        keep(people, text_at(rows, 0), 4 * tie + 4 * closest + (other ? 1 : 0),
             why_of(tie, closest, !query.forename.empty(), other));
    }
    return store.run("drop table wanted_surname");
}

}  // namespace

Status check_query(const Query& query) {
    const int identifiers = int{!query.upn.empty()} + int{!query.nhs.empty()} + int{!query.uln.empty()};
    const bool names =
        !query.surname.empty() || !query.forename.empty() || !query.postcode.empty() || query.born;
    if (identifiers > 1 || (identifiers == 1 && names))
        return fail(ErrorCode::usage, "look by one identifier alone, or by surname and what narrows it");
    if (identifiers == 0 && query.surname.empty())
        return fail(ErrorCode::usage, "give an identifier (UPN, NHS number, ULN) or a surname to look for");
    return {};
}

std::string shape(const Query& query) {
    std::string out;
    const auto add = [&](bool there, std::string_view name) {
        if (there) out += (out.empty() ? "" : ", ") + std::string(name);
    };
    add(!query.upn.empty(), "UPN");
    add(!query.nhs.empty(), "NHS number");
    add(!query.uln.empty(), "ULN");
    add(!query.surname.empty(), "surname");
    add(!query.forename.empty(), "forename");
    add(query.born.has_value(), "birth date");
    add(!query.postcode.empty(), "postcode");
    return out;
}

Result<Hits> find_people(duck::Connection& store, const Viewer& viewer, const Query& query) {
    SENDHUB_TRY(check_query(query));
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    People people;
    if (!query.upn.empty())
        SENDHUB_TRY(by_identifier(store, query.upn, {"UPN", "FORMER_UPN"}, people));
    else if (!query.nhs.empty())
        SENDHUB_TRY(by_identifier(store, query.nhs, {"NHS_NUMBER"}, people));
    else if (!query.uln.empty())
        SENDHUB_TRY(by_identifier(store, query.uln, {"ULN"}, people));
    else
        SENDHUB_TRY(by_name(store, query, people));

    Hits out;
    std::set<std::string> facing;
    if (!barriers.empty())
        for (const auto& [x, found_x] : people)
            for (const auto& [y, found_y] : people)
                if (barriers.between(x, y)) facing.insert(x);
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [person, found] : people) {
        if (barriers.hides(viewer, person) || barriers.inside(person)) continue;
        if (facing.contains(person)) {
            out.kept_apart = true;
            continue;
        }
        order.emplace_back(found.distance, person);
    }
    std::ranges::sort(order);
    out.more = order.size() > kMostHits;
    if (out.more) order.resize(kMostHits);
    for (const auto& [distance, person] : order) {
        SENDHUB_ASSIGN(
            duck::Rows rows,
            store.query("select forename, surname, birth_date, postcode, record_count from person where "
                        "person_key = ?",
                        {std::string_view(person)}));
        Hit hit;
        hit.person = person;
        hit.why = people.at(person).why;
        if (rows.next()) {
            hit.forename = text_at(rows, 0);
            hit.surname = text_at(rows, 1);
            hit.birth_date = date_at(rows, 2);
            hit.postcode = text_at(rows, 3);
            hit.records = rows.is_null(4) ? 0 : rows.integer(4);
        }
        out.hits.push_back(std::move(hit));
    }
    return out;
}

}  // namespace sendhub::review
