#include "identity/text/name.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "identity/text/fold.hpp"

namespace sendhub::identity::text {
namespace {

using Words = std::span<const std::string_view>;

bool in(std::string_view word, Words list) { return std::find(list.begin(), list.end(), word) != list.end(); }

constexpr std::array<std::string_view, 12> titles = {"mr",   "mrs", "miss", "ms",  "mx",  "master",
                                                     "mstr", "dr",  "prof", "rev", "sir", "dame"};

// Stand before the rest of a name and are now and then written as one with it.
constexpr std::array<std::string_view, 40> particles = {
    "mc", "mac", "o",  "fitz", "st",  "de",   "del", "della", "di",  "da",    "das",   "dos", "do",  "du",
    "la", "las", "le", "los",  "van", "von",  "vom", "zu",    "zur", "den",   "der",   "ter", "ten", "al",
    "el", "ul",  "ur", "ud",   "bin", "bint", "ibn", "abu",   "abd", "abdul", "abdel", "ap"};

// What an unnamed child of a maternity unit is called; all words of the text are among these …
constexpr std::array<std::string_view, 10> unborn_words = {"baby",   "babe", "infant", "newborn", "neonate",
                                                           "unborn", "boy",  "girl",   "babyboy", "babygirl"};
// … or these, of a multiple birth …
constexpr std::array<std::string_view, 5> several_words = {"twin", "twins", "triplet", "quad", "triplets"};
// … or these, and at least one among those.
constexpr std::array<std::string_view, 36> unborn_details = {
    "male", "female", "child",  "m",     "f", "no",  "number", "new",  "born",    "one",     "two", "three",
    "four", "first",  "second", "third", "1", "2",   "3",      "4",    "1st",     "2nd",     "3rd", "i",
    "ii",   "iii",    "a",      "b",     "c", "the", "of",     "name", "unnamed", "unknown", "not", "named"};

constexpr std::array<std::string_view, 86> unknown_texts = {"unknown",
                                                            "unkown",
                                                            "unknwn",
                                                            "unk",
                                                            "unnamed",
                                                            "noname",
                                                            "no name",
                                                            "name",
                                                            "not known",
                                                            "notknown",
                                                            "not known yet",
                                                            "name not known",
                                                            "name unknown",
                                                            "unknown name",
                                                            "not given",
                                                            "not stated",
                                                            "not recorded",
                                                            "not provided",
                                                            "not supplied",
                                                            "not available",
                                                            "not applicable",
                                                            "not disclosed",
                                                            "not specified",
                                                            "none",
                                                            "none given",
                                                            "nil",
                                                            "null",
                                                            "na",
                                                            "n a",
                                                            "nk",
                                                            "n k",
                                                            "fnu",
                                                            "lnu",
                                                            "nfn",
                                                            "nln",
                                                            "tbc",
                                                            "tba",
                                                            "tbd",
                                                            "to be confirmed",
                                                            "to be advised",
                                                            "test",
                                                            "testing",
                                                            "test test",
                                                            "test patient",
                                                            "test pupil",
                                                            "test child",
                                                            "dummy",
                                                            "blank",
                                                            "missing",
                                                            "anonymous",
                                                            "anon",
                                                            "withheld",
                                                            "redacted",
                                                            "forename",
                                                            "surname",
                                                            "first name",
                                                            "firstname",
                                                            "last name",
                                                            "lastname",
                                                            "no surname",
                                                            "no forename",
                                                            "no first name",
                                                            "nosurname",
                                                            "noforename",
                                                            "no last name",
                                                            "no given name",
                                                            "no family name",
                                                            "none known",
                                                            "not on file",
                                                            "surname unknown",
                                                            "forename unknown",
                                                            "surname not known",
                                                            "forename not known",
                                                            "unknown surname",
                                                            "unknown forename",
                                                            "forenames",
                                                            "given name",
                                                            "given names",
                                                            "family name",
                                                            "middle name",
                                                            "middle names",
                                                            "legal surname",
                                                            "legal forename",
                                                            "pupil name",
                                                            "child name",
                                                            "full name"};

bool only_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == ' '; });
}

// xx, xxx, aaaa; x x, a a
bool one_letter_only(std::string_view text) {
    return text.size() >= (text.front() == 'x' ? 2u : 3u) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front() || c == ' '; });
}

// Whom a number tells apart, for want of a name: "Pupil 12".
constexpr std::array<std::string_view, 9> numbered_words = {"pupil",  "student", "child", "person", "patient",
                                                            "client", "user",    "test",  "name"};
