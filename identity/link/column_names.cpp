#include "identity/link/column_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sendhub::identity::link {
namespace {

using Named = std::pair<std::string_view, Role>;

// Letters and digits of the name, in lower case, without what stands between.
constexpr auto names = std::to_array<Named>({
    {"forename", Role::forename},
    {"forenames", Role::forename},
    {"forename1", Role::forename},
    {"firstname", Role::forename},
    {"firstnames", Role::forename},
    {"givenname", Role::forename},
    {"givennames", Role::forename},
    {"givenname1", Role::forename},
    {"christianname", Role::forename},
    {"legalforename", Role::forename},
    {"fname", Role::forename},
    {"first", Role::forename},
    {"given", Role::forename},
    {"namefirst", Role::forename},

    {"knownforename", Role::known_forename},
    {"preferredforename", Role::known_forename},
    {"preferredfirstname", Role::known_forename},
    {"preferredgivenname", Role::known_forename},
    {"preferredname", Role::known_forename},
    {"chosenforename", Role::known_forename},
    {"knownas", Role::known_forename},
    {"knownasname", Role::known_forename},
    {"knownasforename", Role::known_forename},
    {"usualforename", Role::known_forename},
    {"nickname", Role::known_forename},
    {"alias", Role::known_forename},
    {"aliasforename", Role::known_forename},
    {"formerforename", Role::known_forename},
    {"previousforename", Role::known_forename},

    {"middlename", Role::middle_names},
    {"middlenames", Role::middle_names},
    {"middleinitial", Role::middle_names},
    {"middle", Role::middle_names},
    {"mname", Role::middle_names},
    {"secondname", Role::middle_names},
    {"forename2", Role::middle_names},
    {"givenname2", Role::middle_names},
    {"otherforenames", Role::middle_names},
    {"othernames", Role::middle_names},

    {"surname", Role::surname},
    {"surnames", Role::surname},
    {"lastname", Role::surname},
    {"lastnames", Role::surname},
    {"familyname", Role::surname},
    {"legalsurname", Role::surname},
    {"lname", Role::surname},
    {"sname", Role::surname},
    {"last", Role::surname},
    {"namelast", Role::surname},

    {"knownsurname", Role::known_surname},
    {"preferredsurname", Role::known_surname},
    {"preferredlastname", Role::known_surname},
    {"preferredfamilyname", Role::known_surname},
    {"usualsurname", Role::known_surname},
    {"chosensurname", Role::known_surname},
    {"knownassurname", Role::known_surname},
    {"aliassurname", Role::known_surname},

    {"formersurname", Role::former_surname},
    {"formername", Role::former_surname},
    {"formerlastname", Role::former_surname},
    {"formerfamilyname", Role::former_surname},
    {"previoussurname", Role::former_surname},
    {"previousname", Role::former_surname},
    {"previouslastname", Role::former_surname},
    {"maidenname", Role::former_surname},
    {"maidensurname", Role::former_surname},
    {"birthname", Role::former_surname},
    {"birthsurname", Role::former_surname},
    {"surnameatbirth", Role::former_surname},

    {"fullname", Role::full_name},
    {"name", Role::full_name},
    {"completename", Role::full_name},
    {"wholename", Role::full_name},
    {"displayname", Role::full_name},
    {"firstandsurname", Role::full_name},
    {"forenameandsurname", Role::full_name},
    {"forenamesurname", Role::full_name},
    {"firstandlastname", Role::full_name},
    {"surnameforename", Role::full_name},
    {"surnameandforename", Role::full_name},

    {"dob", Role::birth_date},
    {"dateofbirth", Role::birth_date},
    {"birthdate", Role::birth_date},
    {"birthday", Role::birth_date},
    {"bday", Role::birth_date},
    {"bdate", Role::birth_date},
    {"birth", Role::birth_date},
    {"born", Role::birth_date},
    {"dateborn", Role::birth_date},
    {"birthyear", Role::birth_year},
    {"yearofbirth", Role::birth_year},
    {"yob", Role::birth_year},
    {"byear", Role::birth_year},

    {"sex", Role::sex},
    {"gender", Role::sex},
    {"sexcode", Role::sex},
    {"gendercode", Role::sex},
    {"genderidentity", Role::sex},
    {"sexatbirth", Role::sex},

    {"postcode", Role::postcode},
    {"postalcode", Role::postcode},
    {"pcode", Role::postcode},
    {"pcd", Role::postcode},
    {"pcds", Role::postcode},
    {"zip", Role::postcode},
    {"zipcode", Role::postcode},
    {"zip5", Role::postcode},
    {"addresspostcode", Role::postcode},
    {"previouspostcode", Role::previous_postcode},
    {"formerpostcode", Role::previous_postcode},
    {"oldpostcode", Role::previous_postcode},
    {"lastpostcode", Role::previous_postcode},
    {"previouszip", Role::previous_postcode},

    {"uprn", Role::uprn},
    {"house", Role::house},
    {"housenumber", Role::house},
    {"houseno", Role::house},
    {"housename", Role::house},
    {"housenameornumber", Role::house},
    {"streetnumber", Role::house},
    {"streetno", Role::house},
    {"buildingnumber", Role::house},
    {"buildingname", Role::house},
    {"paon", Role::house},
    {"doornumber", Role::house},

    {"street", Role::street},
    {"streetname", Role::street},
    {"streetaddress", Role::street},
    {"address", Role::street},
    {"address1", Role::street},
    {"addressline1", Role::street},
    {"addressline", Role::street},
    {"addrline1", Role::street},
    {"addr", Role::street},
    {"addr1", Role::street},
    {"fulladdress", Role::street},
    {"road", Role::street},
    {"thoroughfare", Role::street},

    {"town", Role::locality},
    {"city", Role::locality},
    {"suburb", Role::locality},
    {"locality", Role::locality},
    {"village", Role::locality},
    {"place", Role::locality},
    {"posttown", Role::locality},
    {"towncity", Role::locality},
    {"citytown", Role::locality},
    {"municipality", Role::locality},
    {"addresstown", Role::locality},
    {"addresscity", Role::locality},
    {"address2", Role::locality},
    {"address3", Role::locality},
    {"addressline2", Role::locality},
    {"addressline3", Role::locality},
    {"addr2", Role::locality},

    {"state", Role::region},
    {"county", Role::region},
    {"region", Role::region},
    {"province", Role::region},
    {"country", Role::region},
    {"address4", Role::region},
    {"addressline4", Role::region},

    {"upn", Role::upn},
    {"uniquepupilnumber", Role::upn},
    {"pupilnumber", Role::upn},
    {"formerupn", Role::former_upn},
    {"previousupn", Role::former_upn},
    {"nhsnumber", Role::nhs_number},
    {"nhsno", Role::nhs_number},
    {"nhsnum", Role::nhs_number},
    {"nhs", Role::nhs_number},
    {"nhsid", Role::nhs_number},
    {"nhsstatus", Role::nhs_status},
    {"nhsnumberstatus", Role::nhs_status},
    {"nhsnumberstatusindicator", Role::nhs_status},
    {"nhsnumberstatuscode", Role::nhs_status},
    {"uln", Role::uln},
    {"uniquelearnernumber", Role::uln},

    {"socsecid", Role::identifier},
    {"ssn", Role::identifier},
    {"ssn4", Role::category},
    {"socialsecurity", Role::identifier},
    {"socialsecuritynumber", Role::identifier},
    {"nino", Role::identifier},
    {"ni", Role::identifier},
    {"ninumber", Role::identifier},
    {"nationalinsurance", Role::identifier},
    {"nationalinsurancenumber", Role::identifier},
    {"nationalid", Role::identifier},
    {"nationalidnumber", Role::identifier},
    {"idnumber", Role::identifier},
    {"idcard", Role::identifier},
    {"idcardnumber", Role::identifier},
    {"identitynumber", Role::identifier},
    {"passport", Role::identifier},
    {"passportnumber", Role::identifier},
    {"passportno", Role::identifier},
    {"drivinglicence", Role::identifier},
    {"drivinglicencenumber", Role::identifier},
    {"driverslicense", Role::identifier},
    {"taxid", Role::identifier},
    {"taxnumber", Role::identifier},
    {"medicarenumber", Role::identifier},
    {"chinumber", Role::identifier},
    {"hospitalnumber", Role::identifier},
    {"mrn", Role::identifier},

    {"email", Role::email},
    {"emailaddress", Role::email},
    {"mail", Role::email},
    {"phone", Role::phone},
    {"phoneno", Role::phone},
    {"phonenumber", Role::phone},
    {"phone1", Role::phone},
    {"phone2", Role::phone},
    {"telephone", Role::phone},
    {"telephonenumber", Role::phone},
    {"tel", Role::phone},
    {"telno", Role::phone},
    {"mobile", Role::phone},
    {"mobilenumber", Role::phone},
    {"mobilephone", Role::phone},
    {"mobileno", Role::phone},
    {"cell", Role::phone},
    {"cellphone", Role::phone},
    {"landline", Role::phone},

    {"school", Role::school},
    {"schoolname", Role::school},
    {"schoolurn", Role::school},
    {"urn", Role::school},
    {"laestab", Role::school},
    {"estab", Role::school},
    {"estabnumber", Role::school},
    {"establishment", Role::school},
    {"setting", Role::school},
    {"provider", Role::school},
    {"ukprn", Role::school},

    {"deathdate", Role::death_date},
    {"dateofdeath", Role::death_date},
    {"dod", Role::death_date},

    {"birthplace", Role::text},
    {"placeofbirth", Role::text},
    {"countryofbirth", Role::text},
    {"birthcountry", Role::text},
    {"townofbirth", Role::text},
    {"occupation", Role::text},
    {"profession", Role::text},
    {"job", Role::text},
    {"jobtitle", Role::text},
    {"employer", Role::text},

    {"ethnicity", Role::category},
    {"ethnicgroup", Role::category},
    {"ethniccode", Role::category},
    {"ethnicitycode", Role::category},
    {"race", Role::category},
    {"language", Role::category},
    {"firstlanguage", Role::category},
    {"homelanguage", Role::category},
    {"mothertongue", Role::category},
    {"nationality", Role::category},
    {"citizenship", Role::category},
    {"religion", Role::category},
    {"faith", Role::category},
    {"bloodgroup", Role::category},
    {"eyecolour", Role::category},
    {"eyecolor", Role::category},
});

// Best first: which column is the key of a record when several could be.
constexpr auto id_names = std::to_array<std::string_view>(
    {"id",        "uniqueid",   "recid",     "recordid",  "uid",          "rowid",     "key",
     "recordkey", "sourcekey",  "sourceid",  "recordno",  "recordnumber", "recordref", "uniqueref",
     "uuid",      "guid",       "rid",       "pk",        "ref",          "reference", "childid",
     "childref",  "pupilid",    "pupilref",  "personid",  "personref",    "patientid", "patientref",
     "studentid", "clientid",   "clientref", "learnerid", "customerid",   "memberid",  "caseid",
     "caseref",   "casenumber", "localid",   "systemid",  "externalid",   "entryid",   "objectid"});

constexpr auto source_names =
    std::to_array<std::string_view>({"source", "feed", "sourcedataset", "sourcesystem", "sourcefile",
                                     "sourcename", "dataset", "datasource", "system", "file", "filename"});

constexpr auto leading = std::to_array<std::string_view>(
    {"child",    "childs",  "pupil",    "pupils", "person",      "persons",   "patient",  "student",
     "client",   "learner", "customer", "member", "participant", "applicant", "claimant", "subject",
     "resident", "current", "legal",    "home",   "residential", "main",      "primary",  "correspondence",
     "raw",      "orig",    "original", "clean",  "cleaned",     "std",       "the"});
constexpr auto trailing =
    std::to_array<std::string_view>({"fake", "clean", "cleaned", "std", "raw", "orig", "original", "l", "r",
                                     "text", "value", "field", "1", "current", "legal"});
constexpr auto answers = std::to_array<std::string_view>(
    {"cluster",     "clusterid",  "truth",       "true",        "label",   "labels",  "gold",
     "groundtruth", "match",      "matched",     "matches",     "ismatch", "matchid", "matchstatus",
     "duplicate",   "duplicates", "isduplicate", "duplicateof", "dup",     "dedupe",  "dupflag",
     "entity",      "entityid",   "entid",       "person",      "persons", "group",   "groupid",
     "master",      "masterid",   "canonicalid", "goldenid"});
constexpr auto answer_words =
    std::to_array<std::string_view>({"true", "truth", "cluster", "gold", "duplicate"});
constexpr auto books = std::to_array<std::string_view>(
    {"row",        "rownum",     "rownumber",     "rowno",       "index",        "line",        "lineno",
     "linenumber", "unnamed0",   "levelindex",    "seq",         "sequence",     "serial",      "timestamp",
     "datetime",   "created",    "updated",       "modified",    "lastmodified", "lastupdated", "loaddate",
     "validfrom",  "validto",    "effectivefrom", "effectiveto", "asof",         "asat",        "batch",
     "batchid",    "run",        "runid",         "version",     "hash",         "checksum",    "createdby",
     "updatedby",  "recordtype", "rectype"});
constexpr auto book_words = std::to_array<std::string_view>(
    {"timestamp", "created", "updated", "modified", "loaded", "inserted", "imported"});
constexpr auto other_people = std::to_array<std::string_view>(
    {"mother",  "mothers", "mum",      "father",    "fathers",   "dad",      "parent",       "parents",
     "carer",   "carers",  "guardian", "guardians", "spouse",    "partner",  "husband",      "wife",
     "sibling", "kin",     "nok",      "gp",        "doctor",    "dr",       "emergency",    "contact",
     "teacher", "tutor",   "worker",   "officer",   "informant", "referrer", "practitioner", "keyworker"});

template <class List>
bool in(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string joined(const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) out += words[i];
    return out;
}
std::string plain(std::string_view column) {
    const auto words = words_of(column);
    return joined(words, 0, words.size());
}

std::optional<Role> look_up(std::string_view plain_name) {
    for (const auto& [name, role] : names)
        if (name == plain_name) return role;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> words_of(std::string_view column) {
    std::vector<std::string> words;
    bool in_word = false;
    char before = 0;
    for (const char c : column) {
        const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (!upper && !lower && !digit) {
            if (c != '\'') in_word = false;  // "mother's" is one word
            continue;
        }
        if (upper && before >= 'a' && before <= 'z') in_word = false;
        if (!in_word) words.emplace_back();
        words.back() += upper ? static_cast<char>(c + 32) : c;
        in_word = true;
        before = c;
    }
    return words;
}

std::optional<Role> role_by_name(std::string_view column) {
    const auto words = words_of(column);
    std::size_t first = 0, last = words.size();
    for (;;) {
        for (std::size_t end = words.size(); end > first; --end) {
            if (end < words.size() && !in(trailing, words[end])) break;
            if (const auto role = look_up(joined(words, first, end))) return role;
        }
        if (first + 1 >= last || !in(leading, words[first])) return std::nullopt;
        ++first;
    }
}

bool is_bookkeeping(std::string_view column) {
    const auto words = words_of(column);
    const std::string name = joined(words, 0, words.size());
    if (in(answers, name) || in(books, name)) return true;
    return std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return in(answer_words, word) || in(book_words, word);
    });
}

bool is_of_another_person(std::string_view column) {
    const auto words = words_of(column);
    // "contact_number" and "contact email" are usually the person's own
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return in(other_people, word) && !(word == "contact" && words.size() < 3);
    });
}

std::optional<std::size_t> id_rank(std::string_view column) {
    const auto at = std::find(id_names.begin(), id_names.end(), plain(column));
    if (at == id_names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - id_names.begin());
}

bool is_source_name(std::string_view column) { return in(source_names, plain(column)); }

}  // namespace sendhub::identity::link
