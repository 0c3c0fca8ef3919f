// The host's side held in plain memory, to unit-test a plugin with no hub.
//
//   auto out = sendhub::sdk::testing::run_connector(
//       sendhub::sdk::detail::connector_table<MyConnector>(), {{"la_code", "873"}}, {{"a.csv", "…"}});
//   EXPECT_EQ(out.rows["enrolment"].size(), 3);  EXPECT_EQ(out.rows["enrolment"][0]["entry_date"],
//   "2020-09-01");
#pragma once

#include <sendhub/abi/connector.h>
#include <sendhub/abi/transport.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::sdk::testing {

// A row as text: dates 2026-01-31, true/false, numbers in shortest form; a field without value is absent.
// Also "@scope" (name of the scope), "@row" (source row), "@file" (name of the file).
using TextRow = std::map<std::string, std::string>;

struct FakeIssue {
    std::uint32_t severity;  // SHP_ISSUE_REJECT or SHP_ISSUE_WARNING
    std::string record, file, field, value, rule, reason, advice, source_key, person_ref;
    std::uint64_t row;
};

struct FakeScope {
    std::string record, name;
    std::uint32_t mode;
    std::int32_t as_of;
};

struct FakeFile {
    std::string name;
    std::string content;
};

struct ConnectorOutcome {
    std::int32_t code = SHP_OK;                        // of open, or of the first call that failed
    std::string error;                                 // the sentence of set_error's last call
    std::map<std::string, std::vector<TextRow>> rows;  // by record type
    std::vector<FakeIssue> issues;
    std::vector<FakeScope> scopes;
    std::map<std::string, std::string> refused;  // file → reason
    std::vector<std::string> log;

    [[nodiscard]] std::size_t rejects() const;
    [[nodiscard]] std::size_t rejects(std::string_view rule) const;
    [[nodiscard]] std::size_t warnings(std::string_view rule) const;
};

// Runs a connector over files as the hub would. Settings not given have their declared defaults; list
// settings are joined by '\n', table settings given as NAME.KEY.
ConnectorOutcome run_connector(const shp_plugin* plugin, const std::map<std::string, std::string>& settings,
                               const std::vector<FakeFile>& files);

// The table of its kind that a plugin offers; null when it is of another kind.
const shp_connector* connector_of(const shp_plugin* plugin);
const shp_transport* transport_of(const shp_plugin* plugin);

struct TransportOutcome {
    std::int32_t code = SHP_OK;
    std::string error;
    std::vector<FakeFile> taken;                 // committed
    std::map<std::string, std::string> skipped;  // name → reason
    std::vector<std::string> log;
};

// known: names that the host says it already has.
TransportOutcome run_transport(const shp_plugin* plugin, const std::map<std::string, std::string>& settings,
                               const std::vector<std::string>& known = {});

}  // namespace sendhub::sdk::testing
