// Makes rows of the shared schema out of a return and its pupils, and checks them by the rules of the census.
//
// A pupil whose own record is refused (SC-02, or standing twice) has all its rows withheld: the record with
// the rule that was broken, every other row with SC-PUPIL, each under its source_key so that its last good
// version stays open. Any other broken rule costs only the row it is about.
#pragma once

#include <string>
#include <unordered_map>

#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>

#include "connectors/school_census/census.hpp"
#include "connectors/school_census/census_rules.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "schemas/registry.hpp"

namespace sendhub::census {

struct Return {
    std::string laestab;        // 7 digits
    std::string urn;            // as the school sent it; may be empty
    std::string term;           // AUT SPR SUM
    std::string academic_year;  // 2025/26
    sdk::Date reference_date;
    HeaderText::Carries carries;
};

class PupilRows {
  public:
    explicit PupilRows(sdk::ConnectorHost& host);
    static std::vector<sdk::RecordFill> fills();

    // A new return: declares the scopes that its rows fill, also those that will have no row.
    void begin(const Return& of);
    void take(const PupilText& pupil);
    // After the last pupil of a return: throws FileRefused when its dates show that the day does not come
    // first.
    void check_date_order() const;

  private:
    template <class R>
    struct Output {
        sdk::RecordWriter<R> writer;
        sdk::Scope scope;
        R row;
        std::string key;
        explicit Output(sdk::ConnectorHost& host) : writer(host) {}
    };
    struct Value {  // what an issue is about
        std::string_view field, text;
        bool personal = true;
    };

    template <class R>
    void begin_row(Output<R>& out);
    template <class R>
    void place_and_time(R& row) const;
    template <class R>
    void put(Output<R>& out);
    template <class R>
    void reject(Output<R>& out, const rule::Rule& rule, Value value);
    template <class R>
    void warn(Output<R>& out, const rule::Rule& rule, Value value);
    // The code in upper case if it is in the set, else a warning and nothing.
    template <class R>
    std::string_view code(Output<R>& out, const schema::CodeSet& set, Value value, std::string& buffer);

    void name_pupil();
    void person();
    void identifiers();
    void identifier(std::string_view type, std::string_view raw, std::string_view field);
    void addresses();
    void enrolment();
    void special_needs();
    void needs(std::string_view provision_text, bool none);
    void attendance();
    void attendance_of(Period period, const AttendanceText& text);
    void exclusions();

    // What is known of the pupils of this return, by the hash of their reference.
    struct Seen {
        std::uint64_t identity = 0;  // hash of name and birth date
        std::uint64_t name = 0;
        std::optional<sdk::Date> birth_date;
        bool on_roll = false;
    };

    void clean_names();

    Return return_;
    tabular::OrderEvidence date_order_;  // of the return
    // surname, forename, middle, preferred and former surname, cleaned
    std::array<std::string_view, 5> names_;
    std::array<std::string, 5> name_buffers_;
    std::array<bool, 5> damaged_{};
    const PupilText* pupil_ = nullptr;
    std::string ref_;  // person_ref of the pupil in hand
    std::string upn_;  // compact; empty when there is none
    std::optional<sdk::Date> birth_date_, entry_date_;
    int age_ = 0;                          // on 31 August before the academic year
    const rule::Rule* refused_ = nullptr;  // why the whole pupil is withheld
    bool upn_repeated_ = false;            // another pupil of the return has this UPN
    bool second_spell_ =
        false;  // the child's own record was already written for another spell of this return
    std::unordered_map<std::uint64_t, Seen> seen_;

    Output<records::PersonRecord> person_;
    Output<records::PersonIdentifier> identifier_;
    Output<records::Address> address_;
    Output<records::Enrolment> enrolment_;
    Output<records::SenProvision> provision_;
    Output<records::SenNeed> need_;
    Output<records::AttendanceTotal> attendance_;
    Output<records::Exclusion> exclusion_;

    const schema::CodeSet &sexes_, &enrol_statuses_, &nc_years_, &boarders_, &provisions_, &need_types_,
        &categories_, &reasons_;
    std::string buffers_[6];  // normalised text of the row in hand
};

}  // namespace sendhub::census
