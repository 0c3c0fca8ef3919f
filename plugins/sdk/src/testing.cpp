#include <sendhub/testing.hpp>
#include <sendhub/values.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace sendhub::sdk::testing {
namespace {

std::string text_of(const shp_value& value) {
    char text[64];
    switch (value.kind) {
        case SHP_TEXT:
            return std::string(from_c(value.as.text));
        case SHP_BOOL:
            return value.as.i ? "true" : "false";
        case SHP_DATE: {
            const auto day = Date{static_cast<std::int32_t>(value.as.i)}.civil();
            std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                          unsigned(day.day()));
            return text;
        }
        case SHP_REAL:
            return {text, std::to_chars(text, text + sizeof text, value.as.d).ptr};
        default:
            return std::to_string(value.as.i);
    }
}

// One fake for both kinds: a test reads only what its kind fills.
struct Fake {
    const shp_plugin* plugin;
    const shp_connector* connector;
    std::vector<std::pair<std::string, std::string>> settings;
    std::string error;
    std::uint64_t error_row = 0;
    std::vector<std::string> log;
    // connector
    ConnectorOutcome* out = nullptr;
    const std::vector<FakeFile>* files = nullptr;
    std::uint32_t file = 0;
    std::size_t position = 0;
    // transport
    TransportOutcome* transport = nullptr;
    std::vector<std::string> known;
    bool open_file = false;
    FakeFile current;

    static Fake& self(void* ctx) { return *static_cast<Fake*>(ctx); }

    const shp_record& record(std::uint32_t index) const {
        const auto* bytes = reinterpret_cast<const char*>(connector->records);
        return *reinterpret_cast<const shp_record*>(bytes + std::size_t{index} * connector->records[0].size);
    }
    std::string file_name() const { return files && file < files->size() ? (*files)[file].name : ""; }

    [[nodiscard]] std::uint32_t record_count() const { return connector ? connector->record_count : 0; }

    Fake(const shp_plugin* p, const std::map<std::string, std::string>& given)
        : plugin(p), connector(connector_of(p)) {
        for (std::uint32_t i = 0; i < p->setting_count; ++i) {
            const shp_setting& s = p->settings[i];
            const std::string name(from_c(s.name));
            if (!given.contains(name) && s.default_value.size > 0)
                settings.emplace_back(name, from_c(s.default_value));
        }
        for (const auto& item : given) settings.push_back(item);
    }

    shp_host table() {
        shp_host host{};
        host.size = sizeof(shp_host);
        host.abi_version = SHP_ABI_VERSION;
        host.ctx = this;
        host.setting = [](void* ctx, shp_str name) -> shp_str {
            for (const auto& [key, value] : self(ctx).settings)
                if (key == from_c(name)) return to_c(value);
            return {nullptr, 0};
        };
        host.setting_count = [](void* ctx) { return static_cast<std::uint32_t>(self(ctx).settings.size()); };
        host.setting_name = [](void* ctx, std::uint32_t i) { return to_c(self(ctx).settings[i].first); };
        host.log = [](void* ctx, std::int32_t, shp_str text) { self(ctx).log.emplace_back(from_c(text)); };
        host.cancelled = [](void*) { return 0; };
        host.set_error = [](void* ctx, const shp_error* error) {
            self(ctx).error = from_c(error->sentence);
            self(ctx).error_row = error->row;
        };
        host.progress = [](void*, std::uint64_t, std::uint64_t) {};
        host.get_interface = [](void*, shp_str id) -> const void* {
            static const shp_host_connector for_connectors = connector_table();
            static const shp_host_transport for_transports = transport_table();
            if (from_c(id) == SHP_HOST_CONNECTOR) return &for_connectors;
            if (from_c(id) == SHP_HOST_TRANSPORT) return &for_transports;
            return nullptr;
        };
        return host;
    }

    static shp_host_connector connector_table() {
        shp_host_connector host{};
        host.size = sizeof(shp_host_connector);
        host.read = [](void* ctx, void* buffer, std::uint64_t capacity) -> std::int64_t {
            Fake& fake = self(ctx);
            const std::string& content = (*fake.files)[fake.file].content;
            const std::size_t n = std::min<std::size_t>(capacity, content.size() - fake.position);
            std::memcpy(buffer, content.data() + fake.position, n);
            fake.position += n;
            return static_cast<std::int64_t>(n);
        };
        host.scope = [](void* ctx, std::uint32_t record, shp_str name, std::uint32_t mode,
                        std::int32_t as_of) -> std::uint32_t {
            Fake& fake = self(ctx);
            if (record >= fake.record_count()) return SHP_NONE;
            const std::string record_name(from_c(fake.record(record).name));
            auto& scopes = fake.out->scopes;
            for (std::size_t i = 0; i < scopes.size(); ++i)
                if (scopes[i].record == record_name && scopes[i].name == from_c(name) &&
                    scopes[i].as_of == as_of)
                    return static_cast<std::uint32_t>(i);
            scopes.push_back({record_name, std::string(from_c(name)), mode, as_of});
            return static_cast<std::uint32_t>(scopes.size() - 1);
        };
        host.add_row = [](void* ctx, std::uint32_t record, std::uint32_t scope, std::uint64_t row,
                          const shp_value* values, std::uint32_t count) -> std::int32_t {
            Fake& fake = self(ctx);
            if (record >= fake.record_count() || scope >= fake.out->scopes.size()) return SHP_FAILED;
            const shp_record& declared = fake.record(record);
            if (count != declared.field_count) return SHP_FAILED;
            TextRow text;
            for (std::uint32_t i = 0; i < count; ++i)
                if (values[i].kind != SHP_NULL)
                    text[std::string(from_c(declared.fields[i]))] = text_of(values[i]);
            text["@scope"] = fake.out->scopes[scope].name;
            text["@row"] = std::to_string(row);
            text["@file"] = fake.file_name();
            fake.out->rows[std::string(from_c(declared.name))].push_back(std::move(text));
            return SHP_OK;
        };
        host.add_issue = [](void* ctx, const shp_issue* issue) -> std::int32_t {
            Fake& fake = self(ctx);
            fake.out->issues.push_back(
                {issue->severity,
                 issue->record < fake.record_count() ? std::string(from_c(fake.record(issue->record).name))
                                                     : "",
                 fake.file_name(), std::string(from_c(issue->field)), std::string(from_c(issue->value)),
                 std::string(from_c(issue->rule)), std::string(from_c(issue->reason)),
                 std::string(from_c(issue->advice)), std::string(from_c(issue->source_key)),
                 std::string(from_c(issue->person_ref)), issue->source_row});
            return SHP_OK;
        };
        host.set_file = [](void* ctx, std::uint32_t number) { self(ctx).file = number; };
        return host;
    }

