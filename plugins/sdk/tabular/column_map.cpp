#include "plugins/sdk/tabular/column_map.hpp"

#include <algorithm>

namespace sendhub::tabular {
namespace {

// Edits between two words; two neighbours swapped are one edit.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min(
                {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.size()][b.size()];
}

std::string_view without_code(std::string_view name) {
    return name.ends_with("_code") ? name.substr(0, name.size() - 5) : name;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> names) {
    if (const std::string_view near = nearest(name, names); !near.empty())
        return "; did you mean " + std::string(near) + "?";
    std::string all = "; there are ";
    for (std::size_t i = 0; i < names.size(); ++i) all += (i ? ", " : "") + std::string(names[i]);
    return all;
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> names) {
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string_view candidate : names)
        if (const std::size_t d = distance(name, candidate); d < least) {
            least = d;
            best = candidate;
        }
    return best;
}

ColumnMap::ColumnMap(const sdk::Host& host, std::vector<FieldSpec> fields, Defaults defaults)
    : fields_(std::move(fields)),
      told_(fields_.size()),
      headers_(fields_.size()),
      values_(fields_.size()),
      fallback_(fields_.size()) {
    read_columns(host, defaults);
    read_values(host);
}

int ColumnMap::find(std::string_view name) const {
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].name == name || without_code(fields_[i].name) == name) return static_cast<int>(i);
    return -1;
}

void ColumnMap::unknown_field(std::string_view setting, std::string_view name) const {
    std::vector<std::string_view> names;
    names.reserve(fields_.size());
    for (const FieldSpec& field : fields_) names.push_back(without_code(field.name));
    throw sdk::BadSettings("settings." + std::string(setting) + " names the field \"" + std::string(name) +
                           "\", which this connector does not have" + did_you_mean(name, names));
}

void ColumnMap::read_columns(const sdk::Host& host, Defaults defaults) {
    const auto table = host.setting_table("columns");
    for (const auto& [name, header] : table) {
        const int field = find(name);
        if (field < 0) unknown_field("columns", name);
        Told& told = told_[static_cast<std::size_t>(field)];
        if (told.given)
            throw sdk::BadSettings("settings.columns names the field \"" +
                                   fields_[static_cast<std::size_t>(field)].name +
                                   "\" twice, with and without _code");
        told = {true, std::string(trim(header))};
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (told_[i].given) {
            if (told_[i].wanted()) headers_[i] = {told_[i].header};
        } else if (table.empty() || defaults == Defaults::beside_map) {
            headers_[i] = fields_[i].headers;
        }
    }
}

void ColumnMap::read_values(const sdk::Host& host) {
    for (const auto& [key, code] : host.setting_table("values")) {
        const auto point = key.find('.');
        const std::string_view name = std::string_view(key).substr(0, point);
        const int found = find(name);
        if (found < 0) unknown_field("values", name);
        const auto field = static_cast<std::size_t>(found);
        if (point == std::string::npos || point + 1 == key.size())
            throw sdk::BadSettings("settings.values has \"" + key + "\" without a text; write \"" + key +
                                   ".text of the source\" = \"code\"");
        const schema::CodeSet* codes = fields_[field].codes;
        if (codes && !codes->has(code)) {
            std::vector<std::string_view> all;
            for (const schema::Code& c : codes->codes) all.push_back(c.value);
            throw sdk::BadSettings("settings.values gives \"" + key + "\" the code \"" + code +
                                   "\", which is not in the code set " + std::string(codes->name) +
                                   did_you_mean(code, all));
        }
        const std::string text = fold(std::string_view(key).substr(point + 1));
        if (text == "_")
            fallback_[field] = code;
        else
            values_[field][text] = code;
    }
}

ColumnMap::Bound ColumnMap::bind(CsvReader& csv) const {
    std::vector<std::string> wanted;
    std::size_t told = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        wanted.insert(wanted.end(), headers_[i].begin(), headers_[i].end());
        if (told_[i].wanted()) ++told;
    }
    // A row of data must not pass for the header: half of the mapped names, or two of the usual ones.
    const std::size_t hits = told > 0 ? (told + 1) / 2 : std::min<std::size_t>(2, wanted.size());
    const auto header = find_header(csv, wanted, hits);
    if (!header) {
        std::string some;
        for (std::size_t i = 0; i < wanted.size() && i < 12; ++i)
            some += (i ? ", \"" : "\"") + wanted[i] + "\"";
        throw sdk::FileRefused("none of the first rows is the header: looked for " + some +
                               (wanted.size() > 12 ? ", …" : "") +
                               "; check settings.columns, the delimiter and that this is the right file");
    }
    Bound out{*header, std::vector<int>(fields_.size(), -1), {}};
    std::string missing;
    const auto repeated = header->repeated();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        for (const std::string& name : headers_[i]) {
            out.columns[i] = header->find(name);
            if (out.columns[i] < 0) continue;
            if (std::any_of(repeated.begin(), repeated.end(),
                            [&](const std::string& r) { return fold(r) == fold(name); }))
                out.repeated.push_back(name);
            break;
        }
        if (out.columns[i] < 0 && told_[i].wanted())
            missing +=
                (missing.empty() ? "\"" : ", \"") + told_[i].header + "\" (for " + fields_[i].name + ")";
    }
    if (!missing.empty())
        throw sdk::FileRefused("the header on line " + std::to_string(header->line()) + " lacks " + missing +
                               "; it has " + header->list() +
                               "; correct settings.columns or ask the sender for the missing columns");
    return out;
}

std::optional<std::string_view> ColumnMap::mapped(std::size_t field, std::string_view text) const {
    if (values_[field].empty()) return std::nullopt;
    const auto at = values_[field].find(fold(text));
    return at == values_[field].end() ? std::nullopt : std::optional<std::string_view>(at->second);
}

std::optional<std::string_view> ColumnMap::fallback(std::size_t field) const {
    const std::optional<std::string>& told = fallback_[field];
    if (!told) return std::nullopt;
    return *told;
}

std::optional<std::string_view> ColumnMap::code(std::size_t field, std::string_view text) const {
    const std::string folded = fold(text);
    if (const auto at = values_[field].find(folded); at != values_[field].end()) return at->second;
    const FieldSpec& spec = fields_[field];
    if (spec.codes)
        for (const schema::Code& code : spec.codes->codes)
            if (fold(code.value) == folded || fold(code.label) == folded) return code.value;
    for (const Synonym& synonym : spec.synonyms)
        if (synonym.text == folded) return synonym.code;
    return fallback(field);
}

}  // namespace sendhub::tabular
