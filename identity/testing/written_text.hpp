// Writing text: CSV fields, XML text, Windows-1252.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace sendhub::identity::testing {

// Decimal digits, padded with zeros to width.
inline void append_number(std::string& out, std::unsigned_integral auto value, int width = 0) {
    char buffer[24];
    int n = 0;
    do {
        buffer[n++] = static_cast<char>('0' + static_cast<char>(value % 10));
        value = static_cast<decltype(value)>(value / 10);
    } while (value != 0);
    for (int i = n; i < width; ++i) out += '0';
    while (n > 0) out += buffer[--n];
}
inline void append_number(std::string& out, std::signed_integral auto value, int width = 0) {
    if (value < 0) {
        out += '-';
        append_number(out, 0ULL - static_cast<unsigned long long>(value), width);
    } else {
        append_number(out, static_cast<unsigned long long>(value), width);
    }
}
inline std::string number(std::integral auto value, int width = 0) {
    std::string out;
    append_number(out, value, width);
    return out;
}

// One line of CSV at a time, quoted where it has to be.
class CsvLine {
  public:
    explicit CsvLine(std::string& out) : out_(out) {}
    CsvLine& operator<<(std::string_view field) {
        if (!first_) out_ += ',';
        first_ = false;
        if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
            out_ += field;
        } else {
            out_ += '"';
            for (const char c : field) {
                if (c == '"') out_ += '"';
                out_ += c;
            }
            out_ += '"';
        }
        return *this;
    }
    CsvLine& operator<<(std::integral auto value) { return *this << std::string_view(number(value)); }
    void end(std::string_view eol = "\r\n") {
        out_ += eol;
        first_ = true;
    }

  private:
    std::string& out_;
    bool first_ = true;
};

inline void append_xml(std::string& out, std::string_view text) {
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
            default:
                out += c;
        }
    }
}

// The characters that the county uses: Latin letters with accents, curly quotes, the dash.
inline std::string to_windows_1252(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80) {
            out += utf8[i];
        } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < utf8.size()) {
            const auto next = static_cast<unsigned char>(utf8[++i]);
            out += static_cast<char>(byte == 0xC2 ? next : static_cast<unsigned char>(next + 0x40));
        } else if (byte == 0xE2 && i + 2 < utf8.size()) {
            const auto last = static_cast<unsigned char>(utf8[i + 2]);
            i += 2;
            switch (last) {
                case 0x93:
                    out += '\x96';
                    break;
                case 0x98:
                    out += '\x91';
                    break;
                case 0x99:
                    out += '\x92';
                    break;
                case 0x9C:
                    out += '\x93';
                    break;
                case 0x9D:
                    out += '\x94';
                    break;
                default:
                    out += '?';
            }
        } else {
            out += '?';
        }
    }
    return out;
}

}  // namespace sendhub::identity::testing
