#include "identity/text/classes.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "identity/text/class_tables.hpp"

namespace sendhub::identity::text {

// A name's place in a line of nicknames.
struct Seat {
    std::uint16_t line;
    bool long_form;
};

// Where one name stands in the tables, by number of line.
struct Membership {
    std::vector<Seat> nickname;
    std::vector<std::uint16_t> forename, surname;  // spellings
    std::vector<std::string_view> heads;           // what forename_classes gives
    std::string_view surname_head;
};

namespace {

using Members = std::vector<std::string_view>;

// fn(section, words) for each line that is neither empty nor a comment.
template <typename Fn>
void for_each_line(std::string_view table, Fn&& fn) {
    std::string_view section;
    while (!table.empty()) {
        const std::size_t end = std::min(table.find('\n'), table.size());
        std::string_view line = table.substr(0, end);
        table.remove_prefix(std::min(end + 1, table.size()));
        line = line.substr(0, line.find('#'));
        Members words;
        while (!line.empty()) {
            const std::size_t from = line.find_first_not_of(" \t\r");
            if (from == std::string_view::npos) break;
            const std::size_t to = std::min(line.find_first_of(" \t\r", from), line.size());
            words.push_back(line.substr(from, to - from));
            line.remove_prefix(to);
        }
        if (words.empty()) continue;
        if (words.front().front() == '[')
            section = words.front();
        else
            fn(section, words);
    }
}

class Tables {
  public:
    Tables() {
        std::vector<Members> spellings;  // by number
        for_each_line(transliterations_table, [&](std::string_view section, const Members& words) {
            const auto number = static_cast<std::uint16_t>(spellings.size());
            spellings.push_back(words);
            for (const auto word : words) {
                Membership& m = names_[word];
                if (section != "[surnames]") {
                    m.forename.push_back(number);
                    m.heads.push_back(words.front());
                }
                if (section != "[forenames]") {
                    m.surname.push_back(number);
                    if (m.surname_head.empty()) m.surname_head = words.front();
                }
            }
        });
        std::uint16_t line = 0;
        for_each_line(nicknames_table, [&](std::string_view, const Members& words) {
            const std::vector<std::uint16_t> classes = names_[words.front()].forename;
            const std::string_view head =
                classes.empty() ? words.front() : spellings[classes.front()].front();
            const auto join = [&](std::string_view word, bool long_form) {
                Membership& m = names_[word];
                if (!m.nickname.empty() && m.nickname.back().line == line) return;
                m.nickname.push_back({line, long_form});
                if (std::find(m.heads.begin(), m.heads.end(), head) != m.heads.end()) return;
                m.heads.insert(long_form && m.forename.empty() ? m.heads.begin() : m.heads.end(), head);
            };
            join(words.front(), true);
            for (const auto number : classes)  // every spelling of the long form has its nicknames
                for (const auto word : spellings[number]) join(word, true);
            for (const auto word : words) join(word, false);
            ++line;
        });
    }

    const Membership* find(std::string_view plain) const {
        const auto it = names_.find(plain);
        return it == names_.end() ? nullptr : &it->second;
    }

  private:
    std::unordered_map<std::string_view, Membership> names_;
};

const Tables& tables() {
    static const Tables all;
    return all;
}

bool share(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](std::uint16_t line) { return std::find(b.begin(), b.end(), line) != b.end(); });
}

// liz and lizzie, ed and eddie, kath and kathy
bool begin_alike(std::string_view a, std::string_view b) {
    const std::size_t enough = std::min({a.size(), b.size(), std::size_t{3}});
    return enough >= 2 && a.substr(0, enough) == b.substr(0, enough);
}

}  // namespace

const Membership* membership(std::string_view plain) { return tables().find(plain); }

Relation forename_relation(std::string_view plain_a, const Membership& a, std::string_view plain_b,
                           const Membership& b) {
    if (plain_a == plain_b) return Relation::none;
    if (share(a.forename, b.forename)) return Relation::transliteration;
    const bool alike = begin_alike(plain_a, plain_b);
    for (const Seat p : a.nickname)
        for (const Seat q : b.nickname)
            if (p.line == q.line && (p.long_form || q.long_form || alike)) return Relation::nickname;
    return Relation::none;
}

Relation surname_relation(std::string_view plain_a, const Membership& a, std::string_view plain_b,
                          const Membership& b) {
    return plain_a != plain_b && share(a.surname, b.surname) ? Relation::transliteration : Relation::none;
}

Relation forename_relation(std::string_view plain_a, std::string_view plain_b) {
    const Membership* a = membership(plain_a);
    const Membership* b = a == nullptr ? nullptr : membership(plain_b);
    return b == nullptr ? Relation::none : forename_relation(plain_a, *a, plain_b, *b);
}

Relation surname_relation(std::string_view plain_a, std::string_view plain_b) {
    const Membership* a = membership(plain_a);
    const Membership* b = a == nullptr ? nullptr : membership(plain_b);
    return b == nullptr ? Relation::none : surname_relation(plain_a, *a, plain_b, *b);
}

std::string_view forename_class(std::string_view plain) {
    const Membership* m = tables().find(plain);
    return m == nullptr || m->heads.empty() ? plain : m->heads.front();
}

std::string_view surname_class(std::string_view plain) {
    const Membership* m = tables().find(plain);
    return m == nullptr || m->surname_head.empty() ? plain : m->surname_head;
}

void forename_classes(std::string_view plain, const std::function<void(std::string_view)>& fn) {
    const Membership* m = tables().find(plain);
    if (m == nullptr || m->heads.empty()) return fn(plain);
    for (const auto head : m->heads) fn(head);
}

}  // namespace sendhub::identity::text
