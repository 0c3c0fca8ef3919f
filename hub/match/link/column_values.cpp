#include "hub/match/link/column_values.hpp"

#include <algorithm>
#include <map>

#include "hub/match/engine/text_index.hpp"
#include "hub/match/text/date.hpp"
#include "schemas/rules/identifiers.hpp"
#include "schemas/rules/postcode.hpp"

namespace sendhub::match::link {
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
        seen[0] += text.size() >= 6 && text::parse_date(text, order).quality != text::ParsedDate::none;
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

Repeat first_repeat(const TextColumn& values, const TextColumn* within) {
    // row + 1 of the first holder of each value; rows whose value is known under another source chain on
    TextIndex index;
    std::vector<std::string> keys;  // only with `within`: source and value as one text
    keys.emplace_back();
    auto key_of = [&](std::size_t row) {
        std::string key((*within)[row]);
        key += '\x1f';
        key += values[row];
        return key;
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i].empty()) return {Repeat::empty, i, i};
        const auto next = static_cast<std::uint32_t>(i + 1);
        std::uint32_t code = 0;
        if (within == nullptr) {
            code = index.find_or_add(values[i], next, [&](std::uint32_t c) { return values[c - 1]; });
        } else {
            keys.push_back(key_of(i));
            code = index.find_or_add(keys[i + 1], next,
                                     [&](std::uint32_t c) { return std::string_view(keys[c]); });
        }
        if (code != next) return {Repeat::repeated, i, code - 1};
    }
    return {};
}

}  // namespace sendhub::match::link
