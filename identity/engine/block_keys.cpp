#include "identity/engine/block_keys.hpp"

#include <algorithm>
#include <array>

#include "identity/engine/hash.hpp"
#include "identity/engine/parallel.hpp"

namespace sendhub::identity {
namespace {

constexpr std::size_t grain = 1 << 15;

// A few 32-bit values without allocation; more than it can hold are left out, which costs a key and is
// counted.
struct Few {
    std::array<std::uint32_t, most_key_values> value;
    std::size_t n = 0;
    bool cut = false;
    void add(std::uint32_t v) {
        if (v == 0 || std::find(value.begin(), value.begin() + n, v) != value.begin() + n) return;
        if (n < value.size())
            value[n++] = v;
        else
            cut = true;
    }
    [[nodiscard]] const std::uint32_t* begin() const { return value.data(); }
    [[nodiscard]] const std::uint32_t* end() const { return value.data() + n; }
};

class RecordKeys {
  public:
    RecordKeys(const Features& f, const Plan& plan) : f_(f), plan_(plan) {}

    // Returns whether a value had to be left out.
    bool make(std::uint32_t record, std::uint32_t* main, std::vector<KeyTable::Further>& further) {
        for (Few* few : all_) few->cut = false;
        const Row& r = f_.rows[record];
        const More* m = f_.more_of(r);
        collect(r, m);
        for (std::size_t k = 0; k < plan_.keys.size(); ++k) {
            hashes_.n = 0;
            make_key(k, plan_.keys[k], record, r, m);
            main[k] = hashes_.n > 0 ? hashes_.value[0] : 0;
            for (std::size_t i = 1; i < hashes_.n; ++i)
                further.push_back({static_cast<std::uint8_t>(k), hashes_.value[i]});
        }
        return std::any_of(all_.begin(), all_.end(), [](const Few* few) { return few->cut; });
    }

  private:
    void collect(const Row& r, const More* m) {
        forenames_.n = surnames_.n = fore_sounds_.n = sur_sounds_.n = places_.n = 0;
        for (const std::uint32_t c : r.fore) forenames_.add(c);
        for (const std::uint32_t c : r.sur) surnames_.add(c);
        places_.add(r.postcode);
        if (m != nullptr) {
            for (const std::uint32_t c : m->fore) forenames_.add(c);
            for (const std::uint32_t c : m->sur) surnames_.add(c);
            for (const std::uint32_t c : m->postcodes) places_.add(c);
        }
        auto sounds = [&](const Few& codes, Few& out) {
            for (const std::uint32_t c : codes) out.add(f_.names[c].sound);
            for (const std::uint32_t c : codes) {
                out.add(f_.names[c].other_sound);
                for (const std::uint32_t t : f_.names[c].token_sounds) out.add(t);
            }
        };
        sounds(forenames_, fore_sounds_);
        sounds(surnames_, sur_sounds_);
        const NameEntry& forename = f_.names[r.fore[0]];
        initial_ = forename.plain.empty() ? 0 : static_cast<unsigned char>(forename.plain[0]);
        const NameEntry& surname = f_.names[r.sur[0]];
        surname_initial_ = surname.plain.empty() ? 0 : static_cast<unsigned char>(surname.plain[0]);
        born_ = r.birth != no_day && !(r.flags & (Flags::birth_year_only | Flags::birth_day_missing));
        day_ = r.birth == no_day ? CalendarDay{} : calendar_day(r.birth);
        year_ = (day_.year - 1970) * 366;
    }

    template <class... Parts>
    void put(std::size_t k, Parts... parts) {
        hashes_.add(key_hash(static_cast<std::uint32_t>(k), static_cast<std::int64_t>(parts)...));
    }

    // A value whose high bits say when: records stand in the order of birth, so blocks of one time lie
    // together and are gone through in that order. The finer the time, the fewer share it, and the fewer bits
    // the rest of the value needs; two that meet by chance cost one needless comparison.
    enum Time : unsigned { day = 0, month = 5, year = 8 };  // low bits of the day that do not count
    template <class... Parts>
    void put_by_time(std::size_t k, std::int32_t begin, Time time, Parts... parts) {
        constexpr std::uint32_t day_bits = 15;  // 89 years; beyond, two days share their bits
        const std::uint32_t when = (static_cast<std::uint32_t>(begin) & ((1u << day_bits) - 1)) >> time;
        const unsigned rest = 32 - (day_bits - time);
        const std::uint32_t hash =
            key_hash(static_cast<std::uint32_t>(k), begin, static_cast<std::int64_t>(parts)...);
        const std::uint32_t value = when << rest | (hash & ((1u << rest) - 1));
        hashes_.add(value == 0 ? 1 : value);
    }

