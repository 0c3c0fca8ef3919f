#include "hub/match/run.hpp"
#include "base/crash_point.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "hub/match/best_row.hpp"
#include "hub/match/case_store.hpp"
#include "hub/match/edge_store.hpp"
#include "hub/match/figures.hpp"
#include "hub/match/model_store.hpp"
#include "hub/match/people_store.hpp"
#include "hub/match/record_hash.hpp"
#include "hub/match/sample.hpp"
#include "hub/match/shadow.hpp"
#include "hub/match/task_store.hpp"
#include "hub/match/tonight.hpp"

namespace sendhub::match {
namespace {

constexpr std::int64_t pilot = 1000;  // a model of fewer records gives way once there are twice as many

identity::Settings engine_settings(const MatchSettings& settings, const PersonRecords& records) {
    identity::Settings out;
    out.standard.institutional_postcodes = settings.institutional_postcodes;
    out.vetoes.one_record_each.resize(records.table.source_names.size());
    for (std::size_t s = 0; s < records.table.source_names.size(); ++s)
        out.vetoes.one_record_each[s] =
            std::find(settings.one_record_each.begin(), settings.one_record_each.end(),
                      records.table.source_names[s]) != settings.one_record_each.end();
    return out;
}

// "Same" is said of two persons: all records that each would have without that word come along, even those
// that the other side's record alone would keep away.
identity::Clusters resolve(const identity::Engine& engine, const identity::Decisions& decisions) {
    identity::Decisions unjoined = decisions, joined = decisions;
    std::vector<std::uint32_t> named;
    for (const auto& [pair, verdict] : decisions.by_pair) {
        if (verdict != identity::Verdict::same) continue;
        unjoined.by_pair.erase(pair);
        named.push_back(static_cast<std::uint32_t>(pair >> 32));
        named.push_back(static_cast<std::uint32_t>(pair));
    }
    if (named.empty()) return engine.resolve(decisions);
    const identity::Clusters before = engine.resolve(unjoined);
    std::vector<bool> wanted(engine.size());
    for (const std::uint32_t i : named) wanted[before.of[i]] = true;
    for (const auto& [a, b] : before.joined)
        if (wanted[before.of[a]])
            joined.by_pair.try_emplace(identity::Decisions::pair(a, b), identity::Verdict::same);
    return engine.resolve(joined);
}

class Run {
  public:
    Run(duck::Connection& store, const MatchSettings& settings, std::string_view run_id, Micros now)
        : store_(store), settings_(settings) {
        t_.run_id = run_id;
        t_.now = now;
    }

    Result<MatchOutcome> go() {
        SENDHUB_TRY(read());
        if (t_.records.size() > 0) {
            SENDHUB_TRY(choose_model());
            SENDHUB_TRY(score());
        } else {
            t_.engine->train();  // the shipped weights, which are not stored: nobody is there to learn from
        }
        SENDHUB_ASSIGN(duck::Transaction transaction, duck::Transaction::begin(store_));
        SENDHUB_TRY(write());
        crash_point("match.before_commit");
        SENDHUB_TRY(transaction.commit());
        return finish();
    }

  private:
    Status read() {
        SENDHUB_ASSIGN(duck::Rows secret,
                       store_.query("select value from hub_secret where name = 'person_id'"));
        if (!secret.next())
            return fail(ErrorCode::bug,
                        "the store has no secret for person ids; it was not opened by this hub");
        t_.secret = secret.text(0);
        SENDHUB_ASSIGN(t_.records, read_person_records(store_, day_of(t_.now)));
        SENDHUB_ASSIGN(
            const std::int64_t gone,
            store_.count("select count(*) from person_link l where not exists (select 1 from "
                         "person_record p where p.feed = l.feed and p.person_ref = l.person_ref)"));
        out_.changed = gone > 0;
        SENDHUB_ASSIGN(t_.decisions, read_decisions(store_, t_.records));
        for (std::size_t i = 0; i < t_.records.size(); ++i)
            t_.token.push_back(record_token(t_.secret, t_.records.feed[i], t_.records.person_ref[i]));
        return start_engine();
    }
    Status start_engine() {
        t_.engine = std::make_unique<identity::Engine>(engine_settings(settings_, t_.records));
        t_.engine->load(t_.records.table);
        t_.number.resize(t_.records.size());
        for (std::uint32_t i = 0; i < t_.engine->size(); ++i) t_.number[t_.engine->position(i)] = i;
        return {};
    }

    Status choose_model() {
        SENDHUB_ASSIGN(stored_, find_model(store_, "current"));
        if (stored_) {
            const auto records = static_cast<std::int64_t>(t_.records.size());
            if (stored_->records < pilot && records >= 2 * stored_->records) {
                out_.notes.push_back("model " + stored_->version + " had learnt from " +
                                     std::to_string(stored_->records) +
                                     " records only; a new one takes over");
            } else if (auto used = use_stored(*stored_, t_.records.table.source_names, *t_.engine); !used) {
                if (used.error().code != ErrorCode::input) return used;
                out_.notes.push_back(used.error().sentence + "; a new one takes over");
            } else {
                return {};
            }
        }
        trained_ = true;
        SENDHUB_ASSIGN(std::string version, next_version(store_, t_.now));
        SENDHUB_ASSIGN(labels_, read_labels(store_, t_));
        return train_for_store(*t_.engine, labels_, std::move(version));
    }

