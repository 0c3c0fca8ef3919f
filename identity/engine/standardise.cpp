#include "identity/engine/standardise.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <numeric>

#include "identity/engine/parallel.hpp"
#include "identity/engine/polluted.hpp"
#include "identity/engine/radix.hpp"
#include "identity/text/address_postcode.hpp"
#include "identity/text/classes.hpp"
#include "identity/text/date.hpp"
#include "identity/text/fold.hpp"
#include "identity/text/name.hpp"
#include "identity/text/phonetic.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::identity {
namespace {

constexpr std::size_t grain = 1 << 16;

// A column as codes of its distinct raw texts, so that each is standardised once.
struct RawColumn {
    std::vector<std::uint32_t> code;                // per record; 0: empty
    std::vector<std::string_view> distinct = {""};  // by code
};

// In the order of the table, where the texts lie one after the other.
RawColumn encode(const TextColumn& values) {
    RawColumn out;
    out.code.resize(values.size());
    TextIndex index;
    for (std::size_t p = 0; p < values.size(); ++p) {
        const std::string_view text = values[p];
        if (text.empty()) continue;
        const auto next = static_cast<std::uint32_t>(out.distinct.size());
        out.code[p] = index.find_or_add(text, next, [&](std::uint32_t c) { return out.distinct[c]; });
        if (out.code[p] == next) out.distinct.push_back(text);
    }
    return out;
}

std::uint64_t given(const TextColumn& values) {
    std::uint64_t n = 0;
    for (std::size_t p = 0; p < values.size(); ++p) n += !values[p].empty();
    return n;
}

// What a record says of the birth; its flags are of Flags.
struct Birth {
    std::int32_t day = no_day;
    std::uint16_t flags = 0;
};

// What programs write for "no date": 1 January 1900 and 1901, and the day before the first of a spreadsheet.
// (Years before 1800 and after 2100, such as 1753 and 9999, are no dates anyhow.) Nobody of a file of today
// was born then but a few, who lose little.
bool stands_for_no_date(std::int32_t day) {
    constexpr std::array<std::int32_t, 4> days = {-25569, -25568, -25567, -25202};
    return std::find(days.begin(), days.end(), day) != days.end();
}

bool tells_birth(Role role) { return role == Role::birth_date || role == Role::birth_year; }

Birth read_birth(std::string_view text, text::DateOrder order, const StandardSettings& settings) {
    text::ParsedDate date = text::parse_date(text, order);
    std::uint16_t flags = 0;
    if (date.quality != text::ParsedDate::full && date.quality != text::ParsedDate::day_missing &&
        text.size() == 4) {
        date = text::parse_date(std::string(text) + "-01-01", order);
        flags = Flags::birth_year_only;
    } else if (date.quality == text::ParsedDate::day_missing) {
        flags = Flags::birth_day_missing;
    }
    if (date.quality == text::ParsedDate::none || date.quality == text::ParsedDate::impossible ||
        (settings.today != no_day && date.days > settings.today))
        return {};
    if (stands_for_no_date(date.days) && flags == 0) return {no_day, Flags::birth_default};
    return {date.days, flags};
}

// By place in the table; empty where no column tells. Read before all else: records are put in order by it.
std::vector<Birth> read_births(const Table& table, const StandardSettings& settings, Features& f) {
    std::vector<Birth> out;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (!tells_birth(table.columns[c].role)) continue;
        out.resize(table.size());
        const TextColumn& values = table.columns[c].values;
        const RawColumn raw = encode(values);
        const auto order = text::guess_order(std::span(raw.distinct).subspan(1));
        std::vector<Birth> parsed(raw.distinct.size());
        for (std::size_t d = 1; d < parsed.size(); ++d)
            parsed[d] = read_birth(raw.distinct[d], order, settings);
        f.counts[c].given += given(values);
        f.has_birth |= raw.distinct.size() > 1;
        for (std::size_t p = 0; p < out.size(); ++p) {
            if (raw.code[p] == 0) continue;
            const Birth& birth = parsed[raw.code[p]];
            const bool stands_for_none = birth.day == no_day && (birth.flags & Flags::birth_default);
            f.counts[c].default_days += stands_for_none;
            f.counts[c].unusable += birth.day == no_day && !stands_for_none;
            // the first counts, but for a year alone where there is a date as well
            const bool year_now = (out[p].flags & Flags::birth_year_only) != 0;
            const bool year_alone = (birth.flags & Flags::birth_year_only) != 0;
            if (birth.day != no_day && (out[p].day == no_day || (year_now && !year_alone))) out[p] = birth;
        }
    }
    return out;
}

std::uint32_t letters_of(std::string_view plain) {
    std::uint32_t letters = 0;
    for (const char c : plain)
        if (c >= 'a' && c <= 'z') letters |= 1u << (c - 'a');
    return letters;
}

std::uint64_t characters_of(std::string_view postcode) {
    std::uint64_t bits = 0;
    for (const char c : postcode)
        if (c >= '0' && c <= '9')
            bits |= std::uint64_t{1} << (c - '0');
        else if (c >= 'A' && c <= 'Z')
            bits |= std::uint64_t{1} << (c - 'A' + 10);
    return bits;
}

std::vector<std::uint64_t> key_hashes(const Table& table) {
    std::vector<std::uint64_t> hash(table.size());
    for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = hash_text(table.key[i]);
    return hash;
}

