// What connectors and transports share: settings declared once, the host, and the errors that mean something.
#pragma once

#include <sendhub/abi/core.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sendhub/values.hpp>

namespace sendhub::sdk {

enum class SettingType : std::uint32_t {
    text = SHP_TYPE_TEXT,
    integer = SHP_TYPE_INTEGER,
    number = SHP_TYPE_NUMBER,
    boolean = SHP_TYPE_BOOLEAN,
    date = SHP_TYPE_DATE,
    folder = SHP_TYPE_FOLDER,
    file = SHP_TYPE_FILE
};

// One settings key, declared once: validation, the reference manual and masking come from this.
struct Setting {
    std::string_view name;
    SettingType type = SettingType::text;
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
// A passing fault: the hub tries the run again later, and not before retry_after when the source named one.
struct TryLater : std::runtime_error {
    explicit TryLater(const std::string& sentence,
                      std::chrono::milliseconds retry_after = std::chrono::milliseconds(0))
        : std::runtime_error(sentence), retry_after(retry_after) {}
    std::chrono::milliseconds retry_after;
};
// A setting is wrong.
struct BadSettings : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// This file is refused whole; the run goes on with the next one. row: the line or element at fault, where one
// is; the hub adds it to the sentence.
struct FileRefused : std::runtime_error {
    explicit FileRefused(const std::string& sentence, std::uint64_t row = 0)
        : std::runtime_error(sentence), row(row) {}
    std::uint64_t row;
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

  protected:
    [[nodiscard]] void* ctx() const { return table_->ctx; }
    // The hub's table of an interface, of which every slot up to and with `size` bytes is there; throws
    // RunFailed where the hub does not offer it.
    [[nodiscard]] const void* need_interface(std::string_view id, std::uint32_t size) const;

  private:
    const shp_host* table_;
};

namespace detail {
// Static C arrays made from what a plugin declares; built once, kept for the life of the process.
struct SettingArray {
    std::vector<shp_setting> items;
    explicit SettingArray(const std::vector<Setting>& settings);
};
// The part of a plugin's table that every kind fills alike.
template <class Info>
shp_plugin described(const Info& info, const SettingArray& settings) {
    shp_plugin p{};
    p.size = sizeof(shp_plugin);
    p.abi_version = SHP_ABI_VERSION;
    p.name = to_c(info.name);
    p.version = to_c(info.version);
    p.title = to_c(info.title);
    p.summary = to_c(info.summary);
    p.settings = settings.items.data();
    p.setting_count = static_cast<std::uint32_t>(settings.items.size());
    return p;
}
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
