#include "hub/match/shadow.hpp"

#include <set>

namespace sendhub::match {
namespace {

// Of each cluster of `one`, whether its records lie in several clusters of `other`; counted.
std::size_t divided(const std::vector<std::uint32_t>& one, const std::vector<std::uint32_t>& other) {
    std::vector<std::uint32_t> first(one.size(), no_record);
    std::set<std::uint32_t> out;
    for (std::uint32_t i = 0; i < one.size(); ++i) {
        if (first[one[i]] == no_record) first[one[i]] = other[i];
        if (first[one[i]] != other[i]) out.insert(one[i]);
    }
    return out.size();
}

std::set<std::pair<std::uint32_t, std::uint32_t>> pairs_of(const identity::Clusters& clusters) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const identity::Case& c : clusters.cases) out.emplace(c.a, c.b);
    return out;
}

}  // namespace

Result<bool> shadow_is_due(duck::Connection& store, const StoredModel& current, const Tonight& tonight,
                           std::int64_t retrain_days) {
    const Micros age = tonight.now - current.trained_at, limit = retrain_days * 86'400'000'000;
    const bool grown = static_cast<std::int64_t>(tonight.records.size()) >= 2 * current.records;
    if (age < limit && !grown) return false;
    SENDHUB_ASSIGN(const auto shadow, find_model(store, "shadow"));
    return !shadow || tonight.now - shadow->trained_at >= limit;
}

// Both engines number the records alike: by the hash of their keys.
Result<Shadow> train_shadow(const identity::Settings& settings, const Tonight& tonight,
                            std::span<const identity::LabelledPair> labels, std::string version) {
    Shadow out;
    out.engine = std::make_unique<identity::Engine>(settings);
    out.engine->load(tonight.records.table);
    SENDHUB_TRY(train_for_store(*out.engine, labels, std::move(version)));
    const identity::Decisions decisions = out.engine->decisions(tonight.decisions.for_engine());
    out.engine->score(decisions);
    out.engine->calibrate(labels);
    const identity::Clusters clusters = out.engine->resolve(decisions);
    const auto now = pairs_of(tonight.clusters), then = pairs_of(clusters);
    std::size_t fresh = 0, settled = 0;
    for (const auto& pair : then) fresh += !now.contains(pair);
    for (const auto& pair : now) settled += !then.contains(pair);
    out.note = "would join persons into " + std::to_string(divided(clusters.of, tonight.clusters.of)) +
               ", divide " + std::to_string(divided(tonight.clusters.of, clusters.of)) + ", bring " +
               std::to_string(fresh) + " new cases and settle " + std::to_string(settled);
    return out;
}

}  // namespace sendhub::match