// Records by their birth, then by the hash of their key: those worth comparing lie close together in memory.
std::vector<std::uint32_t> canonical_order(const Table& table, std::span<const Birth> births,
                                           const std::vector<std::uint64_t>& hash) {
    // by the upper half of the hash and, where that is the same, by all of it and the text
    std::vector<std::uint64_t> order(table.size()), spare;
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = (hash[i] & 0xffffffff00000000u) | i;
    radix_sort(order, spare, 32, 64);
    for_groups(order, same_upper_half, [&](std::size_t begin, std::size_t end) {
        if (end - begin > 1)
            std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
                      order.begin() + static_cast<std::ptrdiff_t>(end),
                      [&](std::uint64_t x, std::uint64_t y) {
                          const auto p = static_cast<std::uint32_t>(x), q = static_cast<std::uint32_t>(y);
                          return hash[p] != hash[q] ? hash[p] < hash[q] : table.key[p] < table.key[q];
                      });
    });
    if (!births.empty()) {
        constexpr unsigned day_bits = 22;  // 5,700 years either side of 1970; what lies beyond lies together
        constexpr std::int32_t middle = 1 << (day_bits - 1);
        for (std::uint64_t& o : order) {
            const auto p = static_cast<std::uint32_t>(o);
            const std::int32_t day = std::clamp(births[p].day, -middle, middle - 1) + middle;
            o = std::uint64_t{static_cast<std::uint32_t>(day)} << 32 | p;
        }
        radix_sort(order, spare, 32, 32 + day_bits);
    }
    std::vector<std::uint32_t> position(table.size());
    for (std::size_t i = 0; i < order.size(); ++i) position[i] = static_cast<std::uint32_t>(order[i]);
    return position;
}

class Standardiser {
  public:
    // Without positions (of records in the table) given, these become the canonical ones.
    Standardiser(const Table& table, const StandardSettings& settings, Features& out,
                 std::vector<std::uint32_t>& position)
        : table_(table),
          settings_(settings),
          threads_(table.size() < name_grain ? 1 : settings.threads),  // to start one takes longer
          f_(out),
          position_(position),
          first_(out.rows.size()) {
        if (f_.counts.empty())
            for (const Column& column : table.columns) f_.counts.push_back({column.name});
        for (const std::uint16_t source : table_.source)
            f_.sources = std::max<std::uint16_t>(f_.sources, static_cast<std::uint16_t>(source + 1));
        raw_.resize(table_.columns.size());
        placers_.resize(table_.columns.size());
        misplaced_.resize(table_.columns.size());
    }

    void run(bool learn) {
        dictionaries();
        values();
        fill_rows();
        if (!births_.empty()) {
            if (learn) learn_default_days();
            const std::uint64_t marked = mark_default_days(f_, first_);
            for (std::size_t c = 0; c < table_.columns.size(); ++c)
                if (tells_birth(table_.columns[c].role)) f_.counts[c].default_days += marked;
        }
        for (std::size_t c = 0; c < table_.columns.size(); ++c) misplaced_numbers(c);
        clean();
    }

  private:
    // The work on texts, a column or two at a time: every column gets its codes. Columns that share a table
    // are one task, and so are births and the order that follows from them.
    void dictionaries() {
        std::map<Role, std::vector<std::size_t>> numbers;
        std::vector<std::vector<std::size_t>> tasks, texts;
        for (std::size_t c = 0; c < table_.columns.size(); ++c) {
            const Role role = table_.columns[c].role;
            if (role == Role::upn || role == Role::former_upn)
                numbers[Role::upn].push_back(c);
            else if (role == Role::nhs_number || role == Role::uln || role == Role::uprn)
                numbers[role].push_back(c);
            else if (role != Role::ignore && !tells_birth(role))
                texts.push_back({c});
        }
        for (auto& [role, columns] : numbers) tasks.push_back(std::move(columns));  // the longest first
        tasks.insert(tasks.end(), texts.begin(), texts.end());
        parallel_tasks(threads_, 1 + tasks.size(), [&](std::size_t t) {
            if (t == 0) {
                hashes_ = key_hashes(table_);
                births_ = read_births(table_, settings_, f_);
                if (position_.empty()) position_ = canonical_order(table_, births_, hashes_);
                return;
            }
            for (const std::size_t c : tasks[t - 1]) {
                raw_[c] = dictionary(c);
                f_.counts[c].given += given(table_.columns[c].values);
            }
        });
        parallel_tasks(threads_, raw_.size(), [&](std::size_t c) {
            if (!raw_[c].code.empty()) raw_[c].code = in_record_order(raw_[c].code);
        });
    }
    RawColumn dictionary(std::size_t c) {
        switch (table_.columns[c].role) {
            case Role::upn:
            case Role::former_upn:
                return number_codes(c, f_.upns, upn_quality);
            case Role::nhs_number:
                return number_codes(c, f_.nhs, nhs_quality);
            case Role::uln:
                return number_codes(c, f_.ulns, uln_quality);
            case Role::uprn:
                return number_codes(c, f_.uprns, [](std::string_view) { return IdQuality::valid; });
            default:
                return encode(table_.columns[c].values);
        }
    }
    [[nodiscard]] std::vector<std::uint32_t> in_record_order(
        const std::vector<std::uint32_t>& by_position) const {
        std::vector<std::uint32_t> out(position_.size());
        for (std::size_t i = 0; i < position_.size(); ++i) out[i] = by_position[position_[i]];
        return out;
    }
    // What the distinct texts of each column say: columns that add to one table of values are one task.
    // (Numbers are in their tables already, which are only read here.)
    void values() {
        std::map<Role, std::vector<std::size_t>> by_table;
        for (std::size_t c = 0; c < table_.columns.size(); ++c) {
            const Role role = table_.columns[c].role;
            by_table[is_name(role)                     ? Role::full_name
                     : role == Role::previous_postcode ? Role::postcode
                                                       : role]
                .push_back(c);
            if (has_comparison_of_its_own(role)) generic_of(c);
        }
        if (const auto names = by_table.find(Role::full_name); names != by_table.end())
            parse_names(names->second);
        std::vector<std::vector<std::size_t>> tasks;
        tasks.reserve(by_table.size());
        for (auto& [table, columns] : by_table) tasks.push_back(std::move(columns));
        parallel_tasks(threads_, tasks.size(), [&](std::size_t t) {
            for (const std::size_t c : tasks[t]) column(c);
        });
        describe_names();
    }

