#include "hub/worker/row_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "schemas/rules/utf8.hpp"

namespace sendhub::worker {
namespace {

using schema::FieldType;

bool is_ascii(std::string_view text) {
    const char* p = text.data();
    std::size_t n = text.size();
    std::uint64_t seen = 0;
    for (; n >= 8; p += 8, n -= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);
        seen |= word;
    }
    unsigned char tail = 0;
    for (; n > 0; ++p, --n) tail |= static_cast<unsigned char>(*p);
    return (seen & 0x8080808080808080ull) == 0 && (tail & 0x80) == 0;
}

bool ascii_has_control(std::string_view text) {
    constexpr std::uint64_t every = 0x0101010101010101ull;
    const char* p = text.data();
    std::size_t n = text.size();
    for (; n >= 8; p += 8, n -= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);
        // some byte below 0x20, or some byte equal to 0x7f
        const std::uint64_t rest = word ^ every * 0x7f;
        if ((((word - every * 0x20) & ~word) | ((rest - every) & ~rest)) & every * 0x80) return true;
    }
    for (; n > 0; ++p, --n)
        if (static_cast<unsigned char>(*p) < 0x20 || *p == 0x7f) return true;
    return false;
}

// One well-formed sequence of UTF-8.
bool is_control(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    switch (sequence.size()) {
        case 1:
            return byte(0) < 0x20 || byte(0) == 0x7f;
        case 2:
            return (byte(0) == 0xC2 && byte(1) < 0xA0) || (byte(0) == 0xD8 && byte(1) == 0x9C);
        case 3:
            if (byte(0) == 0xE2 && byte(1) == 0x80)
                return byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAE);
            if (byte(0) == 0xE2 && byte(1) == 0x81) return byte(2) >= 0xA6 && byte(2) <= 0xA9;
            return byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF;
        default:
            return false;
    }
}

bool breaks_text(std::string_view sequence) {
    return sequence == "\n" || sequence == "\r" || sequence == "\t" || sequence == "\v" || sequence == "\f" ||
           sequence == "\xC2\x85" || sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9";
}

std::size_t characters(std::string_view text) {
    std::size_t n = 0;
    for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}

std::string_view name_of(FieldType type) {
    switch (type) {
        case FieldType::string:
            return "text";
        case FieldType::integer:
            return "a whole number";
        case FieldType::number:
            return "a number";
        case FieldType::boolean:
            return "true or false";
        case FieldType::date:
            return "a date";
        case FieldType::datetime:
            return "a time";
    }
    return "of another type";
}

}  // namespace

bool has_control_characters(std::string_view utf8) {
    if (is_ascii(utf8)) return ascii_has_control(utf8);
    while (!utf8.empty()) {
        const std::size_t n = std::max<std::size_t>(1, rules::utf8_sequence_length(utf8));
        if (is_control(utf8.substr(0, n))) return true;
        utf8.remove_prefix(n);
    }
    return false;
}

std::string without_control_characters(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    bool blank = false;  // a break between two words, however many characters it is made of
    while (!utf8.empty()) {
        const std::size_t n = std::max<std::size_t>(1, rules::utf8_sequence_length(utf8));
        const std::string_view sequence = utf8.substr(0, n);
        utf8.remove_prefix(n);
        if (breaks_text(sequence)) {
            blank = true;
        } else if (!is_control(sequence)) {
            if (blank && !out.empty() && out.back() != ' ' && sequence != " ") out += ' ';
            blank = false;
            out += sequence;
        }
    }
    return out;
}

std::string_view rule_id(RowRule rule) {
    switch (rule) {
        case RowRule::type:
            return "HUB-TYPE";
        case RowRule::required:
            return "HUB-REQUIRED";
        case RowRule::code:
            return "HUB-CODE";
        case RowRule::length:
            return "HUB-LENGTH";
        case RowRule::utf8:
            return "HUB-UTF8";
        case RowRule::control:
            return "HUB-CONTROL";
        case RowRule::repeat:
            return "HUB-REPEAT";
    }
    return "HUB";
}

std::string reason_of(const RowFault& fault) {
    const std::string field(fault.field->name);
    switch (fault.rule) {
        case RowRule::type: {
            std::string text = field + " must be " + std::string(name_of(fault.field->type));
            if (fault.field->type == FieldType::number)
                text += " with at most " + std::to_string(fault.field->precision - fault.field->scale) +
                        " digits before the point";
            return text + ".";
        }
        case RowRule::required:
            return field + " must have a value and has none.";
        case RowRule::code:
            return field + " has a value that is not in the code set " +
                   std::string(fault.field->code_set->name) + ".";
        case RowRule::length:
            return field + " is longer than the " + std::to_string(fault.field->max_length) +
                   " characters that it may have.";
        case RowRule::utf8:
            return field + " is not valid UTF-8.";
        case RowRule::control:
            return field +
                   " held control or hidden characters, such as line breaks, escape codes or marks of the "
                   "reading "
                   "direction; they were taken out.";
        case RowRule::repeat:
            return "This row's key came before in the same list.";
    }
    return {};
}

