#include "hub/worker/plugin_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sendhub/abi/sink.h>

#include <array>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstring>
#include <set>
#include <system_error>

#include "base/descriptor.hpp"
#include "hub/worker/limits.hpp"
#include "schemas/registry.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::worker {
namespace {

constexpr std::uint64_t kLargestPlugin = 512ull << 20;

std::unexpected<Error> refused(const std::string& path, const std::string& why) {
    return fail(ErrorCode::plugin, "the plugin " + path + " was refused: " + why);
}

std::string octal(unsigned mode) {
    char text[8];
    std::snprintf(text, sizeof text, "%04o", mode & 07777);
    return text;
}

// Whoever may change the file, or put another in its place, may run code as the hub.
std::string why_unsafe(const struct stat& info, const std::string& what) {
    if (info.st_uid != 0 && info.st_uid != ::geteuid())
        return what + " belongs to user " + std::to_string(info.st_uid) +
               ", it must belong to root or to user " + std::to_string(::geteuid()) +
               " that the hub runs as; change its owner with chown";
    if (info.st_mode & S_IWOTH)
        return what + " has mode " + octal(info.st_mode) +
               ", so everybody may write it; take that away with chmod o-w";
    return {};
}

// The file's bytes in a sealed memory file: what is checked is what is loaded.
Result<int> sealed_copy(const std::filesystem::path& path) {
    const std::string name = path.string();
    const std::filesystem::path folder =
        path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const auto system_says = [] { return std::generic_category().message(errno); };
    struct stat info{};
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) {
        if (errno == ENOENT)
            return refused(name, "there is no such file; look at plugins.folder in hub.toml");
        return refused(name,
                       "it cannot be opened (" + system_says() + "); the hub's user must be able to read it");
    }
    if (::fstat(file.get(), &info) != 0)
        return refused(name, "it cannot be looked at (" + system_says() + ")");
    if (!S_ISREG(info.st_mode))
        return refused(name, "it is not a regular file; give the .so that the build made");
    if (const std::string why = why_unsafe(info, "the file"); !why.empty()) return refused(name, why);
    struct stat folder_info{};
    if (::stat(folder.c_str(), &folder_info) != 0)
        return refused(name, "its folder cannot be looked at (" + system_says() + ")");
    if (const std::string why = why_unsafe(folder_info, "its folder " + folder.string()); !why.empty())
        return refused(name, why);
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (size > kLargestPlugin) return refused(name, "it has more than 512 MiB; that is no plugin");

