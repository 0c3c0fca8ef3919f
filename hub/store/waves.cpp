#include "hub/store/waves.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace sendhub::store {
namespace {

class Groups {
  public:
    explicit Groups(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
    std::size_t of(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) { parent_[std::max(of(a), of(b))] = std::min(of(a), of(b)); }

  private:
    std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<Instance> plan_waves(std::span<const StagedScope> scopes) {
    std::vector<Instance> plan;
    for (const StagedScope& scope : scopes)
        if (!scope.refused) plan.push_back({.scope = &scope});
    std::sort(plan.begin(), plan.end(), [](const Instance& a, const Instance& b) {
        return std::tie(a.scope->as_of, a.scope->no) < std::tie(b.scope->as_of, b.scope->no);
    });

    using Key = std::pair<const schema::Record*, std::string_view>;
    Groups groups(plan.size());
    std::map<std::int64_t, std::size_t> by_file;
    std::map<std::tuple<std::string_view, Days, std::size_t>, std::size_t> by_name_and_day;
    std::map<std::pair<Key, Days>, std::size_t> met;  // how often this scope was met on this day
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const StagedScope& scope = *plan[i].scope;
        plan[i].order = i;
        for (const std::int64_t file : scope.files)
            groups.join(i, by_file.try_emplace(file, i).first->second);
        const std::size_t nth = met[{{scope.record, scope.name}, scope.as_of}]++;
        groups.join(i, by_name_and_day.try_emplace({scope.name, scope.as_of, nth}, i).first->second);
    }

    // Groups by their latest day; a group follows every earlier one that holds one of its scopes.
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < plan.size(); ++i) members[plan[i].group = groups.of(i)].push_back(i);
    std::vector<std::pair<std::size_t, std::size_t>> by_last;  // last member, group
    for (const auto& [group, list] : members) by_last.emplace_back(list.back(), group);
    std::sort(by_last.begin(), by_last.end());
    std::map<Key, std::size_t> next_wave;
    for (const auto& [last, group] : by_last) {
        std::size_t wave = 0;
        std::map<Key, std::size_t> turns;
        for (const std::size_t i : members[group]) {
            const Key key{plan[i].scope->record, plan[i].scope->name};
            if (const auto found = next_wave.find(key); found != next_wave.end())
                wave = std::max(wave, found->second);
            plan[i].turn = turns[key]++;
        }
        for (const std::size_t i : members[group]) plan[i].wave = wave;
        for (const auto& [key, count] : turns) next_wave[key] = wave + 1;
    }
    std::sort(plan.begin(), plan.end(), [](const Instance& a, const Instance& b) {
        return std::tie(a.wave, a.turn, a.order) < std::tie(b.wave, b.turn, b.order);
    });
    return plan;
}

}  // namespace sendhub::store
