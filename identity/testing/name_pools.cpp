#include "identity/testing/name_pools.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace sendhub::identity::testing {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(at), text.size());
        if (end > 0) out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string with_blanks(std::string_view word) {
    std::string out(word);
    std::ranges::replace(out, '_', ' ');
    return out;
}

const std::vector<std::string_view>& pick_words(std::string_view list) {
    thread_local std::unordered_map<const char*, std::vector<std::string_view>> cut;
    auto& words = cut[list.data()];
    if (words.empty()) words = split(list, ' ');
    return words;
}
std::string_view pick(Rng& rng, std::string_view list) {
    const auto& words = pick_words(list);
    return words[rng.below(static_cast<std::uint32_t>(words.size()))];
}

std::string composed(Rng& rng, const Parts& parts) {
    std::string out(pick(rng, parts.starts));
    if (!parts.middles.empty() && rng.percent(30)) out += pick(rng, parts.middles);
    const std::string_view end = pick(rng, parts.ends);
    if (out.back() == end.front()) out.pop_back();
    out += end;
    return out;
}

bool vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

// A rare name beside a common one: the same family name as written down by another clerk three centuries ago.
std::string old_variant(Rng& rng, std::string name) {
    const char last = name.back();
    switch (rng.below(4)) {
        case 0:
            if (!vowel(last) && last != 's') return name + "e";
            break;
        case 1:
            if (last != 's' && last != 'z') return name + "s";
            break;
        case 2:
            for (std::size_t i = 2; i + 1 < name.size(); ++i)
                if (!vowel(name[i]) && name[i] == name[i + 1] && name[i] >= 'a') return name.erase(i, 1);
            break;
        default:
            for (std::size_t i = 1; i + 1 < name.size(); ++i)
                if (name[i] == 'i') {
                    name[i] = 'y';
                    return name;
                }
    }
    return name.ends_with("son") ? name + "s" : last == 'n' ? name + "son" : name + "man";
}

enum class Tail { surnames, boys, girls, forenames };

// Head of the list in its order, then rare names up to `size`.
std::vector<std::string> ranked(std::string_view head, std::string_view second_head, const Parts& parts,
                                std::size_t size, Tail tail, std::uint64_t stream) {
    std::vector<std::string> out;
    std::unordered_set<std::string> seen;
    const auto add = [&](std::string name) {
        if (seen.insert(name).second) out.push_back(std::move(name));
    };
    for (const std::string_view list : {head, second_head})
        for (const std::string_view word : split(list, ' ')) add(with_blanks(word));
    const std::size_t heads = out.size();
    Rng rng(0x70656F706C65ULL, stream, size);  // fixed: the pools do not depend on the seed of a file
    for (std::size_t tries = 0; out.size() < size && tries < size * 4; ++tries) {
        const auto& common = out[rng.below(static_cast<std::uint32_t>(heads))];
        const std::uint32_t kind = rng.below(100);
        if ((tail == Tail::boys || tail == Tail::girls) && kind < 25) {
            static constexpr std::string_view of_girls =
                "Mae Rose Grace Rae May Leigh Louise Jo Ann Belle Marie Jane Faye Hope Joy";
            static constexpr std::string_view of_boys =
                "James Jay Lee Jack John Ray George Thomas Joe Paul Michael Luke";
            const std::string_view seconds = tail == Tail::girls ? of_girls : of_boys;
            add(common + "-" + std::string(pick(rng, seconds)));
        } else if (tail == Tail::surnames && kind < 15) {
            add(old_variant(rng, common));
        } else {
            add(composed(rng, parts));
        }
    }
    return out;
}

std::uint32_t weight_share(double offset, int quarters, std::size_t rank) {
    // Only operations that IEEE 754 rounds in one way, so that pools are the same on every machine.
    const double x = static_cast<double>(rank + 1) + offset;
    const double root = std::sqrt(std::sqrt(x));
    double power = x;
    for (int i = 0; i < quarters; ++i) power *= root;
    return static_cast<std::uint32_t>(std::max(1.0, 4.0e9 / power));
}

}  // namespace

bool chance(Rng& rng, double share) { return static_cast<double>(rng.next() >> 32) < share * 4294967296.0; }

Pool::Pool(std::vector<std::string> names, double offset, int quarters) : names_(std::move(names)) {
    up_to_.reserve(names_.size());
    std::uint64_t sum = 0;
    for (std::size_t rank = 0; rank < names_.size(); ++rank)
        up_to_.push_back(sum += weight_share(offset, quarters, rank));
}

const std::string& Pool::draw(Rng& rng) const {
    const std::uint64_t at = rng.next() % up_to_.back();
    return names_[static_cast<std::size_t>(std::ranges::upper_bound(up_to_, at) - up_to_.begin())];
}

