#include "base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace sendhub {

// Damerau-Levenshtein in its optimal string alignment form: three rows of the table are kept.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        // A name shorter than its own number of changes would be another word, not a slip.
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance && distance < std::max(name.size(), candidate.size())) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string nearest_hint(std::string_view name, std::span<const std::string_view> known) {
    if (const std::string_view best = nearest(name, known); !best.empty())
        return "; did you mean " + std::string(best) + "?";
    if (known.empty() || known.size() > 12) return "";
    std::string list;
    for (const std::string_view candidate : known)
        list += (list.empty() ? "" : ", ") + std::string(candidate);
    return "; known here: " + list;
}

}  // namespace sendhub
