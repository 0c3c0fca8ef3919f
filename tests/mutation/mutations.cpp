#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {

bool pick_row(const Document& d, Rng& rng, std::size_t& row) {
    for (int tries = 0; tries < 20; ++tries) {
        row = rng.below(static_cast<std::uint32_t>(d.rows.size()));
        if (!d.rows[row].touched) return true;
    }
    return false;
}

bool pick_cell(const Document& d, Rng& rng, const std::function<bool(const Column&, const Cell&)>& fits,
               At& at) {
    for (int tries = 0; tries < 60; ++tries) {
        at.row = rng.below(static_cast<std::uint32_t>(d.rows.size()));
        at.column = rng.below(static_cast<std::uint32_t>(d.columns.size()));
        if (!d.rows[at.row].touched && d.columns[at.column].kind != Kind::fixed &&
            fits(d.columns[at.column], d.rows[at.row].cells[at.column]))
            return true;
    }
    return false;
}

Cell& cell_at(Document& d, At at) { return d.rows[at.row].cells[at.column]; }

Cell& touch(Document& d, At at, const std::string& story) {
    d.rows[at.row].touched = true;
    d.story.push_back("row " + std::to_string(at.row + 1) + ", " + d.columns[at.column].header + ": " +
                      story);
    return cell_at(d, at);
}

Row& touch_row(Document& d, std::size_t row, const std::string& story) {
    d.rows[row].touched = true;
    d.story.push_back("row " + std::to_string(row + 1) + ": " + story);
    return d.rows[row];
}

std::vector<Meaning> itself_or(Kind kind, const std::string& truth, const std::string& as_it_stands) {
    if (kind == Kind::not_read) return {{"", false}};
    if (is_key(kind)) return {{truth, false}};
    if (is_text(kind)) return {{truth, false}, {as_it_stands, false}};
    return {{truth, false}, {"", true}};
}
std::vector<Meaning> itself_or_nothing(Kind kind, const std::string& truth) {
    if (kind == Kind::not_read) return {{"", false}};
    if (is_key(kind)) return {{truth, false}};
    return {{truth, false}, {"", true}};
}

const std::vector<Mutation>& mutations_of(const Feed& feed) {
    const auto all = [](auto... makers) {
        std::vector<Mutation> out;
        for (auto make : {makers...})
            for (Mutation& mutation : make()) out.push_back(std::move(mutation));
        return out;
    };
    static const std::vector<Mutation> csv =
        all(quote_mutations, separator_mutations, line_mutations, encoding_mutations, value_mutations);
    static const std::vector<Mutation> xml = all(xml_mutations, value_mutations);
    return feed.xml ? xml : csv;
}

}  // namespace sendhub::mutation
