// One function a feed: its files in the form its sender uses. Each gives back the number of rows as sent.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "demo/county_model.hpp"
#include "demo/output.hpp"
#include "demo/truth.hpp"

namespace sendhub::demo {

using Rows = std::expected<std::uint64_t, std::string>;

Rows write_schools(const County& county, Output& output);
Rows write_census_xml(const County& county, Output& output, Truth& truth);
Rows write_collect_zip(const County& county, Output& output, Truth& truth);
Rows write_cme(const County& county, Output& output, Truth& truth);
Rows write_ehe(const County& county, Output& output, Truth& truth);
Rows write_off_roll(const County& county, Output& output, Truth& truth);
Rows write_part_time(const County& county, Output& output, Truth& truth);
Rows write_moves(const County& county, Output& output, Truth& truth);
Rows write_health_advice(const County& county, Output& output, Truth& truth);
Rows write_youth_justice(const County& county, Output& output, Truth& truth);

}  // namespace sendhub::demo
