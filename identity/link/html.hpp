// The little HTML and SVG that the report of `sendhub link` is made of. Every text goes through escaped().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::identity::link {

std::string escaped(std::string_view text);
std::string grouped(std::uint64_t n);         // 1,234,567
std::string fixed(double value, int digits);  // 12.3; the minus sign as in print
std::string signed_bits(double value);        // +12.3, −2.0
std::string small_share(double share);        // 0.95, 0.0012, 3.1e-07

// A table with a caption. A header that begins with '#' is of numbers (set to the right, and without the
// '#').
class HtmlTable {
  public:
    HtmlTable(std::string_view caption, std::vector<std::string> headers);
    // Cells are escaped; the first is the header of its row.
    void row(const std::vector<std::string>& cells);
    // The same, the last cell being HTML of ours.
    void row_with_html(const std::vector<std::string>& cells, std::string_view html);
    [[nodiscard]] std::string take();

  private:
    void cells(const std::vector<std::string>& cells);
    std::vector<bool> number_;
    std::string html_;
};

// One bar of a histogram: parts from the axis outwards.
struct Bar {
    std::string label;  // under the axis
    std::vector<std::uint64_t> parts;
};
struct Mark {  // an upright line at the left edge of a bar
    std::size_t bar;
    double within = 0;  // 0…1 of the bar's width
    std::string text;
};
struct BarChart {
    std::string title, description;  // for those who do not see it
    std::string x_label, y_label;
    std::vector<std::string> part_names;
    std::vector<std::string> colours;
    std::vector<Bar> bars;
    std::vector<Mark> marks;
    bool from_labels = false;    // labels are where a bar begins, not what it stands for
    std::size_t scale_from = 0;  // taller bars before this one are cut off, and say how tall they are
};
std::string svg(const BarChart& chart);

struct Step {
    std::string label;
    double bits;
};
// From nothing to the total, one bar a step.
std::string waterfall_svg(const std::string& title, const std::vector<Step>& steps, double total);

// A bar of at most `most` bits to either side of nothing.
std::string bits_bar(double bits, double most);

extern const std::string_view style;

}  // namespace sendhub::identity::link
