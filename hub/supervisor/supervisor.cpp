#include "hub/supervisor/supervisor.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstring>
#include <optional>
#include <set>
#include <system_error>

#include "base/log.hpp"
#include "hub/handover/wire.hpp"
#include "hub/supervisor/process.hpp"
#include "hub/supervisor/recount.hpp"

namespace sendhub::supervisor {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;
using ErrorOf = boost::system::error_code;

constexpr std::uint64_t kMostReported =
    64u << 20;  // bytes on descriptor 3 in one run: an honest run needs a thousandth
constexpr std::uint64_t kMostOnError = 16u << 20;  // bytes on standard error
constexpr std::size_t kLastWords = 8 * 1024;
constexpr auto kDrain = milliseconds(1000);  // for what a dead worker left in its pipes

std::string signal_name(int number) {
    const char* text = ::sigdescr_np(number);
    return text ? text : "signal " + std::to_string(number);
}

// A folder that did not become a batch: gone when nothing was written, else kept for inspection under a name
// that nobody takes for a batch.
void put_aside(const std::filesystem::path& folder, const std::filesystem::path& failed) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder, error))) return;
    bool empty = true;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.is_regular_file(error) && entry.file_size(error) > 0) empty = false;
    if (!empty) {
        std::filesystem::remove_all(failed, error);
        std::filesystem::rename(folder, failed, error);
        if (!error) return;
    }
    std::filesystem::remove_all(folder, error);
    if (error)
        log::error("worker.leftover", Error(ErrorCode::storage, "could not remove " + folder.string() + ": " +
                                                                    error.message() + "; remove it by hand"));
}

}  // namespace

struct Supervisor::State {
    asio::io_context& io;
    std::filesystem::path worker;
    Deadlines deadlines;
    asio::thread_pool counting{1};  // recounts, away from the thread of io
    struct Run;
    std::set<std::shared_ptr<Run>> runs;
    State(asio::io_context& i, std::filesystem::path w, Deadlines d)
        : io(i), worker(std::move(w)), deadlines(d) {}
    void start(handover::Job job, OnProgress on_progress, OnDone on_done);
};

// One worker, from start to outcome. Alive as long as a handler of it is.
struct Supervisor::State::Run : std::enable_shared_from_this<Run> {
    State* owner;  // null once the supervisor is gone
    handover::Job job;
    OnProgress on_progress;
    OnDone on_done;
    std::string feed;
    handover::Limits limits;
    Deadlines deadlines;
    pid_t pid = -1;
    asio::posix::stream_descriptor ended, error, report;
    asio::steady_timer silence, wall, kill_timer, drain;
    asio::executor_work_guard<asio::io_context::executor_type> work;
    Clock::time_point started_at = Clock::now();
    std::array<char, 16 * 1024> error_buffer{}, report_buffer{};
    std::string line, last_words;
    std::uint64_t reported = 0, on_error = 0;
    handover::Progress progress;
    bool said_hello = false, reaped = false, error_closed = false, report_closed = false, finished = false,
         cancelled = false;
    std::int64_t our_peak_kb = 0;  // of this process, when it started the worker
    unsigned not_understood = 0;
    std::optional<handover::Said> last_word;
    std::optional<std::pair<handover::OutcomeState, std::string>> verdict;  // why we ended it
    handover::Outcome outcome;

    Run(State& state, handover::Job j, OnProgress p, OnDone d)
        : owner(&state),
          job(std::move(j)),
          on_progress(std::move(p)),
          on_done(std::move(d)),
          deadlines(state.deadlines),
          ended(state.io),
          error(state.io),
          report(state.io),
          silence(state.io),
          wall(state.io),
          kill_timer(state.io),
          drain(state.io),
          work(asio::make_work_guard(state.io)) {
        std::visit(
            [this](const auto& it) {
                feed = it.feed;
                limits = it.limits;
            },
            job);
    }

    // The job, when a batch comes of it.
    const handover::StageJob* batch_job() const {
        const auto* stage = std::get_if<handover::StageJob>(&job);
        return stage && !stage->check ? stage : nullptr;
    }

    std::string about() const { return "feed " + feed + ": "; }

