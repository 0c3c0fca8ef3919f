#include <algorithm>

#include "hub/publish/dataset.hpp"
#include "hub/publish/text_form.hpp"

namespace sendhub::publish {
namespace {

template <class Range>
std::string listed(const Range& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "`" : ", `") + std::string(name) + "`";
    return out.empty() ? "none" : out;
}

std::string type_of(const DatasetField& field) {
    return field.type == "decimal"
               ? "decimal(" + std::to_string(field.precision) + "," + std::to_string(field.scale) + ")"
               : field.type;
}

}  // namespace

std::string reference_page(std::span<const Dataset> datasets) {
    std::vector<const Dataset*> sorted;
    for (const Dataset& dataset : datasets) sorted.push_back(&dataset);
    std::ranges::sort(sorted, {}, [](const Dataset* d) { return d->name; });
    std::string out = "# Published datasets\n\n" + std::string(shipped_text("datasets_intro.md")) +
                      "\n| dataset | layer | one row is | title |\n| --- | --- | --- | --- |\n";
    for (const Dataset* d : sorted)
        out += "| [`" + d->name + "`](#" + d->name + ") | " + d->layer + " | " + d->grain + " | " + d->title +
               " |\n";
    for (const Dataset* d : sorted) {
        out += "\n## " + d->name + "\n\n" + d->title + ". " + d->purpose + "\n\n";
        out += "- Layer: " + d->layer + "; roles: " + listed(d->roles) + "; profile: `" + d->profile + "`\n";
        out +=
            "- One row is: " + d->grain + "; key: " + listed(d->key) + "\n- Made from: " + listed(d->sources);
        if (d->reads == std::vector<std::string>{"*"})
            out += "; built after all the others";
        else if (!d->reads.empty())
            out += "; reads the datasets " + listed(d->reads);
        out += "\n";
        if (d->may_shrink) out += "- May rightly shrink in a night: the collapse check leaves it out\n";
        if (d->tells_of_runs)
            out += "- Tells of the hub's own runs: a change of it alone makes no new version\n";
        out += "\n| field | type | empty? | meaning |\n| --- | --- | --- | --- |\n";
        for (const DatasetField& f : d->fields) {
            std::string meaning = f.title + ".";
            if (!f.description.empty()) meaning += " " + f.description;
            if (!f.codes.empty()) meaning += " Codes: [" + f.codes + "](records.md#codes-" + f.codes + ").";
            if (!f.values.empty()) meaning += " One of " + listed(f.values) + ".";
            if (const TextForm* form = find_text_form(f.form))
                meaning += (f.values.empty() ? " It is " : " Or ") + std::string(form->meaning) + ".";
            out += "| `" + f.name + "` | " + type_of(f) + " | " + (f.nullable ? "may be" : "") + " | " +
                   meaning + " |\n";
        }
        if (!d->tests.empty()) {
            out += "\nChecked at every build, besides types, key and codes:\n\n";
            for (const DatasetTest& test : d->tests)
                out += "- `" + test.name + "` stops the publication when there are rows with " +
                       test.sentence + "\n";
        }
    }
    return out;
}

}  // namespace sendhub::publish
