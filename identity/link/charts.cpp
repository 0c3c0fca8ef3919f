// The drawings of html.hpp.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "identity/link/html.hpp"

namespace sendhub::identity::link {
namespace {

std::string number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", x);
    return text;
}
std::string rect(double x, double y, double width, double height, std::string_view fill,
                 std::string_view told = {}) {
    std::string out = "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
                      "\" height=\"" + number(height) + "\" fill=\"" + std::string(fill) + "\"";
    return told.empty() ? out + "/>" : out + "><title>" + escaped(told) + "</title></rect>";
}
std::string line(double x1, double y1, double x2, double y2, std::string_view look) {
    return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" +
           number(y2) + "\" " + std::string(look) + "/>";
}
std::string words(double x, double y, std::string_view anchor, std::string_view text,
                  std::string_view more = {}) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + std::string(anchor) +
           "\"" + std::string(more) + ">" + escaped(text) + "</text>";
}
std::string open_svg(double width, double height, std::string_view title, std::string_view description) {
    return "<svg role=\"img\" viewBox=\"0 0 " + number(width) + " " + number(height) + "\" width=\"" +
           number(width) + "\" height=\"" + number(height) + "\" aria-label=\"" +
           escaped(std::string(title) + (description.empty() ? "" : ". ") + std::string(description)) + "\">";
}

// 1, 2 or 5 times a power of ten, so that about four steps reach `most`.
std::uint64_t nice_step(std::uint64_t most) {
    const double raw = std::max(1.0, static_cast<double>(most) / 4);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (raw <= factor * power) return static_cast<std::uint64_t>(factor * power);
    return static_cast<std::uint64_t>(10 * power);
}

constexpr std::string_view grid = "stroke=\"#dee0e2\"", axis = "stroke=\"#505a5f\"",
                           halo = " style=\"paint-order:stroke;stroke:#fff;stroke-width:4px\"",
                           dashed = "stroke=\"#0b0c0c\" stroke-dasharray=\"5 4\"";

}  // namespace

std::string svg(const BarChart& chart) {
    constexpr double width = 900, height = 300, left = 70, right = 16, top = 34, bottom = 50;
    constexpr double plot_width = width - left - right, plot_height = height - top - bottom;
    const std::size_t n = std::max<std::size_t>(1, chart.bars.size());
    auto tall = [](const Bar& bar) {
        return std::accumulate(bar.parts.begin(), bar.parts.end(), std::uint64_t{0});
    };
    std::uint64_t most = 1;
    for (std::size_t i = std::min(chart.scale_from, n - 1); i < chart.bars.size(); ++i)
        most = std::max(most, tall(chart.bars[i]));
    const std::uint64_t step = nice_step(most);
    const std::uint64_t scale = (most + step - 1) / step * step;
    const double bar_width = plot_width / static_cast<double>(n);
    auto y_of = [&](std::uint64_t value) {
        return top +
               plot_height * (1 - static_cast<double>(std::min(value, scale)) / static_cast<double>(scale));
    };

    std::string out = open_svg(width, height, chart.title, chart.description);
    for (std::uint64_t y = 0; y <= scale; y += step) {
        out += line(left, y_of(y), width - right, y_of(y), y == 0 ? axis : grid);
        out += words(left - 8, y_of(y) + 4, "end", grouped(y), " class=\"soft\"");
    }
    for (std::size_t i = 0; i < chart.bars.size(); ++i) {
        const Bar& bar = chart.bars[i];
        const double x = left + bar_width * static_cast<double>(i);
        const double gap = bar_width > 6 ? 1 : 0;
        std::uint64_t below = 0;
        for (std::size_t p = 0; p < bar.parts.size(); ++p) {
            if (bar.parts[p] == 0) continue;
            const double y = y_of(below + bar.parts[p]);
            double drawn = y_of(below) - y;
            if (drawn < 1 && y_of(below) > top) drawn = 1;  // what is there can be seen
            if (drawn > 0)
                out += rect(x + gap / 2, y_of(below) - drawn, std::max(0.5, bar_width - gap), drawn,
                            chart.colours[p],
                            bar.label + ": " + grouped(bar.parts[p]) + " " + chart.part_names[p]);
            below += bar.parts[p];
        }
        if (below > scale) {  // cut off
            out += rect(x, top + 8, bar_width, 4, "#fff");
            out += words(x + bar_width / 2, top - 6, i == 0 ? "start" : "middle", grouped(below),
                         " class=\"soft\"");
        }
        if (!bar.label.empty() &&
            (bar_width >= 26 || i % static_cast<std::size_t>(std::ceil(34 / bar_width)) == 0))
            out += words(chart.from_labels ? x : x + bar_width / 2, height - bottom + 18, "middle", bar.label,
                         " class=\"soft\"");
    }
    for (const Mark& mark : chart.marks) {
        const double x = left + bar_width * (static_cast<double>(mark.bar) + mark.within);
        out += line(x, top - 2, x, top + plot_height, dashed);
        const bool near_end = x > width - 150;
        out += words(near_end ? x - 5 : x + 5, top + 10, near_end ? "end" : "start", mark.text, halo);
    }
    out += words(left + plot_width / 2, height - 10, "middle", chart.x_label);
    out += words(left - 60, 14, "start", chart.y_label);
    out += "</svg>\n";
    if (chart.part_names.size() > 1) {
        out += "<ul class=\"key\">";
        for (std::size_t p = 0; p < chart.part_names.size(); ++p)
            out += "<li><span style=\"background:" + chart.colours[p] + "\"></span>" +
                   escaped(chart.part_names[p]) + "</li>";
        out += "</ul>\n";
    }
    return out;
}

