// What the values of a column look like, from up to 2,000 of them spread over all rows.
#pragma once

#include "identity/link/raw_table.hpp"

namespace sendhub::identity::link {

struct ValueLook {
    double filled = 0;  // share of all rows
    std::size_t seen = 0;
    // shares of the values that were looked at
    double distinct = 0, commonest = 0, dates = 0, years = 0, emails = 0, postcodes = 0, upns = 0,
           nhs_numbers = 0, several_words = 0, digits = 0;
};
ValueLook look_at(const TextColumn& values);

// Rows (from 0) of the first value that is empty, or that another row has too. `within`: another row of the
// same value there.
struct Repeat {
    enum Kind { none, empty, repeated } kind = none;
    std::size_t row = 0, other = 0;
};
Repeat first_repeat(const TextColumn& values, const TextColumn* within, unsigned threads);

}  // namespace sendhub::identity::link
