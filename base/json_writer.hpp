// Writes JSON text. Commas and escaping are its business; nesting is checked in debug builds only.
//   JsonWriter j;
//   j.begin_object().key("n").value(1).key("list").begin_array().value("a").end_array().end_object();
#pragma once

#include <cassert>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace sendhub {

void append_json_string(std::string& out,
                        std::string_view text);  // with quotes; invalid UTF-8 becomes U+FFFD

class JsonWriter {
  public:
    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name) {
        comma();
        append_json_string(out_, name);
        out_ += ':';
        fresh_ = true;
        return *this;
    }
    JsonWriter& value(std::string_view text) {
        comma();
        append_json_string(out_, text);
        return *this;
    }
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(std::same_as<bool> auto b) {
        comma();
        out_ += b ? "true" : "false";
        return *this;
    }
    template <std::integral I>
        requires(!std::same_as<I, bool>)
    JsonWriter& value(I number) {
        comma();
        char text[24];
        out_.append(text, std::to_chars(text, text + sizeof text, number).ptr);
        return *this;
    }
    JsonWriter& value(double number) {
        if (!std::isfinite(number)) return null();
        comma();
        char text[40];
        out_.append(text, std::to_chars(text, text + sizeof text, number).ptr);
        return *this;
    }
    JsonWriter& null() {
        comma();
        out_ += "null";
        return *this;
    }
    JsonWriter& raw(std::string_view json) {
        comma();
        out_ += json;
        return *this;
    }  // json we made ourselves
    template <class T>
    JsonWriter& field(std::string_view name, const T& v) {
        key(name);
        return value(v);
    }

    [[nodiscard]] const std::string& text() const { return out_; }
    std::string take() { return std::move(out_); }

  private:
    JsonWriter& open(char c) {
        comma();
        out_ += c;
        fresh_ = true;
        return *this;
    }
    JsonWriter& close(char c) {
        out_ += c;
        fresh_ = false;
        return *this;
    }
    void comma() {
        if (!fresh_ && !out_.empty()) out_ += ',';
        fresh_ = false;
    }
    std::string out_;
    bool fresh_ = true;
};

}  // namespace sendhub
