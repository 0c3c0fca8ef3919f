#include "tests/linkage/evaluate.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace sendhub::linkage {
namespace {

std::uint64_t pairs_of(std::uint64_t n) { return n * (n - 1) / 2; }
double share(std::uint64_t part, std::uint64_t whole, double if_none) {
    return whole == 0 ? if_none : static_cast<double>(part) / static_cast<double>(whole);
}
double harmonic(double a, double b) { return a + b == 0 ? 0 : 2 * a * b / (a + b); }

// The records that one cluster has of one person.
struct Cell {
    std::uint32_t cluster, person, first_record;
    std::uint32_t records;
};

class Forest {
  public:
    explicit Forest(std::size_t n) : up_(n) { std::iota(up_.begin(), up_.end(), 0U); }
    std::uint32_t root(std::uint32_t i) {
        while (up_[i] != i) i = up_[i] = up_[up_[i]];
        return i;
    }
    void join(std::uint32_t a, std::uint32_t b) { up_[root(a)] = root(b); }

  private:
    std::vector<std::uint32_t> up_;
};

std::vector<RecordPair> distinct(std::span<const RecordPair> pairs, std::size_t records) {
    std::vector<RecordPair> out;
    out.reserve(pairs.size());
    for (auto [a, b] : pairs) {
        if (a >= records || b >= records) throw std::out_of_range("a pair names a record that is not there");
        if (a != b) out.emplace_back(std::min(a, b), std::max(a, b));
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

class Judge {
  public:
    Judge(std::span<const std::uint32_t> clusters, const Truth& truth, const Pairs& pairs)
        : clusters_(clusters), truth_(truth), pairs_(pairs) {
        if (clusters.size() != truth.person.size())
            throw std::invalid_argument("there must be one cluster and one person for each record");
        persons_ = truth.person.empty() ? 0 : *std::ranges::max_element(truth.person) + 1ULL;
        if ((!truth.slices.empty() && truth.slices.size() < persons_) ||
            (!truth.birth.empty() && truth.birth.size() < persons_))
            throw std::invalid_argument("slices and births must be given for every person");
    }

    Evaluation judge() {
        make_cells();
        by_person();
        by_cluster();
        review();
        sealed();
        by_slice();
        return std::move(out_);
    }

  private:
    void make_cells() {
        struct Entry {
            std::uint64_t key;
            std::uint32_t record;
        };
        std::vector<Entry> entries(clusters_.size());
        for (std::uint32_t i = 0; i < entries.size(); ++i)
            entries[i] = {(std::uint64_t{clusters_[i]} << 32) | truth_.person[i], i};
        std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
            return a.key != b.key ? a.key < b.key : a.record < b.record;
        });
        cell_of_.resize(entries.size());
        for (const Entry& e : entries) {
            const auto cluster = static_cast<std::uint32_t>(e.key >> 32),
                       person = static_cast<std::uint32_t>(e.key);
            if (cells_.empty() || cells_.back().cluster != cluster || cells_.back().person != person)
                cells_.push_back({cluster, person, e.record, 0});
            ++cells_.back().records;
            cell_of_[e.record] = static_cast<std::uint32_t>(cells_.size() - 1);
        }
        out_.records = entries.size();
    }

    void by_person() {
        size_.assign(persons_, 0);
        found_.assign(persons_, 0);
        std::vector<std::uint32_t> parts(persons_, 0);
        for (const Cell& cell : cells_) {
            size_[cell.person] += cell.records;
            found_[cell.person] += pairs_of(cell.records);
            ++parts[cell.person];
            out_.correct_pairs += pairs_of(cell.records);
        }
        for (std::size_t p = 0; p < persons_; ++p) {
            if (size_[p] == 0) continue;
            ++out_.persons;
            out_.true_pairs += pairs_of(size_[p]);
            out_.split_persons += parts[p] > 1 ? 1 : 0;
        }
    }

    void by_cluster() {
        over_merged_.assign(persons_, false);
        for (std::size_t begin = 0, end = 0; begin < cells_.size(); begin = end) {
            std::uint64_t size = 0;
            for (end = begin; end < cells_.size() && cells_[end].cluster == cells_[begin].cluster; ++end)
                size += cells_[end].records;
            ++out_.clusters;
            out_.linked_pairs += pairs_of(size);
            const std::span cells(cells_.data() + begin, end - begin);
            for (const Cell& cell : cells) {
                const auto n = static_cast<double>(cell.records);
                out_.bcubed_precision += n * n / static_cast<double>(size);
                out_.bcubed_recall += n * n / static_cast<double>(size_[cell.person]);
            }
            if (cells.size() == 1) {
                out_.exact_persons += cells[0].records == size_[cells[0].person] ? 1 : 0;
                continue;
            }
            ++out_.over_merged_clusters;
            for (const Cell& cell : cells) over_merged_[cell.person] = true;
            note_twins(cells);
        }
        if (out_.records > 0) {
            out_.bcubed_precision /= static_cast<double>(out_.records);
            out_.bcubed_recall /= static_cast<double>(out_.records);
        } else {
            out_.bcubed_precision = out_.bcubed_recall = 1;
        }
        out_.over_merged_persons = static_cast<std::uint64_t>(std::ranges::count(over_merged_, true));
        count_twins();
    }

    void note_twins(std::span<const Cell> cells) {
        if (truth_.birth.empty()) return;
        std::vector<std::pair<std::uint32_t, const Cell*>> births;
        for (const Cell& cell : cells)
            if (truth_.birth[cell.person] != 0) births.emplace_back(truth_.birth[cell.person], &cell);
        std::ranges::sort(births, {}, [](const auto& b) { return std::pair(b.first, b.second->person); });
        for (std::size_t i = 0; i < births.size(); ++i)
            for (std::size_t j = i + 1; j < births.size() && births[j].first == births[i].first; ++j)
                twins_.push_back({{births[i].second->person, births[j].second->person},
                                  {births[i].second->first_record, births[j].second->first_record}});
    }

    void count_twins() {
        if (truth_.birth.empty()) return;
        std::vector<std::uint32_t> births;
        for (std::size_t p = 0; p < persons_; ++p)
            if (size_[p] > 0 && truth_.birth[p] != 0) births.push_back(truth_.birth[p]);
        std::ranges::sort(births);
        for (std::size_t begin = 0, end = 0; begin < births.size(); begin = end) {
            for (end = begin; end < births.size() && births[end] == births[begin]; ++end) {
            }
            out_.twin_pairs += pairs_of(end - begin);
        }
        // two children that share two clusters are one pair
        std::ranges::sort(twins_, {}, &Twins::persons);
        const auto again = std::ranges::unique(twins_, {}, &Twins::persons);
        twins_.erase(again.begin(), again.end());
        for (const Twins& t : twins_) out_.twin_merges.push_back(t.records);
    }

    void review() {
        const auto listed = distinct(pairs_.in_review, out_.records);
        Forest forest(cells_.size());
        out_.review_pairs = listed.size();
        out_.found_with_listed = out_.correct_pairs;
        for (const auto& [a, b] : listed) {
            const std::uint32_t p = truth_.person[a], q = truth_.person[b];
            if (p == q) {
                ++out_.review_true_pairs;
                if (cell_of_[a] != cell_of_[b]) ++out_.found_with_listed;
                forest.join(cell_of_[a], cell_of_[b]);
            } else if (!truth_.birth.empty() && truth_.birth[p] != 0 && truth_.birth[p] == truth_.birth[q]) {
                ++out_.review_twin_pairs;
            }
        }
        std::vector<std::uint64_t> joined(cells_.size(), 0);
        for (std::uint32_t i = 0; i < cells_.size(); ++i) joined[forest.root(i)] += cells_[i].records;
        reviewed_.assign(persons_, 0);
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            reviewed_[cells_[i].person] += joined[i] == 0 ? 0 : pairs_of(joined[i]);
            out_.found_with_review += joined[i] == 0 ? 0 : pairs_of(joined[i]);
        }
    }

