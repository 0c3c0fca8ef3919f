#include "hub/review/barriers.hpp"

namespace sendhub::review {

Result<Barriers> Barriers::read(duck::Connection& store) {
    Barriers out;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select d.feed_a, d.person_ref_a, d.feed_b, d.person_ref_b, a.person_key, b.person_key "
                    "from match_decision d "
                    "left join person_link a on a.feed = d.feed_a and a.person_ref = d.person_ref_a "
                    "left join person_link b on b.feed = d.feed_b and b.person_ref = d.person_ref_b "
                    "where d.verdict = 'sealed' and d.state = 'active'"));
    while (rows.next()) {
        const RecordKey a{text_at(rows, 0), text_at(rows, 1)}, b{text_at(rows, 2), text_at(rows, 3)};
        out.records_.insert({a, b});
        out.pairs_.insert({{a, b}, {b, a}});
        const std::string p = text_at(rows, 4), q = text_at(rows, 5);
        if (!p.empty()) out.people_.insert(p);
        if (!q.empty()) out.people_.insert(q);
        if (!p.empty() && !q.empty()) out.pairs_of_people_.insert({{p, q}, {q, p}});
    }
    if (out.people_.empty()) return out;
    // Records that came to a sealed person later have no decision of their own.
    SENDHUB_ASSIGN(
        duck::Rows theirs,
        store.query("select feed, person_ref, person_key from person_link where person_key in (select "
                    "l.person_key from match_decision d join person_link l on (l.feed = d.feed_a and "
                    "l.person_ref = d.person_ref_a) or (l.feed = d.feed_b and l.person_ref = "
                    "d.person_ref_b) where d.verdict = 'sealed' and d.state = 'active')"));
    while (theirs.next())
        out.person_of_.emplace(RecordKey{text_at(theirs, 0), text_at(theirs, 1)}, text_at(theirs, 2));
    return out;
}

bool Barriers::hides(const Viewer& viewer, std::string_view person) const {
    return !viewer.sealed && people_.contains(person);
}
bool Barriers::hides(const Viewer& viewer, const RecordKey& record) const {
    return !viewer.sealed && (records_.contains(record) || person_of_.contains(record));
}
bool Barriers::between(std::string_view person_a, std::string_view person_b) const {
    return pairs_of_people_.contains({std::string(person_a), std::string(person_b)});
}
bool Barriers::between(const RecordKey& a, const RecordKey& b) const {
    if (pairs_.contains({a, b})) return true;
    const auto p = person_of_.find(a), q = person_of_.find(b);
    // of one person that holds both sides until the next night, no record says which side it is of
    return p != person_of_.end() && q != person_of_.end() && p->second != q->second &&
           between(p->second, q->second);
}

}  // namespace sendhub::review
