// The rules of clerical review (matching.md sections 9 and 14), without a store: which word is which verdict,
// what needs a second person, which decisions contradict each other, and how far two officers agree.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace sendhub::review {

// A child's record in one feed. ref is the feed's own key of the child: personal, so never in an Error or a
// log.
struct RecordKey {
    std::string feed, ref;
    auto operator<=>(const RecordKey&) const = default;
};
std::string to_string(const RecordKey& key);                       // "health_advice:55120"
std::optional<RecordKey> parse_record_key(std::string_view text);  // the first colon divides
// As pairs are kept: the smaller key first.
std::pair<RecordKey, RecordKey> in_order(const RecordKey& a, const RecordKey& b);

// What an officer may say of a case.
enum class Word : std::uint8_t {
    same,       // one child
    different,  // two children
    not_sure,   // neither; the case stays open
    split,      // one record does not belong to the people of this case's other records
    twins,      // two children, and siblings
    seal,       // the two sides must never meet (adoption, protection)
};
std::string_view to_string(Word word);  // as stored, and as the command line and the API take it
std::string_view in_words(Word word);   // for people: "not sure"
std::optional<Word> parse_word(std::string_view text);  // also "not-sure"
std::string_view verdict_of(Word word);  // same, different, not_sure, sealed: what matching goes by

// A veto by two different valid identifiers (V1 UPN, V2 NHS number, V3 ULN).
bool is_identifier_veto(std::string_view veto);
// Four eyes: overriding V1 to V3, splitting, un-merging and sealing. one_person: the records are held
// together today.
bool needs_second_person(Word word, std::string_view veto, bool one_person);

// Officers are told apart without regard to case and outer or double blanks: "J. Smith" cannot approve what
// "j. smith" proposed.
bool same_officer(std::string_view a, std::string_view b);

// A decision that holds, between two records.
struct Standing {
    std::int64_t decision = 0;
    RecordKey a, b;
    std::string verdict;  // same, different, sealed
};
// Decisions from one record to another that together say the opposite of a new one: "same" all along, or one
// "different" among them. Empty: nothing contradicts. The new decision is not in it.
std::vector<Standing> contradiction(std::span<const Standing> standing, const RecordKey& a,
                                    const RecordKey& b, std::string_view verdict);
// "decision 3 (same child), decision 7 (different children)": numbers only, no record.
std::string chain_in_words(std::span<const Standing> chain);

// How two officers judged the same case, as verdicts.
struct Agreement {
    std::size_t cases = 0, agreed = 0;
    // Cohen's kappa: 1 they always agree, 0 as often as chance would have it. None: no cases, or each always
    // said the same one word, where chance alone would make them agree.
    std::optional<double> kappa;
};
Agreement agreement(std::span<const std::pair<std::string, std::string>> verdicts);

// Every twentieth case, always the same ones, is looked at by a second officer as well.
bool is_double_reviewed(std::string_view case_id);

// A reason is required and is more than blanks; an officer has a name.
Status check_reason(std::string_view reason);
Status check_officer(std::string_view officer);

}  // namespace sendhub::review
