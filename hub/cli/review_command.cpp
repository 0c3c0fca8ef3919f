// `sendhub review`: the queue, one case, and what is decided on it.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "hub/cli/commands.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/review/json.hpp"

namespace sendhub::cli {
namespace {

struct Options {
    std::string by, case_id, word, reason, record, until, version, person_a, person_b;
    std::int64_t decision = 0;
    int page = 1;
    bool json = false, blind = false;
};

template <class T>
int tell(const Result<T>& result, bool json) {
    if (!result) return failed(result.error());
    std::cout << (json ? review::to_json(*result) + "\n" : in_text(*result));
    return 0;
}
int tell(const Result<review::Outcome>& result, bool json) {
    if (!result) return failed(result.error());
    std::cout << (json ? review::to_json(*result) : result->sentence) << "\n";
    return result->state == "proposed" ? 3 : 0;  // somebody else must look
}
int tell_ids(const Result<std::vector<std::string>>& ids, bool json, std::string_view title,
             std::string_view none) {
    if (!ids) return failed(ids.error());
    if (json) {
        std::string out;
        for (const std::string& id : *ids) out += (out.empty() ? "\"" : ",\"") + id + "\"";
        std::cout << "{\"cases\":[" << out << "]}\n";
    } else if (ids->empty()) {
        std::cout << none << "\n";
    } else {
        std::cout << title << " (`sendhub review show CASE`, then `decide`):\n";
        for (const std::string& id : *ids) std::cout << "  " << id << "\n";
    }
    return 0;
}

Result<review::Word> word_of(const std::string& text) {
    const auto word = review::parse_word(text);
    if (!word) return fail(ErrorCode::usage, "say same, different, not-sure, split, twins or seal");
    return *word;
}

Result<std::optional<Days>> until_of(const Options& o) {
    if (o.until.empty()) return std::optional<Days>();
    const std::optional<Days> day = parse_iso_date(o.until);
    if (!day) return fail(ErrorCode::usage, "--until is a date such as 2027-01-31");
    return day;
}

Result<review::Outcome> seal_people(const Session& session, const Options& o) {
    SENDHUB_ASSIGN(const auto until, until_of(o));
    return session.desk->seal_people(session.who, o.person_a, o.person_b, o.reason, until);
}

Result<review::Outcome> extend(const Session& session, const Options& o) {
    SENDHUB_ASSIGN(const auto until, until_of(o));
    return session.desk->extend(session.who, o.decision, o.reason, until);
}

Result<review::Outcome> decide(const Session& session, const Options& o) {
    review::Opinion opinion{o.case_id, review::Word::not_sure, o.reason, {}};
    SENDHUB_ASSIGN(opinion.word, word_of(o.word));
    SENDHUB_ASSIGN(opinion.until, until_of(o));
    if (!o.record.empty()) {
        opinion.record = review::parse_record_key(o.record);
        if (!opinion.record) return fail(ErrorCode::usage, "--record is FEED:REF, as the case lists it");
    }
    return session.desk->decide(session.who, opinion);
}

Result<review::Outcome> give_opinion(const Session& session, const Options& o) {
    SENDHUB_ASSIGN(const review::Word word, word_of(o.word));
    return session.desk->give_opinion(session.who, o.case_id, word);
}

int judge_model(const Session& session, const Options& o, bool approve) {
    if (const Status done = session.desk->judge_model(session.who, o.version, approve); !done)
        return failed(done.error());
    std::cout << "model " << o.version << (approve ? " is approved; the next night uses it" : " is refused")
              << "\n";
    return 0;
}

}  // namespace

void add_review_commands(CLI::App& app, const std::string& config, int& code) {
    auto o = std::make_shared<Options>();
    // Runs do() with a session, or ends with why there is none.
    const auto with_session = [o, &config, &code](auto work) {
        return [o, &config, &code, work] {
            const auto settings = load(config);
            if (!settings) {
                code = settings.error();
                return;
            }
            const auto session = open_session(*settings, o->by, govern::Right::review_cases);
            code = session ? work(*session, *o) : failed(session.error());
        };
    };
    auto* review =
        app.add_subcommand("review", "pairs of records that a person must look at, and what was decided");
    review->require_subcommand(0, 1);
    review->add_option("--by", o->by, "who decides (default: the user of this session)");
    review->add_option("--page", o->page, "twenty cases a page")->check(CLI::PositiveNumber);
    review->add_flag("--json", o->json, "as JSON");
    const auto list = with_session(
        [](const Session& s, const Options& x) { return tell(s.desk->cases(s.who, x.page), x.json); });
    review->callback([review, list] {
        if (review->get_subcommands().empty()) list();
    });

    const auto add = [&](CLI::App* parent, const char* name, const char* help, auto work) {
        auto* command = parent->add_subcommand(name, help);
        command->fallthrough();
        command->callback(with_session(work));
        return command;
    };
    auto* show = add(review, "show", "one case: both sides, the weight part by part, home, school, others",
                     [](const Session& s, const Options& x) {
                         return tell(s.desk->one_case(s.who, x.case_id, x.blind), x.json);
                     });
    show->add_option("CASE", o->case_id, "the case")->required();
    show->add_flag("--blind", o->blind, "without the score until you have given an opinion");

    auto* decision = add(review, "decide", "settle a case",
                         [](const Session& s, const Options& x) { return tell(decide(s, x), x.json); });
    decision->add_option("CASE", o->case_id, "the case")->required();
    decision->add_option("WORD", o->word, "same, different, not-sure, split, twins or seal")->required();
    decision->add_option("--reason", o->reason, "why, in a few words")->required();
    decision->add_option("--record", o->record, "of split: the record to part from the others")
        ->type_name("FEED:REF");

    auto* seal = add(review, "seal", "put a barrier between two people that no case is about",
                     [](const Session& s, const Options& x) { return tell(seal_people(s, x), x.json); });
    seal->add_option("PERSON", o->person_a, "the one")->required();
    seal->add_option("OTHER", o->person_b, "the other")->required();
    seal->add_option("--reason", o->reason, "why, in a few words")->required();

    const auto until = [&](CLI::App* command) {
        command
            ->add_option("--until", o->until,
                         "of a sealing: the day from which officers are asked whether it still holds")
            ->type_name("YYYY-MM-DD");
    };
    until(decision);
    until(seal);

    auto* opinion = add(review, "opinion", "say what you think before you see the score (see show --blind)",
                        [](const Session& s, const Options& x) { return tell(give_opinion(s, x), x.json); });
    opinion->add_option("CASE", o->case_id, "the case")->required();
    opinion->add_option("WORD", o->word, "same, different, not-sure or twins")->required();

    add(review, "pending", "what waits for a second person", [](const Session& s, const Options& x) {
        return tell(s.desk->decisions(s.who, review::Which::waiting), x.json);
    });
    add(review, "decisions", "everything that was decided, newest first",
        [](const Session& s, const Options& x) {
            return tell(s.desk->decisions(s.who, review::Which::all), x.json);
        });
    add(review, "tasks", "what the hub asks of you beside the cases",
        [](const Session& s, const Options& x) { return tell(s.desk->tasks(s.who), x.json); });
    add(review, "second", "decided cases that you may look at a second time",
        [](const Session& s, const Options& x) {
            return tell_ids(s.desk->second_looks(s.who), x.json,
                            "decided by others; your opinion measures agreement and changes nothing",
                            "no decided case waits for a second look by you");
        });
    add(review, "sample", "pairs drawn at random, to measure how right matching is",
        [](const Session& s, const Options& x) {
            return tell_ids(s.desk->sample(s.who), x.json,
                            "drawn at random; your decision counts like any other",
                            "no pair drawn at random waits for a person");
        });
    add(review, "quality", "how far reviewers agree",
        [](const Session& s, const Options& x) { return tell(s.desk->quality(s.who), x.json); });

    const auto number = [&](CLI::App* command) {
        command->add_option("ID", o->decision, "the decision")->required()->check(CLI::PositiveNumber);
    };
    number(add(
        review, "approve", "let somebody else's proposal, or its undoing, hold",
        [](const Session& s, const Options& x) { return tell(s.desk->approve(s.who, x.decision), x.json); }));
    number(add(
        review, "refuse", "refuse a proposal, or withdraw your own",
        [](const Session& s, const Options& x) { return tell(s.desk->refuse(s.who, x.decision), x.json); }));
    auto* undo = add(review, "undo", "a decision no longer holds", [](const Session& s, const Options& x) {
        return tell(s.desk->undo(s.who, x.decision, x.reason), x.json);
    });
    number(undo);
    undo->add_option("--reason", o->reason, "why, in a few words")->required();

    auto* extension =
        add(review, "extend", "another day until which a sealing is made; without --until for ever",
            [](const Session& s, const Options& x) { return tell(extend(s, x), x.json); });
    number(extension);
    until(extension);
    extension->add_option("--reason", o->reason, "why, in a few words")->required();

    auto* model = review->add_subcommand("model", "versions of what matching has learnt");
    model->require_subcommand(1);
    model->fallthrough();
    add(model, "list", "the versions, and what a new one would change",
        [](const Session& s, const Options& x) { return tell(s.desk->models(s.who), x.json); });
    for (const bool approve : {true, false})
        add(model, approve ? "approve" : "refuse",
            approve ? "use it from the next night on" : "do not use it",
            [approve](const Session& s, const Options& x) { return judge_model(s, x, approve); })
            ->add_option("VERSION", o->version, "the version")
            ->required();
}

}  // namespace sendhub::cli
