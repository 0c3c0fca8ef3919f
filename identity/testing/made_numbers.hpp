// Identifiers with right check digits, every one only once, in ranges that belong to nobody.
#pragma once

#include <cstdint>
#include <string>

#include "identity/testing/written_text.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::identity::testing {

inline std::string make_upn(std::string_view la_and_estab, int year, std::uint32_t serial) {
    std::string body(la_and_estab);
    append_number(body, static_cast<std::uint32_t>(year % 100), 2);
    append_number(body, serial % 1000, 3);
    return rules::upn_check_letter(body) + body;
}

inline std::string make_temporary_upn(std::string_view la_and_estab, int year, std::uint32_t serial) {
    std::string body(la_and_estab);
    append_number(body, static_cast<std::uint32_t>(year % 100), 2);
    append_number(body, (serial / 23) % 100, 2);
    body += rules::upn_alphabet[serial % 23];
    return rules::upn_check_letter(body) + body;
}

// Hands out NHS numbers of the 999 range, in an order that does not put brothers and sisters side by side.
class NhsNumbers {
  public:
    std::string next() {
        for (;;) {
            const std::uint64_t n = 999'000'000ULL + (counter_++ * 387'421ULL) % 1'000'000ULL;
            std::string digits = number(n, 9);
            int sum = 0;
            for (std::size_t i = 0; i < 9; ++i) sum += (digits[i] - '0') * static_cast<int>(10 - i);
            const int check = (11 - sum % 11) % 11;
            if (check == 10) continue;
            digits += static_cast<char>('0' + check);
            if (rules::nhs_number_state(digits) == rules::IdState::valid) return digits;
        }
    }

  private:
    std::uint64_t counter_ = 1;
};

class Ulns {
  public:
    std::string next() {
        for (;;) {
            const std::uint64_t n = 500'000'000ULL + (counter_++ * 73'939'133ULL) % 100'000'000ULL;
            std::string digits = number(n, 9);
            int sum = 0;
            for (std::size_t i = 0; i < 9; ++i) sum += (digits[i] - '0') * static_cast<int>(10 - i);
            if (sum % 11 == 0) continue;
            digits += static_cast<char>('0' + 10 - sum % 11);
            return digits;
        }
    }

  private:
    std::uint64_t counter_ = 1;
};

// Two neighbouring digits in the wrong order, so that the check letter no longer fits; empty when there are
// none.
inline std::string mistype_upn(const std::string& upn) {
    for (std::size_t i = 12; i >= 5; --i) {
        if (upn[i] == upn[i - 1]) continue;
        std::string out = upn;
        std::swap(out[i], out[i - 1]);
        if (rules::upn_state(out) == rules::IdState::invalid) return out;
    }
    return {};
}

// Police national computer id: YY/NNNNNNNC (health-justice-feeds 4.6).
inline std::string make_pnc(int year, std::uint32_t serial) {
    static constexpr std::string_view letters = "ZABCDEFGHJKLMNPQRTUVWXY";
    const std::uint64_t whole = static_cast<std::uint64_t>(year % 100) * 10'000'000ULL + serial;
    std::string out = number(static_cast<std::uint32_t>(year % 100), 2);
    out += '/';
    append_number(out, serial, 7);
    out += letters[static_cast<std::size_t>(whole % 23)];
    return out;
}

}  // namespace sendhub::identity::testing
