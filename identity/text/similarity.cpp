#include "identity/text/similarity.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "identity/text/code_points.hpp"

namespace sendhub::identity::text {
namespace {

// A text as code points, in a buffer of this thread; no allocation once the buffer has grown.
std::u32string_view decode(std::string_view text, std::u32string& buffer) {
    buffer.clear();
    while (!text.empty()) buffer += take_code_point(text);
    return buffer;
}

// fn(a, b) over bytes if both texts are ASCII, over code points if not.
template <typename Fn>
auto by_letters(std::string_view a, std::string_view b, Fn&& fn) {
    if (is_ascii(a) && is_ascii(b)) return fn(a, b);
    thread_local std::u32string first, second;
    return fn(decode(a, first), decode(b, second));
}

// Where each letter stands in a text of at most 64: one word of flags a letter.
class Places {
  public:
    explicit Places(std::string_view text) : text_(text), flags_(table()) {
        for (std::size_t i = 0; i < text.size(); ++i) flags_[index(text[i])] |= std::uint64_t{1} << i;
    }
    ~Places() {  // the table is clean for the next
        for (const char c : text_) flags_[index(c)] = 0;
    }
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;
    std::uint64_t operator[](char c) const { return flags_[index(c)]; }

  private:
    static std::size_t index(char c) { return static_cast<unsigned char>(c); }
    static std::uint64_t* table() {
        thread_local std::array<std::uint64_t, 256> flags{};
        return flags.data();
    }
    std::string_view text_;
    std::uint64_t* flags_;
};

#ifdef __SSE2__
// The same for a text of at most 16, as most names are: it is held in one register and compared with a letter
// at once.
class PlacesOf16 {
  public:
    explicit PlacesOf16(std::string_view text) : in_use_((1u << text.size()) - 1) {
        // two loads that overlap: the compiler makes no call of them
        const std::size_t n = text.size();
        std::uint64_t low = 0, high = 0;
        if (n >= 8) {
            std::memcpy(&low, text.data(), 8);
            if (n > 8) {
                std::memcpy(&high, text.data() + n - 8, 8);
                high >>= 8 * (16 - n);
            }
        } else if (n >= 4) {
            std::uint32_t first = 0, last = 0;
            std::memcpy(&first, text.data(), 4);
            std::memcpy(&last, text.data() + n - 4, 4);
            low = first | std::uint64_t{last} << (8 * (n - 4));
        } else {
            for (std::size_t i = 0; i < n; ++i)
                low |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
        }
        text_ = _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
    }
    std::uint64_t operator[](char c) const {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text_, _mm_set1_epi8(c)))) &
               in_use_;
    }

  private:
    __m128i text_;
    std::uint32_t in_use_;
};
#endif

// The same for code points: a short list, searched.
class WidePlaces {
  public:
    explicit WidePlaces(std::u32string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            std::size_t k = 0;
            while (k < size_ && letter_[k] != text[i]) ++k;
            if (k == size_) {
                letter_[size_] = text[i];
                flags_[size_++] = 0;
            }
            flags_[k] |= std::uint64_t{1} << i;
        }
    }
    std::uint64_t operator[](char32_t c) const {
        for (std::size_t k = 0; k < size_; ++k)
            if (letter_[k] == c) return flags_[k];
        return 0;
    }

  private:
    std::array<char32_t, 64> letter_;
    std::array<std::uint64_t, 64> flags_;
    std::size_t size_ = 0;
};

// fn(places of text), which is at most 64 long.
template <typename Fn>
auto with_places(std::string_view text, Fn&& fn) {
#ifdef __SSE2__
    if (text.size() <= 16) return fn(PlacesOf16(text));
#endif
    return fn(Places(text));
}
template <typename Fn>
auto with_places(std::u32string_view text, Fn&& fn) {
    return fn(WidePlaces(text));
}

struct Agreement {
    std::size_t matches = 0, out_of_order = 0;  // out_of_order: matched letters that meet another one
};

std::size_t window_of(std::size_t a, std::size_t b) {
    const std::size_t half = std::max(a, b) / 2;
    return half > 0 ? half - 1 : 0;
}

