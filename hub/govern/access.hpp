// Who may read what. Deny by default: a role grants only what is written here.
//
//   viewer        datasets of the layers open and aggregate
//   analyst       also case
//   caseworker    also restricted (every read audited)
//   data_steward  case datasets and below that name the role in their own JSON
//   operator      status, runs, metrics; no data
//   engineer      status, runs, metrics; no data
//   admin         keys and status; no data
//   auditor       the audit log; no data
//   review        review cases and what was decided on them (every read audited)
//   person        one child at a time, for a reason (every read audited)
//   sealed        with review or person: sealed records, too; alone it grants nothing
//
// A dataset's own JSON may narrow its readers ("roles"); a key may be narrowed to named datasets. Nobody
// holds a role that hands out access together with one that reads restricted data (reference, section 11).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace sendhub::govern {

enum class Role {
    viewer,
    analyst,
    caseworker,
    data_steward,
    operator_,
    engineer,
    admin,
    auditor,
    review,
    person,
    sealed
};
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view name);
// "viewer, analyst, …": for messages.
std::string role_names();

enum class Layer { open, aggregate, case_, restricted };
std::string_view to_string(Layer layer);
std::optional<Layer> parse_layer(std::string_view name);

enum class Right { status, metrics, manage_keys, read_audit, review_cases, read_people, sealed_records };

// Somebody whose key was checked. id is the key's public part: it may be logged.
struct Caller {
    std::string id;
    std::vector<Role> roles;
    std::optional<std::vector<std::string>> datasets;  // none: all that the roles allow
};

// What access needs to know of a dataset. roles empty: not narrowed.
struct DatasetPolicy {
    std::string_view name;
    Layer layer = Layer::restricted;
    std::span<const Role> roles;
};

[[nodiscard]] bool may_read(const Caller& caller, const DatasetPolicy& dataset);
[[nodiscard]] bool has_right(const Caller& caller, Right right);
// Refuses an empty list and combinations that break the separation of duties.
[[nodiscard]] Status check_roles(std::span<const Role> roles);

}  // namespace sendhub::govern
