#include "demo/census_face.hpp"
#include "demo/writers.hpp"
#include "demo/zip.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view archive = "2025_autumn_collect.zip";

std::string collect_day(Day d) {
    std::string out;
    if (d != no_day) append_collect(out, d);
    return out;
}
// COLLECT's way with whole numbers.
std::string decimal(int value) { return number(value) + ".0"; }

// One table: its name, columns and rows, with the ids that COLLECT makes up.
class Table {
  public:
    Table(std::string name, std::string_view parent, std::string_view columns)
        : name_(std::move(name)), line_(text_) {
        text_ = name_ + "tableid,NativeId," + name_ + "orderseqcolumn,sourceid";
        if (!parent.empty()) text_.append(",").append(parent).append("tableid");
        text_.append(",").append(columns).append("\r\n");
        has_parent_ = !parent.empty();
    }
    // Starts a row; gives its id.
    std::uint64_t row(std::uint64_t native, std::uint64_t parent) {
        ++rows_;
        line_ << id() << native << rows_ << "1";
        if (has_parent_) line_ << parent;
        return id();
    }
    CsvLine& line() { return line_; }
    void end() { line_.end(); }
    [[nodiscard]] std::uint64_t id() const { return 4'500'000 + rows_; }
    [[nodiscard]] std::uint64_t line_number() const { return rows_ + 1; }
    [[nodiscard]] std::string member() const { return "2025_autumn_" + name_ + ".csv"; }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string name_, text_;
    CsvLine line_;
    std::uint64_t rows_ = 0;
    bool has_parent_ = false;
};

// The tables that hang below pupils on roll, or below those no longer on roll.
struct PupilTables {
    Table pupil, addresses, exclusions, sessions;
    PupilTables(const std::string& table, const std::string& suffix, std::string_view columns)
        : pupil(table, "schoolcensus", columns),
          addresses("addresses" + suffix, table,
                    "saon,paon,street,locality,town,administrativearea,posttown,"
                    "uniquepropertyreferencenumber,addressline1,"
                    "addressline2,addressline3,addressline4,addressline5,postcode"),
          exclusions("termlyexclusions" + suffix, table,
                     "category,startdate,sessions,reason1,reason2,reason3,senprovision"),
          sessions("termlysessiondetails" + suffix, table, "attendancereason,sessions") {}
};

void write_below(PupilTables& tables, const County& county, const Enrolment& e, std::uint64_t native,
                 std::uint64_t pupil) {
    const Street& street = county.streets[e.address.street];
    tables.addresses.row(native, pupil);
    tables.addresses.line() << "" << e.address.number << street.name << "" << street.town << "Demoshire" << ""
                            << uprn(e.address) + ".0" << "" << "" << "" << "" << "" << street.postcode;
    tables.addresses.end();
    static constexpr std::string_view categories[] = {"SUSP", "PERM", "LNCH"};
    for (const Exclusion& x : e.exclusions) {
        tables.exclusions.row(native, pupil);
        tables.exclusions.line() << categories[static_cast<std::size_t>(x.category)] << collect_day(x.start)
                                 << decimal(x.sessions) << x.reasons[0] << x.reasons[1] << x.reasons[2]
                                 << std::string_view(&x.sen, 1);
        tables.exclusions.end();
    }
    if (!e.attendance.given) return;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (e.attendance.absent[i] == 0) continue;
        tables.sessions.row(native, pupil);
        tables.sessions.line() << marks[i] << decimal(e.attendance.absent[i]);
        tables.sessions.end();
    }
}

}  // namespace

