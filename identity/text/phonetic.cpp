#include "identity/text/phonetic.hpp"

#include <algorithm>
#include <initializer_list>

namespace sendhub::identity::text {
namespace {

// The letters of a word, those beyond its ends read as blanks, and the two codes as they grow.
class Reader {
  public:
    explicit Reader(std::string_view plain) {
        for (const char c : plain)
            if (c >= 'a' && c <= 'z' && size_ < most) letters_[size_++] = c;
        slavo_germanic_ = word().find_first_of("wk") != std::string_view::npos ||
                          word().find("cz") != std::string_view::npos;
    }

    bool empty() const { return size_ == 0; }
    char first() const { return letters_[0]; }
    Phonetic read();

  private:
    static constexpr int most = 48;  // four sounds never need more

    std::string_view word() const { return {letters_, static_cast<std::size_t>(size_)}; }
    char at(int i) const { return i >= 0 && i < size_ ? letters_[i] : ' '; }
    // One of the texts stands at i; a blank in it stands for an end of the word.
    bool is(int i, std::initializer_list<std::string_view> texts) const {
        return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
            for (std::size_t k = 0; k < text.size(); ++k)
                if (at(i + static_cast<int>(k)) != text[k]) return false;
            return true;
        });
    }
    bool one_of(int i, std::string_view letters) const {
        return letters.find(at(i)) != std::string_view::npos;
    }
    bool vowel(int i) const { return i >= 0 && i < size_ && one_of(i, "aeiouy"); }
    bool last(int i) const { return i == size_ - 1; }

    void add(std::string_view both) { add(both, both); }
    void add(std::string_view primary, std::string_view alternate) {
        append(primary_, primary);
        append(alternate_, alternate);
    }
    static void append(std::uint32_t& code, std::string_view sounds) {
        for (const char c : sounds)
            for (int byte = 0; byte < 4; ++byte)
                if ((code >> (8 * byte) & 0xFF) == 0) {
                    code |= static_cast<std::uint32_t>(c) << (8 * byte);
                    break;
                }
    }
    int twice(int i) const { return at(i + 1) == at(i) ? 2 : 1; }

    // Each reads the letter at i and gives the number of letters it has dealt with.
    int letter(int i);
    int c(int i);
    int ch(int i);
    int d(int i);
    int g(int i);
    int gh(int i);
    int j(int i);
    int l(int i);
    int s(int i);
    int sc(int i);
    int t(int i);
    int w(int i);
    int x(int i);
    int z(int i);

    char letters_[most];
    int size_ = 0;
    bool slavo_germanic_ = false;
    std::uint32_t primary_ = 0, alternate_ = 0;
};

Phonetic Reader::read() {
    int i = is(0, {"gn", "kn", "pn", "wr", "ps"}) ? 1 : 0;  // silent in front
    if (at(0) == 'x') {                                     // Xavier
        add("S");
        i = 1;
    }
    while (i < size_ && ((primary_ >> 24) == 0 || (alternate_ >> 24) == 0)) i += letter(i);
    return {primary_, alternate_};
}

int Reader::letter(int i) {
    switch (at(i)) {
        case 'b':
            add("P");
            return twice(i);
        case 'c':
            return c(i);
        case 'd':
            return d(i);
        case 'f':
            add("F");
            return twice(i);
        case 'g':
            return g(i);
        case 'h':
            // sounded in front of a vowel, unless after a consonant
            if ((i == 0 || vowel(i - 1)) && vowel(i + 1)) {
                add("H");
                return 2;
            }
            return 1;
        case 'j':
            return j(i);
        case 'k':
            add("K");
            return twice(i);
        case 'l':
            return l(i);
        case 'm':
            add("M");
            return (is(i - 1, {"umb"}) && (last(i + 1) || is(i + 2, {"er"}))) || at(i + 1) == 'm'
                       ? 2
                       : 1;  // thumb
        case 'n':
            add("N");
            return twice(i);
        case 'p':
            if (at(i + 1) == 'h') {
                add("F");
                return 2;
            }
            add("P");
            return one_of(i + 1, "pb") ? 2 : 1;  // Campbell
        case 'q':
            add("K");
            return twice(i);
        case 'r':
            if (last(i) && !slavo_germanic_ && is(i - 2, {"ie"}) && !is(i - 4, {"me", "ma"}))
                add("", "R");  // Rogier
            else
                add("R");
            return twice(i);
        case 's':
            return s(i);
        case 't':
            return t(i);
        case 'v':
            add("F");
            return twice(i);
        case 'w':
            return w(i);
        case 'x':
            return x(i);
        case 'z':
            return z(i);
        default:  // a vowel counts at the beginning only
            if (i == 0) add("A");
            return 1;
    }
}

