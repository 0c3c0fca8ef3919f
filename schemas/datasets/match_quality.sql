-- A feed as a whole ('any') and each pair of feeds. Precision and recall come from pairs drawn at random that people have
-- reviewed; there are none while fewer than 30 have been. Cases of sealed people are counted nowhere, and events that were sealed
-- still count: a figure that differs from what reviewers see, or that falls, would tell of them.
with pairs as (
    select distinct a.person_key, a.feed, b.feed as other_feed from person_link a join person_link b on b.person_key = a.person_key and b.feed <> a.feed
), linked as (
    select feed, other_feed, count(*) as linked_person_count from pairs group by feed, other_feed
    union all
    select feed, 'any', count(distinct person_key) from pairs group by feed
), records as (
    select feed, count(*) as records_count, count(distinct person_key) as person_count, count(*) filter (match_method = 'exact') as exact_count,
           count(*) filter (match_method = 'probabilistic') as probabilistic_count,
           count(*) filter (match_method = 'manual') as manual_count, count(*) filter (match_method = 'none') as alone_count,
           count(*) filter (link_state = 'needs_attention') as attention_count
    from person_link group by feed
), sealed as (
    select a.person_key from match_decision d join person_link a on a.feed = d.feed_a and a.person_ref = d.person_ref_a where d.verdict = 'sealed' and d.state = 'active'
    union
    select b.person_key from match_decision d join person_link b on b.feed = d.feed_b and b.person_ref = d.person_ref_b where d.verdict = 'sealed' and d.state = 'active'
), open_case as (
    select feed_a, feed_b from match_case where person_a not in (select person_key from sealed) and person_b not in (select person_key from sealed)
), sides as (
    select feed_a as feed, feed_b as other_feed from open_case union all select feed_b, feed_a from open_case where feed_a <> feed_b
), cases as (
    select feed, other_feed, count(*) as case_count from sides group by feed, other_feed
    union all
    select feed, 'any', count(*) from (select feed_a as feed from open_case union all select feed_b from open_case where feed_a <> feed_b) one_side group by feed
), events as (
    select feed, count(*) filter (event_type = 'CREATE') as new_person_count, count(*) filter (event_type = 'REMOVE') as removed_count
    from (select feed, event_type from person_event union all select feed, event_type from sealed_event) event where feed is not null group by feed
), grain as (
    select feed, 'any' as other_feed from records union select a.feed, b.feed from records a join records b on b.feed <> a.feed union select feed, other_feed from cases
)
select g.feed, g.other_feed, coalesce(r.records_count, 0) as records_count, coalesce(r.person_count, 0) as person_count, coalesce(l.linked_person_count, 0) as linked_person_count,
       percent(coalesce(l.linked_person_count, 0), r.person_count) as linked_person_percent,
       coalesce(c.case_count, 0) as case_count, cast(10 * percent(coalesce(c.case_count, 0), r.records_count) as decimal(12, 4)) as case_rate,
       case when g.other_feed = 'any' then r.exact_count end as exact_count,
       case when g.other_feed = 'any' then r.probabilistic_count end as probabilistic_count, case when g.other_feed = 'any' then r.manual_count end as manual_count,
       case when g.other_feed = 'any' then r.alone_count end as alone_count, case when g.other_feed = 'any' then r.attention_count end as attention_count,
       case when g.other_feed = 'any' then coalesce(e.new_person_count, 0) end as new_person_count, case when g.other_feed = 'any' then coalesce(e.removed_count, 0) end as removed_count,
       coalesce(p.counted, 0) as reviewed_count,
       cast(100 * p.figure as decimal(9, 4)) as precision_percent, cast(100 * p.low as decimal(9, 4)) as precision_low_percent,
       cast(100 * p.high as decimal(9, 4)) as precision_high_percent, cast(100 * q.figure as decimal(9, 4)) as recall_percent,
       cast(100 * q.low as decimal(9, 4)) as recall_low_percent, cast(100 * q.high as decimal(9, 4)) as recall_high_percent,
       case when p.figure is null or q.figure is null then 'fewer_than_30_reviewed' end as precision_reason
from grain g
left join records r on r.feed = g.feed
left join linked l on l.feed = g.feed and l.other_feed = g.other_feed
left join cases c on c.feed = g.feed and c.other_feed = g.other_feed
left join events e on e.feed = g.feed
left join match_figure p on p.topic = 'precision' and p.item = 'feed' and p.feed = g.feed and p.other_feed = g.other_feed
left join match_figure q on q.topic = 'recall' and q.item = 'feed' and q.feed = g.feed and q.other_feed = g.other_feed
