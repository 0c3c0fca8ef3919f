#include "hub/match/figures.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "hub/match/level_shares.hpp"

namespace sendhub::match {
namespace {

struct Figure {
    std::string topic, item, feed, other_feed;  // empty: not of one feed
    std::optional<double> figure, low, high, expected;
    std::optional<std::uint64_t> counted;
    std::string note;
};

class Figures {
  public:
    Figures(duck::Connection& store, const Tonight& tonight, const Sample& sample)
        : store_(store), tonight_(tonight), sample_(sample) {}

    Status write() {
        clusters();
        engine();
        qualities();
        SENDHUB_TRY(slices());
        SENDHUB_TRY(store_.run("delete from match_figure"));
        {
            SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store_, "match_figure"));
            for (const Figure& f : figures_) {
                appender.add(std::string_view(f.topic)).add(std::string_view(f.item));
                text(appender, f.feed);
                text(appender, f.other_feed);
                for (const auto& value : {f.figure, f.low, f.high, f.expected})
                    if (value)
                        appender.add(*value);
                    else
                        appender.add(duck::Null{});
                if (f.counted)
                    appender.add(static_cast<std::int64_t>(*f.counted));
                else
                    appender.add(duck::Null{});
                text(appender, f.note);
                SENDHUB_TRY(appender.end_row());
            }
            SENDHUB_TRY(appender.flush());
        }
        return training();
    }

  private:
    static void text(duck::Appender& appender, const std::string& value) {
        if (value.empty())
            appender.add(duck::Null{});
        else
            appender.add(std::string_view(value));
    }
    Figure& add(std::string topic, std::string item) {
        figures_.push_back({std::move(topic), std::move(item)});
        return figures_.back();
    }

    void clusters() {
        std::map<std::size_t, std::uint64_t> sizes;
        for (const auto& members : tonight_.members())
            if (!members.empty()) ++sizes[members.size()];
        const std::array<std::pair<std::size_t, std::size_t>, 6> ranges = {
            {{1, 1}, {2, 2}, {3, 3}, {4, 5}, {6, 10}, {11, std::size_t(-1)}}};
        for (const auto& [low, high] : ranges) {
            std::uint64_t persons = 0;
            for (const auto& [size, count] : sizes) persons += size >= low && size <= high ? count : 0;
            std::string name = std::to_string(low);
            if (high > 1'000'000)
                name += " or more";
            else if (high != low)
                name += " to " + std::to_string(high);
            add("persons by number of records", name + (high == 1 ? " record" : " records")).counted =
                persons;
        }
        add("persons by number of records", "records of the largest").counted =
            sizes.empty() ? 0 : sizes.rbegin()->first;
    }

    void engine() {
        const identity::RunReport& report = tonight_.engine->report();
        add("identifiers", "polluted").counted = report.polluted;
        figures_.back().note = "values that stand on more than three people: they weigh nothing";
        for (const identity::PollutedCount& shared : report.shared_by) {
            Figure& f = add("identifiers", "shared: " + shared.identifier);
            f.counted = shared.values;
            f.note =
                "values that stand on children who differ in name and birth date: they join nobody, and a "
                "person is asked";
        }
        if (report.id_pairs > 0) {
            Figure& f = add("blocking", "pairs of one number that are found without it");
            f.counted = report.id_pairs;
            f.figure = report.found_by_others();
            f.expected = identity::RunReport::wanted_by_others;
            f.note = "about this share of the pairs without a number is compared";
        }
        for (const identity::KeyReport& key : report.keys) {
            if (key.truncated == 0) continue;
            Figure& f = add("blocks that were too large", std::string(key.label));
            f.counted = key.truncated;
            f.note = "at most " + std::to_string(key.lost_pairs) + " pairs were not compared";
        }
        for (const identity::Ladder& ladder : tonight_.engine->model().ladders)
            if (ladder.source == identity::Learnt::shipped)
                add("shipped weights", ladder.comparison).note = ladder.why;
        for (const identity::Shortfall& s : tonight_.engine->shortfalls(tonight_.clusters))
            add("fallback", std::string(s.what)).note = s.text;
        for (const LevelShare& share : level_shares(*tonight_.engine))
            add("level", share.comparison + ": " + share.level).figure = share.share;
    }

    // Rounds of the training and level shares at it come from the model; drift is half the sum of what the
    // shares of a comparison moved by.
    Status training() {
        const std::string_view model = tonight_.model();
        SENDHUB_TRY(store_.run(
            "insert into match_figure (topic, item, figure, counted, note) select 'training round', "
            "json_extract_string(r, '$.blocked_on'), cast(json_extract(r, '$.match_share') as double), "
            "cast(json_extract(r, '$.pairs') as bigint), case when cast(json_extract(r, '$.accepted') as "
            "boolean) then "
            "null else 'rejected: ' || json_extract_string(r, '$.why') end from (select "
            "unnest(cast(json_extract("
            "training, '$.rounds') as json[])) as r from match_model where version = ?)",
            {model}));
        SENDHUB_TRY(
            store_.run("update match_figure set expected = l.share from (select json_extract_string(r, "
                       "'$.comparison') || ': ' || "
                       "json_extract_string(r, '$.level') as item, cast(json_extract(r, '$.share') as "
                       "double) as share from "
                       "(select unnest(cast(json_extract(training, '$.levels') as json[])) as r from "
                       "match_model where version = "
                       "?)) l where match_figure.topic = 'level' and match_figure.item = l.item",
                       {model}));
        return store_.run(
            "insert into match_figure (topic, item, figure) select 'drift since training', split_part(item, "
            "': ', 1), "
            "sum(abs(figure - expected)) / 2 from match_figure where topic = 'level' and expected is not "
            "null group by "
            "split_part(item, ': ', 1)");
    }

