#include "identity/link/column_values.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include "identity/engine/parallel.hpp"
#include "identity/engine/text_index.hpp"
#include "identity/text/date.hpp"
#include "schemas/rules/identifiers.hpp"
#include "schemas/rules/postcode.hpp"

namespace sendhub::identity::link {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool is_year(std::string_view text) {
    return text.size() == 4 && all_digits(text) && text >= "1800" && text <= "2100";
}
bool is_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos;
}

}  // namespace

ValueLook look_at(const TextColumn& values) {
    ValueLook look;
    std::size_t filled = 0;
    for (std::size_t i = 0; i < values.size(); ++i) filled += !values[i].empty();
    if (filled == 0) return look;
    look.filled = static_cast<double>(filled) / static_cast<double>(values.size());

    constexpr std::size_t most = 2000;
    const std::size_t step = std::max<std::size_t>(1, filled / most);
    std::map<std::string_view, std::size_t> counts;
    std::size_t nth = 0;
    std::array<std::size_t, 8> seen{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string_view text = values[i];
        if (text.empty() || nth++ % step != 0) continue;
        ++look.seen;
        ++counts[text];
        const std::string compact = rules::compact_identifier(text);
        const auto order = text::DateOrder::iso_first_uk;
        seen[0] += text.size() >= 5 && text::parse_date(text, order).quality != text::ParsedDate::none;
        seen[1] += is_year(text);
        seen[2] += is_email(text);
        seen[3] += !rules::uk_postcode(compact).empty();
        seen[4] += rules::upn_state(compact) != rules::IdState::invalid;
        seen[5] += rules::nhs_number_state(compact) == rules::IdState::valid;
        seen[6] += text.find(' ') != std::string_view::npos;
        seen[7] += all_digits(compact);
    }
    const auto n = static_cast<double>(look.seen);
    auto share = [&](std::size_t count) { return static_cast<double>(count) / n; };
    std::size_t commonest = 0;
    for (const auto& [text, count] : counts) commonest = std::max(commonest, count);
    look.distinct = share(counts.size());
    look.commonest = share(commonest);
    look.dates = share(seen[0]);
    look.years = share(seen[1]);
    look.emails = share(seen[2]);
    look.postcodes = share(seen[3]);
    look.upns = share(seen[4]);
    look.nhs_numbers = share(seen[5]);
    look.several_words = share(seen[6]);
    look.digits = share(seen[7]);
    return look;
}

// Each part looks at the values of its own, told by their hash, and no further than where another found
// one.
Repeat first_repeat(const TextColumn& values, const TextColumn* within, unsigned threads) {
    const std::size_t parts = few_parts(threads);
    std::vector<Repeat> found(parts);
    std::atomic<std::size_t> far{values.size()};
    auto found_at = [&](Repeat& mine, const Repeat& repeat) {
        mine = repeat;
        for (std::size_t seen = far; repeat.row < seen && !far.compare_exchange_weak(seen, repeat.row);) {
        }
    };
    parallel_tasks(threads, parts, [&](std::size_t t) {
        TextIndex index;  // row + 1 of the first holder of each value
        std::string key, other;
        auto key_of = [&](std::size_t row, std::string& to) -> std::string_view {
            if (within == nullptr) return values[row];
            to = (*within)[row];
            to += '\x1f';
            to += values[row];
            return to;
        };
        for (std::size_t i = 0; i < far.load(std::memory_order_relaxed); ++i) {
            if (values[i].empty()) return found_at(found[t], {Repeat::empty, i, i});
            if (hash_text(values[i]) % parts != t) continue;
            const auto next = static_cast<std::uint32_t>(i + 1);
            const std::uint32_t code = index.find_or_add(
                key_of(i, key), next, [&](std::uint32_t c) { return key_of(c - 1, other); });
            if (code != next) return found_at(found[t], {Repeat::repeated, i, code - 1});
        }
    });
    Repeat first;
    for (const Repeat& r : found)
        if (r.kind != Repeat::none && (first.kind == Repeat::none || r.row < first.row)) first = r;
    return first;
}

}  // namespace sendhub::identity::link
