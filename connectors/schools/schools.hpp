// The register of schools (GIAS): the full extract of establishments, and the links between them. See
// README.md.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/header.hpp"

namespace sendhub::gias {

class Schools final : public sdk::Connector {
  public:
    static sdk::ConnectorInfo info();
    explicit Schools(sdk::ConnectorHost& host);
    void read_file(const sdk::File& file) override;
    void finish() override;

  private:
    using Cells = std::span<const std::string_view>;  // one establishment, by column
    struct Kept {
        std::uint64_t line = 0;
        std::vector<std::string> cells;
    };
    // Establishments of other authorities, kept until the links are known (only with la_codes).
    struct Elsewhere {
        sdk::Date as_of{};
        std::uint32_t file = 0;
        std::map<std::string, Kept> by_urn;
    };

    void establishments(const sdk::File& file, tabular::CsvReader& csv, const tabular::Header& header);
    void links(const sdk::File& file, tabular::CsvReader& csv, const tabular::Header& header);
    bool skip(tabular::CsvReader& csv, std::uint32_t record);
    bool is_ours(std::string_view la_code) const;
    void check_date_order() const;
    std::string_view clean(tabular::CsvReader& csv, std::size_t column, std::string_view name,
                           std::string& buffer);
    void write(sdk::Scope scope, std::uint64_t line, Cells cell);

    sdk::ConnectorHost& host_;
    std::set<std::string, std::less<>> la_codes_;
    sdk::RecordWriter<records::School> schools_;
    sdk::RecordWriter<records::SchoolLink> links_;
    std::optional<Elsewhere> elsewhere_;
    std::set<std::string> our_urns_;
    std::multimap<std::string, std::string> linked_;  // both directions
    bool links_came_ = false;
    tabular::OrderEvidence date_order_;  // of the file at hand
};

}  // namespace sendhub::gias
