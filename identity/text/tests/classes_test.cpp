#include "identity/text/classes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "identity/text/class_tables.hpp"
#include "identity/text/name.hpp"

namespace sendhub::identity::text {
namespace {

using Line = std::vector<std::string>;

// The table by section, read in another way than the library does.
std::map<std::string, std::vector<Line>> read(std::string_view table) {
    std::map<std::string, std::vector<Line>> out;
    std::istringstream in{std::string(table)};
    std::string section, text;
    while (std::getline(in, text)) {
        if (text.empty() || text[0] == '#') continue;
        if (text[0] == '[') {
            section = text;
            continue;
        }
        std::istringstream words(text);
        Line line;
        for (std::string word; words >> word;) line.push_back(word);
        out[section].push_back(line);
    }
    return out;
}

std::size_t lines(const std::map<std::string, std::vector<Line>>& table) {
    std::size_t n = 0;
    for (const auto& [section, all] : table) n += all.size();
    return n;
}

TEST(NameTables, are_as_their_heads_say) {
    const auto nicknames = read(nicknames_table), spellings = read(transliterations_table);
    EXPECT_GT(lines(nicknames), 700u);
    EXPECT_GT(lines(spellings), 400u);
    ASSERT_EQ(nicknames.size(), 1u);
    ASSERT_EQ(spellings.size(), 3u);
    EXPECT_TRUE(spellings.contains("[both]") && spellings.contains("[forenames]") &&
                spellings.contains("[surnames]"));
    Name name;
    for (const auto& table : {nicknames, spellings})
        for (const auto& [section, all] : table)
            for (const auto& line : all) {
                EXPECT_GE(line.size(), 2u) << line[0];
                EXPECT_EQ(std::set<std::string>(line.begin(), line.end()).size(), line.size())
                    << "a word twice in the line of " << line[0];
                for (const auto& word : line) {
                    standard_name(word, name);
                    EXPECT_EQ(name.plain, word) << "not in plain form, or a placeholder";
                }
            }
}

TEST(NameTables, say_no_spelling_twice) {
    for (const auto& [section, all] : read(transliterations_table)) {
        std::map<std::string, std::set<std::string>> heads;
        for (const auto& line : all)
            EXPECT_TRUE(heads[line[0]].insert(section).second) << line[0] << " heads two lines";
    }
}

TEST(ForenameRelation, holds_for_every_line_of_the_tables) {
    for (const auto& [section, all] : read(transliterations_table)) {
        if (section == "[surnames]") continue;
        for (const auto& line : all)
            for (const auto& a : line)
                for (const auto& b : line)
                    EXPECT_EQ(forename_relation(a, b), a == b ? Relation::none : Relation::transliteration)
                        << a << ' ' << b;
    }
    for (const auto& [section, all] : read(nicknames_table))
        for (const auto& line : all)
            for (std::size_t i = 1; i < line.size(); ++i) {
                EXPECT_NE(forename_relation(line[0], line[i]), Relation::none) << line[0] << ' ' << line[i];
                EXPECT_NE(forename_relation(line[i], line[0]), Relation::none) << line[i] << ' ' << line[0];
            }
}

TEST(ForenameRelation, is_no_equivalence) {
    EXPECT_EQ(forename_relation("alex", "alexander"), Relation::nickname);
    EXPECT_EQ(forename_relation("alex", "alexandra"), Relation::nickname);
    EXPECT_EQ(forename_relation("alexander", "alexandra"), Relation::none);
    EXPECT_EQ(forename_relation("sam", "samantha"), Relation::nickname);
    EXPECT_EQ(forename_relation("samuel", "samantha"), Relation::none);
    EXPECT_EQ(forename_relation("chris", "christina"), Relation::nickname);
    EXPECT_EQ(forename_relation("christopher", "christine"), Relation::none);
    EXPECT_EQ(forename_relation("james", "james"), Relation::none);
    EXPECT_EQ(forename_relation("james", "oliver"), Relation::none);
    EXPECT_EQ(forename_relation("", "james"), Relation::none);
}

TEST(ForenameRelation, reaches_from_a_spelling_to_a_short_form) {
    EXPECT_EQ(forename_relation("katherine", "kate"), Relation::nickname);
    EXPECT_EQ(forename_relation("mohamed", "mo"), Relation::nickname);
    EXPECT_EQ(forename_relation("md", "mohammed"), Relation::transliteration);
    EXPECT_EQ(forename_relation("yusuf", "youssef"), Relation::transliteration);
}

TEST(ForenameRelation, short_forms_of_one_name_must_begin_alike) {
    EXPECT_EQ(forename_relation("liz", "lizzie"), Relation::nickname);
    EXPECT_EQ(forename_relation("will", "willy"), Relation::nickname);
    EXPECT_EQ(forename_relation("alfie", "freddie"), Relation::none);
    EXPECT_EQ(forename_relation("molly", "polly"), Relation::none);
}

TEST(ForenameRelation, names_that_brothers_and_sisters_bear_are_apart) {
    const std::pair<const char*, const char*> twins[] = {
        {"hassan", "hussain"},     {"ava", "eva"},           {"amina", "amira"},
        {"jayden", "aidan"},       {"taiwo", "kehinde"},     {"zain", "zayd"},
        {"mia", "millie"},         {"anna", "hannah"},       {"ella", "ellie"},
        {"ibrahim", "ismail"},     {"umar", "umair"},        {"alfie", "albie"},
        {"sean", "shane"},         {"harpreet", "gurpreet"}, {"abdullah", "abdulrahman"},
        {"isabella", "annabella"}, {"ella", "isabella"},     {"maryam", "maria"},
        {"jake", "jack"},          {"olivia", "oliver"},     {"fatima", "khadija"},
        {"daniel", "danielle"},    {"ioan", "ifan"},         {"lily", "elizabeth"}};
    for (const auto& [a, b] : twins) EXPECT_EQ(forename_relation(a, b), Relation::none) << a << ' ' << b;
}

TEST(SurnameRelation, knows_spellings_and_no_nicknames) {
    EXPECT_EQ(surname_relation("hussain", "hussein"), Relation::transliteration);
    EXPECT_EQ(surname_relation("mohammed", "muhammad"), Relation::transliteration);
    EXPECT_EQ(surname_relation("chowdhury", "choudhry"), Relation::transliteration);
    EXPECT_EQ(surname_relation("mcdonald", "macdonald"), Relation::transliteration);
    EXPECT_EQ(surname_relation("alexander", "alex"), Relation::none);
    EXPECT_EQ(surname_relation("katherine", "catherine"), Relation::none);  // forenames only
    EXPECT_EQ(surname_relation("smith", "jones"), Relation::none);
}

TEST(ForenameClass, is_shared_by_the_spellings_and_the_usual_short_form) {
    EXPECT_EQ(forename_class("mo"), forename_class("mohamed"));
    EXPECT_EQ(forename_class("katherine"), forename_class("kate"));
    EXPECT_EQ(forename_class("alex"), forename_class("alexander"));
    EXPECT_EQ(forename_class("ben"), forename_class("benjamin"));
    EXPECT_NE(forename_class("alexander"), forename_class("alexandra"));
    EXPECT_EQ(forename_class("notinthetable"), "notinthetable");
    EXPECT_EQ(surname_class("choudhry"), surname_class("chowdhury"));
    EXPECT_EQ(surname_class("notinthetable"), "notinthetable");
}

TEST(ForenameClasses, of_two_related_names_meet) {
    const auto classes = [](const std::string& name) {
        std::set<std::string> out;
        forename_classes(name,
                         [&](std::string_view c) { EXPECT_TRUE(out.insert(std::string(c)).second) << c; });
        EXPECT_TRUE(out.contains(std::string(forename_class(name)))) << name;
        return out;
    };
    std::set<std::string> names;
    for (const auto& table : {read(nicknames_table), read(transliterations_table)})
        for (const auto& [section, all] : table)
            if (section != "[surnames]")
                for (const auto& line : all) names.insert(line.begin(), line.end());
    std::size_t related = 0, turn = 0;
    for (const auto& a : names) {
        if (++turn % 8 != 0) continue;  // all with an eighth of all: enough to find a class that is missed
        const auto mine = classes(a);
        for (const auto& b : names) {
            if (forename_relation(a, b) == Relation::none) continue;
            ++related;
            const auto its = classes(b);
            EXPECT_TRUE(std::any_of(mine.begin(), mine.end(), [&](const auto& c) { return its.contains(c); }))
                << a << ' ' << b;
        }
    }
    EXPECT_GT(related, 1000u);
    EXPECT_EQ(classes("notinthetable"), std::set<std::string>{"notinthetable"});
}

}  // namespace
}  // namespace sendhub::identity::text
