// Youth justice from a service's CSV export: a row is a programme and an ETE placement of a child. This file
// is how it is read; what it means is youth.cpp. Fields that are not declared here are dropped as the row is
// read: offences, victims, outcomes, risk judgements and care status never leave the file (IG-04).
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>
#include <unordered_map>

#include "connectors/youth_justice/youth.hpp"
#include "plugins/sdk/tabular/child_table.hpp"
#include "plugins/sdk/tabular/numbers.hpp"

namespace sendhub::youth_justice {
namespace {

using tabular::Rule;
using tabular::Synonym;

constexpr Synonym suitabilities[] = {{"yes", "SUITABLE"},
                                     {"y", "SUITABLE"},
                                     {"no", "UNSUITABLE"},
                                     {"n", "UNSUITABLE"},
                                     {"not suitable", "UNSUITABLE"},
                                     {"not known", "UNKNOWN"}};
constexpr Synonym provisions[] = {{"ehe", "ELECTIVELY_HOME_EDUCATED"},
                                  {"pru", "PUPIL_REFERRAL_UNIT"},
                                  {"neet", "NONE"},
                                  {"no ete", "NONE"},
                                  {"school", "MAINSTREAM_SCHOOL"}};

std::vector<tabular::FieldSpec> fields() {
    // The usual headers of an export for the hub (health-justice-feeds 4.6), so that one needs no map.
    auto out = tabular::ChildColumns::fields({{"child_ref", "YJSID"}, {"birth_date", "DOB"}});
    auto add = [&](std::string_view name, std::vector<std::string> headers,
                   const schema::CodeSet* codes = nullptr, std::span<const Synonym> synonyms = {}) {
        out.push_back(
            {.name = std::string(name), .headers = std::move(headers), .codes = codes, .synonyms = synonyms});
    };
    add("pnc_id", {"pnc_id", "PNCID"});
    add("programme_ref", {"programme_ref", "ProgrammeID"});
    add("disposal_type", {"disposal_type", "DisposalType"});
    add("programme_type", {"programme_type"}, schema::find_code_set("yj_programme_type"));
    add("start_date", {"start_date", "ProgStart"});
    add("end_date", {"end_date", "ProgEnd"});
    add("send_identified", {"send_identified", "SENDIdentified"});
    add("send_formal_plan", {"send_formal_plan", "SENDPlan"});
    add("completed", {"completed"});
    add("ete_provision", {"ete_provision", "ETEProvision"}, schema::find_code_set("ete_provision"),
        provisions);
    add("ete_suitability", {"ete_suitability", "ETESuitable"}, schema::find_code_set("ete_suitability"),
        suitabilities);
    add("ete_start_date", {"ete_start_date", "ETEStart"});
    add("ete_end_date", {"ete_end_date", "ETEEnd"});
    add("hours_offered", {"hours_offered", "ETEHoursOffered"});
    add("hours_attended", {"hours_attended", "ETEHoursAttended"});
    add("school_age", {"school_age"});
    return out;
}

}  // namespace

class YouthJustice : public tabular::ChildTable {
  public:
    static sdk::ConnectorInfo info() {
        sdk::ConnectorInfo out{
            .name = "youth_justice",
            .version = "1.0.0",
            .title = "Youth justice",
            .summary =
                "Programmes of the youth justice service, the education, training or employment of the "
                "children in them, and their SEND flags: the minimum fields, from a CSV export.",
            .settings = tabular::TableSettings::declare(),
            .records = tabular::ChildWriter::declare()};
        out.settings.push_back(
            {.name = "regime",
             .type = sdk::SettingType::text,
             .default_value = "GDPR",
             .meaning = "law the processing is under: GDPR, or PART3 (law enforcement, DPA 2018 Part 3)"});
        out.settings.push_back(
            {.name = "take_pnc_id",
             .type = sdk::SettingType::boolean,
             .default_value = "false",
             .meaning =
                 "take the police national computer id as an identifier; only with a purpose on record"});
        out.records.push_back(sdk::fills<records::YjIntervention>());
        out.records.push_back(sdk::fills<records::EteStatus>());
        return out;
    }

