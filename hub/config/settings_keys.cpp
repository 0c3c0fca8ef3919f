#include "hub/config/settings_keys.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/time.hpp"
#include "hub/config/cron_expression.hpp"

namespace sendhub::config {
namespace {

constexpr std::int64_t million = 1'000'000;

// clang-format off
const auto all_hub_keys = std::to_array<Key<Config>>({
    {"hub", "name", Type::text, "", "", "Name of the council, shown in the console and in publications.", true, 0, 0, "",
     [](Config& c, const Value& v) { c.hub.name = v.text; }},
    {"hub", "la_code", Type::la_code, "", "", "The council's three-digit local authority code.", true, 0, 0, "",
     [](Config& c, const Value& v) { c.hub.la_code = v.text; }},
    {"hub", "state", Type::folder, "", "state", "Folder of everything the hub keeps: files received, store, publications, audit log.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.hub.state = c.folder / v.text; }},

    {"plugins", "folder", Type::folder, "", "", "Folder that plugins are loaded from. Not set: `../plugins`, seen from the folder of the binary.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.plugins.folder = c.folder / v.text; }},
    {"plugins", "development", Type::boolean, "", "false", "Load unsigned plugins too. Signatures are not checked yet, so this changes nothing: who may write to the folder decides.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.plugins.development = v.boolean; }},

    {"serve", "listen", Type::listen, "", "127.0.0.1:8080", "IP address and port to listen on, such as `127.0.0.1:8080` or `[::1]:8080`. Port 0: any free one.", false, 0, 0, "",
     [](Config& c, const Value& v) { auto [address, port] = split_listen(v.text); c.serve.address = address; c.serve.port = port; }},
    {"serve", "public_base_url", Type::url, "", "", "The address that readers use, as it stands in links. Not set: `http://` and what is listened on.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.serve.public_base_url = v.text; while (c.serve.public_base_url.ends_with('/')) c.serve.public_base_url.pop_back(); }},
    {"serve", "page_size", Type::integer, "rows", "5000", "Rows in one page of OData.", false, 1, 100'000, "",
     [](Config& c, const Value& v) { c.serve.page_size = v.integer; }},

    {"schedule", "nightly", Type::cron, "", "30 1 * * *", "When all feeds without a schedule of their own are fetched, matched and published: five cron fields, Europe/London.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.schedule.nightly = v.text; }},
    {"schedule", "missed_run", Type::choice, "", "once", "A run that was due while the hub was down: made up `once` at the next start, or skipped (`skip`).", false, 0, 0, "once skip",
     [](Config& c, const Value& v) { c.schedule.missed_run = v.text == "skip" ? MissedRun::skip : MissedRun::once; }},
    {"schedule", "retry_attempts", Type::integer, "", "3", "How often a run that met a passing fault (server away, time-out) is tried again.", false, 0, 20, "",
     [](Config& c, const Value& v) { c.schedule.retry_attempts = v.integer; }},
    {"schedule", "retry_first_wait_seconds", Type::integer, "seconds", "60", "Wait before the first retry; it doubles with each further one.", false, 1, 86'400, "",
     [](Config& c, const Value& v) { c.schedule.retry_first_wait_seconds = v.integer; }},

    {"publish", "keep_versions", Type::integer, "versions", "7", "Publications that are kept; older ones are removed.", false, 1, 10'000, "",
     [](Config& c, const Value& v) { c.publish.keep_versions = v.integer; }},
    {"publish", "collapse_percent", Type::integer, "percent", "50", "A dataset that lost more than this share of its rows stops the publication.", false, 0, 100, "",
     [](Config& c, const Value& v) { c.publish.collapse_percent = v.integer; }},
    {"publish", "collapse_min_rows", Type::integer, "rows", "20", "Datasets with fewer rows than this may shrink freely.", false, 0, million, "",
     [](Config& c, const Value& v) { c.publish.collapse_min_rows = v.integer; }},
    {"publish", "as_at", Type::date, "", "", "The day that ages and clocks are worked out for. Not set: the day of the run.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.publish.as_at = parse_iso_date(v.text); }},
    {"publish", "inclusive_day_rule", Type::boolean, "", "true", "Statutory clocks count the first day as day 1.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.publish.inclusive_day_rule = v.boolean; }},

    {"match", "precedence", Type::feed_list, "", "", "Feeds, best first: whose value of a child's field is taken where several have one. Feeds that are not named come last.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.match.precedence = v.list; }},
    {"match", "precedence_of", Type::feed_list_table, "", "", "The same for single fields where another order holds: `FIELD = [feeds]`.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.match.precedence_of = v.table; }},
    {"match", "one_record_each", Type::feed_list, "", "", "Feeds that hold each child at most once, so that two records of such a feed are never one child. Not a census: a child at two schools has two records.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.match.one_record_each = v.list; }},
    {"match", "institutional_postcodes", Type::postcode_list, "", "", "Postcodes of children's homes, hospitals, refuges and offices: living there says nothing about who a child is.", false, 0, 0, "",
     [](Config& c, const Value& v) { c.match.institutional_postcodes = v.list; }},
    {"match", "retrain_days", Type::integer, "days", "90", "When the match model is this old, a new one is trained beside it; it works only after `sendhub review model approve`.", false, 1, 3650, "",
     [](Config& c, const Value& v) { c.match.retrain_days = v.integer; }},
});

const auto all_feed_keys = std::to_array<Key<FeedConfig>>({
    {"", "connector", Type::plugin_name, "", "", "The plugin that reads the files.", true, 0, 0, "",
     [](FeedConfig& f, const Value& v) { f.connector = v.text; }},
    {"", "transport", Type::plugin_name, "", "", "The plugin that brings the files.", true, 0, 0, "",
     [](FeedConfig& f, const Value& v) { f.transport = v.text; }},
    {"", "schedule", Type::cron, "", "", "A schedule of this feed's own: five cron fields, Europe/London. Not set: with the night.", false, 0, 0, "",
     [](FeedConfig& f, const Value& v) { f.schedule = v.text; }},
    {"", "guard_percent", Type::integer, "percent", "20", "Truncated-file guard: a snapshot that would close more than this share of a scope's rows waits for a person.", false, 0, 100, "",
     [](FeedConfig& f, const Value& v) { f.guard_percent = v.integer; }},
    {"", "guard_min_rows", Type::integer, "rows", "10", "Scopes with fewer rows than this are not guarded.", false, 0, million, "",
     [](FeedConfig& f, const Value& v) { f.guard_min_rows = v.integer; }},
    {"", "purpose", Type::text, "", "", "Why the council may hold this feed: the legal basis, for the register of feeds.", false, 0, 0, "",
     [](FeedConfig& f, const Value& v) { f.purpose = v.text; }},

    {"limits", "memory_mb", Type::integer, "MB", "1024", "Memory of one worker.", false, 64, million, "",
     [](FeedConfig& f, const Value& v) { f.limits.memory_mb = v.integer; }},
    {"limits", "cpu_seconds", Type::integer, "seconds", "600", "Processor time of one worker.", false, 1, million, "",
     [](FeedConfig& f, const Value& v) { f.limits.cpu_seconds = v.integer; }},
    {"limits", "wall_seconds", Type::integer, "seconds", "900", "Time by the clock of one worker.", false, 1, million, "",
     [](FeedConfig& f, const Value& v) { f.limits.wall_seconds = v.integer; }},
    {"limits", "open_files", Type::integer, "files", "256", "Files that one worker may have open.", false, 32, million, "",
     [](FeedConfig& f, const Value& v) { f.limits.open_files = v.integer; }},
    {"limits", "output_mb", Type::integer, "MB", "8192", "What one worker may write.", false, 1, 100 * million, "",
     [](FeedConfig& f, const Value& v) { f.limits.output_mb = v.integer; }},
});
// clang-format on

constexpr std::array<std::string_view, 12> fields_of_person{
    "surname",    "forename", "middle_names",   "preferred_surname", "preferred_forename", "former_surname",
    "birth_date", "sex",      "ethnicity_code", "first_language",    "postcode",           "uprn"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Listen> try_split(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view address = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port > 65535) return std::nullopt;
    in_addr v4{};
    in6_addr v6{};
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
        if (inet_pton(AF_INET6, std::string(address).c_str(), &v6) != 1) return std::nullopt;
    } else if (inet_pton(AF_INET, std::string(address).c_str(), &v4) != 1) {
        return std::nullopt;
    }
    return Listen{std::string(address), static_cast<std::uint16_t>(port)};
}

bool is_snake_case(std::string_view text) {
    return !text.empty() && text.size() <= 40 && text[0] >= 'a' && text[0] <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; });
}

bool is_url(std::string_view text) {
    const auto rest = text.starts_with("https://")  ? text.substr(8)
                      : text.starts_with("http://") ? text.substr(7)
                                                    : std::string_view();
    // No user, query or fragment: every link is this text with a path behind it.
    return !rest.empty() && rest.front() != '/' && rest.front() != ':' &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 127; }) &&
           rest.find_first_of("?#@\"'<>\\") == std::string_view::npos;
}

}  // namespace

std::span<const Key<Config>> hub_keys() { return all_hub_keys; }
std::span<const Key<FeedConfig>> feed_keys() { return all_feed_keys; }
std::span<const std::string_view> person_fields() { return fields_of_person; }

std::string why_not(Type type, std::string_view text, std::string_view allowed) {
    switch (type) {
        case Type::text:
        case Type::folder:
            return text.empty() ? "must not be empty" : "";
        case Type::plugin_name:
            return is_snake_case(text) ? ""
                                       : "must be the name of a plugin: small letters, digits and _, "
                                         "beginning with a letter, at most 40";
        case Type::la_code:
            return text.size() == 3 && std::all_of(text.begin(), text.end(), is_digit)
                       ? ""
                       : "must be three digits in quotes, such as \"873\"";
        case Type::date:
            return parse_iso_date(text) ? "" : "must be a day, such as \"2026-01-20\"";
        case Type::cron: {
            const auto cron = parse_cron(text);
            return cron ? ""
                        : "is not a cron expression: at character " + std::to_string(cron.error().position) +
                              ", " + cron.error().sentence;
        }
        case Type::choice: {
            std::string list;
            for (std::string_view rest = allowed; !rest.empty();) {
                const auto word = rest.substr(0, rest.find(' '));
                if (word == text) return "";
                list += (list.empty() ? "" : " or ") + std::string(word);
                rest.remove_prefix(std::min(rest.size(), word.size() + 1));
            }
            return "must be " + list;
        }
        case Type::listen:
            return try_split(text) ? ""
                                   : "must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080";
        case Type::url:
            return is_url(text) ? ""
                                : "must be an address such as https://hub.example.gov.uk, without ? or #";
        case Type::integer:
        case Type::boolean:
        case Type::feed_list:
        case Type::feed_list_table:
        case Type::postcode_list:
            return "";
    }
    return "";
}

Listen split_listen(std::string_view text) { return try_split(text).value_or(Listen{"127.0.0.1", 0}); }

}  // namespace sendhub::config
