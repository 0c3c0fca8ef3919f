#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json_writer.hpp"
#include "base/time.hpp"

namespace sendhub::log {
namespace {

struct Logger {
    Format format = Format::text;
    std::shared_ptr<spdlog::logger> sink = [] {
        auto logger =
            std::make_shared<spdlog::logger>("sendhub", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        logger->set_pattern("%v");
        logger->set_level(spdlog::level::info);
        logger->flush_on(spdlog::level::debug);
        return logger;
    }();
};

Logger& logger() {
    static Logger instance;
    return instance;
}

spdlog::level::level_enum native(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        default:
            return spdlog::level::err;
    }
}

std::string_view name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        default:
            return "error";
    }
}

}  // namespace

void configure(Format format, Level least) {
    logger().format = format;
    logger().sink->set_level(native(least));
}

void write(Level level, std::string_view event, std::string_view message, Fields fields) {
    Logger& l = logger();
    if (!l.sink->should_log(native(level))) return;
    std::string line;
    if (l.format == Format::json) {
        JsonWriter j;
        j.begin_object()
            .field("ts", format_time(now_micros()))
            .field("level", name(level))
            .field("event", event)
            .field("msg", message);
        for (const auto& [key, value] : fields) j.field(key, value);
        line = j.end_object().take();
    } else {
        line = format_time(now_micros()) + " " + std::string(name(level)) + " " + std::string(event) + ": " +
               std::string(message);
        for (const auto& [key, value] : fields) line += " " + std::string(key) + "=" + std::string(value);
    }
    l.sink->log(native(level), fmt::string_view("{}"), line);
}

}  // namespace sendhub::log
