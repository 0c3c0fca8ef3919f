// The council's register of children placed in alternative provision: one CSV file, the whole list each time.
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include <algorithm>
#include <array>
#include <charconv>

using namespace sendhub;

namespace {

constexpr std::array<std::string_view, 7> headers = {"Ref",          "Surname", "Forename", "Date of birth",
                                                     "Provider URN", "Placed",  "Ended"};
enum Column { ref, surname, forename, birth, urn, placed, ended };

// One line of CSV, with "quoted, text" and "" for a quote within it.
std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            if (quoted && i + 1 < line.size() && line[i + 1] == '"')
                fields.back() += line[++i];
            else
                quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += line[i];
        }
    }
    return fields;
}

// 31/08/2014; nothing when there is no such day.
std::optional<sdk::Date> uk_date(std::string_view text) {
    if (text.size() != 10 || text[2] != '/' || text[5] != '/') return std::nullopt;
    const auto number = [](std::string_view digits) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end == digits.data() + digits.size() ? value : 0;
    };
    return sdk::Date::from_civil(static_cast<int>(number(text.substr(6, 4))), number(text.substr(3, 2)),
                                 number(text.substr(0, 2)));
}

class ApRegister : public sdk::Connector {
  public:
    static sdk::ConnectorInfo info() {
        using Person = records::PersonRecord::Field;
        using Place = records::Enrolment::Field;
        return {"ap_register",
                "1.0.0",
                "Alternative provision register",
                "Children whom the council placed in alternative provision, from the register's CSV export.",
                {{"current_only", sdk::SettingType::boolean, "false",
                  "Take only placements that have not ended."}},
                {sdk::fills<records::PersonRecord>(
                     {Person::person_ref, Person::surname, Person::forename, Person::birth_date}),
                 sdk::fills<records::Enrolment>({Place::person_ref, Place::urn, Place::entry_date,
                                                 Place::leaving_date, Place::on_roll})}};
    }

    explicit ApRegister(sdk::ConnectorHost& host)
        : host_(host),
          people_(host),
          placements_(host),
          current_only_(host.setting_boolean("current_only")) {}

    void read_file(const sdk::File& file) override {
        const std::string text = host_.read_all(64u << 20);
        std::string_view rest = text;
        if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // Excel writes it
        std::uint64_t row = 0;
        bool header = true;
        // The file is the whole register: whoever it no longer names has left it.
        const auto people = people_.scope("register", sdk::ScopeMode::snapshot, file.received_day());
        const auto placements = placements_.scope("register", sdk::ScopeMode::snapshot, file.received_day());
        while (!rest.empty()) {
            host_.stop_if_cancelled();
            std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            ++row;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            const auto fields = split(line);
            if (std::exchange(header, false)) {
                if (!std::equal(fields.begin(), fields.end(), headers.begin(), headers.end()))
                    throw sdk::FileRefused(
                        "the columns are not Ref, Surname, Forename, Date of birth, Provider URN, Placed, "
                        "Ended; export the register anew");
            } else {
                read_row(fields, row, people, placements);
            }
        }
        if (header) throw sdk::FileRefused("the file is empty; export the register anew");
    }

  private:
    void read_row(const std::vector<std::string>& fields, std::uint64_t row, sdk::Scope people,
                  sdk::Scope placements) {
        // No record type: all that is kept under this reference stays until the row is mended.
        if (fields.size() != headers.size())
            return host_.reject(row, {"AP-01", "", "", "The row does not have seven fields.",
                                      "Look for a comma without quotes.", true, fields[ref]});
        if (fields[ref].empty())
            return host_.reject(row, {"AP-02", "person_ref", "", "The row has no reference.",
                                      "Give the child a reference in the register."});
        const auto end = uk_date(fields[ended]);
        if (current_only_ && end) return;
        // The child first: a wrong placement takes nobody out of the single view.
        const auto born = uk_date(fields[birth]);
        if (!born && !fields[birth].empty())
            people_.warn(
                people, row,
                {"AP-04", "birth_date", fields[birth], "The date of birth is not a day such as 31/08/2014.",
                 "Correct it in the register."});
        people_.add(people, row,
                    records::PersonRecord()
                        .source_key(fields[ref])
                        .person_ref(fields[ref])
                        .surname(fields[surname])
                        .forename(fields[forename])
                        .birth_date(born));
        const auto start = uk_date(fields[placed]);
        // source_key keeps the last good placement until the date is mended.
        if (!start)
            return placements_.reject(placements, row,
                                      {"AP-03", "entry_date", fields[placed],
                                       "The day of placement is not a day such as 31/08/2014.",
                                       "Correct the date in the register.", false, fields[ref]});
        placements_.add(placements, row,
                        records::Enrolment()
                            .source_key(fields[ref])
                            .person_ref(fields[ref])
                            .urn(fields[urn])
                            .entry_date(start)
                            .leaving_date(end)
                            .on_roll(!end));
    }

    sdk::ConnectorHost& host_;
    sdk::RecordWriter<records::PersonRecord> people_;
    sdk::RecordWriter<records::Enrolment> placements_;
    bool current_only_;
};

}  // namespace

SENDHUB_CONNECTOR(ApRegister);
