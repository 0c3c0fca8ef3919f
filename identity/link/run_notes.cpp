#include "identity/link/run_notes.hpp"

#include <algorithm>

namespace sendhub::identity::link {
namespace {

std::string several(std::uint64_t n, std::string_view one, std::string_view many) {
    return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

void of_columns(const RunReport& report, std::vector<std::string>& notes) {
    for (const StandardCount& c : report.columns) {
        auto tell = [&](std::uint64_t n, const char* one, const char* many) {
            if (n > 0) notes.push_back(c.column + ": " + several(n, one, many));
        };
        tell(c.unusable, "value that could not be read counts as not given",
             "values that could not be read count as not given");
        tell(c.placeholders, "value that stands for \"no name\" (baby, unknown …) counts as not given",
             "values that stand for \"no name\" (baby, unknown …) count as not given");
        tell(c.moved, "value is of another number by its check digit, and was moved there",
             "values are of another number by their check digits, and were moved there");
        tell(c.second, "record has another such number in an earlier column: this one is not compared",
             "records have another such number in an earlier column: these are not compared");
        tell(c.institutional, "value is an institution or a pseudo postcode: to share it proves nothing",
             "values are institutions or pseudo postcodes: to share one proves nothing");
        tell(c.default_days, "value is a day that this source types for one not known; it weighs less",
             "values are days that this source types for one not known; they weigh less");
    }
}

void of_identifiers(const Engine& engine, std::vector<std::string>& notes) {
    for (const PollutedCount& p : engine.report().polluted_by) {
        std::string note = p.identifier + ": " + several(p.values, "value stands", "values stand") +
                           " on more than three different people (" +
                           several(p.records, "record", "records") + "): typed into a template, " +
                           (p.values == 1 ? "it proves" : "they prove") + " nothing";
        const auto& generics = engine.features().generics;
        const bool mapped = std::any_of(generics.begin(), generics.end(),
                                        [&](const Generic& g) { return g.name == p.identifier; });
        if (mapped && 2 * p.records > engine.size())
            note += "; where it is not the number of a person, --map \"" + p.identifier +
                    "=category\" compares it by equality";
        notes.push_back(std::move(note));
    }
}

void of_shared_numbers(const RunReport& report, std::vector<std::string>& notes) {
    for (const PollutedCount& p : report.shared_by)
        notes.push_back(
            p.identifier + ": " + several(p.values, "value stands", "values stand") +
            " on children who differ in name and birth date (" + several(p.records, "record", "records") +
            "): " + (p.values == 1 ? "it joins nobody" : "they join nobody") + ", and a person is asked");
}

void of_comparisons(const Engine& engine, std::vector<std::string>& notes) {
    const Features& f = engine.features();
    const Plan& plan = engine.plan();
    for (std::size_t g = 0; g < f.generics.size(); ++g) {
        const Generic& field = f.generics[g];
        const bool used =
            std::any_of(plan.comparisons.begin(), plan.comparisons.end(),
                        [&](const Comparison& c) { return c.kind >= Kind::identifier && c.generic == g; });
        if (used) continue;
        if (plan.comparisons.size() >= max_comparisons)
            notes.push_back(field.name + " is not compared: " + std::to_string(max_comparisons) +
                            " comparisons are the most; --map \"COLUMN=ignore\" makes room");
        else if (field.role == Role::region || f.uk_postcodes)
            notes.push_back(field.name + " is not compared: it says what the postcode or the town says");
    }
}

void of_training(const RunReport& report, const Model& model, std::vector<std::string>& notes) {
    for (const TrainingRound& round : report.training.rounds)
        if (!round.accepted)
            notes.push_back("the training round on pairs of equal " + round.blocked_on +
                            " was rejected: " + round.why);
    for (const Ladder& ladder : model.ladders)
        if (ladder.source == Learnt::shipped)
            notes.push_back("the weights of " + ladder.comparison + " are the shipped ones" +
                            (ladder.why.empty() ? "" : ": " + ladder.why));
}

void of_blocking(const RunReport& report, std::vector<std::string>& notes) {
    if (report.every_pair) return;
    for (const KeyReport& key : report.keys)
        if (key.truncated > 0)
            notes.push_back("blocking on " + std::string(key.label) + ": " +
                            several(key.truncated, "group was", "groups were") + " too large; at most " +
                            several(key.lost_pairs, "pair", "pairs") + " that share nothing else " +
                            (key.lost_pairs == 1 ? "was" : "were") + " not compared");
    if (report.id_pairs > 0 && report.found_by_others() < RunReport::wanted_by_others)
        notes.push_back("blocking: of " + several(report.id_pairs, "pair", "pairs") + " with one number " +
                        std::to_string(report.id_pairs_by_others) +
                        " would have been found without it; of those without a number some are not compared");
}

}  // namespace

std::vector<std::string> notes_of(const Engine& engine, const Clusters& clusters) {
    std::vector<std::string> notes;
    const RunReport& report = engine.report();
    of_columns(report, notes);
    of_identifiers(engine, notes);
    of_shared_numbers(report, notes);
    of_comparisons(engine, notes);
    of_training(report, engine.model(), notes);
    of_blocking(report, notes);
    for (const Shortfall& s : engine.shortfalls(clusters)) notes.push_back(s.text);
    return notes;
}

}  // namespace sendhub::identity::link