bool word_and_number(std::string_view text) {
    const std::size_t end = text.find_last_not_of("0123456789 ");
    return end != std::string_view::npos && end + 1 < text.size() &&
           in(text.substr(0, end + 1), numbered_words);
}

// "unknown unknown": the word, where the text is but one word again and again.
std::string_view one_word_again(std::string_view text) {
    const std::string_view word = text.substr(0, text.find(' '));
    bool again = true;
    for_each_token(text, [&](std::string_view next) { again = again && next == word; });
    return again ? word : text;
}

Placeholder placeholder_of(std::string_view text) {
    const std::string_view folded = one_word_again(text);
    if (only_digits(folded) || one_letter_only(text) || word_and_number(folded) ||
        in(folded, unknown_texts) || in(folded, titles))
        return Placeholder::unknown;
    if (folded.starts_with("baby of ") || folded.starts_with("infant of ") || folded.starts_with("child of "))
        return Placeholder::unnamed_newborn;
    bool child = false, several = false, other = false;
    for_each_token(folded, [&](std::string_view word) {
        while (!word.empty() && word.back() >= '0' && word.back() <= '9' && word.size() > 1 &&
               word.front() > '9')
            word.remove_suffix(1);  // twin2
        several |= in(word, several_words);
        if (in(word, unborn_words) || in(word, several_words))
            child = true;
        else if (!in(word, unborn_details))
            other = true;
    });
    if (child && !other) return several ? Placeholder::unnamed_of_several : Placeholder::unnamed_newborn;
    return folded == "new born" || folded == "male" || folded == "female" ? Placeholder::unnamed_newborn
                                                                          : Placeholder::none;
}

}  // namespace

void standard_name(std::string_view raw, Name& out) {
    thread_local std::string folded;
    fold(raw, folded);
    out.spaced.clear();
    out.plain.clear();
    out.placeholder = Placeholder::none;
    if (folded.empty()) return;
    std::string_view rest = folded;
    out.placeholder = placeholder_of(rest);
    while (out.placeholder == Placeholder::none) {
        const std::size_t blank = rest.find(' ');
        if (blank == std::string_view::npos || !in(rest.substr(0, blank), titles)) break;
        rest.remove_prefix(blank + 1);
        out.placeholder = placeholder_of(rest);
    }
    if (out.placeholder != Placeholder::none) return;
    bool glue = true;
    for_each_token(rest, [&](std::string_view word) {
        if (!glue) out.spaced += ' ';
        out.spaced += word;
        out.plain += word;
        glue = in(word, particles);
    });
}

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n,;:-/";
    const std::size_t from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) ||
           c == '\'' || c == '-';
}

// The first of the phrases that stands in text as words of its own. `size` 0: none.
struct Found {
    std::size_t at = 0, size = 0;
};
Found find_phrase(std::string_view text, Words phrases) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && is_word_char(text[i - 1])) continue;
        for (const auto phrase : phrases) {
            if (text.size() - i < phrase.size()) continue;
            bool same = true;
            for (std::size_t k = 0; same && k < phrase.size(); ++k) same = lower(text[i + k]) == phrase[k];
            const std::size_t end = i + phrase.size();
            if (same && (end == text.size() || !is_word_char(text[end]))) return {i, phrase.size()};
        }
    }
    return {};
}

// The longer of two that begin alike stands first.
constexpr std::array<std::string_view, 18> alias_phrases = {"also known as",
                                                            "preferred name",
                                                            "prefers to be called",
                                                            "likes to be called",
                                                            "known as",
                                                            "a.k.a.",
                                                            "a.k.a",
                                                            "a/k/a",
                                                            "aka",
                                                            "alias",
                                                            "formerly",
                                                            "previously",
                                                            "n\xC3\xA9"
                                                            "e",
                                                            "n\xC3\x89"
                                                            "e",
                                                            "n\xE9"
                                                            "e",
                                                            "nee",
                                                            "prev.",
                                                            "otherwise"};

// After these a single word is a surname.
constexpr std::array<std::string_view, 7> family_phrases = {"formerly",
                                                            "previously",
                                                            "n\xC3\xA9"
                                                            "e",
                                                            "n\xC3\x89"
                                                            "e",
                                                            "n\xE9"
                                                            "e",
                                                            "nee",
                                                            "prev."};

