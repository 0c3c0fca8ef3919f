#include "identity/testing/made_child.hpp"
#include "identity/testing/written_text.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::identity::testing {
namespace {

// A tenth digit by which all ten, with the weights 10 to 1, make a sum that leaves `rest` by 11; 0 if there
// is none.
char last_digit(const std::string& nine, int rest) {
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) sum += (nine[i] - '0') * static_cast<int>(10 - i);
    const int digit = ((rest - sum) % 11 + 11) % 11;
    return digit == 10 ? '\0' : static_cast<char>('0' + digit);
}

}  // namespace

std::string Numbers::nhs(std::uint64_t block, unsigned follower) {
    // 9 at the front is given to nobody; 25 million blocks of four, in an order that looks like none. A block
    // whose number of this place can have no check digit is left out, for this child alone.
    for (;; block = nhs_++) {
        std::string digits = number(900'000'000ULL + block * 7'368'787ULL % 25'000'000ULL * 4 + follower);
        const char last = last_digit(digits, 0);
        if (last == '\0') continue;
        digits += last;
        if (rules::nhs_number_state(digits) == rules::IdState::valid) return digits;
    }
}

std::string Numbers::uln() {
    for (;;) {
        std::string digits = number(100'000'000ULL + uln_++ * 373'587'883ULL % 800'000'000ULL);
        const char last = last_digit(digits, 10);
        if (last == '\0') continue;
        digits += last;
        if (rules::uln_state(digits) == rules::IdState::valid) return digits;
    }
}

}  // namespace sendhub::identity::testing
