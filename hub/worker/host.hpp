// The part of the host's table that every plugin gets: settings, log, set_error, cancelled, progress; and the
// way to the interfaces of the kind.
#pragma once

#include <sendhub/abi/core.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hub/handover/outcome.hpp"
#include "hub/handover/plugin_description.hpp"
#include "hub/worker/plugin_file.hpp"
#include "hub/worker/worker_report.hpp"

namespace sendhub::worker {

// What became of a call into the plugin: its code, or an exception that it should not have let out.
struct Called {
    std::int32_t code = SHP_OK;
    bool threw = false;
    std::string what;
};
template <class Call>
Called call_plugin(Call&& call) {
    try {
        return {call(), false, {}};
    } catch (const std::exception& e) {
        return {SHP_FAILED, true, e.what()};
    } catch (...) {
        return {SHP_FAILED, true, {}};
    }
}

// A failed call as the end of a run: the plugin's own sentence, or that it gave none.
struct Ending {
    handover::OutcomeState state = handover::OutcomeState::ok;
    std::string sentence;
    std::int64_t retry_after_ms = 0;  // with retry: not before this long from now; 0: the hub decides
};

class Host {
  public:
    // Settings not given have their declared defaults. An Error (code settings) names every unknown one and
    // every required one that is missing.
    [[nodiscard]] static Result<std::vector<std::pair<std::string, std::string>>> settings_for(
        const handover::PluginDescription& plugin, const std::map<std::string, std::string>& given);

    Host(Report& report, std::vector<std::pair<std::string, std::string>> settings);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] const shp_host* table() const { return &table_; }
    Report& report() { return *report_; }
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] std::int64_t retry_after_ms() const { return retry_after_ms_; }
    void clear_error() {
        error_.clear();
        retry_after_ms_ = 0;
    }

    // Opens the plugin, does the work with it and closes it: exactly once after every successful open,
    // however the work ended.
    Ending with_open_plugin(const LoadedPlugin& plugin, const std::function<Ending(void*)>& work);

  protected:
    ~Host() = default;
    // What ends the run: what the host found (it knows better), or what the plugin said.
    [[nodiscard]] Ending after(const LoadedPlugin& plugin, const Called& called, std::string_view what) const;
    // The tables of the kind that is run; null: this kind of run has no such interface.
    [[nodiscard]] virtual const void* interface(std::string_view id) const = 0;
    Ending stopped_;  // by the host, and why

  private:
    void keep_error(const shp_error* error);

    shp_host table_{};  // ctx is this Host*
    std::string error_;
    std::int64_t retry_after_ms_ = 0;
    Report* report_;
    std::vector<std::pair<std::string, std::string>> settings_;
};

// Set by SIGTERM: the run ends as soon as the plugin or the host notices.
bool cancelled();
void cancel_on_sigterm();

inline std::string_view view(shp_str text) {
    return {text.data ? text.data : "", text.data ? static_cast<std::size_t>(text.size) : 0};
}
inline shp_str to_c(std::string_view text) { return {text.data(), text.size()}; }

[[nodiscard]] Ending ending_of(const Called& called, const Host& host, const std::string& plugin,
                               std::string_view what);

}  // namespace sendhub::worker
