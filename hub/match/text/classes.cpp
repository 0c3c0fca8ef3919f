#include "hub/match/text/classes.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "hub/match/text/class_tables.hpp"

namespace sendhub::match::text {
namespace {

// Class numbers of one name, ascending: a line each. Those of nicknames and of spellings are numbered apart.
struct Membership {
    std::vector<std::uint16_t> nickname, forename, surname;
    std::vector<std::string_view> heads;  // what forename_classes gives
    std::string_view surname_head;
};

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
        std::unordered_map<std::string_view, Members> spellings;  // of a long form, by its first
        std::uint16_t number = 0;
        for_each_line(transliterations_table, [&](std::string_view section, const Members& words) {
            const bool forenames = section == "[forenames]" || section == "[both]";
            const bool surnames = section == "[surnames]" || section == "[both]";
            for (const auto word : words) {
                Membership& m = names_[word];
                if (forenames) {
                    m.forename.push_back(number);
                    m.heads.push_back(words.front());
                }
                if (surnames) {
                    m.surname.push_back(number);
                    if (m.surname_head.empty()) m.surname_head = words.front();
                }
            }
            if (forenames) spellings[words.front()] = words;
            ++number;
        });
        number = 0;
        for_each_line(nicknames_table, [&](std::string_view, const Members& words) {
            const auto join = [&](std::string_view word, bool long_form) {
                Membership& m = names_[word];
                if (m.nickname.empty() || m.nickname.back() != number) m.nickname.push_back(number);
                if (std::find(m.heads.begin(), m.heads.end(), words.front()) != m.heads.end()) return;
                m.heads.insert(long_form && m.forename.empty() ? m.heads.begin() : m.heads.end(),
                               words.front());
            };
            join(words.front(), true);
            // every spelling of the long form has its nicknames
            if (const auto it = spellings.find(words.front()); it != spellings.end())
                for (const auto spelling : it->second) join(spelling, true);
            for (const auto word : words) join(word, false);
            ++number;
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

}  // namespace

Relation forename_relation(std::string_view plain_a, std::string_view plain_b) {
    if (plain_a == plain_b) return Relation::none;
    const Membership* a = tables().find(plain_a);
    const Membership* b = a == nullptr ? nullptr : tables().find(plain_b);
    if (b == nullptr) return Relation::none;
    if (share(a->forename, b->forename)) return Relation::transliteration;
    return share(a->nickname, b->nickname) ? Relation::nickname : Relation::none;
}

Relation surname_relation(std::string_view plain_a, std::string_view plain_b) {
    if (plain_a == plain_b) return Relation::none;
    const Membership* a = tables().find(plain_a);
    const Membership* b = a == nullptr ? nullptr : tables().find(plain_b);
    return b != nullptr && share(a->surname, b->surname) ? Relation::transliteration : Relation::none;
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

}  // namespace sendhub::match::text
