#include "hub/match/best_assignment.hpp"

#include <algorithm>

namespace sendhub::match {

// Shortest augmenting paths with potentials; costs are negated weights. Rows and columns count from 1, 0 is
// the column that a row starts from.
std::vector<int> best_assignment(const std::vector<std::vector<Weight>>& weight) {
    const std::size_t rows = weight.size(), columns = rows == 0 ? 0 : weight[0].size();
    const std::size_t n = std::max(rows, columns);
    auto cost = [&](std::size_t r, std::size_t c) -> Weight {
        return r <= rows && c <= columns ? -weight[r - 1][c - 1] : 0;
    };
    constexpr Weight far = static_cast<Weight>(1) << 120;
    std::vector<Weight> of_row(n + 1), of_column(n + 1);
    std::vector<std::size_t> row_of(n + 1), way(n + 1);
    for (std::size_t r = 1; r <= n; ++r) {
        row_of[0] = r;
        std::size_t at = 0;
        std::vector<Weight> least(n + 1, far);
        std::vector<bool> used(n + 1);
        do {
            used[at] = true;
            const std::size_t row = row_of[at];
            Weight step = far;
            std::size_t next = 0;
            for (std::size_t c = 1; c <= n; ++c) {
                if (used[c]) continue;
                const Weight now = cost(row, c) - of_row[row] - of_column[c];
                if (now < least[c]) least[c] = now, way[c] = at;
                if (least[c] < step) step = least[c], next = c;
            }
            for (std::size_t c = 0; c <= n; ++c)
                if (used[c])
                    of_row[row_of[c]] += step, of_column[c] -= step;
                else
                    least[c] -= step;
            at = next;
        } while (row_of[at] != 0);
        do {
            const std::size_t previous = way[at];
            row_of[at] = row_of[previous];
            at = previous;
        } while (at != 0);
    }
    std::vector<int> out(rows, -1);
    for (std::size_t c = 1; c <= columns; ++c)
        if (row_of[c] != 0 && row_of[c] <= rows && weight[row_of[c] - 1][c - 1] > 0)
            out[row_of[c] - 1] = static_cast<int>(c - 1);
    return out;
}

}  // namespace sendhub::match
