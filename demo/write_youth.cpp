#include "demo/codes.hpp"
#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view feed = "youth_justice";
constexpr std::string_view file = "yjs_extract.csv";

// The sixteen-way ethnicity of the justice system.
std::string_view sixteen(std::string_view ethnicity) {
    static constexpr std::string_view pairs[][2] = {
        {"WBRI", "W1"}, {"WIRI", "W2"}, {"WOTH", "W9"}, {"WIRT", "W9"}, {"WROM", "W9"}, {"MWBC", "M1"},
        {"MWBA", "M2"}, {"MWAS", "M3"}, {"MOTH", "M9"}, {"AIND", "A1"}, {"APKN", "A2"}, {"ABAN", "A3"},
        {"AOTH", "A9"}, {"BCRB", "B1"}, {"BAFR", "B2"}, {"BOTH", "B9"}, {"OOTH", "O9"}};
    for (const auto& [from, to] : pairs)
        if (from == ethnicity) return to;
    return "NS";
}

std::string_view care_status(char social) {
    return social == 'A'   ? "Looked After"
           : social == 'P' ? "Child Protection Plan"
           : social == 'N' ? "Child in Need"
           : social == 'H' ? "Early Help"
                           : "None";
}

}  // namespace

Rows write_youth_justice(const County& county, Output& output, Truth& truth) {
    struct Offence {
        std::string_view code, category, gravity;
    };
    static constexpr Offence offences[] = {{"TH68010", "THEFT_AND_HANDLING", "3"},
                                           {"CJ88116", "VIOLENCE_AGAINST_THE_PERSON", "4"},
                                           {"CD71039", "CRIMINAL_DAMAGE", "2"},
                                           {"MD71530", "DRUGS", "2"}};
    std::string out =
        "YJSID,PNCID,Surname,Forename,DOB,Sex,Ethnicity,Postcode,OffenceID,OffenceDate,CJSCode,"
        "OffenceCategory,Gravity,OutcomeDate,"
        "LegalOutcome,ProgrammeID,DisposalType,ProgStart,ProgEnd,ETEProvision,ETEHoursOffered,"
        "ETEHoursAttended,ETESuitable,"
        "SENDIdentified,SENDPlan,CareStatus\r\n";
    CsvLine line(out);
    std::uint64_t at = 1;
    for (std::size_t p = 0; p < county.programmes.size(); ++p) {
        const Programme& programme = county.programmes[p];
        const YoungPerson& person = county.young_people[programme.person];
        const Face& f = person.face;
        const Child& child = county.children[f.child];
        const Offence& offence = offences[programme.offence_kind];
        const Day end = programme.flaw == Flaw::wrong_order ? programme.start - 10 : programme.end;
        for (const EtePlace& place : programme.places) {
            ++at;
            truth.record(feed, file, at, person.ref, f.child);
            if (programme.flaw == Flaw::wrong_order)
                truth.reject(feed, file, at, "yj_intervention", "YJ-ORDER",
                             "the programme ends before it starts");
            line << person.ref << person.pnc << f.surname << f.forename << iso(f.born)
                 << (f.sex == 'M' ? "1" : "2") << sixteen(child.ethnicity)
                 << (f.has_address ? std::string_view(county.streets[f.address.street].postcode)
                                   : std::string_view())
                 << "OF-" + number(9001 + p) << iso(programme.offence) << offence.code << offence.category
                 << offence.gravity << iso(programme.start) << disposals[programme.disposal].sent
                 << programme.ref << disposals[programme.disposal].sent << iso(programme.start)
                 << (end == no_day ? std::string("1900-01-01") : iso(end)) << ete_provisions[place.provision]
                 << place.offered << place.attended << suitabilities[place.suitable]
                 << (person.send_known ? "YES" : "NO") << (person.send_plan ? "YES" : "NO")
                 << care_status(child.social);
            line.end();
        }
    }
    if (auto done = output.put("feeds/youth_justice/" + std::string(file), out); !done)
        return std::unexpected(done.error());
    return at - 1;
}

}  // namespace sendhub::demo