    Row& row(std::size_t i) { return f_.rows[first_ + i]; }
    // Until clean(), Row::more is of the record's part.
    More& more(std::size_t i) {
        Row& r = row(i);
        std::vector<More>& of_part = parts_[i / grain];
        if (r.more == 0) {
            of_part.emplace_back();
            r.more = static_cast<std::uint32_t>(of_part.size());
        }
        return of_part[r.more - 1];
    }
    // How a record gets its value of a column: place(i, count), where the code of its text is code_of(c, i).
    // Called once all values are known, for several records at the same time; what is counted is added up
    // for the column.
    template <class Place>
    void place_by(std::size_t c, Place place) {
        placers_[c] = [place = std::move(place)](std::size_t begin, std::size_t end, StandardCount& count) {
            for (std::size_t i = begin; i < end; ++i) place(i, count);
        };
    }
    [[nodiscard]] std::uint32_t code_of(std::size_t c, std::size_t i) const { return raw_[c].code[i]; }
    // All columns of a few records, then of the next: a row is in the cache while it is filled.
    void fill_rows() {
        constexpr std::size_t in_cache = 1 << 10;
        f_.rows.resize(first_ + position_.size());
        f_.order.resize(f_.rows.size());
        for (Generic& g : f_.generics) g.code.resize(f_.rows.size());
        parts_.resize((position_.size() + grain - 1) / grain);
        std::vector<std::vector<StandardCount>> counts(parts_.size());
        parallel_chunks(threads_, position_.size(), grain,
                        [&](std::size_t part, std::size_t begin, std::size_t end) {
                            counts[part].resize(placers_.size());
                            for (std::size_t from = begin; from < end; from += in_cache) {
                                const std::size_t to = std::min(end, from + in_cache);
                                for (std::size_t i = from; i < to; ++i) {
                                    row(i).source = table_.source[position_[i]];
                                    f_.order[first_ + i] = hashes_[position_[i]];
                                    if (births_.empty()) continue;
                                    row(i).birth = births_[position_[i]].day;
                                    row(i).flags = births_[position_[i]].flags;
                                }
                                for (std::size_t c = 0; c < placers_.size(); ++c)
                                    if (placers_[c]) placers_[c](from, to, counts[part][c]);
                            }
                        });
        for (const auto& of_part : counts)
            for (std::size_t c = 0; c < of_part.size(); ++c) {
                f_.counts[c].unusable += of_part[c].unusable;
                f_.counts[c].placeholders += of_part[c].placeholders;
                f_.counts[c].institutional += of_part[c].institutional;
                f_.counts[c].second += of_part[c].second;
            }
    }
    std::uint32_t intern_name(const text::Name& name) {
        if (name.plain.empty()) return 0;
        const auto [code, fresh] = f_.names.intern(name.spaced);
        if (fresh) f_.names[code].plain = name.plain;
        return code;
    }
    void describe_name(std::uint32_t code) {
        NameEntry& e = f_.names[code];
        const text::Phonetic sound = text::phonetic(e.plain);
        e.sound = sound.primary;
        e.other_sound = sound.alternate;
        e.classes = static_cast<std::uint32_t>(hash_text(text::forename_class(e.plain)));
        e.listed = text::membership(e.plain);
        e.letters = letters_of(e.plain);
        text::for_each_token(f_.names.text(code), [&](std::string_view token) {
            e.tokens.push_back(static_cast<std::uint32_t>(hash_text(token)));
        });
        if (e.tokens.size() > 1)
            text::for_each_token(f_.names.text(code), [&](std::string_view token) {
                e.token_sounds.push_back(text::phonetic(token).primary);
            });
        const bool plain_word =
            e.tokens.size() == 1 && e.plain.size() >= 4 && e.plain.size() < 64 &&
            std::all_of(e.plain.begin(), e.plain.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        f_.name_signs[code] = {e.letters,
                               e.sound,
                               e.other_sound,
                               e.plain[0],
                               static_cast<std::uint8_t>(std::min<std::size_t>(e.plain.size(), 255)),
                               e.listed != nullptr,
                               plain_word};
    }

    // What one distinct raw text of a name column says, as texts. Of most there is one name only.
    struct FurtherNames {
        text::Name other, middle, family, other_family;
    };
    struct NameText {
        text::Name main;
        std::unique_ptr<FurtherNames> further;
        bool unnamed = false, of_several = false, placeholder = false;
    };
    // The same as codes.
    struct Parsed {
        std::uint32_t main = 0, other = 0, middle = 0, family = 0, other_family = 0;
        bool unnamed = false, of_several = false, placeholder = false;
    };
    static constexpr std::size_t name_grain = 1 << 12;

    static NameText parse_name(std::string_view raw, Role role) {
        NameText p;
        std::string main, other;
        const bool of_family = text::also_known_as(raw, main, other);
        text::Name name;
        if (role == Role::full_name || !other.empty()) p.further = std::make_unique<FurtherNames>();
        if (role == Role::full_name) {
            std::string given, family;
            text::split_full_name(main, given, family);
            text::standard_name(family, p.further->family);
            text::standard_name(given, name);
            if (const auto blank = name.spaced.find(' '); blank != std::string::npos) {
                text::standard_name(std::string_view(name.spaced).substr(blank + 1), p.further->middle);
                std::string first = name.spaced.substr(0, blank);
                text::standard_name(first, name);
            }
        } else {
            text::standard_name(main, name);
        }
        p.of_several = name.placeholder == text::Placeholder::unnamed_of_several;
        p.unnamed = p.of_several || name.placeholder == text::Placeholder::unnamed_newborn;
        p.placeholder = name.placeholder != text::Placeholder::none;
        p.main = std::move(name);
        if (role == Role::full_name)
            other_whole_name(other, of_family, *p.further);
        else if (!other.empty())
            text::standard_name(other, p.further->other);
        return p;
    }
    // "known as Polly", "née Jones", "also known as Polly Smith"
    static void other_whole_name(std::string_view other, bool of_family, FurtherNames& p) {
        std::string given, family;
        text::split_full_name(other, given, family);
        if (of_family && family.empty()) std::swap(given, family);
        text::standard_name(given, p.other);
        text::standard_name(family, p.other_family);
    }

    static bool is_name(Role role) { return role <= Role::full_name; }

    // Names of all columns go into one table: a forename of one record is compared with a surname of another.
    void parse_names(const std::vector<std::size_t>& columns) {
        f_.has_names = true;
        name_texts_.resize(table_.columns.size());
        std::vector<std::pair<std::size_t, std::size_t>> pieces;  // column and first distinct text
        for (const std::size_t c : columns) {
            name_texts_[c].resize(raw_[c].distinct.size());
            for (std::size_t d = 0; d < name_texts_[c].size(); d += name_grain) pieces.emplace_back(c, d);
        }
        parallel_tasks(threads_, pieces.size(), [&](std::size_t piece) {
            const auto [c, begin] = pieces[piece];
            const std::size_t end = std::min(name_texts_[c].size(), begin + name_grain);
            for (std::size_t d = std::max<std::size_t>(begin, 1); d < end; ++d)
                name_texts_[c][d] = parse_name(raw_[c].distinct[d], table_.columns[c].role);
        });
    }
    void names(std::size_t c, Role role) {
        std::vector<Parsed> parsed(name_texts_[c].size());
        for (std::size_t d = 1; d < parsed.size(); ++d) {
            const NameText& t = name_texts_[c][d];
            Parsed& p = parsed[d];
            p.main = intern_name(t.main);
            if (t.further != nullptr) {
                p.other = intern_name(t.further->other);
                p.middle = intern_name(t.further->middle);
                p.family = intern_name(t.further->family);
                p.other_family = intern_name(t.further->other_family);
            }
            p.unnamed = t.unnamed;
            p.of_several = t.of_several;
            p.placeholder = t.placeholder;
        }
        name_texts_[c] = std::vector<NameText>();
        place_by(c, [this, c, role, parsed = std::move(parsed)](std::size_t i, StandardCount& count) {
            if (const std::uint32_t code = code_of(c, i); code != 0) place_name(i, role, parsed[code], count);
        });
    }
    void describe_names() {
        const std::size_t known = f_.name_signs.size();
        f_.name_signs.resize(f_.names.size());
        parallel_chunks(threads_, f_.names.size() - known, name_grain,
                        [&](std::size_t, std::size_t begin, std::size_t end) {
                            for (std::size_t n = begin; n < end; ++n)
                                describe_name(static_cast<std::uint32_t>(known + n));
                        });
    }
    void place_name(std::size_t i, Role role, const Parsed& p, StandardCount& count) {
        Row& r = row(i);
        count.placeholders += p.placeholder;
        count.unusable += p.main == 0 && !p.placeholder;
        if (p.unnamed && (role == Role::forename || role == Role::surname || role == Role::full_name))
            r.flags =
                static_cast<std::uint16_t>(r.flags | Flags::unnamed | (p.of_several ? Flags::of_several : 0));
        switch (role) {
            case Role::forename:
                add_forename(i, p.main, 0);
                add_forename(i, p.other, 1);
                break;
            case Role::known_forename:
                add_forename(i, p.main, 1);
                add_forename(i, p.other, 1);
                break;
            case Role::middle_names:
                if (r.middle == 0) r.middle = p.main;
                break;
            case Role::surname:
                add_surname(i, p.main, 0);
                add_surname(i, p.other, 1);
                break;
            case Role::known_surname:
                add_surname(i, p.main, 1);
                add_surname(i, p.other, 1);
                break;
            case Role::former_surname:
                add_surname(i, p.main, 2);
                add_surname(i, p.other, 2);
                break;
            default:
                add_forename(i, p.main, 0);
                add_forename(i, p.other, 1);
                add_surname(i, p.family, 0);
                add_surname(i, p.other_family, 1);
                if (r.middle == 0) r.middle = p.middle;
        }
    }
    void add_forename(std::size_t i, std::uint32_t code, std::size_t slot) {
        Row& r = row(i);
        if (code == 0) return;
        if (r.fore[slot] == 0)
            r.fore[slot] = code;
        else if (r.fore[slot] != code)
            add_once(more(i).fore, code);
    }
    void add_surname(std::size_t i, std::uint32_t code, std::size_t slot) {
        Row& r = row(i);
        if (code == 0) return;
        if (r.sur[slot] == 0)
            r.sur[slot] = code;
        else if (r.sur[slot] != code)
            add_once(more(i).sur, code);
    }
    static void add_once(std::vector<std::uint32_t>& codes, std::uint32_t code) {
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    }

    // 1 January, 1 July or the first of a month, where a source has more than three times its share of them.
    void learn_default_days() {
        f_.default_days.assign(f_.sources, {});
        std::vector<std::vector<std::uint32_t>> seen(f_.sources,
                                                     std::vector<std::uint32_t>(std::size_t{13} * 32));
        std::vector<std::uint64_t> all(f_.sources);
        for (std::size_t i = 0; i < position_.size(); ++i) {
            const Row& r = row(i);
            if (r.birth == no_day || (r.flags & (Flags::birth_day_missing | Flags::birth_year_only)))
                continue;
            const CalendarDay day = calendar_day(r.birth);
            ++seen[r.source][static_cast<std::size_t>(day.month * 32 + day.day)];
            ++all[r.source];
        }
        for (std::size_t s = 0; s < f_.sources; ++s)
            for (unsigned month = 1; month <= 12; ++month) {
                const double expected = static_cast<double>(all[s]) / 365.25;
                const std::uint32_t found = seen[s][month * 32 + 1];
                // at least ten above what chance gives a small source
                if (found > 3 * expected && found > expected + 10)
                    f_.default_days[s].push_back(static_cast<std::uint16_t>(month * 32 + 1));
            }
    }
    void column(std::size_t c) {
        const Role role = table_.columns[c].role;
        if (is_name(role)) return names(c, role);
        if (has_comparison_of_its_own(role)) return generic(c);
        switch (role) {
            case Role::sex:
                return sexes(c);
            case Role::postcode:
            case Role::previous_postcode:
                return postcodes(c, role);
            case Role::uprn:
                return ids(c, f_.uprns, &Row::uprn);
            case Role::house:
            case Role::school:
                return texts(c, role);
            case Role::upn:
                f_.has_upn = true;
                return ids(c, f_.upns, &Row::upn);
            case Role::former_upn:
                return former_upns(c);
            case Role::nhs_number:
                f_.has_nhs = true;
                return ids(c, f_.nhs, &Row::nhs);
            case Role::nhs_status:
                return nhs_statuses(c);
            case Role::uln:
                f_.has_uln = true;
                return ids(c, f_.ulns, &Row::uln);
            case Role::death_date:
            case Role::active_date:
                return days(c, role);
            default:
                return;
        }
    }
    static bool has_comparison_of_its_own(Role role) {
        switch (role) {
            case Role::street:
            case Role::locality:
            case Role::region:
            case Role::identifier:
            case Role::email:
            case Role::phone:
            case Role::text:
            case Role::category:
            case Role::number:
                return true;
            default:
                return false;
        }
    }

    static IdQuality quality_of(rules::IdState state) {
        return state == rules::IdState::valid       ? IdQuality::valid
               : state == rules::IdState::temporary ? IdQuality::temporary
                                                    : IdQuality::invalid;
    }
    // The check letter decides; whether the authority's number is on today's list does not matter here.
    static IdQuality upn_quality(std::string_view v) {
        const IdQuality q = quality_of(rules::upn_state(v));
        return q == IdQuality::invalid && v.size() == 13 && rules::is_digit(v[12]) && v[0] != 0 &&
                       rules::upn_check_letter(v.substr(1)) == v[0]
                   ? IdQuality::valid
                   : q;
    }
    static IdQuality nhs_quality(std::string_view v) { return quality_of(rules::nhs_number_state(v)); }
    static IdQuality uln_quality(std::string_view v) { return quality_of(rules::uln_state(v)); }

    void ids(std::size_t c, ValueTable<IdEntry>& table, std::uint32_t Row::* field) {
        misplaced_[c] = misplaced(c, table);
        place_by(c, [this, c, field](std::size_t i, StandardCount& count) {
            const std::uint32_t code = code_of(c, i);
            if (code == 0 || (!misplaced_[c].empty() && misplaced_[c][code])) return;
            std::uint32_t& held = row(i).*field;
            if (held == 0) held = code;
            count.second += held != code;
        });
    }
    // Nearly every value is another: a look at the distinct texts first would be work done twice. A value
    // that is none has code 0.
    template <class QualityOf>
    RawColumn number_codes(std::size_t c, ValueTable<IdEntry>& table, QualityOf quality_of_text) {
        const TextColumn& values = table_.columns[c].values;
        RawColumn out;
        out.code.resize(values.size());
        std::uint64_t none = 0;
        for (std::size_t p = 0; p < values.size(); ++p) {
            const std::string_view text = values[p];
            if (text.empty()) continue;
            out.code[p] = intern_id(table, rules::compact_identifier(text), quality_of_text);
            none += out.code[p] == 0;
        }
        f_.counts[c].unusable += none;
        return out;
    }
    template <class QualityOf>
    static std::uint32_t intern_id(ValueTable<IdEntry>& table, const std::string& text,
                                   QualityOf quality_of_text) {
        if (text.empty() || text.find_first_not_of("0-./") == std::string::npos) return 0;
        const auto [id, fresh] = table.intern(text);
        if (fresh) table[id].quality = quality_of_text(text);
        return id;
    }
    // No number is both a valid ULN and a valid NHS number: one in the other's column is known for certain.
    // By code, of those in the column; empty where there are none.
    [[nodiscard]] std::vector<bool> misplaced(std::size_t c, const ValueTable<IdEntry>& table) const {
        std::vector<bool> out;
        if (&table != &f_.nhs && &table != &f_.ulns) return out;
        auto look = [&](std::uint32_t id) {
            if (id == 0 || table[id].quality == IdQuality::valid ||
                (&table == &f_.nhs ? uln_quality : nhs_quality)(table.text(id)) != IdQuality::valid)
                return;
            out.resize(table.size());
            out[id] = true;
        };
        if (raw_[c].code.size() < table.size() / 4)  // a few records beside many
            for (const std::uint32_t id : raw_[c].code) look(id);
        else
            for (std::uint32_t id = 1; id < table.size(); ++id) look(id);
        return out;
    }
    // Once every column is read: what stands in a number's own column comes before what stood in another's.
    void misplaced_numbers(std::size_t c) {
        const Role role = table_.columns[c].role;
        if (role != Role::nhs_number && role != Role::uln) return;
        const bool from_nhs = role == Role::nhs_number;
        const ValueTable<IdEntry>& from = from_nhs ? f_.nhs : f_.ulns;
        if (misplaced_[c].empty()) return;
        const bool compared = has_column(from_nhs ? Role::uln : Role::nhs_number);
        for (std::size_t i = 0; i < position_.size(); ++i) {
            const std::uint32_t id = code_of(c, i);
            if (!misplaced_[c][id]) continue;
            const std::string text(from.text(id));
            const std::uint32_t moved =
                from_nhs ? intern_id(f_.ulns, text, uln_quality) : intern_id(f_.nhs, text, nhs_quality);
            std::uint32_t& to = from_nhs ? row(i).uln : row(i).nhs;
            if (to == 0) to = moved;
            if (compared && to == moved)
                ++f_.counts[c].moved;
            else
                ++f_.counts[c].unusable;  // no column of that kind, or it has another value
        }
    }
    [[nodiscard]] bool has_column(Role role) const {
        return std::any_of(table_.columns.begin(), table_.columns.end(),
                           [&](const Column& column) { return column.role == role; });
    }
    // Of distinct texts that gave no code: how many records hold one.
    void count_unusable(std::size_t c, const std::vector<std::uint32_t>& code) {
        if (std::find(code.begin() + 1, code.end(), 0u) == code.end()) return;
        for (const std::uint32_t raw : raw_[c].code) f_.counts[c].unusable += raw != 0 && code[raw] == 0;
    }
    void former_upns(std::size_t c) {
        place_by(c, [this, c](std::size_t i, StandardCount&) {
            if (const std::uint32_t code = code_of(c, i); code != 0) more(i).former_upns.push_back(code);
        });
    }
    void nhs_statuses(std::size_t c) {
        // NHS data dictionary: 01 present and verified; also written as a word
        std::vector<bool> verified(raw_[c].distinct.size());
        for (std::size_t d = 1; d < verified.size(); ++d) {
            const std::string_view text = raw_[c].distinct[d];
            verified[d] =
                text == "01" || text == "1" || text == "verified" || text == "VERIFIED" || text == "Verified";
        }
        place_by(c, [this, c, verified = std::move(verified)](std::size_t i, StandardCount&) {
            if (verified[code_of(c, i)]) row(i).flags |= Flags::nhs_verified;
        });
        nhs_status_given_ = true;
    }

    void sexes(std::size_t c) {
        const RawColumn& raw = raw_[c];
        std::vector<std::uint16_t> sex(raw.distinct.size());
        std::vector<std::uint32_t> read(raw.distinct.size(), 1);
        std::string folded;
        for (std::size_t d = 1; d < sex.size(); ++d) {
            text::fold(raw.distinct[d], folded);
            sex[d] = folded == "m" || folded == "male" || folded == "boy" || folded == "1"      ? 1
                     : folded == "f" || folded == "female" || folded == "girl" || folded == "2" ? 2
                     : folded == "x" || folded == "indeterminate" || folded == "other" ||
                             folded == "nonbinary" || folded == "non binary"
                         ? 3
                         : 0;
            read[d] = sex[d] != 0 || folded.empty() || folded == "u" || folded == "unknown" ||
                      folded == "not known" || folded == "not specified" || folded == "not stated" ||
                      folded == "n a" || folded == "0" || folded == "9";
        }
        for (const std::uint16_t read_as : sex) f_.has_sex |= read_as != 0;
        count_unusable(c, read);
        place_by(c, [this, c, sex = std::move(sex)](std::size_t i, StandardCount&) {
            if ((row(i).flags & Flags::sex_mask) == 0)
                row(i).flags = static_cast<std::uint16_t>(row(i).flags | sex[code_of(c, i)]);
        });
    }

    void postcodes(std::size_t c, Role role) {
        const RawColumn& raw = raw_[c];
        std::vector<std::uint32_t> code(raw.distinct.size());
        text::Postcode postcode;
        std::vector<std::string> institutional;  // however a person writes them
        for (const std::string& written : settings_.institutional_postcodes) {
            text::standard_postcode(written, postcode);
            if (!postcode.text.empty()) institutional.push_back(postcode.text);
        }
        std::size_t valid = 0;
        for (std::size_t d = 1; d < code.size(); ++d) {
            text::standard_postcode(raw.distinct[d], postcode);
            if (postcode.text.empty()) continue;
            const auto [id, fresh] = f_.places.intern(postcode.text);
            code[d] = id;
            valid += postcode.valid;
            if (!fresh) continue;
            PlaceEntry& e = f_.places[id];
            e.characters = characters_of(postcode.text);
            if (postcode.valid) {
                e.sector = static_cast<std::uint32_t>(hash_text(text::sector(postcode.text)));
                e.district = static_cast<std::uint32_t>(hash_text(text::district(postcode.text)));
            }
            e.institutional = postcode.pseudo || std::find(institutional.begin(), institutional.end(),
                                                           postcode.text) != institutional.end();
        }
        count_unusable(c, code);
        if (role == Role::postcode) f_.uk_postcodes |= valid * 2 > code.size();
        for (const std::uint32_t id : code) f_.has_place |= id != 0;
        place_by(c, [this, c, role, code = std::move(code)](std::size_t i, StandardCount& count) {
            const std::uint32_t id = code[code_of(c, i)];
            if (id == 0) return;
            count.institutional += f_.places[id].institutional;
            if (role == Role::postcode && row(i).postcode == 0)
                row(i).postcode = id;
            else
                more(i).postcodes.push_back(id);
        });
    }

    void texts(std::size_t c, Role role) {
        ValueTable<TextEntry>& table = role == Role::house ? f_.houses : f_.schools;
        const RawColumn& raw = raw_[c];
        std::vector<std::uint32_t> code(raw.distinct.size());
        std::string folded;
        for (std::size_t d = 1; d < code.size(); ++d) {
            text::fold(raw.distinct[d], folded);
            if (!folded.empty()) code[d] = table.intern(folded).first;
        }
        count_unusable(c, code);
        place_by(c, [this, c, role, code = std::move(code)](std::size_t i, StandardCount&) {
            std::uint32_t& held = role == Role::house ? row(i).house : row(i).school;
            if (held == 0) held = code[code_of(c, i)];
        });
    }

    void days(std::size_t c, Role role) {
        const auto order = text::guess_order(std::span(raw_[c].distinct).subspan(1));
        place_by(c, [this, c, role, order](std::size_t i, StandardCount& count) {
            const std::uint32_t code = code_of(c, i);
            if (code == 0) return;
            const auto date = text::parse_date(raw_[c].distinct[code], order);
            if (date.quality != text::ParsedDate::full)
                ++count.unusable;
            else
                (role == Role::death_date ? more(i).death : more(i).active) = date.days;
        });
    }

    // Made before several columns are worked on at the same time.
    Generic& generic_of(std::size_t c) {
        for (Generic& g : f_.generics)
            if (g.column == c) return g;
        return f_.generics.emplace_back(Generic{table_.columns[c].name, table_.columns[c].role, c, {}, {}});
    }
    void generic(std::size_t c) {
        Generic& g = generic_of(c);
        const RawColumn& raw = raw_[c];
        std::vector<std::uint32_t> code(raw.distinct.size());
        std::string folded;
        for (std::size_t d = 1; d < code.size(); ++d) code[d] = intern_generic(g, raw.distinct[d], folded);
        count_unusable(c, code);
        place_by(c, [this, c, &g, code = std::move(code)](std::size_t i, StandardCount&) {
            g.code[first_ + i] = code[code_of(c, i)];
        });
    }
    static std::uint32_t intern_generic(Generic& g, std::string_view raw, std::string& folded) {
        std::string local;
        double number = 0;
        if (g.role == Role::number) {
            folded.clear();
            for (const char ch : raw)
                if (ch != ' ' && ch != '\t') folded += ch;
            const auto [end, error] = std::from_chars(folded.data(), folded.data() + folded.size(), number);
            if (error != std::errc() || end != folded.data() + folded.size() || !std::isfinite(number))
                return 0;
        } else if (g.role == Role::identifier) {
            folded = rules::compact_identifier(raw);
        } else if (g.role == Role::email) {
            folded.clear();
            for (const char ch : raw)
                if (ch != ' ') folded += ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
            local = folded.substr(0, folded.find('@'));
        } else if (g.role == Role::phone) {
            folded.clear();
            for (const char ch : raw)
                if (ch >= '0' && ch <= '9') folded += ch;
            if (folded.size() > 9) folded.erase(0, folded.size() - 9);  // with or without the country's code
        } else {
            text::fold(raw, folded);
        }
        if (folded.empty()) return 0;
        const auto [id, fresh] = g.values.intern(folded);
        if (!fresh) return id;
        TextEntry& e = g.values[id];
        e.local = std::move(local);
        e.number = number;
        if (g.role == Role::text || g.role == Role::locality || g.role == Role::street)
            e.sound = text::phonetic(folded).primary;
        return id;
    }

    // What needs all columns of a record.
    void clean() {
        std::vector<std::uint32_t> before;  // of Features::more, by part
        for (std::vector<More>& part : parts_) {
            before.push_back(static_cast<std::uint32_t>(f_.more.size()));
            f_.more.insert(f_.more.end(), std::move_iterator(part.begin()), std::move_iterator(part.end()));
            part = std::vector<More>();
        }
        parallel_chunks(threads_, position_.size(), grain,
                        [&](std::size_t part, std::size_t begin, std::size_t end) {
                            for (std::size_t i = begin; i < end; ++i) {
                                Row& r = row(i);
                                if (r.more != 0) r.more += before[part];
                                if (!nhs_status_given_ && r.nhs != 0) r.flags |= Flags::nhs_verified;
                                if (r.postcode != 0 && f_.places[r.postcode].institutional)
                                    r.flags |= Flags::place_institutional;
                                if (r.fore[0] == 0) std::swap(r.fore[0], r.fore[1]);
                                if (r.sur[0] == 0) std::swap(r.sur[0], r.sur[1]);
                            }
                        });
    }

    const Table& table_;
    const StandardSettings& settings_;
    const unsigned threads_;
    Features& f_;
    std::vector<std::uint32_t>& position_;
    std::size_t first_;
    std::vector<std::uint64_t> hashes_;  // of keys, by position
    std::vector<Birth> births_;          // by position
    std::vector<RawColumn> raw_;
    std::vector<std::vector<bool>> misplaced_;       // by column, for its numbers; empty: none is
    std::vector<std::vector<NameText>> name_texts_;  // by column, for its distinct texts
    std::vector<std::move_only_function<void(std::size_t, std::size_t, StandardCount&) const>> placers_;
    std::vector<std::vector<More>> parts_;  // of each `grain` records, further values
    bool nhs_status_given_ = false;
};

}  // namespace

