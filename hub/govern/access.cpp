#include "hub/govern/access.hpp"

#include <algorithm>
#include <array>

namespace sendhub::govern {
namespace {

struct RoleName {
    Role role;
    std::string_view name;
};
constexpr std::array<RoleName, 11> kRoles{{{Role::viewer, "viewer"},
                                           {Role::analyst, "analyst"},
                                           {Role::caseworker, "caseworker"},
                                           {Role::data_steward, "data_steward"},
                                           {Role::operator_, "operator"},
                                           {Role::engineer, "engineer"},
                                           {Role::admin, "admin"},
                                           {Role::auditor, "auditor"},
                                           {Role::review, "review"},
                                           {Role::person, "person"},
                                           {Role::sealed, "sealed"}}};

struct LayerName {
    Layer layer;
    std::string_view name;
};
constexpr std::array<LayerName, 4> kLayers{{{Layer::open, "open"},
                                            {Layer::aggregate, "aggregate"},
                                            {Layer::case_, "case"},
                                            {Layer::restricted, "restricted"}}};

// The reading roles contain one another; 0 for roles that read no data of their own.
int reading_rank(Role role) {
    switch (role) {
        case Role::viewer:
            return 1;
        case Role::analyst:
            return 2;
        case Role::caseworker:
            return 3;
        default:
            return 0;
    }
}

int rank_needed(Layer layer) {
    switch (layer) {
        case Layer::open:
        case Layer::aggregate:
            return 1;
        case Layer::case_:
            return 2;
        case Layer::restricted:
            break;
    }
    return 3;
}

bool role_reads(Role role, const DatasetPolicy& dataset) {
    const int rank = reading_rank(role);
    if (rank > 0) {
        if (rank < rank_needed(dataset.layer)) return false;
        return dataset.roles.empty() || std::ranges::any_of(dataset.roles, [&](Role listed) {
                   return listed == role || (reading_rank(listed) > 0 && reading_rank(listed) <= rank);
               });
    }
    return role == Role::data_steward && dataset.layer != Layer::restricted &&
           std::ranges::find(dataset.roles, role) != dataset.roles.end();
}

bool role_grants(Role role, Right right) {
    switch (right) {
        case Right::status:
            return role == Role::operator_ || role == Role::engineer || role == Role::admin;
        case Right::metrics:
            return role == Role::operator_ || role == Role::engineer;
        case Right::manage_keys:
            return role == Role::admin;
        case Right::read_audit:
            return role == Role::auditor;
        case Right::review_cases:
            return role == Role::review;
        case Right::read_people:
            return role == Role::person;
        case Right::sealed_records:
            return role == Role::sealed;
    }
    return false;
}

}  // namespace

std::string_view to_string(Role role) {
    for (const auto& entry : kRoles)
        if (entry.role == role) return entry.name;
    return "unknown";
}

std::optional<Role> parse_role(std::string_view name) {
    for (const auto& entry : kRoles)
        if (entry.name == name) return entry.role;
    return std::nullopt;
}

std::string role_names() {
    std::string names;
    for (const auto& entry : kRoles) {
        if (!names.empty()) names += ", ";
        names += entry.name;
    }
    return names;
}

std::string_view to_string(Layer layer) {
    for (const auto& entry : kLayers)
        if (entry.layer == layer) return entry.name;
    return "unknown";
}

std::optional<Layer> parse_layer(std::string_view name) {
    for (const auto& entry : kLayers)
        if (entry.name == name) return entry.layer;
    return std::nullopt;
}

bool may_read(const Caller& caller, const DatasetPolicy& dataset) {
    if (caller.datasets && std::ranges::find(*caller.datasets, dataset.name) == caller.datasets->end())
        return false;
    return std::ranges::any_of(caller.roles, [&](Role role) { return role_reads(role, dataset); });
}

bool has_right(const Caller& caller, Right right) {
    return std::ranges::any_of(caller.roles, [&](Role role) { return role_grants(role, right); });
}

Status check_roles(std::span<const Role> roles) {
    if (roles.empty()) return fail(ErrorCode::usage, "a key needs at least one role: " + role_names());
    const auto holds = [&](Role role) { return std::ranges::find(roles, role) != roles.end(); };
    if (holds(Role::admin) && holds(Role::caseworker))
        return fail(
            ErrorCode::usage,
            "admin and caseworker cannot be one key: whoever hands out access may not read restricted "
            "data with it; make two keys");
    if (holds(Role::admin) && (holds(Role::review) || holds(Role::person) || holds(Role::sealed)))
        return fail(ErrorCode::usage,
                    "admin and review, person or sealed cannot be one key: whoever hands out access may not "
                    "read about children with it; make two keys");
    if (holds(Role::auditor) && roles.size() > 1)
        return fail(ErrorCode::usage,
                    "auditor stands alone: whoever checks the audit log has no other role; make two keys");
    return {};
}

}  // namespace sendhub::govern
