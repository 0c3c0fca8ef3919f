// The identity engine: person records in; people, review cases and explanations out. It reads no file and no
// table, and gives the same result for any number of threads and any order of the input.
//
//   Engine engine(settings);
//   engine.load(table);            // standardise and index
//   engine.train();                // or use_model() with one trained before
//   engine.score();                // propose, compare and weigh pairs
//   Clusters who = engine.resolve(decisions);
//
// Records are numbered in canonical order; position(i) is the place of record i in the table.
#pragma once

#include <memory>

#include "identity/engine/blocks.hpp"
#include "identity/engine/cluster.hpp"
#include "identity/engine/evidence.hpp"
#include "identity/engine/standardise.hpp"
#include "identity/engine/train.hpp"

namespace sendhub::identity {

struct Settings {
    StandardSettings standard;
    TrainSettings training;
    BlockLimits blocks;
    Thresholds thresholds;
    VetoRules vetoes;
    // Files with no more pairs than this are compared whole, without blocking.
    std::uint64_t every_pair_up_to = 15'000'000;
    unsigned threads = 2;
};

struct Stage {
    std::string name;
    double seconds, processor;  // on the clock; of all processors together
};

// What a run left out or fell back on, of which no other figure tells.
struct Shortfall {
    std::string_view what;
    std::string text;       // a sentence for people, with what to do about it
    bool of_model = false;  // a new model mends it
};

struct RunReport {
    std::vector<Stage> stages;
    std::uint64_t records = 0, pairs = 0, edges = 0;
    std::uint64_t polluted = 0;  // values of identifiers that weigh nothing, and of which they are
    std::vector<PollutedCount> polluted_by;
    // Numbers that stand on two or three children: no pair of those is joined by them, and a person is asked.
    std::vector<PollutedCount> shared_by;
    bool every_pair = false;
    Training training;
    std::vector<KeyReport> keys;
    std::vector<StandardCount> columns;
    std::vector<Shortfall> shortfalls;
    // Of the pairs of one UPN, NHS number or ULN (all of them, also those not compared again), those that
    // also share another key: about that share of the pairs without a number is found. Only where keys
    // propose pairs.
    std::uint64_t id_pairs = 0, id_pairs_by_others = 0;
    [[nodiscard]] double found_by_others() const {
        return static_cast<double>(id_pairs_by_others) / static_cast<double>(id_pairs);
    }
    static constexpr double wanted_by_others = 0.995;  // matching.md section 5
};

// What people have said of a pair that was drawn at random for it; a, b: places in the table.
struct LabelledPair {
    std::uint32_t a, b;
    bool same;
    double pairs;  // of those it was drawn from it stands for so many
};

class Engine {
  public:
    explicit Engine(Settings settings);

    void load(const Table& table);
    // Labels are used from fewest_labels on; report().training says so.
    void train(std::span<const LabelledPair> labels = {});
    // After score() with a new model: fits its calibration to the labels; nothing where they are too few.
    void calibrate(std::span<const LabelledPair> labels);
    // A model that was trained before, on the same columns.
    void use_model(Model model);
    // Proposes, compares and weighs pairs; edges() holds those at or above thresholds.keep. With `before`,
    // pairs of two unchanged records are not compared again: their edges are taken from it. Given the same
    // model the result is that of a full run.
    struct Before {
        std::vector<bool> unchanged;  // per record
        std::vector<Edge> edges;      // at least those between unchanged records
    };
    void score(const Decisions& decisions, const Before* before = nullptr);
    [[nodiscard]] Clusters resolve(const Decisions& decisions) const;

    [[nodiscard]] std::size_t size() const { return features_.size(); }
    [[nodiscard]] std::uint32_t position(std::uint32_t record) const { return position_[record]; }
    // A hash of all that a record brings to its pairs: its values, and whether its identifiers are polluted
    // (which other records decide). Where it is what it was at the last run, the record is unchanged.
    [[nodiscard]] std::uint64_t fingerprint(const Table& table, std::uint32_t record) const;
    // Decisions are given by place in the table.
    [[nodiscard]] Decisions decisions(std::span<const Decision> by_position) const;

    [[nodiscard]] const Features& features() const { return features_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] const Model& model() const { return model_; }
    [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] Settings& settings() { return settings_; }
    [[nodiscard]] const RunReport& report() const { return report_; }
    // Those of the report, and what was left out of `clusters`.
    [[nodiscard]] std::vector<Shortfall> shortfalls(const Clusters& clusters) const;
    [[nodiscard]] const KeyTable& keys() const { return keys_; }
    // Of pairs that weigh as much and have the same doubt, how many are one child: 0 to 1.
    [[nodiscard]] double calibrated(const Edge& edge) const {
        return model_.calibrated(static_cast<double>(edge.weight), doubt(edge.a, edge.b, edge.pattern));
    }
    [[nodiscard]] Doubt doubt(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) const;
    [[nodiscard]] std::size_t memory() const;

    // ---- a resident index: records come and go, the model stays
    // Marks records as gone, adds new ones (the same columns) and compares those alone. Afterwards edges() is
    // what a full score() of the remaining records gives, and `clusters` what a full resolve() gives: only
    // what the change touches is worked out again. Returns the number of the first new record; numbers of
    // others stay.
    std::uint32_t change(std::span<const std::uint32_t> gone, const Table& added, const Decisions& decisions,
                         Clusters& clusters);
    // Who could the one record of `one` be: records with their weights, best first, at or above
    // thresholds.keep. It does not become part of the index. (Edge::b is the record of the index.)
    std::vector<Edge> search(const Table& one);

  private:
    std::vector<Edge> candidates(Scorer& scorer, std::uint32_t record,
                                 std::vector<std::uint32_t>& partners) const;
    [[nodiscard]] std::vector<std::uint32_t> numbers() const;  // by place in the table
    // The labels by numbers of records instead of places in the table, a < b; of records that are there.
    [[nodiscard]] std::vector<LabelledPair> by_number(std::span<const LabelledPair> labels) const;
    void tell_shortfalls();
    void count_shared_numbers();
    [[nodiscard]] std::uint32_t number_of(const Comparison& comparison, std::uint32_t record) const;
    // Kept whatever it weighs, so that a person is asked.
    [[nodiscard]] bool asked_of_a_number(std::uint64_t pattern) const {
        return settings_.vetoes.children && number_on_two_people(plan_, pattern);
    }
    double fit_priors();
    void fit_presence();
    void score_every_pair(std::vector<std::vector<Edge>>& found, double floor, const Before* before);
    void score_blocks(std::vector<std::vector<Edge>>& found, double floor, const Before* before);

    Settings settings_;
    Features features_;
    std::vector<std::uint32_t> position_;
    Plan plan_;
    KeyTable keys_;
    Blocks blocks_;
    Model model_;
    std::vector<Edge> edges_;  // ascending by (a, b)
    RunReport report_;
    std::unique_ptr<Scorer> searcher_;
};

}  // namespace sendhub::identity
