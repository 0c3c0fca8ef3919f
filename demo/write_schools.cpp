// The register of schools as GIAS gives it out: the full extract and its links.
#include <array>
#include <map>
#include <vector>

#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

// Stem of the column, and what follows it: 'c' "(code)" and "(name)", 'n' "(name)" only, 0 nothing.
struct Column {
    std::string_view stem;
    char kind;
};
constexpr std::array columns = std::to_array<Column>({
    {"URN", 0},
    {"LA", 'c'},
    {"EstablishmentNumber", 0},
    {"EstablishmentName", 0},
    {"TypeOfEstablishment", 'c'},
    {"EstablishmentTypeGroup", 'c'},
    {"EstablishmentStatus", 'c'},
    {"ReasonEstablishmentOpened", 'c'},
    {"OpenDate", 0},
    {"ReasonEstablishmentClosed", 'c'},
    {"CloseDate", 0},
    {"PhaseOfEducation", 'c'},
    {"StatutoryLowAge", 0},
    {"StatutoryHighAge", 0},
    {"Boarders", 'c'},
    {"NurseryProvision", 'n'},
    {"OfficialSixthForm", 'c'},
    {"Gender", 'c'},
    {"ReligiousCharacter", 'c'},
    {"ReligiousEthos", 'n'},
    {"Diocese", 'c'},
    {"AdmissionsPolicy", 'c'},
    {"SchoolCapacity", 0},
    {"SpecialClasses", 'c'},
    {"CensusDate", 0},
    {"NumberOfPupils", 0},
    {"NumberOfBoys", 0},
    {"NumberOfGirls", 0},
    {"PercentageFSM", 0},
    {"TrustSchoolFlag", 'c'},
    {"Trusts", 'c'},
    {"SchoolSponsorFlag", 'n'},
    {"SchoolSponsors", 'n'},
    {"FederationFlag", 'n'},
    {"Federations", 'c'},
    {"UKPRN", 0},
    {"FEHEIdentifier", 0},
    {"FurtherEducationType", 'n'},
    {"OfstedLastInsp", 0},
    {"OfstedSpecialMeasures", 'c'},
    {"LastChangedDate", 0},
    {"Street", 0},
    {"Locality", 0},
    {"Address3", 0},
    {"Town", 0},
    {"County", 'n'},
    {"Postcode", 0},
    {"SchoolWebsite", 0},
    {"TelephoneNum", 0},
    {"HeadTitle", 'n'},
    {"HeadFirstName", 0},
    {"HeadLastName", 0},
    {"HeadPreferredJobTitle", 0},
    {"BSOInspectorateName", 'n'},
    {"InspectorateReport", 0},
    {"DateOfLastInspectionVisit", 0},
    {"NextInspectionVisit", 0},
    {"TeenMoth", 'n'},
    {"TeenMothPlaces", 0},
    {"CCF", 'n'},
    {"SENPRU", 'n'},
    {"EBD", 'n'},
    {"PlacesPRU", 0},
    {"FTProv", 'n'},
    {"EdByOther", 'n'},
    {"Section41Approved", 'n'},
    {"SEN1", 'n'},
    {"SEN2", 'n'},
    {"SEN3", 'n'},
    {"SEN4", 'n'},
    {"SEN5", 'n'},
    {"SEN6", 'n'},
    {"SEN7", 'n'},
    {"SEN8", 'n'},
    {"SEN9", 'n'},
    {"SEN10", 'n'},
    {"SEN11", 'n'},
    {"SEN12", 'n'},
    {"SEN13", 'n'},
    {"TypeOfResourcedProvision", 'n'},
    {"ResourcedProvisionOnRoll", 0},
    {"ResourcedProvisionCapacity", 0},
    {"SenUnitOnRoll", 0},
    {"SenUnitCapacity", 0},
    {"GOR", 'c'},
    {"DistrictAdministrative", 'c'},
    {"AdministrativeWard", 'c'},
    {"ParliamentaryConstituency", 'c'},
    {"UrbanRural", 'c'},
    {"GSSLACode", 'n'},
    {"Easting", 0},
    {"Northing", 0},
    {"MSOA", 'n'},
    {"LSOA", 'n'},
    {"InspectorateName", 'n'},
    {"SENStat", 0},
    {"SENNoStat", 0},
    {"BoardingEstablishment", 'n'},
    {"PropsName", 0},
    {"PreviousLA", 'c'},
    {"PreviousEstablishmentNumber", 0},
    {"OfstedRating", 'n'},
    {"RSCRegion", 'n'},
    {"Country", 'n'},
    {"UPRN", 0},
    {"SiteName", 0},
    {"QABName", 'c'},
    {"EstablishmentAccredited", 'c'},
    {"QABReport", 0},
    {"CHNumber", 0},
    {"MSOA", '1'},
    {"LSOA", '1'},
    {"FSM", 0},
    {"AccreditationExpiryDate", 0},
});