    void make_key(std::size_t k, const Key& key, std::uint32_t record, const Row& r, const More* m) {
        using R = Key::Recipe;
        const std::int32_t birth = r.birth;
        const bool any_birth = birth != no_day;
        switch (key.recipe) {
            case R::upn:
                identifier(k, f_.upns, r.upn);
                if (m != nullptr)
                    for (const std::uint32_t c : m->former_upns) identifier(k, f_.upns, c);
                return;
            case R::nhs:
                return identifier(k, f_.nhs, r.nhs);
            case R::uln:
                return identifier(k, f_.ulns, r.uln);
            case R::birth_forename:
                if (any_birth)
                    for (const std::uint32_t s : fore_sounds_) put_by_time(k, birth, day, s);
                return;
            case R::birth_surname:
                if (any_birth)
                    for (const std::uint32_t s : sur_sounds_) put_by_time(k, birth, day, s);
                return;
            case R::birth_place:
                if (any_birth)
                    for (const std::uint32_t p : places_)
                        if (!f_.places[p].institutional) put_by_time(k, birth, day, f_.places[p].hash);
                return;
            case R::place_initial_year:
                if (any_birth && initial_ != 0)
                    for (const std::uint32_t p : places_)
                        if (!f_.places[p].institutional)
                            put_by_time(k, year_, year, initial_, f_.places[p].hash);
                return;
            case R::surname_class_year:
                if (any_birth)
                    for (const std::uint32_t s : surnames_)
                        for (const std::uint32_t g : forenames_) {
                            put_by_time(k, year_, year, f_.names[g].classes, f_.names[s].tokens.front());
                            if (f_.names[s].tokens.size() > 1)
                                put_by_time(k, year_, year, f_.names[g].classes, f_.names[s].tokens.back());
                        }
                return;
            case R::birth_initials:
                if (any_birth && initial_ != 0 && surname_initial_ != 0)
                    put_by_time(k, birth, day, std::min(initial_, surname_initial_),
                                std::max(initial_, surname_initial_));
                return;
            case R::swapped_birth_surname:
                if (!born_ || day_.day > 12 || day_.day == day_.month) return;
                for (const std::uint32_t s : sur_sounds_)
                    put_by_time(k, year_, year, s,
                                std::min(day_.day, day_.month) * 32 + std::max(day_.day, day_.month));
                return;
            case R::names_district:
                for (const std::uint32_t p : places_) {
                    const PlaceEntry& e = f_.places[p];
                    const std::uint32_t where = e.district != 0 ? e.district : e.hash;
                    if (e.institutional || fore_sounds_.n == 0) continue;
                    for (const std::uint32_t s : sur_sounds_) put(k, fore_sounds_.value[0], s, where);
                }
                return;
            case R::uprn_forename:
                if (r.uprn != 0)
                    for (const std::uint32_t s : fore_sounds_) put(k, f_.uprns[r.uprn].hash, s);
                return;
            case R::year_month:
                if (any_birth && surname_initial_ != 0 && !(r.flags & Flags::birth_year_only))
                    for (const std::uint32_t s : fore_sounds_)
                        put_by_time(k, birth - (day_.day - 1), month, s, surname_initial_);
                return;
            case R::year_day:
                if (born_ && surname_initial_ != 0)
                    for (const std::uint32_t s : fore_sounds_)
                        put_by_time(k, year_, year, day_.day, s, surname_initial_);
                return;
            case R::month_day:
                if (born_ && sur_sounds_.n > 0)
                    for (const std::uint32_t s : fore_sounds_)
                        put(k, day_.month * 32 + day_.day, s, sur_sounds_.value[0]);
                return;
            case R::names: {
                if (r.fore[0] == 0 || r.sur[0] == 0) return;
                const std::uint32_t x = f_.names[r.fore[0]].sound, y = f_.names[r.sur[0]].sound;
                return put(k, std::min(x, y), std::max(x, y));
            }
            case R::generic_value: {
                const Generic& g = f_.generics[key.generic];
                if (const std::uint32_t code = g.code[record]; code != 0 && !g.polluted(code))
                    put(k, g.values[code].hash);
                return;
            }
            case R::email_local: {
                const Generic& g = f_.generics[key.generic];
                const std::string& local = g.values[g.code[record]].local;
                if (local.size() >= 4) put(k, hash_text(local));
                return;
            }
            case R::generic_names: {
                const Generic& g = f_.generics[key.generic];
                if (g.code[record] == 0) return;
                const std::uint32_t sound = g.values[g.code[record]].sound;
                if (fore_sounds_.n > 0) put(k, sound, fore_sounds_.value[0], 1);
                for (const std::uint32_t s : sur_sounds_) put(k, sound, s, 2);
                return;
            }
            case R::street_initial: {
                const Generic& g = f_.generics[key.generic];
                if (const std::uint32_t code = g.code[record]; code != 0 && initial_ != 0)
                    put(k, g.values[code].hash, initial_);
                return;
            }
        }
    }
    void identifier(std::size_t k, const ValueTable<IdEntry>& table, std::uint32_t code) {
        if (code != 0 && !table[code].polluted) put(k, table[code].hash);
    }

