// The source of timetables.so beside it, kept so that a person can see what the binary does. It is not
// compiled any more. A row of the file: reference;surname;born;start;hours;agreed;need;rank, dates as
// 2014-08-31.
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include <cstdlib>

using namespace sendhub;

namespace {

std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
        if (c == ';')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

std::optional<sdk::Date> iso_date(const std::string& text) {
    if (text.size() != 10) return std::nullopt;
    return sdk::Date::from_civil(std::atoi(text.c_str()), static_cast<unsigned>(std::atoi(text.c_str() + 5)),
                                 static_cast<unsigned>(std::atoi(text.c_str() + 8)));
}

class Timetables : public sdk::Connector {
  public:
    static sdk::ConnectorInfo info() {
        using Person = records::PersonRecord::Field;
        using Timetable = records::PartTimeTimetable::Field;
        using Need = records::SenNeed::Field;
        return {"timetables",
                "1.0.0",
                "Timetables",
                "A connector of the first plugin boundary, kept as a binary.",
                {{.name = "list",
                  .type = sdk::SettingType::text,
                  .default_value = "",
                  .meaning = "The name of the list.",
                  .required = true},
                 {.name = "take_needs",
                  .type = sdk::SettingType::boolean,
                  .default_value = "true",
                  .meaning = "Take the needs too."}},
                {sdk::fills<records::PersonRecord>({Person::person_ref, Person::surname, Person::birth_date}),
                 sdk::fills<records::PartTimeTimetable>({Timetable::person_ref, Timetable::start_date,
                                                         Timetable::hours_per_week, Timetable::parent_agreed,
                                                         Timetable::reported_nil}),
                 sdk::fills<records::SenNeed>({Need::person_ref, Need::need_type, Need::rank})}};
    }

    explicit Timetables(sdk::ConnectorHost& host)
        : host_(host),
          people_(host),
          timetables_(host),
          needs_(host),
          list_(host.setting("list")),
          take_needs_(host.setting_boolean("take_needs")) {
        if (list_.size() > 20) throw sdk::BadSettings("the setting list is longer than 20 characters");
    }

    void read_file(const sdk::File& file) override {
        const std::string text = host_.read_all(1u << 20);
        if (text.starts_with("refuse")) throw sdk::FileRefused("the file asks to be refused");
        const auto people = people_.scope(list_, sdk::ScopeMode::snapshot, file.received_day());
        const auto timetables = timetables_.scope(list_, sdk::ScopeMode::snapshot, file.received_day());
        const auto needs = needs_.scope(list_, sdk::ScopeMode::delta, file.received_day());
        std::string_view rest = text;
        for (std::uint64_t row = 1; !rest.empty(); ++row) {
            host_.stop_if_cancelled();
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            const auto field = split(line);
            if (field.size() != 8) {
                timetables_.reject(
                    timetables, row,
                    {"TT-01", "", "", "The row does not have eight values.", "Look for a ; too many."});
                continue;
            }
            if (field[1].empty())
                people_.warn(
                    people, row,
                    {"TT-02", "surname", field[0], "The child has no surname.", "Enter it.", true, field[0]});
            people_.add(people, row,
                        records::PersonRecord()
                            .source_key(field[0])
                            .person_ref(field[0])
                            .surname(field[1])
                            .birth_date(iso_date(field[2])));
            timetables_.add(timetables, row,
                            records::PartTimeTimetable()
                                .source_key(field[0])
                                .person_ref(field[0])
                                .start_date(iso_date(field[3]))
                                .hours_per_week(std::atof(field[4].c_str()))
                                .parent_agreed(field[5] == "yes")
                                .reported_nil(false));
            if (take_needs_)
                needs_.add(
                    needs, row,
                    records::SenNeed().source_key(field[0]).person_ref(field[0]).need_type(field[6]).rank(
                        std::atoi(field[7].c_str())));
        }
        host_.info("read the list");
    }

  private:
    sdk::ConnectorHost& host_;
    sdk::RecordWriter<records::PersonRecord> people_;
    sdk::RecordWriter<records::PartTimeTimetable> timetables_;
    sdk::RecordWriter<records::SenNeed> needs_;
    std::string list_;
    bool take_needs_;
};

}  // namespace

SENDHUB_CONNECTOR(Timetables);
