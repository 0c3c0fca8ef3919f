#include "hub/worker/arrow_rows.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

namespace sendhub::worker {
namespace {

template <class T>
T load(const void* buffer, std::int64_t at) {
    T value;
    std::memcpy(&value, static_cast<const char*>(buffer) + at * static_cast<std::int64_t>(sizeof(T)),
                sizeof(T));
    return value;
}

// The parts of a name that may stand in a sentence.
std::string printable(const char* text) {
    std::string out;
    for (const char* at = text ? text : ""; *at != '\0' && out.size() < 60; ++at)
        out += *at >= ' ' && *at < 0x7f ? *at : '?';
    return out;
}

}  // namespace

bool ArrowRows::is_null(const ArrowArray& array, std::int64_t at) {
    if (array.null_count == 0 || array.n_buffers < 1 || !array.buffers[0]) return false;
    return (load<std::uint8_t>(array.buffers[0], at / 8) >> (at % 8) & 1) == 0;
}

std::int64_t ArrowRows::integer_at(const ArrowArray& array, std::int64_t at, unsigned width, bool is_signed) {
    const void* data = array.buffers[1];
    // Each branch widens by itself: the common type of the two would be the unsigned one.
    if (!is_signed) {
        switch (width) {
            case 1:
                return load<std::uint8_t>(data, at);
            case 2:
                return load<std::uint16_t>(data, at);
            case 4:
                return load<std::uint32_t>(data, at);
            default:
                return load<std::int64_t>(data, at);  // an index: beyond its words either way
        }
    }
    switch (width) {
        case 1:
            return load<std::int8_t>(data, at);
        case 2:
            return load<std::int16_t>(data, at);
        case 4:
            return load<std::int32_t>(data, at);
        default:
            return load<std::int64_t>(data, at);
    }
}

shp_str ArrowRows::text_at(const ArrowArray& array, std::int64_t at, bool large) {
    const auto offset = [&](std::int64_t i) -> std::int64_t {
        return large ? load<std::int64_t>(array.buffers[1], i)
                     : std::int64_t{load<std::int32_t>(array.buffers[1], i)};
    };
    const std::int64_t from = offset(at), to = offset(at + 1);
    if (to <= from || !array.buffers[2]) return {"", 0};
    return {static_cast<const char*>(array.buffers[2]) + from, static_cast<std::uint64_t>(to - from)};
}

std::expected<ArrowRows::Column, std::string> ArrowRows::column_of(const ArrowSchema& schema,
                                                                   const ArrowArray& array) {
    const std::string_view format = schema.format ? schema.format : "";
    const auto wrong = [&](const std::string& what) {
        return std::unexpected("the child " + printable(schema.name) + " " + what);
    };
    Column out;
    out.array = &array;
    std::int64_t buffers = 2;
    constexpr std::string_view widths = "cCsSiIlL";
    const auto width_at = format.size() == 1 ? widths.find(format[0]) : std::string_view::npos;
    if (width_at != std::string_view::npos) {
        out.width = static_cast<std::uint8_t>(1u << (width_at / 2));
        out.is_signed = width_at % 2 == 0;
        out.kind = out.is_signed ? Kind::signed_integer : Kind::unsigned_integer;
        if (format == "L" && !schema.dictionary)
            return wrong("has the format L (unsigned 64 bit), which a field cannot hold");
    } else if (format == "n") {
        buffers = 0;
    } else if (format == "b") {
        out.kind = Kind::boolean;
    } else if (format == "f" || format == "g") {
        out.kind = Kind::real;
        out.width = format == "f" ? 4 : 8;
    } else if (format == "u" || format == "U") {
        out.kind = format == "u" ? Kind::text : Kind::large_text;
        buffers = 3;
    } else if (format == "tdD") {
        out.kind = Kind::date;
        out.width = 4;
    } else if (format == "tsu:UTC") {
        out.kind = Kind::time;
        out.width = 8;
    } else {
        return wrong("has the format " + printable(schema.format) + ", which is not accepted");
    }
    if (array.n_buffers < buffers || (buffers > 0 && (!array.buffers || !array.buffers[1])))
        return wrong("lacks buffers that its format must have");
    if (schema.dictionary || array.dictionary) {
        if (!schema.dictionary || !array.dictionary || out.width == 0 || out.kind == Kind::real ||
            out.kind == Kind::date || out.kind == Kind::time)
            return wrong("is a dictionary whose indices or words are missing");
        const std::string_view words = schema.dictionary->format ? schema.dictionary->format : "";
        if ((words != "u" && words != "U") || array.dictionary->n_buffers < 3 || !array.dictionary->buffers ||
            !array.dictionary->buffers[1])
            return wrong("is a dictionary of something else than text");
        out.kind = Kind::dictionary;
        out.words = array.dictionary;
        out.large_words = words == "U";
    }
    return out;
}

std::expected<ArrowRows, std::string> ArrowRows::bind(const ArrowSchema* schema, const ArrowArray* batch,
                                                      std::span<const std::string> fields) {
    if (!schema || !batch || !schema->format) return std::unexpected("there is no schema or no batch");
    if (std::string_view(schema->format) != "+s")
        return std::unexpected("its format is " + printable(schema->format) + ", a struct (+s) is wanted");
    if (schema->n_children != batch->n_children || schema->n_children < 0)
        return std::unexpected("schema and batch differ in the number of children");
    if (batch->length < 0 || batch->offset < 0) return std::unexpected("its length or offset is negative");
    if (schema->n_children > 0 && (!schema->children || !batch->children))
        return std::unexpected("its children are missing");
    ArrowRows out;
    out.length_ = batch->length;
    out.batch_ = batch;
    out.values_.resize(fields.size());
    for (std::int64_t i = 0; i < schema->n_children; ++i) {
        const ArrowSchema* child = schema->children[i];
        const ArrowArray* array = batch->children[i];
        if (!child || !array || !child->name) return std::unexpected("a child or its name is missing");
        auto column = column_of(*child, *array);
        if (!column) return std::unexpected(std::move(column).error());
        if (array->offset < 0 || array->length < batch->offset + batch->length)
            return std::unexpected("the child " + printable(child->name) + " has fewer rows than the batch");
        column->offset = batch->offset + array->offset;
        const std::string_view name = child->name;
        if (name == "source_row") {
            if (column->kind != Kind::signed_integer || column->width != 8)
                return std::unexpected("the child source_row must be int64");
            out.source_rows_ = *column;
            continue;
        }
        const auto field = std::find(fields.begin(), fields.end(), name);
        if (field == fields.end())
            return std::unexpected("the child " + printable(child->name) +
                                   " is not a field that the connector declares");
        column->slot = static_cast<std::size_t>(field - fields.begin());
        if (std::any_of(out.columns_.begin(), out.columns_.end(),
                        [&](const Column& other) { return other.slot == column->slot; }))
            return std::unexpected("the child " + printable(child->name) + " is given twice");
        out.columns_.push_back(*column);
    }
    return out;
}

void ArrowRows::read(const Column& column, std::int64_t row, shp_value& out) {
    const std::int64_t at = column.offset + row;
    const ArrowArray& array = *column.array;
    out.kind = SHP_NULL;
    if (column.kind == Kind::null || is_null(array, at)) return;
    switch (column.kind) {
        case Kind::null:
            return;
        case Kind::boolean:
            out.kind = SHP_BOOL;
            out.as.i = load<std::uint8_t>(array.buffers[1], at / 8) >> (at % 8) & 1;
            return;
        case Kind::signed_integer:
        case Kind::unsigned_integer:
            out.kind = SHP_INT;
            out.as.i = integer_at(array, at, column.width, column.is_signed);
            return;
        case Kind::real:
            out.kind = SHP_REAL;
            out.as.d = column.width == 4 ? static_cast<double>(load<float>(array.buffers[1], at))
                                         : load<double>(array.buffers[1], at);
            return;
        case Kind::date:
            out.kind = SHP_DATE;
            out.as.i = integer_at(array, at, 4, true);
            return;
        case Kind::time:
            out.kind = SHP_TIME;
            out.as.i = integer_at(array, at, 8, true);
            return;
        case Kind::text:
        case Kind::large_text:
            out.as.text = text_at(array, at, column.kind == Kind::large_text);
            break;
        case Kind::dictionary: {
            const std::int64_t word = integer_at(array, at, column.width, column.is_signed);
            if (word < 0 || word >= column.words->length ||
                is_null(*column.words, column.words->offset + word)) {
                out.kind = SHP_NONE;  // no kind of value: the row is rejected for its type
                out.as.i = word;
                return;
            }
            out.as.text = text_at(*column.words, column.words->offset + word, column.large_words);
            break;
        }
    }
    out.kind = out.as.text.size > 0 ? SHP_TEXT : SHP_NULL;  // empty text is no value
}

const shp_value* ArrowRows::values(std::int64_t row) {
    for (const Column& column : columns_) read(column, row, values_[column.slot]);
    return values_.data();
}

std::uint64_t ArrowRows::source_row(std::int64_t row, std::uint64_t first_row) const {
    if (!source_rows_.array || is_null(*source_rows_.array, source_rows_.offset + row))
        return first_row + static_cast<std::uint64_t>(row);
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, integer_at(*source_rows_.array, source_rows_.offset + row, 8, true)));
}

}  // namespace sendhub::worker
