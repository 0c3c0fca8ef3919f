// Log lines: an event name, a message for people, and fields. JSON lines or text, to stderr. Nothing
// personal: feeds, batches, files by number and counts only. A field's value is never a value of a row.
//   log::info("feed.staged", "school_census staged", {{"feed", "school_census"}, {"rows", "1200"}});
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace sendhub::log {

enum class Format { text, json };
enum class Level { debug, info, warn, error };

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

void configure(Format format, Level least);
void write(Level level, std::string_view event, std::string_view message, Fields fields = {});
inline void debug(std::string_view event, std::string_view message, Fields fields = {}) {
    write(Level::debug, event, message, fields);
}
inline void info(std::string_view event, std::string_view message, Fields fields = {}) {
    write(Level::info, event, message, fields);
}
inline void warn(std::string_view event, std::string_view message, Fields fields = {}) {
    write(Level::warn, event, message, fields);
}
inline void error(std::string_view event, const Error& e, Fields fields = {}) {
    write(Level::error, event, e.sentence, fields);
}

}  // namespace sendhub::log
