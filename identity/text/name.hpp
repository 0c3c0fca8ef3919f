// Names of people, made comparable.
//
//   standard_name("Mc Donald-O'Neil", n)   n.spaced "mcdonald oneil"   n.plain "mcdonaldoneil"
//   standard_name("Twin 2", n)             both empty, n.placeholder == unnamed_of_several
//
// The rules are those of the matching reference, section 2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sendhub::identity::text {

// A text that stands where a name should stand. It is a fact about the record, and never compared.
// unnamed_of_several: an unnamed newborn of a multiple birth ("Twin 1").
enum class Placeholder : std::uint8_t { none, unknown, unnamed_newborn, unnamed_of_several };

struct Name {
    std::string
        spaced;  // folded tokens, one blank between; a particle (mc, o, al, van, de la) is one with its name
    std::string plain;  // the same without blanks, so that "mc donald", "mcdonald" and "Mac-Donald" differ in
                        // an a at most
    Placeholder placeholder = Placeholder::none;
};

// One name column's text: a forename, a surname, or several words of either. A title in front (mr, miss, dr)
// goes. Both texts are empty when nothing but punctuation was given or it is a placeholder.
void standard_name(std::string_view raw, Name& out);

// Takes a second name out of a text: "Elizabeth (Lizzie)", "Robert “Bob” Smith", "John aka Jonny", "Smith née
// Jones", "known as Kit". main is what is left, other the second name; empty if there is none, or if the
// bracket holds a remark (deceased, twin 1, see notes) instead of a name. Neither is folded yet. Returns
// whether the words before the other name say that a single one is a surname (née, formerly).
bool also_known_as(std::string_view raw, std::string& main, std::string& other);

// A whole name in one column: "Smith, Jane Ann", "Miss Jane Ann Smith", "Ludwig van den Berg". surname is
// empty when there is one word only. Neither is folded yet, but they are ready for standard_name.
void split_full_name(std::string_view raw, std::string& forenames, std::string& surname);

// fn(std::string_view) for each word of a spaced text.
template <typename Fn>
void for_each_token(std::string_view spaced, Fn&& fn) {
    while (!spaced.empty()) {
        const std::size_t end = spaced.find(' ');
        if (end != 0) fn(spaced.substr(0, end));
        if (end == std::string_view::npos) return;
        spaced.remove_prefix(end + 1);
    }
}

}  // namespace sendhub::identity::text
