-- A feed as a whole ('any') and each pair of feeds. Precision and recall need a reviewed sample, which there is not yet.
with pairs as (
    select distinct a.person_key, a.feed, b.feed as other_feed from person_link a join person_link b on b.person_key = a.person_key and b.feed <> a.feed
), linked as (
    select feed, other_feed, count(*) as linked_person_count from pairs group by feed, other_feed
    union all
    select feed, 'any', count(distinct person_key) from pairs group by feed
), records as (
    select feed, count(*) as records_count, count(distinct person_key) as person_count, count(*) filter (match_method = 'exact') as exact_count,
           count(*) filter (match_method = 'deterministic') as deterministic_count, count(*) filter (match_method = 'probabilistic') as probabilistic_count,
           count(*) filter (match_method = 'manual') as manual_count, count(*) filter (match_method = 'none') as alone_count
    from person_link group by feed
), pending as (
    select feed, other_feed, count(*) as pending_count
    from (select feed_a as feed, feed_b as other_feed from match_case union all select feed_b, feed_a from match_case where feed_a <> feed_b) both_ways group by feed, other_feed
), events as (
    select feed, count(*) filter (event_type = 'CREATE') as new_person_count, count(*) filter (event_type = 'MERGE') as merged_count, count(*) filter (event_type = 'SPLIT') as split_count
    from person_event where feed is not null group by feed
), grain as (
    select feed, 'any' as other_feed from records union select a.feed, b.feed from records a join records b on b.feed <> a.feed union select feed, other_feed from pending
)
select g.feed, g.other_feed, coalesce(r.records_count, 0) as records_count, coalesce(r.person_count, 0) as person_count, coalesce(l.linked_person_count, 0) as linked_person_count,
       percent(coalesce(l.linked_person_count, 0), r.person_count) as linked_person_percent,
       coalesce(p.pending_count, 0) as pending_count,
       case when g.other_feed = 'any' then r.exact_count end as exact_count, case when g.other_feed = 'any' then r.deterministic_count end as deterministic_count,
       case when g.other_feed = 'any' then r.probabilistic_count end as probabilistic_count, case when g.other_feed = 'any' then r.manual_count end as manual_count,
       case when g.other_feed = 'any' then r.alone_count end as alone_count,
       case when g.other_feed = 'any' then coalesce(e.new_person_count, 0) end as new_person_count, case when g.other_feed = 'any' then coalesce(e.merged_count, 0) end as merged_count,
       case when g.other_feed = 'any' then coalesce(e.split_count, 0) end as split_count,
       cast(null as decimal(9, 4)) as precision_percent, cast(null as decimal(9, 4)) as recall_percent, 'not_available' as precision_reason
from grain g
left join records r on r.feed = g.feed
left join linked l on l.feed = g.feed and l.other_feed = g.other_feed
left join (select feed, other_feed, pending_count from pending union all select feed, 'any', cast(sum(pending_count) as bigint) from pending group by feed) p on p.feed = g.feed and p.other_feed = g.other_feed
left join events e on e.feed = g.feed
