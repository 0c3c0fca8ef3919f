// The face of a transport: how bytes arrive. One class and one macro line, as for connectors.
//
//   class Folder : public sendhub::sdk::Transport {
//     public:
//       static sendhub::sdk::TransportInfo info();
//       explicit Folder(sendhub::sdk::TransportHost& host);
//       void fetch() override;
//   };
//   SENDHUB_TRANSPORT(Folder)
#pragma once

#include <sendhub/plugin.hpp>

namespace sendhub::sdk {

// What a transport says about itself. Every text must live as long as the process: write literals.
struct TransportInfo {
    std::string_view name;
    std::string_view version;
    std::string_view title;
    std::string_view summary;
    std::vector<Setting> settings;
};

class TransportHost : public Host {
  public:
    using Host::Host;
    // False when the hub already has this name with this size and time.
    bool wants(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        return table()->offer(table()->ctx, to_c(name), bytes, modified_at) == SHP_OFFER_TAKE;
    }
    void begin_file(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        check(table()->begin_file(table()->ctx, to_c(name), bytes, modified_at));
    }
    void write(const void* data, std::uint64_t size) { check(table()->write(table()->ctx, data, size)); }
    void commit_file() { check(table()->commit_file(table()->ctx)); }
    void abandon_file() { table()->abandon_file(table()->ctx); }
    void skipped(std::string_view name, std::string_view reason) {
        table()->skipped(table()->ctx, to_c(name), to_c(reason));
    }

  private:
    static void check(std::int32_t code) {
        if (code != SHP_OK) throw RunFailed("the hub could not take the file to its landing folder");
    }
};

class Transport {
  public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;
    virtual void fetch() = 0;
};

namespace detail {
template <class T>
const shp_plugin* transport_table() noexcept {
    struct Instance {
        const shp_host* raw;
        TransportHost host;
        T transport;
        explicit Instance(const shp_host* table) : raw(table), host(table), transport(host) {}
    };
    static const TransportInfo info = T::info();
    static const SettingArray settings(info.settings);
    static const shp_plugin plugin = [] {
        shp_plugin p{};
        p.size = sizeof(shp_plugin);
        p.abi_version = SHP_ABI_VERSION;
        p.kind = SHP_KIND_TRANSPORT;
        p.setting_count = static_cast<std::uint32_t>(settings.items.size());
        p.name = to_c(info.name);
        p.version = to_c(info.version);
        p.title = to_c(info.title);
        p.summary = to_c(info.summary);
        p.settings = settings.items.data();
        p.open = [](const shp_host* host, void** instance) -> std::int32_t {
            return closed(host, [&] { *instance = new Instance(host); });
        };
        p.close = [](void* instance) { delete static_cast<Instance*>(instance); };
        p.fetch = [](void* instance) -> std::int32_t {
            auto* self = static_cast<Instance*>(instance);
            return closed(self->raw, [&] { self->transport.fetch(); });
        };
        return p;
    }();
    return &plugin;
}
}  // namespace detail
}  // namespace sendhub::sdk

#ifdef SENDHUB_NO_EXPORT
#define SENDHUB_TRANSPORT(Class) static_assert(true)
#else
#define SENDHUB_TRANSPORT(Class)                                            \
    extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) noexcept;  \
    extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) noexcept { \
        return ::sendhub::sdk::detail::transport_table<Class>();            \
    }                                                                       \
    static_assert(true)
#endif
