// The figures of a night's match (match_figure): what dataset match_figure and match_quality tell. The same
// records and model give the same figures, whether all pairs were compared tonight or few.
#pragma once

#include "hub/match/sample.hpp"

namespace sendhub::match {

Status write_figures(duck::Connection& store, const Tonight& tonight, const Sample& sample);

}  // namespace sendhub::match
