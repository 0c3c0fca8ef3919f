#include "demo/codes.hpp"
#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view feed = "health_advice";
constexpr std::string_view file = "EHCNA_health_advice.csv";

std::string sent_nhs_number(const AdviceRow& row) {
    std::string nhs = row.face.nhs;
    if (nhs.empty()) return nhs;
    switch (row.nhs_damage) {
        case Damage::exponent:
            return "9.99E+09";
        case Damage::wrong_digit:
            nhs[9] = static_cast<char>('0' + (nhs[9] - '0' + 1) % 10);
            return nhs;
        default:
            break;
    }
    if (row.face.child % 6 == 0) return nhs.substr(0, 3) + " " + nhs.substr(3, 3) + " " + nhs.substr(6);
    return nhs;
}

}  // namespace

Rows write_health_advice(const County& county, Output& output, Truth& truth) {
    static constexpr std::string_view states[] = {"Open", "Advice sent", "Not known to service", "Declined",
                                                  "Cancelled by LA"};
    static constexpr std::string_view sources[] = {"Council SEND team", "School", "GP", "Health visitor"};
    std::string out = "Demoshire Community Health Trust – EHCNA advice" + std::string(19, ',') + "\r\n";
    out += "Report period " + uk(county.as_at - 366) + " to " + uk(county.as_at - 1) + std::string(19, ',') +
           "\r\n";
    out +=
        "NHS Number,Hospital No,Forename,Surname,DOB,Sex,Postcode,Service,Referral Date,Referral "
        "Source,Priority,First Appt Date,Status,"
        "Weeks Waiting,EHCNA Ref,EHCNA Request Date,EHCNA Request Received,Advice Due,Advice Sent "
        "Date,Exception\r\n";
    CsvLine line(out);
    std::uint64_t at = 3;
    for (const AdviceRow& row : county.advice) {
        const Face& f = row.face;
        ++at;
        truth.record(feed, file, at, row.hospital_no, f.child);
        if (row.nhs_damage != Damage::none)
            truth.warn(feed, file, at, "person_identifier", "HA-NHS", "the NHS number is damaged");
        if (row.flaw == Flaw::bad_date)
            truth.reject(feed, file, at, "advice_request", "HA-DATE", "no request date");
        if (row.flaw == Flaw::wrong_order)
            truth.reject(feed, file, at, "advice_request", "HA-ORDER", "advice sent before it was asked for");
        const Day waiting_until = row.first_seen == no_day ? first_reporting_day - 1 : row.first_seen;
        line << sent_nhs_number(row) << row.hospital_no << f.forename << f.surname << uk(f.born)
             << (f.sex == 'M' ? "Male" : "Female")
             << (f.has_address ? std::string_view(county.streets[f.address.street].postcode)
                               : std::string_view())
             << services[row.service].sent << uk(row.referral) << sources[f.child % 4]
             << (f.child % 9 == 0 ? "Urgent" : "Routine") << uk(row.first_seen)
             << states[static_cast<std::size_t>(row.state)]
             << number(waiting_until > row.referral ? (waiting_until - row.referral) / 7 : 0)
             << row.request_ref << (row.flaw == Flaw::bad_date ? std::string() : uk(row.requested))
             << uk(row.received) << uk(row.due)
             << uk(row.flaw == Flaw::wrong_order ? row.requested - 12 : row.sent)
             << exceptions[row.exception].sent;
        line.end();
    }
    out += "Total" + std::string(18, ',') + "," + number(county.advice.size()) + "\r\n";
    if (auto done = output.put("feeds/health_advice/" + std::string(file), to_windows_1252(out)); !done)
        return std::unexpected(done.error());
    return county.advice.size();
}

}  // namespace sendhub::demo
