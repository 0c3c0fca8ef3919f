// Compares what the hub published with what the generator of the synthetic county kept for itself.
//   compare_truth DIR        DIR as `sendhub demo --dir` made it, after a night
// Every measure must be equal, in numerator, denominator and value. Measures that count persons (not rows)
// hang on how many records the matching joined: they are shown beside the truth and not judged, but for one
// thing that is never allowed: two children in one person. Exit code 0: equal and no child joined to another.
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/duckdb.hpp"

namespace {

namespace duck = sendhub::duck;
namespace fs = std::filesystem;

const char* const counts_persons =
    "('children_on_roll', 'pupils_suspended_percent', 'cme_open_children', 'missing_monday', "
    "'yj_crossmatch')";

int stop(const sendhub::Error& error) {
    std::fprintf(stderr, "compare_truth: %s\n", error.sentence.c_str());
    return 2;
}

std::string file(const fs::path& path) { return duck::quoted_text(path.string()); }

int compare_measures(duck::Connection& con, const fs::path& dir) {
    const auto made = con.run(
        "create table truth as select measure, breakdown_topic, breakdown, numerator, denominator, "
        "round(value, 4) as value from read_csv(" +
        file(dir / "truth" / "measures.csv") +
        ", header = true, columns = {'measure': 'VARCHAR', 'dataset': 'VARCHAR', 'breakdown_topic': "
        "'VARCHAR', 'breakdown': 'VARCHAR', 'numerator': 'BIGINT', 'denominator': 'BIGINT', 'value': "
        "'DECIMAL(18,4)'});"
        "create table hub as select measure_id as measure, breakdown_topic, breakdown, numerator, "
        "denominator, round(value, 4) as value from read_parquet(" +
        file(dir / "state" / "published" / "current" / "measure_value" / "data.parquet") +
        ");"
        "create table compared as select coalesce(t.measure, h.measure) as measure, "
        "coalesce(t.breakdown_topic, h.breakdown_topic) as topic, coalesce(t.breakdown, h.breakdown) as "
        "breakdown, "
        "t.numerator as tn, h.numerator as hn, t.denominator as td, h.denominator as hd, t.value as tv, "
        "h.value as hv, t.measure is null as extra, h.measure is null as missing, "
        "coalesce(t.measure, h.measure) in " +
        counts_persons +
        " as persons, "
        // a count has its figure as value; a median has no numerator
        "coalesce(t.measure = h.measure and t.numerator is not distinct from h.numerator and t.denominator "
        "is not distinct from h.denominator and t.value is not distinct from h.value, false) as equal "
        "from truth t full join hub h on h.measure = t.measure and h.breakdown_topic = t.breakdown_topic and "
        "h.breakdown = t.breakdown "
        "where t.measure is not null or h.measure in (select measure from truth)");
    if (!made) return stop(made.error());
    auto totals = con.query(
        "select count(*) filter (not persons), count(*) filter (not persons and equal), count(distinct "
        "measure) filter (not persons), count(*) filter (persons), count(*) filter (persons and equal) from "
        "compared",
        {});
    if (!totals) return stop(totals.error());
    totals->next();
    const auto rows = totals->integer(0), equal = totals->integer(1);
    std::printf("measures: %lld of %lld figures of %lld measures are equal to the truth\n",
                static_cast<long long>(equal), static_cast<long long>(rows),
                static_cast<long long>(totals->integer(2)));
    std::printf(
        "measures that count persons: %lld of %lld are equal; the others hang on joins that wait for a "
        "person:\n",
        static_cast<long long>(totals->integer(4)), static_cast<long long>(totals->integer(3)));
    auto differ = con.query(
        "select measure, topic, breakdown, coalesce(tn, -1), coalesce(td, -1), coalesce(tv::varchar, ''), "
        "coalesce(hn, -1), coalesce(hd, -1), coalesce(hv::varchar, ''), persons, extra, missing "
        "from compared where not equal order by persons, measure, topic, breakdown",
        {});
    if (!differ) return stop(differ.error());
    while (differ->next()) {
        std::printf("  %s%s, %s %s: truth %lld/%lld = %s, hub %lld/%lld = %s%s%s\n",
                    differ->boolean(9) ? "" : "DIFFERS ", std::string(differ->text(0)).c_str(),
                    std::string(differ->text(1)).c_str(), std::string(differ->text(2)).c_str(),
                    static_cast<long long>(differ->integer(3)), static_cast<long long>(differ->integer(4)),
                    std::string(differ->text(5)).c_str(), static_cast<long long>(differ->integer(6)),
                    static_cast<long long>(differ->integer(7)), std::string(differ->text(8)).c_str(),
                    differ->boolean(10) ? " (not in the truth)" : "",
                    differ->boolean(11) ? " (not published)" : "");
    }
    return rows > 0 && rows == equal ? 0 : 1;
}

int compare_people(duck::Connection& con, const fs::path& dir) {
    // A census record is keyed LAESTAB:UPN, in the truth LAESTAB/UPN; one without a UPN cannot be found by
    // its key.
    const auto made = con.run(
        "attach " + file(dir / "state" / "hub.duckdb") +
        " as store (read_only);"
        "create table linked as select distinct l.person_key, l.feed, l.person_ref, r.child_id from "
        "store.person_link l join (select distinct feed, replace(person_key, '/', ':') as person_ref, "
        "child_id from read_csv(" +
        file(dir / "truth" / "records.csv") +
        ", header = true, all_varchar = true)) r on r.feed = l.feed and r.person_ref = l.person_ref;"
        // a key that the truth gives to two children (a UPN typed on both at one school) proves nothing here
        "delete from linked where (feed, person_ref) in (select (feed, person_ref) from linked group by "
        "feed, person_ref having count(distinct child_id) > 1)");
    if (!made) return stop(made.error());
    auto row = con.query(
        "select (select count(*) from store.person_link), (select count(*) from linked), "
        "(select count(*) from (select person_key from linked group by person_key having count(distinct "
        "child_id) > 1)), "
        "(select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from linked group by "
        "child_id)), "
        "(select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from linked group by "
        "child_id, person_key))",
        {});
    if (!row) return stop(row.error());
    row->next();
    const auto over_merged = row->integer(2), pairs = row->integer(3), found = row->integer(4);
    std::printf(
        "matching: %lld of %lld records looked up in the truth; persons that hold two children: %lld; true "
        "pairs joined: %lld of %lld (%.1f %%)\n",
        static_cast<long long>(row->integer(1)), static_cast<long long>(row->integer(0)),
        static_cast<long long>(over_merged), static_cast<long long>(found), static_cast<long long>(pairs),
        pairs ? 100.0 * static_cast<double>(found) / static_cast<double>(pairs) : 0.0);
    return over_merged == 0 && row->integer(1) > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "use: compare_truth DIR\n");
        return 2;
    }
    auto db = duck::Database::open("", {{"threads", "2"}});
    if (!db) return stop(db.error());
    auto con = db->connect();
    if (!con) return stop(con.error());
    const int measures = compare_measures(*con, argv[1]);
    const int people = compare_people(*con, argv[1]);
    return measures ? measures : people;
}
