// The blocking keys of each record: 32-bit hashes, one main value a key and, for those who have several names
// or postcodes, further ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "identity/engine/plan.hpp"
#include "identity/engine/uninitialised.hpp"

namespace sendhub::identity {

inline constexpr std::size_t most_key_values =
    16;  // of one kind (names, postcodes, values of a key) a record

class KeyTable {
  public:
    struct Further {
        std::uint8_t key;
        std::uint32_t hash;
        friend auto operator<=>(const Further&, const Further&) = default;
    };

    // The keys of records first … size-1; those before must have been added already.
    void add(const Features& features, const Plan& plan, std::size_t first, unsigned threads);

    // Forgets the records from `size` on.
    void truncate(std::size_t size);

    // Records that have more than most_key_values of a kind: the rest was left out.
    [[nodiscard]] std::uint64_t cut_records() const { return cut_records_; }

    [[nodiscard]] std::size_t keys() const { return keys_; }
    [[nodiscard]] std::size_t size() const { return further_end_.size(); }
    // 0: the record has no value for this key
    [[nodiscard]] std::uint32_t main(std::uint32_t record, std::size_t key) const { return row(record)[key]; }
    [[nodiscard]] bool has_further(std::uint32_t record) const { return row(record)[flag()] != 0; }
    [[nodiscard]] std::span<const Further> further(std::uint32_t record) const {
        if (!has_further(record)) return {};
        const std::uint32_t begin = record == 0 ? 0 : further_end_[record - 1];
        return {further_.data() + begin, further_end_[record] - begin};
    }
    // The record no longer has this value: it is too common to propose pairs by itself.
    void take_out(std::uint32_t record, std::size_t key, std::uint32_t hash);
    // Two records can share several values of one key; this is the smallest of them, 0 if there is none.
    [[nodiscard]] std::uint32_t first_common(std::uint32_t a, std::uint32_t b, std::size_t key) const;
    // Both records hold a common value of a key before `key`.
    [[nodiscard]] bool share_before(std::uint32_t a, std::uint32_t b, std::size_t key) const {
        const std::uint32_t *x = row(a), *y = row(b);
        return common_main(x, y, key) != 0 ||
               ((x[flag()] | y[flag()]) != 0 && share_further_before(a, b, key));
    }
    void prefetch(std::uint32_t record) const { __builtin_prefetch(row(record)); }
    // Bit k: both records hold a common value of key k.
    [[nodiscard]] std::uint32_t common(std::uint32_t a, std::uint32_t b) const;

    [[nodiscard]] std::size_t memory() const {
        return main_.capacity() * sizeof(Line) + further_.capacity() * sizeof(Further) +
               further_end_.capacity() * 4;
    }

  private:
    // A record's row: one value a key, blanks that are never read, and last whether there are further ones.
    // Whole cache lines.
    struct alignas(64) Line {
        std::uint32_t value[16];
    };
    [[nodiscard]] const std::uint32_t* row(std::uint32_t record) const {
        return main_[record * lines_].value;
    }
    std::uint32_t* row(std::uint32_t record) { return main_[record * lines_].value; }
    [[nodiscard]] std::size_t flag() const { return lines_ * 16 - 1; }
    // Bit k: of the first `keys`, the main values of key k are the same. Four at a time: most pairs differ in
    // nearly all, and a branch for each would be a guess gone wrong.
    static std::uint32_t common_main(const std::uint32_t* x, const std::uint32_t* y, std::size_t keys) {
        using Four [[gnu::vector_size(16)]] = std::uint32_t;
        Four bit = {1, 2, 4, 8}, common = {};
        for (std::size_t k = 0; k < keys; k += 4, bit <<= 4) {
            Four p, q;
            std::memcpy(&p, x + k, sizeof p);
            std::memcpy(&q, y + k, sizeof q);
            common |= Four((p == q) & (p != 0)) & bit;
        }
        return (common[0] | common[1] | common[2] | common[3]) & ((std::uint32_t{1} << keys) - 1);
    }
    [[nodiscard]] bool share_further_before(std::uint32_t a, std::uint32_t b, std::size_t key) const;

    std::size_t keys_ = 0, lines_ = 1;
    std::uint64_t cut_records_ = 0;
    std::vector<Line, Uninitialised<Line>> main_;
    std::vector<Further> further_;
    std::vector<std::uint32_t> further_end_;
};

}  // namespace sendhub::identity
