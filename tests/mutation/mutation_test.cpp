// Damages good files a little, as files are damaged on their way, reads them with the real readers and checks
// what came out. A mutation ends well when the file is read rightly, its damaged row is rejected with its
// line, or the file is refused with a reason. Anything else is a silent difference.
//
//   mutation_test --count 200000 --seed 1        all feeds; exit code 1 if there is a silent difference
//   mutation_test --seed 1 --case 4711 --show    one mutation again, with the file and what came out
#include <algorithm>
#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "tests/mutation/mutations.hpp"
#include "tests/mutation/readers.hpp"

namespace {

using namespace sendhub::mutation;

struct Options {
    std::uint64_t count = 2000, seed = 1, first = 0;
    std::string feed, mutation, plugins = SENDHUB_PLUGIN_DIR;
    bool show = false;
    std::size_t examples = 3;
};

struct Tally {
    std::uint64_t read = 0, rejected = 0, refused = 0, silent = 0, strict = 0;
    std::vector<std::string> examples;
};

void show(const std::string& bytes, const Outcome& outcome) {
    std::cout << "---- file\n" << bytes << "---- outcome\n";
    if (outcome.refused) std::cout << "refused: " << *outcome.refused << "\n";
    for (const Record& record : outcome.records) {
        std::cout << record.record << " line "
                  << (record.fields.contains("@row") ? record.fields.at("@row") : "") << ":";
        for (const auto& [field, value] : record.fields)
            if (!field.starts_with('@')) std::cout << ' ' << field << '=' << value;
        std::cout << "\n";
    }
    for (const std::string& note : outcome.notes) std::cout << "note: " << note << "\n";
    for (const Issue& issue : outcome.issues)
        std::cout << (issue.reject ? "reject" : "warning") << " line " << issue.line << " " << issue.rule
                  << " " << issue.field << "\n";
}

class Campaign {
  public:
    explicit Campaign(Options options) : o_(std::move(options)), readers_(o_.plugins) {
        for (const Feed& feed : feeds())
            if (o_.feed.empty() || feed.name == o_.feed) feeds_.push_back(&feed);
        for (const Feed* feed : feeds_)
            for (const Mutation& mutation : mutations_of(*feed))
                if (o_.mutation.empty() || mutation.name == o_.mutation)
                    mutations_[feed].push_back(&mutation);
    }

