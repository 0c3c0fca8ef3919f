#include "connectors/school_census/school_census.hpp"

#include <algorithm>

#include "connectors/school_census/census_values.hpp"
#include "connectors/school_census/xml_return.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::census {

using sdk::FileRefused;

sdk::ConnectorInfo SchoolCensus::info() {
    return {.name = "school_census",
            .version = "1.0.0",
            .title = "School census",
            .summary =
                "Reads the school census: the XML file that each school returns, and the tables that a "
                "council fetches "
                "from COLLECT. Autumn, spring and summer, 2015 to 2026.",
            .settings =
                {{.name = "la_code",
                  .type = sdk::SettingType::text,
                  .default_value = "",
                  .meaning = "The council's LA number, three digits.",
                  .required = true},
                 {.name = "reject_other_la",
                  .type = sdk::SettingType::boolean,
                  .default_value = "true",
                  .meaning =
                      "Refuse the return of a school of another authority; false: take it, with a warning."}},
            .records = PupilRows::fills()};
}

SchoolCensus::SchoolCensus(sdk::ConnectorHost& host, std::size_t block_bytes)
    : host_(host),
      block_bytes_(block_bytes),
      la_code_(host.setting("la_code")),
      reject_other_la_(host.setting_boolean("reject_other_la")),
      rows_(host),
      collect_(host, *this) {
    if (la_code_.size() != 3 || !std::all_of(la_code_.begin(), la_code_.end(), rules::is_digit))
        throw sdk::BadSettings("la_code must be the three digits of the council's LA number, such as 873");
}

namespace {

// The current file of the hub, with its first bytes seen beforehand.
class SeenSource : public tabular::ByteSource {
  public:
    explicit SeenSource(sdk::ConnectorHost& host) : host_(host), head_(4096, '\0') {
        std::size_t have = 0, n = 0;
        while (have < head_.size() && (n = host.read({head_.data() + have, head_.size() - have})) > 0)
            have += n;
        head_.resize(have);
    }
    [[nodiscard]] bool is_xml() const {
        std::string_view text(head_);
        for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"})
            if (text.starts_with(mark)) text.remove_prefix(mark.size());
        while (!text.empty() && (text.front() == '\0' || trim(text.substr(0, 1)).empty()))
            text.remove_prefix(1);
        return text.starts_with('<');
    }
    std::size_t read(std::span<char> into) override {
        if (at_ == head_.size()) return host_.read(into);
        const std::size_t n = head_.copy(into.data(), into.size(), at_);
        at_ += n;
        return n;
    }

  private:
    sdk::ConnectorHost& host_;
    std::string head_;
    std::size_t at_ = 0;
};

}  // namespace

void SchoolCensus::read_file(const sdk::File& file) {
    SeenSource source(host_);
    if (!source.is_xml()) return collect_.read(file, source);
    XmlInput input([&](std::span<char> buffer) { return source.read(buffer); }, block_bytes_);
    read_xml_return(input, *this, [&] {
        host_.stop_if_cancelled();
        host_.progress(input.bytes_read(), file.bytes);
    });
    rows_.check_date_order();
}

void SchoolCensus::header(const HeaderText& text) {
    if (!equal_ignoring_case(text.collection, "SC")) {
        // a code of a few letters is said; anything else may be anything
        const bool code = !text.collection.empty() && text.collection.size() <= 12 &&
                          std::all_of(text.collection.begin(), text.collection.end(), [](char c) {
                              return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || rules::is_digit(c);
                          });
        throw FileRefused("the header names another collection" +
                          (code ? " (" + std::string(text.collection) + ")" : std::string()) +
                          " than the school census (SC); send it to the feed that reads it (SC-HEADER)");
    }
    const auto reference_date = to_date(text.reference_date);
    if (!reference_date)
        throw FileRefused(
            "the header has no reference date, or one that is no date; ask for the return to be made again "
            "(SC-HEADER)");
    Return of;
    of.carries = text.carries;
    of.reference_date = *reference_date;
    for (const std::string_view term : {"AUT", "SPR", "SUM"})
        if (equal_ignoring_case(text.term, term)) of.term = term;
    if (of.term.empty())
        throw FileRefused(
            "the header's term is none of AUT, SPR and SUM; ask for the return to be made again (SC-HEADER)");
    if (!to_laestab(text.lea, text.estab, of.laestab))
        throw FileRefused(
            "the header names no school: LEA must be an LA number and Estab an establishment number "
            "(SC-HEADER)");
    const int year = academic_year_start(of.reference_date);
    of.academic_year = std::to_string(year) + '/' + std::to_string((year + 1) % 100 + 100).substr(1);
    if (text.urn.size() <= 6 && to_count(text.urn)) of.urn = text.urn;
    if (!of.laestab.starts_with(la_code_)) {
        if (reject_other_la_)
            throw FileRefused("the school belongs to the authority " + of.laestab.substr(0, 3) +
                              ", and la_code is " + la_code_ +
                              "; set reject_other_la = false to take such returns (SC-LA)");
        host_.warn_row(0, {.rule = "SC-LA",
                           .field = "LEA",
                           .value = text.lea,
                           .reason = "The school belongs to another authority.",
                           .advice = "Check that the return was meant for this council.",
                           .personal = false});
    }
    rows_.begin(of);
}

}  // namespace sendhub::census
