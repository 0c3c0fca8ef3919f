#include "hub/serve/odata/negotiate.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <vector>

namespace sendhub::serve::odata {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t next = text.find(at);
        parts.push_back(trimmed(text.substr(0, next)));
        if (next == std::string_view::npos) return parts;
        text.remove_prefix(next + 1);
    }
}

struct Range {
    std::string type;
    std::vector<std::pair<std::string, std::string>> parameters;
    double quality = 1;
};

Range parse_range(std::string_view text) {
    Range range;
    const auto parts = split(text, ';');
    range.type = lower(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::size_t equals = parts[i].find('=');
        std::string name = lower(trimmed(parts[i].substr(0, equals)));
        std::string value =
            equals == std::string_view::npos ? std::string() : lower(trimmed(parts[i].substr(equals + 1)));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        if (name == "q") {
            double q = 0;
            std::from_chars(value.data(), value.data() + value.size(), q);
            range.quality = q;
        } else {
            range.parameters.emplace_back(std::move(name), std::move(value));
        }
    }
    return range;
}

std::vector<Range> parse_accept(std::string_view accept) {
    std::vector<Range> ranges;
    if (trimmed(accept).empty()) accept = "*/*";
    for (const auto part : split(accept, ',')) {
        if (part.empty()) continue;
        Range range = parse_range(part);
        // Best first; of equals, the one that stands first.
        const auto place = std::ranges::upper_bound(ranges, range.quality, std::greater{}, &Range::quality);
        ranges.insert(place, std::move(range));
    }
    return ranges;
}

// The JSON that this range describes; nothing when it is another type, or a dialect that is not spoken here.
std::optional<Representation> json_of(const Range& range) {
    if (range.quality <= 0) return std::nullopt;
    if (range.type != "application/json" && range.type != "application/*" && range.type != "*/*")
        return std::nullopt;
    Representation wanted;
    for (const auto& [name, value] : range.parameters) {
        if (name == "odata.metadata" || name == "metadata") {
            if (value == "none")
                wanted.style.metadata = Metadata::none;
            else if (value == "full")
                wanted.style.metadata = Metadata::full;
            else if (value != "minimal")
                return std::nullopt;
        } else if (name == "odata") {  // the protocol's third version said it so
            if (value == "nometadata")
                wanted.style.metadata = Metadata::none;
            else if (value == "fullmetadata")
                wanted.style.metadata = Metadata::full;
            else if (value != "minimalmetadata" && value != "light")
                return std::nullopt;
        } else if (name == "ieee754compatible") {
            wanted.style.ieee754_compatible = value == "true";
        } else if (name == "odata.streaming" || name == "streaming") {
            wanted.echo_streaming = true;
            wanted.streaming = value == "true";
        }
    }
    return wanted;
}

bool is_xml(const Range& range) {
    return range.quality > 0 && (range.type == "application/xml" || range.type == "text/xml");
}

// $format=json and $format=xml are short for the media types.
std::string full_format(const std::string& format) {
    const std::string name = lower(format.substr(0, format.find(';')));
    if (name == "json" || name == "xml") return "application/" + lower(format);
    return format;
}

}  // namespace

std::string Representation::content_type() const {
    std::string type = "application/json;odata.metadata=";
    type += style.metadata == Metadata::none ? "none" : style.metadata == Metadata::full ? "full" : "minimal";
    if (echo_streaming) type += streaming ? ";odata.streaming=true" : ";odata.streaming=false";
    if (style.ieee754_compatible) type += ";IEEE754Compatible=true";
    return type + ";charset=utf-8";
}

std::optional<Representation> negotiate_json(std::string_view accept, const std::string* format) {
    if (format) return json_of(parse_range(full_format(*format)));
    for (const Range& range : parse_accept(accept))
        if (auto wanted = json_of(range)) return wanted;
    return std::nullopt;
}

std::optional<bool> negotiate_metadata(std::string_view accept, const std::string* format) {
    if (format) {
        const Range range = parse_range(full_format(*format));
        if (is_xml(range)) return true;
        if (json_of(range)) return false;
        return std::nullopt;
    }
    bool json = false;
    for (const Range& range : parse_accept(accept)) {
        if (range.quality <= 0) continue;
        if (is_xml(range) || range.type == "*/*" || range.type == "application/*") return true;
        json = json || json_of(range).has_value();
    }
    if (json) return false;
    return std::nullopt;
}

std::optional<std::size_t> preferred_page_size(std::string_view prefer) {
    for (const auto part : split(prefer, ',')) {
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string name = lower(trimmed(part.substr(0, equals)));
        if (name != "odata.maxpagesize" && name != "maxpagesize") continue;
        const std::string_view value = trimmed(part.substr(equals + 1));
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
        if (error == std::errc{} && end == value.data() + value.size() && size > 0) return size;
    }
    return std::nullopt;
}

}  // namespace sendhub::serve::odata
