// The face of a connector: one class and one macro line.
//
//   class Example : public sendhub::sdk::Connector {
//     public:
//       static sendhub::sdk::ConnectorInfo info();
//       explicit Example(sendhub::sdk::ConnectorHost& host);        // check settings; throw BadSettings
//       void read_file(const sendhub::sdk::File& file) override;    // throw FileRefused to refuse it whole
//       void finish() override;                                     // optional
//   };
//   SENDHUB_CONNECTOR(Example)
//
// Rows go out through RecordWriter<records::…>, whose row types are generated from the shared schema.
#pragma once

#include <algorithm>
#include <span>

#include <sendhub/abi/connector.h>

#include <sendhub/plugin.hpp>
#include <sendhub/values.hpp>

namespace sendhub::sdk {

struct RecordFill {
    std::string_view record;
    std::vector<std::string_view> fields;    // as declared to the hub, source_key first
    std::vector<std::uint16_t> field_index;  // of each, in the row type
};

// Says that a connector fills R: all its fields, or those listed (source_key is always among them).
template <class R>
RecordFill fills(std::initializer_list<typename R::Field> fields = {}) {
    RecordFill out{R::record_name, {}, {}};
    auto add = [&](std::uint16_t index) {
        out.fields.push_back(R::field_names[index]);
        out.field_index.push_back(index);
    };
    if (fields.size() == 0) {
        for (std::uint16_t i = 0; i < R::field_count; ++i) add(i);
    } else {
        add(0);
        for (const auto field : fields)
            if (static_cast<std::uint16_t>(field) != 0) add(static_cast<std::uint16_t>(field));
    }
    return out;
}

// What a connector says about itself. Every text must live as long as the process: write literals.
struct ConnectorInfo {
    std::string_view name;     // snake_case
    std::string_view version;  // 1.0.0
    std::string_view title;
    std::string_view summary;
    std::vector<Setting> settings;
    std::vector<RecordFill> records;
};

struct File {
    std::uint32_t number;
    std::string_view name;     // as delivered; a member of an archive is ARCHIVE/MEMBER
    std::uint64_t bytes;       // 0: not known beforehand
    std::int64_t received_at;  // microseconds since 1970-01-01T00:00:00Z
    [[nodiscard]] Date received_day() const {
        return Date{static_cast<std::int32_t>(received_at >= 0
                                                  ? received_at / 86'400'000'000
                                                  : (received_at - 86'399'999'999) / 86'400'000'000)};
    }
};

struct Scope {
    std::uint32_t handle = SHP_NONE;
};

enum class ScopeMode : std::uint32_t { snapshot = SHP_SCOPE_SNAPSHOT, delta = SHP_SCOPE_DELTA };

// A row that is wrong (reject) or odd (warning). value is masked by the hub when personal.
struct Issue {
    std::string_view rule;  // SC-01
    std::string_view field;
    std::string_view value;
    std::string_view reason;  // one sentence, no personal data
    std::string_view advice;
    bool personal = true;
    std::string_view source_key = "";
    // The child whose row it was, where the row makes no child: the store keeps what it knows of it.
    std::string_view person_ref = "";
};

class ConnectorHost : public Host {
  public:
    ConnectorHost(const shp_host* table, const ConnectorInfo& info)
        : Host(table),
          rows_(static_cast<const shp_host_connector*>(
              need_interface(SHP_HOST_CONNECTOR, sizeof(shp_host_connector)))),
          info_(&info) {}

    // Bytes of the current file; 0 at the end. Throws FileRefused when the hub could not read it.
    std::size_t read(std::span<char> buffer);
    // The whole of the current file, for small files: refused beyond limit bytes.
    std::string read_all(std::size_t limit);
    void set_file(std::uint32_t number) { rows_->set_file(ctx(), number); }
    // Where rows go, by the boundary itself; RecordWriter is the comfortable way.
    [[nodiscard]] std::uint32_t scope(std::uint32_t record, std::string_view name, ScopeMode mode,
                                      Date as_of) {
        return rows_->scope(ctx(), record, to_c(name), static_cast<std::uint32_t>(mode), as_of.days);
    }
    // False: the hub takes no more rows.
    [[nodiscard]] bool add_row(std::uint32_t record, Scope scope, std::uint64_t source_row,
                               std::span<const shp_value> values) {
        return rows_->add_row(ctx(), record, scope.handle, source_row, values.data(),
                              static_cast<std::uint32_t>(values.size())) == SHP_OK;
    }
    // Rows as an Arrow batch; see sendhub/abi/connector.h for what is accepted. Throws RunFailed.
    void add_batch(std::uint32_t record, Scope scope, std::uint64_t first_row, const ArrowSchema& schema,
                   const ArrowArray& batch);
    using Host::info;  // info(text) logs
    [[nodiscard]] const ConnectorInfo& info() const { return *info_; }
    // An issue of the file as a whole, or of a record not known.
    void issue(std::uint32_t severity, std::uint64_t source_row, const Issue& issue,
               std::uint32_t record = SHP_NONE, Scope scope = {});
    void reject(std::uint64_t source_row, const Issue& i) { issue(SHP_ISSUE_REJECT, source_row, i); }
    void warn_row(std::uint64_t source_row, const Issue& i) { issue(SHP_ISSUE_WARNING, source_row, i); }

