#include <sendhub/plugin.hpp>

#include <charconv>
#include <exception>

namespace sendhub::sdk {

std::string_view Host::setting(std::string_view name) const {
    return from_c(table_->setting(table_->ctx, to_c(name)));
}

std::vector<std::string> Host::setting_list(std::string_view name) const {
    std::vector<std::string> out;
    std::string_view text = setting(name);
    while (!text.empty()) {
        const auto end = text.find('\n');
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> Host::setting_table(std::string_view name) const {
    std::vector<std::pair<std::string, std::string>> out;
    const std::string prefix = std::string(name) + ".";
    const std::uint32_t count = table_->setting_count(table_->ctx);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view key = from_c(table_->setting_name(table_->ctx, i));
        if (key.starts_with(prefix)) out.emplace_back(key.substr(prefix.size()), setting(key));
    }
    return out;
}

std::int64_t Host::setting_integer(std::string_view name) const {
    const std::string_view text = setting(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw BadSettings("the setting " + std::string(name) + " must be a whole number");
    return value;
}

bool Host::setting_boolean(std::string_view name) const {
    const std::string_view text = setting(name);
    if (text == "true") return true;
    if (text == "false" || text.empty()) return false;
    throw BadSettings("the setting " + std::string(name) + " must be true or false");
}

const void* Host::need_interface(std::string_view id, std::uint32_t size) const {
    const void* found = table_->get_interface(table_->ctx, to_c(id));
    if (found && *static_cast<const std::uint32_t*>(found) >= size) return found;
    throw RunFailed("this hub does not offer " + std::string(id) +
                    " as this plugin needs it; update the hub, or build the plugin with this hub's SDK");
}

namespace detail {

SettingArray::SettingArray(const std::vector<Setting>& settings) {
    items.reserve(settings.size());
    for (const Setting& s : settings) {
        shp_setting item{};
        item.size = sizeof(shp_setting);
        item.flags = (s.required ? SHP_SETTING_REQUIRED : 0) | (s.secret ? SHP_SETTING_SECRET : 0) |
                     (s.table ? SHP_SETTING_TABLE : 0) | (s.list ? SHP_SETTING_LIST : 0);
        item.type = static_cast<std::uint32_t>(s.type);
        item.name = to_c(s.name);
        item.unit = to_c(s.unit);
        item.default_value = to_c(s.default_value);
        item.meaning = to_c(s.meaning);
        items.push_back(item);
    }
}

std::int32_t closed_failure(const shp_host* host) noexcept {
    const auto tell = [&](std::string_view text, std::uint64_t row = 0, std::int64_t retry_after_ms = 0) {
        shp_error error{};
        error.size = sizeof(shp_error);
        error.sentence = to_c(text);
        error.row = row;
        error.retry_after_ms = retry_after_ms;
        host->set_error(host->ctx, &error);
    };
    try {
        throw;
    } catch (const FileRefused& e) {
        tell(e.what(), e.row);
        return SHP_REFUSED_FILE;
    } catch (const BadSettings& e) {
        tell(e.what());
        return SHP_BAD_SETTINGS;
    } catch (const TryLater& e) {
        tell(e.what(), 0, e.retry_after.count());
        return SHP_RETRY;
    } catch (const Cancelled& e) {
        tell(e.what());
        return SHP_CANCELLED;
    } catch (const std::bad_alloc&) {
        tell("the plugin ran out of memory; raise limits.memory_mb of this feed or look for a damaged file");
        return SHP_FAILED;
    } catch (const std::exception& e) {
        tell(e.what());
        return SHP_FAILED;
    } catch (...) {
        tell("the plugin failed with something that is not an exception of the standard library");
        return SHP_FAILED;
    }
}

}  // namespace detail
}  // namespace sendhub::sdk