    explicit YouthJustice(sdk::ConnectorHost& host)
        : ChildTable(host, fields(), tabular::Defaults::beside_map, "YJ"),
          programmes_(host),
          placements_(host),
          regime_(host.setting("regime")),
          take_pnc_id_(host.setting_boolean("take_pnc_id")) {
        if (regime_ != "GDPR" && regime_ != "PART3")
            throw sdk::BadSettings("the setting regime is \"" + regime_ + "\"; it must be GDPR or PART3");
        for (const auto& [field, header] : host.setting_table("columns"))
            if (field == "pnc_id" && !header.empty() && !take_pnc_id_)
                throw sdk::BadSettings(
                    "settings.columns maps pnc_id, but take_pnc_id is false; take the line out, or set "
                    "take_pnc_id = true when there is a purpose for it");
        issues_.record = record_index("yj_intervention");
        ete_record_ = record_index("ete_status");
    }

    void read_file(const sdk::File& file) override {
        tabular::HostSource bytes(host_);
        tabular::TableReader rows(host_, bytes, map_, settings_, issues_);
        const sdk::Date day = tabular::as_of(file);
        children_.begin_file("youth_justice", settings_.mode, day, file.received_day());
        issues_.scope = programmes_.scope("youth_justice", settings_.mode, day);
        ete_scope_ = placements_.scope("youth_justice", settings_.mode, day);
        seen_.clear();
        places_.clear();
        const std::size_t dropped =
            rows.columns_not_taken().size() + (!take_pnc_id_ && rows.has(map_.find("pnc_id")) ? 1 : 0);
        std::uint64_t count = 0;
        for (; rows.next(); ++count) read_row(rows);
        rows.finish();
        children_.end_file();
        if (dropped > 0)
            host_.Host::info(std::to_string(dropped) + " columns are not taken (minimum fields), in " +
                             std::to_string(count) + " rows");
    }

  private:
    struct SeenProgramme {
        std::string ref, disposal;
        Programme facts;
    };

    void read_row(const tabular::TableReader& row) {
        const tabular::Issues::About about{issues_.record, issues_.scope, row.line()};
        tabular::Child child = child_columns_.read(row);
        child.yjs_id = child.ref;
        const std::string ref = children_.ref_of(child);
        if (ref.empty()) {
            issues_.reject(about, Rule::child_key,
                           {.field = "child_ref",
                            .value = child.ref,
                            .reason = child.why_no_key(
                                "nothing says which child: no youth justice id, and not all of surname, "
                                "forename and date of birth"),
                            .advice = "ask the service to export its own id of the child"});
            return;
        }
        PncId pnc;
        if (take_pnc_id_) pnc = pnc_id(row, ref);
        child.pnc_id = pnc.value;
        if (!row.key(map_.find("programme_ref"))) {
            issues_.reject(
                about, Rule::damaged_cell,
                {.field = "programme_ref",
                 .value = row.text(map_.find("programme_ref")),
                 .reason = "the reference of the programme is damaged: it is an error word or a number in "
                           "exponent form, or has a quotation mark or a line end in it",
                 .advice = "correct it at the source",
                 .person_ref = ref});
            return;
        }
        const Programme read = read_programme(row, about, ref);
        const Ete ete = read_ete(row, about, ref);
        const bool own_dates = ete.start.parsed.day().has_value();
        const Programme* programme = nullptr;
        if (!own_dates || !read.ref.empty() || !read.start.text.empty()) {
            programme = take(read, ref, about);
            if (!programme && !own_dates)
                return;  // the placement of a refused programme has no dates to stand on
        }
        const bool placed = ete.any() && add_place(ete, programme, ref, row.line());
        if (programme || placed) children_.write(ref, child, row.line());
    }

    // The programme as its first good row tells it; null when the row is refused. Every row of a programme
    // that is refused says so.
    const Programme* take(const Programme& programme, const std::string& ref,
                          const tabular::Issues::About& about) {
        const std::string key = programme.ref.empty() ? std::string() : programme.key(ref);
        if (const auto at = seen_.find(key); at != seen_.end()) {
            if (!at->second.facts.same_as(programme))
                issues_.warn(
                    about, rule_rows_differ,
                    {.field = "programme_ref",
                     .value = programme.ref,
                     .reason =
                         "another row of this file tells this programme differently; the first row counts",
                     .advice = "make the rows agree at the source",
                     .source_key = key});
            return &at->second.facts;
        }
        if (!tell(judge(programme), about, key, ref)) return nullptr;
        SeenProgramme& seen =
            seen_[key];  // the texts of a row end with the row: what is compared later is kept
        seen.ref = programme.ref;
        seen.disposal = programme.disposal;
        seen.facts = programme;
        seen.facts.ref = seen.ref;
        seen.facts.disposal = seen.disposal;
        seen.facts.start.text = seen.facts.end.text = {};
        add(programme, ref, key, about.line);
        return &seen.facts;
    }