void standardise(const Table& table, const StandardSettings& settings, Features& out,
                 std::vector<std::uint32_t>& position) {
    position.clear();
    Standardiser(table, settings, out, position).run(true);
}

std::uint32_t append(const Table& table, const StandardSettings& settings, Features& out) {
    const auto first = static_cast<std::uint32_t>(out.rows.size());
    std::vector<std::uint32_t> position(table.size());
    std::iota(position.begin(), position.end(), 0u);
    Standardiser(table, settings, out, position).run(false);
    return first;
}

std::uint64_t mark_default_days(Features& f, std::size_t first) {
    std::uint64_t marked = 0;
    for (std::size_t i = first; i < f.rows.size(); ++i) {
        Row& r = f.rows[i];
        r.flags &= static_cast<std::uint16_t>(~Flags::birth_default);
        if (r.birth == no_day || (r.flags & (Flags::birth_day_missing | Flags::birth_year_only)) ||
            r.source >= f.default_days.size())
            continue;
        const CalendarDay day = calendar_day(r.birth);
        const auto& defaults = f.default_days[r.source];
        if (std::find(defaults.begin(), defaults.end(), day.month * 32 + day.day) == defaults.end()) continue;
        r.flags |= Flags::birth_default;
        ++marked;
    }
    return marked;
}