  private:
    const shp_host_connector* rows_;
    const ConnectorInfo* info_;
};

class Connector {
  public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;
    virtual void read_file(const File& file) = 0;
    virtual void finish() {}
};

// Where rows of one record type go. Values of fields that are not declared are left out; a debug build
// (without NDEBUG) throws instead, so that a test finds the field that fills<R>() forgot.
template <class R>
class RecordWriter {
  public:
    explicit RecordWriter(ConnectorHost& host) : host_(&host) {
        const auto& records = host.info().records;
        for (std::size_t i = 0; i < records.size(); ++i)
            if (records[i].record == R::record_name) {
                handle_ = static_cast<std::uint32_t>(i);
                fields_ = records[i].field_index;
                values_.resize(fields_.size());
                for (std::uint16_t field = 0; field < R::field_count; ++field)
                    if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
                        undeclared_.push_back(field);
            }
        if (handle_ == SHP_NONE)
            throw RunFailed("the connector writes " + std::string(R::record_name) +
                            " but does not declare it; add it to info().records");
    }
    Scope scope(std::string_view name, ScopeMode mode, Date as_of) {
        const Scope scope{host_->scope(handle_, name, mode, as_of)};
        if (scope.handle == SHP_NONE)
            throw RunFailed("the hub did not take a scope of " + std::string(R::record_name));
        return scope;
    }
    void add(Scope scope, std::uint64_t source_row, const R& row) {
#ifndef NDEBUG
        for (const auto field : undeclared_)
            if (row.value(field).kind != SHP_NULL)
                throw RunFailed("the connector sets " + std::string(R::record_name) + "." +
                                std::string(R::field_names[field]) +
                                " but does not declare it; add it to fills<…>() in info()");
#endif
        for (std::size_t i = 0; i < fields_.size(); ++i) values_[i] = row.value(fields_[i]);
        if (!host_->add_row(handle_, scope, source_row, values_))
            throw RunFailed("the hub stopped taking rows of " + std::string(R::record_name));
    }
    void reject(Scope scope, std::uint64_t source_row, const Issue& issue) {
        host_->issue(SHP_ISSUE_REJECT, source_row, issue, handle_, scope);
    }
    void warn(Scope scope, std::uint64_t source_row, const Issue& issue) {
        host_->issue(SHP_ISSUE_WARNING, source_row, issue, handle_, scope);
    }

  private:
    ConnectorHost* host_;
    std::uint32_t handle_ = SHP_NONE;
    std::vector<std::uint16_t> fields_;
    std::vector<std::uint16_t> undeclared_;
    std::vector<shp_value> values_;
};

namespace detail {

struct RecordArray {
    std::vector<std::vector<shp_str>> names;
    std::vector<shp_record> items;
    explicit RecordArray(const std::vector<RecordFill>& fills);
};

// One connector class as a C table; every entry is closed against exceptions.
template <class T>
const shp_plugin* connector_table() noexcept {
    struct Instance {
        const shp_host* raw;
        ConnectorHost host;
        T connector;
        Instance(const shp_host* table, const ConnectorInfo& info)
            : raw(table), host(table, info), connector(host) {}
    };
    static const ConnectorInfo info = T::info();
    static const SettingArray settings(info.settings);
    static const RecordArray records(info.records);
    static const shp_connector connector = [] {
        shp_connector c{};
        c.size = sizeof(shp_connector);
        c.record_count = static_cast<std::uint32_t>(records.items.size());
        c.records = records.items.data();
        c.read_file = [](void* instance, const shp_file* file) -> std::int32_t {
            auto* self = static_cast<Instance*>(instance);
            return closed(self->raw, [&] {
                self->connector.read_file(
                    File{file->number, from_c(file->name), file->bytes, file->received_at});
            });
        };
        c.finish = [](void* instance) -> std::int32_t {
            auto* self = static_cast<Instance*>(instance);
            return closed(self->raw, [&] { self->connector.finish(); });
        };
        return c;
    }();
    static const shp_plugin plugin = [] {
        shp_plugin p = described(info, settings);
        p.open = [](const shp_host* host, void** instance) -> std::int32_t {
            return closed(host, [&] { *instance = new Instance(host, info); });
        };
        p.close = [](void* instance) { delete static_cast<Instance*>(instance); };
        p.get_interface = [](shp_str id) -> const void* {
            return from_c(id) == SHP_CONNECTOR ? &connector : nullptr;
        };
        return p;
    }();
    return &plugin;
}

}  // namespace detail
}  // namespace sendhub::sdk

// SENDHUB_CONNECTOR(Class): exports the class as a plugin. Once in a library. In a unit test compile with
// SENDHUB_NO_EXPORT and call sendhub::sdk::detail::connector_table<Class>() instead.
#ifdef SENDHUB_NO_EXPORT
#define SENDHUB_CONNECTOR(Class) static_assert(true)
#else
#define SENDHUB_CONNECTOR(Class)                                            \
    extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) noexcept;  \
    extern "C" SHP_EXPORT const shp_plugin* sendhub_plugin(void) noexcept { \
        return ::sendhub::sdk::detail::connector_table<Class>();            \
    }                                                                       \
    static_assert(true)
#endif
