// What a run left out, rejected or fell back on, in sentences; nothing is lost in silence.
#pragma once

#include "identity/engine/engine.hpp"

namespace sendhub::identity::link {

std::vector<std::string> notes_of(const Engine& engine, const Clusters& clusters);

}  // namespace sendhub::identity::link
