// The child that a row is about: names, identifiers and address, as the source gave them, turned into
// person_record, person_identifier and address rows. Knows nothing of tables except in ChildColumns, so a
// connector that reads FHIR or XML fills Child itself.
#pragma once

#include <array>
#include <memory>
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/table_reader.hpp"

namespace sendhub::tabular {

// Trimmed texts of the source; empty: no value. They must live until write() has returned.
struct Child {
    std::string_view ref;  // the feed's own key of the child
    std::string_view upn, former_upn, uln, nhs_number;
    std::string_view la_child_id, yjs_id, pnc_id, local_patient_id;
    std::string_view surname, forename, middle_names, preferred_surname, preferred_forename, former_surname;
    std::string_view birth_date, sex, ethnicity, first_language;
    ParsedDate born;  // birth_date, read in the order of its column
    std::string_view postcode, uprn, saon, paon, street, locality, town, administrative_area, post_town;
    std::array<std::string_view, 5> address_lines;

    // person_ref: ref, else the UPN, else the NHS number (both only when they pass their check), else `~` and
    // a hash of surname, forename and birth date. Empty when there is none of these.
    [[nodiscard]] std::string key() const;
    // `~` and the hash; empty unless all three parts are there.
    [[nodiscard]] std::string hashed_key() const;
    // Nothing but the feed's own reference.
    [[nodiscard]] bool bare() const;
    // Surname or forename is NULL in capitals beside a name in small letters: a mark of an export, left
    // empty.
    bool null_name = false;
    // The cell of the key is damaged (TableReader::key): then there is no key at all.
    bool damaged_ref = false;
    // Of a row without a key: why. `nothing`: what the connector says where no cell holds anything.
    [[nodiscard]] std::string_view why_no_key(std::string_view nothing) const;
};

// The columns that hold a child.
class ChildColumns {
  public:
    // Names of the fields as in the settings: child_ref, upn, …, sex, ethnicity_code, …, address_line_5.
    // Their default headers are their own names; `headers` gives more (field, header).
    static std::vector<FieldSpec> fields(
        std::initializer_list<std::pair<std::string_view, std::string_view>> headers = {});
    explicit ChildColumns(const ColumnMap& map);
    [[nodiscard]] Child read(const TableReader& row) const;

  private:
    struct Place {
        int field;
        std::string_view Child::* to;
        bool name;
    };
    std::vector<Place> places_;
    int ref_, birth_date_;
    std::array<int, 5> lines_{};
};

// Writes each child of a file once, however many accepted rows name it: its person_record from the first row,
// its identifiers from all rows, its address from the first row that has one. Rows that tell a child
// differently are warned about. A row that is rejected writes no child, and a bare reference makes none: the
// issue names the child (person_ref), and the store keeps what it knows.
class ChildWriter {
  public:
    // The connector must declare person_record, person_identifier and address in full. map: for the value map
    // of sex, ethnicity_code and first_language; may be null.
    ChildWriter(sdk::ConnectorHost& host, Issues& issues, const ColumnMap* map);
    ~ChildWriter();

    void begin_file(std::string_view scope, sdk::ScopeMode mode, sdk::Date as_of, sdk::Date received);
    // The person_ref of a row. It is Child::key(), unless that is a number which an earlier row of the file
    // has for somebody of another name and another birth date: then the hash of the two, so that both stand.
    std::string ref_of(const Child& child);
    // ref: what ref_of() said. For rows that are accepted.
    void write(std::string_view ref, const Child& child, std::uint64_t line);
    // After the last row: the identifiers. One that stands on two children who differ in name and birth date
    // proves nothing about either, and is warned about on each.
    void end_file();

    // What records the connector declares for it.
    static std::vector<sdk::RecordFill> declare();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::tabular