    Programme read_programme(const tabular::TableReader& row, const tabular::Issues::About& about,
                             std::string_view ref) {
        Programme out;
        out.ref = fit("programme_ref", row.key(map_.find("programme_ref")).value_or(""), 60, about, ref);
        out.disposal = fit("disposal_type", row.text(map_.find("disposal_type")), 60, about, ref);
        const auto type = static_cast<std::size_t>(map_.find("programme_type"));
        const std::string_view told = row.text(static_cast<int>(type));
        const std::string_view words = told.empty() ? out.disposal : told;
        if (!words.empty()) {
            if (const auto mapped = map_.mapped(type, words))
                out.type = *mapped;
            else if (out.type = programme_type_of(words); out.type.empty())
                out.type = map_.code(type, words).value_or("");
        }
        out.start = date(row, "start_date");
        out.end = date(row, "end_date");
        out.send_identified = truth(row, "send_identified", about, ref);
        out.send_formal_plan = truth(row, "send_formal_plan", about, ref);
        out.completed = truth(row, "completed", about, ref);
        return out;
    }

    Ete read_ete(const tabular::TableReader& row, const tabular::Issues::About& row_about,
                 std::string_view ref) {
        const tabular::Issues::About about{ete_record_, ete_scope_, row_about.line};
        Ete out;
        auto code = [&](std::string_view field, std::string_view& text, std::string_view& found) {
            const int at = map_.find(field);
            text = row.text(at);
            if (!text.empty()) found = map_.code(static_cast<std::size_t>(at), text).value_or("");
        };
        code("ete_provision", out.provision_text, out.provision);
        code("ete_suitability", out.suitability_text, out.suitability);
        out.start = date(row, "ete_start_date");
        out.end = date(row, "ete_end_date");
        out.hours_offered = number(row, "hours_offered", about, ref);
        out.hours_attended = number(row, "hours_attended", about, ref);
        out.school_age = truth(row, "school_age", about, ref);
        return out;
    }

    DateFact date(const tabular::TableReader& row, std::string_view field) const {
        const std::string_view text = row.text(map_.find(field));
        return {text, row.date(map_.find(field))};
    }
    std::string_view fit(std::string_view field, std::string_view text, std::size_t limit,
                         const tabular::Issues::About& about, std::string_view ref) {
        if (tabular::count_characters(text) <= limit) return text;
        const std::string reason = "the text is longer than the " + std::to_string(limit) +
                                   " characters of " + std::string(field) + "; the rest was cut off";
        issues_.warn(about, Rule::text_cut,
                     {.field = field,
                      .value = text,
                      .reason = reason,
                      .advice = "look whether the column holds what its header says",
                      .source_key = ref});
        return tabular::first_characters(text, limit);
    }
    std::optional<bool> truth(const tabular::TableReader& row, std::string_view field,
                              const tabular::Issues::About& about, std::string_view ref) {
        const int at = map_.find(field);
        const std::string_view text = row.text(at);
        if (text.empty()) return std::nullopt;
        const auto out =
            tabular::parse_boolean(map_.mapped(static_cast<std::size_t>(at), text).value_or(text));
        const std::string advice = "add a line to settings.values, such as \"" + std::string(field) +
                                   ".text of the extract\" = \"true\"";
        if (!out)
            issues_.warn(about, Rule::value,
                         {.field = field,
                          .value = text,
                          .reason = "the flag is neither yes nor no; it was left empty",
                          .advice = advice,
                          .source_key = ref});
        return out;
    }
    std::optional<double> number(const tabular::TableReader& row, std::string_view field,
                                 const tabular::Issues::About& about, std::string_view ref) {
        const std::string_view text = row.text(map_.find(field));
        if (text.empty()) return std::nullopt;
        const auto out = tabular::parse_decimal(text);
        if (out && *out >= 0 && *out <= 168) return out;
        issues_.warn(about, Rule::value,
                     {.field = field,
                      .value = text,
                      .reason = "the hours are no number of hours in a week; they were left empty",
                      .advice = "correct them at the source",
                      .source_key = ref});
        return std::nullopt;
    }
    PncId pnc_id(const tabular::TableReader& row, std::string_view ref) {
        const std::string_view text = row.text(map_.find("pnc_id"));
        if (text.empty()) return {};
        PncId out = read_pnc_id(text);
        const tabular::Issues::About file_row{SHP_NONE, {}, row.line()};
        if (!out.letter_fits)
            issues_.warn(file_row, rule_pnc_letter,
                         {.field = "pnc_id",
                          .value = text,
                          .reason = out.value.empty() ? "the PNC id is not of the form; it was not taken"
                                                      : "the letter of the PNC id does not fit its number; "
                                                        "it was taken, and should be looked at",
                          .advice = "check it with the service",
                          .source_key = ref});
        return out;
    }

