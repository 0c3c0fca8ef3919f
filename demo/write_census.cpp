#include "demo/census_face.hpp"
#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view feed = "school_census";

// Elements one a line, indented, as the exports of school systems are.
class Xml {
  public:
    explicit Xml(std::string& out) : out_(out) {}
    void open(std::string_view name) {
        indent();
        out_.append("<").append(name).append(">\r\n");
        ++depth_;
    }
    void close(std::string_view name) {
        --depth_;
        indent();
        out_.append("</").append(name).append(">\r\n");
    }
    void leaf(std::string_view name, std::string_view text) {
        if (text.empty()) return;
        indent();
        out_.append("<").append(name).append(">");
        append_xml(out_, text);
        out_.append("</").append(name).append(">\r\n");
    }
    void leaf(std::string_view name, std::integral auto value) {
        indent();
        out_.append("<").append(name).append(">");
        append_number(out_, value);
        out_.append("</").append(name).append(">\r\n");
    }
    void date(std::string_view name, Day d) {
        if (d == no_day) return;
        indent();
        out_.append("<").append(name).append(">");
        append_iso(out_, d);
        out_.append("</").append(name).append(">\r\n");
    }

  private:
    void indent() { out_.append(depth_ * 2, ' '); }
    std::string& out_;
    std::size_t depth_ = 0;
};

constexpr std::string_view categories[] = {"SUSP", "PERM", "LNCH"};

void write_header(Xml& xml, const School& school) {
    xml.open("Header");
    xml.open("CollectionDetails");
    xml.leaf("Collection", "SC");
    xml.leaf("Term", "SPR");
    xml.leaf("Year", "2026");
    xml.date("ReferenceDate", census_day);
    xml.close("CollectionDetails");
    xml.open("Source");
    xml.leaf("SourceLevel", "S");
    xml.leaf("LEA", "873");
    xml.leaf("Estab", std::string_view(school.laestab).substr(3));
    xml.leaf("URN", school.urn);
    xml.leaf("SoftwareCode", "DEMO-MIS");
    xml.leaf("Release", "26.1");
    xml.leaf("SerialNo", school.serial);
    xml.leaf("DateTime", iso(school.sent) + "T16:20:00");
    xml.close("Source");
    xml.open("Content");
    xml.open("CBDSLevels");
    xml.leaf("CBDSLevel", "School");
    xml.leaf("CBDSLevel", "Pupil");
    xml.close("CBDSLevels");
    xml.close("Content");
    xml.close("Header");
    xml.open("School");
    xml.leaf("SchoolName", school.name);
    static constexpr std::string_view phases[] = {"PS", "SS", "SP", "PR"};
    xml.leaf("Phase", phases[static_cast<std::size_t>(school.phase)]);
    xml.close("School");
}

void write_address(Xml& xml, const County& county, const Address& address, bool lines) {
    const Street& street = county.streets[address.street];
    xml.open("HomeInformation");
    xml.open("Address");
    if (lines) {
        xml.leaf("AddressLine1", number(address.number) + " " + street.name);
        xml.leaf("AddressLine2", street.town);
        xml.leaf("AddressLine3", "Demoshire");
    } else {
        if (address.number % 11 == 0) xml.leaf("SAON", "Flat " + number(1 + address.number % 4));
        xml.leaf("PAON", address.number);
        xml.leaf("Street", street.name);
        xml.leaf("Town", street.town);
        xml.leaf("AdministrativeArea", "Demoshire");
        xml.leaf("UniquePropertyReferenceNumber", uprn(address));
    }
    xml.leaf("PostCode", street.postcode);
    xml.close("Address");
    xml.close("HomeInformation");
}

