-- link_no stands in for the feed's own key of the child, which is personal (a census key holds the UPN).
select l.person_key, l.feed, cast(row_number() over (partition by l.person_key, l.feed order by l.person_ref) as integer) as link_no,
       l.person_ref as source_record_ref, l.match_method, l.match_rule, l.match_score, l.link_state, l.reviewed_by, l.reviewed_at, l.linked_at,
       l.feed as source_system
from person_link l
