// What a run left out, rejected or fell back on, in sentences; nothing is lost in silence.
#pragma once

#include "hub/match/engine/engine.hpp"

namespace sendhub::match::link {

std::vector<std::string> notes_of(const Engine& engine, const Clusters& clusters);

}  // namespace sendhub::match::link
