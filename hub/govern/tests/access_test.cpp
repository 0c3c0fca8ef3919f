#include "hub/govern/access.hpp"

#include <gtest/gtest.h>

namespace sendhub::govern {
namespace {

Caller caller(std::vector<Role> roles, std::optional<std::vector<std::string>> datasets = std::nullopt) {
    return {"abcdefghij", std::move(roles), std::move(datasets)};
}

TEST(Access, EachRoleReadsItsLayersAndNoOther) {
    const struct {
        Role role;
        bool open, aggregate, case_, restricted;
    } table[] = {
        {Role::viewer, true, true, false, false},      {Role::analyst, true, true, true, false},
        {Role::caseworker, true, true, true, true},    {Role::data_steward, false, false, false, false},
        {Role::operator_, false, false, false, false}, {Role::engineer, false, false, false, false},
        {Role::admin, false, false, false, false},     {Role::auditor, false, false, false, false},
    };
    for (const auto& row : table) {
        const Caller who = caller({row.role});
        EXPECT_EQ(may_read(who, {"d", Layer::open, {}}), row.open) << to_string(row.role);
        EXPECT_EQ(may_read(who, {"d", Layer::aggregate, {}}), row.aggregate) << to_string(row.role);
        EXPECT_EQ(may_read(who, {"d", Layer::case_, {}}), row.case_) << to_string(row.role);
        EXPECT_EQ(may_read(who, {"d", Layer::restricted, {}}), row.restricted) << to_string(row.role);
    }
}

TEST(Access, ADatasetsOwnRolesNarrowIt) {
    const Role only_caseworker[] = {Role::caseworker};
    EXPECT_FALSE(may_read(caller({Role::analyst}), {"d", Layer::case_, only_caseworker}));
    EXPECT_TRUE(may_read(caller({Role::caseworker}), {"d", Layer::case_, only_caseworker}));
    const Role from_analyst[] = {Role::analyst};
    EXPECT_TRUE(may_read(caller({Role::caseworker}), {"d", Layer::case_, from_analyst}));
    // Listing a lower role never opens a higher layer.
    const Role viewer[] = {Role::viewer};
    EXPECT_FALSE(may_read(caller({Role::viewer}), {"d", Layer::restricted, viewer}));
}

TEST(Access, ADataStewardReadsOnlyWhatNamesTheRole) {
    const Role steward[] = {Role::data_steward};
    EXPECT_TRUE(may_read(caller({Role::data_steward}), {"d", Layer::case_, steward}));
    EXPECT_FALSE(may_read(caller({Role::data_steward}), {"d", Layer::restricted, steward}));
    const Role oper[] = {Role::operator_};
    EXPECT_FALSE(may_read(caller({Role::operator_}), {"d", Layer::open, oper}));
}

TEST(Access, AKeyMayBeNarrowedToDatasets) {
    const Caller who = caller({Role::analyst}, std::vector<std::string>{"cme_summary"});
    EXPECT_TRUE(may_read(who, {"cme_summary", Layer::aggregate, {}}));
    EXPECT_FALSE(may_read(who, {"ehe_summary", Layer::aggregate, {}}));
    EXPECT_FALSE(
        may_read(caller({Role::analyst}, std::vector<std::string>{}), {"cme_summary", Layer::aggregate, {}}));
}

TEST(Access, RightsBelongToTheirRoles) {
    EXPECT_TRUE(has_right(caller({Role::operator_}), Right::status));
    EXPECT_TRUE(has_right(caller({Role::operator_}), Right::metrics));
    EXPECT_FALSE(has_right(caller({Role::caseworker}), Right::status));
    EXPECT_FALSE(has_right(caller({Role::viewer}), Right::metrics));
    EXPECT_TRUE(has_right(caller({Role::admin}), Right::manage_keys));
    EXPECT_FALSE(has_right(caller({Role::admin}), Right::read_audit));
    EXPECT_TRUE(has_right(caller({Role::auditor}), Right::read_audit));
}

TEST(Access, NoKeyBothGrantsAccessAndReadsRestrictedData) {
    const Role both[] = {Role::admin, Role::caseworker};
    const Role auditor_and[] = {Role::auditor, Role::viewer};
    const Role fine[] = {Role::analyst, Role::operator_};
    EXPECT_FALSE(check_roles(both).has_value());
    EXPECT_FALSE(check_roles(auditor_and).has_value());
    EXPECT_FALSE(check_roles({}).has_value());
    EXPECT_TRUE(check_roles(fine).has_value());
    for (const Role reads : {Role::review, Role::person, Role::sealed}) {
        const Role with_admin[] = {Role::admin, reads};
        EXPECT_FALSE(check_roles(with_admin).has_value());
    }
    const Role officer[] = {Role::review, Role::person, Role::sealed};
    EXPECT_TRUE(check_roles(officer).has_value());
}

TEST(Access, ReviewPersonAndSealedAreRightsOfTheirOwn) {
    for (const Role role :
         {Role::viewer, Role::analyst, Role::caseworker, Role::data_steward, Role::operator_, Role::engineer,
          Role::admin, Role::auditor, Role::review, Role::person, Role::sealed}) {
        EXPECT_EQ(has_right(caller({role}), Right::review_cases), role == Role::review) << to_string(role);
        EXPECT_EQ(has_right(caller({role}), Right::read_people), role == Role::person) << to_string(role);
        EXPECT_EQ(has_right(caller({role}), Right::sealed_records), role == Role::sealed) << to_string(role);
    }
    for (const Role role : {Role::review, Role::person, Role::sealed})
        EXPECT_FALSE(may_read(caller({role}), {"d", Layer::open, {}})) << "no dataset comes with it";
}

}  // namespace
}  // namespace sendhub::govern