int Reader::c(int i) {
    if (i > 1 && !vowel(i - 2) && is(i - 1, {"ach"}) && at(i + 2) != 'i' &&
        (at(i + 2) != 'e' || is(i - 2, {"bacher", "macher"}))) {  // Bach
        add("K");
        return 2;
    }
    if (i == 0 && is(0, {"caesar"})) {
        add("S");
        return 2;
    }
    if (at(i + 1) == 'h') return ch(i);
    if (at(i + 1) == 'z' && !is(i - 2, {"wicz"})) {  // Czerny
        add("S", "X");
        return 2;
    }
    if (is(i + 1, {"cia"})) {  // focaccia
        add("X");
        return 3;
    }
    if (at(i + 1) == 'c' && !(i == 1 && at(0) == 'm')) {  // a double c, but not McClellan
        if (one_of(i + 2, "ieh") && !is(i + 2, {"hu"})) {
            add((i == 1 && at(0) == 'a') || is(i - 1, {"uccee", "ucces"}) ? "KS" : "X");  // accident; Bacci
            return 3;
        }
        add("K");
        return 2;
    }
    if (one_of(i + 1, "kgq")) {
        add("K");
        return 2;
    }
    if (one_of(i + 1, "iey")) {
        if (is(i, {"cio", "cie", "cia"}))
            add("S", "X");
        else
            add("S");
        return 2;
    }
    add("K");
    return at(i + 1) == 'c' && !is(i + 1, {"ce", "ci"}) ? 2 : 1;
}

int Reader::ch(int i) {
    const bool greek = i == 0 && is(1, {"harac", "haris", "hor", "hym", "hia", "hem"}) && !is(0, {"chore"});
    const bool hard = is(0, {"sch"}) || is(i - 2, {"orches", "archit", "orchid"}) || one_of(i + 2, "ts") ||
                      ((i == 0 || one_of(i - 1, "aoue")) && one_of(i + 2, "lrnmbhfvw "));
    if (is(i, {"chia"}))
        add("K");
    else if (i > 0 && is(i, {"chae"}))  // Michael
        add("K", "X");
    else if (greek || hard)
        add("K");
    else if (i == 0)
        add("X");
    else if (is(0, {"mc"}))
        add("K");
    else
        add("X", "K");
    return 2;
}

int Reader::d(int i) {
    if (at(i + 1) == 'g') {
        if (one_of(i + 2, "iey")) {  // edge
            add("J");
            return 3;
        }
        add("TK");  // Edgar
        return 2;
    }
    add("T");
    return one_of(i + 1, "td") ? 2 : 1;
}

int Reader::g(int i) {
    if (at(i + 1) == 'h') return gh(i);
    if (at(i + 1) == 'n') {
        if (i == 1 && vowel(0) && !slavo_germanic_)
            add("KN", "N");
        else if (!is(i + 2, {"ey"}) && !slavo_germanic_)
            add("N", "KN");
        else
            add("KN");  // Cagney
        return 2;
    }
    if (is(i + 1, {"li"}) && !slavo_germanic_) {  // Tagliaro
        add("KL", "L");
        return 2;
    }
    if (i == 0 &&
        (at(1) == 'y' || is(1, {"es", "ep", "eb", "el", "ey", "ib", "il", "in", "ie", "ei", "er"}))) {
        add("K", "J");
        return 2;
    }
    if ((is(i + 1, {"er"}) || at(i + 1) == 'y') && !is(0, {"danger", "ranger", "manger"}) &&
        !one_of(i - 1, "ei") && !is(i - 1, {"rgy", "ogy"})) {
        add("K", "J");
        return 2;
    }
    if (one_of(i + 1, "eiy") || is(i - 1, {"aggi", "oggi"})) {
        if (is(0, {"sch"}) || is(i + 1, {"et"}))
            add("K");
        else if (is(i + 1, {"ier "}))
            add("J");
        else
            add("J", "K");
        return 2;
    }
    add("K");
    return twice(i);
}

int Reader::gh(int i) {
    if (i > 0 && !vowel(i - 1)) {
        add("K");
    } else if (i == 0) {
        add(at(2) == 'i' ? "J" : "K");
    } else if ((i > 1 && one_of(i - 2, "bhd")) || (i > 2 && one_of(i - 3, "bhd")) ||
               (i > 3 && one_of(i - 4, "bh"))) {
        // silent: Hugh, bough, Broughton
    } else if (i > 2 && at(i - 1) == 'u' && one_of(i - 3, "cglrt")) {
        add("F");  // laugh, tough
    } else if (at(i - 1) != 'i') {
        add("K");
    }
    return 2;
}