    Status score() {
        t_.fingerprint = fingerprints(*t_.engine, t_.records);
        basis_ = score_basis(*t_.engine, settings_.institutional_postcodes);
        const identity::Decisions decisions = t_.engine->decisions(t_.decisions.for_engine());
        if (!trained_) {
            SENDHUB_ASSIGN(yesterday_, read_yesterday(store_, t_, basis_));
        }
        t_.engine->score(decisions, yesterday_ ? &yesterday_->before : nullptr);
        if (yesterday_) {
            SENDHUB_ASSIGN(const bool same, same_truncation(store_, *t_.engine));
            if (!same) {  // rare: a block has become too large, or no longer is
                yesterday_.reset();
                identity::Model model = t_.engine->model();
                SENDHUB_TRY(start_engine());
                t_.engine->use_model(std::move(model));
                t_.engine->score(decisions);
            }
        }
        if (trained_) t_.engine->calibrate(labels_);
        t_.clusters = resolve(*t_.engine, decisions);
        t_.cluster.assign(t_.records.size(), no_record);
        std::vector<std::uint32_t> smallest(t_.records.size(), no_record);  // by root of the engine
        for (std::uint32_t i = 0; i < t_.cluster.size(); ++i) {
            std::uint32_t& first = smallest[t_.clusters.of[t_.number[i]]];
            if (first == no_record) first = i;
            t_.cluster[i] = first;
        }
        if (trained_) return {};
        SENDHUB_ASSIGN(const bool due, shadow_is_due(store_, *stored_, t_, settings_.retrain_days));
        if (!due) return {};
        SENDHUB_ASSIGN(std::string version, next_version(store_, t_.now));
        SENDHUB_ASSIGN(labels_, read_labels(store_, t_));
        SENDHUB_ASSIGN(shadow_,
                       train_shadow(engine_settings(settings_, t_.records), t_, labels_, std::move(version)));
        return {};
    }

    Status write() {
        SENDHUB_TRY(write_sources(store_, t_.records));
        SENDHUB_TRY(write_expired(store_, t_.decisions));
        SENDHUB_TRY(write_followed(store_, t_.decisions));
        if (trained_)
            SENDHUB_TRY(write_stored(store_, *t_.engine, t_.records.table.source_names, "current", "",
                                     t_.run_id, t_.now));
        if (shadow_)
            SENDHUB_TRY(write_stored(store_, *shadow_->engine, t_.records.table.source_names, "shadow",
                                     shadow_->note, t_.run_id, t_.now));
        SENDHUB_TRY(assign_ids(store_, t_));
        SENDHUB_TRY(write_events(store_, t_));
        SENDHUB_TRY(write_links(store_, t_));
        SENDHUB_TRY(write_edges(store_, t_, yesterday_ ? &*yesterday_ : nullptr, basis_));
        SENDHUB_ASSIGN(out_.cases, write_cases(store_, t_));
        SENDHUB_TRY(write_tasks(store_, t_));
        SENDHUB_ASSIGN(const Sample sample, draw_sample(store_, t_));
        SENDHUB_TRY(write_sample(store_, t_, sample));
        SENDHUB_TRY(write_figures(store_, t_, sample));
        return write_best_rows(store_, settings_, t_.run_id, t_.now);
    }

    MatchOutcome finish() {
        out_.records = t_.records.size();
        std::vector<std::uint32_t> size(t_.cluster.size());
        for (const std::uint32_t c : t_.cluster) ++size[c];
        for (const std::uint32_t c : size) {
            if (c > 0) ++out_.people;
            if (c > 1) out_.linked += c;
        }
        out_.polluted = t_.engine->report().polluted;
        out_.compared = yesterday_ ? yesterday_->changed_records : out_.records;
        out_.model = t_.model();
        for (const Event& event : t_.assigned.events) {
            out_.created += event.type == EventType::create;
            out_.merged += event.type == EventType::merge;
            out_.split += event.type == EventType::split;
        }
        out_.changed |= !t_.assigned.events.empty();
        if (trained_) {
            std::size_t shipped = 0;
            for (const identity::Ladder& ladder : t_.engine->model().ladders)
                shipped += ladder.source == identity::Learnt::shipped;
            out_.notes.push_back("model " + t_.model() + " was trained" +
                                 (shipped == 0 ? std::string()
                                               : "; " + std::to_string(shipped) + " of " +
                                                     std::to_string(t_.engine->model().ladders.size()) +
                                                     " comparisons have the shipped weights") +
                                 heeded(*t_.engine));
        }
        for (const identity::Shortfall& s : t_.engine->report().shortfalls)
            if (s.of_model) out_.notes.push_back("model " + t_.model() + ": " + s.text);
        if (shadow_)
            out_.notes.push_back("model " + shadow_->engine->model().version + " waits for a person: it " +
                                 shadow_->note + heeded(*shadow_->engine));
        for (const std::string& note : out_.notes) log::info("match.note", note, {{"run_id", t_.run_id}});
        return std::move(out_);
    }

    static std::string heeded(const identity::Engine& engine) {
        const std::uint64_t labels = engine.report().training.labels_used;
        return labels == 0
                   ? ""
                   : "; it heeds what people said of " + std::to_string(labels) + " pairs drawn at random";
    }

    duck::Connection& store_;
    const MatchSettings& settings_;
    Tonight t_;
    MatchOutcome out_;
    std::optional<StoredModel> stored_;
    std::optional<Yesterday> yesterday_;
    std::optional<Shadow> shadow_;
    std::vector<identity::LabelledPair> labels_;  // of the model that is trained tonight
    std::string basis_;
    bool trained_ = false;
};

}  // namespace

Result<MatchOutcome> run_matching(duck::Connection& store, const MatchSettings& settings,
                                  std::string_view run_id, Micros now) {
    return Run(store, settings, run_id, now).go();
}

}  // namespace sendhub::match