NamePools::NamePools() {
    for (std::size_t i = 0; i < origins; ++i) {
        const NameLists& lists = lists_of(static_cast<Origin>(i));
        const bool british = i == 0;
        const std::size_t forenames = british ? 14000 : 2500;
        const std::size_t surnames = british ? 60000 : i < 5 ? 4000 : 9000;
        const Tail boys = i < 5 ? Tail::boys : Tail::forenames, girls = i < 5 ? Tail::girls : Tail::forenames;
        const double offset = british ? 22 : 12;
        const std::uint64_t stream = i * 8;
        const auto pool = [&](std::string_view head, std::string_view second, const Parts& parts, Tail tail,
                              std::uint64_t n) {
            return Pool(ranked(head, second, parts, forenames, tail, stream + n), offset, 1);
        };
        Pools& p = of_[i];
        p.boys = pool(lists.boys, lists.boys_2000, lists.boy_parts, boys, 0);
        p.girls = pool(lists.girls, lists.girls_2000, lists.girl_parts, girls, 1);
        if (!lists.boys_2000.empty()) {
            p.boys_2000 = pool(lists.boys_2000, lists.boys, lists.boy_parts, boys, 0);
            p.girls_2000 = pool(lists.girls_2000, lists.girls, lists.girl_parts, girls, 1);
        }
        // 1.1 % of the British are called Smith; in some other parts of the world names are fewer
        p.surnames =
            Pool(ranked(lists.surnames, "", lists.surname_parts, surnames, Tail::surnames, stream + 4),
                 british ? 10 : 6, british ? 0 : 1);
    }

    // Names with a blank inside live in kept_, so that the tables may point at them.
    const auto word = [&](std::string_view name) -> std::string_view {
        if (name.find('_') == std::string_view::npos) return name;
        return kept_.emplace_back(with_blanks(name));
    };
    for (const std::string_view entry : split(familiar_forms, ';')) {
        const std::size_t colon = entry.find(':');
        for (const std::string_view form : split(entry.substr(colon + 1), ','))
            familiar_[word(entry.substr(0, colon))].push_back(word(form));
    }
    for (const std::string_view entry : split(spellings, ';')) {
        const auto names = split(entry, ',');
        for (const std::string_view a : names)
            for (const std::string_view b : names)
                if (a != b) spellings_[word(a)].push_back(word(b));
    }
    for (const int male : {0, 1})
        for (const std::string_view entry : split(male == 1 ? close_boys : close_girls, ';')) {
            const auto pair = split(entry, ',');
            const std::string_view a = word(pair.at(0)), b = word(pair.at(1));
            close_[male][a].push_back(b);
            close_[male][b].push_back(a);
            close_firsts_[male].push_back(a);
        }
}

Origin NamePools::draw_origin(Rng& rng) const {
    int at = 0;
    for (std::size_t i = 0; i < origins; ++i) at += lists_of(static_cast<Origin>(i)).share;
    at = static_cast<int>(rng.below(static_cast<std::uint32_t>(at)));
    std::size_t i = 0;
    while (at >= lists_of(static_cast<Origin>(i)).share) at -= lists_of(static_cast<Origin>(i++)).share;
    return static_cast<Origin>(i);
}

const std::string& NamePools::draw_surname(Rng& rng, Origin origin) const {
    if (rng.percent(static_cast<std::uint32_t>(lists_of(origin).british_surnames))) origin = Origin::british;
    return of_[static_cast<std::size_t>(origin)].surnames.draw(rng);
}

const std::string& NamePools::draw_forename(Rng& rng, Origin origin, bool male, int birth_year) const {
    if (rng.percent(static_cast<std::uint32_t>(lists_of(origin).british_forenames))) origin = Origin::british;
    const Pools& p = of_[static_cast<std::size_t>(origin)];
    // fashions change over the years, so a name of the 2000s tells something about the age
    const int share_new = std::clamp((birth_year - 2001) * 5, 0, 100);
    const bool old_list = !p.boys_2000.names().empty() && !rng.percent(static_cast<std::uint32_t>(share_new));
    if (old_list) return male ? p.boys_2000.draw(rng) : p.girls_2000.draw(rng);
    return male ? p.boys.draw(rng) : p.girls.draw(rng);
}

std::string_view NamePools::look_up(Rng& rng, const Table& table, std::string_view name) {
    const auto at = table.find(name);
    if (at == table.end()) return {};
    return at->second[rng.below(static_cast<std::uint32_t>(at->second.size()))];
}

std::string_view NamePools::familiar(Rng& rng, std::string_view forename) const {
    return look_up(rng, familiar_, forename);
}
std::string_view NamePools::other_spelling(Rng& rng, std::string_view name) const {
    return look_up(rng, spellings_, name);
}
std::string_view NamePools::close_name(Rng& rng, std::string_view first, bool male) const {
    return look_up(rng, close_[male ? 1 : 0], first);
}
std::string_view NamePools::any_close_name(Rng& rng, bool male) const {
    const auto& firsts = close_firsts_[male ? 1 : 0];
    return firsts[rng.below(static_cast<std::uint32_t>(firsts.size()))];
}

}  // namespace sendhub::identity::testing
