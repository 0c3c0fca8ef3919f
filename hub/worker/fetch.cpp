#include "hub/worker/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <tuple>

#include "base/descriptor.hpp"
#include "base/files.hpp"
#include "hub/handover/deliveries.hpp"
#include "hub/handover/wire.hpp"

namespace sendhub::worker {
namespace {

constexpr Micros kMillisecond = 1000;    // deliveries.jsonl keeps times to the millisecond
constexpr std::size_t kMostLeft = 1000;  // names of files left at the source that a run keeps

// The digits of a name when there are enough of them for a date; empty otherwise.
std::string date_digits(std::string_view name) {
    std::string digits;
    for (const char c : name)
        if (c >= '0' && c <= '9') digits += c;
    return digits.size() >= 6 ? digits : std::string();
}

class Fetch final : public Host {
  public:
    Fetch(const handover::FetchJob& job, const LoadedPlugin& plugin, Report& report,
          std::vector<std::pair<std::string, std::string>> settings)
        : Host(report, std::move(settings)),
          job_(job),
          plugin_(plugin),
          temporary_(job.landing / ".arriving") {
        fill_table();
    }

    Ending run() {
        if (job_.check) return with_open_plugin(plugin_, [](void*) { return Ending{}; });
        if (auto status = prepare(); !status)
            return {handover::OutcomeState::failed, "feed " + job_.feed + ": " + status.error().sentence};
        return with_open_plugin(plugin_, [this](void* instance) {
            const Called called = call_plugin([&] { return plugin_.transport.fetch(instance); });
            abandon();
            if (called.code == SHP_OK && stopped_.state == handover::OutcomeState::ok)
                if (auto status = land_written_again(); !status)
                    stop(handover::OutcomeState::failed,
                         "feed " + job_.feed + ": " + status.error().sentence);
            if (auto status = handover::write_left(job_.landing, left_); !status)
                stop(handover::OutcomeState::failed, "feed " + job_.feed + ": " + status.error().sentence);
            return after(plugin_, called, "fetch");
        });
    }

  private:
    Status prepare() {
        SENDHUB_TRY(make_folder(job_.landing));
        std::error_code error;
        std::filesystem::remove(temporary_, error);  // of a run that was killed
        SENDHUB_ASSIGN(const auto deliveries, handover::read_deliveries(job_.landing));
        for (const handover::Delivery& delivery : deliveries) remember(delivery);
        if (newest_of_all_) newest_before_ = *newest_of_all_;
        return {};
    }

    void remember(const handover::Delivery& delivery) {
        newest_[delivery.name] = delivery;
        newest_of_all_ = delivery;
        last_seq_ = std::max(last_seq_, delivery.seq);
    }

    // Content says nothing new when it is what its name stood for last. Under a new name it must also be what
    // the feed brought last, and the name must not carry another date: a list that goes back to an earlier
    // state, or that is sent again as of a newer day, is a new statement.
    [[nodiscard]] bool is_duplicate(const handover::Delivery& delivery) const {
        if (const auto known = newest_.find(delivery.name); known != newest_.end())
            return known->second.sha256 == delivery.sha256;
        return newest_of_all_ && newest_of_all_->sha256 == delivery.sha256 &&
               date_digits(newest_of_all_->name) == date_digits(delivery.name);
    }

    // A name that holds its old content again, written after another name brought something else (such as
    // monday.csv, tuesday.csv, monday.csv): a new statement. When the newest file was written again as well,
    // somebody has copied the whole folder, and nothing is new.
    Status land_written_again() {
        if (!newest_before_) return {};
        std::sort(written_again_.begin(), written_again_.end(),
                  [](const handover::Delivery& a, const handover::Delivery& b) {
                      return std::tie(a.modified_at, a.name) < std::tie(b.modified_at, b.name);
                  });
        const bool whole_folder =
            std::any_of(written_again_.begin(), written_again_.end(),
                        [&](const handover::Delivery& d) { return d.name == newest_before_->name; });
        for (handover::Delivery& delivery : written_again_) {
            if (whole_folder || delivery.modified_at <= newest_before_->received_at ||
                delivery.modified_at <= latest_taken_) {
                note_left(delivery.name, handover::Left::What::duplicate,
                          "its content is what this name brought last time");
                ++report().counts.duplicates;
                continue;
            }
            SENDHUB_TRY(note_delivery(delivery));
        }
        return {};
    }