std::string waterfall_svg(const std::string& title, const std::vector<Step>& steps, double total) {
    constexpr double width = 900, label_width = 380, right = 70, row = 26, top = 8, bottom = 34;
    const double height = top + row * static_cast<double>(steps.size() + 1) + bottom;
    double low = std::min(0.0, total), high = std::max(0.0, total), sum = 0;
    for (const Step& step : steps) {
        sum += step.bits;
        low = std::min(low, sum);
        high = std::max(high, sum);
    }
    if (high - low < 1) high = low + 1;
    const double unit = (width - label_width - right) / (high - low);
    auto x_of = [&](double bits) { return label_width + (bits - low) * unit; };

    std::string told;
    for (const Step& step : steps) told += step.label + " " + signed_bits(step.bits) + "; ";
    std::string out = open_svg(width, height, title, told + "together " + signed_bits(total) + " bits");
    out += line(x_of(0), top, x_of(0), height - bottom, axis);
    out += words(x_of(0), height - bottom + 16, "middle", "0 bits", " class=\"soft\"");
    double at = 0, y = top;
    auto draw = [&](const std::string& label, double from, double to, std::string_view fill, double value) {
        // labels are short sentences of ours; the longest are cut so that they never run into the bars
        std::string shown = label;
        if (shown.size() > 62) {
            std::size_t cut = 60;
            while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0) == 0x80) --cut;
            shown = shown.substr(0, cut) + "…";
        }
        out += words(label_width - 12, y + 17, "end", shown);
        out += rect(x_of(std::min(from, to)), y + 4, std::max(1.0, std::abs(to - from) * unit), row - 8, fill,
                    label + " " + signed_bits(value));
        const double end = x_of(std::max(from, to)) + 6;
        out += words(end, y + 17, "start", signed_bits(value), halo);
        out += line(x_of(to), y + row - 4, x_of(to), y + row + 4, axis);
        y += row;
    };
    for (const Step& step : steps) {
        draw(step.label, at, at + step.bits, step.bits >= 0 ? "#00703c" : "#b1432c", step.bits);
        at += step.bits;
    }
    draw("together", 0, total, "#1d70b8", total);
    return out + "</svg>\n";
}

std::string bits_bar(double bits, double most) {
    constexpr double half = 70, height = 12;
    const double length = std::min(1.0, std::abs(bits) / std::max(most, 1.0)) * half;
    return "<svg class=\"bar\" aria-hidden=\"true\" width=\"140\" height=\"12\" viewBox=\"0 0 140 12\">" +
           rect(bits >= 0 ? half : half - length, 1, length, height - 2, bits >= 0 ? "#00703c" : "#b1432c") +
           line(half, 0, half, height, axis) + "</svg>";
}

}  // namespace sendhub::identity::link
