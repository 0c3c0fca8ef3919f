#include <algorithm>
#include <vector>

#include "demo/codes.hpp"
#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view not_a_day = "31/02/2025";

// A line whose empty fields are written the sender's way.
class ListLine {
  public:
    ListLine(std::string& out, std::string_view empty, std::string_view eol)
        : out_(out), empty_(empty), eol_(eol) {}
    ListLine& operator<<(std::string_view field) {
        fields_.emplace_back(field.empty() ? empty_ : field);
        return *this;
    }
    void end() {
        CsvLine line(out_);
        for (const std::string& field : fields_) line << field;
        line.end(eol_);
        fields_.clear();
    }
    // too_wide: with two fields that no column has.
    void end(bool too_wide) {
        if (too_wide) fields_.insert(fields_.end(), 2, "");
        end();
    }

  private:
    std::string& out_;
    std::string_view empty_, eol_;
    std::vector<std::string> fields_;
};

std::string curly(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos;) text.replace(at, 1, "’");
    return text;
}

std::string_view postcode(const County& county, const Face& face) {
    return face.has_address ? std::string_view(county.streets[face.address.street].postcode)
                            : std::string_view();
}

std::string address_line(const County& county, const Face& face) {
    return face.has_address ? number(face.address.number) + " " + county.streets[face.address.street].name
                            : std::string();
}

std::string_view school_urn(const County& county, std::uint16_t school, Day when) {
    if (school == no_school) return {};
    const School& s = county.schools[school];
    return s.converted != no_day && when != no_day && when < s.converted ? s.former_urn : s.urn;
}

std::string_view letter(const char& c) { return c == 0 ? std::string_view() : std::string_view(&c, 1); }

std::string_view sen_word(char sen, std::string_view none, std::string_view support, std::string_view plan) {
    return sen == 'N' ? none : sen == 'K' ? support : sen == 'E' ? plan : std::string_view();
}

std::string_view social_word(char social, std::string_view help, std::string_view need, std::string_view plan,
                             std::string_view looked_after) {
    return social == 'H'   ? help
           : social == 'N' ? need
           : social == 'P' ? plan
           : social == 'A' ? looked_after
                           : std::string_view();
}

// Notes the row and its error; ordinal is the line that is about to be written.
void note(Truth& truth, std::string_view feed, std::string_view file, std::uint64_t line,
          std::string_view record, const std::string& ref, std::uint32_t child, Flaw flaw) {
    truth.record(feed, file, line, ref, child);
    if (flaw == Flaw::bad_date)
        truth.reject(feed, file, line, record, "ML-DATE", "a required date is no date");
    if (flaw == Flaw::wrong_order)
        truth.reject(feed, file, line, record, "ML-ORDER", "the end is before the start");
    if (flaw == Flaw::too_wide)
        truth.reject(feed, file, line, record, "ML-WIDE", "more cells than the header has");
}

}  // namespace

Rows write_cme(const County& county, Output& output, Truth& truth) {
    std::string out(byte_order_mark);
    out +=
        "Child Ref,UPN,Surname,Forename,Known As,DOB,Gender,Ethnicity,Address 1,Address 2,Postcode,Case "
        "Status,Date Opened,"
        "Date Referred,Referred By,Reason,Last Attended,Off Roll Date,Ground,Last School URN,Last "
        "School,Previous LA,Date Closed,"
        "Outcome,Checks Made,SEN Status,Social Care,YJS Known,Officer,Last Contact,Home Visit,Next "
        "Action,Next Action Due\r\n";
    ListLine line(out, "", "\r\n");
    static constexpr std::string_view referrers[] = {"School", "Health", "Social care", "Neighbour",
                                                     "Admissions"};
    static constexpr std::string_view checks[] = {"School; admissions", "School; GP; housing",
                                                  "School, GP, housing, benefits", ""};
    std::uint64_t at = 1;
    for (const CmeRow& row : county.cme) {
        const Face& f = row.face;
        const Child& child = county.children[f.child];
        const Day closed = row.flaw == Flaw::wrong_order ? row.opened - 20 : row.closed;
        note(truth, "cme", "cme.csv", ++at, "cme_case", row.ref, f.child, row.flaw);
        line << row.ref << f.upn << f.surname << f.forename << f.familiar << uk(f.born)
             << (f.child % 53 == 0 ? "Not known"
                 : f.sex == 'M'    ? "Male"
                                   : "Female")
             << child.ethnicity << address_line(county, f)
             << (f.has_address ? std::string_view(county.streets[f.address.street].town) : std::string_view())
             << postcode(county, f) << (row.open ? "Open" : "Closed")
             << (row.flaw == Flaw::bad_date ? std::string(not_a_day) : uk(row.opened)) << uk(row.referred)
             << referrers[f.child % 5] << cme_reasons[row.reason].sent << uk(row.last_attended)
             << uk(row.off_roll) << letter(row.ground) << school_urn(county, row.last_school, row.opened)
             << (row.last_school == no_school ? std::string_view()
                                              : std::string_view(county.schools[row.last_school].name))
             << row.previous_la << uk(closed) << cme_outcomes[row.outcome].sent << checks[f.child % 4]
             << sen_word(row.sen, "None", "SEN Support", "EHC Plan")
             << social_word(row.social, "Early Help", "Child in Need", "Child Protection", "Looked After")
             << (row.yj ? "Yes" : "No") << row.officer << uk(row.contact) << uk(row.visit)
             << (row.open ? "Check with admissions" : "") << uk(row.next_due);
        line.end();
    }
    if (auto done = output.put("feeds/cme/cme.csv", out); !done) return std::unexpected(done.error());
    return county.cme.size();
}