    void begin() {
        std::error_code ignored;
        if (const auto* stage = batch_job();
            stage && std::filesystem::exists(stage->staging / stage->batch_id, ignored)) {
            outcome.state = handover::OutcomeState::failed;
            outcome.sentence = about() + "there is a batch " + stage->batch_id +
                               " already and it is left as it is; give the run another batch id";
            asio::post(work.get_executor(), [self = shared_from_this()] { self->deliver(); });
            return;
        }
        rusage ours{};
        ::getrusage(RUSAGE_SELF, &ours);
        our_peak_kb = ours.ru_maxrss;
        auto process = start_worker(owner->worker, {"run", std::to_string(::getpid())}, to_json(job));
        if (!process) {
            outcome.state = handover::OutcomeState::retry;
            outcome.sentence = about() + process.error().sentence;
            asio::post(work.get_executor(), [self = shared_from_this()] { self->deliver(); });
            return;
        }
        pid = process->pid;
        ended.assign(process->ended.release());
        error.assign(process->error.release());
        report.assign(process->report.release());
        ended.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](ErrorOf e) {
            if (!e) self->reap();
        });
        read_error();
        read_report();
        expect(deadlines.start);
        wall.expires_after(seconds(limits.wall_seconds));
        wall.async_wait([self = shared_from_this()](ErrorOf e) {
            if (!e)
                self->terminate(handover::OutcomeState::timed_out,
                                self->about() + "the run took longer than the limit of " +
                                    std::to_string(self->limits.wall_seconds) +
                                    " s and was stopped; look whether the source has grown, or raise "
                                    "limits.wall_seconds of the feed");
        });
    }

    // The next word is due within this time.
    void expect(milliseconds within) {
        silence.expires_after(within);
        silence.async_wait([self = shared_from_this(), within](ErrorOf e) {
            if (e || self->reaped) return;
            const std::string after = std::to_string(within.count() / 1000) + " s";
            if (self->last_word && self->last_word->state != handover::OutcomeState::ok)
                self->terminate(self->last_word->state, self->last_sentence());  // it hangs while closing
            else if (self->last_word)
                self->terminate(handover::OutcomeState::timed_out,
                                self->about() + "the worker said that it was done and did not end within " +
                                    after + "; tell the author of the plugin");
            else if (!self->said_hello)
                self->terminate(handover::OutcomeState::timed_out,
                                self->about() + "the worker did not start within " + after +
                                    "; the machine may be overloaded, try again");
            else
                self->terminate(handover::OutcomeState::timed_out,
                                self->about() + "the plugin made no progress for " + after + self->where() +
                                    " and was stopped; look at that file, and tell the author of the plugin");
        });
    }

    std::string where() const {
        if (std::holds_alternative<handover::FetchJob>(job)) return " while fetching";
        if (progress.counts.files == 0) return " before the first file";
        return " while reading file " + std::to_string(progress.counts.files) + " of the batch";
    }

    void read_report() {
        report.async_read_some(asio::buffer(report_buffer),
                               [self = shared_from_this()](ErrorOf e, std::size_t n) {
                                   if (!e) self->hear({self->report_buffer.data(), n});
                                   if (!e && !self->finished) return self->read_report();
                                   self->report_closed = true;
                                   self->conclude();
                               });
    }

    void read_error() {
        error.async_read_some(
            asio::buffer(error_buffer), [self = shared_from_this()](ErrorOf e, std::size_t n) {
                if (!e) {
                    self->on_error += n;
                    self->last_words.append(self->error_buffer.data(), n);
                    if (self->last_words.size() > kLastWords)
                        self->last_words.erase(0, self->last_words.size() - kLastWords);
                    if (self->on_error > kMostOnError)
                        self->terminate(handover::OutcomeState::output_limit,
                                        self->about() + "the plugin wrote more than " +
                                            std::to_string(kMostOnError >> 20) +
                                            " MB to standard error and was stopped; tell its author");
                    if (!self->finished) return self->read_error();
                }
                self->error_closed = true;
                self->conclude();
            });
    }

    void hear(std::string_view text) {
        reported += text.size();
        while (!text.empty()) {
            const auto end = text.find('\n');
            line += text.substr(0, end);
            if (line.size() > handover::kLongestLine || reported > kMostReported) {
                line.clear();
                return terminate(handover::OutcomeState::output_limit,
                                 about() +
                                     "the worker reported more than an honest run can have to say and was "
                                     "stopped; tell the author of the plugin");
            }
            if (end == std::string_view::npos) return;
            text.remove_prefix(end + 1);
            understand(line);
            line.clear();
        }
    }

    void understand(const std::string& one) {
        const auto said = handover::parse_line(one);
        if (!said) {
            if (++not_understood == 20)
                terminate(handover::OutcomeState::lied,
                          about() +
                              "the worker reports what is no report and was stopped; "
                              "tell the author of the plugin");
            return;
        }
        if (last_word) return;  // nothing counts after it
        switch (said->what) {
            case handover::Said::What::hello:
                said_hello = true;
                break;
            case handover::Said::What::log:
                if (said->level >= 2)
                    log::warn("plugin.says", said->text, {{"feed", feed}});
                else if (said->level == 1)
                    log::info("plugin.says", said->text, {{"feed", feed}});
                else
                    log::debug("plugin.says", said->text, {{"feed", feed}});
                break;
            case handover::Said::What::progress:
                progress = said->progress;
                if (on_progress && !verdict && owner) on_progress(progress);
                break;
            case handover::Said::What::end:
                last_word = said;
                break;
        }
        // A log line is no work done.
        if (said->what != handover::Said::What::log && !verdict)
            expect(last_word ? deadlines.end : milliseconds(seconds(limits.idle_seconds)));
    }

    void cancel() {
        cancelled = true;
        terminate(handover::OutcomeState::cancelled, about() + "the run was stopped by the hub");
    }

    void terminate(handover::OutcomeState state, std::string sentence) {
        if (verdict || reaped || pid < 0) return;
        verdict.emplace(state, std::move(sentence));
        silence.cancel();
        wall.cancel();
        ::kill(-pid, SIGTERM);
        kill_timer.expires_after(deadlines.grace);
        kill_timer.async_wait([self = shared_from_this()](ErrorOf e) {
            if (!e && !self->reaped) ::kill(-self->pid, SIGKILL);
        });
    }

    // The leader has ended. Its group is killed while its number cannot yet be anybody else's, then it is
    // reaped.
    void reap() {
        if (reaped) return;
        ::kill(-pid, SIGKILL);
        int status = 0;
        rusage usage{};
        while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        reaped = true;
        if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
        // A child that was spawned begins with its parent's high-water mark: only what exceeds it is its own.
        // The kernel counts resident pages in batches, so a mark that is a little higher is still the
        // parent's.
        if (usage.ru_maxrss > our_peak_kb + our_peak_kb / 50 + 4096) outcome.peak_memory_kb = usage.ru_maxrss;
        outcome.cpu_seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                              static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
        silence.cancel();
        wall.cancel();
        kill_timer.cancel();
        drain.expires_after(kDrain);
        drain.async_wait([self = shared_from_this()](ErrorOf) {
            self->error_closed = self->report_closed = true;
            self->conclude();
        });
        conclude();
    }

    // Ended, and everything that it said was heard.
    void conclude() {
        if (!reaped || !error_closed || !report_closed || finished) return;
        finished = true;
        drain.cancel();
        ErrorOf ignored;
        ended.close(ignored);
        error.close(ignored);
        report.close(ignored);
        outcome.seconds = std::chrono::duration<double>(Clock::now() - started_at).count();
        outcome.counts = last_word ? last_word->progress.counts : progress.counts;
        outcome.last_words = std::move(last_words);
        if (last_word && last_word->peak_kb > 0) outcome.peak_memory_kb = last_word->peak_kb;
        if (last_word) outcome.retry_after_ms = last_word->retry_after_ms;
        judge();
        if (!owner) return put_away();
        // Files are counted and moved on a thread of their own.
        asio::post(owner->counting, [self = shared_from_this()] {
            self->check_batch();
            asio::post(self->work.get_executor(), [self] { self->deliver(); });
        });
    }

    std::string last_sentence() const {
        const bool plain =
            last_word->state == handover::OutcomeState::ok || last_word->text.starts_with("feed ");
        return plain ? last_word->text : about() + last_word->text;
    }

    void judge() {
        const auto is = [this](handover::OutcomeState state, std::string sentence) {
            outcome.state = state;
            outcome.sentence = std::move(sentence);
        };
        const bool fetch = std::holds_alternative<handover::FetchJob>(job);
        const std::string nothing =
            fetch ? "; files that it had landed before are kept" : "; nothing of the batch is used";
        if (verdict) return is(verdict->first, verdict->second);
        if (last_word) {
            if (last_word->state == handover::OutcomeState::ok && outcome.exit_code != 0)
                return is(handover::OutcomeState::lied,
                          about() + "the worker said that all was well and then did not end so" + nothing +
                              "; tell the author of the plugin");
            return is(last_word->state, last_sentence());
        }
        const bool much_memory = outcome.peak_memory_kb >= limits.memory_mb * 1024 * 9 / 10;
        switch (outcome.signal) {
            case 0:
                break;
            case SIGXCPU:
                return is(handover::OutcomeState::timed_out,
                          about() + "the run used more processor time than the limit of " +
                              std::to_string(limits.cpu_seconds) + " s" + where() + nothing +
                              "; look whether the source has grown, or raise limits.cpu_seconds of the feed");
            case SIGXFSZ:
                return is(handover::OutcomeState::output_limit,
                          about() + "a file grew beyond the limit of " + std::to_string(limits.output_mb) +
                              " MB" + where() + nothing +
                              "; raise limits.output_mb of the feed if it may be so large");
            case SIGKILL:
                if (outcome.cpu_seconds >= static_cast<double>(limits.cpu_seconds))
                    return is(handover::OutcomeState::timed_out,
                              about() + "the run used more processor time than the limit of " +
                                  std::to_string(limits.cpu_seconds) + " s" + where() + nothing +
                                  "; tell the author of the plugin");
                [[fallthrough]];
            default:
                if (much_memory)
                    return is(handover::OutcomeState::out_of_memory,
                              about() + "the run ended when it reached the limit of " +
                                  std::to_string(limits.memory_mb) + " MB of memory" + where() + nothing +
                                  "; raise limits.memory_mb of the feed, or look whether a file was sent "
                                  "that does not belong here");
                if (outcome.signal == SIGKILL)
                    return is(
                        handover::OutcomeState::crashed,
                        about() + "the worker was killed from outside" + where() + nothing +
                            "; look in the system's log whether memory ran out, then run the feed again");
                return is(handover::OutcomeState::crashed,
                          about() + "the plugin crashed (" + signal_name(outcome.signal) + ")" + where() +
                              nothing + "; send that file and this sentence to its author");
        }
        if (outcome.exit_code == 0)
            return is(handover::OutcomeState::lied,
                      about() + "the worker ended well and had not said that it was done" + where() +
                          nothing + "; the plugin ends the process itself: tell its author");
        is(handover::OutcomeState::crashed, about() + "the worker ended with exit code " +
                                                std::to_string(outcome.exit_code) + " and did not say why" +
                                                where() + nothing + "; tell the author of the plugin");
    }

    void check_batch() {
        const auto* stage = batch_job();
        if (!stage) return;
        const auto folder = stage->staging / stage->batch_id;
        if (outcome.ok()) {
            const auto counted = recount_batch(folder, *stage);
            if (counted) {
                outcome.counts = *counted;
                outcome.batch = folder;
                return;
            }
            outcome.state = handover::OutcomeState::lied;
            outcome.sentence = about() +
                               "the batch is not what the worker claimed: " + counted.error().sentence +
                               "; nothing of it is used; tell the author of the plugin";
        }
        put_away();
    }

    void put_away() {
        const auto* stage = batch_job();
        if (!stage) return;
        const auto name = stage->staging / stage->batch_id;
        put_aside(name.string() + ".tmp", name.string() + ".failed");
        put_aside(name, name.string() + ".failed");
    }

    void deliver() {
        if (owner) {
            owner->runs.erase(shared_from_this());
            const OnDone done = std::move(on_done);
            if (done) done(std::move(outcome));
        }
        work.reset();
    }

    // The supervisor goes away: end it now, and tell nobody.
    void abandon() {
        owner = nullptr;
        if (pid < 0 || reaped) return;
        ::kill(-pid, SIGKILL);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        reaped = finished = true;
        put_away();
        ErrorOf ignored;
        ended.close(ignored);
        error.close(ignored);
        report.close(ignored);
        silence.cancel();
        wall.cancel();
        kill_timer.cancel();
        drain.cancel();
        work.reset();
    }
};

