#include <fstream>

#include "hub/base/files.hpp"
#include "hub/publish/tests/store_fixture.hpp"

namespace sendhub::publish {
namespace {

class Publish : public StoreFixture {
  protected:
    void two_people() {
        run("insert into person(person_key, surname, forename, birth_date, sex, record_count) values ('p2', "
            "'Öre, \"Al\"', 'Bo', date '2012-02-29', 'M', 1), ('p1', 'Ashe', 'Cy', date '2015-09-01', 'F', "
            "2)");
        batch("census-1", "school_census", "person_record enrolment");
    }
};

TEST_F(Publish, a_first_version_is_written_and_current) {
    two_people();
    const auto outcome = publish_at("run-1", "2026-01-20T01:30:00Z");
    ASSERT_TRUE(outcome) << outcome.error().sentence;
    for (const auto& failure : outcome->failures) ADD_FAILURE() << failure.sentence;
    EXPECT_EQ(outcome->state, State::published);
    EXPECT_EQ(outcome->version, "20260120T013000Z");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "published" / "current"), "20260120T013000Z");
    EXPECT_EQ(rows("select row_number, row_key, surname, age, as_at, updated_at, source_run_id from " +
                   current("dim_person")),
              "0|p1|Ashe|10|2026-01-19 02:00:00+00|2026-01-20 01:30:00+00|run-1\n"
              "1|p2|Öre, \"Al\"|13|2026-01-19 02:00:00+00|2026-01-20 01:30:00+00|run-1");
}

}  // namespace
}  // namespace sendhub::publish
