#include "identity/engine/blocks.hpp"

#include <algorithm>
#include <numeric>

#include "identity/engine/hash.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/engine/radix.hpp"

namespace sendhub::identity {
namespace {

constexpr std::size_t chunk_entries = 1 << 15;

constexpr std::uint64_t narrow_hash(std::uint32_t key_a, std::uint32_t hash_a, std::uint32_t key_b,
                                    std::uint32_t hash_b) {
    return mix(mix(std::uint64_t{key_a} << 32 | hash_a) ^ (std::uint64_t{key_b} << 32 | hash_b)) | 1;
}

// All (hash, record) of each of some keys, which follow each other, for records first … size-1.
void find_entries(const KeyTable& keys, std::size_t first_key, std::size_t first,
                  std::span<std::vector<std::uint64_t>> out) {
    for (auto& list : out) list.reserve(keys.size() - first);
    for (std::size_t i = first; i < keys.size(); ++i) {
        const auto record = static_cast<std::uint32_t>(i);
        for (std::size_t k = 0; k < out.size(); ++k)
            if (const std::uint32_t hash = keys.main(record, first_key + k); hash != 0)
                out[k].push_back(std::uint64_t{hash} << 32 | record);
        for (const auto& f : keys.further(record))
            if (const std::size_t k = std::size_t{f.key} - first_key; k < out.size() && f.hash != 0)
                out[k].push_back(std::uint64_t{f.hash} << 32 | record);
    }
}
// Records were added in ascending order and the sort is stable.
void sort_entries(std::vector<std::uint64_t>& list, std::vector<std::uint64_t>& spare) {
    radix_sort(list, spare, 32, 64);
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

void Blocks::build(KeyTable& keys, const Plan& plan, BlockLimits limits, unsigned threads,
                   const std::vector<std::uint64_t>* wide) {
    keys_ = &keys;
    limits_ = limits;
    const std::size_t count = plan.keys.size();
    entries_.assign(count, {});
    appended_.assign(count, {});
    report_.assign(count + 1, {});
    wide_of_.clear();
    cut_records_ = 0;
    std::vector<std::vector<std::uint64_t>> found(count);
    constexpr std::size_t at_once = 3;  // keys: they lie in one cache line of the record
    parallel_chunks(threads, count, at_once, [&](std::size_t, std::size_t begin, std::size_t end) {
        find_entries(keys, begin, 0, std::span(entries_).subspan(begin, end - begin));
    });
    auto no_memory = [] { return std::vector<std::uint64_t>(); };
    parallel_chunks(threads, count, 1, no_memory, [&](auto& spare, std::size_t k, std::size_t, std::size_t) {
        sort_entries(entries_[k], spare);
        for_groups(entries_[k], same_upper_half, [&](std::size_t begin, std::size_t end) {
            report_[k].largest = std::max<std::uint64_t>(report_[k].largest, end - begin);
            if (wide == nullptr && end - begin > limits_.limit)
                found[k].push_back(std::uint64_t{k} << 32 | entries_[k][begin] >> 32);
        });
    });
    wide_.clear();
    if (wide != nullptr)
        wide_ = *wide;
    else
        for (const auto& list : found) wide_.insert(wide_.end(), list.begin(), list.end());
    take_out_wide(0);
    parallel_tasks(threads, count, [&](std::size_t k) {
        report_[k].label = plan.keys[k].label;
        std::vector<std::uint64_t>& entries = entries_[k];
        auto next_wide = std::lower_bound(wide_.begin(), wide_.end(), std::uint64_t{k} << 32);
        std::size_t kept = 0;  // both ascend: what is not wide moves up
        for_groups(entries, same_upper_half, [&](std::size_t begin, std::size_t end) {
            const std::uint64_t value = std::uint64_t{k} << 32 | entries[begin] >> 32;
            while (next_wide != wide_.end() && *next_wide < value) ++next_wide;
            if (next_wide != wide_.end() && *next_wide == value) {
                ++report_[k].wide;
                return;
            }
            if (end - begin >= 2) {
                ++report_[k].blocks;
                report_[k].values += end - begin;
            }
            if (kept != begin)
                std::copy(entries.begin() + static_cast<std::ptrdiff_t>(begin),
                          entries.begin() + static_cast<std::ptrdiff_t>(end),
                          entries.begin() + static_cast<std::ptrdiff_t>(kept));
            kept += end - begin;
        });
        entries.resize(kept);
    });
    narrow();
    cut_chunks();
}

void Blocks::take_out_wide(std::size_t first) {
    for (std::size_t i = first; i < keys_->size() && !wide_.empty(); ++i) {
        const auto record = static_cast<std::uint32_t>(i);
        const std::size_t before = wide_of_.size();
        auto check = [&](std::uint32_t key, std::uint32_t hash) {
            if (hash != 0 && std::binary_search(wide_.begin(), wide_.end(), std::uint64_t{key} << 32 | hash))
                wide_of_.push_back({record, key, hash});
        };
        for (std::uint32_t k = 0; k < keys_->keys(); ++k) check(k, keys_->main(record, k));
        for (const auto& f : keys_->further(record)) check(f.key, f.hash);
        std::sort(wide_of_.begin() + static_cast<std::ptrdiff_t>(before), wide_of_.end(),
                  [](const WideOf& x, const WideOf& y) {
                      return std::pair(x.key, x.hash) < std::pair(y.key, y.hash);
                  });
        for (std::size_t w = before; w < wide_of_.size(); ++w)
            keys_->take_out(record, wide_of_[w].key, wide_of_[w].hash);
        if (wide_of_.size() > before + most_wide_values) {
            wide_of_.resize(before + most_wide_values);
            ++cut_records_;
        }
    }
}

bool Blocks::by_hash(const Narrow& x, const Narrow& y) {
    return x.hash != y.hash ? x.hash < y.hash : x.record < y.record;
}

void Blocks::narrow() {
    std::vector<Narrow> all;
    for_groups(
        wide_of_, [](const WideOf& x, const WideOf& y) { return x.record == y.record; },
        [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                for (std::size_t j = i + 1; j < end; ++j)
                    all.push_back(
                        {narrow_hash(wide_of_[i].key, wide_of_[i].hash, wide_of_[j].key, wide_of_[j].hash),
                         wide_of_[begin].record});
        });
    std::sort(all.begin(), all.end(), by_hash);
    auto each_block = [&](auto block) {
        for_groups(all, [](const Narrow& x, const Narrow& y) { return x.hash == y.hash; }, block);
    };
    std::vector<std::uint64_t> of_size(limits_.sub_limit + 1);
    each_block([&](std::size_t begin, std::size_t end) {
        if (end - begin < of_size.size()) ++of_size[end - begin];
    });
    const std::size_t limit = largest_narrow(of_size);
    KeyReport& report = report_.back();
    report.label = "two values that many share";
    narrow_.clear();
    narrow_of_.clear();
    narrow_begin_.clear();
    each_block([&](std::size_t begin, std::size_t end) {
        const std::uint64_t size = end - begin;
        if (size < 2) return;
        report.largest = std::max(report.largest, size);
        if (size > limit) {
            ++report.truncated;
            report.lost_pairs += size * (size - 1) / 2;
            return;
        }
        ++report.blocks;
        report.values += size;
        narrow_.insert(narrow_.end(), all.begin() + static_cast<std::ptrdiff_t>(begin),
                       all.begin() + static_cast<std::ptrdiff_t>(end));
    });
    if (narrow_.empty()) return;
    narrow_begin_.resize(keys_->size() + 1);
    for (const Narrow& n : narrow_) ++narrow_begin_[n.record + 1];
    std::partial_sum(narrow_begin_.begin(), narrow_begin_.end(), narrow_begin_.begin());
    std::vector<std::uint32_t> next(narrow_begin_.begin(), narrow_begin_.end() - 1);
    narrow_of_.resize(narrow_.size());
    for (const Narrow& n : narrow_) narrow_of_[next[n.record]++] = n.hash;
}

// The size up to which narrower blocks are gone through: the small ones first, as far as the work allows.
std::size_t Blocks::largest_narrow(const std::vector<std::uint64_t>& blocks_of_size) const {
    std::uint64_t left = limits_.narrow_pairs + limits_.narrow_pairs_each * keys_->size();
    std::size_t size = 2;
    for (; size < blocks_of_size.size(); ++size) {
        const std::uint64_t pairs = blocks_of_size[size] * (size * (size - 1) / 2);
        if (pairs > left) break;
        left -= pairs;
    }
    return size - 1;
}

void Blocks::cut_chunks() {
    chunks_.clear();
    auto cut = [&](std::uint32_t list, std::size_t size, auto same) {
        for (std::size_t begin = 0; begin < size;) {
            std::size_t end = std::min(size, begin + chunk_entries);
            while (end < size && same(end - 1, end)) ++end;
            chunks_.push_back({list, begin, end});
            begin = end;
        }
    };
    for (std::uint32_t k = 0; k < entries_.size(); ++k)
        cut(k, entries_[k].size(),
            [&](std::size_t x, std::size_t y) { return same_upper_half(entries_[k][x], entries_[k][y]); });
    cut(static_cast<std::uint32_t>(entries_.size()), narrow_.size(),
        [&](std::size_t x, std::size_t y) { return narrow_[x].hash == narrow_[y].hash; });
}

std::span<const Blocks::WideOf> Blocks::wide_of(std::uint32_t record) const {
    auto less = [](const WideOf& w, std::uint32_t r) { return w.record < r; };
    const auto begin = std::lower_bound(wide_of_.begin(), wide_of_.end(), record, less);
    auto end = begin;
    while (end != wide_of_.end() && end->record == record) ++end;
    return {begin, end};
}

bool Blocks::share_narrow_before(std::uint32_t a, std::uint32_t b, std::uint64_t hash) const {
    const auto x = narrow_of(a), y = narrow_of(b);
    for (auto i = x.begin(), j = y.begin(); *i < hash && *j < hash;) {  // both lists hold `hash`
        if (*i == *j) return true;
        if (*i < *j)
            ++i;
        else
            ++j;
    }
    return false;
}

void Blocks::append(std::size_t first) {
    take_out_wide(first);
    for (std::size_t k = 0; k < entries_.size(); ++k) {
        std::vector<std::uint64_t> added, spare;
        find_entries(*keys_, k, first, {&added, 1});
        sort_entries(added, spare);
        auto& list = appended_[k];
        const auto middle = static_cast<std::ptrdiff_t>(list.size());
        list.insert(list.end(), added.begin(), added.end());
        std::inplace_merge(list.begin(), list.begin() + middle, list.end());
    }
    const auto before = static_cast<std::ptrdiff_t>(narrow_.size());
    for (std::size_t i = first; i < keys_->size(); ++i) {
        const auto record = static_cast<std::uint32_t>(i);
        const auto mine = wide_of(record);
        for (std::size_t p = 0; p < mine.size(); ++p)
            for (std::size_t q = p + 1; q < mine.size(); ++q)
                narrow_.push_back(
                    {narrow_hash(mine[p].key, mine[p].hash, mine[q].key, mine[q].hash), record});
    }
    std::sort(narrow_.begin() + before, narrow_.end(), by_hash);
    std::inplace_merge(narrow_.begin(), narrow_.begin() + before, narrow_.end(), by_hash);
}

void Blocks::partners(std::uint32_t record, std::vector<std::uint32_t>& out) const {
    out.clear();
    auto look_up = [&](const std::vector<std::uint64_t>& list, std::uint32_t hash) {
        for (auto it = std::lower_bound(list.begin(), list.end(), std::uint64_t{hash} << 32);
             it != list.end() && *it >> 32 == hash; ++it)
            out.push_back(static_cast<std::uint32_t>(*it));
    };
    auto both = [&](std::size_t k, std::uint32_t hash) {
        if (hash == 0) return;
        look_up(entries_[k], hash);
        look_up(appended_[k], hash);
    };
    for (std::size_t k = 0; k < keys_->keys(); ++k) both(k, keys_->main(record, k));
    for (const auto& f : keys_->further(record)) both(f.key, f.hash);
    const auto mine = wide_of(record);
    for (std::size_t p = 0; p < mine.size(); ++p)
        for (std::size_t q = p + 1; q < mine.size(); ++q) {
            const std::uint64_t hash = narrow_hash(mine[p].key, mine[p].hash, mine[q].key, mine[q].hash);
            const auto [low, high] =
                std::equal_range(narrow_.begin(), narrow_.end(), Narrow{hash, 0},
                                 [](const Narrow& x, const Narrow& y) { return x.hash < y.hash; });
            for (auto it = low; it != high; ++it) out.push_back(it->record);
        }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    std::erase(out, record);
}

std::size_t Blocks::memory() const {
    std::size_t bytes = narrow_.capacity() * sizeof(Narrow) + wide_of_.capacity() * sizeof(WideOf) +
                        narrow_of_.capacity() * 8 + narrow_begin_.capacity() * 4;
    // at least: more was reserved, of which most is never touched
    for (const auto& list : entries_) bytes += list.size() * 8;
    for (const auto& list : appended_) bytes += list.capacity() * 8;
    return bytes;
}

}  // namespace sendhub::identity
