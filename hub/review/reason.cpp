#include "hub/review/reason.hpp"

#include <set>

#include "identity/text/fold.hpp"
#include "identity/text/name.hpp"

namespace sendhub::review {
namespace {

std::set<std::string> words_of(std::string_view raw) {
    std::string plain;
    identity::text::fold(raw, plain);
    std::set<std::string> out;
    identity::text::for_each_token(plain, [&](std::string_view word) {
        if (word.size() > 1) out.emplace(word);  // an initial names nobody
    });
    return out;
}

}  // namespace

Status check_access_reason(std::string_view reason) {
    SENDHUB_TRY(check_reason(reason));
    int digits = 0;
    for (const char c : reason) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if (c != ' ' && c != '-')
            digits = 0;
        if (digits >= 10)
            return fail(
                ErrorCode::usage,
                "the reason holds what looks like an identifier; it goes into the audit log, which keeps "
                "none: say why in other words");
    }
    return {};
}

Status check_no_name(std::string_view reason, const std::vector<std::string>& names) {
    const std::set<std::string> given = words_of(reason);
    for (const std::string& name : names)
        for (const std::string& word : words_of(name))
            if (given.contains(word))
                return fail(
                    ErrorCode::usage,
                    "the reason holds a word that is one of the child's names; it goes into the audit log, "
                    "which keeps none: say why in other words");
    return {};
}

std::vector<std::string> names_of(const PersonPage& page) {
    std::vector<std::string> out;
    for (const Facts& f : page.records)
        for (const std::string Facts::* name :
             {&Facts::forename, &Facts::surname, &Facts::middle_names, &Facts::known_forename,
              &Facts::known_surname, &Facts::former_surname})
            out.push_back(f.*name);
    return out;
}

}  // namespace sendhub::review
