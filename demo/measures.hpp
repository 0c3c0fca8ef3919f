// The measures of the county, from what happened in it. README.md defines each; only rows that the hub can
// take count. One function a field; each writes its lines to the sheet.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "demo/county_model.hpp"

namespace sendhub::demo {

using Count = std::uint64_t;

inline std::string four_decimals(Count numerator, Count denominator) {
    // half away from zero, in whole numbers
    const Count scaled = (numerator * 2'000'000 + denominator) / (2 * denominator);
    return number(scaled / 10'000) + "." + number(scaled % 10'000, 4);
}

class Sheet {
  public:
    Sheet() { out_ = "measure,dataset,breakdown_topic,breakdown,numerator,denominator,value\n"; }
    void count(std::string_view measure, std::string_view dataset, std::string_view topic,
               std::string_view breakdown, Count value) {
        row(measure, dataset, topic, breakdown, number(value), "", number(value));
    }
    void percent(std::string_view measure, std::string_view dataset, std::string_view topic,
                 std::string_view breakdown, Count numerator, Count denominator) {
        row(measure, dataset, topic, breakdown, number(numerator), number(denominator),
            denominator == 0 ? std::string() : four_decimals(numerator, denominator));
    }
    void row(std::string_view measure, std::string_view dataset, std::string_view topic,
             std::string_view breakdown, std::string_view numerator, std::string_view denominator,
             std::string_view value) {
        CsvLine line(out_);
        line << measure << dataset << topic << breakdown << numerator << denominator << value;
        line.end("\n");
    }
    // Counts by group, and their total first.
    void counts(std::string_view measure, std::string_view dataset, std::string_view topic,
                const std::map<std::string, Count>& groups) {
        for (const auto& [breakdown, value] : groups) count(measure, dataset, topic, breakdown, value);
    }
    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    std::string out_;
};

struct Share {
    Count numerator = 0, denominator = 0;
};

inline bool in_year(Day d, Day as_at) { return d != no_day && d >= academic_year_start && d <= as_at; }

// What the census says that other measures stand on.
struct CensusFacts {
    Count school_roll = 0;
    std::set<std::uint32_t> on_roll;  // children, any registration
};

CensusFacts measure_census(const County& county, Sheet& sheet);
void measure_lists(const County& county, const CensusFacts& census, Sheet& sheet);
void measure_advice(const County& county, Sheet& sheet);
void measure_youth_justice(const County& county, Sheet& sheet);

// The strongest SEN provision that the council's lists say of a child; children of whom they say none are
// left out.
std::map<std::uint32_t, char> reported_provision(const County& county);

}  // namespace sendhub::demo
