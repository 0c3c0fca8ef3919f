// What a text that leaves the restricted layer may hold. Feeds bring free text, and free text may name a
// child, so a field of the layers case, aggregate and open says what each of its values is: a code of a code
// set
// ("codes"), one of a few words ("values"), or a text of a known form ("form"). The build checks every value;
// one that does not fit is left out and counted (hub_left_out), so that one odd value stops no night.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/duckdb.hpp"
#include "hub/publish/dataset.hpp"

namespace sendhub::publish {

struct TextForm {
    std::string_view name;
    std::string_view meaning;
    std::string_view condition;  // SQL over a text that is not null; {} stands for it
    bool only_shipped = false;  // trusts where the text comes from, so a council's own dataset may not use it
};
std::span<const TextForm> text_forms();
const TextForm* find_text_form(std::string_view name);

// True when the field needs no declaration: not a text, or of the restricted layer.
bool may_hold_anything(const Dataset& dataset, const DatasetField& field);
// SQL that is true where the expression fits what the field declares; empty where nothing is declared.
std::string fits_sql(const DatasetField& field, const std::string& expression);

// Empties, in the table that a dataset's SQL yielded, each value that does not fit, and adds how many there
// were to hub_left_out(dataset, field, feed, left_out_count). A field that must not be empty is not touched:
// the sentence says that the dataset cannot be published.
[[nodiscard]] Result<std::string> leave_out_what_does_not_fit(duck::Connection& store, const Dataset& dataset,
                                                              const std::string& table);

}  // namespace sendhub::publish
