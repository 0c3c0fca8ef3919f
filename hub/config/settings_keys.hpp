// The one table of what hub.toml may hold (private to this room): checking, defaults and the reference page
// all come from it, and a new key is one line in settings_keys.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/config/config.hpp"

namespace sendhub::config {

enum class Type {
    text,
    plugin_name,  // snake_case
    la_code,      // three digits
    integer,      // within least…most
    boolean,
    date,  // "2026-01-20", or a TOML date
    cron,
    choice,           // one of allowed, separated by spaces
    folder,           // relative: to the folder of hub.toml
    listen,           // ADDRESS:PORT
    url,              // http:// or https://
    feed_list,        // ids of feeds
    feed_list_table,  // field of person → ids of feeds
    postcode_list,
};

struct Value {  // what apply gets; only the part that belongs to the type is set
    std::string text;
    std::int64_t integer = 0;
    bool boolean = false;
    std::vector<std::string> list;
    std::map<std::string, std::vector<std::string>> table;
};

template <class Target>
struct Key {
    std::string_view table;  // "" for the feed's own table
    std::string_view name;
    Type type;
    std::string_view unit;
    std::string_view default_value;  // empty: none
    std::string_view meaning;
    bool required = false;
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::string_view allowed;
    void (*apply)(Target&, const Value&);
};

std::span<const Key<Config>> hub_keys();       // grouped by table
std::span<const Key<FeedConfig>> feed_keys();  // of [feed.ID], then of [feed.ID.limits]

// The columns of person that a precedence may be given for (docs/contracts.md section 4).
std::span<const std::string_view> person_fields();

// Why a text is not of the type; empty when it is. Lists, tables, whole numbers and booleans are not asked
// here.
std::string why_not(Type type, std::string_view text, std::string_view allowed);

struct Listen {
    std::string address;
    std::uint16_t port;
};
Listen split_listen(std::string_view text);  // of a text that why_not took

}  // namespace sendhub::config
