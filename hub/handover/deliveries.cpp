#include "hub/handover/deliveries.hpp"

#include <simdjson.h>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::handover {
namespace {

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool parse_delivery(simdjson::dom::parser& parser, std::string_view line, Delivery& out) {
    simdjson::dom::object from;
    std::string_view name, sha256, modified, received;
    if (parser.parse(simdjson::padded_string(line)).get(from) != simdjson::SUCCESS) return false;
    if (from["seq"].get(out.seq) != simdjson::SUCCESS || out.seq <= 0) return false;
    if (from["name"].get(name) != simdjson::SUCCESS || !why_name_is_refused(name).empty()) return false;
    if (from["sha256"].get(sha256) != simdjson::SUCCESS || !is_sha256(sha256)) return false;
    if (from["bytes"].get(out.bytes) != simdjson::SUCCESS) return false;
    if (from["received_at"].get(received) != simdjson::SUCCESS) return false;
    const auto received_at = parse_time(received);
    if (!received_at) return false;
    out.received_at = *received_at;
    out.modified_at = 0;
    if (from["modified_at"].get(modified) == simdjson::SUCCESS && !modified.empty()) {
        const auto modified_at = parse_time(modified);
        if (!modified_at) return false;
        out.modified_at = *modified_at;
    }
    out.name = name;
    out.sha256 = sha256;
    return true;
}

}  // namespace

std::vector<Delivery> parse_deliveries(std::string_view text) {
    std::vector<Delivery> deliveries;
    simdjson::dom::parser parser;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) break;  // torn: never acknowledged
        Delivery delivery;
        if (parse_delivery(parser, text.substr(0, end), delivery)) deliveries.push_back(std::move(delivery));
        text.remove_prefix(end + 1);
    }
    return deliveries;
}

Result<std::vector<Delivery>> read_deliveries(const std::filesystem::path& landing) {
    auto text = read_file(landing / "deliveries.jsonl", std::size_t{1} << 30);
    if (!text) {
        if (text.error().code == ErrorCode::not_found) return std::vector<Delivery>{};
        return std::unexpected(std::move(text).error());
    }
    return parse_deliveries(*text);
}

std::string delivery_line(const Delivery& d) {
    JsonWriter json;
    json.begin_object()
        .field("seq", d.seq)
        .field("name", d.name)
        .field("sha256", d.sha256)
        .field("bytes", d.bytes);
    json.field("modified_at", d.modified_at == 0 ? std::string() : format_time(d.modified_at));
    json.field("received_at", format_time(d.received_at)).end_object();
    return json.take();
}

Status write_left(const std::filesystem::path& landing, const LeftFiles& left) {
    JsonWriter json;
    json.begin_object().field("more", left.more).key("files").begin_array();
    for (const Left& file : left.files)
        json.begin_object()
            .field("what", file.what == Left::What::duplicate ? "duplicate" : "left")
            .field("name", file.name)
            .field("reason", file.reason)
            .end_object();
    return write_file_atomically(landing / "left.json", json.end_array().end_object().take());
}

Result<LeftFiles> read_left(const std::filesystem::path& landing) {
    SENDHUB_ASSIGN(const std::string text, read_file(landing / "left.json"));
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array files;
    LeftFiles out;
    if (parser.parse(text).get(root) || root["more"].get(out.more) || root["files"].get(files))
        return fail(ErrorCode::storage, (landing / "left.json").string() +
                                            " is damaged; the next fetch of the feed writes it anew");
    for (const auto file : files) {
        std::string_view what, name, reason;
        if (file["what"].get(what) || file["name"].get(name) || file["reason"].get(reason)) continue;
        out.files.push_back({what == "duplicate" ? Left::What::duplicate : Left::What::left,
                             std::string(name), std::string(reason)});
    }
    return out;
}

std::string_view why_name_is_refused(std::string_view name) {
    if (name.empty()) return "the name is empty";
    if (name.size() > 500) return "the name is longer than 500 bytes";
    if (!rules::is_utf8(name)) return "the name is not UTF-8";
    if (name.front() == '/') return "the name is an absolute path";
    for (const char c : name) {
        if (c == '\\') return "the name has a backslash";
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "the name has a control character";
    }
    for (std::string_view rest = name;;) {
        const auto slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part.empty()) return "the name has an empty part between slashes";
        if (part == "." || part == "..") return "the name leads out of its folder";
        if (slash == std::string_view::npos) return {};
        rest.remove_prefix(slash + 1);
    }
}

}  // namespace sendhub::handover
