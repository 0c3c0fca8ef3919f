// What the names and numbers of one pair say of it, beyond its weight: whose pattern it is, of one child or
// of two of one family. Depends on the two records and the model only.
#pragma once

#include "identity/engine/cluster.hpp"

namespace sendhub::identity {

class PairFacts {
  public:
    PairFacts(const ClusterInput& in, Comparer& comparer) : in_(in), comparer_(comparer) {}

    // An identifier, or a valid NHS number that nobody has verified.
    [[nodiscard]] bool tied_by_number(std::uint64_t pattern) const;
    // Two different valid NHS numbers, not both verified: no veto, but a third record does not bring them
    // together.
    [[nodiscard]] bool valid_numbers_differ(std::uint64_t pattern) const;

    // The names are those of one child, unless there is a twin or a namesake.
    [[nodiscard]] bool one_child_by_name(const Edge& edge);
    // In bits: so much it must say that no source knows a second child (Presence::missing).
    [[nodiscard]] double telling_silence(const Edge& edge) const;
    [[nodiscard]] bool middle_names_differ(const Edge& edge);
    // Names that twins bear elsewhere, or beside different middle names.
    [[nodiscard]] bool names_of_twins(const Edge& edge);
    // Forename, birth date and postcode: two children who share these are namesakes of one street.
    [[nodiscard]] bool one_forename_in_one_home(const Edge& edge) const;
    // One source that writes two forenames, or a name in two orders, means two children; a number that nobody
    // has verified does not outweigh it.
    [[nodiscard]] bool two_names_in_one_source(const Edge& edge) const;
    // Names in the wrong columns of two records: the "forename" that they share is a surname, also of twins.
    [[nodiscard]] bool one_surname_swapped(const Edge& edge);
    // Two forenames, and nothing of the names agrees but, at most, the family's, in whichever column: the one
    // number may have been typed on the record of a twin. (A newborn of another surname has no forename yet.)
    [[nodiscard]] bool no_forename_in_common(const Edge& edge);
    // "Twin 1" and a number that is no NHS number. A newborn has no other: it was typed later, of whichever
    // twin.
    [[nodiscard]] bool one_of_several_by_a_later_number(const Edge& edge) const;
    // Maxen O'Neill written as O'Neill Maxon: the forename is close, not equal.
    [[nodiscard]] bool like_forenames_swapped(const Edge& edge);
    // A forename and a birth date, in different places.
    [[nodiscard]] bool only_forename_and_day(const Edge& edge) const;

  private:
    [[nodiscard]] bool one_is_part_of_the_other(const Edge& edge) const;
    [[nodiscard]] bool slip_of_the_pen(const Edge& edge);
    [[nodiscard]] bool hardly_anybody(std::uint32_t name) const;
    [[nodiscard]] double as_forename(std::uint32_t name) const;
    [[nodiscard]] Comparer::NameMatch names_of(const Edge& edge) {
        return comparer_.name(in_.features.rows[edge.a], in_.features.rows[edge.b]);
    }

    const ClusterInput& in_;
    Comparer& comparer_;
};

}  // namespace sendhub::identity
