// The documents that describe the service: service document and $metadata (CSDL 4.0, as XML and as JSON).
// Both show only the datasets that are handed in: what the caller may read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/serve/odata/rows_json.hpp"
#include "hub/serve/publication.hpp"

namespace sendhub::serve::odata {

// service_url ends with a slash.
std::string service_document(const std::vector<const Dataset*>& datasets, std::string_view service_url,
                             JsonStyle style);
std::string metadata_xml(const std::vector<const Dataset*>& datasets);
std::string metadata_json(const std::vector<const Dataset*>& datasets);
std::string_view edm_type(FieldType type);

}  // namespace sendhub::serve::odata