int Reader::j(int i) {
    if (is(i, {"jose"}) || is(0, {"san "})) {
        if (i == 0 && at(4) == ' ')
            add("H");
        else
            add("J", "H");
        return 1;
    }
    if (i == 0)
        add("J", "A");  // Jankelowicz
    else if (vowel(i - 1) && !slavo_germanic_ && one_of(i + 1, "ao"))
        add("J", "H");  // Bajador
    else if (last(i))
        add("J", "");
    else if (!one_of(i + 1, "ltksnmbz") && !one_of(i - 1, "skl"))
        add("J");
    return twice(i);
}

int Reader::l(int i) {
    if (at(i + 1) != 'l') {
        add("L");
        return 1;
    }
    const bool spanish = (i == size_ - 3 && is(i - 1, {"illo", "illa", "alle"})) ||
                         ((is(size_ - 2, {"as", "os"}) || one_of(size_ - 1, "ao")) && is(i - 1, {"alle"}));
    if (spanish)
        add("L", "");  // Cabrillo, Gallegos
    else
        add("L");
    return 2;
}

int Reader::s(int i) {
    if (is(i - 1, {"isl", "ysl"})) return 1;  // island, Carlisle
    if (i == 0 && is(0, {"sugar"})) {
        add("X", "S");
        return 1;
    }
    if (at(i + 1) == 'h') {
        add(is(i + 1, {"heim", "hoek", "holm", "holz"}) ? "S" : "X");
        return 2;
    }
    if (is(i, {"sio", "sia"})) {
        if (slavo_germanic_)
            add("S");
        else
            add("S", "X");
        return 3;
    }
    if ((i == 0 && one_of(1, "mnlw")) || at(i + 1) == 'z') {  // Smith and Schmidt, Snider and Schneider
        add("S", "X");
        return at(i + 1) == 'z' ? 2 : 1;
    }
    if (at(i + 1) == 'c') return sc(i);
    if (last(i) && is(i - 2, {"ai", "oi"}))
        add("", "S");  // Artois
    else
        add("S");
    return one_of(i + 1, "sz") ? 2 : 1;
}

int Reader::sc(int i) {
    if (at(i + 2) == 'h') {
        if (is(i + 3, {"er", "en"}))
            add("X", "SK");  // Schermerhorn
        else if (is(i + 3, {"oo", "uy", "ed", "em"}))
            add("SK");  // school
        else if (i == 0 && !vowel(3) && at(3) != 'w')
            add("X", "S");
        else
            add("X");
        return 3;
    }
    add(one_of(i + 2, "iey") ? "S" : "SK");
    return 3;
}

int Reader::t(int i) {
    if (is(i, {"tion", "tia", "tch"})) {
        add("X");
        return 3;
    }
    if (at(i + 1) == 'h' || is(i + 1, {"th"})) {
        if (is(i + 2, {"om", "am"}) || is(0, {"sch"}))
            add("T");  // Thomas, Thames
        else
            add("0", "T");
        return 2;
    }
    add("T");
    return one_of(i + 1, "td") ? 2 : 1;
}

int Reader::w(int i) {
    if (at(i + 1) == 'r') {
        add("R");
        return 2;
    }
    if (i == 0 && vowel(1))
        add("A", "F");  // Wasserman, Vasserman
    else if (i == 0 && at(1) == 'h')
        add("A");
    if ((last(i) && vowel(i - 1)) || is(i - 1, {"ewski", "ewsky", "owski", "owsky"}) || is(0, {"sch"})) {
        add("", "F");  // Arnow, Filipowski
        return 1;
    }
    if (is(i, {"wicz", "witz"})) {
        add("TS", "FX");
        return 4;
    }
    return 1;
}

int Reader::x(int i) {
    if (!(last(i) && (is(i - 3, {"iau", "eau"}) || is(i - 2, {"au", "ou"})))) add("KS");  // silent in Breaux
    return one_of(i + 1, "cx") ? 2 : 1;
}

int Reader::z(int i) {
    if (at(i + 1) == 'h') {
        add("J");  // Zhao
        return 2;
    }
    if (is(i + 1, {"zo", "zi", "za"}) || (slavo_germanic_ && i > 0 && at(i - 1) != 't'))
        add("S", "TS");
    else
        add("S");
    return twice(i);
}

}  // namespace

Phonetic phonetic(std::string_view plain) {
    if (plain.empty()) return {};
    Reader reader(plain);
    if (!reader.empty()) {
        Phonetic code = reader.read();
        // nothing but silent letters: the first of them
        if (code.primary == 0) code.primary = static_cast<std::uint32_t>(reader.first() - 'a' + 'A');
        if (code.alternate == 0) code.alternate = code.primary;
        return code;
    }
    std::uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : plain)
        if (c != ' ') hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    hash |= 0x80000000u;
    return {hash, hash};
}

std::string to_string(std::uint32_t code) {
    if (code >> 31) return "other script";
    std::string out;
    for (; code != 0; code >>= 8) out += static_cast<char>(code & 0xFF);
    return out;
}

}  // namespace sendhub::identity::text