Rows write_collect_zip(const County& county, Output& output, Truth& truth) {
    Table returns("schoolcensus", "",
                  "collection,term,year,referencedate,sourcelevel,lea,estab,urn,softwarecode,release,"
                  "serialno,datetime");
    Table schools("school", "schoolcensus", "schoolname,phase,schooltype");
    PupilTables on("pupilonroll", "onroll",
                   "upn,formerupn,uniquelearnernumber,surname,forename,middlenames,preferredsurname,"
                   "formersurname,dob,sex,language,"
                   "servicechild,youngcarer,plaa,schoollunchtaken,topupfunding,enrolstatus,classtype,"
                   "entrydate,ncyearactual,parttime,"
                   "boarder,senprovision,senunitindicator,resourcedprovisionindicator,termlysessionspossible,"
                   "moveoffrollflag,"
                   "missingaddress,duplicatenotfunded");
    PupilTables off("pupilnolongeronroll", "offroll",
                    "upn,formerupn,uniquelearnernumber,surname,forename,middlenames,preferredsurname,"
                    "formersurname,dob,sex,enrolstatus,"
                    "classtype,entrydate,leavingdate,ncyearleaving,parttime,boarder,termlysessionspossible,"
                    "moveonrollflag");
    std::uint64_t rows = 0;
    for (std::size_t s = 0; s < county.schools.size(); ++s) {
        const School& school = county.schools[s];
        if (!school.autumn_return) continue;
        const std::uint64_t native = 880'000 + s;
        // A school that became an academy since then sent this under the number it had.
        const std::string& urn = school.converted != no_day && school.converted > autumn_census_day
                                     ? school.former_urn
                                     : school.urn;
        const std::uint64_t parent = returns.row(native, 0);
        returns.line() << "SC" << "AUT" << "2025" << collect_day(autumn_census_day) << "L" << "873"
                       << std::string_view(school.laestab).substr(3) << urn << "DEMO-MIS" << "25.3" << "1"
                       << "2025-Oct-14 10:05:00";
        returns.end();
        schools.row(native, parent);
        static constexpr std::string_view phases[] = {"PS", "SS", "SP", "PR"};
        schools.line() << school.name << phases[static_cast<std::size_t>(school.phase)]
                       << number(school.type_code);
        schools.end();
        for (const Enrolment& e : county.autumn[s]) {
            const Child& c = county.children[e.child];
            PupilTables& tables = e.on_roll ? on : off;
            const std::uint64_t pupil = tables.pupil.row(native, parent);
            CsvLine& line = tables.pupil.line();
            line << census_upn(county, e)
                 << (e.upn_of == nobody ? std::string_view(c.former_upn) : std::string_view())
                 << (c.year >= 11 ? std::string_view(c.uln) : std::string_view()) << c.surname << c.forename
                 << c.middle << c.preferred_surname << c.former_surname << collect_day(c.born)
                 << (c.male ? "M" : "F");
            const std::string_view year_class = c.year < 0 ? "N" : "O";
            const std::string possible = e.attendance.given ? decimal(e.attendance.possible) : std::string();
            const std::string_view status(&e.status, 1);
            if (e.on_roll) {
                const bool resourced = e.sen == 'E' && school.phase != Phase::special && e.child % 17 == 0;
                line << c.language << "N" << "N" << "N" << (c.year >= 0 && c.year <= 2 ? "True" : "False")
                     << (e.sen == 'E' ? "True" : "False") << status << year_class << collect_day(e.entry)
                     << year_code(c.year) << (c.year < 0 ? "True" : "False") << "N"
                     << std::string_view(&e.sen, 1) << "False" << (resourced ? "True" : "False") << possible
                     << "" << "" << "";
            } else {
                line << status << year_class << collect_day(e.entry) << collect_day(e.leaving)
                     << year_code(c.year) << (c.year < 0 ? "True" : "False") << "N" << possible << "";
            }
            tables.pupil.end();
            write_below(tables, county, e, native, pupil);
            note_pupil(county, e, school, std::string(archive) + "/" + tables.pupil.member(),
                       tables.pupil.line_number(), truth);
            ++rows;
        }
    }
    Zip zip;
    for (const Table* table : {&returns, &schools, &on.pupil, &on.addresses, &on.exclusions, &on.sessions,
                               &off.pupil, &off.addresses, &off.exclusions, &off.sessions})
        zip.add(table->member(), table->text());
    if (auto done = output.put("feeds/school_census/" + std::string(archive), zip.finish()); !done)
        return std::unexpected(done.error());
    return rows;
}

}  // namespace sendhub::demo
