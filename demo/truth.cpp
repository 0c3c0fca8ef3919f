#include "demo/truth.hpp"

#include "demo/shared_with_people.hpp"

namespace sendhub::demo {

std::string child_id(std::uint32_t child) { return "C" + number(child + 1, 7); }

void Truth::record(std::string_view feed, std::string_view file, std::uint64_t ordinal, std::string_view key,
                   std::uint32_t child) {
    CsvLine line(records_);
    line << feed << file << ordinal << key << child_id(child);
    line.end("\n");
}

void Truth::issue(std::string_view feed, std::string_view file, std::uint64_t ordinal,
                  std::string_view record, std::string_view rule, std::string_view severity,
                  std::string_view reason) {
    CsvLine line(issues_);
    line << feed << file << ordinal << record << rule << severity << reason;
    line.end("\n");
}

std::string people_csv(const County& county) {
    std::string out =
        "child_id,household_id,surname,forename,middle_names,preferred_surname,preferred_forename,former_"
        "surname,birth_date,sex,"
        "ethnicity_code,first_language,upn,former_upn,uln,nhs_number,postcode,uprn,twin,sibling,on_roll,"
        "laestab,nc_year,"
        "sen_provision,primary_need,youth_justice\n";
    CsvLine line(out);
    for (std::uint32_t i = 0; i < county.children.size(); ++i) {
        const Child& c = county.children[i];
        const Street& street = county.streets[county.households[c.household].address.street];
        line << child_id(i) << "H" + number(c.household + 1, 7) << c.surname << c.forename << c.middle
             << c.preferred_surname << c.familiar << c.former_surname << iso(c.born) << (c.male ? "M" : "F")
             << c.ethnicity << c.language << c.upn << c.former_upn << c.uln << c.nhs << street.postcode
             << uprn(county.households[c.household].address) << (c.twin ? "true" : "false")
             << (c.sibling ? "true" : "false") << (is_on_roll(c.story) ? "true" : "false")
             << (c.school == no_school || !is_on_roll(c.story)
                     ? std::string_view()
                     : std::string_view(county.schools[c.school].laestab))
             << year_code(c.year) << std::string(1, c.sen)
             << (c.needs[0] == 0 ? std::string_view() : need_codes[c.needs[0] - 1U])
             << (c.youth_justice ? "true" : "false");
        line.end("\n");
    }
    return out;
}

std::expected<void, std::string> Truth::write(const County& county, Output& output) const {
    if (auto done = output.put("truth/people.csv", people_csv(county)); !done) return done;
    if (auto done = output.put("truth/records.csv", "feed,file,ordinal,person_key,child_id\n" + records_);
        !done)
        return done;
    if (auto done =
            output.put("truth/rejects.csv", "feed,file,ordinal,record,rule,severity,reason\n" + issues_);
        !done)
        return done;
    return output.put("truth/measures.csv", measures_csv(county));
}

}  // namespace sendhub::demo