    // False: rejected. One reject a row.
    bool tell(const std::vector<Finding>& findings, const tabular::Issues::About& about, std::string_view key,
              std::string_view ref) {
        for (const Finding& finding : findings) {
            const tabular::Issues::What what{.field = finding.field,
                                             .value = finding.value,
                                             .reason = finding.reason,
                                             .advice = finding.advice,
                                             .source_key = key,
                                             .person_ref = ref};
            if (finding.reject) {
                issues_.reject(about, finding.rule, what);
                return false;
            }
            issues_.warn(about, finding.rule, what);
        }
        return true;
    }

    void add(const Programme& programme, std::string_view ref, std::string_view key, std::uint64_t line) {
        records::YjIntervention row;
        row.source_key(key)
            .person_ref(ref)
            .programme_ref(programme.ref)
            .programme_type(programme.type)
            .disposal_type(programme.disposal);
        row.start_date(programme.start.parsed.day())
            .end_date(programme.end.parsed.day())
            .send_identified(programme.send_identified)
            .send_formal_plan(programme.send_formal_plan);
        row.completed(programme.completed).regime(regime_);
        programmes_.add(issues_.scope, line, row);
    }

    // programme: null only when the placement has dates of its own.
    // A placement stands once, however many rows repeat it. Placements may overlap: that is what "all
    // suitable" is about.
    // False: rejected.
    bool add_place(const Ete& ete, const Programme* programme, std::string_view ref, std::uint64_t line) {
        const bool own_dates = ete.start.parsed.day().has_value();
        const auto start = own_dates ? ete.start.parsed.day() : programme->start.parsed.day();
        const auto end = own_dates ? ete.end.parsed.day() : programme->end.parsed.day();
        const tabular::Issues::About about{ete_record_, ete_scope_, line};
        std::string key(ref);
        if (!own_dates) key += "|" + std::string(programme->ref);
        key += "|" + std::string(ete.provision) + "|" + tabular::iso_text(*start);
        if (!tell(judge(ete), about, key, ref)) return false;
        std::string content(ete.suitability);
        for (const auto& hours : {ete.hours_offered, ete.hours_attended})
            content += "|" + (hours ? std::to_string(*hours) : std::string());
        content += "|" + (end ? tabular::iso_text(*end) : std::string());
        // Two placements of one kind that begin together differ in what is in them: the second gets a number.
        auto& seen = places_[key];
        for (const std::string& known : seen)
            if (known == content) return true;
        seen.push_back(content);
        if (seen.size() > 1) key += "#" + std::to_string(seen.size());
        records::EteStatus row;
        row.source_key(key)
            .person_ref(ref)
            .start_date(start)
            .end_date(end)
            .provision_type(ete.provision)
            .suitability(ete.suitability);
        row.hours_offered(ete.hours_offered).hours_attended(ete.hours_attended).school_age(ete.school_age);
        placements_.add(ete_scope_, line, row);
        return true;
    }

    sdk::RecordWriter<records::YjIntervention> programmes_;
    sdk::RecordWriter<records::EteStatus> placements_;
    std::string regime_;
    bool take_pnc_id_;
    std::uint32_t ete_record_ = SHP_NONE;
    sdk::Scope ete_scope_;
    std::unordered_map<std::string, SeenProgramme> seen_;
    std::unordered_map<std::string, std::vector<std::string>> places_;
};

SENDHUB_CONNECTOR(YouthJustice);

}  // namespace sendhub::youth_justice
