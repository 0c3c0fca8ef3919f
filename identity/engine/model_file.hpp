// A trained model as text (JSON), to be kept and used again: weights, priors, frequencies by value. It holds
// names and how common they are, no record.
#pragma once

#include "identity/engine/engine.hpp"

namespace sendhub::identity {

std::string write_model(const Model& model, const Features& features, const Plan& plan);
// For records that were loaded with the same columns; refused when the comparisons are others.
Result<Model> read_model(std::string_view text, const Features& features, const Plan& plan);

}  // namespace sendhub::identity
