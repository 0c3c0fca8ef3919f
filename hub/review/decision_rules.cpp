#include "hub/review/decision_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <queue>

#include "base/files.hpp"

namespace sendhub::review {
namespace {

struct WordName {
    Word word;
    std::string_view stored, people, verdict;
};
constexpr std::array<WordName, 6> kWords{{{Word::same, "same", "the same child", "same"},
                                          {Word::different, "different", "different children", "different"},
                                          {Word::not_sure, "not_sure", "not sure", "not_sure"},
                                          {Word::split, "split", "split off", "different"},
                                          {Word::twins, "twins", "twins or siblings", "different"},
                                          {Word::seal, "seal", "sealed", "sealed"}}};

const WordName& entry(Word word) {
    return *std::ranges::find_if(kWords, [&](const WordName& w) { return w.word == word; });
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Lower case (ASCII), single blanks inside, none outside.
std::string plain(std::string_view name) {
    std::string out;
    bool gap = false;
    for (const char c : name) {
        if (is_blank(c)) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

// Who is tied to whom by "same", and by which decision each record was first reached.
using Reached = std::map<RecordKey, const Standing*>;  // null at the start

Reached reach(std::span<const Standing> standing, const RecordKey& from) {
    std::map<RecordKey, std::vector<const Standing*>> ties;
    for (const Standing& s : standing)
        if (s.verdict == "same") {
            ties[s.a].push_back(&s);
            ties[s.b].push_back(&s);
        }
    Reached reached{{from, nullptr}};
    std::queue<RecordKey> waiting;
    waiting.push(from);
    for (; !waiting.empty(); waiting.pop()) {
        const RecordKey here = waiting.front();
        for (const Standing* tie : ties[here]) {
            const RecordKey& there = tie->a == here ? tie->b : tie->a;
            if (reached.emplace(there, tie).second) waiting.push(there);
        }
    }
    return reached;
}

// The decisions from where `reached` began to `to`, in that order.
std::vector<Standing> way(const Reached& reached, RecordKey to) {
    std::vector<Standing> out;
    for (const Standing* tie = reached.at(to); tie; tie = reached.at(to)) {
        out.push_back(*tie);
        to = tie->a == to ? tie->b : tie->a;
    }
    std::ranges::reverse(out);
    return out;
}

}  // namespace

std::string to_string(const RecordKey& key) { return key.feed + ":" + key.ref; }

std::optional<RecordKey> parse_record_key(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
    return RecordKey{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::pair<RecordKey, RecordKey> in_order(const RecordKey& a, const RecordKey& b) {
    return a < b ? std::pair{a, b} : std::pair{b, a};
}

std::string_view to_string(Word word) { return entry(word).stored; }
std::string_view in_words(Word word) { return entry(word).people; }
std::string_view verdict_of(Word word) { return entry(word).verdict; }
std::optional<Word> parse_word(std::string_view text) {
    if (text == "not-sure") return Word::not_sure;
    for (const WordName& w : kWords)
        if (w.stored == text) return w.word;
    return std::nullopt;
}

bool is_identifier_veto(std::string_view veto) {
    return veto.starts_with("V1") || veto.starts_with("V2") || veto.starts_with("V3");
}

bool needs_second_person(Word word, std::string_view veto, bool one_person) {
    switch (word) {
        case Word::same:
            return is_identifier_veto(veto);
        case Word::different:
        case Word::twins:
            return one_person;
        case Word::split:
        case Word::seal:
            return true;
        case Word::not_sure:
            break;
    }
    return false;
}

bool same_officer(std::string_view a, std::string_view b) { return plain(a) == plain(b); }

std::vector<Standing> contradiction(std::span<const Standing> standing, const RecordKey& a,
                                    const RecordKey& b, std::string_view verdict) {
    if (verdict == "not_sure") return {};
    const Reached from_a = reach(standing, a);
    if (verdict != "same") return from_a.contains(b) ? way(from_a, b) : std::vector<Standing>{};
    const Reached from_b = reach(standing, b);
    for (const Standing& s : standing) {
        if (s.verdict == "same") continue;
        const bool forward = from_a.contains(s.a) && from_b.contains(s.b);
        if (!forward && !(from_a.contains(s.b) && from_b.contains(s.a))) continue;
        std::vector<Standing> chain = way(from_a, forward ? s.a : s.b);
        chain.push_back(s);
        std::vector<Standing> rest = way(from_b, forward ? s.b : s.a);
        chain.insert(chain.end(), rest.rbegin(), rest.rend());
        return chain;
    }
    return {};
}

std::string chain_in_words(std::span<const Standing> chain) {
    std::string out;
    for (const Standing& s : chain)
        out += (out.empty() ? "decision " : ", decision ") + std::to_string(s.decision) +
               (s.verdict == "same" ? " (the same child)" : " (different children)");
    return out;
}

Agreement agreement(std::span<const std::pair<std::string, std::string>> verdicts) {
    Agreement out;
    std::map<std::string, std::pair<double, double>> shares;  // by verdict: of the first and of the second
    for (const auto& [first, second] : verdicts) {
        ++out.cases;
        out.agreed += first == second;
        ++shares[first].first;
        ++shares[second].second;
    }
    if (out.cases == 0) return out;
    const auto n = static_cast<double>(out.cases);
    double chance = 0;
    for (const auto& [verdict, share] : shares) chance += (share.first / n) * (share.second / n);
    if (chance < 1) out.kappa = (static_cast<double>(out.agreed) / n - chance) / (1 - chance);
    return out;
}

bool is_double_reviewed(std::string_view case_id) {
    const std::string hash = sha256(case_id);
    return std::stoul(hash.substr(0, 8), nullptr, 16) % 20 == 0;
}

Status check_reason(std::string_view reason) {
    if (plain(reason).empty())
        return fail(ErrorCode::usage, "a reason is needed: say in a few words why, without the child's name");
    if (reason.size() > 500)
        return fail(ErrorCode::usage, "the reason is longer than 500 bytes; a few words are enough");
    return {};
}

Status check_officer(std::string_view officer) {
    if (plain(officer).empty())
        return fail(ErrorCode::usage, "it must be known who decides: give a name with --by");
    return {};
}

}  // namespace sendhub::review
