#include "plugins/sdk/tabular/identifier.hpp"

#include <algorithm>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {
namespace {

rules::IdState state_of(IdKind kind, std::string_view value) {
    switch (kind) {
        case IdKind::upn:
            return rules::upn_state(value);
        case IdKind::uln:
            return rules::uln_state(value);
        case IdKind::nhs_number:
            return rules::nhs_number_state(value);
    }
    return rules::IdState::invalid;
}

bool placeholder(IdKind kind, std::string_view value) {
    if (kind == IdKind::upn && value.size() == 3 && value.starts_with("UN") && rules::is_digit(value[2]))
        return true;
    const bool same = std::all_of(value.begin(), value.end(), [&](char c) { return c == value[0]; });
    return same && (value[0] == '0' || value[0] == '9' || value[0] == 'X');
}

}  // namespace

Identifier classify_identifier(IdKind kind, std::string_view text) {
    Identifier out;
    text = trim(text);
    out.value = rules::compact_identifier(text);
    if (out.value.empty() && text.find_first_of("123456789") != std::string_view::npos) {
        out.fault = IdFault::exponent;
        return out;
    }
    if (out.value.empty() || placeholder(kind, out.value)) {
        out.value.clear();
        out.fault = IdFault::placeholder;
        return out;
    }
    out.changed = out.value != text;
    out.state = state_of(kind, out.value);
    if (out.state != rules::IdState::invalid) return out;
    out.fault = IdFault::check_failed;
    for (const IdKind other : {IdKind::upn, IdKind::uln, IdKind::nhs_number})
        if (other != kind && state_of(other, out.value) == rules::IdState::valid) {
            out.fault = IdFault::wrong_column;
            out.looks_like = other;
            return out;
        }
    if (state_of(kind, "0" + out.value) == rules::IdState::valid) out.fault = IdFault::lost_zero;
    return out;
}

std::string_view id_type(IdKind kind) {
    return kind == IdKind::upn ? "UPN" : kind == IdKind::uln ? "ULN" : "NHS_NUMBER";
}
std::string_view id_title(IdKind kind) {
    return kind == IdKind::upn ? "UPN" : kind == IdKind::uln ? "ULN" : "NHS number";
}

}  // namespace sendhub::tabular
