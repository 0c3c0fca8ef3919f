// A connector that does what the setting `do` says: "well", or one of the ways in which plugins go wrong.
// Written against the C boundary itself, because the SDK would prevent half of them. Its files are lines of
// KEY,REF,SURNAME,SEX.
#include <fcntl.h>
#include <sendhub/abi/connector.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

const shp_host* host = nullptr;
const shp_host_connector* rows = nullptr;

shp_str c(std::string_view text) { return {text.data(), text.size()}; }
std::string setting(std::string_view name) {
    const shp_str value = host->setting(host->ctx, c(name));
    return value.data ? std::string(value.data, value.size) : std::string();
}
void say_error(std::string_view text) {
    shp_error error{};
    error.size = sizeof error;
    error.sentence = c(text);
    host->set_error(host->ctx, &error);
}
// Appends one word to the file that the setting `calls` names.
void note_call(const char* word) {
    const std::string file = setting("calls");
    if (file.empty()) return;
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
    if (::write(fd, word, std::strlen(word)) < 0) std::abort();
    ::close(fd);
}
bool told(std::string_view what) { return setting("do") == what; }

shp_value text_value(std::string_view text) {
    shp_value value{};
    value.kind = text.empty() ? SHP_NULL : SHP_TEXT;
    value.as.text = c(text);
    return value;
}

std::int32_t add(std::uint32_t scope, std::uint64_t row, std::string_view key, std::string_view ref,
                 std::string_view surname, std::string_view sex) {
    const shp_value values[] = {text_value(key), text_value(ref), text_value(surname), text_value(sex)};
    return rows->add_row(host->ctx, 0, scope, row, values, 4);
}

// No return of these is a return.
void misbehave(std::uint32_t scope) {
    const std::string what = setting("do");
    if (what == "crash") {
        std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would answer in its place
        std::raise(SIGSEGV);
    } else if (what == "abort") {
        std::abort();
    } else if (what == "throw") {
        throw std::runtime_error("out over the boundary");
    } else if (what == "throw a number") {
        throw 7;
    } else if (what == "loop") {
        volatile bool for_ever = true;
        while (for_ever) {
        }
    } else if (what == "burn") {  // looks alive
        for (std::uint64_t i = 1;; ++i)
            if (i % 1'000'000 == 0) host->progress(host->ctx, i, 0);
    } else if (what == "memory") {
        std::vector<char*> all;
        for (;;) {
            all.push_back(new char[1 << 20]);
            std::memset(all.back(), 1, 1 << 20);
        }
    } else if (what == "memory of C") {  // and does not look at what malloc says
        for (;;) {
            char* block = static_cast<char*>(std::malloc(1 << 20));
            std::memset(block, 1, 1 << 20);
        }
    } else if (what == "rows") {
        for (std::uint64_t i = 1;; ++i) {
            char key[64];
            std::snprintf(key, sizeof key, "%llx-%016llx", static_cast<unsigned long long>(i),
                          static_cast<unsigned long long>(i * 0x9E3779B97F4A7C15ull));
            if (add(scope, i, key, key, key, "F") != SHP_OK) return;
        }
    } else if (what == "rejects") {
        for (std::uint64_t i = 1;; ++i)
            if (add(scope, i, "", std::to_string(i * 0x9E3779B97F4A7C15ull), "", "") != SHP_OK) return;
    } else if (what == "standard error") {
        const std::string line(4096, 'x');
        for (;;)
            if (::write(2, line.data(), line.size()) < 0) return;
    } else if (what == "report") {
        const std::string line = "no report at all\n";
        for (;;)
            if (::write(3, line.data(), line.size()) < 0) return;
    } else if (what == "exit") {
        std::exit(0);
    } else if (what == "_exit") {
        ::_exit(0);
    } else if (what == "claim and exit") {
        const std::string line =
            "{\"say\":\"end\",\"state\":\"ok\",\"sentence\":\"\",\"counts\":{\"rows_staged\":1000}}\n";
        if (::write(3, line.data(), line.size()) < 0) return;
        ::_exit(0);
    } else if (what == "claim and stay") {
        const std::string line = "{\"say\":\"end\",\"state\":\"ok\",\"sentence\":\"\",\"counts\":{}}\n";
        if (::write(3, line.data(), line.size()) < 0) return;
        for (;;) ::pause();
    } else if (what == "forge") {  // a whole batch of its own making: what the setting `forged` holds
        const std::string folder = setting("batch");
        if (::rename(setting("parts").c_str(), folder.c_str()) != 0) return;
        const int fd = ::open((folder + "/batch.json").c_str(), O_WRONLY | O_CREAT, 0640);
        const std::string text = setting("forged");
        const std::string line =
            "{\"say\":\"end\",\"state\":\"ok\",\"sentence\":\"\",\"counts\":{\"rows_staged\":2}}\n";
        if (::write(fd, text.data(), text.size()) < 0 || ::write(3, line.data(), line.size()) < 0) return;
        ::_exit(0);
    } else if (what == "fork") {  // the child outlives the run, if it can
        if (const pid_t child = ::fork(); child == 0) {
            std::signal(SIGTERM, SIG_IGN);
            for (;;) ::pause();
        } else {
            const int fd = ::open(setting("pid_file").c_str(), O_WRONLY | O_CREAT, 0640);
            const std::string text = std::to_string(child);
            if (::write(fd, text.data(), text.size()) < 0) return;
            ::close(fd);
        }
    } else if (what == "wrong count") {
        const shp_value values[3] = {};
        rows->add_row(host->ctx, 0, scope, 1, values, 3);
    } else if (what == "wrong scope") {
        add(scope + 5, 1, "k", "r", "s", "F");
    } else if (what == "wrong record") {
        const shp_value values[4] = {};
        rows->add_row(host->ctx, 9, scope, 1, values, 4);
    }
}

