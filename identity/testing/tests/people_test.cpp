// The people file is what it says it is: the same each time, with the rates of rates.hpp, and a truth that
// fits.
#include "identity/testing/made_people.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>

#include "identity/testing/made_child.hpp"
#include "identity/testing/slips.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::identity::testing {
namespace {

namespace fs = std::filesystem;

PeopleFile made(PeopleSettings settings) {
    auto file = make_people(settings);
    EXPECT_TRUE(file) << file.error();
    return file ? std::move(*file) : PeopleFile{};
}

// One file for all tests that only read it.
const PeopleFile& sample() {
    static const PeopleFile file = made({.records = 120'000, .seed = 11});
    return file;
}

bool has(const Person& person, Slice slice) { return (person.slices & slice) != 0; }

std::vector<std::vector<std::uint32_t>> records_of_people(const PeopleFile& file) {
    std::vector<std::vector<std::uint32_t>> out(file.people.size());
    for (std::uint32_t row = 0; row < file.records(); ++row) out[file.person[row]].push_back(row);
    return out;
}

std::string plain(std::string_view name) {
    std::string out = upper_case(without_accents(name));
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}
std::string plain_postcode(std::string_view postcode) {
    std::string out = upper_case(postcode);
    std::erase(out, ' ');
    return out;
}

// Share of the records of one source with this column filled.
double filled(const PeopleFile& file, Source source, Column column) {
    double rows = 0, full = 0;
    for (std::size_t row = 0; row < file.records(); ++row) {
        if (file.column(Column::source)[row] != source_names[static_cast<std::size_t>(source)]) continue;
        ++rows;
        full += file.column(column)[row].empty() ? 0 : 1;
    }
    return full / rows;
}

TEST(People, theSameSettingsGiveTheSameFile) {
    const PeopleFile a = made({.records = 3000, .seed = 5}), b = made({.records = 3000, .seed = 5});
    const PeopleFile other = made({.records = 3000, .seed = 6});
    std::size_t different = 0;
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t row = 0; row < a.records(); ++row) {
            ASSERT_EQ(a.texts[c][row], b.texts[c][row]);
            different += a.texts[c][row] == other.texts[c][row] ? 0 : 1;
        }
    EXPECT_EQ(a.person, b.person);
    EXPECT_EQ(a.sealed_pairs, b.sealed_pairs);
    EXPECT_GT(different, 10'000U);
}

TEST(People, thereAreAsManyRecordsAsWereAskedForAndFewOfOnePerson) {
    EXPECT_EQ(made({.records = 1}).records(), 1U);
    const PeopleFile& file = sample();
    ASSERT_EQ(file.records(), 120'000U);
    const double mean = static_cast<double>(file.records()) / static_cast<double>(file.people.size());
    EXPECT_GT(mean, 2.3);
    EXPECT_LT(mean, 2.7);
    const auto records = records_of_people(file);
    std::size_t many = 0;
    for (std::size_t p = 0; p < records.size(); ++p) {
        ASSERT_EQ(records[p].size(), file.people[p].records);
        ASSERT_GE(records[p].size(), 1U);
        ASSERT_LE(records[p].size(), 40U);
        EXPECT_EQ(records[p].size() >= 10, has(file.people[p], many_records));
        many += records[p].size() >= 10 ? 1 : 0;
    }
    EXPECT_GT(many, 50U);
}

TEST(People, unknownMixesAndCountsAreRefused) {
    EXPECT_FALSE(make_people({.records = 10, .mix = "filthy"}));
    EXPECT_FALSE(make_people({.records = 0}));
}

TEST(People, idsAreUniqueAndNeighboursInTheFileAreStrangers) {
    const PeopleFile& file = sample();
    std::set<std::string_view> ids;
    std::size_t same_person = 0;
    for (std::size_t row = 0; row < file.records(); ++row) {
        const auto id = file.column(Column::id)[row];
        EXPECT_EQ(id.size(), 8U);
        ids.insert(id);
        if (row > 0 && file.people[file.person[row]].household == file.people[file.person[row - 1]].household)
            ++same_person;
    }
    EXPECT_EQ(ids.size(), file.records());
    EXPECT_LT(same_person, 20U);  // of 120,000: chance gives about five
}

TEST(People, identifiersAreValidButForTheSlipsAskedFor) {
    const PeopleFile& file = sample();
    std::map<Column, std::map<rules::IdState, double>> states;
    double placed_wrong = 0;
    for (std::size_t row = 0; row < file.records(); ++row) {
        if (const auto upn = file.column(Column::upn)[row]; !upn.empty())
            ++states[Column::upn][rules::upn_state(upn)];
        if (const auto upn = file.column(Column::former_upn)[row]; !upn.empty()) {
            EXPECT_EQ(rules::upn_state(upn), rules::IdState::valid);
            EXPECT_NE(upn, file.column(Column::upn)[row]);
        }
        if (const auto nhs = file.column(Column::nhs_number)[row]; !nhs.empty()) {
            ++states[Column::nhs_number][rules::nhs_number_state(nhs)];
            EXPECT_EQ(nhs.front(), '9');  // nobody's range
            EXPECT_FALSE(file.column(Column::nhs_status)[row].empty());
            // the spine verified it, so it is right
            if (file.column(Column::nhs_status)[row] == "verified") {
                EXPECT_EQ(rules::nhs_number_state(nhs), rules::IdState::valid);
            }
        }
        if (const auto uln = file.column(Column::uln)[row]; !uln.empty()) {
            if (rules::uln_state(uln) != rules::IdState::valid) {
                EXPECT_EQ(rules::nhs_number_state(uln), rules::IdState::valid);
                ++placed_wrong;
            }
        }
    }
    const double upns = states[Column::upn][rules::IdState::valid];
    EXPECT_GT(upns, 40'000);
    EXPECT_NEAR(states[Column::upn][rules::IdState::invalid] / upns, .003, .0015);
    EXPECT_NEAR(states[Column::upn][rules::IdState::temporary] / upns, .008, .004);
    EXPECT_LT(states[Column::nhs_number][rules::IdState::invalid] /
                  states[Column::nhs_number][rules::IdState::valid],
              .004);
    EXPECT_GT(states[Column::nhs_number][rules::IdState::invalid], 5);
    EXPECT_GT(placed_wrong, 3);
    EXPECT_LT(placed_wrong, 60);
}

TEST(People, identifiersBelongToOnePersonButForThoseTypedOver) {
    const PeopleFile& file = sample();
    // of the 60 records that are typed over some lose an identifier of theirs and some stand alone; most are
    // UPNs
    for (const auto& [column, least] :
         {std::pair{Column::upn, 20U}, {Column::nhs_number, 2U}, {Column::uln, 0U}}) {
        std::unordered_map<std::string_view, std::set<std::uint32_t>> people;
        for (std::size_t row = 0; row < file.records(); ++row)
            if (const auto id = file.column(column)[row]; !id.empty()) people[id].insert(file.person[row]);
        std::size_t shared_rows = 0, of_a_template = 0, of_two = 0;
        for (const auto& [id, who] : people) {
            if (who.size() < 2) continue;
            shared_rows += who.size() - 1;
            (who.size() > 3 ? of_a_template : of_two) += 1;
        }
        if (least == 0) {
            EXPECT_EQ(shared_rows, 0U);
            continue;
        }
        EXPECT_LT(shared_rows, 120'000 * .0010);
        EXPECT_GT(shared_rows, least);
        EXPECT_GE(of_a_template + of_two, 1U);
    }
}

TEST(People, everySourceHasItsOwnGaps) {
    const PeopleFile& file = sample();
    const Rates rates = *rates_of("standard");
    const auto rate = [&](Source s) -> const SourceRates& { return rates.of[static_cast<std::size_t>(s)]; };
    EXPECT_NEAR(filled(file, Source::census, Column::upn), .95,
                .02);  // 98 % of those who have one; 3 % have none
    EXPECT_NEAR(filled(file, Source::health, Column::upn), .03, .02);
    EXPECT_NEAR(filled(file, Source::health, Column::nhs_number), rate(Source::health).nhs_present - .01,
                .01);
    EXPECT_EQ(filled(file, Source::census, Column::nhs_number), 0);
    EXPECT_NEAR(filled(file, Source::post16, Column::uln), .92 * .96, .02);
    EXPECT_EQ(filled(file, Source::census, Column::birth_date), 1);
    EXPECT_NEAR(filled(file, Source::missing_education, Column::postcode),
                1 - rate(Source::missing_education).postcode_missing, .05);
    for (std::size_t s = 0; s < sources; ++s) {
        EXPECT_GT(filled(file, static_cast<Source>(s), Column::forename), .99);
        EXPECT_EQ(filled(file, static_cast<Source>(s), Column::surname), 1);
        EXPECT_EQ(filled(file, static_cast<Source>(s), Column::valid_from), 1);
    }
}

struct Disagreement {
    double pairs = 0, forename = 0, surname = 0, birth_date = 0, postcode = 0, postcodes = 0;
};

// Over pairs of records of one person from two sources.
Disagreement disagreement(const PeopleFile& file) {
    Disagreement out;
    for (const auto& rows : records_of_people(file))
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = i + 1; j < rows.size(); ++j) {
                const auto a = rows[i], b = rows[j];
                const auto differs = [&](Column c) { return file.column(c)[a] != file.column(c)[b]; };
                if (!differs(Column::source)) continue;
                ++out.pairs;
                out.forename +=
                    plain(file.column(Column::forename)[a]) != plain(file.column(Column::forename)[b]);
                out.surname +=
                    plain(file.column(Column::surname)[a]) != plain(file.column(Column::surname)[b]);
                out.birth_date += differs(Column::birth_date);
                const std::string p = plain_postcode(file.column(Column::postcode)[a]),
                                  q = plain_postcode(file.column(Column::postcode)[b]);
                if (p.empty() || q.empty()) continue;
                ++out.postcodes;
                out.postcode += p != q;
            }
    return out;
}

TEST(People, recordsOfOnePersonDisagreeAsOftenAsTheReferenceSays) {
    const Disagreement d = disagreement(sample());
    EXPECT_NEAR(d.forename / d.pairs, .12, .02);
    EXPECT_NEAR(d.surname / d.pairs, .18, .02);
    EXPECT_NEAR(d.birth_date / d.pairs, .014, .006);
    EXPECT_GT(d.postcode / d.postcodes, .15);
    EXPECT_LT(d.postcode / d.postcodes, .50);
}

TEST(People, aCleanFileDisagreesLessAndADirtyOneMore) {
    const Disagreement clean = disagreement(made({.records = 30'000, .seed = 3, .mix = "clean"}));
    const Disagreement standard = disagreement(made({.records = 30'000, .seed = 3}));
    const Disagreement dirty = disagreement(made({.records = 30'000, .seed = 3, .mix = "dirty"}));
    EXPECT_LT(clean.forename / clean.pairs, .7 * standard.forename / standard.pairs);
    EXPECT_LT(clean.surname / clean.pairs, .8 * standard.surname / standard.pairs);
    EXPECT_GT(dirty.forename / dirty.pairs, 1.3 * standard.forename / standard.pairs);
    EXPECT_GT(dirty.surname / dirty.pairs, 1.2 * standard.surname / standard.pairs);
    EXPECT_GT(dirty.birth_date / dirty.pairs, 1.2 * standard.birth_date / standard.pairs);
}

TEST(People, defaultBirthDatesAndWrongOnesAreRare) {
    const PeopleFile& file = sample();
    double rows = 0, first_of_year = 0, alone = 0, alone_with_default = 0;
    for (std::size_t row = 0; row < file.records(); ++row) {
        const auto born = file.column(Column::birth_date)[row];
        if (born.empty()) continue;
        EXPECT_EQ(born.size(), 10U);
        EXPECT_GE(born, "1999-01-01");
        EXPECT_LE(born, "2031-01-01");
        ++rows;
        first_of_year += born.ends_with("-01-01") ? 1 : 0;
    }
    EXPECT_NEAR(first_of_year / rows, .003 * .7 + 1 / 365.25, .0015);
    for (const Person& person : made({.records = 400'000, .seed = 4}).people)
        if (has(person, unaccompanied)) {
            ++alone;
            alone_with_default += has(person, default_dob) ? 1 : 0;
        }
    EXPECT_GT(alone, 80);
    EXPECT_NEAR(alone_with_default / alone, .08,
                .06);  // 5 % of the children, and a record here and there of the others
}

TEST(People, twinsShareWhatTwinsShare) {
    const PeopleFile& file = sample();
    std::map<std::uint32_t, std::vector<std::uint32_t>> births;
    for (std::uint32_t p = 0; p < file.people.size(); ++p) {
        EXPECT_EQ(file.people[p].birth != 0, has(file.people[p], twin));
        if (file.people[p].birth != 0) births[file.people[p].birth].push_back(p);
    }
    const auto records = records_of_people(file);
    double twins = 0, pairs = 0, same_surname = 0, same_date = 0, same_place = 0, same_forename = 0,
           close = 0;
    const auto values = [&](std::uint32_t p, Column c) {
        std::set<std::string> out;
        for (const auto row : records[p])
            if (const auto text = file.column(c)[row]; !text.empty())
                out.insert(c == Column::postcode ? plain_postcode(text) : plain(text));
        return out;
    };
    const auto share = [&](std::uint32_t p, std::uint32_t q, Column c) {
        for (const auto& text : values(p, c))
            if (values(q, c).contains(text)) return 1;
        return 0;
    };
    for (const auto& [birth, members] : births) {
        ASSERT_LE(members.size(), 3U);
        twins += static_cast<double>(members.size());
        if (members.size() < 2) continue;  // the other is in no source
        const auto p = members[0], q = members[1];
        EXPECT_EQ(file.people[p].household, file.people[q].household);
        ++pairs;
        same_surname += share(p, q, Column::surname);
        same_date += share(p, q, Column::birth_date);
        same_place += share(p, q, Column::postcode);
        close += has(file.people[p], close_name) ? 1 : 0;
        const auto forenames = values(p, Column::forename), other = values(q, Column::forename);
        for (const auto& name : forenames)
            if (name != "BABY" && name != "INFANT" && name != "BABY BOY" && other.contains(name)) {
                ++same_forename;
                break;
            }
    }
    EXPECT_NEAR(twins / static_cast<double>(file.people.size()), .03, .005);  // 1.5 % of births
    EXPECT_GT(same_surname / pairs, .85);
    EXPECT_GT(same_date / pairs, .95);
    EXPECT_GT(same_place / pairs, .75);  // the others are known by records of different years
    EXPECT_LT(same_forename / pairs, .05);
    EXPECT_NEAR(close / pairs, .12 * .64, .03);
}

TEST(People, nobodyGoesByANameOfABrotherOrSister) {
    const Rates rates = *rates_of("twins");
    const NamePools pools;
    Region region(20'000, 5);
    Numbers numbers;
    Families families(rates, pools, region, numbers, 5);
    std::size_t pairs = 0, like_named = 0;
    for (int i = 0; i < 8'000; ++i)
        for (const Household& household : families.next())
            for (const Child& one : household)
                for (const Child& other : household) {
                    if (&one >= &other || !one.twin || !other.twin || one.born != other.born) continue;
                    ++pairs;
                    like_named += one.close_name ? 1 : 0;
                    for (const std::string* name :
                         {&other.forename, &other.known_forename, &other.later_forename.name}) {
                        if (name->empty()) continue;
                        EXPECT_NE(plain(*name), plain(one.forename));
                        EXPECT_NE(plain(*name), plain(one.known_forename));
                        EXPECT_NE(plain(*name), plain(one.middle));
                    }
                }
    EXPECT_GT(pairs, 1'000U);
    EXPECT_NEAR(static_cast<double>(like_named) / static_cast<double>(pairs), .75 * .64, .05);
}

TEST(People, slicesSayWhatTheRecordsShow) {
    const PeopleFile& file = sample();
    const auto records = records_of_people(file);
    std::map<std::uint32_t, int> in_household;
    for (const Person& person : file.people) ++in_household[person.household];
    std::array<double, slice_names.size()> share{};
    for (std::size_t p = 0; p < file.people.size(); ++p) {
        const Person& person = file.people[p];
        bool upn = false, listed = false;
        for (const auto row : records[p]) {
            upn |= !file.column(Column::upn)[row].empty();
            const auto source = file.column(Column::source)[row];
            listed |= source == "home_education" || source == "missing_education";
        }
        EXPECT_EQ(has(person, no_upn), !upn);
        EXPECT_EQ(has(person, ehe_cme), listed);
        EXPECT_TRUE(!has(person, sibling) || in_household[person.household] > 1);
        EXPECT_TRUE(!has(person, unaccompanied) || has(person, looked_after));
        EXPECT_EQ(has(person, transliterated), lists_of(person.origin).transliterated);
        for (std::size_t bit = 0; bit < share.size(); ++bit)
            share[bit] += (person.slices >> bit & 1) / static_cast<double>(file.people.size());
    }
    const auto of = [&](Slice slice) {
        return share[static_cast<std::size_t>(std::countr_zero(static_cast<std::uint32_t>(slice)))];
    };
    EXPECT_NEAR(of(surname_changed), .15, .03);
    EXPECT_NEAR(of(hyphenated), .08, .02);
    EXPECT_NEAR(of(transliterated), .195, .02);
    EXPECT_NEAR(of(looked_after), .010, .003);
    EXPECT_NEAR(of(unaccompanied), .001, .0006);
    EXPECT_GT(of(moved), .2);
    EXPECT_GT(of(sibling), .7);
    for (std::size_t bit = 0; bit < share.size(); ++bit) EXPECT_GT(share[bit], 0) << slice_names[bit];
}

TEST(People, theSidesOfAnAdoptionAreTwoPeopleWithNoIdentifierInCommon) {
    const PeopleFile& file = sample();
    ASSERT_GT(file.sealed_pairs.size(), 300U);
    std::set<std::uint32_t> people;
    for (const auto& [a, b] : file.sealed_pairs) {
        const auto p = file.person[a], q = file.person[b];
        ASSERT_NE(p, q);
        EXPECT_TRUE(has(file.people[p], sealed) && has(file.people[q], sealed));
        people.insert(p);
        people.insert(q);
        for (const Column c : {Column::upn, Column::nhs_number, Column::uln}) {
            const auto x = file.column(c)[a], y = file.column(c)[b];
            EXPECT_TRUE(x.empty() || x != y);
        }
        // the order parts the two lives in time
        const auto first = file.column(Column::valid_from)[a], second = file.column(Column::valid_from)[b];
        EXPECT_NE(first, second);
    }
    const auto count =
        std::ranges::count_if(file.people, [](const Person& person) { return has(person, sealed); });
    EXPECT_GE(static_cast<std::size_t>(count), people.size());
    EXPECT_NEAR(static_cast<double>(people.size()) / static_cast<double>(file.people.size()), .002, .001);
}

TEST(People, namesHaveAFewThatManyHaveAndManyThatFewHave) {
    const PeopleFile& file = sample();
    std::map<std::string, int> surnames, forenames;
    std::vector<bool> seen(file.people.size());
    for (std::size_t row = 0; row < file.records(); ++row) {
        if (seen[file.person[row]]) continue;
        seen[file.person[row]] = true;
        ++surnames[plain(file.column(Column::surname)[row])];
        ++forenames[plain(file.column(Column::forename)[row])];
    }
    const auto people = static_cast<double>(file.people.size());
    const auto most = [&](const std::map<std::string, int>& names, std::size_t n) {
        std::vector<int> counts;
        for (const auto& [name, count] : names) counts.push_back(count);
        std::ranges::sort(counts, std::greater{});
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += counts[i];
        return sum / people;
    };
    EXPECT_GT(surnames["SMITH"], .004 * people);
    EXPECT_LT(surnames["SMITH"], .012 * people);
    EXPECT_NEAR(most(surnames, 10), .05, .02);
    EXPECT_NEAR(most(surnames, 100), .22, .07);
    EXPECT_GT(surnames.size(), 12'000U);
    EXPECT_NEAR(most(forenames, 100), .25, .12);
    EXPECT_GT(forenames.size(), 8'000U);
}

TEST(People, withoutIdentifiersOnlyTheyAreGone) {
    const PeopleFile with = made({.records = 5000, .seed = 9}),
                     without = made({.records = 5000, .seed = 9, .without_identifiers = true});
    for (std::size_t c = 0; c < columns; ++c) {
        const auto column = static_cast<Column>(c);
        const bool identifier = column == Column::upn || column == Column::former_upn ||
                                column == Column::nhs_number || column == Column::nhs_status ||
                                column == Column::uln;
        for (std::size_t row = 0; row < with.records(); ++row)
            ASSERT_EQ(without.texts[c][row], identifier ? std::string_view{} : with.texts[c][row]);
    }
    EXPECT_EQ(with.person, without.person);
    for (std::size_t p = 0; p < with.people.size(); ++p)
        EXPECT_EQ(with.people[p].slices, without.people[p].slices);
}

TEST(People, theFilesHoldWhatIsInMemory) {
    const fs::path dir = fs::path(::testing::TempDir()) / ("people_" + std::to_string(::getpid()));
    const PeopleFile file = made({.records = 2000, .seed = 2});
    const auto written = write_people(file, dir);
    ASSERT_TRUE(written) << written.error();
    const auto lines = [&](const char* name) {
        std::vector<std::string> out;
        std::ifstream in(dir / name);
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    };
    const auto people = lines("people.csv"), truth = lines("truth.csv"),
               sealed_rows = lines("sealed_pairs.csv");
    ASSERT_EQ(people.size(), 2001U);
    ASSERT_EQ(truth.size(), 2001U);
    EXPECT_EQ(sealed_rows.size(), file.sealed_pairs.size() + 1);
    EXPECT_EQ(
        people[0],
        "source,id,surname,forename,middle_names,known_surname,known_forename,former_surname,birth_date,sex,"
        "postcode,house,street,uprn,previous_postcode,upn,former_upn,nhs_number,nhs_status,uln,school,valid_"
        "from");
    EXPECT_EQ(truth[0], "id,person,slices,household,birth");
    for (std::size_t row = 0; row < 2000; ++row) {
        const std::string id(file.column(Column::id)[row]);
        EXPECT_EQ(people[row + 1].find("," + id + ","), file.column(Column::source)[row].size());
        EXPECT_TRUE(truth[row + 1].starts_with(id + "," + std::to_string(file.person[row] + 1) + "," +
                                               slices_text(file.people[file.person[row]]) + ","));
    }
    fs::remove_all(dir);
    const auto refused = write_people(file, "/proc/nowhere");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("/proc/nowhere"), std::string::npos);
}

TEST(Slips, changeANameButKeepItUtf8) {
    const NamePools pools;
    Rng rng(1);
    int changed = 0;
    for (int i = 0; i < 4000; ++i)
        for (const std::string name : {"Siân", "O'Brien", "Khan-Patel", "Łukasz", "McDonald", "Al-Masri",
                                       "Muhammad Umar", "Li", "Zoë"}) {
            for (const std::string& out :
                 {surname_variant(rng, pools, name), forename_variant(rng, pools, name), typo(rng, name)}) {
                ASSERT_FALSE(out.empty());
                changed += out != name ? 1 : 0;
                for (std::size_t k = 0; k < out.size(); ++k)  // each lead byte of two has its second
                    if ((out[k] & '\xE0') == '\xC0') {
                        ASSERT_LT(k + 1, out.size()) << name;
                        ASSERT_EQ(out[k + 1] & '\xC0', '\x80') << name;
                    }
            }
        }
    EXPECT_GT(changed, 4000 * 9 * 3 * 8 / 10);
}

TEST(Slips, aDateStaysADateNearIt) {
    Rng rng(2);
    const Day born = day(2012, 3, 9);
    int swapped = 0;
    for (int i = 0; i < 5000; ++i) {
        const Day slip = birth_date_slip(rng, born);
        ASSERT_NE(slip, born);
        const Civil c = civil(slip);
        EXPECT_GE(c.year, 2010);
        EXPECT_LE(c.year, 2021);
        swapped += slip == day(2012, 9, 3) ? 1 : 0;
    }
    EXPECT_GT(swapped, 1000);
}

}  // namespace
}  // namespace sendhub::identity::testing
