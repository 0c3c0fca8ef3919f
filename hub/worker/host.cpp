#include "hub/worker/host.hpp"

#include <signal.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace sendhub::worker {
namespace {

volatile sig_atomic_t asked_to_stop = 0;

std::string joined(const std::set<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

bool cancelled() { return asked_to_stop != 0; }

void cancel_on_sigterm() {
    struct sigaction action{};
    action.sa_handler = [](int) { asked_to_stop = 1; };
    ::sigaction(SIGTERM, &action, nullptr);
}

Result<std::vector<std::pair<std::string, std::string>>> Host::settings_for(
    const handover::PluginDescription& plugin, const std::map<std::string, std::string>& given) {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> unknown, missing;
    for (const auto& [name, value] : given) {
        const std::string base = name.substr(0, name.find('.'));
        const auto declared =
            std::find_if(plugin.settings.begin(), plugin.settings.end(),
                         [&](const config::DeclaredSetting& s) { return s.name == (s.table ? base : name); });
        if (declared == plugin.settings.end())
            unknown.insert(name);
        else
            out.emplace_back(name, value);
    }
    for (const config::DeclaredSetting& s : plugin.settings) {
        const bool is_given = std::any_of(out.begin(), out.end(), [&](const auto& item) {
            return item.first == s.name || (s.table && item.first.starts_with(s.name + "."));
        });
        if (is_given) continue;
        if (!s.default_value.empty())
            out.emplace_back(s.name, s.default_value);
        else if (s.required)
            missing.insert(s.name);
    }
    if (unknown.empty() && missing.empty()) return out;
    std::string sentence = "the settings of the plugin " + plugin.name + " are wrong: ";
    if (!unknown.empty()) sentence += "it knows no " + joined(unknown);
    if (!unknown.empty() && !missing.empty()) sentence += "; ";
    if (!missing.empty()) sentence += "it needs " + joined(missing);
    return fail(ErrorCode::settings,
                sentence + "; correct hub.toml (sendhub plugin describe " + plugin.name + " lists them)");
}

Host::Host(Report& report, std::vector<std::pair<std::string, std::string>> settings)
    : report_(&report), settings_(std::move(settings)) {
    table_.size = sizeof(shp_host);
    table_.abi_version = SHP_ABI_VERSION;
    table_.ctx = this;
    table_.setting = [](void* ctx, shp_str name) noexcept -> shp_str {
        for (const auto& [key, value] : static_cast<Host*>(ctx)->settings_)
            if (key == view(name)) return to_c(value);
        return {nullptr, 0};
    };
    table_.setting_count = [](void* ctx) noexcept {
        return static_cast<std::uint32_t>(static_cast<Host*>(ctx)->settings_.size());
    };
    table_.setting_name = [](void* ctx, std::uint32_t index) noexcept -> shp_str {
        const auto& settings = static_cast<Host*>(ctx)->settings_;
        return index < settings.size() ? to_c(settings[index].first) : shp_str{nullptr, 0};
    };
    table_.log = [](void* ctx, std::int32_t level, shp_str text) noexcept {
        static_cast<Host*>(ctx)->report_->log(level, view(text));
    };
    table_.cancelled = [](void*) noexcept -> std::int32_t { return cancelled() ? 1 : 0; };
    table_.set_error = [](void* ctx, const shp_error* error) noexcept {
        static_cast<Host*>(ctx)->keep_error(error);
    };
    table_.get_interface = [](void* ctx, shp_str id) noexcept -> const void* {
        return static_cast<Host*>(ctx)->interface(view(id));
    };
    table_.progress = [](void* ctx, std::uint64_t done, std::uint64_t total) noexcept {
        static_cast<Host*>(ctx)->report_->plugin_progress(done, total);
    };
}

// The sentence with the file and the row that the plugin names, so that no author has to build them in.
void Host::keep_error(const shp_error* given) {
    shp_error error{};
    if (given) std::memcpy(&error, given, std::min<std::size_t>(given->size, sizeof error));
    error_ = view(error.sentence).substr(0, 2000);
    if (!view(error.file).empty()) error_ += " (file " + std::string(view(error.file).substr(0, 500)) + ")";
    if (error.row > 0) error_ += " (row " + std::to_string(error.row) + ")";
    retry_after_ms_ = std::max<std::int64_t>(error.retry_after_ms, 0);
}

Ending Host::after(const LoadedPlugin& plugin, const Called& called, std::string_view what) const {
    if (stopped_.state != handover::OutcomeState::ok) return stopped_;
    return ending_of(called, *this, plugin.description.name, what);
}

Ending Host::with_open_plugin(const LoadedPlugin& plugin, const std::function<Ending(void*)>& work) {
    void* instance = nullptr;
    const Called opened = call_plugin([&] { return plugin.table.open(table(), &instance); });
    if (opened.code != SHP_OK) return after(plugin, opened, "open");
    clear_error();
    Ending ending = stopped_.state == handover::OutcomeState::ok ? work(instance) : stopped_;
    // A close that crashes or hangs after a failure must not hide the failure.
    if (ending.state != handover::OutcomeState::ok)
        report().last_word(ending.state, ending.sentence, ending.retry_after_ms);
    const Called closed = call_plugin([&] {
        plugin.table.close(instance);
        return SHP_OK;
    });
    if (ending.state != handover::OutcomeState::ok) return ending;
    if (closed.threw || stopped_.state != handover::OutcomeState::ok) return after(plugin, closed, "close");
    if (cancelled()) return {handover::OutcomeState::cancelled, "the run was stopped by the hub"};
    return {};
}

Ending ending_of(const Called& called, const Host& host, const std::string& plugin, std::string_view what) {
    const std::string name = "the plugin " + plugin;
    if (called.threw)
        return {handover::OutcomeState::failed,
                name + " let an exception cross the boundary in " + std::string(what) +
                    (called.what.empty() ? "" : " (" + called.what + ")") +
                    "; tell its author: every entry must catch what it throws"};
    const std::string said = host.error().empty() ? name + " failed in " + std::string(what) +
                                                        " and did not say why; tell its author"
                                                  : host.error();
    switch (called.code) {
        case SHP_OK:
            return {handover::OutcomeState::ok, {}};
        case SHP_FAILED:
            return {handover::OutcomeState::failed, said};
        case SHP_RETRY:
            return {handover::OutcomeState::retry, said, host.retry_after_ms()};
        case SHP_BAD_SETTINGS:
            return {handover::OutcomeState::bad_settings, said};
        case SHP_CANCELLED:
            if (cancelled()) return {handover::OutcomeState::cancelled, "the run was stopped by the hub"};
            return {handover::OutcomeState::failed,
                    name + " says in " + std::string(what) +
                        " that it was asked to stop, which it was not; tell its author"};
        default:
            return {handover::OutcomeState::failed,
                    name + " returned the code " + std::to_string(called.code) + " from " +
                        std::string(what) + ", which means nothing there; tell its author"};
    }
}

}  // namespace sendhub::worker
