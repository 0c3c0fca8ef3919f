#include "plugins/sdk/tabular/header.hpp"

#include <algorithm>
#include <array>

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

std::optional<Header> find_header(CsvReader& csv, std::span<const std::string> wanted, std::size_t at_least,
                                  std::size_t max_rows) {
    std::vector<std::string> folded;
    for (const std::string& name : wanted) folded.push_back(fold(name));
    std::sort(folded.begin(), folded.end());
    folded.erase(std::unique(folded.begin(), folded.end()), folded.end());
    for (std::size_t row = 0; row < max_rows && csv.next(); ++row) {
        Header header(csv.fields(), csv.line());
        const auto hits = std::count_if(folded.begin(), folded.end(),
                                        [&](const std::string& name) { return header.find(name) >= 0; });
        if (static_cast<std::size_t>(hits) >= std::max<std::size_t>(at_least, 1)) return header;
    }
    return std::nullopt;
}

bool looks_like_total(std::span<const std::string_view> fields) {
    constexpr std::array<std::string_view, 10> words = {
        "total",   "grand total",       "totals",        "count",       "row count",
        "records", "number of records", "end of report", "end of file", "sum"};
    std::size_t filled = 0;
    std::string first;
    for (const std::string_view field : fields) {
        const std::string_view text = trim(field);
        if (text.empty()) continue;
        if (filled++ == 0) first = fold(text);
    }
    if (filled == 0 || filled > 4) return false;
    if (filled > 2 && filled * 2 > fields.size()) return false;
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        if (!first.starts_with(word)) return false;
        // `Total`, `Total: 41`, `Total 41`, `Total rows`, but no surname such as Totally.
        return first.size() == word.size() || !((first[word.size()] >= 'a' && first[word.size()] <= 'z') ||
                                                first[word.size()] == '\'' || first[word.size()] == '-');
    });
}

std::size_t surplus_values(std::span<const std::string_view> fields, std::size_t columns) {
    if (fields.size() <= columns) return 0;
    const auto rest = fields.subspan(columns);
    return static_cast<std::size_t>(
        std::count_if(rest.begin(), rest.end(), [](std::string_view field) { return !trim(field).empty(); }));
}

}  // namespace sendhub::tabular