    // For a person who asks what became of a file: the daemon keeps it with the run.
    void note_left(std::string_view name, handover::Left::What what, std::string_view reason) {
        if (left_.files.size() < kMostLeft)
            left_.files.push_back({what, handover::one_line(name, 500), handover::one_line(reason, 300)});
        else
            ++left_.more;
    }

    static Fetch& self(void* ctx) { return *static_cast<Fetch*>(static_cast<Host*>(ctx)); }

    [[nodiscard]] const void* interface(std::string_view id) const override {
        return id == SHP_HOST_TRANSPORT ? &files_ : nullptr;
    }

    void fill_table() {
        files_.size = sizeof files_;
        files_.offer = [](void* ctx, shp_str name, std::uint64_t bytes, std::int64_t modified_at) noexcept {
            return self(ctx).offer(view(name), bytes, modified_at);
        };
        files_.begin_file = [](void* ctx, shp_str name, std::uint64_t bytes,
                               std::int64_t modified_at) noexcept {
            return self(ctx).begin(view(name), bytes, modified_at);
        };
        files_.write = [](void* ctx, const void* data, std::uint64_t size) noexcept {
            return self(ctx).write(data, size);
        };
        files_.commit_file = [](void* ctx) noexcept { return self(ctx).commit(); };
        files_.abandon_file = [](void* ctx) noexcept { self(ctx).abandon(); };
        files_.skipped = [](void* ctx, shp_str name, shp_str reason) noexcept {
            self(ctx).skip(view(name), view(reason));
        };
    }

    void skip(std::string_view name, std::string_view reason) {
        ++report().counts.skipped;
        note_left(name, handover::Left::What::left,
                  reason);  // names may be personal: the log has the reason alone
        std::string why = handover::one_line(reason, 300);
        if (const std::string its_name = handover::one_line(name, 300); !its_name.empty())
            for (auto at = why.find(its_name); at != std::string::npos; at = why.find(its_name, at))
                why.replace(at, its_name.size(), "…");
        report().log(SHP_LOG_INFO, "a file was left at the source: " + why);
        report().working();
    }
    std::int32_t stop(handover::OutcomeState state, std::string sentence) {
        if (stopped_.state == handover::OutcomeState::ok) stopped_ = {state, std::move(sentence)};
        return SHP_FAILED;
    }
    std::int32_t misuse(const std::string& what) {
        return stop(handover::OutcomeState::failed,
                    "the plugin " + plugin_.description.name + " " + what + "; tell its author");
    }
    std::int32_t broken(const std::string& what, int number = errno) {
        return stop(handover::OutcomeState::failed, "feed " + job_.feed + ": " + what +
                                                        " in the landing folder " + job_.landing.string() +
                                                        ": " + std::generic_category().message(number) +
                                                        "; look at the disk and its permissions");
    }

    std::int32_t offer(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        ++report().counts.offered;
        report().working();
        if (const auto why = handover::why_name_is_refused(name); !why.empty()) {
            skip(name, why);
            return SHP_OFFER_KNOWN;
        }
        const auto known = newest_.find(std::string(name));
        if (known == newest_.end() || modified_at == 0) return SHP_OFFER_TAKE;
        const bool same = known->second.bytes == bytes &&
                          known->second.modified_at / kMillisecond == modified_at / kMillisecond;
        if (!same) return SHP_OFFER_TAKE;
        ++report().counts.known;
        return SHP_OFFER_KNOWN;
    }

