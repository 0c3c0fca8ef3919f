#include "identity/link/html.hpp"

#include <cmath>
#include <cstdio>

namespace sendhub::identity::link {

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string grouped(std::uint64_t n) {
    std::string digits = std::to_string(n);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string fixed(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, std::abs(value));
    const bool nothing = std::string_view(text).find_first_not_of("0.") == std::string_view::npos;
    return (value < 0 && !nothing ? "−" : "") + std::string(text);
}

std::string signed_bits(double value) {
    const std::string text = fixed(value, 1);
    return value >= 0.05 ? "+" + text : text;
}

std::string small_share(double share) {
    char text[32];
    std::snprintf(text, sizeof text, share >= 0.001 || share == 0 ? "%.4f" : "%.1e", share);
    return text;
}

HtmlTable::HtmlTable(std::string_view caption, std::vector<std::string> headers) {
    html_ = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(caption) +
            "\"><table><caption>" + escaped(caption) + "</caption><thead><tr>";
    for (const std::string& header : headers) {
        const bool number = header.starts_with('#');
        number_.push_back(number);
        html_ += std::string("<th scope=\"col\"") + (number ? " class=\"n\">" : ">") +
                 escaped(std::string_view(header).substr(number ? 1 : 0)) + "</th>";
    }
    html_ += "</tr></thead><tbody>";
}

void HtmlTable::cells(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const char* kind = i < number_.size() && number_[i] ? " class=\"n\"" : "";
        if (i == 0)
            html_ += "<th scope=\"row\"" + std::string(kind) + ">" + escaped(cells[i]) + "</th>";
        else
            html_ += "<td" + std::string(kind) + ">" + escaped(cells[i]) + "</td>";
    }
}
void HtmlTable::row(const std::vector<std::string>& all) {
    html_ += "<tr>";
    cells(all);
    html_ += "</tr>";
}
void HtmlTable::row_with_html(const std::vector<std::string>& all, std::string_view html) {
    html_ += "<tr>";
    cells(all);
    html_ += "<td>" + std::string(html) + "</td></tr>";
}
std::string HtmlTable::take() { return std::move(html_) + "</tbody></table></div>\n"; }

const std::string_view style = R"(
:root{--ink:#0b0c0c;--soft:#505a5f;--line:#b1b4b6;--paper:#fff;--shade:#f3f2f1;--blue:#1d70b8}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;color:var(--ink);background:var(--paper)}
header,main,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.5rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.5rem 0 .25rem}
p{max-width:46rem;margin:.4rem 0 .8rem}
.soft{color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:1rem 0 0}
a{color:var(--blue)}
dl.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.75rem;margin:1.25rem 0}
dl.tiles div{background:var(--shade);padding:.75rem 1rem;border-left:4px solid var(--blue)}
dl.tiles dt{color:var(--soft);font-size:.9rem}
dl.tiles dd{margin:0;font-size:1.6rem;font-weight:700;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin:.75rem 0 1.25rem}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:700;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--shade)}
thead th{border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right}
svg{max-width:100%;height:auto;display:block;margin:.5rem 0}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;fill:var(--ink)}
svg text.soft{fill:var(--soft)}
.bar{display:inline-block;vertical-align:middle;margin:0}
ul.key{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:.25rem 0}
ul.key span{display:inline-block;width:.9rem;height:.9rem;margin-right:.4rem;vertical-align:-.1rem}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--blue)}
ul.notes li{margin:.25rem 0;max-width:46rem}
footer{padding:1.5rem 1.25rem 2.5rem;color:var(--soft)}
@media print{nav,summary{display:none}h2{break-after:avoid}svg,table{break-inside:avoid}}
)";

}  // namespace sendhub::identity::link
