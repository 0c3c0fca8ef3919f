#include "tests/linkage/people_table.hpp"

#include <algorithm>

namespace sendhub::linkage {

namespace people = demo::people;

match::Table table_of(const people::PeopleFile& file) {
    match::Table t;
    t.source_names = {};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < file.records(); ++i) {
        const std::string_view name = file.column(people::Column::source)[i];
        auto it = std::find(t.source_names.begin(), t.source_names.end(), name);
        if (it == t.source_names.end()) it = t.source_names.insert(it, std::string(name));
        t.source.push_back(static_cast<std::uint16_t>(it - t.source_names.begin()));
        t.key.push(file.column(people::Column::id)[i]);
    }
    for (std::size_t c = 0; c < people::columns; ++c) {
        const auto role = match::role_named(people::column_names[c]);
        if (!role) continue;
        match::Column& column = t.add(std::string(people::column_names[c]), *role);
        for (std::size_t i = 0; i < file.records(); ++i) column.values.push(file.texts[c][i]);
    }
    return t;
}

match::Decisions sealed_decisions(const match::Engine& engine, const people::PeopleFile& file) {
    std::vector<match::Decision> sealed;
    for (const auto& [a, b] : file.sealed_pairs) sealed.push_back({a, b, match::Verdict::sealed});
    return engine.decisions(sealed);
}

Evaluation evaluate(const match::Engine& engine, const match::Clusters& clusters,
                    const people::PeopleFile& file) {
    std::vector<std::uint32_t> cluster_of(file.records());
    for (std::uint32_t i = 0; i < engine.size(); ++i) cluster_of[engine.position(i)] = clusters.of[i];
    std::vector<RecordPair> review;
    for (const match::Case& c : clusters.cases)
        review.emplace_back(engine.position(c.a), engine.position(c.b));
    std::vector<std::uint64_t> slices;
    std::vector<std::uint32_t> births;
    for (const auto& person : file.people) {
        slices.push_back(person.slices);
        births.push_back(person.birth);
    }
    const std::vector<std::string> slice_names(people::slice_names.begin(), people::slice_names.end());
    return evaluate(cluster_of, {file.person, slices, slice_names, births}, {review, file.sealed_pairs});
}

// numbers.
std::size_t veto_breaches(const match::Engine& engine, const match::Clusters& clusters) {
    const match::Features& f = engine.features();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> upns, nhs, former;
    for (std::uint32_t r = 0; r < engine.size(); ++r) {
        const match::Row& row = f.rows[r];
        auto counts = [](const match::IdEntry& id) {
            return id.quality == match::IdQuality::valid && !id.polluted;
        };
        if (row.upn != 0 && counts(f.upns[row.upn])) upns.emplace_back(clusters.of[r], row.upn);
        if (row.nhs != 0 && counts(f.nhs[row.nhs]) && (row.flags & match::Flags::nhs_verified))
            nhs.emplace_back(clusters.of[r], row.nhs);
        if (const match::More* more = f.more_of(row))
            for (const std::uint32_t id : more->former_upns) former.emplace_back(clusters.of[r], id);
    }
    std::sort(former.begin(), former.end());
    auto count = [&](auto& held, bool with_former) {
        std::sort(held.begin(), held.end());
        held.erase(std::unique(held.begin(), held.end()), held.end());
        std::size_t breaches = 0;
        for (std::size_t i = 1; i < held.size(); ++i)
            breaches += held[i].first == held[i - 1].first &&
                        !(with_former && (std::binary_search(former.begin(), former.end(), held[i]) ||
                                          std::binary_search(former.begin(), former.end(), held[i - 1])));
        return breaches;
    };
    return count(upns, true) + count(nhs, false);
}

}  // namespace sendhub::linkage
