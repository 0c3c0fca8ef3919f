// Which pairs are worth comparing: records that share a key (matching.md section 5). Each pair is proposed
// once, by the first key that the two have in common.
//
// A value that more than `limit` records share is wide: by itself it proposes nothing. Pairs that share only
// wide values are still proposed where they share two of them and that narrower block is no larger than
// `sub_limit`; what is left out then is counted in the report, with the number of pairs it could have held at
// most. Where the narrower blocks hold more pairs than the work that the number of records allows, the
// largest are left out too, so that no file takes much more than n log n.
#pragma once

#include "identity/engine/block_keys.hpp"

namespace sendhub::identity {

struct BlockLimits {
    std::size_t limit = 200, sub_limit = 2000;
    // Pairs that all narrower blocks may hold together: so many, and so many more for each record.
    std::uint64_t narrow_pairs = 5'000'000, narrow_pairs_each = 50;
};
// Of the wide values of a record the first so many count, in the order of the keys.
inline constexpr std::size_t most_wide_values = 10;

struct KeyReport {
    std::string_view label;
    std::uint64_t values = 0;  // entries in blocks of two or more
    std::uint64_t blocks = 0;
    std::uint64_t largest = 0;
    std::uint64_t wide = 0;        // values that are too common to stand alone
    std::uint64_t truncated = 0;   // narrower blocks that were still too large
    std::uint64_t lost_pairs = 0;  // at most so many pairs were not compared because of them
    std::uint64_t pairs = 0;       // proposed first by this key
};

class Blocks {
  public:
    // Works out the blocks of all records. `keys` loses the wide values. With `wide` given (from an earlier
    // run: key << 32 | hash, ascending) those are the wide ones and no others, so that records can come and
    // go without a change for the rest.
    void build(KeyTable& keys, const Plan& plan, BlockLimits limits, unsigned threads,
               const std::vector<std::uint64_t>* wide = nullptr);

    // Calls pair(a, b), a < b, for every proposed pair of one chunk. Chunks and the order within them do not
    // depend on the number of threads.
    [[nodiscard]] std::size_t chunks() const { return chunks_.size(); }
    [[nodiscard]] std::size_t key_of_chunk(std::size_t chunk) const {
        return chunks_[chunk].list;
    }  // of report()
    template <class Pair>
    void for_each_pair(std::size_t chunk, Pair&& pair) const;

    // The records that share a key with `record`, each once and without itself. `record` is in `keys`, and
    // need not have been there when the blocks were built.
    void partners(std::uint32_t record, std::vector<std::uint32_t>& out) const;

    // The last record, which came after build(), is there for a look-up only, and goes again.
    void visit(std::uint32_t record) { take_out_wide(record); }
    void leave(std::uint32_t record) {
        while (!wide_of_.empty() && wide_of_.back().record >= record) wide_of_.pop_back();
    }

    // Adds records that came after build(); partners() finds them too.
    void append(std::size_t first);

    [[nodiscard]] const std::vector<std::uint64_t>& wide() const { return wide_; }
    [[nodiscard]] const std::vector<KeyReport>& report() const { return report_; }
    [[nodiscard]] std::vector<KeyReport>& report() { return report_; }
    // Records that have more than most_wide_values.
    [[nodiscard]] std::uint64_t cut_records() const { return cut_records_; }
    [[nodiscard]] std::size_t memory() const;

  private:
    struct Chunk {
        std::uint32_t list;  // below keys: a key; keys: the narrower blocks of wide values
        std::size_t begin, end;
    };
    struct WideOf {
        std::uint32_t record;
        std::uint32_t key, hash;
    };
    void take_out_wide(std::size_t first);
    void narrow();
    [[nodiscard]] std::size_t largest_narrow(const std::vector<std::uint64_t>& blocks_of_size) const;
    void cut_chunks();
    [[nodiscard]] std::span<const WideOf> wide_of(std::uint32_t record) const;
    // The narrower blocks that hold the record, ascending.
    [[nodiscard]] std::span<const std::uint64_t> narrow_of(std::uint32_t record) const {
        return {narrow_of_.data() + narrow_begin_[record], narrow_of_.data() + narrow_begin_[record + 1]};
    }
    // Whether a narrower block before this one, which holds both, holds both too.
    [[nodiscard]] bool share_narrow_before(std::uint32_t a, std::uint32_t b, std::uint64_t hash) const;

    KeyTable* keys_ = nullptr;
    BlockLimits limits_;
    std::vector<std::vector<std::uint64_t>> entries_;   // per key: hash << 32 | record, ascending
    std::vector<std::vector<std::uint64_t>> appended_;  // the same for records that came later
    std::vector<std::uint64_t> wide_;                   // key << 32 | hash, ascending
    std::vector<WideOf> wide_of_;                       // ascending by record, then key
    struct Narrow {
        std::uint64_t hash;
        std::uint32_t record;
    };
    static bool by_hash(const Narrow& x, const Narrow& y);
    std::vector<Narrow> narrow_;            // ascending by hash, then record; blocks within the limits only
    std::vector<std::uint64_t> narrow_of_;  // hashes by record, of build()
    std::vector<std::uint32_t> narrow_begin_;  // per record; empty: no narrower block
    std::uint64_t cut_records_ = 0;
    std::vector<Chunk> chunks_;
    std::vector<KeyReport> report_;
};

template <class Pair>
void Blocks::for_each_pair(std::size_t chunk, Pair&& pair) const {
    constexpr std::size_t ahead = 12;  // entries: rows are spread over the memory, each is a wait of its own
    const Chunk& c = chunks_[chunk];
    if (c.list < entries_.size()) {
        const auto& entries = entries_[c.list];
        for (std::size_t begin = c.begin; begin < c.end;) {
            std::size_t end = begin + 1;
            while (end < c.end && entries[end] >> 32 == entries[begin] >> 32) ++end;
            for (std::size_t i = begin; i < end && end - begin > 1; ++i) {
                const auto a = static_cast<std::uint32_t>(entries[i]);
                if (i + ahead < c.end) keys_->prefetch(static_cast<std::uint32_t>(entries[i + ahead]));
                for (std::size_t j = i + 1; j < end; ++j) {
                    const auto b = static_cast<std::uint32_t>(entries[j]);
                    if (keys_->share_before(a, b, c.list)) continue;
                    if (keys_->has_further(a) && keys_->has_further(b) &&
                        keys_->first_common(a, b, c.list) != entries[i] >> 32)
                        continue;
                    pair(a, b);
                }
            }
            begin = end;
        }
        return;
    }
    for (std::size_t begin = c.begin; begin < c.end;) {
        std::size_t end = begin + 1;
        while (end < c.end && narrow_[end].hash == narrow_[begin].hash) ++end;
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < end; ++j) {
                const std::uint32_t a = narrow_[i].record, b = narrow_[j].record;
                if (!share_narrow_before(a, b, narrow_[begin].hash) && keys_->common(a, b) == 0) pair(a, b);
            }
        begin = end;
    }
}

}  // namespace sendhub::identity
