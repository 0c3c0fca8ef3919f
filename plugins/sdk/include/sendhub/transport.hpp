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

#include <sendhub/abi/transport.h>

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
    explicit TransportHost(const shp_host* table)
        : Host(table),
          files_(static_cast<const shp_host_transport*>(
              need_interface(SHP_HOST_TRANSPORT, sizeof(shp_host_transport)))) {}
    // False when the hub already has this name with this size and time.
    bool wants(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        return files_->offer(ctx(), to_c(name), bytes, modified_at) == SHP_OFFER_TAKE;
    }
    void begin_file(std::string_view name, std::uint64_t bytes, std::int64_t modified_at) {
        check(files_->begin_file(ctx(), to_c(name), bytes, modified_at));
    }
    void write(const void* data, std::uint64_t size) { check(files_->write(ctx(), data, size)); }
    void commit_file() { check(files_->commit_file(ctx())); }
    void abandon_file() { files_->abandon_file(ctx()); }
    void skipped(std::string_view name, std::string_view reason) {
        files_->skipped(ctx(), to_c(name), to_c(reason));
    }

  private:
    static void check(std::int32_t code) {
        if (code != SHP_OK) throw RunFailed("the hub could not take the file to its landing folder");
    }
    const shp_host_transport* files_;
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
    static const shp_transport transport = [] {
        shp_transport t{};
        t.size = sizeof(shp_transport);
        t.fetch = [](void* instance) -> std::int32_t {
            auto* self = static_cast<Instance*>(instance);
            return closed(self->raw, [&] { self->transport.fetch(); });
        };
        return t;
    }();
    static const shp_plugin plugin = [] {
        shp_plugin p = described(info, settings);
        p.open = [](const shp_host* host, void** instance) -> std::int32_t {
            return closed(host, [&] { *instance = new Instance(host); });
        };
        p.close = [](void* instance) { delete static_cast<Instance*>(instance); };
        p.get_interface = [](shp_str id) -> const void* {
            return from_c(id) == SHP_TRANSPORT ? &transport : nullptr;
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