std::vector<std::string> header() {
    std::vector<std::string> out;
    for (const Column& column : columns) {
        const std::string stem(column.stem);
        if (column.kind == 0) out.push_back(stem);
        if (column.kind == 'c' || column.kind == '1') out.push_back(stem + " (code)");
        if (column.kind == 'c' || column.kind == 'n') out.push_back(stem + " (name)");
    }
    return out;
}

// One establishment: only what is set is filled.
using Row = std::map<std::string_view, std::string>;

void coded(Row& row, std::string_view code_column, std::string code, std::string_view name_column,
           std::string_view name) {
    row[code_column] = std::move(code);
    row[name_column] = std::string(name);
}

std::string gias_day(Day d) {
    std::string out;
    if (d != no_day) append_uk(out, d, '-');
    return out;
}

std::string_view type_name(int code) {
    switch (code) {
        case 1:
            return "Community school";
        case 2:
            return "Voluntary aided school";
        case 5:
            return "Foundation school";
        case 7:
            return "Community special school";
        case 10:
            return "Other independent special school";
        case 11:
            return "Other independent school";
        case 14:
            return "Pupil referral unit";
        case 34:
            return "Academy converter";
        case 44:
            return "Academy special converter";
        default:
            return "Children's centre";
    }
}

std::array<std::string_view, 2> type_group(int code) {
    switch (code) {
        case 7:
        case 10:
            return {"5", "Special schools"};
        case 11:
            return {"3", "Independent schools"};
        case 34:
        case 44:
            return {"10", "Academies"};
        case 47:
            return {"8", "Children's Centres"};
        default:
            return {"4", "Local authority maintained schools"};
    }
}

void fill_common(Row& row, int type, std::string_view la, std::string_view la_name) {
    coded(row, "LA (code)", std::string(la), "LA (name)", la_name);
    coded(row, "TypeOfEstablishment (code)", number(type), "TypeOfEstablishment (name)", type_name(type));
    const auto group = type_group(type);
    coded(row, "EstablishmentTypeGroup (code)", std::string(group[0]), "EstablishmentTypeGroup (name)",
          group[1]);
    row["Boarders (name)"] = "No boarders";
    coded(row, "Gender (code)", "3", "Gender (name)", "Mixed");
    row["Country (name)"] = "";
    coded(row, "PreviousLA (code)", "999", "PreviousLA (name)", "");
    row["Section41Approved (name)"] = type == 10 ? "Approved" : "Not applicable";
    row["TypeOfResourcedProvision (name)"] = "Not applicable";
    for (const std::string_view sen : {"SEN1 (name)", "SEN2 (name)", "SEN3 (name)", "SEN4 (name)"})
        row[sen] = "Not Applicable";
}

void fill_status(Row& row, int status) {
    static constexpr std::string_view names[] = {"", "Open", "Closed", "Open, but proposed to close",
                                                 "Proposed to open"};
    coded(row, "EstablishmentStatus (code)", number(status), "EstablishmentStatus (name)", names[status]);
}

class Register {
  public:
    explicit Register(const County& county)
        : county_(county), header_(header()), line_(text_), link_line_(links_) {
        for (const std::string& name : header_) line_ << name;
        line_.end();
        link_line_ << "URN" << "LinkURN" << "LinkName" << "LinkType" << "LinkEstablishedDate";
        link_line_.end();
    }

    void add(const Row& row) {
        for (const std::string& name : header_) {
            const auto found = row.find(name);
            line_ << (found == row.end() ? std::string_view() : std::string_view(found->second));
        }
        line_.end();
        ++rows_;
    }

    void link(std::string_view urn, std::string_view other, std::string_view name, std::string_view type,
              Day established) {
        link_line_ << urn << other << name << type << gias_day(established);
        link_line_.end();
        ++rows_;
    }

