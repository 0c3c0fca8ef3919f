// An identifier cell, classified: what it is, what it may prove, and what happened to it on the way.
#pragma once

#include <string>
#include <string_view>

#include "schemas/rules/identifiers.hpp"

namespace sendhub::tabular {

enum class IdKind { upn, uln, nhs_number };

enum class IdFault {
    none,
    exponent,      // 9.43E+09: the digits are gone; there is no value
    placeholder,   // 9999999999, 0000000000, UN1 … UN9: said to be unknown; there is no value
    wrong_column,  // fails here, but is a valid identifier of `looks_like`
    lost_zero,     // fails here, but would pass with a zero in front: a spreadsheet may have dropped it
    check_failed   // not of the form, or the check letter or digit is wrong
};

struct Identifier {
    std::string value;  // compact form; empty when there is none
    rules::IdState state = rules::IdState::invalid;
    IdFault fault = IdFault::none;
    IdKind looks_like = IdKind::upn;  // of wrong_column
    bool changed = false;             // value differs from the trimmed text
};

// text: trimmed, not empty.
Identifier classify_identifier(IdKind kind, std::string_view text);

std::string_view id_type(IdKind kind);   // UPN ULN NHS_NUMBER: codes of id_type
std::string_view id_title(IdKind kind);  // for sentences: "UPN", "ULN", "NHS number"

}  // namespace sendhub::tabular