namespace {

// Counts the values; which of them stand on more combinations of names and birth date than there may be
// people. Nearly all stand on one.
template <class Entry, class CodeOf>
std::vector<bool> count_and_suspect(const Features& f, ValueTable<Entry>& table, CodeOf code_of) {
    std::vector<std::array<std::uint32_t, most_people_of_a_value>> combinations(table.size());
    std::vector<bool> suspect;
    for (std::uint32_t c = 0; c < table.size(); ++c) table[c].polluted = false, table[c].count = 0;
    for (std::size_t i = 0; i < f.rows.size(); ++i) {
        const Row& r = f.rows[i];
        const std::uint32_t id = code_of(i);
        if (id == 0 || (r.flags & Flags::removed)) continue;
        ++table[id].count;
        const std::uint32_t combination = combination_of(f, r);
        auto& known = combinations[id];
        const auto place = std::find_if(known.begin(), known.end(),
                                        [&](std::uint32_t c) { return c == 0 || c == combination; });
        if (place != known.end()) {
            *place = combination;
        } else {
            suspect.resize(table.size());
            suspect[id] = true;
        }
    }
    return suspect;
}

template <class Entry, class CodeOf>
void find_polluted(const Features& f, ValueTable<Entry>& table, CodeOf code_of, PollutedCount& found) {
    const std::vector<bool> suspect = count_and_suspect(f, table, code_of);
    if (suspect.empty()) return;
    std::vector<std::uint64_t> of_suspects, spare;
    for (std::size_t i = 0; i < f.rows.size(); ++i)
        if (const std::uint32_t id = code_of(i); suspect[id] && !(f.rows[i].flags & Flags::removed))
            of_suspects.push_back(std::uint64_t{id} << 32 | i);
    radix_sort(of_suspects, spare, 32, 64);
    PeopleOfValues people(f);
    std::vector<std::uint32_t> records;
    for_groups(of_suspects, same_upper_half, [&](std::size_t begin, std::size_t end) {
        records.clear();
        for (std::size_t i = begin; i < end; ++i)
            records.push_back(static_cast<std::uint32_t>(of_suspects[i]));
        Entry& e = table[static_cast<std::uint32_t>(of_suspects[begin] >> 32)];
        e.polluted = people.too_many(records);
        if (e.polluted) ++found.values, found.records += e.count;
    });
}

}  // namespace

