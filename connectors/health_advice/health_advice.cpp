// Health advice for EHC needs assessments from a trust's CSV extract. This file is how it is read; what it
// means is advice.cpp, so that other ways in (FHIR, MESH) can share it.
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include "connectors/health_advice/advice.hpp"
#include "plugins/sdk/tabular/child_table.hpp"

namespace sendhub::health_advice {
namespace {

using tabular::Rule;
using tabular::Synonym;

constexpr Synonym services[] = {{"slt", "speech_language"},
                                {"salt", "speech_language"},
                                {"s&lt", "speech_language"},
                                {"speech and language", "speech_language"},
                                {"speech & language therapy", "speech_language"},
                                {"speech therapy", "speech_language"},
                                {"ot", "occupational"},
                                {"occupational therapy", "occupational"},
                                {"physio", "physiotherapy"},
                                {"pt", "physiotherapy"},
                                {"comm paeds", "community_paediatrics"},
                                {"community paeds", "community_paediatrics"},
                                {"community paediatrician", "community_paediatrics"},
                                {"paediatrics", "community_paediatrics"},
                                {"paeds", "community_paediatrics"},
                                {"cyp mental health", "camhs"},
                                {"cypmhs", "camhs"},
                                {"hearing", "audiology"}};
constexpr Synonym states[] = {{"outstanding", "open"},
                              {"awaiting advice", "open"},
                              {"in progress", "open"},
                              {"pending", "open"},
                              {"requested", "open"},
                              {"received", "open"},
                              {"overdue", "open"},
                              {"advice sent", "responded"},
                              {"sent", "responded"},
                              {"complete", "responded"},
                              {"completed", "responded"},
                              {"advice received", "responded"},
                              {"returned", "responded"},
                              {"not known to service", "not_known"},
                              {"not known", "not_known"},
                              {"nothing known", "not_known"},
                              {"child not known", "not_known"},
                              {"cancelled by la", "cancelled"},
                              {"cancelled by council", "cancelled"},
                              {"withdrawn", "cancelled"},
                              {"ceased", "cancelled"},
                              {"rejected", "declined"},
                              {"refused", "declined"},
                              {"not accepted", "declined"}};
constexpr Synonym exceptions[] = {{"exceptional circumstances", "exceptional"},
                                  {"away from area", "absence"},
                                  {"absent from area", "absence"},
                                  {"absence from area", "absence"},
                                  {"missed appointment", "missed_appointment"},
                                  {"dna", "missed_appointment"},
                                  {"was not brought", "missed_appointment"}};

std::vector<tabular::FieldSpec> fields() {
    // The usual headers of a trust's extract (health-justice-feeds 3), so that one needs no map.
    auto out = tabular::ChildColumns::fields({{"nhs_number", "NHS Number"},
                                              {"nhs_number", "NHS No"},
                                              {"forename", "First Name"},
                                              {"surname", "Last Name"},
                                              {"birth_date", "DOB"},
                                              {"birth_date", "Date of Birth"},
                                              {"sex", "Gender"},
                                              {"ethnicity_code", "Ethnic Category"},
                                              {"postcode", "Post Code"}});
    out.push_back({.name = "local_patient_id",
                   .headers = {"local_patient_id", "Hospital No", "Hospital Number", "Local Patient ID",
                               "Patient ID"}});
    out.push_back(
        {.name = "request_ref", .headers = {"request_ref", "EHCNA Ref", "EHCNA Reference", "Council Ref"}});
    out.push_back({.name = "provider_code", .headers = {"provider_code", "ODS Code", "Provider Code"}});
    out.push_back({.name = "service",
                   .headers = {"service", "Service Name"},
                   .codes = schema::find_code_set("advice_service"),
                   .synonyms = services});
    out.push_back({.name = "status",
                   .headers = {"status", "Advice Status"},
                   .codes = schema::find_code_set("advice_status"),
                   .synonyms = states});
    out.push_back({.name = "exception_code",
                   .headers = {"exception", "exception_code", "Exception Reason"},
                   .codes = schema::find_code_set("advice_exception"),
                   .synonyms = exceptions});
    out.push_back(
        {.name = "requested_date", .headers = {"requested_date", "EHCNA Request Date", "Request Date"}});
    out.push_back({.name = "received_date",
                   .headers = {"received_date", "EHCNA Request Received", "Request Received"}});
    out.push_back({.name = "due_date", .headers = {"due_date", "Advice Due", "Advice Due Date"}});
    out.push_back(
        {.name = "responded_date", .headers = {"responded_date", "Advice Sent Date", "Advice Sent"}});
    return out;
}

}  // namespace

class HealthAdvice : public tabular::ChildTable {
  public:
    static sdk::ConnectorInfo info() {
        sdk::ConnectorInfo out{.name = "health_advice",
                               .version = "1.0.0",
                               .title = "Health advice",
                               .summary =
                                   "Requests for health advice in EHC needs assessments, with their six-week "
                                   "clock, from a trust's CSV extract.",
                               .settings = tabular::TableSettings::declare(),
                               .records = tabular::ChildWriter::declare()};
        out.records.push_back(sdk::fills<records::AdviceRequest>());
        return out;
    }