// a and b at most 64 long; where: the places of b.
template <typename Text, typename Where>
Agreement agree_short(Text a, Text b, const Where& where) {
    const std::size_t window = window_of(a.size(), b.size());
    std::uint64_t taken_a = 0, taken_b = 0;
    // the letters of b that a[i] may meet: i - window … i + window
    std::uint64_t reach = window >= 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (window + 1)) - 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::uint64_t free = where[a[i]] & reach & ~taken_b;
        taken_b |= free & (~free + 1);
        taken_a |= std::uint64_t{free != 0} << i;
        reach = i < window ? reach << 1 | 1 : reach << 1;
    }
    Agreement out;
    while (taken_a != 0) {
        const auto i = static_cast<std::size_t>(std::countr_zero(taken_a));
        const auto j = static_cast<std::size_t>(std::countr_zero(taken_b));
        out.out_of_order += a[i] != b[j];
        ++out.matches;
        taken_a &= taken_a - 1;
        taken_b &= taken_b - 1;
    }
    return out;
}

template <typename Text>
Agreement agree_long(Text a, Text b) {
    const std::size_t window = window_of(a.size(), b.size());
    thread_local std::vector<char> taken_a, taken_b;
    taken_a.assign(a.size(), 0);
    taken_b.assign(b.size(), 0);
    Agreement out;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t to = std::min(b.size(), i + window + 1);
        for (std::size_t j = i > window ? i - window : 0; j < to; ++j) {
            if (taken_b[j] || a[i] != b[j]) continue;
            taken_a[i] = taken_b[j] = 1;
            ++out.matches;
            break;
        }
    }
    for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
        if (!taken_a[i]) continue;
        while (!taken_b[j]) ++j;
        out.out_of_order += a[i] != b[j++];
    }
    return out;
}

constexpr double bonus_above = 0.7, bonus = 0.1;
constexpr std::size_t longest_prefix = 4;

template <typename Text>
std::size_t common_prefix(Text a, Text b) {
    const std::size_t most = std::min({a.size(), b.size(), longest_prefix});
    std::size_t n = 0;
    while (n < most && a[n] == b[n]) ++n;
    return n;
}

double winkler(std::size_t a, std::size_t b, std::size_t matches, std::size_t out_of_order,
               std::size_t prefix) {
    if (matches == 0) return 0;
    const auto m = static_cast<double>(matches);
    const double jaro = (m / static_cast<double>(a) + m / static_cast<double>(b) +
                         (m - static_cast<double>(out_of_order / 2)) / m) /
                        3;
    return jaro > bonus_above ? jaro + static_cast<double>(prefix) * bonus * (1 - jaro) : jaro;
}

template <typename Text>
double likeness(Text a, Text b, std::size_t prefix) {
    // the shorter text is walked, so that a and b give the same whichever comes first
    if (a.size() > b.size() || (a.size() == b.size() && a > b)) std::swap(a, b);
    const Agreement found = b.size() <= 64
                                ? with_places(b, [&](const auto& where) { return agree_short(a, b, where); })
                                : agree_long(a, b);
    return winkler(a.size(), b.size(), found.matches, found.out_of_order, prefix);
}

// A flag for each of 32 kinds of letters in use.
template <typename Text>
std::uint32_t letters(Text text) {
    std::uint32_t out = 0;
    for (const auto c : text) out |= std::uint32_t{1} << (static_cast<std::uint32_t>(c) & 31);
    return out;
}

std::size_t count(std::uint32_t flags) {
    std::size_t n = 0;
    for (; flags != 0; flags &= flags - 1) ++n;
    return n;
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) {
    if (a == b) return 1;
    if (a.empty() || b.empty()) return 0;
    return by_letters(a, b, [](auto x, auto y) { return likeness(x, y, common_prefix(x, y)); });
}

