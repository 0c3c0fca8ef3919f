// What each sender writes down about a child, and when.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "identity/testing/made_child.hpp"
#include "identity/testing/made_people.hpp"

namespace sendhub::identity::testing {

struct Row {
    std::array<std::string, columns> texts;
    bool default_birth_date = false;
    Address home;  // where the record says the child lives, if it says so at all
    bool has_home = false;

    std::string& operator[](Column c) { return texts[static_cast<std::size_t>(c)]; }
    void clear() {
        for (std::string& text : texts) text.clear();
        default_birth_date = has_home = false;
    }
};

struct Event {
    Source source;
    Day day;  // of which the record tells
};

// The records there are of this child, oldest first within a source.
std::vector<Event> events_of(Rng& rng, const Child& child, const Rates& rates);

// An identifier that was left in a form or template, and so stands on many children's records.
struct Templates {
    std::vector<std::string> upns, nhs_numbers;
};

// Writes the rows of one child; a source that knows the child already mostly copies its own earlier names.
class Recorder {
  public:
    Recorder(const Rates& rates, const NamePools& pools, const Region& region, const Templates& templates)
        : rates_(rates), pools_(pools), region_(region), templates_(templates) {}

    void begin(const Child& child, const Household& household, std::size_t index);
    // Everything but the record's id.
    void write(Rng& rng, const Event& event, Row& row);

  private:
    struct Habit {
        std::string surname_then, surname, forename_then, forename;
    };
    void names(Rng& rng, const Event& event, Row& row);
    void birth(Rng& rng, const Event& event, Row& row);
    void place(Rng& rng, const Event& event, Row& row);
    void identifiers(Rng& rng, const Event& event, Row& row);
    void school(Rng& rng, const Event& event, Row& row);
    void shared_identifier(Rng& rng, const SourceRates& rates, Row& row);

    const Rates& rates_;
    const NamePools& pools_;
    const Region& region_;
    const Templates& templates_;
    const Child* child_ = nullptr;
    const Household* household_ = nullptr;
    std::size_t index_ = 0;
    std::array<Habit, sources> habits_;
};

}  // namespace sendhub::identity::testing