    void add_own(std::size_t index) {
        const School& school = county_.schools[index];
        Rng rng(county_.options.seed, for_register, index);
        Row row;
        row["URN"] = school.urn;
        row["EstablishmentNumber"] = school.laestab.substr(3);
        row["EstablishmentName"] = school.name;
        fill_common(row, school.type_code, "873", "Demoshire");
        fill_status(row, index == county_.register_changed ? 3 : 1);
        row["OpenDate"] = gias_day(school.opened);
        if (school.converted != no_day)
            coded(row, "ReasonEstablishmentOpened (code)", "10", "ReasonEstablishmentOpened (name)",
                  "Academy Converter");
        switch (school.phase) {
            case Phase::primary:
                coded(row, "PhaseOfEducation (code)", "2", "PhaseOfEducation (name)", "Primary");
                break;
            case Phase::secondary:
                coded(row, "PhaseOfEducation (code)", "4", "PhaseOfEducation (name)", "Secondary");
                break;
            default:
                coded(row, "PhaseOfEducation (code)", "0", "PhaseOfEducation (name)", "Not applicable");
        }
        row["StatutoryLowAge"] = school.phase == Phase::secondary ? "11"
                                 : school.phase == Phase::pru     ? "11"
                                                                  : "3";
        row["StatutoryHighAge"] = school.phase == Phase::primary   ? "11"
                                  : school.sixth_form              ? "18"
                                  : school.phase == Phase::special ? "19"
                                                                   : "16";
        std::uint64_t roll = 0, boys = 0, plans = 0;
        for (const Enrolment& e : county_.spring[index]) {
            if (!e.on_roll || e.status == 'S') continue;
            ++roll;
            boys += county_.children[e.child].male ? 1 : 0;
            plans += e.sen == 'E' ? 1 : 0;
        }
        // The register lags behind the census by some pupils.
        const std::uint64_t known = roll - roll / 50;
        row["SchoolCapacity"] = number((roll + roll / 12 + 9) / 10 * 10);
        row["NumberOfPupils"] = number(known);
        row["NumberOfBoys"] = number(std::min(boys, known));
        row["NumberOfGirls"] = number(known - std::min(boys, known));
        row["CensusDate"] = gias_day(day(2025, 1, 16));
        if (school.type_code == 34 || school.type_code == 44)
            coded(row, "Trusts (code)", number(16000 + index % 5), "Trusts (name)",
                  index % 5 == 0 ? "The “Fenland” Learning Trust" : "Demoshire Academies Trust");
        row["UKPRN"] = number(10'090'000 + index);
        row["LastChangedDate"] = gias_day(
            index == county_.register_changed ? county_.as_at - 1 : day(2025, 9, 1) + rng.between(0, 120));
        const Street& street = county_.streets[school.street];
        row["Street"] = street.name;
        row["Town"] = street.town;
        row["County (name)"] = "Demoshire";
        row["Postcode"] = street.postcode;
        row["HeadTitle (name)"] = index % 2 == 0 ? "Mrs" : "Mr";
        row["HeadLastName"] = draw_surname(rng, draw_origin(rng));
        row["HeadFirstName"] = std::string(draw_forename(rng, Origin::british, index % 2 != 0).name);
        row["HeadPreferredJobTitle"] = "Headteacher";
        if (school.phase == Phase::special) {
            row["SEN1 (name)"] = "SLD - Severe Learning Difficulty";
            row["SEN2 (name)"] = "ASD - Autistic Spectrum Disorder";
        } else if (plans > 8 && index % 4 == 0) {
            row["SEN1 (name)"] = "SLCN - Speech, language and Communication";
            row["TypeOfResourcedProvision (name)"] = "Resourced provision";
            row["ResourcedProvisionOnRoll"] = "7";
            row["ResourcedProvisionCapacity"] = "10";
        }
        coded(row, "DistrictAdministrative (code)", number(index % 3 + 1, 8).insert(0, "E"),
              "DistrictAdministrative (name)", street.town);
        coded(row, "AdministrativeWard (code)", number(5'099'000 + index, 8).insert(0, "E"),
              "AdministrativeWard (name)", street.name + " Ward");
        row["GSSLACode (name)"] = "E10000099";
        row["UPRN"] = number(980'000'000'000ULL + index);
        add(row);
        if (school.converted == no_day) return;
        // What it was before: closed, its number still in last year's data.
        row["URN"] = school.former_urn;
        row["EstablishmentName"] = school.name + " (before conversion)";
        fill_common(row, 1, "873", "Demoshire");
        fill_status(row, 2);
        row["OpenDate"] = gias_day(day(1968, 9, 1));
        row["CloseDate"] = gias_day(school.converted - 1);
        coded(row, "ReasonEstablishmentOpened (code)", "0", "ReasonEstablishmentOpened (name)",
              "Not applicable");
        coded(row, "ReasonEstablishmentClosed (code)", "10", "ReasonEstablishmentClosed (name)",
              "Academy Converter");
        row["Trusts (code)"] = "";
        row["Trusts (name)"] = "";
        add(row);
        link(school.former_urn, school.urn, school.name, "Successor", school.converted);
        link(school.urn, school.former_urn, school.name + " (before conversion)", "Predecessor",
             school.converted);
    }

    // Closed long ago: two merged into one of today's schools, and a centre without an establishment number.
    void add_old() {
        const School& heir = county_.schools[0];
        for (int i = 0; i < 2; ++i) {
            Row row;
            const std::string urn = number(900011 + i);
            row["URN"] = urn;
            row["EstablishmentNumber"] = number(2901 + i);
            row["EstablishmentName"] = i == 0 ? "Château Road Infant School" : "St Zoë’s Junior School";
            fill_common(row, 1, "873", "Demoshire");
            fill_status(row, 2);
            row["OpenDate"] = gias_day(day(1955, 9, 1));
            row["CloseDate"] = gias_day(day(2011, 8, 31));
            coded(row, "ReasonEstablishmentClosed (code)", "3", "ReasonEstablishmentClosed (name)",
                  "Result of Amalgamation/Merger");
            coded(row, "PhaseOfEducation (code)", "2", "PhaseOfEducation (name)", "Primary");
            add(row);
            link(urn, heir.urn, heir.name, "Successor - merged", i == 0 ? day(2011, 9, 1) : no_day);
            link(heir.urn, urn, row["EstablishmentName"], "Predecessor - merged",
                 i == 0 ? day(2011, 9, 1) : no_day);
        }
        Row centre;
        centre["URN"] = "900021";
        centre["EstablishmentName"] = "Fenmarket Children’s Centre";
        fill_common(centre, 47, "873", "Demoshire");
        fill_status(centre, 1);
        coded(centre, "PhaseOfEducation (code)", "0", "PhaseOfEducation (name)", "Not applicable");
        add(centre);
    }

    void add_elsewhere() {
        static constexpr std::array<std::array<std::string_view, 2>, 5> authorities{{{"925", "Lincolnshire"},
                                                                                     {"933", "Somerset"},
                                                                                     {"330", "Birmingham"},
                                                                                     {"383", "Leeds"},
                                                                                     {"886", "Kent"}}};
        for (std::size_t i = 0; i < 40; ++i) {
            Rng rng(county_.options.seed, for_register, 100'000 + i);
            static constexpr int types[] = {1, 34, 2, 5, 7, 10, 11, 14};
            const int type = rng.pick(types);
            Row row;
            row["URN"] = number(901001 + i);
            row["EstablishmentNumber"] = number(2001 + i * 7);
            row["EstablishmentName"] = draw_school_name(rng, i % 3 == 0) + " School";
            fill_common(row, type, authorities[i % 5][0], authorities[i % 5][1]);
            fill_status(row, i % 9 == 8 ? 2 : 1);
            row["OpenDate"] = gias_day(day(1970 + static_cast<int>(i), 9, 1));
            if (i % 9 == 8) row["CloseDate"] = gias_day(day(2023, 8, 31));
            coded(row, "PhaseOfEducation (code)", "2", "PhaseOfEducation (name)", "Primary");
            add(row);
        }
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::string& links() const { return links_; }
    [[nodiscard]] std::uint64_t rows() const { return rows_; }

  private:
    const County& county_;
    std::vector<std::string> header_;
    std::string text_, links_;
    CsvLine line_, link_line_;
    std::uint64_t rows_ = 0;
};

}  // namespace

Rows write_schools(const County& county, Output& output) {
    Register all(county);
    for (std::size_t i = 0; i < county.schools.size(); ++i) all.add_own(i);
    all.add_old();
    all.add_elsewhere();
    const std::string date = compact(county.as_at);
    if (auto done = output.put("feeds/schools/edubasealldata" + date + ".csv", to_windows_1252(all.text()));
        !done)
        return std::unexpected(done.error());
    if (auto done =
            output.put("feeds/schools/links_edubasealldata" + date + ".csv", to_windows_1252(all.links()));
        !done)
        return std::unexpected(done.error());
    return all.rows();
}

}  // namespace sendhub::demo