std::string advice_of(const RowFault& fault) {
    switch (fault.rule) {
        case RowRule::type:
            return "Correct the value at the source, or the column that is mapped to it.";
        case RowRule::required:
            return "Fill it in at the source, or map the column that holds it.";
        case RowRule::code:
            return "Correct it at the source, or map it to one of the codes in docs/reference/records.md (" +
                   std::string(fault.field->code_set->name) + ").";
        case RowRule::length:
            return "Shorten it at the source; look whether two columns have run together.";
        case RowRule::utf8:
            return "Look at the encoding that the file was saved with, and at the setting encoding.";
        case RowRule::control:
            return "Retype the value at the source without them.";
        case RowRule::repeat:
            return "Remove the double row at the source; the first one was taken.";
    }
    return {};
}

RowCheck::RowCheck(const schema::Record& record, std::span<const std::string> fields)
    : positions_(record.fields.size(), -1) {
    for (std::size_t i = 0; i < fields.size(); ++i)
        for (std::size_t f = 0; f < record.fields.size(); ++f)
            if (record.fields[f].name == fields[i]) {
                const schema::Field& field = record.fields[f];
                columns_.push_back(
                    {&field, nullptr,
                     std::pow(10.0, field.precision - field.scale) - 0.5 * std::pow(10.0, -field.scale)});
                positions_[f] = static_cast<int>(i);
            }
}

std::string_view RowCheck::clean(std::size_t column, std::string_view text) {
    if (cleaned_.empty()) {
        copy_.assign(row_, row_ + columns_.size());
        texts_.clear();
    }
    const std::string& clean = texts_.emplace_back(without_control_characters(text));
    cleaned_.push_back({RowRule::control, columns_[column].field, row_ + column});
    copy_[column].as.text = {clean.data(), static_cast<std::uint64_t>(clean.size())};
    return clean;
}

std::span<const RowFault> RowCheck::check(const shp_value* values) {
    std::size_t count = 0;
    row_ = values;
    cleaned_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& column = columns_[i];
        const schema::Field& field = *column.field;
        const shp_value& value = values[i];
        const auto wrong = [&](RowRule rule) {
            if (count < faults_.size()) faults_[count++] = {rule, &field, &value};
        };
        if (value.kind == SHP_NULL || (value.kind == SHP_TEXT && value.as.text.size == 0)) {
            if (field.required) wrong(RowRule::required);
            continue;
        }
        switch (field.type) {
            case FieldType::string: {
                if (value.kind != SHP_TEXT || !value.as.text.data) {
                    wrong(RowRule::type);
                    break;
                }
                std::string_view text(value.as.text.data, static_cast<std::size_t>(value.as.text.size));
                if (field.code_set) {
                    if (column.last_code && column.last_code->value == text) break;
                    const schema::Code* found = nullptr;
                    for (const schema::Code& code : field.code_set->codes)
                        if (code.value == text) found = &code;
                    if (found)
                        column.last_code = found;
                    else
                        wrong(rules::is_utf8(text) ? RowRule::code : RowRule::utf8);
                    break;
                }
                const bool ascii = is_ascii(text);
                if (!ascii && !rules::is_utf8(text)) {
                    wrong(RowRule::utf8);
                    break;
                }
                if (ascii ? ascii_has_control(text) : has_control_characters(text)) {
                    text = clean(i, text);
                    if (text.empty() && field.required) wrong(RowRule::required);
                }
                if (field.max_length > 0 && text.size() > field.max_length &&
                    (ascii || characters(text) > field.max_length))
                    wrong(RowRule::length);
                break;
            }
            case FieldType::integer:
                if (value.kind != SHP_INT) wrong(RowRule::type);
                break;
            case FieldType::number: {
                const double number = value.kind == SHP_INT ? static_cast<double>(value.as.i) : value.as.d;
                if ((value.kind != SHP_REAL && value.kind != SHP_INT) || !std::isfinite(number) ||
                    std::abs(number) >= column.largest)
                    wrong(RowRule::type);
                break;
            }
            case FieldType::boolean:
                if (value.kind != SHP_BOOL || (value.as.i != 0 && value.as.i != 1)) wrong(RowRule::type);
                break;
            case FieldType::date:
                if (value.kind != SHP_DATE || value.as.i < kFirstDay || value.as.i > kLastDay)
                    wrong(RowRule::type);
                break;
            case FieldType::datetime:
                if (value.kind != SHP_TIME || value.as.i < kFirstDay * kMicrosADay ||
                    value.as.i >= (kLastDay + 1) * kMicrosADay)
                    wrong(RowRule::type);
                break;
        }
    }
    if (!cleaned_.empty()) row_ = copy_.data();
    return {faults_.data(), count};
}

}  // namespace sendhub::worker