    const Descriptor copy(::memfd_create("sendhub-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (copy.get() < 0) return fail(ErrorCode::storage, "no memory file for a plugin: " + system_says());
    std::string buffer(1u << 20, '\0');
    for (;;) {
        const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return refused(name, "it cannot be read (" + system_says() + ")");
        if (n == 0) break;
        for (ssize_t done = 0; done < n;) {
            const ssize_t written =
                ::write(copy.get(), buffer.data() + done, static_cast<std::size_t>(n - done));
            if (written < 0)
                return fail(ErrorCode::storage, "could not copy a plugin to memory: " + system_says());
            done += written;
        }
    }
    if (::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return fail(ErrorCode::storage, "could not seal the copy of a plugin: " + system_says());
    if (::fstat(copy.get(), &info) != 0)
        return fail(ErrorCode::storage, "could not look at the copy of a plugin");
    if (info.st_size == 0) return refused(name, "it is empty; copy it again");
    const auto length = static_cast<std::size_t>(info.st_size);
    void* mapped = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, copy.get(), 0);
    if (mapped == MAP_FAILED)
        return fail(ErrorCode::storage, "could not map the copy of a plugin: " + system_says());
    const std::string why =
        why_not_a_library({static_cast<const unsigned char*>(mapped), length}, SHP_ENTRY_NAME);
    ::munmap(mapped, length);
    if (!why.empty()) return refused(name, why);
    return ::fcntl(copy.get(), F_DUPFD_CLOEXEC, 10);
}

bool is_name(std::string_view text) {
    if (text.empty() || text.size() > 40 || text[0] < 'a' || text[0] > 'z') return false;
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// Checks the parts of a description, one by one; the first fault is kept.
struct Reader {
    std::string fault;
    std::string text(shp_str from, const std::string& what, std::size_t least, std::size_t most) {
        if (!fault.empty()) return {};
        if (from.size > most || from.size < least || (!from.data && from.size > 0)) {
            fault = what + " has " + std::to_string(from.size) + " bytes, it must have " +
                    std::to_string(least) + " to " + std::to_string(most);
            return {};
        }
        const std::string_view view(from.data ? from.data : "", static_cast<std::size_t>(from.size));
        if (!rules::is_utf8(view)) fault = what + " is not UTF-8";
        return std::string(view);
    }
    void demand(bool holds, const std::string& otherwise) {
        if (fault.empty() && !holds) fault = otherwise;
    }
};

// The item of an array whose stride is the size of its first one, as this hub knows the struct.
template <class T>
T item_at(const T* first, std::uint32_t stride, std::uint32_t index) {
    T out{};
    std::memcpy(&out, reinterpret_cast<const char*>(first) + std::size_t{stride} * index,
                std::min<std::size_t>(stride, sizeof(T)));
    return out;
}

void read_settings(const shp_plugin& table, handover::PluginDescription& out, Reader& read) {
    if (table.setting_count == 0) return;
    read.demand(table.settings != nullptr && table.setting_count <= 1000,
                "its list of settings is missing or too long");
    if (!read.fault.empty()) return;
    const std::uint32_t stride = table.settings->size;
    read.demand(stride >= sizeof(shp_setting) && stride <= 4096,
                "its settings have a size of " + std::to_string(stride) + " bytes each, version 1 has " +
                    std::to_string(sizeof(shp_setting)));
    static constexpr std::array<std::string_view, 8> types{"",        "text", "integer", "number",
                                                           "boolean", "date", "folder",  "file"};
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < table.setting_count && read.fault.empty(); ++i) {
        const auto raw = item_at(table.settings, stride, i);
        config::DeclaredSetting s;
        const std::string what = "setting " + std::to_string(i + 1);
        s.name = read.text(raw.name, what + ": the name", 1, 40);
        s.unit = read.text(raw.unit, what + ": the unit", 0, 40);
        s.default_value = read.text(raw.default_value, what + ": the default", 0, 4096);
        s.meaning = read.text(raw.meaning, what + ": the meaning", 0, 4096);
        s.required = raw.flags & SHP_SETTING_REQUIRED;
        s.secret = raw.flags & SHP_SETTING_SECRET;
        s.table = raw.flags & SHP_SETTING_TABLE;
        s.list = raw.flags & SHP_SETTING_LIST;
        read.demand(is_name(s.name), what + " is named \"" + s.name + "\", a name is of a-z, 0-9 and _");
        read.demand(raw.type >= 1 && raw.type < types.size(),
                    "the setting " + s.name + " has the type " + std::to_string(raw.type) +
                        ", known are 1 to 7 (SHP_TYPE_TEXT to SHP_TYPE_FILE)");
        if (raw.type < types.size()) s.type = types[raw.type];
        read.demand(seen.insert(s.name).second, "the setting " + s.name + " is declared twice");
        out.settings.push_back(std::move(s));
    }
}

void read_record(const shp_record& raw, handover::PluginDescription& out, Reader& read) {
    handover::RecordDescription record;
    record.name = read.text(raw.name, "a record type: the name", 1, 80);
    if (!read.fault.empty()) return;
    const schema::Record* known = schema::find_record(record.name);
    if (!known) {
        read.fault = "it fills the record type " + record.name +
                     ", which this hub's schema does not have; correct the name (docs/reference/records.md "
                     "lists them)";
        return;
    }
    read.demand(raw.fields != nullptr && raw.field_count > 0 && raw.field_count <= known->fields.size(),
                "it declares " + std::to_string(raw.field_count) + " fields of " + record.name +
                    ", which has " + std::to_string(known->fields.size()));
    std::set<std::string_view> declared;
    for (std::uint32_t i = 0; i < raw.field_count && read.fault.empty(); ++i) {
        std::string name = read.text(raw.fields[i], "a field of " + record.name, 1, 80);
        const schema::Field* field = nullptr;
        for (const schema::Field& f : known->fields)
            if (f.name == name) field = &f;
        read.demand(field != nullptr, "it fills the field " + name + " of " + record.name +
                                          ", which this hub's schema does not have; correct the name "
                                          "(docs/reference/records.md lists them) or update the hub");
        if (field)
            read.demand(declared.insert(field->name).second,
                        "it declares " + record.name + "." + name + " twice");
        record.fields.push_back(std::move(name));
    }
    for (const schema::Field& f : known->fields) {
        const bool demanded =
            f.required || f.name == "source_key" || (known->about_child && f.name == "person_ref");
        read.demand(!demanded || declared.contains(f.name),
                    "it fills " + record.name + " without " + std::string(f.name) +
                        ", which every row must have; declare and fill it");
    }
    for (const handover::RecordDescription& other : out.records)
        read.demand(other.name != record.name, "it declares the record type " + record.name + " twice");
    out.records.push_back(std::move(record));
}

void read_records(const shp_connector& table, handover::PluginDescription& out, Reader& read) {
    read.demand(table.records != nullptr && table.record_count > 0 && table.record_count <= 200,
                "it is a connector and declares no record types; a connector names what it fills");
    if (!read.fault.empty()) return;
    const std::uint32_t stride = table.records->size;
    read.demand(stride >= sizeof(shp_record) && stride <= 4096,
                "its record types have a size of " + std::to_string(stride) + " bytes each, version 1 has " +
                    std::to_string(sizeof(shp_record)));
    for (std::uint32_t i = 0; i < table.record_count && read.fault.empty(); ++i)
        read_record(item_at(table.records, stride, i), out, read);
}

// A table of the plugin, as far as it reaches; false when the plugin does not offer it.
template <class Table>
bool take_interface(const shp_plugin& plugin, std::string_view id, Table& out) {
    const void* found = plugin.get_interface(shp_str{id.data(), id.size()});
    if (!found) return false;
    std::uint32_t size = 0;
    std::memcpy(&size, found, sizeof size);
    std::memcpy(&out, found, std::min<std::size_t>(size, sizeof out));
    return true;
}

}  // namespace

Result<LoadedPlugin> read_table(const shp_plugin* table, const std::string& path) {
    if (!table)
        return refused(path, "its entry " SHP_ENTRY_NAME " returned nothing; it must return its table");
    // Only these two are sure to be there.
    const std::uint32_t size = table->size;
    if (size < offsetof(shp_plugin, name))
        return refused(
            path, "its table says that it has " + std::to_string(size) +
                      " bytes, which is less than its own first fields; fill in size = sizeof(shp_plugin)");
    const std::uint32_t version = table->abi_version;
    if (version < SHP_ABI_OLDEST || version > SHP_ABI_VERSION)
        return refused(
            path, "it was built for version " + std::to_string(version) +
                      " of the plugin boundary, this hub loads versions " + std::to_string(SHP_ABI_OLDEST) +
                      " to " + std::to_string(SHP_ABI_VERSION) +
                      (version > SHP_ABI_VERSION ? "; update the hub or build the plugin with this hub's SDK"
                                                 : "; build the plugin with this hub's SDK"));
    LoadedPlugin out;
    std::memcpy(&out.table, table, std::min<std::size_t>(size, sizeof out.table));
    const shp_plugin& t = out.table;
    std::string missing;
    const auto need = [&](bool there, const char* name) {
        if (!there && missing.empty()) missing = name;
    };
    need(t.open != nullptr, "open");
    need(t.close != nullptr, "close");
    need(t.get_interface != nullptr, "get_interface");
    if (!missing.empty())
        return refused(
            path, "its table lacks the function " + missing + ", which every plugin must have; fill it in");
    const bool connects = take_interface(t, SHP_CONNECTOR, out.connector);
    const bool transports = take_interface(t, SHP_TRANSPORT, out.transport);
    shp_sink sink{};
    if (take_interface(t, SHP_SINK, sink))
        return refused(path, "it is a sink, and this hub calls no sinks yet");
    if (connects == transports)
        return refused(path, connects ? "it offers to be a connector and a transport; a plugin is one of them"
                                      : "it offers neither " SHP_CONNECTOR " nor " SHP_TRANSPORT
                                        ", which are the kinds that this hub calls; update the hub or the "
                                        "plugin");
    if (transports) {
        need(out.transport.fetch != nullptr, "fetch");
    } else {
        need(out.connector.read_file != nullptr, "read_file");
        need(out.connector.finish != nullptr, "finish");
    }
    if (!missing.empty())
        return refused(path, "its table lacks the function " + missing + ", which every " +
                                 (transports ? "transport" : "connector") + " must have; fill it in");
    handover::PluginDescription& d = out.description;
    d.kind = transports ? handover::PluginKind::transport : handover::PluginKind::connector;
    d.abi_version = version;
    Reader read;
    d.name = read.text(t.name, "its name", 1, 40);
    d.version = read.text(t.version, "its version", 1, 40);
    d.title = read.text(t.title, "its title", 1, 200);
    d.summary = read.text(t.summary, "its summary", 0, 4096);
    read.demand(is_name(d.name), "its name is \"" + d.name + "\", a name is of a-z, 0-9 and _");
    read_settings(t, d, read);
    if (connects) read_records(out.connector, d, read);
    if (!read.fault.empty()) return refused(path, read.fault);
    return out;
}

Result<LoadedPlugin> load_plugin(const std::filesystem::path& path, std::int64_t output_mb) {
    const std::string name = path.string();
    SENDHUB_ASSIGN(const int fd, sealed_copy(path));
    if (auto limited = limit_output(output_mb); !limited) {
        ::close(fd);
        return fail(std::move(limited).error());
    }
    const std::string descriptor = "/proc/self/fd/" + std::to_string(fd);
    boost::dll::shared_library* library = nullptr;
    try {
        // Never unloaded: its threads, static data and strings may be in use until the process ends.
        library = new boost::dll::shared_library(
            boost::dll::fs::path(descriptor),
            boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    } catch (const std::exception& e) {
        ::close(fd);
        return refused(name, std::string("the system cannot load it (") + e.what() +
                                 "); install the libraries it needs, or link them into it");
    }
    ::close(fd);
    try {
        auto& entry = library->get<const shp_plugin*()>(SHP_ENTRY_NAME);
        return read_table(entry(), name);
    } catch (const std::exception& e) {
        return refused(name, std::string("its entry " SHP_ENTRY_NAME " failed: ") + e.what());
    } catch (...) {
        return refused(name,
                       "its entry " SHP_ENTRY_NAME " threw something; no exception may cross the boundary");
    }
}

}  // namespace sendhub::worker
