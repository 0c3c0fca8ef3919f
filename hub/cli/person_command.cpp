// `sendhub person`: the page of one child, and looking for one.
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>

#include "hub/cli/commands.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/match/person_ids.hpp"
#include "hub/review/json.hpp"

namespace sendhub::cli {
namespace {

struct Options {
    std::string id, by, reason, from, upn, nhs, uln, surname, forename, born, postcode;
    bool json = false;
};

// {"surname":"…","born":"2012-04-03"}: what is typed at a command line stays in the shell's history.
Status read_question(std::istream& in, Options& o) {
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(text);
    simdjson::dom::object object;
    if (parser.parse(padded).get(object))
        return fail(ErrorCode::usage, "--find -: the input is not a JSON object");
    const std::pair<std::string_view, std::string*> known[] = {
        {"upn", &o.upn},           {"nhs_number", &o.nhs}, {"uln", &o.uln},           {"surname", &o.surname},
        {"forename", &o.forename}, {"born", &o.born},      {"postcode", &o.postcode}, {"reason", &o.reason}};
    for (const auto [key, value] : object) {
        const auto* const field =
            std::ranges::find(known, key, &std::pair<std::string_view, std::string*>::first);
        std::string_view given;
        if (field == std::end(known) || value.get(given))
            return fail(ErrorCode::usage,
                        "--find -: known are upn, nhs_number, uln, surname, forename, born, postcode and "
                        "reason, each a text");
        *field->second = given;
    }
    return {};
}

Result<review::Hits> find(const Session& session, review::Officer who, Options o) {
    if (o.from == "-")
        SENDHUB_TRY(read_question(std::cin, o));
    else if (!o.from.empty())
        return fail(ErrorCode::usage, "--find takes nothing, or - to read the question from standard input");
    review::Query query{o.upn, o.nhs, o.uln, o.surname, o.forename, o.postcode, {}};
    if (!o.born.empty()) {
        query.born = parse_iso_date(o.born);
        if (!query.born) return fail(ErrorCode::usage, "--born is a date such as 2012-04-03");
    }
    who.reason = o.reason;
    return session.desk->find(who, query);
}

Result<review::PersonPage> show(const Session& session, review::Officer who, const Options& o) {
    if (!match::is_person_id(o.id))
        return fail(ErrorCode::usage,
                    "that is no person id: P and fourteen letters, of which one is a check; a letter "
                    "may be mistyped");
    who.reason = o.reason;
    return session.desk->person(who, o.id);
}

template <class T>
int tell(const Result<T>& result, bool json) {
    if (!result) return failed(result.error());
    std::cout << (json ? review::to_json(*result) + "\n" : in_text(*result));
    return 0;
}

}  // namespace

void add_person_command(CLI::App& app, const std::string& config, int& code) {
    auto o = std::make_shared<Options>();
    auto* person = app.add_subcommand(
        "person", "one child: the records, why they are together, where each value comes from (audited)");
    person->add_option("ID", o->id, "the person's id; an old one answers with who it became");
    auto* looks =
        person->add_option("--find", o->from,
                           "look for somebody, by the options below; - reads them as JSON from standard "
                           "input, so that nothing personal stays in the shell's history");
    looks->expected(0, 1);
    person->add_option("--upn", o->upn, "UPN, also a former one");
    person->add_option("--nhs", o->nhs, "NHS number");
    person->add_option("--uln", o->uln, "ULN");
    person->add_option("--surname", o->surname, "surname, as it sounds");
    person->add_option("--forename", o->forename, "forename");
    person->add_option("--born", o->born, "date of birth, such as 2012-04-03");
    person->add_option("--postcode", o->postcode, "postcode, also an earlier one");
    person->add_option("--reason", o->reason, "why you look; for the audit log, without names");
    person->add_option("--by", o->by, "who looks (default: the user of this session)");
    person->add_flag("--json", o->json, "as JSON");
    person->callback([o, looks, &config, &code] {
        const bool find_it = looks->count() > 0;
        if (find_it != o->id.empty()) {
            code = failed(Error(ErrorCode::usage, "give a person's id, or --find and what to look for"));
            return;
        }
        const auto settings = load(config);
        if (!settings) {
            code = settings.error();
            return;
        }
        const auto session = open_session(*settings, o->by, govern::Right::read_people);
        if (!session)
            code = failed(session.error());
        else if (find_it)
            code = tell(find(*session, session->who, *o), o->json);
        else
            code = tell(show(*session, session->who, *o), o->json);
    });
}

}  // namespace sendhub::cli