void write_sen(Xml& xml, const Enrolment& e, const School& school) {
    xml.open("SpecialEducationalNeeds");
    xml.leaf("SENprovision", std::string_view(&e.sen, 1));
    if (e.flaw == Flaw::need_without_sen || e.sen != 'N') {
        xml.open("SENneeds");
        for (std::size_t i = 0; i < e.needs.size(); ++i) {
            std::uint8_t need = e.needs[i];
            if (e.flaw == Flaw::need_without_sen) need = i == 0 ? 2 : 0;
            if (need == 0) break;
            xml.open("SENneed");
            xml.leaf("SENtypeRank", i + 1);
            xml.leaf("SENtype", need_codes[need - 1U]);
            xml.close("SENneed");
        }
        xml.close("SENneeds");
    }
    const bool resourced = e.sen == 'E' && school.phase != Phase::special && e.child % 17 == 0;
    xml.leaf("SENunitIndicator", 0);
    xml.leaf("ResourcedProvisionIndicator", resourced ? 1 : 0);
    xml.close("SpecialEducationalNeeds");
}

void write_attendance(Xml& xml, const Enrolment& e) {
    if (!e.attendance.given) return;
    xml.open("Attendance");
    xml.open("TermlyAttendance");
    xml.leaf("SessionsPossible", e.attendance.possible);
    bool any = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        int sessions = e.attendance.absent[i];
        if (e.flaw == Flaw::absent_too_long && marks[i] == "U") sessions += e.attendance.possible + 6;
        if (sessions == 0) continue;
        if (!any) xml.open("SessionDetails");
        any = true;
        xml.open("SessionDetail");
        xml.leaf("AttendanceReason", marks[i]);
        xml.leaf("Sessions", sessions);
        xml.close("SessionDetail");
    }
    if (any) xml.close("SessionDetails");
    xml.close("TermlyAttendance");
    xml.close("Attendance");
}

void write_exclusions(Xml& xml, const Enrolment& e) {
    if (e.exclusions.empty()) return;
    xml.open("Exclusions");
    for (const Exclusion& exclusion : e.exclusions) {
        xml.open("TermlyExclusion");
        xml.leaf("Category", categories[static_cast<std::size_t>(exclusion.category)]);
        xml.date("StartDate", exclusion.start);
        if (exclusion.category != Category::permanent) xml.leaf("Sessions", exclusion.sessions);
        if (exclusion.flaw != Flaw::no_reason) {
            xml.leaf("Reason1", exclusion.reasons[0]);
            xml.leaf("Reason2", exclusion.reasons[1]);
        }
        xml.leaf("SENprovision", std::string_view(&exclusion.sen, 1));
        xml.close("TermlyExclusion");
    }
    xml.close("Exclusions");
}

void write_pupil(Xml& xml, const County& county, const School& school, const Enrolment& e,
                 bool address_lines) {
    const Child& child = county.children[e.child];
    const std::string_view element = e.on_roll ? "PupilOnRoll" : "PupilNoLongerOnRoll";
    xml.open(element);
    xml.open("PupilIdentifiers");
    xml.leaf("UPN", census_upn(county, e));
    if (e.upn_of == nobody) xml.leaf("FormerUPN", child.former_upn);
    if (child.year >= 10) xml.leaf("UniqueLearnerNumber", child.uln);
    xml.leaf("Surname", child.surname);
    xml.leaf("Forename", child.forename);
    xml.leaf("MiddleNames", child.middle);
    xml.leaf("PreferredSurname", child.preferred_surname);
    xml.leaf("FormerSurname", child.former_surname);
    xml.leaf("Sex", child.male ? "M" : "F");
    xml.date("DOB", census_birth(county, e));
    xml.close("PupilIdentifiers");
    if (e.on_roll) {
        xml.open("PupilCharacteristics");
        xml.leaf("Ethnicity", child.ethnicity);
        xml.leaf("Language", child.language);
        xml.leaf("ServiceChild", e.child % 61 == 0 ? "Y" : "N");
        xml.leaf("YoungCarer", e.child % 97 == 0 ? "S" : "N");
        if (child.year < 0) {
            xml.leaf("FundedHours", "15.00");
            xml.leaf("HoursAtSetting", "15.00");
        }
        if (child.year >= 0 && child.year <= 2) xml.leaf("SchoolLunchTaken", e.child % 8 == 0 ? "0" : "1");
        if (child.sen == 'E') xml.leaf("TopUpFunding", "1");
        if (child.household % 9 < 2) {
            xml.open("FSMperiods");
            xml.open("FSMperiod");
            xml.date("FSMstartDate", std::max(census_entry(e), day(2023, 9, 4)));
            xml.leaf("UKcountry", "ENG");
            xml.close("FSMperiod");
            xml.close("FSMperiods");
        }
        xml.close("PupilCharacteristics");
    }
    xml.open("PupilStatus");
    xml.leaf("EnrolStatus", std::string_view(&e.status, 1));
    xml.leaf("ClassType", child.year < 0 ? "N" : "O");
    xml.date("EntryDate", census_entry(e));
    xml.date("LeavingDate", census_leaving(e));
    xml.leaf("NCyearActual", year_code(child.year));
    xml.leaf("PartTime", child.year < 0 ? "1" : "0");
    xml.leaf("Boarder", "N");
    xml.close("PupilStatus");
    if (e.on_roll) write_sen(xml, e, school);
    write_address(xml, county, e.address, address_lines);
    write_exclusions(xml, e);
    write_attendance(xml, e);
    xml.close(element);
}

}  // namespace

