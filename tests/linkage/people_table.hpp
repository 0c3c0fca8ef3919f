// A generated people file as the engine's table, and what the engine made of it as the evaluation's numbers.
#pragma once

#include "demo/people/people.hpp"
#include "hub/match/engine/engine.hpp"
#include "tests/linkage/calibration.hpp"
#include "tests/linkage/evaluate.hpp"

namespace sendhub::linkage {

match::Table table_of(const demo::people::PeopleFile& file);

// The barriers of the file, by place in the table; and as the engine's decisions.
std::vector<match::Decision> barriers(const demo::people::PeopleFile& file);
match::Decisions sealed_decisions(const match::Engine& engine, const demo::people::PeopleFile& file);

Evaluation evaluate(const match::Engine& engine, const match::Clusters& clusters,
                    const demo::people::PeopleFile& file);
// Clusters by place in the table, without the review.
Evaluation evaluate(std::span<const std::uint32_t> clusters, const demo::people::PeopleFile& file);

// What the engine says of the pairs that it keeps, and of those alone that wait for a person.
Reliability reliability_of_kept(const match::Engine& engine, const demo::people::PeopleFile& file);
Reliability reliability_of_cases(const match::Engine& engine, const match::Clusters& clusters,
                                 const demo::people::PeopleFile& file);
// The weights of the pairs that it keeps, by doubt; added to what is there.
using WeighedPairs = std::array<std::vector<WeighedPair>, match::doubts>;
void add_kept_pairs(const match::Engine& engine, const demo::people::PeopleFile& file, WeighedPairs& pairs);

// So many pairs of each stratum (joined; not joined, at or above review; kept below it), drawn evenly over
// the records, with the truth as a person would tell it.
std::vector<match::LabelledPair> true_labels(const match::Engine& engine, const match::Clusters& clusters,
                                             const demo::people::PeopleFile& file, std::size_t each);

// The clusters by place in the table.
std::vector<std::uint32_t> by_place(const match::Engine& engine, const match::Clusters& clusters);

// The rows of a table, in the order asked for, with a mark before each key.
match::Table rows(const match::Table& all, std::span<const std::uint32_t> which, std::string_view mark = "");
// The same of people who have moved: to the home and school of another record, with their postcode of before
// as the previous one.
match::Table moved(const match::Table& all, std::span<const std::uint32_t> which, std::string_view mark);

// Every second row, from `first`, loaded and matched; then the others, as records that came later. With the
// given model, or else with one that is trained on the first half and stays. Clusters by place in the table.
std::vector<std::uint32_t> one_half_after_the_other(const match::Table& table,
                                                    const match::Settings& settings,
                                                    std::span<const match::Decision> decisions,
                                                    std::uint32_t first, const std::string& model = {});

// Clusters that hold two different valid UPNs, none of them known as a former one, or two verified NHS
// numbers.
std::size_t veto_breaches(const match::Engine& engine, const match::Clusters& clusters);

}  // namespace sendhub::linkage
