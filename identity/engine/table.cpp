#include "identity/engine/table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sendhub::identity {
namespace {

constexpr auto roles = std::to_array<std::pair<Role, std::string_view>>({
    {Role::forename, "forename"},
    {Role::known_forename, "known_forename"},
    {Role::middle_names, "middle_names"},
    {Role::surname, "surname"},
    {Role::known_surname, "known_surname"},
    {Role::former_surname, "former_surname"},
    {Role::full_name, "full_name"},
    {Role::birth_date, "birth_date"},
    {Role::birth_year, "birth_year"},
    {Role::sex, "sex"},
    {Role::postcode, "postcode"},
    {Role::previous_postcode, "previous_postcode"},
    {Role::uprn, "uprn"},
    {Role::house, "house"},
    {Role::street, "street"},
    {Role::locality, "locality"},
    {Role::region, "region"},
    {Role::upn, "upn"},
    {Role::former_upn, "former_upn"},
    {Role::nhs_number, "nhs_number"},
    {Role::nhs_status, "nhs_status"},
    {Role::uln, "uln"},
    {Role::identifier, "identifier"},
    {Role::email, "email"},
    {Role::phone, "phone"},
    {Role::school, "school"},
    {Role::death_date, "death_date"},
    {Role::active_date, "active_date"},
    {Role::text, "text"},
    {Role::category, "category"},
    {Role::number, "number"},
    {Role::ignore, "ignore"},
});

}  // namespace

void TextColumn::append(const TextColumn& other) {
    const std::size_t before = bytes_.size(), texts = ends_.size();
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
    if (bytes_.size() >> 32 == 0) {
        ends_.insert(ends_.end(), other.ends_.begin(), other.ends_.end());
        for (std::size_t i = texts; i < ends_.size(); ++i) ends_[i] += static_cast<std::uint32_t>(before);
        return;
    }
    for (std::size_t i = 0; i < other.size(); ++i) end_at(before + other.end_of(i));
}

void TextColumn::wrap(std::size_t end) {
    while (end >> 32 > wraps_.size()) wraps_.push_back(ends_.size());
}

std::size_t TextColumn::upper(std::size_t i) const {
    return static_cast<std::size_t>(std::upper_bound(wraps_.begin(), wraps_.end(), i) - wraps_.begin());
}

std::string_view to_string(Role role) {
    for (const auto& [value, name] : roles)
        if (value == role) return name;
    return "";
}

std::optional<Role> role_named(std::string_view name) {
    for (const auto& [value, known] : roles)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace sendhub::identity
