#include "identity/link/link.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "base/files.hpp"
#include "base/time.hpp"
#include "identity/engine/model_file.hpp"
#include "identity/link/report_page.hpp"
#include "identity/link/run_notes.hpp"
#include "identity/link/tables_out.hpp"
#include "identity/link/unlinkable.hpp"

namespace sendhub::identity::link {
namespace {

class Run {
  public:
    Run(const LinkOptions& options, const Told& told, const ColumnsTold& columns)
        : options_(options), told_(told), columns_(columns) {}

    Result<LinkOutcome> run() {
        SENDHUB_TRY(read_settings());
        SENDHUB_TRY(outputs_are_no_inputs());
        SENDHUB_TRY(load());
        engine_.emplace(start_settings());
        timed("standardise", [&] { engine_->load(loaded_.table); });
        set_rules();
        SENDHUB_TRY(get_model());
        score();
        resolve();
        count();
        SENDHUB_TRY(write());
        return std::move(out_);
    }

  private:
    template <class Work>
    void timed(std::string_view stage, Work&& work, const std::function<std::string()>& count = {}) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        done(stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
             count ? count() : "");
    }
    void done(std::string_view stage, double seconds, std::string_view count) {
        out_.stages.push_back({std::string(stage), seconds});
        if (told_) told_(stage, seconds, count);
    }

    Status read_settings() {
        if (!options_.settings.empty()) {
            SENDHUB_ASSIGN(settings_, read_link_settings(options_.settings));
        }
        if (!options_.ids.empty()) settings_.ids = options_.ids;
        if (!options_.source.empty()) settings_.source = options_.source;
        for (const std::string& map : options_.maps) {
            SENDHUB_ASSIGN(auto one, parse_map(map));
            std::erase_if(settings_.columns, [&](const auto& c) { return c.first == one.first; });
            settings_.columns.push_back(std::move(one));
        }
        if (!options_.purpose.empty()) {
            settings_.purpose = purpose_named(options_.purpose);
            if (!settings_.purpose) return fail(ErrorCode::usage, "--purpose is statistics or operational");
        }
        if (!settings_.threads) settings_.threads = std::max(1u, std::thread::hardware_concurrency());
        out_.purpose = settings_.purpose.value_or(Purpose::statistics);
        return {};
    }

    Status outputs_are_no_inputs() const {
        std::map<std::filesystem::path, std::string> inputs;
        std::error_code error;
        auto add = [&](const std::string& path) {
            if (!path.empty()) inputs.emplace(std::filesystem::weakly_canonical(path, error), path);
        };
        for (const std::string& file : options_.files) add(file);
        add(options_.settings);
        add(options_.use_model);
        for (const std::string& path : {options_.out, options_.pairs, options_.model, options_.report}) {
            if (path.empty()) continue;
            if (inputs.contains(std::filesystem::weakly_canonical(path, error)))
                return fail(ErrorCode::usage,
                            path + " is read and cannot be written over; name another file");
            add(path);  // nor may two outputs be one file
            const auto folder = std::filesystem::absolute(path).parent_path();
            if (!std::filesystem::is_directory(folder, error))
                return fail(ErrorCode::usage,
                            "there is no folder " + folder.string() + " to write " + path + " in");
        }
        return {};
    }

    Status load() {
        const LoadHints hints{settings_.ids,
                              settings_.source,
                              settings_.columns,
                              *settings_.threads,
                              settings_.delimiter.value_or(char{0}),
                              settings_.header_row.value_or(0)};
        SENDHUB_ASSIGN(loaded_,
                       load_files(options_.files, hints, [&](const LoadedFile& file, double seconds) {
                           done("read " + file.name, seconds,
                                std::to_string(file.rows) + " rows, " +
                                    std::to_string(file.reading.columns.size()) + " columns");
                           if (columns_) columns_(file);
                       }));
        out_.files = loaded_.files;
        out_.notes = loaded_.notes;
        if (loaded_.table.size() < 2)
            return fail(ErrorCode::input, "there is one record only: nothing to link");
        return {};
    }