    void sealed() {
        const auto barred = distinct(pairs_.sealed, out_.records);
        const auto listed = distinct(pairs_.in_review, out_.records);
        out_.sealed_pairs = barred.size();
        for (const auto& pair : barred) {
            out_.sealed_pairs_merged += clusters_[pair.first] == clusters_[pair.second] ? 1 : 0;
            out_.sealed_pairs_in_review += std::ranges::binary_search(listed, pair) ? 1 : 0;
        }
    }

    void by_slice() {
        if (truth_.slices.empty()) return;
        for (std::size_t bit = 0; bit < truth_.slice_names.size(); ++bit) {
            SliceResult slice{.name = truth_.slice_names[bit]};
            for (std::size_t p = 0; p < persons_; ++p) {
                if (size_[p] == 0 || (truth_.slices[p] >> bit & 1) == 0) continue;
                ++slice.persons;
                slice.true_pairs += pairs_of(size_[p]);
                slice.found_pairs += found_[p];
                slice.found_with_review += reviewed_[p];
                slice.over_merged_persons += over_merged_[p] ? 1 : 0;
            }
            const std::uint64_t others = out_.true_pairs - slice.true_pairs;
            if (slice.true_pairs > 0 && others > 0)
                slice.gap = 100 * (share(out_.correct_pairs - slice.found_pairs, others, 1) -
                                   share(slice.found_pairs, slice.true_pairs, 1));
            slice.bias = slice.gap > bias_points + 1e-9;  // two points exactly are not more than two
            out_.slices.push_back(std::move(slice));
        }
    }

    struct Twins {
        RecordPair persons;
        TwinMerge records;
    };

    std::span<const std::uint32_t> clusters_;
    const Truth& truth_;
    const Pairs& pairs_;
    std::size_t persons_ = 0;
    std::vector<Cell> cells_;              // by cluster, then person
    std::vector<std::uint32_t> cell_of_;   // of each record
    std::vector<std::uint64_t> size_;      // of each person, in records
    std::vector<std::uint64_t> found_;     // of each person, in pairs
    std::vector<std::uint64_t> reviewed_;  // the same after review
    std::vector<bool> over_merged_;        // of each person
    std::vector<Twins> twins_;
    Evaluation out_;
};

}  // namespace

double Evaluation::precision() const { return share(correct_pairs, linked_pairs, 1); }
double Evaluation::recall() const { return share(correct_pairs, true_pairs, 1); }
double Evaluation::f1() const { return harmonic(precision(), recall()); }
double Evaluation::bcubed_f1() const { return harmonic(bcubed_precision, bcubed_recall); }
double Evaluation::exact_rate() const { return share(exact_persons, persons, 1); }
double Evaluation::over_merged_per_100k() const { return 100'000 * share(over_merged_clusters, persons, 0); }
double Evaluation::over_merged_persons_per_100k() const {
    return 100'000 * share(over_merged_persons, persons, 0);
}
double Evaluation::recall_with_review() const { return share(found_with_review, true_pairs, 1); }
double Evaluation::recall_with_listed() const { return share(found_with_listed, true_pairs, 1); }
double Evaluation::review_per_1000_records() const { return 1000 * share(review_pairs, records, 0); }

Evaluation evaluate(std::span<const std::uint32_t> clusters, const Truth& truth, const Pairs& pairs) {
    return Judge(clusters, truth, pairs).judge();
}

}  // namespace sendhub::linkage
