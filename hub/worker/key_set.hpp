// Which (scope, source_key) were seen: 128-bit keyed hashes in an open table, 16 bytes an entry. Two keys
// meet by chance once in 2^128 / n^2; the key of the hash is drawn anew in each process, so nobody can make
// them meet.
#pragma once

#include <sodium.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace sendhub::worker {

class KeySet {
  public:
    KeySet() : slots_(1024) { randombytes_buf(secret_, sizeof secret_); }

    struct Slot {
        std::uint64_t low = 0, high = 0;
    };

    // The first half of an insert; its place is fetched into the cache while the caller does something else.
    Slot look(std::uint32_t scope, std::string_view key) const {
        Slot slot;
        crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(&slot),
                                    reinterpret_cast<const unsigned char*>(key.data()), key.size(), secret_);
        // The scope is mixed in afterwards, bijectively: equal only when both halves are.
        slot.low ^= scope * 0x9E3779B97F4A7C15ull;
        if (slot.low == 0 && slot.high == 0) slot.high = 1;  // zero marks a free slot
        __builtin_prefetch(&slots_[slot.high & (slots_.size() - 1)], 1);
        return slot;
    }
    // The second. False when it was there already.
    bool insert(const Slot& slot) {
        if (count_ * 4 >= slots_.size() * 3) grow();
        Slot& place = find(slot);
        if (place.low == slot.low && place.high == slot.high) return false;
        place = slot;
        ++count_;
        return true;
    }
    bool insert(std::uint32_t scope, std::string_view key) { return insert(look(scope, key)); }

  private:
    static_assert(sizeof(Slot) == crypto_shorthash_siphashx24_BYTES);
    Slot& find(const Slot& slot) {
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t i = slot.high & mask;; i = (i + 1) & mask) {
            Slot& at = slots_[i];
            if ((at.low == 0 && at.high == 0) || (at.low == slot.low && at.high == slot.high)) return at;
        }
    }
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.low != 0 || slot.high != 0) find(slot) = slot;
    }
    std::vector<Slot> slots_;
    std::size_t count_ = 0;
    unsigned char secret_[crypto_shorthash_siphashx24_KEYBYTES];
};

}  // namespace sendhub::worker
