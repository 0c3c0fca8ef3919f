#include "hub/worker/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "hub/base/files.hpp"
#include "hub/worker/landing.hpp"
#include "hub/worker/process.hpp"
#include "hub/worker/wire.hpp"

namespace sendhub::worker {
namespace {

constexpr Micros kMillisecond = 1000;  // deliveries.jsonl keeps times to the millisecond

class Fetch final : public Host {
  public:
    Fetch(const FetchJob& job, const LoadedPlugin& plugin, Report& report,
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
            return {OutcomeState::failed, "feed " + job_.feed + ": " + status.error().sentence};
        return with_open_plugin(plugin_, [this](void* instance) {
            const Called called = call_plugin([&] { return plugin_.table.fetch(instance); });
            abandon();
            return after(plugin_, called, "fetch");
        });
    }

  private:
    Status prepare() {
        SENDHUB_TRY(make_folder(job_.landing));
        std::error_code error;
        std::filesystem::remove(temporary_, error);  // of a run that was killed
        SENDHUB_ASSIGN(const auto deliveries, read_deliveries(job_.landing));
        for (const Delivery& delivery : deliveries) remember(delivery);
        return {};
    }

    void remember(const Delivery& delivery) {
        newest_[delivery.name] = delivery;
        contents_.insert(delivery.sha256);
        last_seq_ = std::max(last_seq_, delivery.seq);
    }

    static Fetch& self(void* ctx) { return *static_cast<Fetch*>(static_cast<Host*>(ctx)); }

    void fill_table() {
        table_.offer = [](void* ctx, shp_str name, std::uint64_t bytes, std::int64_t modified_at) noexcept {
            return self(ctx).offer(view(name), bytes, modified_at);
        };
        table_.begin_file = [](void* ctx, shp_str name, std::uint64_t bytes,
                               std::int64_t modified_at) noexcept {
            return self(ctx).begin(view(name), bytes, modified_at);
        };
        table_.write = [](void* ctx, const void* data, std::uint64_t size) noexcept {
            return self(ctx).write(data, size);
        };
        table_.commit_file = [](void* ctx) noexcept { return self(ctx).commit(); };
        table_.abandon_file = [](void* ctx) noexcept { self(ctx).abandon(); };
        table_.skipped = [](void* ctx, shp_str name, shp_str reason) noexcept {
            static_cast<void>(name);  // names may be personal: only the reason is told
            self(ctx).skip(view(reason));
        };
    }

    void skip(std::string_view reason) {
        ++report().counts.skipped;
        report().log(SHP_LOG_INFO, "a file was left at the source: " + one_line(reason, 300));
        report().working();
    }
    std::int32_t stop(OutcomeState state, std::string sentence) {
        if (stopped_.state == OutcomeState::ok) stopped_ = {state, std::move(sentence)};
        return SHP_FAILED;
    }
    std::int32_t misuse(const std::string& what) {
        return stop(OutcomeState::failed,
                    "the plugin " + plugin_.description.name + " " + what + "; tell its author");
    }
    std::int32_t broken(const std::string& what, int number = errno) {
        return stop(OutcomeState::failed, "feed " + job_.feed + ": " + what + " in the landing folder " +
                                              job_.landing.string() + ": " +
                                              std::generic_category().message(number) +
                                              "; look at the disk and its permissions");
    }

    std::int32_t offer(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        ++report().counts.offered;
        report().working();
        if (const auto why = why_name_is_refused(name); !why.empty()) {
            skip(why);
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
        if (stopped_.state != OutcomeState::ok) return SHP_FAILED;
        if (cancelled()) return stop(OutcomeState::cancelled, "the run was stopped by the hub");
        if (arriving_) return misuse("began a file before it ended the one before");
        if (const auto why = why_name_is_refused(name); !why.empty())
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
        if (stopped_.state != OutcomeState::ok) return SHP_FAILED;
        if (cancelled()) return stop(OutcomeState::cancelled, "the run was stopped by the hub");
        if (!arriving_) return misuse("wrote before it began a file");
        landed_bytes_ += size;
        if (landed_bytes_ > static_cast<std::uint64_t>(job_.limits.output_mb) << 20)
            return stop(OutcomeState::output_limit,
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
        if (stopped_.state != OutcomeState::ok) return SHP_FAILED;
        if (!arriving_) return misuse("committed before it began a file");
        Delivery delivery = std::move(arriving_->delivery);
        delivery.sha256 = arriving_->hash.finish();
        const auto known = newest_.find(delivery.name);
        const bool duplicate = known != newest_.end() ? known->second.sha256 == delivery.sha256
                                                      : contents_.contains(delivery.sha256);
        if (duplicate) {
            abandon();
            ++report().counts.duplicates;
            return SHP_OK;
        }
        if (auto status = land(delivery); !status)
            return stop(OutcomeState::failed, "feed " + job_.feed + ": " + status.error().sentence);
        ++report().counts.taken;
        report().counts.bytes += delivery.bytes;
        remember(delivery);
        report().working();
        return SHP_OK;
    }

    // The bytes are safe under their name before the line that says so.
    Status land(Delivery& delivery) {
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
        delivery.seq = last_seq_ + 1;
        delivery.received_at = now_micros();
        return append_line(job_.landing / "deliveries.jsonl", delivery_line(delivery));
    }

    void abandon() {
        if (!arriving_) return;
        arriving_.reset();
        ::unlink(temporary_.c_str());
    }

    struct Arriving {
        Descriptor fd;
        Sha256 hash;
        Delivery delivery;
    };

    const FetchJob& job_;
    const LoadedPlugin& plugin_;
    std::filesystem::path temporary_;
    std::map<std::string, Delivery> newest_;
    std::set<std::string> contents_;
    std::int64_t last_seq_ = 0;
    std::uint64_t landed_bytes_ = 0;
    std::optional<Arriving> arriving_;
};

}  // namespace

Ending run_fetch(const FetchJob& job, const LoadedPlugin& plugin, Report& report) {
    auto settings = Host::settings_for(plugin.description, job.settings);
    if (!settings) return {OutcomeState::bad_settings, "feed " + job.feed + ": " + settings.error().sentence};
    auto* fetch = new Fetch(job, plugin, report, std::move(*settings));  // never destroyed, as in run_stage
    return fetch->run();
}

}  // namespace sendhub::worker