    int run() {
        if (feeds_.empty() || mutations_.empty()) {
            std::cerr << "there is no such feed or mutation\n";
            return 2;
        }
        const auto begin = std::chrono::steady_clock::now();
        if (!o_.show && !good_files_are_read()) return 1;
        for (std::uint64_t i = 0; i < o_.count; ++i) one(o_.first + i);
        report(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        return total_.silent > 0 ? 1 : 0;
    }

  private:
    // Without a mutation every row is read, and nothing is rejected: the truth is the truth.
    bool good_files_are_read() {
        for (const Feed* feed : feeds_)
            for (std::uint64_t i = 0; i < 20; ++i) {
                Rng rng(o_.seed, 7, i);
                Document document = good_document(*feed, rng);
                const Written written = write(document);
                const Outcome outcome = readers_.read(*feed, written.bytes);
                const Judgement result = judge(document, written, outcome);
                if (result.verdict == Verdict::read && outcome.issues.empty()) {
                    if (!wrong_outcomes_are_seen(document, written, outcome, rng)) return false;
                    continue;
                }
                std::cout << "a good file of " << feed->name
                          << " was not read as it should: " << result.difference << "\n";
                show(written.bytes, outcome);
                return false;
            }
        return true;
    }

    // The judge is judged: what a faulty reader would make of a good file must not pass.
    bool wrong_outcomes_are_seen(const Document& document, const Written& written, const Outcome& good,
                                 Rng& rng) const {
        const auto a_field = [&](Record& record) -> std::string& {
            for (;;) {
                auto at = record.fields.begin();
                std::advance(at, rng.below(static_cast<std::uint32_t>(record.fields.size())));
                if (!at->first.starts_with('@') && !at->first.ends_with("_raw") && at->first != "source_key")
                    return at->second;
            }
        };
        using Fault = std::function<void(std::vector<Record>&, std::size_t)>;
        const std::pair<const char*, Fault> faults[] = {
            {"a record is lost",
             [](auto& records, std::size_t at) {
                 records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
             }},
            {"a value is changed", [&](auto& records, std::size_t at) { a_field(records[at]) += "x"; }},
            {"a value is lost", [&](auto& records, std::size_t at) { a_field(records[at]).clear(); }},
            {"a record is invented", [](auto& records, std::size_t at) {
                 records.push_back(records[at]);
                 records.back().key += "x";
             }}};
        for (const auto& [fault, commit] : faults) {
            Outcome wrong = good;
            commit(wrong.records, rng.below(static_cast<std::uint32_t>(wrong.records.size())));
            if (judge(document, written, wrong).verdict == Verdict::silent) continue;
            std::cout << "the judge of " << document.feed->name << " did not see that " << fault << "\n";
            return false;
        }
        return true;
    }

    void one(std::uint64_t number) {
        Rng rng(o_.seed, 1, number);
        const Feed& feed = *feeds_[rng.below(static_cast<std::uint32_t>(feeds_.size()))];
        Document document = good_document(feed, rng);
        const int wanted = 1 + (rng.percent(35) ? 1 : 0) + (rng.percent(15) ? 1 : 0);
        std::vector<const Mutation*> done;
        const std::vector<const Mutation*>& fit = mutations_[&feed];
        if (fit.empty()) return;
        for (int tries = 0; static_cast<int>(done.size()) < wanted && tries < 40; ++tries) {
            const Mutation* mutation = fit[rng.below(static_cast<std::uint32_t>(fit.size()))];
            if (mutation->apply(document, rng)) done.push_back(mutation);
        }
        if (done.empty()) return;
        const Written written = write(document);
        const Outcome outcome = readers_.read(feed, written.bytes);
        const Judgement result = judge(document, written, outcome);
        if (o_.show) {
            for (const std::string& line : document.story) std::cout << line << "\n";
            show(written.bytes, outcome);
        }
        for (const Mutation* mutation : done) count(tallies_[mutation->kind], result);
        count(total_, result);
        if (result.verdict != Verdict::silent && !result.too_strict) return;
        std::string text = "  case " + std::to_string(number) + " (" + feed.name + "): ";
        for (const std::string& line : document.story) text += line + "; ";
        text += result.verdict == Verdict::silent ? result.difference : "a sound row or file was rejected";
        // A kind is blamed only where it stands alone, so that the first examples are the plainest.
        const std::string& kind = done[0]->kind;
        if (result.verdict == Verdict::silent)
            keep(done.size() == 1 ? alone_[kind] : together_[kind], text);
        else
            keep(strict_[kind], text);
    }

    void keep(std::vector<std::string>& examples, std::string text) const {
        if (examples.size() < o_.examples) examples.push_back(std::move(text));
    }

    static void count(Tally& tally, const Judgement& result) {
        tally.read += result.verdict == Verdict::read;
        tally.rejected += result.verdict == Verdict::rejected;
        tally.refused += result.verdict == Verdict::refused;
        tally.silent += result.verdict == Verdict::silent;
        tally.strict += result.too_strict;
    }

    static void line(const std::string& kind, const Tally& t) {
        std::printf("%-36s %9llu %9llu %9llu %9llu %9llu\n", kind.c_str(),
                    static_cast<unsigned long long>(t.read), static_cast<unsigned long long>(t.rejected),
                    static_cast<unsigned long long>(t.refused), static_cast<unsigned long long>(t.silent),
                    static_cast<unsigned long long>(t.strict));
    }

    void report(double seconds) const {
        std::printf("%-36s %9s %9s %9s %9s %9s\n", "kind", "read", "rejected", "refused", "SILENT", "strict");
        for (const auto& [kind, tally] : tallies_) line(kind, tally);
        line("all files", total_);
        for (const auto* group : {&alone_, &together_, &strict_}) {
            if (!group->empty())
                std::printf("\n%s\n", group == &alone_      ? "Silent differences, one mutation:"
                                      : group == &together_ ? "Silent differences, several mutations:"
                                                            : "Rejected or refused though sound:");
            for (const auto& [kind, examples] : *group) {
                std::printf("%s\n", kind.c_str());
                for (const std::string& text : examples) std::printf("%s\n", text.c_str());
            }
        }
        std::printf("\n%llu mutated files, seed %llu, %.1f s: %llu silent differences\n",
                    static_cast<unsigned long long>(o_.count), static_cast<unsigned long long>(o_.seed),
                    seconds, static_cast<unsigned long long>(total_.silent));
        if (total_.silent > 0)
            std::printf("See one again: mutation_test --seed %llu --case NUMBER --show\n",
                        static_cast<unsigned long long>(o_.seed));
    }

    Options o_;
    Readers readers_;
    std::vector<const Feed*> feeds_;
    std::map<const Feed*, std::vector<const Mutation*>> mutations_;
    std::map<std::string, Tally> tallies_;
    std::map<std::string, std::vector<std::string>> alone_, together_, strict_;
    Tally total_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    std::int64_t only = -1;
    CLI::App app("Mutate good files and check that none is misread in silence");
    app.add_option("--count", options.count, "how many files");
    app.add_option("--seed", options.seed, "random seed");
    app.add_option("--case", only, "only this file, by its number");
    app.add_option("--feed", options.feed, "only this feed");
    app.add_option("--mutation", options.mutation, "only this mutation");
    app.add_option("--plugins", options.plugins, "folder of the plugins");
    app.add_option("--examples", options.examples, "how many examples to print for each kind");
    app.add_flag("--show", options.show, "print the file and what came out");
    CLI11_PARSE(app, argc, argv);
    if (only >= 0) {
        options.first = static_cast<std::uint64_t>(only);
        options.count = 1;
    }
    try {
        return Campaign(options).run();
    } catch (const std::exception& error) {
        std::cerr << "mutation_test: " << error.what() << "\n";
        return 2;
    }
}
