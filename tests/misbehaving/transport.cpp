// A transport that lands what the setting `files` says, NAME=CONTENT a line, and does wrong what `do` says.
#include <fcntl.h>
#include <sendhub/abi/transport.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

const shp_host* host = nullptr;
const shp_host_transport* files_of_hub = nullptr;

shp_str c(std::string_view text) { return {text.data(), text.size()}; }
std::string setting(std::string_view name) {
    const shp_str value = host->setting(host->ctx, c(name));
    return value.data ? std::string(value.data, value.size) : std::string();
}

// Appends one word to the file that the setting `calls` names.
void note_call(const char* word) {
    const std::string file = setting("calls");
    if (file.empty()) return;
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
    if (::write(fd, word, std::strlen(word)) < 0) std::abort();
    ::close(fd);
}

std::int32_t land(std::string_view name, std::string_view content) {
    const std::int64_t modified = std::strtoll(setting("modified_at").c_str(), nullptr, 10);
    if (files_of_hub->offer(host->ctx, c(name), content.size(), modified) == SHP_OFFER_KNOWN) return SHP_OK;
    if (files_of_hub->begin_file(host->ctx, c(name), content.size(), modified) != SHP_OK) return SHP_FAILED;
    const std::string what = setting("do");
    if (what == "crash in a file") {
        files_of_hub->write(host->ctx, content.data(), content.size() / 2);
        std::abort();
    }
    if (what == "endless file")
        while (files_of_hub->write(host->ctx, content.data(), content.size()) == SHP_OK) {
        }
    for (const char& byte : content)  // in the smallest pieces
        if (files_of_hub->write(host->ctx, &byte, 1) != SHP_OK) return SHP_FAILED;
    if (what == "abandon") {
        files_of_hub->abandon_file(host->ctx);
        files_of_hub->skipped(host->ctx, c(name), c("it is still growing"));
        return SHP_OK;
    }
    return files_of_hub->commit_file(host->ctx);
}

std::int32_t fetch(void*) {
    if (setting("do") == "fail") return SHP_FAILED;
    if (setting("do") == "throw") throw std::runtime_error("out over the boundary");
    if (setting("do") == "wait to be stopped") {
        note_call("wait ");
        while (!host->cancelled(host->ctx)) ::usleep(1000);
        return SHP_CANCELLED;
    }
    const std::string files = setting("files");
    std::string_view rest = files;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const auto equals = line.find('=');
        if (land(line.substr(0, equals), line.substr(equals + 1)) != SHP_OK) return SHP_FAILED;
    }
    if (setting("do") == "force a name") files_of_hub->begin_file(host->ctx, c("../out"), 1, 0);
    if (setting("do") == "begin and return") files_of_hub->begin_file(host->ctx, c("half"), 1, 0);
    return SHP_OK;
}

#define SETTING(name, flags, default_value, meaning) \
    {sizeof(shp_setting),                            \
     flags,                                          \
     SHP_TYPE_TEXT,                                  \
     0,                                              \
     {name, sizeof(name) - 1},                       \
     {"", 0},                                        \
     {default_value, sizeof(default_value) - 1},     \
     {meaning, sizeof(meaning) - 1}}
const shp_setting settings[] = {SETTING("files", SHP_SETTING_REQUIRED, "", "NAME=CONTENT a line"),
                                SETTING("do", 0, "well", "what to do wrong"),
                                SETTING("modified_at", 0, "0", "microseconds"),
                                SETTING("calls", 0, "", "where to write that open and close were called")};

// A table that a later header made longer: whoever reads beyond what it knows has read too far.
struct LongerTransport {
    shp_transport known;
    void* beyond;
};
const LongerTransport transport = {{sizeof(LongerTransport), 0, fetch}, reinterpret_cast<void*>(0x10)};

const shp_plugin plugin = {
    sizeof(shp_plugin),
    SHP_ABI_VERSION,
    {"misfetching", 11},
    {"1.0.0", 5},
    {"Misbehaving transport", 21},
    {"A fixture.", 10},
    settings,
    4,
    0,
    [](const shp_host* given, void** instance) -> std::int32_t {
        host = given;
        files_of_hub =
            static_cast<const shp_host_transport*>(host->get_interface(host->ctx, c(SHP_HOST_TRANSPORT)));
        *instance = &host;
        if (setting("do") == "fail in open") return SHP_RETRY;
        note_call("open ");
        return SHP_OK;
    },
    [](void*) { note_call("close "); },
    [](shp_str id) -> const void* {
        return std::string_view(id.data, id.size) == SHP_TRANSPORT ? &transport : nullptr;
    }};

}  // namespace

extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void);
extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) { return &plugin; }
