// Compulsory school age in England.
#pragma once

#include <sendhub/values.hpp>

namespace sendhub::missing_education {

// From the term start (1 January, 1 April, 1 September) on or after the fifth birthday to the last Friday in
// June of the school year (September to August) in which the child turns 16.
bool of_compulsory_school_age(sdk::Date birth, sdk::Date day);

}  // namespace sendhub::missing_education
