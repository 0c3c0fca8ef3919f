#include "identity/link/recognise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/link/column_names.hpp"

namespace sendhub::identity::link {
namespace {

using testing::HasSubstr;

struct Named {
    const char* column;
    std::optional<Role> role;
};

TEST(Names, OfColumns) {
    const Named names[] = {
        {"first_name", Role::forename},
        {"Given Name", Role::forename},
        {"forename", Role::forename},
        {"FirstName", Role::forename},
        {"fname", Role::forename},
        {"Christian name", Role::forename},
        {"Child's forename", Role::forename},
        {"pupil_forename", Role::forename},
        {"surname", Role::surname},
        {"LAST NAME", Role::surname},
        {"family_name", Role::surname},
        {"lname", Role::surname},
        {"legal_surname", Role::surname},
        {"middle_name", Role::middle_names},
        {"full_name", Role::full_name},
        {"name", Role::full_name},
        {"first_and_surname", Role::full_name},
        {"known_as", Role::known_forename},
        {"preferred_name", Role::known_forename},
        {"maiden name", Role::former_surname},
        {"previous-surname", Role::former_surname},
        {"former_surname", Role::former_surname},
        {"dob", Role::birth_date},
        {"date_of_birth", Role::birth_date},
        {"birth_date", Role::birth_date},
        {"birthDate", Role::birth_date},
        {"Child DOB", Role::birth_date},
        {"birth_year", Role::birth_year},
        {"YOB", Role::birth_year},
        {"sex", Role::sex},
        {"gender", Role::sex},
        {"postcode", Role::postcode},
        {"post_code", Role::postcode},
        {"postcode_fake", Role::postcode},
        {"zip", Role::postcode},
        {"zipcode", Role::postcode},
        {"home_postcode", Role::postcode},
        {"previous_postcode", Role::previous_postcode},
        {"address", Role::street},
        {"address_1", Role::street},
        {"street_name", Role::street},
        {"street_number", Role::house},
        {"house", Role::house},
        {"suburb", Role::locality},
        {"Town/City", Role::locality},
        {"place", Role::locality},
        {"state", Role::region},
        {"county", Role::region},
        {"uprn", Role::uprn},
        {"UPN", Role::upn},
        {"former_upn", Role::former_upn},
        {"nhs_number", Role::nhs_number},
        {"NHS No.", Role::nhs_number},
        {"uln", Role::uln},
        {"soc_sec_id", Role::identifier},
        {"ssn", Role::identifier},
        {"ssn4", Role::category},
        {"national_id", Role::identifier},
        {"Passport number", Role::identifier},
        {"id_number", Role::identifier},
        {"email", Role::email},
        {"e-mail", Role::email},
        {"mobile", Role::phone},
        {"telephone", Role::phone},
        {"birth_place", Role::text},
        {"occupation", Role::text},
        {"ethnicity", Role::category},
        {"school", Role::school},
        {"URN", Role::school},
        {"LAESTAB", Role::school},
        {"notes", std::nullopt},
        {"amount", std::nullopt},
        {"unique_id", std::nullopt},
    };
    for (const Named& n : names) {
        const auto role = role_by_name(n.column);
        EXPECT_EQ(role, n.role) << n.column << " was read as " << (role ? to_string(*role) : "nothing");
    }
}

TEST(Names, TheAnswerAndBookKeepingAreNoEvidence) {
    for (const char* name : {"cluster", "cluster_id", "person", "truth", "label", "true_surname",
                             "true_person_id", "match", "is_match", "row_number", "Unnamed: 0", "created_at",
                             "last_modified", "valid_from", "duplicate_of"})
        EXPECT_TRUE(is_bookkeeping(name)) << name;
    for (const char* name : {"surname", "birth_date", "id", "unique_id", "match_street", "sex"})
        EXPECT_FALSE(is_bookkeeping(name)) << name;
    EXPECT_TRUE(is_of_another_person("Mother's surname"));
    EXPECT_TRUE(is_of_another_person("parent_email"));
    EXPECT_TRUE(is_of_another_person("gp_name"));
    EXPECT_FALSE(is_of_another_person("surname"));
    EXPECT_FALSE(is_of_another_person("contact_number"));
}

// A table of `rows` rows whose value i of a column is made by a function.
struct Maker {
    RawTable table{.name = "t.csv"};
    explicit Maker(std::size_t rows) { table.rows = rows; }
    template <class Value>
    Maker& column(const char* name, Value&& value) {
        table.names.emplace_back(name);
        table.columns.emplace_back();
        for (std::size_t i = 0; i < table.rows; ++i) table.columns.back().push(value(i));
        return *this;
    }
};
std::string n(std::size_t i) { return std::to_string(i); }
std::string some_name(std::size_t i) { return std::string("N") + static_cast<char>('a' + i % 23); }
std::string some_date(std::size_t i) { return "20" + n(10 + i % 9) + "-0" + n(1 + i % 9) + "-1" + n(i % 9); }

FileReading read(const Maker& made, const Hints& hints = {}) {
    auto reading = recognise(made.table, hints);
    EXPECT_TRUE(reading) << (reading ? "" : reading.error().sentence);
    return reading ? std::move(*reading) : FileReading{};
}
const ColumnReading& column(const FileReading& reading, std::string_view name) {
    for (const ColumnReading& c : reading.columns)
        if (c.name == name) return c;
    throw std::out_of_range(std::string(name));
}

TEST(Recognise, ValuesAreLookedAt) {
    const FileReading r =
        read(Maker(60)
                 .column("id", [](auto i) { return n(i); })
                 .column("dob", [](auto i) { return "19" + n(10 + i); })  // years
                 .column("contact", [](auto i) { return "p" + n(i % 40) + "@example.org"; })
                 .column("where", [](auto i) { return "LS" + n(1 + i % 9) + " " + n(i % 9) + "AB"; })
                 .column("region", [](auto) { return std::string("North"); })
                 .column("suburb", [](auto) { return std::string(); })
                 .column("surname", [](auto i) { return some_name(i); }));
    EXPECT_EQ(column(r, "dob").role, Role::birth_year);
    EXPECT_EQ(column(r, "contact").role, Role::email);
    EXPECT_EQ(column(r, "where").role, Role::postcode);
    EXPECT_EQ(column(r, "region").use, Use::ignored);
    EXPECT_THAT(column(r, "region").why, HasSubstr("same value"));
    EXPECT_THAT(column(r, "suburb").why, HasSubstr("empty"));
}

TEST(Recognise, ABirthDateWithoutDatesIsNotBelieved) {
    const FileReading r =
        read(Maker(30).column("birth", [](auto i) { return some_name(i); }).column("surname", [](auto i) {
            return some_name(i + 3);
        }));
    EXPECT_EQ(column(r, "birth").use, Use::ignored);
    EXPECT_THAT(column(r, "birth").why, HasSubstr("dates"));
}

TEST(Recognise, OneColumnEachAndAFullNameOnlyWhereNeeded) {
    const FileReading r =
        read(Maker(30)
                 .column("name", [](auto i) { return some_name(i) + " " + some_name(i + 1); })
                 .column("first_name", [](auto i) { return some_name(i); })
                 .column("surname", [](auto i) { return some_name(i + 1); })
                 .column("last_name", [](auto i) { return some_name(i + 1); })
                 .column("dob", [](auto i) { return some_date(i); })
                 .column("birth_year", [](auto i) { return "20" + n(10 + i % 9); }));
    EXPECT_EQ(column(r, "name").use, Use::ignored);
    EXPECT_EQ(column(r, "surname").role, Role::surname);
    EXPECT_EQ(column(r, "last_name").use, Use::ignored);
    EXPECT_THAT(column(r, "last_name").why, HasSubstr("surname is the surname already"));
    EXPECT_EQ(column(r, "birth_year").use, Use::ignored);
    EXPECT_EQ(column(read(Maker(30)
                              .column("name", [](auto i) { return some_name(i) + " " + some_name(i + 1); })
                              .column("dob", [](auto i) { return some_date(i); })),
                     "name")
                  .role,
              Role::full_name);
}

TEST(Recognise, TheIdIsFoundByNameThenByItsValues) {
    auto same = [](auto i) { return n(i / 2); };
    auto own = [](auto i) { return "k" + n(i); };
    auto name_of = [](const FileReading& r) {
        return r.id < 0 ? std::string("row") : r.columns[static_cast<std::size_t>(r.id)].name;
    };
    const auto surname = [](auto i) { return some_name(i); };
    EXPECT_EQ(name_of(read(Maker(30).column("code", own).column("rec_id", own).column("surname", surname))),
              "rec_id");
    // the better name repeats: it is the answer, not the key
    EXPECT_EQ(name_of(read(Maker(30).column("id", same).column("record_id", own).column("surname", surname))),
              "record_id");
    EXPECT_EQ(name_of(read(Maker(30).column("surname", surname).column("code", own))), "code");
    EXPECT_EQ(name_of(read(Maker(30).column("surname", surname).column("cluster", own))), "row");
    EXPECT_EQ(name_of(read(Maker(30).column("surname", surname).column("person_id", same))), "row");
    // an all-distinct number of the person is evidence, not the key
    EXPECT_EQ(name_of(read(Maker(30).column("surname", surname).column("ssn", own))), "row");
}

TEST(Recognise, AnIdThatAPersonNamedMustHold) {
    const Maker made = Maker(6)
                           .column("a", [](auto i) { return i == 3 ? std::string() : "v" + n(i); })
                           .column("b", [](auto i) { return "v" + n(i % 5); })
                           .column("surname", [](auto i) { return some_name(i); });
    auto refusal = [&](const char* id) {
        const auto r = recognise(made.table, {.id = id});
        return r ? "it was taken" : r.error().sentence;
    };
    EXPECT_THAT(refusal("a"), HasSubstr("empty in row 4"));
    EXPECT_THAT(refusal("b"), HasSubstr("rows 1 and 6"));
    EXPECT_THAT(refusal("surnam"), HasSubstr("did you mean surname"));
}

TEST(Recognise, SourcesAndIdsWithinThem) {
    const Maker made = Maker(40)
                           .column("feed", [](auto i) { return std::string(i < 20 ? "census" : "health"); })
                           .column("id", [](auto i) { return n(i % 20); })
                           .column("surname", [](auto i) { return some_name(i); });
    const FileReading r = read(made);
    EXPECT_EQ(r.source, 0);
    EXPECT_EQ(r.id, 1);
    EXPECT_TRUE(r.id_within_source);
}

TEST(Recognise, WhatAPersonSaysStandsAboveAll) {
    const Maker made = Maker(30)
                           .column("first_name", [](auto i) { return some_name(i); })
                           .column("xyz", [](auto i) { return some_name(i); })
                           .column("surname", [](auto i) { return some_name(i + 1); });
    const FileReading r = read(made, {.roles = {{"xyz", Role::forename}, {"surname", Role::ignore}}});
    EXPECT_EQ(column(r, "xyz").role, Role::forename);
    EXPECT_EQ(column(r, "first_name").use, Use::ignored);
    EXPECT_EQ(column(r, "surname").use, Use::ignored);
    EXPECT_THAT(to_words(r), HasSubstr("xyz        → forename"));
}

}  // namespace
}  // namespace sendhub::identity::link
