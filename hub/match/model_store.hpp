// The models of match_model: the current one, a shadow that waits for a person, and those before.
#pragma once

#include <optional>
#include <string>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "identity/engine/engine.hpp"

namespace sendhub::match {

struct StoredModel {
    std::string version, body, plan;
    Micros trained_at = 0;
    std::int64_t records = 0;
};

// state: current or shadow. None: there is none.
Result<std::optional<StoredModel>> find_model(duck::Connection& store, std::string_view state);

// Makes the stored model that of the engine, with what it cannot know: feeds that came since it was trained
// have the mean prior. Refused when it stands on other columns, comparisons or keys.
Status use_stored(const StoredModel& stored, const std::vector<std::string>& sources,
                  identity::Engine& engine);

// The sources, comparisons and keys that a model of this engine stands on, as JSON.
std::string plan_text(const identity::Engine& engine, const std::vector<std::string>& sources);

// "2026-11-03.2": the day and a running number.
Result<std::string> next_version(duck::Connection& store, Micros now);

// Trains a model as the store gives it back: tonight works with the very weights that later nights read. Its
// priors come with the first scoring, and Engine::calibrate() after that.
Status train_for_store(identity::Engine& engine, std::span<const identity::LabelledPair> labels,
                       std::string version);

// Of a model that was trained and whose priors are fitted. Another one of the same state is retired.
Status write_stored(duck::Connection& store, const identity::Engine& engine,
                    const std::vector<std::string>& sources, std::string_view state, std::string_view note,
                    std::string_view run_id, Micros now);

}  // namespace sendhub::match