Rows write_ehe(const County& county, Output& output, Truth& truth) {
    std::string out =
        "EHE_ID,UPN,SURNAME,FORENAME,MIDDLE_NAMES,FORMER_SURNAME,DATE_OF_BIRTH,SEX,POSTCODE,UPRN,EHE_START,"
        "LA_NOTIFIED,"
        "PREV_SCHOOL_URN,PREV_SETTING,PRIMARY_REASON,SEN,CSC_STATUS,SUITABILITY,LAST_CONTACT,CONTACT_METHOD,"
        "S437_NOTICE,SAO_ISSUED,"
        "SAO_REVOKED,EHE_END,END_REASON,RETURNED_TO_SCHOOL,CHALLENGED\r\n";
    ListLine line(out, "NULL", "\r\n");
    static constexpr std::string_view methods[] = {"Home visit", "Email", "Phone call", "Report received"};
    std::uint64_t at = 1;
    for (const EheRow& row : county.ehe) {
        const Face& f = row.face;
        note(truth, "ehe", "ehe.csv", ++at, "ehe_episode", row.ref, f.child, row.flaw);
        std::string compact_postcode(postcode(county, f));
        std::erase(compact_postcode, ' ');
        line << row.ref << f.upn << curly(f.surname) << f.forename << f.middle << curly(f.former_surname)
             << iso(f.born) << letter(f.sex) << compact_postcode
             << (f.has_address ? uprn(f.address) : std::string())
             << (row.flaw == Flaw::bad_date ? std::string("tbc") : iso(row.start)) << iso(row.notified)
             << school_urn(county, row.previous_school, row.start)
             << (row.previous_school == no_school ? "Already home educated" : "School")
             << ehe_reasons[row.reason].sent << sen_word(row.sen, "NONE", "SENS", "EHCP")
             << social_word(row.social, "EH", "CIN", "CPP", "LAC") << ehe_suitabilities[row.suitability].sent
             << iso(row.contact) << (row.contact == no_day ? "" : methods[f.child % 4]) << iso(row.s437)
             << iso(row.sao) << iso(row.sao_revoked)
             << iso(row.flaw == Flaw::wrong_order ? row.start - 40 : row.end) << ehe_ends[row.end_reason].sent
             << iso(row.returned) << (row.challenged ? "Y" : "N");
        line.end();
    }
    if (auto done = output.put("feeds/ehe/ehe.csv", to_windows_1252(out)); !done)
        return std::unexpected(done.error());
    return county.ehe.size();
}

