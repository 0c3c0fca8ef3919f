// What connectors and transports share: settings declared once, the host, and the errors that mean something.
#pragma once

#include <sendhub_plugin.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sendhub/values.hpp>

namespace sendhub::sdk {

// One settings key, declared once: validation, the reference manual and masking come from this.
struct Setting {
    std::string_view name;
    std::string_view type;           // text integer number boolean date folder file
    std::string_view default_value;  // empty: none
    std::string_view meaning;
    std::string_view unit = "";
    bool required = false;
    bool secret = false;
    bool table = false;  // a table of text to text; keys are NAME.KEY
    bool list = false;   // several texts
};

// The run cannot go on. The sentence says what, where and what to do; no personal data.
struct RunFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// A passing fault: the hub tries the run again later.
struct TryLater : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// A setting is wrong.
struct BadSettings : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// This file is refused whole; the run goes on with the next one.
struct FileRefused : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// The hub asked to stop.
struct Cancelled : std::exception {
    const char* what() const noexcept override { return "stopped by the hub"; }
};

// The host's half, as C++. Valid from open to close.
class Host {
  public:
    explicit Host(const shp_host* table) : table_(table) {}

    // Empty when not set and without default.
    [[nodiscard]] std::string_view setting(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> setting_list(std::string_view name) const;
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> setting_table(std::string_view name) const;
    [[nodiscard]] std::int64_t setting_integer(std::string_view name) const;  // throws BadSettings
    [[nodiscard]] bool setting_boolean(std::string_view name) const;          // throws BadSettings

    void info(std::string_view text) const { table_->log(table_->ctx, SHP_LOG_INFO, to_c(text)); }
    void warn(std::string_view text) const { table_->log(table_->ctx, SHP_LOG_WARN, to_c(text)); }
    void progress(std::uint64_t done, std::uint64_t total) const {
        table_->progress(table_->ctx, done, total);
    }
    void stop_if_cancelled() const {
        if (table_->cancelled(table_->ctx)) throw Cancelled();
    }
    [[nodiscard]] const shp_host* table() const { return table_; }

  private:
    const shp_host* table_;
};

namespace detail {
// Static C arrays made from what a plugin declares; built once, kept for the life of the process.
struct SettingArray {
    std::vector<shp_setting> items;
    explicit SettingArray(const std::vector<Setting>& settings);
};
// Runs body and turns every exception into a code and a sentence: nothing crosses the boundary.
template <class Body>
std::int32_t closed(const shp_host* host, Body&& body) noexcept;
std::int32_t closed_failure(const shp_host* host) noexcept;  // inside a catch block

template <class Body>
std::int32_t closed(const shp_host* host, Body&& body) noexcept {
    try {
        body();
        return SHP_OK;
    } catch (...) {
        return closed_failure(host);
    }
}
}  // namespace detail

}  // namespace sendhub::sdk
