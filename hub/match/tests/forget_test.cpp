#include "hub/match/forget.hpp"

#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

TEST_F(Matching, an_erased_record_leaves_ids_and_hashes_and_no_value) {
    put({"census", "ref-of-one", "Alexandra", "Wyvernhill", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "ref-of-two", "Alex", "Wyvernhill-Odd", "2014-03-09", valid_upn(1), "LS7 7QQ"});
    put({"cme", "ref-of-three", "Alexi", "Wyvernhill", "2014-03-09", "", "LS1 1AA"});
    run();
    decide("same", "census", "ref-of-one", "cme", "ref-of-two");
    sql("update match_decision set reason = 'the mother of Wyvernhill-Odd rang'");
    run();
    const std::string person = person_of("cme", "ref-of-two");
    ASSERT_EQ(person_of("census", "ref-of-one"), person);

    remove("cme", "ref-of-two");
    ASSERT_TRUE(forget_record(*con, settings, "cme", "ref-of-two", "officer", now));
    EXPECT_EQ(text("select person_key from person_event where event_type = 'REMOVE' and reason = 'erased'"),
              person);
    EXPECT_GT(number("select count(*) from person_event where starts_with(person_ref, 'cme:')"), 0);
    // every text of every table
    auto columns = con->query(
        "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and "
        "not internal and database_name = current_database()");
    ASSERT_TRUE(columns);
    int searched = 0;
    while (columns->next()) {
        const std::string table(columns->text(0)), column(columns->text(1));
        if (table.starts_with("best_") || table.starts_with("new_") || table.starts_with("old_")) continue;
        for (const char* value : {"ref-of-two", "Wyvernhill-Odd", "LS7 7QQ"})
            EXPECT_EQ(number("select count(*) from " + duck::quoted_name(table) + " where contains(" +
                             duck::quoted_name(column) + ", " + duck::quoted_text(value) + ")"),
                      0)
                << value << " stands in " << table << "." << column;
        ++searched;
    }
    EXPECT_GT(searched, 100);
    run();
    EXPECT_EQ(person_of("census", "ref-of-one"), person) << "the other record keeps its id";
}