void note_pupil(const County& county, const Enrolment& e, const School& school, std::string_view file,
                std::uint64_t ordinal, Truth& truth) {
    truth.record(feed, file, ordinal, school.laestab + "/" + census_upn(county, e), e.child);
    if (e.upn_mistyped)
        truth.warn(feed, file, ordinal, "person_identifier", "SC-01", "the UPN's check letter is wrong");
    switch (e.flaw) {
        case Flaw::birth_in_future:
            truth.reject(feed, file, ordinal, "person_record", "SC-02", "the birth date is in the future");
            break;
        case Flaw::entry_too_late:
            truth.reject(feed, file, ordinal, "enrolment", "SC-03", "entry is after the reference day");
            break;
        case Flaw::left_before_entry:
            truth.reject(feed, file, ordinal, "enrolment", "SC-04", "leaving is before entry");
            break;
        case Flaw::need_without_sen:
            truth.reject(feed, file, ordinal, "sen_need", "SC-05", "needs with SEN provision N");
            break;
        case Flaw::absent_too_long:
            truth.reject(feed, file, ordinal, "attendance_total", "SC-09",
                         "absence is more than the possible sessions");
            break;
        default:
            break;
    }
    for (const Exclusion& exclusion : e.exclusions)
        if (exclusion.flaw == Flaw::no_reason)
            truth.reject(feed, file, ordinal, "exclusion", "SC-11", "no first reason");
}

Rows write_census_xml(const County& county, Output& output, Truth& truth) {
    std::uint64_t rows = 0;
    std::string out;
    for (std::size_t s = 0; s < county.schools.size(); ++s) {
        const School& school = county.schools[s];
        const std::string file = school.laestab + "_SC1_873LL26_001.xml";
        const bool address_lines = s % 3 == 2;
        std::uint64_t ordinal = 0;
        out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";
        Xml xml(out);
        xml.open("Message");
        write_header(xml, school);
        xml.open("Pupils");
        for (const bool on_roll : {true, false}) {
            const std::string_view list = on_roll ? "PupilsOnRoll" : "PupilsNoLongerOnRoll";
            xml.open(list);
            for (const Enrolment& e : county.spring[s]) {
                if (e.on_roll != on_roll) continue;
                write_pupil(xml, county, school, e, address_lines);
                note_pupil(county, e, school, file, ++ordinal, truth);
            }
            xml.close(list);
        }
        xml.close("Pupils");
        xml.close("Message");
        if (auto done = output.put("feeds/school_census/" + file, out); !done)
            return std::unexpected(done.error());
        rows += ordinal;
    }
    return rows;
}

}  // namespace sendhub::demo
