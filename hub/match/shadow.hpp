// A new model beside the current one: trained on tonight's records, asked what it would change, and kept
// until a person lets it in.
#pragma once

#include <memory>

#include "hub/match/model_store.hpp"
#include "hub/match/tonight.hpp"

namespace sendhub::match {

struct Shadow {
    std::unique_ptr<identity::Engine> engine;
    std::string note;  // "would join 12 persons with others, …"
};

// The current model is older than the settings allow or there are twice as many records as it had learnt
// from, and no shadow of these days waits.
Result<bool> shadow_is_due(duck::Connection& store, const StoredModel& current, const Tonight& tonight,
                           std::int64_t retrain_days);

Result<Shadow> train_shadow(const identity::Settings& settings, const Tonight& tonight,
                            std::span<const identity::LabelledPair> labels, std::string version);

}  // namespace sendhub::match