std::vector<PollutedCount> count_values(Features& f, unsigned threads) {
    for (std::uint32_t c = 0; c < f.names.size(); ++c) f.names[c].forenames = f.names[c].surnames = 0;
    for (std::uint32_t c = 0; c < f.places.size(); ++c) f.places[c].count = 0;
    auto names_and_places = [&] {
        for (const Row& r : f.rows) {
            if (r.flags & Flags::removed) continue;
            ++f.names[r.fore[0]].forenames;
            ++f.names[r.sur[0]].surnames;
            ++f.places[r.postcode].count;
        }
    };
    std::vector<PollutedCount> found = {{"UPN"}, {"NHS number"}, {"ULN"}};
    for (const Generic& g : f.generics) found.push_back({g.name});
    parallel_tasks(threads, found.size() + 1, [&](std::size_t task) {
        if (task == 0) return names_and_places();
        const std::size_t t = task - 1;
        auto of_rows = [&](ValueTable<IdEntry>& table, std::uint32_t Row::* field) {
            find_polluted(f, table, [&](std::size_t i) { return f.rows[i].*field; }, found[t]);
        };
        if (t == 0) return of_rows(f.upns, &Row::upn);
        if (t == 1) return of_rows(f.nhs, &Row::nhs);
        if (t == 2) return of_rows(f.ulns, &Row::uln);
        Generic& g = f.generics[t - 3];
        if (g.role == Role::identifier) {
            find_polluted(f, g.values, [&](std::size_t i) { return g.code[i]; }, found[t]);
            g.some_polluted = found[t].values > 0;
            return;
        }
        for (std::uint32_t c = 0; c < g.values.size(); ++c) g.values[c].count = 0;
        for (std::size_t i = 0; i < f.rows.size(); ++i)
            if (!(f.rows[i].flags & Flags::removed)) ++g.values[g.code[i]].count;
    });
    std::erase_if(found, [](const PollutedCount& p) { return p.values == 0; });
    return found;
}

CalendarDay calendar_day(std::int32_t days) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    return {static_cast<std::int16_t>(static_cast<int>(date.year())),
            static_cast<std::int8_t>(static_cast<unsigned>(date.month())),
            static_cast<std::int8_t>(static_cast<unsigned>(date.day()))};
}

}  // namespace sendhub::identity
