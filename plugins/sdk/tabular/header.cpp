#include "plugins/sdk/tabular/header.hpp"

#include <algorithm>

namespace sendhub::tabular {

Header::Header(std::span<const std::string_view> fields, std::uint64_t line) : line_(line) {
    for (const std::string_view field : fields) {
        names_.emplace_back(trim(field));
        folded_.push_back(fold(field));
    }
    while (!names_.empty() && names_.back().empty()) {  // delimiters after the last name are not columns
        names_.pop_back();
        folded_.pop_back();
    }
}

int Header::find(std::string_view name) const {
    const auto at = std::find(folded_.begin(), folded_.end(), fold(name));
    return at == folded_.end() ? -1 : static_cast<int>(at - folded_.begin());
}

int Header::find_any(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
        if (const int at = find(name); at >= 0) return at;
    return -1;
}

std::vector<std::string> Header::repeated() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < folded_.size(); ++i) {
        const bool second =
            std::count(folded_.begin(), folded_.begin() + static_cast<std::ptrdiff_t>(i), folded_[i]) == 1;
        if (second && !folded_[i].empty()) out.push_back(names_[i]);
    }
    return out;
}

std::string Header::list() const {
    std::string out;
    for (const std::string& name : names_) {
        if (!out.empty()) out += ", ";
        out += '"';
        out += first_characters(name, 60);
        out += '"';
    }
    return out;
}

std::optional<Header> find_header(CsvReader& csv, const std::function<std::size_t(const Header&)>& score,
                                  std::size_t max_rows) {
    const auto of_cells = [&](const std::vector<std::string_view>& cells) { return score(Header(cells, 0)); };
    if (!csv.find_header(of_cells, max_rows) || !csv.next()) return std::nullopt;
    std::optional<Header> out(std::in_place, csv.fields(), csv.line());
    std::vector<std::string> names;
    for (const std::string_view field : csv.fields()) names.emplace_back(trim(field));
    csv.table(names);
    return out;
}

std::optional<Header> find_header(CsvReader& csv, std::span<const std::string> wanted, std::size_t at_least,
                                  std::size_t max_rows) {
    std::vector<std::string> folded;
    for (const std::string& name : wanted) folded.push_back(fold(name));
    std::sort(folded.begin(), folded.end());
    folded.erase(std::unique(folded.begin(), folded.end()), folded.end());
    const auto score = [&](const Header& header) {
        const auto hits = static_cast<std::size_t>(std::count_if(
            folded.begin(), folded.end(), [&](const std::string& name) { return header.find(name) >= 0; }));
        return hits >= std::max<std::size_t>(at_least, 1) ? hits : 0;
    };
    return find_header(csv, score, max_rows);
}

}  // namespace sendhub::tabular