bool jaro_winkler_at_least(std::string_view a, std::string_view b, double threshold) {
    if (a == b) return threshold <= 1;
    if (a.empty() || b.empty()) return threshold <= 0;
    return by_letters(a, b, [&](auto x, auto y) {
        const std::size_t prefix = common_prefix(x, y);
        std::size_t most = std::min(x.size(), y.size());
        if (winkler(x.size(), y.size(), most, 0, prefix) < threshold) return false;
        if (std::max(x.size(), y.size()) > 16) {  // below that, comparing costs no more than counting
            // a kind of letter that the other text has not is one letter, at least, that meets none
            const std::uint32_t in_x = letters(x), in_y = letters(y);
            most = std::min(x.size() - count(in_x & ~in_y), y.size() - count(in_y & ~in_x));
            if (winkler(x.size(), y.size(), most, 0, prefix) < threshold) return false;
        }
        return likeness(x, y, prefix) >= threshold;
    });
}

namespace {

// Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances": a column of the
// table is two words of differences. a at most 64 long; where: its places.
template <typename Text, typename Where>
unsigned distance_short(Text a, Text b, unsigned limit, const Where& where) {
    const std::uint64_t last = std::uint64_t{1} << (a.size() - 1);
    std::uint64_t up = ~std::uint64_t{0}, down = 0, zero = 0, before = 0;
    auto distance = static_cast<unsigned>(a.size());
    for (std::size_t j = 0; j < b.size(); ++j) {
        const std::uint64_t equal = where[b[j]];
        const std::uint64_t swapped = ((~zero & equal) << 1) & before;
        zero = (((equal & up) + up) ^ up) | equal | down | swapped;
        std::uint64_t right = down | ~(zero | up);
        std::uint64_t left = zero & up;
        distance += (right & last) != 0;
        distance -= (left & last) != 0;
        // each letter still to come takes one off at most
        if (distance > limit + (b.size() - 1 - j)) return limit + 1;
        right = right << 1 | 1;
        left <<= 1;
        up = left | ~(zero | right);
        down = right & zero;
        before = equal;
    }
    return std::min(distance, limit + 1);
}

template <typename Text>
unsigned distance_long(Text a, Text b, unsigned limit) {
    thread_local std::array<std::vector<unsigned>, 3> rows;
    for (auto& row : rows) row.resize(b.size() + 1);
    auto *two_up = &rows[0], *above = &rows[1], *row = &rows[2];
    for (std::size_t j = 0; j <= b.size(); ++j) (*above)[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        unsigned least = (*row)[0] = static_cast<unsigned>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            unsigned best =
                std::min({(*above)[j] + 1, (*row)[j - 1] + 1, (*above)[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, (*two_up)[j - 2] + 1);
            (*row)[j] = best;
            least = std::min(least, best);
        }
        // a swap may reach back over one row, and costs one
        if (least > limit + 1) return limit + 1;
        auto* free = two_up;
        two_up = above;
        above = row;
        row = free;
    }
    return std::min((*above)[b.size()], limit + 1);
}

template <typename Text>
void drop_common_ends(Text& a, Text& b) {
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
}

}  // namespace

unsigned damerau(std::string_view a, std::string_view b, unsigned limit) {
    limit = std::min(limit, 0x7FFF'FFFFu);  // room for limit + 1
    return by_letters(a, b, [&](auto x, auto y) -> unsigned {
        if (x.size() > y.size()) std::swap(x, y);
        if (y.size() - x.size() > limit) return limit + 1;
        drop_common_ends(x, y);
        if (x.empty()) return static_cast<unsigned>(y.size());
        if (x.size() > 64) return distance_long(x, y, limit);
        return with_places(x, [&](const auto& where) { return distance_short(x, y, limit, where); });
    });
}

bool one_edit(std::string_view a, std::string_view b) {
    return by_letters(a, b, [](auto x, auto y) {
        if (x.size() > y.size()) std::swap(x, y);
        if (y.size() - x.size() > 1) return false;
        drop_common_ends(x, y);
        if (y.size() <= 1) return true;
        return x.size() == 2 && y.size() == 2 && x[0] == y[1] && x[1] == y[0];
    });
}

}  // namespace sendhub::identity::text
