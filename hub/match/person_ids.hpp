// Person ids that stay (matching.md section 11): today's clusters take yesterday's ids so that, in each group
// of clusters and ids that have records in common, as much as possible stays where it was. What counts, in
// this order: a pinned record, a verified NHS number, a valid UPN, the number of records; of equals the
// oldest id. The rest get back the id that they had before a merge, or before they were gone, or a new one.
// Every change is an event.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::match {

// P and 13 letters of Crockford's base 32 (64 bits), and a check character over them. Opaque: the bits come
// from a keyed hash of a running number, never from the child's data.
std::string make_person_id(std::string_view secret, std::uint64_t number);
bool is_person_id(std::string_view id);

enum class EventType : std::uint8_t { create, add, remove, merge, split, attribute, seal, review };
std::string_view to_string(EventType type);

inline constexpr std::uint32_t no_record = ~0u;

struct Event {
    EventType type;
    std::string person;  // the person it happened to (merge: the survivor; split: who keeps the id)
    std::string other;   // merge: the id that ends; split: the part that left
    std::uint32_t record = no_record;  // add, remove: the record
};

// What a record holds that speaks for keeping its person's id.
struct Hold {
    bool nhs_number = false, upn = false;
};

// An id that no record has now, but had once.
struct EndedId {
    std::string id;
    std::string survivor;                // who holds its records since a merge; empty: its records went away
    std::vector<std::uint32_t> records;  // those of its last records that are here today
};

struct IdInput {
    std::vector<std::uint32_t> cluster;  // per record: the smallest record of its cluster
    std::vector<std::string> before;     // per record: yesterday's id, or empty
    std::vector<Hold> hold;              // per record
    std::vector<std::pair<std::uint32_t, std::string>> pinned;  // whoever has the record keeps the id
    std::function<std::uint64_t(std::string_view id)> age;      // smaller is older
    std::function<std::vector<EndedId>()> ended;                // asked only when it may matter
    std::function<std::string()> next_id;  // called in the order of the clusters' smallest records
};

struct Assignment {
    std::vector<std::string> person;  // per record
    std::vector<Event> events;        // merges and splits first, then by record
    // ids that ended today and the person that has most of what they had, and ids that live again
    std::vector<std::pair<std::string, std::string>> ended;
    std::vector<std::string> revived;
};

Assignment assign_person_ids(const IdInput& input);

}  // namespace sendhub::match
