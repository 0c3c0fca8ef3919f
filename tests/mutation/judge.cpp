#include "tests/mutation/judge.hpp"

#include <algorithm>
#include <set>

namespace sendhub::mutation {
namespace {

// Runs of blanks count as one: how a line break within a value is kept is of no account here.
std::string one_blank(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string shown(const std::string& text) {
    std::string out = "'";
    char hex[8];
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (u >= 0x20 && u != 0x7F) {
            out += c;
        } else {
            std::snprintf(hex, sizeof hex, "\\x%02x", u);
            out += hex;
        }
    }
    return out + "'";
}

// What the source gave beside a value is not compared.
bool compared(std::string_view field) { return !field.ends_with("_raw") && !field.starts_with('@'); }

// Empty: equal; else the first field that differs.
std::string difference(const Record& wanted, const Record& came) {
    for (const auto& [field, value] : wanted.fields) {
        if (!compared(field) || value == anything) continue;
        const auto found = came.fields.find(field);
        const std::string text = found == came.fields.end() ? std::string() : found->second;
        if (one_blank(text) != one_blank(value))
            return wanted.record + "." + field + ": wanted " + shown(value) + ", came " + shown(text);
    }
    for (const auto& [field, value] : came.fields)
        if (compared(field) && field != "source_key" && !wanted.fields.contains(field))
            return wanted.record + "." + field + ": wanted nothing, came " + shown(value);
    return {};
}

class Judge {
  public:
    Judge(const Document& document, const Written& written, const Outcome& outcome)
        : d_(document), w_(written), o_(outcome), used_(outcome.records.size(), false) {
        for (std::size_t i = 0; i < o_.records.size(); ++i)
            by_key_.emplace(o_.records[i].record + "\n" + one_blank(o_.records[i].key), i);
    }

    Judgement run() {
        Judgement out;
        if (!o_.failure.empty()) return {Verdict::silent, "the reader failed: " + o_.failure, false};
        if (o_.refused) {
            if (o_.refused->empty()) return {Verdict::silent, "refused without a reason", false};
            return {Verdict::refused, {}, !d_.may_be_refused};
        }
        bool any_rejected = false;
        for (std::size_t r = 0; r < d_.rows.size(); ++r) {
            const Row& row = d_.rows[r];
            std::string why;
            if (!row.unreadable && read_rightly(r, why)) continue;
            if (row.may_be_absent && nothing_of(r)) continue;
            if (rejected(r)) {
                any_rejected = true;
                out.too_strict = out.too_strict || !(row.touched || d_.any_row_may_be_rejected);
                take_what_is_right(r);
                continue;
            }
            if (out.difference.empty())
                out.difference =
                    "row " + std::to_string(r + 1) + " (line " + std::to_string(w_.extents[r].first()) +
                    "): " + (why.empty() ? "it cannot be read rightly and was not rejected" : why);
        }
        if (out.difference.empty())
            for (std::size_t i = 0; i < used_.size(); ++i)
                if (!used_[i] && !only_as_given(o_.records[i])) {
                    out.difference = "invented or changed: " + o_.records[i].record + " " +
                                     shown(o_.records[i].key) + words_of(o_.records[i]);
                    break;
                }
        if (!out.difference.empty())
            out.verdict = Verdict::silent;
        else if (any_rejected)
            out.verdict = Verdict::rejected;
        return out;
    }

  private:
    struct Alternative {
        std::vector<std::string> meanings;
        bool warn = false;
    };
    static std::string words_of(const Record& record) {
        std::string out;
        for (const auto& [field, value] : record.fields)
            if (field != "source_key" && field != "person_ref") out += " " + field + "=" + shown(value);
        return out;
    }

    // An address that only keeps what the source gave beside an empty postcode; a record of link with nothing but
    // an id, which it counts as one that cannot be linked.
    static bool only_as_given(const Record& record) {
        return (record.record == "address" || record.record == "row") &&
               std::all_of(record.fields.begin(), record.fields.end(), [](const auto& field) {
                   return !compared(field.first) || field.first == "source_key" ||
                          field.first == "person_ref";
               });
    }

    std::vector<Alternative> alternatives(std::size_t r) const {
        std::vector<Alternative> out{{}};
        for (const Cell& cell : d_.rows[r].cells) {
            std::vector<Alternative> next;
            for (const Alternative& begun : out)
                for (const Meaning& meaning : cell.meanings) {
                    if (next.size() >= 512) break;
                    Alternative more = begun;
                    more.meanings.push_back(meaning.warn && meaning.value.empty() ? unreadable
                                                                                  : meaning.value);
                    more.warn = more.warn || meaning.warn;
                    next.push_back(std::move(more));
                }
            out = std::move(next);
        }
        return out;
    }

