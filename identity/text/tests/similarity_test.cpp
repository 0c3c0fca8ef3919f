#include "identity/text/similarity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sendhub::identity::text {
namespace {

// --- the definitions, as plainly as they can be written

double naive_jaro_winkler(std::u32string a, std::u32string b) {
    if (a == b) return 1;
    if (a.empty() || b.empty()) return 0;
    if (a.size() > b.size() || (a.size() == b.size() && a > b)) std::swap(a, b);
    const int window = std::max(static_cast<int>(b.size()) / 2 - 1, 0);
    std::vector<bool> met(b.size());
    std::u32string from_a, from_b;
    for (int i = 0; i < static_cast<int>(a.size()); ++i)
        for (int j = std::max(0, i - window); j <= i + window && j < static_cast<int>(b.size()); ++j)
            if (!met[static_cast<std::size_t>(j)] &&
                a[static_cast<std::size_t>(i)] == b[static_cast<std::size_t>(j)]) {
                met[static_cast<std::size_t>(j)] = true;
                from_a += a[static_cast<std::size_t>(i)];
                break;
            }
    for (std::size_t j = 0; j < b.size(); ++j)
        if (met[j]) from_b += b[j];
    if (from_a.empty()) return 0;
    std::size_t moved = 0;
    for (std::size_t k = 0; k < from_a.size(); ++k) moved += from_a[k] != from_b[k];
    const auto m = static_cast<double>(from_a.size());
    const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                         (m - static_cast<double>(moved / 2)) / m) /
                        3;
    if (jaro <= 0.7) return jaro;
    std::size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

unsigned naive_damerau(const std::u32string& a, const std::u32string& b) {
    std::vector<std::vector<unsigned>> d(a.size() + 1, std::vector<unsigned>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = static_cast<unsigned>(i + j);
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.size()][b.size()];
}

std::string utf8(const std::u32string& text) {
    std::string out;
    for (const char32_t c : text) {
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c < 0x800) {
            out += static_cast<char>(0xC0 | c >> 6);
            out += static_cast<char>(0x80 | (c & 0x3F));
        } else {
            out += static_cast<char>(0xE0 | c >> 12);
            out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (c & 0x3F));
        }
    }
    return out;
}

// Pairs of texts, most of them an edit or a few apart; few letters, so that letters meet often.
class Pairs {
  public:
    Pairs(std::size_t longest, std::u32string letters) : longest_(longest), letters_(std::move(letters)) {}

    std::pair<std::u32string, std::u32string> next() {
        std::u32string a, b;
        for (std::size_t n = below(longest_ + 1); n > 0; --n) a += letter();
        if (below(4) == 0) {
            for (std::size_t n = below(longest_ + 1); n > 0; --n) b += letter();
            return {a, b};
        }
        b = a;
        for (std::size_t edits = below(5); edits > 0; --edits) {
            const std::size_t at = below(b.size() + 1);
            switch (below(4)) {
                case 0:
                    b.insert(at, 1, letter());
                    break;
                case 1:
                    if (at < b.size()) b.erase(at, 1);
                    break;
                case 2:
                    if (at < b.size()) b[at] = letter();
                    break;
                default:
                    if (at + 1 < b.size()) std::swap(b[at], b[at + 1]);
            }
        }
        return {a, b};
    }

  private:
    std::size_t below(std::size_t n) { return random_() % n; }
    char32_t letter() { return letters_[below(letters_.size())]; }
    std::mt19937 random_{20261122};
    std::size_t longest_;
    std::u32string letters_;
};