    Settings start_settings() const {
        Settings settings;
        settings.threads = *settings_.threads;
        settings.standard.institutional_postcodes = settings_.institutional_postcodes;
        settings.standard.today =
            static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())
                                          .time_since_epoch()
                                          .count());
        settings.training.seed = settings_.seed.value_or(settings.training.seed);
        return settings;
    }
    // What can be settled only when the records are known; what a person settled stands above it.
    void set_rules() {
        const Settings preset = settings_for(out_.purpose, facts_of(engine_->features()));
        Settings& settings = engine_->settings();
        settings.thresholds = preset.thresholds;
        settings.vetoes = preset.vetoes;
        settings.blocks = preset.blocks;
        settings.every_pair_up_to = preset.every_pair_up_to;
        Thresholds& t = settings.thresholds;
        t.automatic = settings_.automatic.value_or(t.automatic);
        t.review = settings_.review.value_or(std::min(t.review, t.automatic));
        t.keep = std::min(t.keep, t.review);
        t.max_cluster = settings_.max_cluster.value_or(t.max_cluster);
        out_.thresholds = t;
        out_.children = settings.vetoes.children;
    }

    Status get_model() {
        if (options_.use_model.empty()) {
            timed(
                "train", [&] { engine_->train(); },
                [&] {
                    const auto& rounds = engine_->report().training.rounds;
                    const auto good = std::count_if(rounds.begin(), rounds.end(),
                                                    [](const TrainingRound& r) { return r.accepted; });
                    return std::to_string(good) + " of " + std::to_string(rounds.size()) + " rounds taken";
                });
            return {};
        }
        SENDHUB_ASSIGN(const std::string text, read_file(options_.use_model, std::size_t{1} << 30));
        SENDHUB_ASSIGN(Model model, read_model(text, engine_->features(), engine_->plan()));
        if (model.sources != engine_->features().sources)
            return fail(ErrorCode::input, "the model in " + options_.use_model + " is for " +
                                              std::to_string(model.sources) + " sources, the files have " +
                                              std::to_string(engine_->features().sources));
        engine_->use_model(std::move(model));
        return {};
    }

    void score() {
        timed(
            "compare", [&] { engine_->score(Decisions{}); },
            [&] { return std::to_string(engine_->report().pairs) + " pairs"; });
    }

    void resolve() {
        timed("group", [&] {
            clusters_ = engine_->resolve(Decisions{});
            const auto clean = one_record_sources(engine_->features(), clusters_);
            if (std::find(clean.begin(), clean.end(), 1) == clean.end()) return;
            for (std::size_t s = 0; s < clean.size(); ++s)
                if (clean[s])
                    out_.notes.push_back(loaded_.table.source_names[s] +
                                         " holds each person once: two of its records are not joined");
            engine_->settings().vetoes.one_record_each = clean;
            clusters_ = engine_->resolve(Decisions{});
        });
    }

    void count() {
        const auto notes = notes_of(*engine_, clusters_);
        out_.notes.insert(out_.notes.end(), notes.begin(), notes.end());
        out_.records = engine_->size();
        out_.pairs = engine_->report().pairs;
        out_.every_pair = engine_->report().every_pair;
        std::vector<std::uint32_t> size(engine_->size());
        for (const std::uint32_t cluster : clusters_.of) ++size[cluster];
        out_.cluster_sizes.assign(largest_size_told + 1, 0);
        for (const std::uint32_t n : size) {
            if (n == 0) continue;
            ++out_.people;
            ++out_.cluster_sizes[std::min<std::size_t>(n, largest_size_told)];
        }
        out_.cases = clusters_.cases.size();
        std::map<std::string, std::uint64_t> reasons;
        for (const Case& c : clusters_.cases)
            ++reasons[std::string(c.veto != Veto::none ? to_string(c.veto) : to_string(c.reason))];
        out_.cases_by_reason.assign(reasons.begin(), reasons.end());
        std::stable_sort(out_.cases_by_reason.begin(), out_.cases_by_reason.end(),
                         [](const auto& x, const auto& y) { return x.second > y.second; });
        copy_weights_ = weight_of_a_copy(*engine_);
        out_.unlinkable = static_cast<std::uint64_t>(std::count_if(
            copy_weights_.begin(), copy_weights_.end(),
            [&](float w) { return static_cast<double>(w) < engine_->settings().thresholds.automatic; }));
    }

    Status write() {
        const auto begin = std::chrono::steady_clock::now();
        SENDHUB_TRY(write_file(options_.out, clusters_csv(*engine_, loaded_.table, clusters_)));
        if (!options_.pairs.empty())
            SENDHUB_TRY(write_file(options_.pairs, pairs_csv(*engine_, loaded_.table, clusters_)));
        if (!options_.model.empty())
            SENDHUB_TRY(write_file(options_.model,
                                   write_model(engine_->model(), engine_->features(), engine_->plan())));
        if (!options_.report.empty())
            SENDHUB_TRY(write_file(options_.report,
                                   report_page({*engine_, loaded_.table, clusters_, out_, copy_weights_,
                                                options_.examples, options_.show_values})));
        done("write", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), "");
        return {};
    }
    Status write_file(const std::string& path, const std::string& text) {
        SENDHUB_TRY(write_file_atomically(path, text));
        out_.written.push_back(path);
        return {};
    }

    const LinkOptions& options_;
    const Told& told_;
    const ColumnsTold& columns_;
    LinkSettings settings_;
    Loaded loaded_;
    std::optional<Engine> engine_;
    Clusters clusters_;
    std::vector<float> copy_weights_;
    LinkOutcome out_;
};

}  // namespace

Result<LinkOutcome> link_files(const LinkOptions& options, const Told& told, const ColumnsTold& columns) {
    return Run(options, told, columns).run();
}

}  // namespace sendhub::identity::link