    explicit HealthAdvice(sdk::ConnectorHost& host)
        : ChildTable(host, fields(), tabular::Defaults::beside_map, "HA"), requests_(host) {
        issues_.record = record_index("advice_request");
    }

    void read_file(const sdk::File& file) override {
        tabular::HostSource bytes(host_);
        tabular::TableReader rows(host_, bytes, map_, settings_, issues_);
        const sdk::Date day = tabular::as_of(file);
        children_.begin_file("advice", settings_.mode, day, file.received_day());
        issues_.scope = requests_.scope("advice", settings_.mode, day);
        not_requests_ = 0;
        while (rows.next()) read_row(rows, file.received_day());
        rows.finish();
        children_.end_file();
        if (not_requests_ > 0)
            host_.Host::info("passed over " + std::to_string(not_requests_) +
                             " rows that are no request for EHC advice");
    }

  private:
    void read_row(const tabular::TableReader& row, sdk::Date received_day) {
        const tabular::Issues::About about{issues_.record, issues_.scope, row.line()};
        auto text = [&](std::string_view field) { return row.text(map_.find(field)); };
        auto date = [&](std::string_view field) { return DateFact{text(field), row.date(map_.find(field))}; };
        auto code = [&](std::string_view field) -> CodeFact {
            const int at = map_.find(field);
            const std::string_view words = row.text(at);
            return {words, words.empty() ? std::string_view{}
                                         : map_.code(static_cast<std::size_t>(at), words).value_or("")};
        };
        AdviceRequest request{.request_ref = text("request_ref"),
                              .provider_code = text("provider_code"),
                              .service = code("service"),
                              .status = code("status"),
                              .exception = code("exception_code"),
                              .requested = date("requested_date"),
                              .received = date("received_date"),
                              .due = date("due_date"),
                              .responded = date("responded_date")};
        if (!request.any()) {
            ++not_requests_;  // an ordinary referral: not ours to keep
            return;
        }
        tabular::Child child = child_columns_.read(row);
        const auto local = row.key(map_.find("local_patient_id"));
        child.local_patient_id = local.value_or("");
        child.damaged_ref = child.damaged_ref || (child.ref.empty() && !local);
        if (child.ref.empty()) child.ref = child.local_patient_id;
        const std::string ref = children_.ref_of(child);
        if (ref.empty()) {
            issues_.reject(about, Rule::child_key,
                           {.field = "local_patient_id",
                            .value = child.ref,
                            .reason = child.why_no_key(
                                "nothing says which child: no local number, no valid NHS number, and not "
                                "all of surname, forename and date of birth"),
                            .advice = "ask the trust to send its own number of the child",
                            .source_key = request.key("")});
            return;
        }
        const auto request_ref = row.key(map_.find("request_ref"));
        if (!request_ref) {
            issues_.reject(
                about, Rule::damaged_cell,
                {.field = "request_ref",
                 .value = request.request_ref,
                 .reason = "the reference of the request is damaged: it is an error word or a number in "
                           "exponent form, or has a quotation mark or a line end in it",
                 .advice = "correct it at the source",
                 .person_ref = ref});
            return;
        }
        request.request_ref = *request_ref;
        const auto findings = judge(request, received_day);
        const std::string key = request.key(ref);
        for (const Finding& finding : findings) {
            const tabular::Issues::What what{.field = finding.field,
                                             .value = finding.value,
                                             .reason = finding.reason,
                                             .advice = finding.advice,
                                             .source_key = key,
                                             .person_ref = ref};
            if (finding.reject) {
                issues_.reject(about, finding.rule, what);
                return;
            }
            issues_.warn(about, finding.rule, what);
        }
        children_.write(ref, child, row.line());
        add(request, ref, key, about);
    }

    void add(const AdviceRequest& request, std::string_view ref, std::string_view key,
             const tabular::Issues::About& about) {
        auto fit = [&](std::string_view field, std::string_view text, std::size_t limit) {
            if (tabular::count_characters(text) <= limit) return text;
            const std::string reason = "the text is longer than the " + std::to_string(limit) +
                                       " characters of " + std::string(field) + "; the rest was cut off";
            issues_.warn(about, Rule::text_cut,
                         {.field = field,
                          .value = text,
                          .reason = reason,
                          .advice = "look whether the column holds what its header says",
                          .source_key = key});
            return tabular::first_characters(text, limit);
        };
        records::AdviceRequest row;
        row.source_key(key)
            .person_ref(ref)
            .request_ref(fit("request_ref", request.request_ref, 60))
            .provider_code(fit("provider_code", request.provider_code, 10));
        row.service(request.service.code).service_raw(tabular::first_characters(request.service.text, 60));
        row.status(request.status.code)
            .status_raw(tabular::first_characters(request.status.text, 60))
            .exception_code(request.exception.code);
        row.requested_date(request.requested.parsed.day())
            .received_date(request.received.parsed.day())
            .due_date(request.due.parsed.day())
            .responded_date(request.responded.parsed.day());
        requests_.add(issues_.scope, about.line, row);
    }

    sdk::RecordWriter<records::AdviceRequest> requests_;
    std::uint64_t not_requests_ = 0;
};

SENDHUB_CONNECTOR(HealthAdvice);

}  // namespace sendhub::health_advice