    void quality(const std::string& item, const std::string& feed, const std::string& other,
                 const Quality& q) {
        for (const auto& [topic, interval] :
             {std::pair("precision", q.precision), std::pair("recall", q.recall)}) {
            Figure& f = add(topic, item);
            f.feed = feed;
            f.other_feed = other;
            f.counted = q.reviewed;
            if (!interval) {
                f.note = "fewer_than_30_reviewed";
                continue;
            }
            f.figure = interval->share;
            f.low = interval->low;
            f.high = interval->high;
        }
    }
    void qualities() {
        quality("all", "", "", estimate(sample_, [](const SampledPair&) { return true; }));
        const auto& feed = tonight_.records.feed;
        std::vector<std::string> feeds;
        for (const std::uint16_t s : tonight_.records.table.source)
            if (const std::string& name = tonight_.records.table.source_names[s];
                std::find(feeds.begin(), feeds.end(), name) == feeds.end())
                feeds.push_back(name);
        std::sort(feeds.begin(), feeds.end());
        for (const std::string& one : feeds) {
            quality("feed", one, "any", estimate(sample_, [&](const SampledPair& p) {
                        return feed[p.a] == one || feed[p.b] == one;
                    }));
            for (const std::string& other : feeds)
                if (other != one)
                    quality("feed", one, other, estimate(sample_, [&](const SampledPair& p) {
                                return (feed[p.a] == one && feed[p.b] == other) ||
                                       (feed[p.b] == one && feed[p.a] == other);
                            }));
        }
        for (std::size_t s = 0; s < std::size_t(Stratum::count); ++s) {
            Figure& f = add("pairs", std::string(to_string(static_cast<Stratum>(s))));
            f.counted = sample_.pairs[s];
        }
    }

    // Groups of children who must not be matched worse than others (matching.md section 16): the share of
    // their records that found another one, their cases, and what reviewed pairs tell.
    Status slices() {
        const identity::Features& f = tonight_.engine->features();
        const std::size_t n = tonight_.records.size();
        std::map<std::string, std::vector<bool>> in;
        auto of_row = [&](std::string name, auto&& holds) {
            std::vector<bool>& records = in[std::move(name)];
            records.resize(n);
            for (std::uint32_t i = 0; i < n; ++i) records[i] = holds(f.rows[tonight_.number[i]]);
        };
        of_row("all", [](const identity::Row&) { return true; });
        of_row("no UPN", [](const identity::Row& r) { return r.upn == 0; });
        of_row("moved", [&](const identity::Row& r) {
            return f.more_of(r) != nullptr && !f.more_of(r)->postcodes.empty();
        });
        of_row("another surname", [](const identity::Row& r) { return r.sur[1] != 0 || r.sur[2] != 0; });
        of_row("default birth date",
               [](const identity::Row& r) { return (r.flags & identity::Flags::birth_default) != 0; });
        for (const auto& [name, query] :
             {std::pair("missing education", "select feed, person_ref from cme_case"),
              std::pair("home educated", "select feed, person_ref from ehe_episode"),
              std::pair("youth justice", "select feed, person_ref from yj_intervention"),
              std::pair("looked after",
                        "select feed, person_ref from cme_case where reported_social_care_status in "
                        "('CLA', 'CL') union select feed, person_ref from ehe_episode where "
                        "reported_social_care_status in ('CLA', 'CL') union select feed, person_ref "
                        "from move where reported_social_care_status in ('CLA', 'CL')")}) {
            std::vector<bool>& records = in[name];
            records.resize(n);
            SENDHUB_ASSIGN(duck::Rows rows, store_.query(query));
            while (rows.next())
                if (const auto i = tonight_.records.find(rows.text(0), rows.text(1))) records[*i] = true;
        }
        std::vector<std::uint32_t> size(n);
        for (const std::uint32_t c : tonight_.cluster) ++size[c];
        const auto sealed = tonight_.sealed();
        for (const auto& [name, records] : in) {
            std::uint64_t all = 0, linked = 0, cases = 0;
            for (std::uint32_t i = 0; i < n; ++i) {
                if (!records[i]) continue;
                ++all;
                linked += size[tonight_.cluster[i]] > 1;
            }
            for (const identity::Case& c : tonight_.clusters.cases) {
                const std::uint32_t a = tonight_.engine->position(c.a), b = tonight_.engine->position(c.b);
                if (sealed.contains(tonight_.cluster[a]) || sealed.contains(tonight_.cluster[b])) continue;
                cases += records[a] || records[b];
            }
            Figure& share = add("records that found another", name);
            share.counted = all;
            if (all > 0) share.figure = static_cast<double>(linked) / static_cast<double>(all);
            Figure& rate = add("cases a 1,000 records", name);
            rate.counted = cases;
            if (all > 0) rate.figure = 1000 * static_cast<double>(cases) / static_cast<double>(all);
            if (name != "all")
                quality(name, "", "", estimate(sample_, [&](const SampledPair& p) {
                            return records[p.a] || records[p.b];
                        }));
        }
        return {};
    }

    duck::Connection& store_;
    const Tonight& tonight_;
    const Sample& sample_;
    std::vector<Figure> figures_;
};

}  // namespace

Status write_figures(duck::Connection& store, const Tonight& tonight, const Sample& sample) {
    return Figures(store, tonight, sample).write();
}

}  // namespace sendhub::match
