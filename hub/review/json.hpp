// What the command line prints with --json and the API answers: one form for both (docs/review.md).
#pragma once

#include <string>

#include "hub/review/find.hpp"
#include "hub/review/models.hpp"
#include "hub/review/person.hpp"
#include "hub/review/tasks.hpp"

namespace sendhub::review {

std::string to_json(const Queue& queue);
std::string to_json(const CaseView& view);
std::string to_json(const Outcome& outcome);
std::string to_json(const std::vector<DecisionRow>& decisions);
std::string to_json(const std::vector<Task>& tasks);
std::string to_json(const Quality& quality);
std::string to_json(const std::vector<ModelRow>& models);
std::string to_json(const PersonPage& page);
std::string to_json(const Hits& hits);

}  // namespace sendhub::review