std::int32_t open_it(const shp_host* given, void** instance) {
    host = given;
    rows = static_cast<const shp_host_connector*>(host->get_interface(host->ctx, c(SHP_HOST_CONNECTOR)));
    *instance = &host;
    if (told("throw in open")) throw std::runtime_error("out over the boundary");
    if (told("bad settings")) {
        say_error("the setting do is not what it should be; correct it");
        return SHP_BAD_SETTINGS;
    }
    if (told("retry")) {
        shp_error error{};
        error.size = sizeof error;
        error.sentence = c("the source is away; it comes back by itself");
        error.file = c("list.csv");
        error.row = 7;
        error.retry_after_ms = 90'000;
        host->set_error(host->ctx, &error);
        return SHP_RETRY;
    }
    note_call("open ");
    return SHP_OK;
}

void close_it(void*) {
    note_call("close ");
    if (told("crash in close after a failure")) {
        std::signal(SIGSEGV, SIG_DFL);
        std::raise(SIGSEGV);
    }
    if (told("hang in close after a failure"))
        for (;;) ::pause();
    if (told("throw in close")) throw std::runtime_error("out over the boundary");
}

std::int32_t finish(void*) {
    if (told("fail in finish")) {
        say_error("the last step failed; look at it");
        return SHP_FAILED;
    }
    return SHP_OK;
}

std::int32_t read_file(void*, const shp_file* file) {
    if (told("say nothing")) return SHP_FAILED;
    if (told("crash in close after a failure") || told("hang in close after a failure")) {
        say_error("the first step failed; look at it");
        return SHP_FAILED;
    }
    if (told("wait to be stopped")) {
        note_call("wait ");
        while (!host->cancelled(host->ctx)) ::usleep(1000);
        return SHP_CANCELLED;
    }
    if (told("say a code of its own")) return 77;
    if (told("say cancelled")) return SHP_CANCELLED;
    std::string text;
    char buffer[65536];
    for (;;) {
        const std::int64_t n = rows->read(host->ctx, buffer, sizeof buffer);
        if (n < 0) {
            say_error("the hub could not read it");
            return SHP_REFUSED_FILE;
        }
        if (n == 0) break;
        text.append(buffer, static_cast<std::size_t>(n));
    }
    const auto as_of = static_cast<std::int32_t>(file->received_at / 86'400'000'000) +
                       static_cast<std::int32_t>(std::strtol(setting("days_ahead").c_str(), nullptr, 10));
    const std::uint32_t scope = rows->scope(host->ctx, 0, c("all"), SHP_SCOPE_SNAPSHOT, as_of);
    std::uint64_t row = 0;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        ++row;
        if (line == "refuse") {
            say_error("line " + std::to_string(row) + " says so");
            return SHP_REFUSED_FILE;
        }
        if (line.starts_with("warn")) {
            shp_issue issue{};
            issue.size = sizeof issue;
            issue.severity = line.starts_with("warn reject") ? SHP_ISSUE_REJECT : SHP_ISSUE_WARNING;
            issue.record = 0;
            issue.scope = scope;
            issue.source_row = row;
            issue.personal = 1;
            issue.field = c("surname");
            issue.value = c("Smith99");
            issue.rule = c("XX-01");
            issue.reason = c("The name has digits.");
            issue.advice = c("Look at it.");
            issue.source_key = c("K9");
            rows->add_issue(host->ctx, &issue);
            continue;
        }
        std::string_view part[4];
        for (auto& p : part) {
            const auto comma = line.find(',');
            p = line.substr(0, comma);
            line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
        }
        if (add(scope, row, part[0], part[1], part[2], part[3]) != SHP_OK) return SHP_FAILED;
        if (row == 1) misbehave(scope);
    }
    return SHP_OK;
}

const shp_str fields[] = {{"source_key", 10}, {"person_ref", 10}, {"surname", 7}, {"sex", 3}};
const shp_record records[] = {{sizeof(shp_record), 4, {"person_record", 13}, fields}};
#define SETTING(name, meaning)                            \
    {sizeof(shp_setting),      0,       SHP_TYPE_TEXT, 0, \
     {name, sizeof(name) - 1}, {"", 0}, {"", 0},       {meaning, sizeof(meaning) - 1}}
const shp_setting settings[] = {SETTING("do", "what to do wrong"),
                                SETTING("days_ahead", "of the day of receipt"),
                                SETTING("batch", "the folder to forge"),
                                SETTING("forged", "the batch.json to forge"),
                                SETTING("parts", "the Parquet files that go with it"),
                                SETTING("pid_file", "where to write the child's number"),
                                SETTING("calls", "where to write that open and close were called")};
const shp_connector connector = {sizeof(shp_connector), 1, records, read_file, finish};
const shp_plugin plugin = {sizeof(shp_plugin),
                           SHP_ABI_VERSION,
                           {"misbehaving", 11},
                           {"1.0.0", 5},
                           {"Misbehaving connector", 21},
                           {"A fixture.", 10},
                           settings,
                           sizeof settings / sizeof settings[0],
                           0,
                           open_it,
                           close_it,
                           [](shp_str id) -> const void* {
                               return std::string_view(id.data, id.size) == SHP_CONNECTOR ? &connector
                                                                                          : nullptr;
                           }};

}  // namespace

extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void);
extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) { return &plugin; }
