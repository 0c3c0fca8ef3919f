#include "identity/link/link_settings.hpp"

#include <toml++/toml.h>

#include <array>

#include "base/files.hpp"
#include "base/nearest.hpp"
#include "identity/text/address_postcode.hpp"
#include "plugins/sdk/tabular/table_scan.hpp"

namespace sendhub::identity::link {
namespace {

// Takes the value, or says what it should be.
using Taken = std::optional<std::string>;

template <class Number>
Taken whole(const toml::node& node, std::int64_t least, std::int64_t most, std::optional<Number>& out) {
    const auto* number = node.as_integer();
    if (number == nullptr || number->get() < least || number->get() > most)
        return "is a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    out = static_cast<Number>(number->get());
    return {};
}

Taken bits(const toml::node& node, std::optional<double>& out) {
    const auto value = node.value<double>();
    if ((!node.is_floating_point() && !node.is_integer()) || !value || !(*value >= -30 && *value <= 100))
        return "is a number of bits from -30 to 100";
    out = *value;
    return {};
}

Taken text(const toml::node& node, std::string& out) {
    const auto* value = node.as_string();
    if (value == nullptr || value->get().empty()) return "is a text in quotes";
    out = value->get();
    return {};
}

Taken texts(const toml::node& node, std::vector<std::string>& out) {
    if (const auto* one = node.as_string()) {
        out = {one->get()};
        return {};
    }
    const auto* list = node.as_array();
    if (list == nullptr) return "is a text in quotes, or a list of them";
    for (const auto& item : *list) {
        const auto* one = item.as_string();
        if (one == nullptr) return "is a list of texts in quotes";
        out.push_back(one->get());
    }
    return {};
}

struct Key {
    std::string_view name, type, unset, meaning;
    Taken (*take)(LinkSettings&, const toml::node&);
};

constexpr auto keys = std::to_array<Key>({
    {"id", "text, or a list of texts", "found",
     "Column that holds the id of a record; of several files one for all, or one a file.",
     [](LinkSettings& s, const toml::node& n) { return texts(n, s.ids); }},
    {"source", "text", "found", "Of a single file: the column that says which source a record is from.",
     [](LinkSettings& s, const toml::node& n) { return text(n, s.source); }},
    {"purpose", "`statistics` or `operational`", "`statistics`",
     "What the result is for; it chooses thresholds and rules.",
     [](LinkSettings& s, const toml::node& n) -> Taken {
         const auto* value = n.as_string();
         if (value != nullptr) s.purpose = purpose_named(value->get());
         if (!s.purpose) return "is \"statistics\" or \"operational\"";
         return {};
     }},
    {"automatic", "bits", "by purpose",
     "Weight at and above which two records are joined when nothing speaks against it.",
     [](LinkSettings& s, const toml::node& n) { return bits(n, s.automatic); }},
    {"review", "bits", "0", "Weight from which a pair that was not joined is told as a case for a person.",
     [](LinkSettings& s, const toml::node& n) { return bits(n, s.review); }},
    {"max_cluster", "whole number", "by purpose", "Records that one person may have at most.",
     [](LinkSettings& s, const toml::node& n) { return whole(n, 2, 100'000, s.max_cluster); }},
    {"institutional_postcodes", "list of texts", "none",
     "Postcodes of homes, hospitals, hostels and offices: that two records share one proves nothing.",
     [](LinkSettings& s, const toml::node& n) -> Taken {
         std::vector<std::string> given;
         if (auto wrong = texts(n, given)) return wrong;
         for (const std::string& raw : given) {
             text::Postcode postcode;
             text::standard_postcode(raw, postcode);
             if (!postcode.valid) return "holds " + raw + ", which has not the form of a postcode";
             s.institutional_postcodes.push_back(postcode.text);
         }
         return {};
     }},
    {"seed", "whole number", "1", "Of the random pairs that the model is trained on.",
     [](LinkSettings& s, const toml::node& n) { return whole(n, 0, INT64_MAX, s.seed); }},
    {"threads", "whole number", "one a core", "Threads to work with; the result does not depend on it.",
     [](LinkSettings& s, const toml::node& n) { return whole(n, 1, 256, s.threads); }},
    {"delimiter", "text", "found",
     "What separates the cells of a CSV file: `comma`, `semicolon`, `tab`, `pipe`, `tilde`, `caret`, or the "
     "character itself.",
     [](LinkSettings& s, const toml::node& n) -> Taken {
         const auto* value = n.as_string();
         s.delimiter = value == nullptr ? std::nullopt : tabular::delimiter_by_name(value->get());
         if (!s.delimiter)
             return "is comma, semicolon, tab, pipe, tilde, caret, or one character that is not a letter, "
                    "digit, "
                    "blank, point or quotation mark";
         return {};
     }},
    {"header_row", "whole number", "the first row",
     "Line of a CSV file on which the names of the columns are.",
     [](LinkSettings& s, const toml::node& n) { return whole(n, 1, 1000, s.header_row); }},
    {"columns", "table", "found",
     "What a column is, where it is not found or found wrongly: `\"Column\" = \"role\"`.", nullptr},
});

class Loader {
  public:
    explicit Loader(const std::string& name) : name_(name) {}

    Result<LinkSettings> run(std::string_view toml_text) {
        try {
            const toml::table root = toml::parse(toml_text, name_);
            for (const auto& [key, node] : root) take(key, node);
            if (settings_.automatic && settings_.review && *settings_.review > *settings_.automatic)
                fault(root.get("review")->source(),
                      "review is above automatic: no pair would wait for a person");
        } catch (const toml::parse_error& e) {
            fault(e.source(), std::string(e.description()));
        }
        if (!faults_.empty()) return fail(ErrorCode::settings, faults_);
        return std::move(settings_);
    }

  private:
    void take(const toml::key& key, const toml::node& node) {
        for (const Key& known : keys) {
            if (known.name != key.str()) continue;
            if (known.take == nullptr) return columns(node);
            if (const Taken wrong = known.take(settings_, node))
                fault(node.source(), std::string(known.name) + " " + *wrong);
            return;
        }
        std::vector<std::string_view> names;
        for (const Key& known : keys) names.push_back(known.name);
        fault(key.source(), "there is no key " + std::string(key.str()) + nearest_hint(key.str(), names));
    }

    void columns(const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) return fault(node.source(), "columns is a table: \"Column\" = \"role\"");
        const auto names = role_names();
        for (const auto& [column, value] : *table) {
            const auto* text = value.as_string();
            const auto role = text == nullptr ? std::nullopt : role_named(text->get());
            if (role)
                settings_.columns.emplace_back(column.str(), *role);
            else if (text == nullptr)
                fault(value.source(), "the role of a column is a text in quotes");
            else
                fault(value.source(), "there is no role " + text->get() + nearest_hint(text->get(), names));
        }
    }

    void fault(const toml::source_region& at, std::string sentence) {
        faults_ += (faults_.empty() ? "" : "\n") + name_ + ":" + std::to_string(at.begin.line) + ":" +
                   std::to_string(at.begin.column) + ": " + sentence;
    }

    const std::string& name_;
    LinkSettings settings_;
    std::string faults_;
};

}  // namespace

std::vector<std::string_view> role_names() {
    std::vector<std::string_view> names;
    for (int r = 0; r <= static_cast<int>(Role::ignore); ++r)
        names.push_back(to_string(static_cast<Role>(r)));
    return names;
}

Result<std::pair<std::string, Role>> parse_map(std::string_view text) {
    const auto at = text.rfind('=');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size())
        return fail(ErrorCode::usage, "--map takes COLUMN=ROLE, such as --map \"Given name=forename\"");
    const std::string_view role = text.substr(at + 1);
    if (const auto known = role_named(role)) return std::pair{std::string(text.substr(0, at)), *known};
    const auto names = role_names();
    std::string hint = nearest_hint(role, names);
    if (hint.empty()) {
        hint = "; the roles are ";
        for (const std::string_view name : names)
            hint += std::string(name) + (name == names.back() ? "" : ", ");
    }
    return fail(ErrorCode::usage, "--map: there is no role " + std::string(role) + hint);
}

Result<LinkSettings> parse_link_settings(std::string_view toml_text, const std::string& name) {
    return Loader(name).run(toml_text);
}

Result<LinkSettings> read_link_settings(const std::filesystem::path& path) {
    SENDHUB_ASSIGN(const std::string text, read_file(path));
    return parse_link_settings(text, path.string());
}

std::string link_settings_reference() {
    std::string out = "| key | value | not set | meaning |\n| --- | --- | --- | --- |\n";
    for (const Key& key : keys)
        out += "| `" + std::string(key.name) + "` | " + std::string(key.type) + " | " +
               std::string(key.unset) + " | " + std::string(key.meaning) + " |\n";
    return out;
}

}  // namespace sendhub::identity::link