    const Features& f_;
    const Plan& plan_;
    Few forenames_, surnames_, fore_sounds_, sur_sounds_, places_, hashes_;
    const std::array<Few*, 6> all_ = {&forenames_,  &surnames_, &fore_sounds_,
                                      &sur_sounds_, &places_,   &hashes_};
    unsigned initial_ = 0, surname_initial_ = 0;
    bool born_ = false;
    CalendarDay day_{};
    std::int32_t year_ = 0;  // about the first day of the year of birth; another one for each year
};

}  // namespace

void KeyTable::add(const Features& f, const Plan& plan, std::size_t first, unsigned threads) {
    keys_ = plan.keys.size();
    lines_ = (keys_ + 1 + 15) / 16;
    main_.resize(f.size() * lines_);
    further_end_.resize(f.size());
    const std::size_t n = f.size() - first, chunks = (n + grain - 1) / grain;
    std::vector<std::vector<Further>> further(chunks);
    std::vector<std::uint64_t> cut(chunks);
    parallel_chunks(threads, n, grain, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
        RecordKeys maker(f, plan);
        for (std::size_t i = begin; i < end; ++i) {
            const auto record = static_cast<std::uint32_t>(first + i);
            const std::size_t before = further[chunk].size();
            cut[chunk] += maker.make(record, row(record), further[chunk]);
            row(record)[flag()] = further[chunk].size() > before;
            further_end_[record] = static_cast<std::uint32_t>(further[chunk].size());
        }
    });
    if (first == 0) cut_records_ = 0;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        cut_records_ += cut[chunk];
        const auto before = static_cast<std::uint32_t>(further_.size());
        for (std::size_t i = chunk * grain; i < std::min(n, (chunk + 1) * grain); ++i)
            further_end_[first + i] += before;
        further_.insert(further_.end(), further[chunk].begin(), further[chunk].end());
        further[chunk] = std::vector<Further>();
    }
}

void KeyTable::truncate(std::size_t size) {
    further_end_.resize(size);
    main_.resize(size * lines_);
    further_.resize(size == 0 ? 0 : further_end_.back());
}

void KeyTable::take_out(std::uint32_t record, std::size_t key, std::uint32_t hash) {
    std::uint32_t& value = row(record)[key];
    if (value == hash) value = 0;
    const std::uint32_t begin = record == 0 ? 0 : further_end_[record - 1];
    for (std::uint32_t i = begin; i < further_end_[record]; ++i)
        if (further_[i].key == key && further_[i].hash == hash) further_[i].hash = 0;
}

bool KeyTable::share_further_before(std::uint32_t a, std::uint32_t b, std::size_t key) const {
    const std::uint32_t* x = row(a);
    const std::uint32_t* y = row(b);
    const auto fa = further(a), fb = further(b);
    for (const Further& p : fa) {
        if (p.key >= key) break;  // in order of key
        if (p.hash == 0) continue;
        if (y[p.key] == p.hash) return true;
        for (const Further& q : fb)
            if (p == q) return true;
    }
    for (const Further& q : fb) {
        if (q.key >= key) break;
        if (q.hash != 0 && x[q.key] == q.hash) return true;
    }
    return false;
}

std::uint32_t KeyTable::first_common(std::uint32_t a, std::uint32_t b, std::size_t key) const {
    std::uint32_t first = 0;
    auto holds = [&](std::uint32_t record, std::uint32_t hash) {
        if (main(record, key) == hash) return true;
        const auto list = further(record);
        return std::any_of(list.begin(), list.end(),
                           [&](const Further& f) { return f.key == key && f.hash == hash; });
    };
    auto look = [&](std::uint32_t hash) {
        if (hash != 0 && (first == 0 || hash < first) && holds(b, hash)) first = hash;
    };
    look(main(a, key));
    for (const Further& f : further(a))
        if (f.key == key) look(f.hash);
    return first;
}

std::uint32_t KeyTable::common(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t* x = row(a);
    const std::uint32_t* y = row(b);
    std::uint32_t out = common_main(x, y, keys_);
    const auto fa = further(a), fb = further(b);
    for (const Further& p : fa) {
        if (p.hash == 0) continue;
        if (y[p.key] == p.hash) out |= 1u << p.key;
        for (const Further& q : fb)
            if (p == q) out |= 1u << p.key;
    }
    for (const Further& q : fb)
        if (q.hash != 0 && x[q.key] == q.hash) out |= 1u << q.key;
    return out;
}

}  // namespace sendhub::identity
