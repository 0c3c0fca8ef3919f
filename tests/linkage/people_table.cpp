#include "tests/linkage/people_table.hpp"

#include <algorithm>

#include "identity/engine/model_file.hpp"

namespace sendhub::linkage {

namespace people = identity::testing;

identity::Table table_of(const people::PeopleFile& file) {
    identity::Table t;
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
        const auto role = identity::role_named(people::column_names[c]);
        if (!role) continue;
        identity::Column& column = t.add(std::string(people::column_names[c]), *role);
        for (std::size_t i = 0; i < file.records(); ++i) column.values.push(file.texts[c][i]);
    }
    return t;
}

std::vector<identity::Decision> barriers(const people::PeopleFile& file) {
    std::vector<identity::Decision> sealed;
    sealed.reserve(file.sealed_pairs.size());
    for (const auto& [a, b] : file.sealed_pairs) sealed.push_back({a, b, identity::Verdict::sealed});
    return sealed;
}

identity::Decisions sealed_decisions(const identity::Engine& engine, const people::PeopleFile& file) {
    return engine.decisions(barriers(file));
}

std::vector<std::uint32_t> by_place(const identity::Engine& engine, const identity::Clusters& clusters) {
    std::vector<std::uint32_t> out(engine.size());
    for (std::uint32_t i = 0; i < engine.size(); ++i) out[engine.position(i)] = clusters.of[i];
    return out;
}

identity::Table rows(const identity::Table& all, std::span<const std::uint32_t> which,
                     std::string_view mark) {
    identity::Table t;
    t.source_names = all.source_names;
    for (const identity::Column& c : all.columns) t.add(c.name, c.role);
    for (const std::uint32_t r : which) {
        t.source.push_back(all.source[r]);
        t.key.push(std::string(mark) + std::string(all.key[r]));
        for (std::size_t c = 0; c < all.columns.size(); ++c)
            t.columns[c].values.push(all.columns[c].values[r]);
    }
    return t;
}

identity::Table moved(const identity::Table& all, std::span<const std::uint32_t> which,
                      std::string_view mark) {
    using identity::Role;
    identity::Table t = rows(all, which, mark);
    auto column = [&](Role role) {
        return std::find_if(all.columns.begin(), all.columns.end(),
                            [&](const identity::Column& c) { return c.role == role; });
    };
    auto replace = [&](Role role, auto value_of) {
        const auto at = column(role);
        if (at == all.columns.end()) return;
        identity::TextColumn values;
        for (const std::uint32_t r : which) values.push(value_of(*at, r));
        t.columns[static_cast<std::size_t>(at - all.columns.begin())].values = std::move(values);
    };
    for (const Role role : {Role::postcode, Role::house, Role::street, Role::uprn, Role::school})
        replace(role, [&](const identity::Column& c, std::uint32_t r) {
            return c.values[(r * std::size_t{7919} + 1) % all.size()];
        });
    if (const auto postcode = column(Role::postcode); postcode != all.columns.end())
        replace(Role::previous_postcode,
                [&](const identity::Column&, std::uint32_t r) { return postcode->values[r]; });
    return t;
}

std::vector<std::uint32_t> one_half_after_the_other(const identity::Table& table,
                                                    const identity::Settings& settings,
                                                    std::span<const identity::Decision> decisions,
                                                    std::uint32_t first, const std::string& model) {
    std::vector<std::uint32_t> half, other;
    for (std::uint32_t i = 0; i < table.size(); ++i) (i % 2 == first ? half : other).push_back(i);
    identity::Engine engine(settings);
    engine.load(rows(table, half));
    if (model.empty())
        engine.train();
    else
        engine.use_model(identity::read_model(model, engine.features(), engine.plan()).value());
    const auto size = static_cast<std::uint32_t>(engine.size());
    std::vector<std::uint32_t> number(table.size());
    for (std::uint32_t i = 0; i < size; ++i) number[half[engine.position(i)]] = i;
    for (std::uint32_t i = 0; i < other.size(); ++i) number[other[i]] = size + i;
    identity::Decisions of_half, of_all;
    for (const identity::Decision& d : decisions) {
        const std::uint32_t a = number[d.a], b = number[d.b];
        of_all.by_pair[identity::Decisions::pair(a, b)] = d.verdict;
        if (a < size && b < size) of_half.by_pair[identity::Decisions::pair(a, b)] = d.verdict;
    }
    engine.score(of_half);
    identity::Clusters clusters = engine.resolve(of_half);
    engine.change({}, rows(table, other), of_all, clusters);
    std::vector<std::uint32_t> out;
    out.reserve(number.size());
    for (const std::uint32_t n : number) out.push_back(clusters.of[n]);
    return out;
}

