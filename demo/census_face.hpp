// What a school's system holds of one pupil in one return: the same for the XML and for the COLLECT tables.
#pragma once

#include <string>

#include "demo/county_model.hpp"
#include "demo/shared_with_people.hpp"
#include "demo/truth.hpp"

namespace sendhub::demo {

inline std::string census_upn(const County& county, const Enrolment& enrolment) {
    if (enrolment.upn_of != nobody) return county.children[enrolment.upn_of].upn;
    const std::string& upn = county.children[enrolment.child].upn;
    return enrolment.upn_mistyped ? mistype_upn(upn) : upn;
}
inline Day census_birth(const County& county, const Enrolment& e) {
    return e.flaw == Flaw::birth_in_future ? census_day + 240 : county.children[e.child].born;
}
inline Day census_entry(const Enrolment& e) {
    return e.flaw == Flaw::entry_too_late ? census_day + 18 : e.entry;
}
inline Day census_leaving(const Enrolment& e) {
    return e.flaw == Flaw::left_before_entry ? e.entry - 30 : e.leaving;
}

// Notes the pupil and what is wrong with it. ordinal: as README.md says.
void note_pupil(const County& county, const Enrolment& enrolment, const School& school, std::string_view file,
                std::uint64_t ordinal, Truth& truth);

}  // namespace sendhub::demo
