#include "hub/worker/row_check.hpp"

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

std::span<const RowFault> RowCheck::check(const shp_value* values) {
    std::size_t count = 0;
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
                const std::string_view text(value.as.text.data, static_cast<std::size_t>(value.as.text.size));
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
                if (!ascii && !rules::is_utf8(text))
                    wrong(RowRule::utf8);
                else if (field.max_length > 0 && text.size() > field.max_length &&
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
    return {faults_.data(), count};
}

}  // namespace sendhub::worker
