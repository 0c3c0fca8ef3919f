// What a connector of tables of children is made of: the settings, the column map, and the child's columns
// and records, in the order in which they need each other. Connectors derive from it and add their own
// records.
#pragma once

#include "plugins/sdk/tabular/child.hpp"

namespace sendhub::tabular {

class ChildTable : public sdk::Connector {
  protected:
    // fields: those of ChildColumns::fields() and the connector's own. rules: the prefix of its rule ids.
    ChildTable(sdk::ConnectorHost& host, std::vector<FieldSpec> fields, Defaults defaults,
               std::string_view rules)
        : host_(host),
          settings_(TableSettings::read(host)),
          map_(host, std::move(fields), defaults),
          child_columns_(map_),
          issues_(host, rules),
          children_(host, issues_, &map_) {}

    // Where a record stands in what the connector declares; SHP_NONE: it does not declare it.
    [[nodiscard]] std::uint32_t record_index(std::string_view record) const {
        const auto& declared = host_.info().records;
        for (std::uint32_t i = 0; i < declared.size(); ++i)
            if (declared[i].record == record) return i;
        return SHP_NONE;
    }

    sdk::ConnectorHost& host_;
    TableSettings settings_;
    ColumnMap map_;
    ChildColumns child_columns_;
    Issues issues_;
    ChildWriter children_;
};

}  // namespace sendhub::tabular