namespace {
Evaluation judge(std::span<const std::uint32_t> clusters, const people::PeopleFile& file,
                 std::span<const RecordPair> review) {
    std::vector<std::uint64_t> slices;
    std::vector<std::uint32_t> births;
    for (const auto& person : file.people) {
        slices.push_back(person.slices);
        births.push_back(person.birth);
    }
    const std::vector<std::string> slice_names(people::slice_names.begin(), people::slice_names.end());
    return evaluate(clusters, {file.person, slices, slice_names, births}, {review, file.sealed_pairs});
}
}  // namespace

Evaluation evaluate(std::span<const std::uint32_t> clusters, const people::PeopleFile& file) {
    return judge(clusters, file, {});
}

Evaluation evaluate(const identity::Engine& engine, const identity::Clusters& clusters,
                    const people::PeopleFile& file) {
    std::vector<RecordPair> review;
    review.reserve(clusters.cases.size());
    for (const identity::Case& c : clusters.cases)
        review.emplace_back(engine.position(c.a), engine.position(c.b));
    return judge(by_place(engine, clusters), file, review);
}

namespace {
bool one_child(const identity::Engine& engine, const people::PeopleFile& file, std::uint32_t a,
               std::uint32_t b) {
    return file.person[engine.position(a)] == file.person[engine.position(b)];
}
}  // namespace

Reliability reliability_of_kept(const identity::Engine& engine, const people::PeopleFile& file) {
    std::vector<SaidPair> pairs;
    for (const identity::Edge& e : engine.edges())
        pairs.push_back({engine.calibrated(e), one_child(engine, file, e.a, e.b)});
    return reliability(pairs);
}

Reliability reliability_of_cases(const identity::Engine& engine, const identity::Clusters& clusters,
                                 const people::PeopleFile& file) {
    std::vector<SaidPair> pairs;
    pairs.reserve(clusters.cases.size());
    for (const identity::Case& c : clusters.cases)
        pairs.push_back(
            {engine.calibrated({c.a, c.b, c.weight, c.pattern}), one_child(engine, file, c.a, c.b)});
    return reliability(pairs);
}

void add_kept_pairs(const identity::Engine& engine, const people::PeopleFile& file, WeighedPairs& pairs) {
    for (const identity::Edge& e : engine.edges()) {
        const identity::Doubt doubt = engine.doubt(e.a, e.b, e.pattern);
        pairs[static_cast<std::size_t>(doubt)].push_back(
            {static_cast<double>(e.weight), one_child(engine, file, e.a, e.b)});
    }
}

std::vector<identity::LabelledPair> true_labels(const identity::Engine& engine,
                                                const identity::Clusters& clusters,
                                                const people::PeopleFile& file, std::size_t each) {
    std::array<std::vector<const identity::Edge*>, 3> strata;
    for (const identity::Edge& e : engine.edges()) {
        const bool above = static_cast<double>(e.weight) >= engine.settings().thresholds.review;
        strata[clusters.of[e.a] == clusters.of[e.b] ? 0 : above ? 1 : 2].push_back(&e);
    }
    std::vector<identity::LabelledPair> out;
    for (const auto& pairs : strata) {
        const std::size_t drawn = std::min(each, pairs.size());
        for (std::size_t i = 0; i < drawn; ++i) {
            const identity::Edge& e = *pairs[i * pairs.size() / drawn];
            out.push_back({engine.position(e.a), engine.position(e.b), one_child(engine, file, e.a, e.b),
                           static_cast<double>(pairs.size()) / static_cast<double>(drawn)});
        }
    }
    return out;
}

std::size_t veto_breaches(const identity::Engine& engine, const identity::Clusters& clusters) {
    const identity::Features& f = engine.features();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> upns, nhs, former;
    for (std::uint32_t r = 0; r < engine.size(); ++r) {
        const identity::Row& row = f.rows[r];
        auto counts = [](const identity::IdEntry& id) {
            return id.quality == identity::IdQuality::valid && !id.polluted;
        };
        if (row.upn != 0 && counts(f.upns[row.upn])) upns.emplace_back(clusters.of[r], row.upn);
        if (row.nhs != 0 && counts(f.nhs[row.nhs]) && (row.flags & identity::Flags::nhs_verified))
            nhs.emplace_back(clusters.of[r], row.nhs);
        if (const identity::More* more = f.more_of(row))
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
