// Arrow batches as rows: each accepted format, empty batches, slices, and what is refused.
#include "hub/worker/arrow_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;

// A batch built by hand: children with their buffers, kept alive here.
class Batch {
  public:
    explicit Batch(std::int64_t rows) {
        schema_.format = "+s";
        array_.length = rows;
    }
    template <class T>
    Batch& child(const char* name, const char* format, const std::vector<T>& values,
                 std::uint8_t valid = 0xff) {
        bytes_.emplace_back(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        return add(name, format, {valid_bits(valid), bytes_.back().data()},
                   static_cast<std::int64_t>(values.size()), valid != 0xff);
    }
    Batch& text(const char* name, const char* format, const std::vector<std::string>& values,
                std::uint8_t valid = 0xff) {
        const auto [offsets, chars] = words(values, std::string_view(format) == "U");
        return add(name, format, {valid_bits(valid), offsets, chars},
                   static_cast<std::int64_t>(values.size()), valid != 0xff);
    }
    Batch& codes(const char* name, const std::vector<std::int8_t>& indices,
                 const std::vector<std::string>& values) {
        child(name, "c", indices);
        const auto [offsets, chars] = words(values, false);
        schemas_.emplace_back().format = "u";
        children_schemas_.back()->dictionary = &schemas_.back();
        buffers_.push_back({nullptr, offsets, chars});
        ArrowArray& dictionary = arrays_.emplace_back();
        dictionary.length = static_cast<std::int64_t>(values.size());
        dictionary.n_buffers = 3;
        dictionary.buffers = buffers_.back().data();
        children_.back()->dictionary = &dictionary;
        return *this;
    }
    Batch& slice(std::int64_t from, std::int64_t rows) {
        array_.offset = from;
        array_.length = rows;
        return *this;
    }
    ArrowArray& last() { return *children_.back(); }
    auto bind(const std::vector<std::string>& fields) {
        schema_.n_children = array_.n_children = static_cast<std::int64_t>(children_.size());
        schema_.children = children_schemas_.data();
        array_.children = children_.data();
        return ArrowRows::bind(&schema_, &array_, fields);
    }

  private:
    const void* valid_bits(std::uint8_t valid) {
        if (valid == 0xff) return nullptr;
        bytes_.emplace_back(1, static_cast<char>(valid));
        return bytes_.back().data();
    }
    std::pair<const void*, const void*> words(const std::vector<std::string>& values, bool large) {
        std::string offsets, chars;
        const auto put = [&](std::int64_t at) {
            offsets.append(reinterpret_cast<const char*>(&at), large ? 8 : 4);
        };
        put(0);
        for (const std::string& value : values) put(static_cast<std::int64_t>((chars += value).size()));
        bytes_.push_back(offsets);
        const void* at = bytes_.back().data();
        bytes_.push_back(chars);
        return {at, bytes_.back().data()};
    }
    Batch& add(const char* name, const char* format, std::vector<const void*> buffers, std::int64_t rows,
               bool nulls) {
        ArrowSchema& schema = schemas_.emplace_back();
        schema.format = format;
        schema.name = name;
        buffers_.push_back(std::move(buffers));
        ArrowArray& array = arrays_.emplace_back();
        array.length = rows;
        array.null_count = nulls ? -1 : 0;
        array.n_buffers = static_cast<std::int64_t>(buffers_.back().size());
        array.buffers = buffers_.back().data();
        children_schemas_.push_back(&schema);
        children_.push_back(&array);
        return *this;
    }

    ArrowSchema schema_{};
    ArrowArray array_{};
    std::deque<ArrowSchema> schemas_;
    std::deque<ArrowArray> arrays_;
    std::deque<std::vector<const void*>> buffers_;
    std::deque<std::string> bytes_;
    std::vector<ArrowSchema*> children_schemas_;
    std::vector<ArrowArray*> children_;
};

std::string text_of(const shp_value& value) {
    switch (value.kind) {
        case SHP_NULL:
            return "-";
        case SHP_TEXT:
            return {value.as.text.data, value.as.text.size};
        case SHP_REAL:
            return "r" + std::to_string(value.as.d);
        case SHP_BOOL:
            return value.as.i ? "yes" : "no";
        case SHP_DATE:
            return "d" + std::to_string(value.as.i);
        case SHP_TIME:
            return "t" + std::to_string(value.as.i);
        default:
            return "i" + std::to_string(value.as.i);
    }
}
std::string row(ArrowRows& rows, std::int64_t at) {
    std::string out;
    const shp_value* values = rows.values(at);
    for (std::uint32_t i = 0; i < rows.field_count(); ++i) out += (i ? " " : "") + text_of(values[i]);
    return out;
}

TEST(ArrowRowsTest, every_accepted_format_becomes_its_value) {
    Batch batch(2);
    batch.text("a", "u", {"Ada", "Bo"}).text("b", "U", {"x", ""}).child<std::int16_t>("c", "s", {-3, 4});
    batch.child<std::uint32_t>("d", "I", {4'000'000'000u, 1}).child<double>("e", "g", {1.5, -2});
    batch.child<float>("f", "f", {0.5F, 1}).child<std::uint8_t>("g", "b", {0b10, 0});
    batch.child<std::int32_t>("h", "tdD", {-1, 20'000}).child<std::int64_t>("i", "tsu:UTC", {5, 6});
    batch.codes("j", {1, 0}, {"ASD", "SLCN"});
    auto rows = batch.bind({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "not given"});
    ASSERT_TRUE(rows) << rows.error();
    ASSERT_EQ(rows->size(), 2);
    EXPECT_EQ(row(*rows, 0), "Ada x i-3 i4000000000 r1.500000 r0.500000 no d-1 t5 SLCN -");
    EXPECT_EQ(row(*rows, 1), "Bo - i4 i1 r-2.000000 r1.000000 yes d20000 t6 ASD -");
}

TEST(ArrowRowsTest, nulls_and_slices_are_read_where_they_are) {
    Batch batch(4);
    batch.text("a", "u", {"p", "q", "r", "s"}, 0b1011)
        .child<std::int64_t>("source_row", "l", {11, 12, 13, 14});
    auto rows = batch.slice(1, 3).bind({"a"});
    ASSERT_TRUE(rows) << rows.error();
    EXPECT_EQ(row(*rows, 0) + row(*rows, 1) + row(*rows, 2), "q-s");
    EXPECT_EQ(rows->source_row(2, 100), 14u);
}

TEST(ArrowRowsTest, an_empty_batch_has_no_rows_and_rows_count_on_without_a_number) {
    Batch empty(0), single(1);
    auto none = empty.text("a", "u", {}).bind({"a"});
    ASSERT_TRUE(none) << none.error();
    EXPECT_EQ(none->size(), 0);
    auto one = single.text("a", "u", {"x"}).bind({"a"});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->source_row(0, 7), 7u);
}

TEST(ArrowRowsTest, a_code_outside_its_dictionary_is_no_value_of_any_kind) {
    Batch batch(1);
    auto rows = batch.codes("a", {7}, {"ASD"}).bind({"a"});
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->values(0)[0].kind, SHP_NONE) << "the row is rejected for its type, never guessed";
}

TEST(ArrowRowsTest, what_cannot_be_read_is_refused_by_name) {
    EXPECT_THAT(Batch(1).text("a", "z", {"x"}).bind({"a"}).error(), HasSubstr("a has the format z"));
    EXPECT_THAT(Batch(1).text("b", "u", {"x"}).bind({"a"}).error(), HasSubstr("b is not a field"));
    EXPECT_THAT(Batch(2).text("a", "u", {"x"}).bind({"a"}).error(), HasSubstr("fewer rows"));
    EXPECT_THAT(Batch(1).text("a", "u", {"x"}).text("a", "u", {"y"}).bind({"a"}).error(),
                HasSubstr("given twice"));
    EXPECT_THAT(Batch(1).child<std::uint64_t>("a", "L", {1}).bind({"a"}).error(), HasSubstr("cannot hold"));
    EXPECT_THAT(Batch(1).child<std::int32_t>("source_row", "i", {1}).bind({"a"}).error(),
                HasSubstr("must be int64"));
    Batch lacking(1);
    lacking.text("a", "u", {"x"}).last().n_buffers = 2;
    EXPECT_THAT(lacking.bind({"a"}).error(), HasSubstr("lacks buffers"));
    EXPECT_FALSE(ArrowRows::bind(nullptr, nullptr, {}));
}

}  // namespace
}  // namespace sendhub::worker
