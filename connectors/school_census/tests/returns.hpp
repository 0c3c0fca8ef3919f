// Invented returns for the tests: a pupil is a list of parts, each of which a test can replace.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include <sendhub/connector.hpp>
#include <sendhub/testing.hpp>

#include "connectors/school_census/school_census.hpp"

namespace sendhub::census::testing {

using sdk::testing::ConnectorOutcome;
using sdk::testing::FakeFile;
using sdk::testing::FakeIssue;
using sdk::testing::TextRow;

struct PupilXml {
    std::string identifiers =
        "<UPN>X873400125001</UPN><Surname>Example</Surname><Forename>Alex</Forename><Sex>F</"
        "Sex><DOB>2014-03-09</DOB>";
    std::string characteristics = "<Ethnicity>WBRI</Ethnicity><Language>ENG</Language>";
    std::string status =
        "<EnrolStatus>C</EnrolStatus><EntryDate>2018-09-04</EntryDate><NCyearActual>6</"
        "NCyearActual><PartTime>0</PartTime><Boarder>N</Boarder>";
    std::string sen = "<SENprovision>N</SENprovision>";
    std::string rest;  // further groups
    [[nodiscard]] std::string groups() const {
        return "<PupilIdentifiers>" + identifiers + "</PupilIdentifiers><PupilCharacteristics>" +
               characteristics + "</PupilCharacteristics><PupilStatus>" + status +
               "</PupilStatus><SpecialEducationalNeeds>" + sen + "</SpecialEducationalNeeds>" + rest;
    }
    [[nodiscard]] std::string on_roll() const { return "<PupilOnRoll>" + groups() + "</PupilOnRoll>\n"; }
    [[nodiscard]] std::string left() const {
        return "<PupilNoLongerOnRoll>" + groups() + "</PupilNoLongerOnRoll>\n";
    }
};

struct ReturnXml {
    std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    std::string collection = "SC", term = "SPR", date = "2025-01-16", lea = "873", estab = "4001";
    std::string on_roll, left;
    [[nodiscard]] std::string header() const {
        return "<Header><CollectionDetails><Collection>" + collection + "</Collection><Term>" + term +
               "</Term><Year>2025</Year><ReferenceDate>" + date +
               "</ReferenceDate></CollectionDetails><Source><SourceLevel>S</SourceLevel><LEA>" + lea +
               "</LEA><Estab>" + estab + "</Estab><URN>900001</URN></Source></Header>\n";
    }
    [[nodiscard]] std::string xml() const {
        return declaration + "<Message>\n" + header() +
               "<School><SchoolName>Synthetic School</SchoolName></School>\n<Pupils>\n<PupilsOnRoll>\n" +
               on_roll + "</PupilsOnRoll>\n<PupilsNoLongerOnRoll>" + left +
               "</PupilsNoLongerOnRoll>\n</Pupils>\n</Message>\n";
    }
};

// The connector with another block size.
class WithBlocks : public sdk::Connector {
  public:
    static inline std::size_t block_bytes = 1;
    static sdk::ConnectorInfo info() { return SchoolCensus::info(); }
    explicit WithBlocks(sdk::ConnectorHost& host) : inner_(host, block_bytes) {}
    void read_file(const sdk::File& file) override { inner_.read_file(file); }
    void finish() override { inner_.finish(); }

  private:
    SchoolCensus inner_;
};

inline const shp_plugin* plugin() { return sdk::detail::connector_table<SchoolCensus>(); }
inline const shp_plugin* plugin_with_blocks(std::size_t bytes) {
    WithBlocks::block_bytes = bytes;
    return sdk::detail::connector_table<WithBlocks>();
}

inline ConnectorOutcome run(const std::vector<FakeFile>& files,
                            std::map<std::string, std::string> settings = {{"la_code", "873"}}) {
    return sdk::testing::run_connector(plugin(), settings, files);
}
inline ConnectorOutcome run_xml(const std::string& xml) {
    return run({{"8734001_SC1_873LL25_001.xml", xml}});
}

inline std::string value(const TextRow& row, const std::string& field) {
    const auto found = row.find(field);
    return found == row.end() ? "" : found->second;
}

}  // namespace sendhub::census::testing
