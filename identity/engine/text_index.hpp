// Finds the code of a text in a table of texts: open addressing over 32-bit codes, one probe sequence a
// look-up, no copy of the text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "identity/engine/hash.hpp"

namespace sendhub::identity {

class TextIndex {
  public:
    // The code of `text`, or 0. text_of(code) gives the text of a code that was added.
    template <class TextOf>
    [[nodiscard]] std::uint32_t find(std::string_view text, TextOf&& text_of) const {
        if (slots_.empty()) return 0;
        const std::uint64_t hash = hash_text(text);
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            const Slot& slot = slots_[i];
            if (slot.code == 0) return 0;
            if (slot.tag == tag(hash) && text_of(slot.code) == text) return slot.code;
        }
    }

    // The code of `text`; when it is not there, `next` becomes its code. Codes are never 0.
    template <class TextOf>
    std::uint32_t find_or_add(std::string_view text, std::uint32_t next, TextOf&& text_of) {
        if ((used_ + 1) * 2 > slots_.size()) grow(text_of);
        const std::uint64_t hash = hash_text(text);
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            Slot& slot = slots_[i];
            if (slot.code == 0) {
                slot = {next, tag(hash)};
                ++used_;
                return next;
            }
            if (slot.tag == tag(hash) && text_of(slot.code) == text) return slot.code;
        }
    }

  private:
    struct Slot {
        std::uint32_t code = 0, tag = 0;
    };
    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
    static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

    template <class TextOf>
    void grow(TextOf&& text_of) {
        std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 4);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.code == 0) continue;
            std::size_t i = hash_text(text_of(slot.code)) & mask();
            while (slots_[i].code != 0) i = (i + 1) & mask();
            slots_[i] = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace sendhub::identity
