#include "demo/county.hpp"

#include "demo/county_nights.hpp"
#include "demo/enrolments.hpp"
#include "demo/events.hpp"
#include "demo/hub_toml.hpp"
#include "demo/population.hpp"
#include "demo/writers.hpp"

namespace sendhub::demo {
namespace {

constexpr std::uint64_t fewest_pupils = 100,
                        most_pupils = 700'000;  // the 999 range of NHS numbers ends there

County build(const Options& options) {
    County county;
    county.options = options;
    build_schools(county);
    build_population(county);
    build_youth_justice(county);
    tell_stories(county);
    build_part_time(county);
    build_advice(county);
    add_census_flaws(county);
    build_autumn_return(county);
    add_list_flaws(county);
    for (int night = 2; night <= options.night; ++night) pass_night(county, night);
    return county;
}

// Another county in the same folder would be mixed with this one: its schools' files would stay.
std::expected<void, std::string> mark_folder(const Options& options, Output& output) {
    const std::string mark = "pupils " + number(options.pupils) + ", seed " + number(options.seed) + "\n";
    if (output.has("truth/county.txt")) {
        auto there = output.read("truth/county.txt");
        if (!there) return std::unexpected(there.error());
        if (*there != mark)
            return std::unexpected(options.dir.string() + " holds another county (" +
                                   there->substr(0, there->size() - 1) +
                                   "): choose an empty folder, or remove this one");
    }
    return output.put("truth/county.txt", mark);
}

std::expected<void, std::string> write_settings(const County& county, Output& output) {
    const std::string as_at = iso(county.as_at);
    if (county.options.night > 1 && output.has("hub.toml")) {
        auto there = output.read("hub.toml");
        if (!there) return std::unexpected(there.error());
        return output.put("hub.toml", with_as_at(*there, as_at));
    }
    return output.put("hub.toml", hub_toml(as_at));
}

}  // namespace

std::expected<Summary, std::string> make_county(const Options& options) {
    if (options.pupils < fewest_pupils || options.pupils > most_pupils)
        return std::unexpected("a county has between " + number(fewest_pupils) + " and " +
                               number(most_pupils) + " pupils, not " + number(options.pupils));
    if (options.night < 1 || options.night > 365)
        return std::unexpected("the night is a number from 1 to 365");
    if (options.dir.empty()) return std::unexpected("say which folder the county goes to");

    Output output(options.dir);
    if (auto done = mark_folder(options, output); !done) return std::unexpected(done.error());
    const County county = build(options);
    Truth truth;
    Summary summary;
    const auto feed = [&](std::string_view name, const Rows& rows) -> std::expected<void, std::string> {
        if (!rows) return std::unexpected(rows.error());
        for (auto& [known, count] : summary.rows_by_feed)
            if (known == name) {
                count += *rows;
                return {};
            }
        summary.rows_by_feed.emplace_back(name, *rows);
        return {};
    };
    if (auto done = write_settings(county, output); !done) return std::unexpected(done.error());
    if (auto done = feed("schools", write_schools(county, output)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("school_census", write_census_xml(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("school_census", write_collect_zip(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("cme", write_cme(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("ehe", write_ehe(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("off_roll", write_off_roll(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("part_time", write_part_time(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("moves", write_moves(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("health_advice", write_health_advice(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = feed("youth_justice", write_youth_justice(county, output, truth)); !done)
        return std::unexpected(done.error());
    if (auto done = truth.write(county, output); !done) return std::unexpected(done.error());

    summary.children = county.children.size();
    summary.schools = county.schools.size();
    summary.files = output.files();
    summary.bytes = output.bytes();
    summary.written = output.written();
    return summary;
}

}  // namespace sendhub::demo