    bool has_issue(std::size_t r, bool reject) const {
        return std::any_of(o_.issues.begin(), o_.issues.end(), [&](const Issue& issue) {
            return issue.reject == reject && w_.extents[r].holds(issue.line);
        });
    }
    bool rejected(std::size_t r) {
        if (has_issue(r, true)) return true;
        if (further_rejects_ >= o_.further_rejects || !nothing_of(r)) return false;
        ++further_rejects_;
        return true;
    }
    bool warned(std::size_t r) {
        if (has_issue(r, false)) return true;
        return further_warnings_++ < o_.further_warnings;
    }

    // The key of the row's child: as told, or as the reader made it for a child of these names.
    std::string ref_of(const std::vector<std::string>& meanings) const {
        if (const std::string told = told_ref(*d_.feed, d_.columns, meanings); !told.empty()) return told;
        if (!d_.feed->ref_is_made && d_.feed->ref_before_upn.empty()) return {};
        const auto value = [&](std::string_view field) {
            for (std::size_t i = 0; i < d_.columns.size(); ++i)
                if (d_.columns[i].record == "person" && d_.columns[i].field == field)
                    return meanings[i] == unreadable ? std::string() : one_blank(meanings[i]);
            return std::string();
        };
        const auto agrees = [&](const Record& record, const char* field) {
            const auto at = record.fields.find(field);
            const std::string wanted = value(field);
            return wanted == anything ||
                   (at == record.fields.end() ? wanted.empty() : one_blank(at->second) == wanted);
        };
        for (const Record& record : o_.records)
            if (record.record == "person_record" && record.key.starts_with(d_.feed->made_ref) &&
                agrees(record, "surname") && agrees(record, "forename") && agrees(record, "birth_date"))
                return record.key;
        return {};
    }

    // All that came under the record's key is equal to it, and something came.
    bool came(const Record& wanted, std::vector<std::size_t>& at, std::string& why) const {
        const auto [from, to] = by_key_.equal_range(wanted.record + "\n" + one_blank(wanted.key));
        if (from == to) {
            if (why.empty()) why = "there is no " + wanted.record + " " + shown(wanted.key);
            return false;
        }
        for (auto i = from; i != to; ++i) {
            if (const std::string other = difference(wanted, o_.records[i->second]); !other.empty()) {
                if (why.empty()) why = other;
                return false;
            }
            at.push_back(i->second);
        }
        return true;
    }

    bool read_rightly(std::size_t r, std::string& why) {
        for (const Alternative& alternative : alternatives(r)) {
            std::vector<std::size_t> at;
            const std::string ref = ref_of(alternative.meanings);
            bool all = true;
            for (const Record& record : true_records(*d_.feed, d_.columns, alternative.meanings, ref))
                if (!came(record, at, why)) {
                    all = false;
                    break;
                }
            if (!all) continue;
            if (alternative.warn && !warned(r)) {
                why = "a value was changed or left empty without a warning on its line";
                continue;
            }
            for (const std::size_t i : at) used_[i] = true;
            if (alternative.warn) take_invalid_numbers(ref);
            return true;
        }
        return false;
    }

    // A number that fails its check may be kept as one that proves nothing.
    void take_invalid_numbers(const std::string& ref) {
        for (std::size_t i = 0; i < used_.size(); ++i) {
            const Record& record = o_.records[i];
            const auto state = record.fields.find("id_state");
            if (record.record == "person_identifier" && record.key.starts_with(ref + "|") &&
                state != record.fields.end() && state->second == "invalid")
                used_[i] = true;
        }
    }

    // A rejected row may still give its child, if what it gives is right.
    void take_what_is_right(std::size_t r) {
        for (const Alternative& alternative : alternatives(r)) {
            const std::string ref = ref_of(alternative.meanings);
            for (const Record& record : true_records(*d_.feed, d_.columns, alternative.meanings, ref)) {
                std::vector<std::size_t> at;
                std::string why;
                if (came(record, at, why))
                    for (const std::size_t i : at) used_[i] = true;
            }
            take_invalid_numbers(ref);
        }
    }

    bool nothing_of(std::size_t r) const {
        for (const Alternative& alternative : alternatives(r))
            for (const Record& record : true_records(*d_.feed, d_.columns, alternative.meanings, "\x01"))
                if (by_key_.contains(record.record + "\n" + one_blank(record.key))) return false;
        return true;
    }

    const Document& d_;
    const Written& w_;
    const Outcome& o_;
    std::vector<bool> used_;
    std::uint64_t further_rejects_ = 0, further_warnings_ = 0;  // of those that are told by number alone
    std::multimap<std::string, std::size_t> by_key_;
};

}  // namespace

Judgement judge(const Document& document, const Written& written, const Outcome& outcome) {
    return Judge(document, written, outcome).run();
}

}  // namespace sendhub::mutation