void Supervisor::State::start(handover::Job job, OnProgress on_progress, OnDone on_done) {
    auto run = std::make_shared<Run>(*this, std::move(job), std::move(on_progress), std::move(on_done));
    runs.insert(run);
    run->begin();
}

Supervisor::Supervisor(asio::io_context& io, std::filesystem::path worker, Deadlines deadlines)
    : state_(std::make_shared<State>(io, std::move(worker), deadlines)) {}

Supervisor::~Supervisor() {
    state_->counting.join();
    for (const auto& run : std::exchange(state_->runs, {})) run->abandon();
}

void Supervisor::start(handover::FetchJob job, OnProgress on_progress, OnDone on_done) {
    state_->start(std::move(job), std::move(on_progress), std::move(on_done));
}
void Supervisor::start(handover::StageJob job, OnProgress on_progress, OnDone on_done) {
    state_->start(std::move(job), std::move(on_progress), std::move(on_done));
}

void Supervisor::cancel_all() {
    const auto runs = state_->runs;
    for (const auto& run : runs) run->cancel();
}

std::size_t Supervisor::running() const { return state_->runs.size(); }

Status remove_unfinished_batches(const std::filesystem::path& staging) {
    std::error_code error;
    if (!std::filesystem::exists(staging, error)) return {};
    for (const auto& entry : std::filesystem::directory_iterator(staging, error)) {
        if (entry.path().extension() != ".tmp") continue;
        std::filesystem::remove_all(entry.path(), error);
        if (error) break;
    }
    if (error)
        return fail(ErrorCode::storage, "could not clear " + staging.string() + ": " + error.message() +
                                            "; look at its permissions");
    return {};
}

}  // namespace sendhub::supervisor
