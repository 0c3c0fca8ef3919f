// The shared schema as the programs see it: record types, their fields and code sets. Generated at build time
// from schemas/records/*.json and schemas/codes/*.json; there is no second place where a field is written
// down.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sendhub::schema {

enum class FieldType : std::uint8_t { string, integer, number, boolean, date, datetime };

struct Code {
    std::string_view value;
    std::string_view label;
};

struct CodeSet {
    std::string_view name;
    std::string_view title;
    std::span<const Code> codes;
    [[nodiscard]] bool has(std::string_view value) const {
        for (const Code& code : codes)
            if (code.value == value) return true;
        return false;
    }
};

struct Field {
    std::string_view name;
    FieldType type;
    std::uint8_t precision;  // number only
    std::uint8_t scale;
    bool required;
    bool personal;
    std::uint32_t max_length;   // characters; string only
    const CodeSet* code_set;    // null: any value
    std::string_view sql_type;  // VARCHAR, BIGINT, DECIMAL(p,s), BOOLEAN, DATE, TIMESTAMPTZ
    std::string_view description;
};

struct Record {
    std::string_view name;
    std::string_view title;
    std::span<const Field> fields;  // [0] is source_key; [1] is person_ref where the record is about a child
    bool about_child;
    std::string_view ddl;  // create table statements of the current rows and of their history
};

std::span<const Record> records();
const Record* find_record(std::string_view name);
std::span<const CodeSet> code_sets();
const CodeSet* find_code_set(std::string_view name);
std::string_view version();  // hash of every schema file: two builds with the same value agree on every field

}  // namespace sendhub::schema