// A remark about the child, not a name of hers.
constexpr std::array<std::string_view, 26> remarks = {
    "deceased", "died",     "dec'd",  "decd",   "lac",   "cla",    "cin",          "cp",       "fostered",
    "adopted",  "adoption", "see",    "note",   "notes", "do not", "duplicate",    "dup",      "test",
    "twin",     "sibling",  "mother", "father", "carer", "left",   "confidential", "sensitive"};

bool is_remark(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
           find_phrase(text, remarks).size > 0;
}

struct Quotes {
    std::string_view open, close;
};
constexpr std::array<Quotes, 5> brackets = {
    {{"(", ")"}, {"[", "]"}, {"{", "}"}, {"\"", "\""}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}}};

}  // namespace

bool also_known_as(std::string_view raw, std::string& main, std::string& other) {
    main.clear();
    other.clear();
    bool of_family = false;
    const auto speaks_of_family = [](std::string_view text, const Found& found) {
        return find_phrase(text.substr(found.at, found.size), family_phrases).size > 0;
    };
    std::string_view second;
    std::string_view rest = raw;
    // brackets first: what stands in them is another name or a remark, and never part of the name
    while (!rest.empty()) {
        std::size_t open = std::string_view::npos;
        const Quotes* kind = nullptr;
        for (const auto& b : brackets)
            if (const std::size_t at = rest.find(b.open); at < open) {
                open = at;
                kind = &b;
            }
        if (kind == nullptr) break;
        const std::size_t from = open + kind->open.size();
        const std::size_t close = rest.find(kind->close, from);
        // a bracket never closed runs to the end; a lone quotation mark is a slip of the finger
        const bool lone = close == std::string_view::npos && kind->open == "\"";
        main += rest.substr(0, open);
        main += ' ';
        if (lone) {
            rest.remove_prefix(from);
            continue;
        }
        const std::string_view inside =
            trim(rest.substr(from, close == std::string_view::npos ? close : close - from));
        if (second.empty() && !is_remark(inside)) second = inside;
        rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + kind->close.size());
    }
    main += rest;
    if (const Found found = find_phrase(second, alias_phrases); found.size > 0) {
        of_family = speaks_of_family(second, found);
        second.remove_prefix(found.at + found.size);
    }
    other = trim(second);
    if (const Found found = find_phrase(main, alias_phrases); found.size > 0) {
        const std::string_view tail = trim(std::string_view(main).substr(found.at + found.size));
        if (other.empty() && !is_remark(tail)) {
            of_family = speaks_of_family(main, found);
            other = tail;
        }
        main.resize(found.at);
    }
    const std::string_view kept = trim(main);
    if (kept.empty()) {  // "known as Kit", "(Kit)": the only name there is
        main = other;
        other.clear();
        return false;
    }
    if (kept.size() == main.size()) return of_family;
    main.erase(0, static_cast<std::size_t>(kept.data() - main.data()));
    main.resize(kept.size());
    return of_family;
}

void split_full_name(std::string_view raw, std::string& forenames, std::string& surname) {
    forenames.clear();
    surname.clear();
    if (const std::size_t comma = raw.find(','); comma != std::string_view::npos) {
        surname = trim(raw.substr(0, comma));
        forenames = trim(raw.substr(comma + 1));
        if (!surname.empty()) return;
        forenames.clear();
        raw = raw.substr(comma + 1);
    }
    // by blanks only: a hyphen holds a name together
    std::vector<std::string_view> words;
    std::string folded;
    for (std::size_t i = 0; i < raw.size();) {
        const std::size_t from = raw.find_first_not_of(" \t\r\n", i);
        if (from == std::string_view::npos) break;
        const std::size_t to = std::min(raw.size(), raw.find_first_of(" \t\r\n", from));
        fold(raw.substr(from, to - from), folded);
        if (!folded.empty() && !(words.empty() && in(folded, titles)))
            words.push_back(raw.substr(from, to - from));
        i = to;
    }
    if (words.empty()) return;
    std::size_t family = words.size() - 1;
    while (family > 1) {  // the first word is a forename whatever it looks like
        fold(words[family - 1], folded);
        if (!in(folded, particles)) break;
        --family;
    }
    const auto join = [&](std::size_t from, std::size_t to, std::string& out) {
        for (std::size_t i = from; i < to; ++i) {
            if (i > from) out += ' ';
            out += words[i];
        }
    };
    join(0, std::max<std::size_t>(family, 1), forenames);
    if (family > 0) join(family, words.size(), surname);
}

}  // namespace sendhub::identity::text
