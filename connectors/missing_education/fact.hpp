// One row of a list, read field by field into values of its record.
#pragma once

#include "connectors/missing_education/lists.hpp"
#include "plugins/sdk/tabular/table_reader.hpp"

namespace sendhub::missing_education {

class Fact {
  public:
    Fact(sdk::ConnectorHost& host, const ListKind& list, const tabular::ColumnMap& map);

    sdk::Scope open_scope(std::string_view name, sdk::ScopeMode mode, sdk::Date as_of);
    [[nodiscard]] std::uint32_t record() const { return handle_; }

    // What is wrong with a field. The first fault that rejects decides; the row is rejected once.
    struct Fault {
        bool reject;
        int rule;
        std::string_view field;
        std::string value, reason, advice;
        bool personal;
    };

    // Reads every mapped field of the row. `nil`: the row is a nil return and needs no dates.
    void read(const tabular::TableReader& row, bool nil);
    void check_orders();

    [[nodiscard]] std::optional<sdk::Date> date(std::string_view field) const;
    [[nodiscard]] std::optional<double> number(std::string_view field) const;
    [[nodiscard]] std::string_view text(std::string_view field) const;
    void set_text(std::string_view field, std::string_view text);  // kept until the next read
    void set_truth(std::string_view field, bool truth);
    void set_source_key(std::string_view key) { set_text("source_key", key); }

    void fault(bool reject, tabular::Rule rule, std::string_view field, std::string_view value,
               std::string reason, std::string advice) {
        fault(reject, static_cast<int>(rule), field, value, std::move(reason), std::move(advice));
    }
    void fault(bool reject, int rule, std::string_view field, std::string_view value, std::string reason,
               std::string advice);
    [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

    // The key of the row from person_ref and the list's own fields; empty when one of them is missing.
    [[nodiscard]] std::string key(std::string_view person_ref) const;
    void add(sdk::Scope scope, std::uint64_t line);

  private:
    struct Slot {
        const schema::Field* field;
        int column;    // field of the map, -1: filled by the connector
        int raw = -1;  // slot of FIELD_raw
        bool required = false;
    };
    [[nodiscard]] std::size_t slot(std::string_view field) const;
    void read_code(const tabular::TableReader& row, Slot& slot, std::size_t at, std::string_view text);
    void read_ground(const tabular::TableReader& row, Slot& slot, std::size_t at, std::string_view text);
    std::string_view keep(std::size_t at, std::string text);
    void put_text(std::size_t at, std::string_view text);  // text lives until the next row

    sdk::ConnectorHost& host_;
    const ListKind& list_;
    std::uint32_t handle_ = SHP_NONE;
    std::vector<Slot> slots_;
    std::vector<shp_value> values_;
    std::vector<std::string> kept_;
    std::vector<Fault> faults_;
};

}  // namespace sendhub::missing_education