    std::int32_t begin(std::string_view name, std::uint64_t, std::int64_t modified_at) {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (cancelled()) return stop(handover::OutcomeState::cancelled, "the run was stopped by the hub");
        if (arriving_) return misuse("began a file before it ended the one before");
        if (const auto why = handover::why_name_is_refused(name); !why.empty())
            return misuse("began a file whose name is refused: " + std::string(why));
        Descriptor fd(
            ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (fd.get() < 0) return broken("no file can be made");
        arriving_.emplace();
        arriving_->fd = std::move(fd);
        arriving_->delivery.name = name;
        arriving_->delivery.modified_at = modified_at;
        return SHP_OK;
    }

    std::int32_t write(const void* data, std::uint64_t size) {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (cancelled()) return stop(handover::OutcomeState::cancelled, "the run was stopped by the hub");
        if (!arriving_) return misuse("wrote before it began a file");
        landed_bytes_ += size;
        if (landed_bytes_ > static_cast<std::uint64_t>(job_.limits.output_mb) << 20)
            return stop(handover::OutcomeState::output_limit,
                        "feed " + job_.feed + ": more than the limit of " +
                            std::to_string(job_.limits.output_mb) +
                            " MB arrived in one run; look whether the source holds what it should, or raise "
                            "limits.output_mb of the feed");
        const char* at = static_cast<const char*>(data);
        arriving_->hash.add(data, size);
        arriving_->delivery.bytes += size;
        while (size > 0) {
            const ssize_t n = ::write(arriving_->fd.get(), at, size);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return broken("a file cannot be written");
            at += n;
            size -= static_cast<std::uint64_t>(n);
        }
        report().working();
        return SHP_OK;
    }

    std::int32_t commit() {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (!arriving_) return misuse("committed before it began a file");
        handover::Delivery delivery = std::move(arriving_->delivery);
        delivery.sha256 = arriving_->hash.finish();
        if (is_duplicate(delivery)) {
            abandon();
            const auto known = newest_.find(delivery.name);
            if (known != newest_.end() && known->second.modified_at > 0 &&
                delivery.modified_at > known->second.modified_at) {
                written_again_.push_back(std::move(delivery));  // decided when the whole folder was seen
                return SHP_OK;
            }
            note_left(delivery.name, handover::Left::What::duplicate,
                      known != newest_.end() ? "its content is what this name brought last time"
                                             : "its content is that of the newest file");
            ++report().counts.duplicates;
            return SHP_OK;
        }
        if (auto status = land(delivery); !status)
            return stop(handover::OutcomeState::failed, "feed " + job_.feed + ": " + status.error().sentence);
        return SHP_OK;
    }

    // The bytes are safe under their name before the line that says so.
    Status land(handover::Delivery& delivery) {
        const auto failed = [](const char* what) {
            return fail(ErrorCode::storage,
                        std::string(what) + ": " + std::generic_category().message(errno));
        };
        const Descriptor fd = std::move(arriving_->fd);
        arriving_.reset();
        if (::fchmod(fd.get(), 0400) != 0) return failed("a landed file cannot be made read-only");
        if (::fsync(fd.get()) != 0) return failed("a landed file cannot be synced");
        if (::rename(temporary_.c_str(), (job_.landing / delivery.sha256).c_str()) != 0)
            return failed("a landed file cannot be renamed");
        SENDHUB_TRY(sync_folder(job_.landing));
        return note_delivery(delivery);
    }

    Status note_delivery(handover::Delivery& delivery) {
        delivery.seq = last_seq_ + 1;
        delivery.received_at = now_micros();
        SENDHUB_TRY(append_line(job_.landing / "deliveries.jsonl", handover::delivery_line(delivery)));
        latest_taken_ = std::max(latest_taken_, delivery.modified_at);
        ++report().counts.taken;
        report().counts.bytes += delivery.bytes;
        remember(delivery);
        report().working();
        return {};
    }

    void abandon() {
        if (!arriving_) return;
        arriving_.reset();
        ::unlink(temporary_.c_str());
    }

    struct Arriving {
        Descriptor fd;
        Sha256 hash;
        handover::Delivery delivery;
    };

    const handover::FetchJob& job_;
    const LoadedPlugin& plugin_;
    shp_host_transport files_{};
    std::filesystem::path temporary_;
    std::map<std::string, handover::Delivery> newest_;
    std::optional<handover::Delivery> newest_of_all_,
        newest_before_;                              // of the feed: now, and when the run began
    std::vector<handover::Delivery> written_again_;  // old content of their name, written anew
    Micros latest_taken_ = 0;                        // newest modified_at among those taken
    handover::LeftFiles left_;
    std::int64_t last_seq_ = 0;
    std::uint64_t landed_bytes_ = 0;
    std::optional<Arriving> arriving_;
};

}  // namespace

Ending run_fetch(const handover::FetchJob& job, const LoadedPlugin& plugin, Report& report) {
    auto settings = Host::settings_for(plugin.description, job.settings);
    if (!settings)
        return {handover::OutcomeState::bad_settings, "feed " + job.feed + ": " + settings.error().sentence};
    auto* fetch = new Fetch(job, plugin, report, std::move(*settings));  // never destroyed, as in run_stage
    return fetch->run();
}

}  // namespace sendhub::worker
