#include "schemas/registry.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

using namespace sendhub::schema;

namespace {
std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}
}  // namespace

TEST(Registry, every_record_begins_with_its_keys_and_has_its_tables) {
    ASSERT_GT(records().size(), 15u);
    for (const Record& record : records()) {
        EXPECT_EQ(record.fields[0].name, "source_key") << record.name;
        if (record.about_child) {
            EXPECT_EQ(record.fields[1].name, "person_ref") << record.name;
        }
        EXPECT_NE(record.ddl.find("create table if not exists " + std::string(record.name) + "_history"),
                  std::string_view::npos);
        EXPECT_EQ(find_record(record.name), &record);
    }
    EXPECT_EQ(find_record("no_such_record"), nullptr);
}

TEST(Registry, the_reference_page_in_docs_is_the_one_made_from_the_schemas) {
    EXPECT_EQ(read(SENDHUB_SOURCE_DIR "/docs/reference/records.md"),
              read(SENDHUB_BINARY_DIR "/generated/records.md"))
        << "the page is out of date: copy build/<preset>/generated/records.md to docs/reference/records.md";
}
