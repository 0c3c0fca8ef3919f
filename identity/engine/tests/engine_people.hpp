// Small made-up files of people for the tests of the engine.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "identity/engine/engine.hpp"

namespace sendhub::identity::testing {

struct Person {
    std::string key, source = "census", forename, surname, birth, sex, postcode, upn, nhs, former_upn,
                     former_surname, number, middle;  // number: a generic identifier
};

inline Table table_of(const std::vector<Person>& people) {
    Table t;
    std::map<std::string, std::uint16_t> sources;
    for (const Person& p : people) sources.emplace(p.source, 0);
    for (auto& [name, number] : sources) {
        number = static_cast<std::uint16_t>(t.source_names.size());
        t.source_names.push_back(name);
    }
    Column columns[] = {{"forename", Role::forename, {}},
                        {"surname", Role::surname, {}},
                        {"birth_date", Role::birth_date, {}},
                        {"sex", Role::sex, {}},
                        {"postcode", Role::postcode, {}},
                        {"upn", Role::upn, {}},
                        {"nhs_number", Role::nhs_number, {}},
                        {"former_upn", Role::former_upn, {}},
                        {"former_surname", Role::former_surname, {}},
                        {"local number", Role::identifier, {}},
                        {"middle_names", Role::middle_names, {}}};
    for (const Person& p : people) {
        t.source.push_back(sources.at(p.source));
        t.key.push(p.key);
        const std::string* values[] = {&p.forename,       &p.surname, &p.birth, &p.sex,
                                       &p.postcode,       &p.upn,     &p.nhs,   &p.former_upn,
                                       &p.former_surname, &p.number,  &p.middle};
        for (std::size_t i = 0; i < std::size(columns); ++i) columns[i].values.push(*values[i]);
    }
    for (Column& c : columns) {
        bool given = c.role != Role::identifier && c.role != Role::middle_names;
        for (std::size_t i = 0; i < people.size() && !given; ++i) given = !c.values[i].empty();
        if (given) t.columns.push_back(std::move(c));
    }
    return t;
}

inline std::string upn(unsigned number) {
    std::string body = "8002" + std::to_string(10000000 + number % 89999999);
    static constexpr std::string_view alphabet = "ABCDEFGHJKLMNPQRTUVWXYZ";
    unsigned sum = 0;
    for (std::size_t i = 0; i < 12; ++i)
        sum += static_cast<unsigned>(body[i] - '0') * static_cast<unsigned>(i + 2);
    return alphabet[sum % 23] + body;
}
// A valid NHS number near `number`.
inline std::string nhs(unsigned number) {
    for (;; ++number) {
        const std::string body = std::to_string(900000000u + number % 99999999u);
        unsigned sum = 0;
        for (std::size_t i = 0; i < 9; ++i)
            sum += static_cast<unsigned>(body[i] - '0') * static_cast<unsigned>(10 - i);
        const unsigned check = 11 - sum % 11;
        if (check == 10) continue;
        return body + static_cast<char>('0' + check % 11);
    }
}

// A county of n children, each in two to four sources, with slips of the pen; truth[i] is the child of record
// i.
struct County {
    std::vector<Person> records;
    std::vector<int> truth;
};
inline County county(unsigned children, unsigned seed) {
    std::mt19937 random(seed);
    auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    static const std::vector<std::string> first = {"an", "be", "cla", "da", "el", "fre", "gra",
                                                   "ho", "is", "ja",  "ki", "lo", "ma",  "no",
                                                   "ol", "pe", "ro",  "sa", "ti", "wi"};
    static const std::vector<std::string> last = {"nna", "ra",  "rk",  "vid", "len", "ddie", "ce",
                                                  "lly", "la",  "mes", "m",   "uis", "ria",  "ra",
                                                  "ive", "ter", "ger", "lly", "na",  "lf"};
    static const std::vector<std::string> family = {"ash",  "brad", "clif", "dun",   "east", "farn", "grim",
                                                    "hart", "ing",  "kel",  "lang",  "mar",  "nor",  "oak",
                                                    "pem",  "rad",  "stan", "thorn", "wal",  "york"};
    static const std::vector<std::string> ending = {"ton",   "ley",  "ford", "ham",  "worth",
                                                    "field", "wick", "by",   "shaw", "croft"};
    County out;
    for (unsigned c = 0; c < children; ++c) {
        Person p;
        p.forename = first[pick(20)] + last[pick(20)];
        p.surname = family[pick(20)] + ending[pick(10)] + (pick(3) == 0 ? "s" : "");
        char birth[16];
        std::snprintf(birth, sizeof birth, "%04u-%02u-%02u", 2005 + pick(16), 1 + pick(12), 1 + pick(28));
        p.birth = birth;
        p.sex = pick(2) ? "M" : "F";
        p.postcode = "XA" + std::to_string(1 + pick(9)) + " " + std::to_string(pick(10)) + "A" +
                     static_cast<char>('A' + pick(8));
        const unsigned times = 2 + pick(3);
        for (unsigned i = 0; i < times; ++i) {
            Person r = p;
            r.source = std::vector<std::string>{"census", "health", "casework", "lists"}[i];
            r.key = r.source + ":" + std::to_string(c) + "-" + std::to_string(seed);
            if (r.source == "census") r.upn = upn(seed * 20011 + c * 7);
            if (r.source == "health") r.nhs = nhs(seed * 30011 + c * 11);
            if (r.source == "casework" && pick(3)) r.upn = upn(seed * 20011 + c * 7);
            if (i > 0 && pick(10) == 0)
                r.forename[pick(static_cast<unsigned>(r.forename.size()))] =
                    static_cast<char>('a' + pick(26));
            if (i > 0 && pick(8) == 0) r.postcode = "XA" + std::to_string(1 + pick(9)) + " 1BB";
            if (i > 0 && pick(40) == 0) r.birth = "";
            out.records.push_back(r);
            out.truth.push_back(static_cast<int>(c));
        }
    }
    return out;
}

// Members of every cluster by key, so that runs can be compared whatever their numbering.
inline std::set<std::set<std::string>> people_of(const Engine& engine, const Table& table,
                                                 const Clusters& clusters) {
    std::map<std::uint32_t, std::set<std::string>> by;
    for (std::uint32_t i = 0; i < engine.size(); ++i)
        by[clusters.of[i]].insert(std::string(table.key[engine.position(i)]));
    std::set<std::set<std::string>> out;
    for (auto& [c, members] : by) out.insert(std::move(members));
    return out;
}
// Every edge by keys, with its exact weight and pattern.
inline std::map<std::pair<std::string, std::string>, std::pair<float, std::uint64_t>> edges_of(
    const Engine& engine, const Table& table) {
    std::map<std::pair<std::string, std::string>, std::pair<float, std::uint64_t>> out;
    for (const Edge& e : engine.edges()) {
        std::string a(table.key[engine.position(e.a)]), b(table.key[engine.position(e.b)]);
        if (b < a) std::swap(a, b);
        out[{a, b}] = {e.weight, e.pattern};
    }
    return out;
}

}  // namespace sendhub::identity::testing
