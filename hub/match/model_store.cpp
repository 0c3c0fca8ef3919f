#include "hub/match/model_store.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "hub/match/level_shares.hpp"
#include "identity/engine/model_file.hpp"

namespace sendhub::match {
namespace {

// Labels, rounds and fallbacks of the training, and how often each level was met among the pairs it left.
std::string training_text(const identity::Engine& engine) {
    JsonWriter j;
    const identity::Training& report = engine.report().training;
    j.begin_object().field("labels", report.labels).field("labels_used", report.labels_used);
    j.key("rounds").begin_array();
    for (const identity::TrainingRound& round : report.rounds)
        j.begin_object()
            .field("blocked_on", round.blocked_on)
            .field("pairs", round.pairs)
            .field("match_share", round.match_share)
            .field("accepted", round.accepted)
            .field("why", round.why)
            .end_object();
    j.end_array().key("shipped").begin_array();
    for (const identity::Ladder& ladder : engine.model().ladders)
        if (ladder.source == identity::Learnt::shipped)
            j.begin_object().field("comparison", ladder.comparison).field("why", ladder.why).end_object();
    j.end_array().key("levels").begin_array();
    for (const LevelShare& share : level_shares(engine))
        j.begin_object()
            .field("comparison", share.comparison)
            .field("level", share.level)
            .field("share", share.share)
            .end_object();
    j.end_array().end_object();
    return j.take();
}

// New cells take the mean of the cells of their kind (within a source, across two).
void add_sources(identity::Model& model, std::uint16_t sources) {
    if (sources <= model.sources) return;
    if (model.sources > identity::Model::max_cells) {
        model.sources = sources;
        return;
    }
    identity::Model wider = model;
    wider.sources = sources;
    double within = 0, across = 0;
    std::size_t pairs = 0;
    for (std::uint16_t s = 0; s < model.sources; ++s)
        for (std::uint16_t t = s; t < model.sources; ++t) {
            const double prior = model.prior[model.cell(s, t)];
            if (s == t)
                within += prior;
            else
                across += prior, ++pairs;
        }
    within /= std::max<double>(1, model.sources);
    across = pairs == 0 ? model.base_prior : across / static_cast<double>(pairs);
    if (sources > identity::Model::max_cells) {
        wider.prior = {within, across};
    } else {
        wider.prior.assign(std::size_t{sources} * sources, 0);
        for (std::uint16_t s = 0; s < sources; ++s)
            for (std::uint16_t t = s; t < sources; ++t)
                wider.prior[wider.cell(s, t)] = t < model.sources ? model.prior[model.cell(s, t)]
                                                : s == t          ? within
                                                                  : across;
    }
    model = std::move(wider);
}

}  // namespace

Result<std::optional<StoredModel>> find_model(duck::Connection& store, std::string_view state) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select version, body, plan, trained_at, records from match_model where state "
                               "= ? order by coalesce(decided_at, trained_at) desc, version desc limit 1",
                               {state}));
    if (!rows.next()) return std::optional<StoredModel>();
    return std::optional<StoredModel>({std::string(rows.text(0)), std::string(rows.text(1)),
                                       std::string(rows.text(2)), rows.timestamp(3).micros, rows.integer(4)});
}

std::string plan_text(const identity::Engine& engine, const std::vector<std::string>& sources) {
    JsonWriter j;
    j.begin_object().key("comparisons").begin_array();
    for (const identity::Comparison& c : engine.plan().comparisons)
        j.begin_object().field("name", c.name).field("levels", c.levels.size()).end_object();
    j.end_array().key("keys").begin_array();
    for (const identity::Key& key : engine.plan().keys) j.value(key.label);
    j.end_array().key("sources").begin_array();
    for (const std::string& source : sources) j.value(source);
    j.end_array().end_object();
    return j.take();
}

Status use_stored(const StoredModel& stored, const std::vector<std::string>& sources,
                  identity::Engine& engine) {
    // sources only come, and stand last
    auto without_sources = [](std::string_view plan) { return plan.substr(0, plan.find(",\"sources\":")); };
    const std::string now = plan_text(engine, sources);
    if (without_sources(stored.plan) != without_sources(now))
        return fail(ErrorCode::input,
                    "model " + stored.version + " was trained on other columns than the feeds have now");
    SENDHUB_ASSIGN(identity::Model model, read_model(stored.body, engine.features(), engine.plan()));
    model.version = stored.version;
    add_sources(model, static_cast<std::uint16_t>(sources.size()));
    engine.use_model(std::move(model));
    return {};
}

Result<std::string> next_version(duck::Connection& store, Micros now) {
    const std::string day = format_date(day_of(now));
    SENDHUB_ASSIGN(const std::int64_t today,
                   store.count("select count(*) from match_model where starts_with(version, ?)",
                               {std::string_view(day)}));
    return day + "." + std::to_string(today + 1);
}

Status train_for_store(identity::Engine& engine, std::span<const identity::LabelledPair> labels,
                       std::string version) {
    engine.train(labels);
    SENDHUB_ASSIGN(identity::Model model,
                   read_model(write_model(engine.model(), engine.features(), engine.plan()),
                              engine.features(), engine.plan()));
    model.version = std::move(version);
    model.fitted = false;  // the priors come with the first scoring
    engine.use_model(std::move(model));
    return {};
}

Status write_stored(duck::Connection& store, const identity::Engine& engine,
                    const std::vector<std::string>& sources, std::string_view state, std::string_view note,
                    std::string_view run_id, Micros now) {
    SENDHUB_TRY(store.run("update match_model set state = 'retired' where state = ?", {state}));
    const std::string body = write_model(engine.model(), engine.features(), engine.plan());
    const std::string plan = plan_text(engine, sources), training = training_text(engine);
    return store.run(
        "insert into match_model (version, state, body, trained_at, records, note, run_id, plan, training) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {std::string_view(engine.model().version), state, std::string_view(body), duck::Timestamp{now},
         static_cast<std::int64_t>(engine.size()), note, run_id, std::string_view(plan),
         std::string_view(training)});
}

}  // namespace sendhub::match
