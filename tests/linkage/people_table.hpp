// A generated people file as the engine's table, and what the engine made of it as the evaluation's numbers.
#pragma once

#include "identity/engine/engine.hpp"
#include "identity/testing/made_people.hpp"
#include "tests/linkage/evaluate.hpp"
#include "tests/linkage/reliability.hpp"

namespace sendhub::linkage {

identity::Table table_of(const identity::testing::PeopleFile& file);

// The barriers of the file, by place in the table; and as the engine's decisions.
std::vector<identity::Decision> barriers(const identity::testing::PeopleFile& file);
identity::Decisions sealed_decisions(const identity::Engine& engine,
                                     const identity::testing::PeopleFile& file);

Evaluation evaluate(const identity::Engine& engine, const identity::Clusters& clusters,
                    const identity::testing::PeopleFile& file);
// Clusters by place in the table, without the review.
Evaluation evaluate(std::span<const std::uint32_t> clusters, const identity::testing::PeopleFile& file);

// What the engine says of the pairs that it keeps, and of those alone that wait for a person.
Reliability reliability_of_kept(const identity::Engine& engine, const identity::testing::PeopleFile& file);
Reliability reliability_of_cases(const identity::Engine& engine, const identity::Clusters& clusters,
                                 const identity::testing::PeopleFile& file);
// The weights of the pairs that it keeps, by doubt; added to what is there.
using WeighedPairs = std::array<std::vector<WeighedPair>, identity::doubts>;
void add_kept_pairs(const identity::Engine& engine, const identity::testing::PeopleFile& file,
                    WeighedPairs& pairs);

// So many pairs of each stratum (joined; not joined, at or above review; kept below it), drawn evenly over
// the records, with the truth as a person would tell it.
std::vector<identity::LabelledPair> true_labels(const identity::Engine& engine,
                                                const identity::Clusters& clusters,
                                                const identity::testing::PeopleFile& file, std::size_t each);

// The clusters by place in the table.
std::vector<std::uint32_t> by_place(const identity::Engine& engine, const identity::Clusters& clusters);

// The rows of a table, in the order asked for, with a mark before each key.
identity::Table rows(const identity::Table& all, std::span<const std::uint32_t> which,
                     std::string_view mark = "");
// The same of people who have moved: to the home and school of another record, with their postcode of before
// as the previous one.
identity::Table moved(const identity::Table& all, std::span<const std::uint32_t> which,
                      std::string_view mark);

// Every second row, from `first`, loaded and matched; then the others, as records that came later. With the
// given model, or else with one that is trained on the first half and stays. Clusters by place in the table.
std::vector<std::uint32_t> one_half_after_the_other(const identity::Table& table,
                                                    const identity::Settings& settings,
                                                    std::span<const identity::Decision> decisions,
                                                    std::uint32_t first, const std::string& model = {});

// Clusters that hold two different valid UPNs, none of them known as a former one, or two verified NHS
// numbers.
std::size_t veto_breaches(const identity::Engine& engine, const identity::Clusters& clusters);

}  // namespace sendhub::linkage
