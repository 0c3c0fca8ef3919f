// Person ids that stay: each cluster of today takes the id of the person of yesterday that it shares most
// records with; the rest get new ids. Every change is an event.
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

enum class EventType { create, add, remove, merge, split };
std::string_view to_string(EventType type);

struct Event {
    EventType type;
    std::string person;          // the person it happened to (merge: the survivor; split: who keeps the id)
    std::string other;           // merge: the id that ends; split: the new id
    std::uint32_t record = ~0u;  // add, remove: the record
};

struct Assignment {
    std::vector<std::string> person;  // per record
    std::vector<Event> events;
};

// cluster: per record, the smallest record of its cluster. before: per record, yesterday's person id or
// empty. Ties go to the id that sorts first in `age` (smaller is older). next_id gives a fresh id; it is
// called in the order of the clusters' smallest records, so the same input gives the same ids.
Assignment assign_person_ids(const std::vector<std::uint32_t>& cluster,
                             const std::vector<std::string>& before,
                             const std::function<std::uint64_t(std::string_view id)>& age,
                             const std::function<std::string()>& next_id);

}  // namespace sendhub::match
