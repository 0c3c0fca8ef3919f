#include "plugins/sdk/tabular/file_kind.hpp"

#include <algorithm>
#include <array>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view save_as_csv =
    "open it in the program that made it, save it as \"CSV UTF-8\" and send that";
constexpr std::string_view unpack = "unpack it and send the CSV file in it";

struct Signature {
    std::string_view begins, what, advice;
};
constexpr std::array signatures = {
    Signature{"\xD0\xCF\x11\xE0"sv, "an Excel workbook (.xls) or another old Office document", save_as_csv},
    Signature{"PK\x03\x04"sv, "an Excel workbook (.xlsx) or a zip archive",
              "save the sheet as \"CSV UTF-8\", or unpack the archive, and send the CSV file"},
    Signature{"PK\x05\x06"sv, "an empty zip archive", unpack},
    Signature{"\x1F\x8B"sv, "a gzip archive", unpack},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", unpack},
    Signature{"Rar!\x1A\x07"sv, "a RAR archive", unpack},
    Signature{"\xFD\x37zXZ"sv, "an xz archive", unpack},
    Signature{"\x28\xB5\x2F\xFD"sv, "a Zstandard archive", unpack},
    Signature{"BZh"sv, "a bzip2 archive", unpack},
    Signature{"%PDF-"sv, "a PDF document",
              "ask the sender to export the table as CSV instead of printing it"},
    Signature{"{\\rtf"sv, "a Word document (RTF)", save_as_csv},
    Signature{"\x89PNG"sv, "a picture (PNG)", "ask the sender for the table as CSV"},
    Signature{"\xFF\xD8\xFF"sv, "a picture (JPEG)", "ask the sender for the table as CSV"},
    Signature{"GIF8"sv, "a picture (GIF)", "ask the sender for the table as CSV"},
    Signature{"II*\0"sv, "a picture (TIFF)", "ask the sender for the table as CSV"},
    Signature{"MM\0*"sv, "a picture (TIFF)", "ask the sender for the table as CSV"},
    Signature{"PAR1"sv, "a Parquet file", "send it as CSV"},
    Signature{"SQLite format 3\0"sv, "an SQLite database", "export the table as CSV and send that"},
    Signature{"\0\1\0\0Standard"sv, "an Access database", "export the table as CSV and send that"},
};

bool begins_with(std::string_view text, std::string_view words) {
    return equals_fold_ascii(text.substr(0, words.size()), words);
}

// The text behind byte-order marks and blanks, of UTF-16 as of 8-bit text.
std::string beginning(std::string_view head) {
    std::string text(head.substr(0, 4096));
    for (;;) {
        if (text.starts_with("\xEF\xBB\xBF"))
            text.erase(0, 3);
        else if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
            text.erase(0, 2);
        else
            break;
    }
    std::erase(text, '\0');
    return std::string(trim(text));
}

bool is_json(std::string_view text) {
    if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
    const std::string_view inner = trim(text.substr(1));
    return inner.starts_with('"') || inner.starts_with('{') || inner.starts_with('[') ||
           (text[0] == '{' && inner.starts_with('}'));
}

}  // namespace

std::string xml_root(std::string_view head) {
    const std::string text = beginning(head);
    if (!text.starts_with('<')) return {};
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; ++at) {
        if (text.compare(at, 4, "<!--") == 0) {
            at = text.find("-->", at);
            if (at == std::string::npos) return {};
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" \t\r\n/>", at + 1), text.size());
        if (at + 1 == text.size() || text[at + 1] == '?' || text[at + 1] == '!') continue;
        const char first = text[at + 1];
        const bool name = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '_';
        return name ? text.substr(at + 1, std::min<std::size_t>(end - at - 1, 60)) : std::string();
    }
    return {};
}

std::optional<std::string> not_a_table(std::string_view head) {
    for (const Signature& known : signatures)
        if (head.starts_with(known.begins))
            return "the file is " + std::string(known.what) + ", not CSV; " + std::string(known.advice);
    const std::string text = beginning(head);
    if (begins_with(text, "{\\rtf"))
        return "the file is a Word document (RTF), not CSV; " + std::string(save_as_csv);
    if (is_json(text)) return "the file is JSON, not CSV; export the table as CSV and send that";
    if (!text.starts_with('<')) return std::nullopt;
    for (const std::string_view tag :
         {"<html", "<!doctype html", "<table", "<head", "<body", "<div", "<meta", "<style"})
        if (begins_with(text, tag))
            return "the file is a web page (HTML), not CSV, whatever its name; open it in Excel, save it as "
                   "\"CSV UTF-8\" and send that";
    if (text.find("Excel.Sheet") != std::string::npos ||
        text.find("schemas-microsoft-com:office:spreadsheet") != std::string::npos)
        return "the file is an Excel workbook (XML), not CSV; open it in Excel, save it as \"CSV UTF-8\" and "
               "send that";
    const std::string root = xml_root(head);
    if (begins_with(root, "html"))
        return "the file is a web page (HTML), not CSV, whatever its name; open it in Excel, save it as "
               "\"CSV UTF-8\" and send that";
    if (root.empty() && !begins_with(text, "<?xml")) return std::nullopt;
    return "the file is XML" + (root.empty() ? std::string() : " (it begins with <" + root + ">)") +
           ", not CSV; send it to the feed that reads it, or export the table as CSV";
}

}  // namespace sendhub::tabular