    static shp_host_transport transport_table() {
        shp_host_transport host{};
        host.size = sizeof(shp_host_transport);
        host.offer = [](void* ctx, shp_str name, std::uint64_t, std::int64_t) -> std::int32_t {
            const auto& known = self(ctx).known;
            return std::find(known.begin(), known.end(), from_c(name)) == known.end() ? SHP_OFFER_TAKE
                                                                                      : SHP_OFFER_KNOWN;
        };
        host.begin_file = [](void* ctx, shp_str name, std::uint64_t, std::int64_t) -> std::int32_t {
            Fake& fake = self(ctx);
            if (fake.open_file) return SHP_FAILED;
            fake.open_file = true;
            fake.current = {std::string(from_c(name)), ""};
            return SHP_OK;
        };
        host.write = [](void* ctx, const void* data, std::uint64_t size) -> std::int32_t {
            self(ctx).current.content.append(static_cast<const char*>(data), size);
            return SHP_OK;
        };
        host.commit_file = [](void* ctx) -> std::int32_t {
            Fake& fake = self(ctx);
            if (!fake.open_file) return SHP_FAILED;
            fake.open_file = false;
            fake.transport->taken.push_back(fake.current);
            return SHP_OK;
        };
        host.abandon_file = [](void* ctx) { self(ctx).open_file = false; };
        host.skipped = [](void* ctx, shp_str name, shp_str reason) {
            self(ctx).transport->skipped[std::string(from_c(name))] = from_c(reason);
        };
        return host;
    }
};

}  // namespace

std::size_t ConnectorOutcome::rejects() const {
    return static_cast<std::size_t>(std::count_if(
        issues.begin(), issues.end(), [](const FakeIssue& i) { return i.severity == SHP_ISSUE_REJECT; }));
}
std::size_t ConnectorOutcome::rejects(std::string_view rule) const {
    return static_cast<std::size_t>(std::count_if(issues.begin(), issues.end(), [&](const FakeIssue& i) {
        return i.severity == SHP_ISSUE_REJECT && i.rule == rule;
    }));
}
std::size_t ConnectorOutcome::warnings(std::string_view rule) const {
    return static_cast<std::size_t>(std::count_if(issues.begin(), issues.end(), [&](const FakeIssue& i) {
        return i.severity == SHP_ISSUE_WARNING && i.rule == rule;
    }));
}

const shp_connector* connector_of(const shp_plugin* plugin) {
    return static_cast<const shp_connector*>(plugin->get_interface(to_c(SHP_CONNECTOR)));
}
const shp_transport* transport_of(const shp_plugin* plugin) {
    return static_cast<const shp_transport*>(plugin->get_interface(to_c(SHP_TRANSPORT)));
}

ConnectorOutcome run_connector(const shp_plugin* plugin, const std::map<std::string, std::string>& settings,
                               const std::vector<FakeFile>& files) {
    ConnectorOutcome out;
    Fake fake(plugin, settings);
    fake.out = &out;
    fake.files = &files;
    const shp_host host = fake.table();
    void* instance = nullptr;
    out.code = plugin->open(&host, &instance);
    if (out.code == SHP_OK) {
        for (std::uint32_t i = 0; i < files.size() && out.code == SHP_OK; ++i) {
            fake.file = i;
            fake.position = 0;
            fake.error.clear();
            const shp_file file{sizeof(shp_file), i, to_c(files[i].name), files[i].content.size(),
                                1'768'867'200'000'000};  // 2026-01-20
            const std::int32_t code = fake.connector->read_file(instance, &file);
            if (code == SHP_REFUSED_FILE)
                out.refused[files[i].name] = fake.error;
            else
                out.code = code;
        }
        if (out.code == SHP_OK) out.code = fake.connector->finish(instance);
        plugin->close(instance);
    }
    out.error = fake.error;
    out.log = std::move(fake.log);
    return out;
}

TransportOutcome run_transport(const shp_plugin* plugin, const std::map<std::string, std::string>& settings,
                               const std::vector<std::string>& known) {
    TransportOutcome out;
    Fake fake(plugin, settings);
    fake.transport = &out;
    fake.known = known;
    const shp_host host = fake.table();
    void* instance = nullptr;
    out.code = plugin->open(&host, &instance);
    if (out.code == SHP_OK) {
        out.code = transport_of(plugin)->fetch(instance);
        plugin->close(instance);
    }
    out.error = fake.error;
    out.log = std::move(fake.log);
    return out;
}

}  // namespace sendhub::sdk::testing
