// Any bytes are standardised without loss of the promises in the headers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "identity/text/address_postcode.hpp"
#include "identity/text/date.hpp"
#include "identity/text/fold.hpp"
#include "identity/text/name.hpp"
#include "identity/text/phonetic.hpp"
#include "identity/text/similarity.hpp"
#include "schemas/rules/utf8.hpp"

using namespace sendhub::identity::text;

namespace {
void must(bool holds) {
    if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    static std::string folded, again, main, other;
    fold(raw, folded);
    must(sendhub::rules::is_utf8(folded) && folded.find("  ") == std::string::npos);
    must(folded.empty() || (folded.front() != ' ' && folded.back() != ' '));
    fold(folded, again);
    must(again == folded);

    static Name name;
    also_known_as(raw, main, other);
    split_full_name(main, again, other);
    standard_name(raw, name);
    must(name.placeholder == Placeholder::none || (name.spaced.empty() && name.plain.empty()));
    must(name.plain.empty() == name.spaced.empty());
    const Phonetic sound = phonetic(name.plain);
    must((sound.primary == 0) == name.plain.empty() && (sound.alternate == 0) == name.plain.empty());

    for (const auto order : {DateOrder::iso_first_uk, DateOrder::iso_first_us}) {
        const ParsedDate date = parse_date(raw, order);
        const bool some = date.quality == ParsedDate::full || date.quality == ParsedDate::day_missing;
        must(some ? date.year >= 1800 && date.year <= 2100 && date.month >= 1 && date.month <= 12 &&
                        date.day <= 31
                  : date.days == 0);
    }
    (void)guess_order({&raw, 1});

    static Postcode postcode, twice;
    standard_postcode(raw, postcode);
    standard_postcode(postcode.text, twice);
    must(twice.text == postcode.text && twice.valid == postcode.valid && twice.pseudo == postcode.pseudo);

    const std::string_view a = raw.substr(0, size / 2), b = raw.substr(size / 2);
    const double alike = jaro_winkler(a, b);
    must(alike >= 0 && alike <= 1 && alike == jaro_winkler(b, a));
    must(jaro_winkler_at_least(a, b, 0.88) == (alike >= 0.88));
    const unsigned apart = damerau(a, b, 3);
    must(apart <= 4 && apart == damerau(b, a, 3) && one_edit(a, b) == (apart <= 1));
    return 0;
}