struct Kind {
    const char* name;
    std::size_t longest;
    std::u32string letters;
    int rounds;
};
const Kind kinds[] = {{"names", 12, U"abcde ", 60'000},
                      {"few letters", 20, U"ab", 40'000},
                      {"around one word", 70, U"abcd", 10'000},
                      {"long", 200, U"abc ", 2'000},
                      {"accents and other scripts", 14, U"aé中ж", 30'000},
                      {"long, other scripts", 90, U"aé中", 3'000}};

TEST(JaroWinkler, published_values) {
    EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.9611, 1e-4);
    EXPECT_NEAR(jaro_winkler("dwayne", "duane"), 0.8400, 1e-4);
    EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.8133, 1e-4);
    EXPECT_NEAR(jaro_winkler("shackleford", "shackelford"), 0.9818, 1e-4);
    EXPECT_NEAR(jaro_winkler("nichleson", "nichulson"), 0.9556, 1e-4);
    EXPECT_NEAR(jaro_winkler("jones", "johnson"), 0.8324, 1e-4);
    EXPECT_NEAR(jaro_winkler("massey", "massie"), 0.9333, 1e-4);
    EXPECT_EQ(jaro_winkler("", ""), 1);
    EXPECT_EQ(jaro_winkler("", "a"), 0);
    EXPECT_EQ(jaro_winkler("ab", "cd"), 0);
}

TEST(JaroWinkler, is_the_naive_one_symmetric_and_one_only_for_equal_texts) {
    for (const auto& kind : kinds) {
        SCOPED_TRACE(kind.name);
        Pairs pairs(kind.longest, kind.letters);
        std::size_t alike = 0;
        for (int round = 0; round < kind.rounds; ++round) {
            const auto [a, b] = pairs.next();
            const std::string x = utf8(a), y = utf8(b);
            const double found = jaro_winkler(x, y);
            ASSERT_EQ(found, naive_jaro_winkler(a, b)) << x << " | " << y;
            ASSERT_EQ(found, jaro_winkler(y, x)) << x << " | " << y;
            ASSERT_EQ(found == 1, a == b) << x << " | " << y;
            ASSERT_EQ(jaro_winkler(x, x), 1);
            alike += found > 0.8;
        }
        EXPECT_GT(alike, static_cast<std::size_t>(kind.rounds / 10));
    }
}

TEST(JaroWinkler, at_least_agrees_with_the_value_at_every_threshold) {
    for (const auto& kind : kinds) {
        SCOPED_TRACE(kind.name);
        Pairs pairs(kind.longest, kind.letters);
        std::size_t above = 0, below = 0;
        for (int round = 0; round < kind.rounds; ++round) {
            const auto [a, b] = pairs.next();
            const std::string x = utf8(a), y = utf8(b);
            const double value = jaro_winkler(x, y);
            for (const double threshold : {0.0, 0.5, 0.8, 0.88, 0.92, value, 1.0}) {
                const bool found = jaro_winkler_at_least(x, y, threshold);
                ASSERT_EQ(found, value >= threshold) << x << " | " << y << " | " << threshold;
                ++(found ? above : below);
            }
        }
        EXPECT_GT(above, 0u);
        EXPECT_GT(below, 0u);
    }
}

TEST(Damerau, known_values) {
    EXPECT_EQ(damerau("kitten", "sitting", 9), 3u);
    EXPECT_EQ(damerau("ca", "abc", 9), 3u);  // 2 would need an edit inside a swap
    EXPECT_EQ(damerau("smith", "smiht", 9), 1u);
    EXPECT_EQ(damerau("", "abc", 9), 3u);
    EXPECT_EQ(damerau("abc", "", 2), 3u);
    EXPECT_EQ(damerau("zoë", "zoe", 9), 1u);
    EXPECT_EQ(damerau("abcdef", "uvwxyz", 2), 3u);
    EXPECT_EQ(damerau("abcdef", "abcdef", 0), 0u);
    EXPECT_EQ(damerau("a", "b", 0), 1u);
    EXPECT_EQ(damerau("a", "b", 0xFFFF'FFFF), 1u);
}

TEST(Damerau, is_the_naive_one_at_every_limit) {
    for (const auto& kind : kinds) {
        SCOPED_TRACE(kind.name);
        Pairs pairs(kind.longest, kind.letters);
        for (int round = 0; round < kind.rounds / 2; ++round) {
            const auto [a, b] = pairs.next();
            const std::string x = utf8(a), y = utf8(b);
            const unsigned distance = naive_damerau(a, b);
            for (const unsigned limit : {0u, 1u, 2u, 3u, 5u, 1000u}) {
                ASSERT_EQ(damerau(x, y, limit), std::min(distance, limit + 1))
                    << x << " | " << y << " | " << limit;
                ASSERT_EQ(damerau(y, x, limit), std::min(distance, limit + 1))
                    << x << " | " << y << " | " << limit;
            }
            ASSERT_EQ(one_edit(x, y), distance <= 1) << x << " | " << y;
            ASSERT_EQ(one_edit(y, x), distance <= 1) << x << " | " << y;
        }
    }
}

TEST(OneEdit, kinds_of_edit) {
    EXPECT_TRUE(one_edit("smith", "smith"));
    EXPECT_TRUE(one_edit("smith", "smiths"));
    EXPECT_TRUE(one_edit("smith", "mith"));
    EXPECT_TRUE(one_edit("smith", "smyth"));
    EXPECT_TRUE(one_edit("smith", "simth"));
    EXPECT_FALSE(one_edit("smith", "htims"));
    EXPECT_FALSE(one_edit("smith", "smythe"));
    EXPECT_TRUE(one_edit("", "a"));
    EXPECT_FALSE(one_edit("", "ab"));
    EXPECT_TRUE(one_edit("中文", "中"));  // one letter, three bytes
}

}  // namespace
}  // namespace sendhub::identity::text