Rows write_off_roll(const County& county, Output& output, Truth& truth) {
    std::string out =
        "Notice No,UPN,ULN,Legal Surname,Legal Forename,Preferred Surname,Date of Birth,Sex,Address,Post "
        "Code,School URN,"
        "Date Off Roll,Date Notified,Ground (reg 9),Destination,Destination URN,Destination Confirmed\n";
    ListLine line(out, "", "\n");
    std::uint64_t at = 1;
    for (const OffRollRow& row : county.off_roll) {
        const Face& f = row.face;
        note(truth, "off_roll", "off_roll.csv", ++at, "off_roll_notice", row.ref, f.child, row.flaw);
        std::string ground = "9(1)(";
        ground += static_cast<char>(row.ground - 'A' + 'a');
        ground += ')';
        std::string where = address_line(county, f);
        if (f.has_address) where += ", " + county.streets[f.address.street].town;
        line << row.ref << f.upn << f.uln << f.surname << f.forename << f.preferred_surname << uk(f.born)
             << letter(f.sex) << where << postcode(county, f) << school_urn(county, row.school, row.off_roll)
             << (row.flaw == Flaw::bad_date ? std::string(not_a_day) : uk(row.off_roll)) << uk(row.notified)
             << ground << row.destination << school_urn(county, row.destination_school, row.confirmed)
             << uk(row.confirmed);
        line.end(row.flaw == Flaw::too_wide);
    }
    if (auto done = output.put("feeds/off_roll/off_roll.csv", out); !done)
        return std::unexpected(done.error());
    return county.off_roll.size();
}

Rows write_part_time(const County& county, Output& output, Truth& truth) {
    std::string out(byte_order_mark);
    out +=
        "ref,upn,surname,forename,dob,sex,postcode,school_urn,start_date,planned_end,actual_end,hours_"
        "offered,full_time_hours,reason,"
        "parent_agreed,next_review,last_review,notified,sen,nil_return\r\n";
    ListLine line(out, "-", "\r\n");
    std::uint64_t at = 1;
    for (const PartTimeRow& row : county.part_time) {
        const Face& f = row.face;
        ++at;
        const bool nil = f.child == nobody;
        if (!nil) truth.record("part_time", "part_time.csv", at, row.ref, f.child);
        // Schools report under the number they have today.
        const std::string& urn = county.schools[row.school].urn;
        if (nil) {
            for (int i = 0; i < 7; ++i) line << "";
            line << urn;
            for (int i = 0; i < 9; ++i) line << "";
            line << iso(row.notified) << "" << "Yes";
        } else {
            line << row.ref << f.upn << f.surname << f.forename << iso(f.born) << letter(f.sex)
                 << postcode(county, f) << urn << iso(row.start) << iso(row.planned_end)
                 << iso(row.actual_end) << number(row.half_hours / 2) + (row.half_hours % 2 == 0 ? "" : ".5")
                 << "32.5" << part_time_reasons[row.reason].sent << (row.agreed ? "Yes" : "No")
                 << iso(row.review) << iso(row.last_review) << iso(row.notified) << letter(row.sen) << "No";
        }
        line.end();
    }
    if (auto done = output.put("feeds/part_time/part_time.csv", out); !done)
        return std::unexpected(done.error());
    return county.part_time.size();
}

Rows write_moves(const County& county, Output& output, Truth& truth) {
    std::string out =
        "Move Ref,Direction,UPN,NHS No,Family Name,Given Name,Born,M/F,Postcode,From LA,To LA,Date of "
        "Move,Notified On,Notified By,SEND,"
        "Social Care,Placed On,Placed At URN\r\n";
    ListLine line(out, "N/A", "\r\n");
    std::uint64_t at = 1;
    for (const MoveRow& row : county.moves) {
        const Face& f = row.face;
        note(truth, "moves", "moves.csv", ++at, "move", row.ref, f.child, row.flaw);
        line << row.ref << (row.in ? "Moved in" : "Moved out") << f.upn << f.nhs << curly(f.surname)
             << f.forename << uk(f.born) << (f.sex == 'M' ? "Boy" : "Girl") << postcode(county, f) << row.from
             << row.to << (row.flaw == Flaw::bad_date ? std::string("not yet") : uk(row.moved))
             << uk(row.notified) << notifiers[row.by] << sen_word(row.sen, "No SEND", "Support", "Plan")
             << social_word(row.social, "Early help", "CIN", "CP", "CLA") << uk(row.placed)
             << school_urn(county, row.school, row.placed);
        line.end();
    }
    if (auto done = output.put("feeds/moves/moves.csv", to_windows_1252(out)); !done)
        return std::unexpected(done.error());
    return county.moves.size();
}

}  // namespace sendhub::demo
