// School census: the XML that each school returns, and the table set that COLLECT gives a council. See
// README.md.
#pragma once

#include <sendhub/connector.hpp>

#include "connectors/school_census/census.hpp"
#include "connectors/school_census/collect.hpp"
#include "connectors/school_census/pupil_rows.hpp"

namespace sendhub::census {

class SchoolCensus final : public sdk::Connector, private ReturnSink {
  public:
    static sdk::ConnectorInfo info();
    explicit SchoolCensus(sdk::ConnectorHost& host, std::size_t block_bytes = 256 * 1024);
    void read_file(const sdk::File& file) override;
    void finish() override { collect_.finish(); }

  private:
    void header(const HeaderText& text) override;
    void pupil(const PupilText& text) override { rows_.take(text); }

    sdk::ConnectorHost& host_;
    std::size_t block_bytes_;
    std::string la_code_;
    bool reject_other_la_;
    PupilRows rows_;
    CollectSets collect_;
};

}  // namespace sendhub::census
