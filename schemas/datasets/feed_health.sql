-- The hub does not hold when a feed is expected; fresh means read within two days, late within a week.
with feeds as (select feed from batch union select feed from run where feed is not null and kind = 'feed'),
good as (select feed, max(imported_at) as last_success_at from batch where state = 'imported' group by feed),
newest as (select distinct on (feed) feed, state, received, staged, rejected from batch order by feed, started_at desc nulls last, batch_id desc),
waiting as (select feed, count(*) as held_scopes_count from batch_scope where state = 'held' group by feed),
issues as (select feed, count(*) filter (severity = 'reject') as reject_count, count(*) filter (severity = 'warning') as warning_count from row_issue group by feed),
refused as (select f.feed, count(*) as refused_files_count from batch_file f join (select feed, max(batch_id) as batch_id from batch group by feed) b on b.feed = f.feed and b.batch_id = f.batch_id
            where f.state = 'refused' group by f.feed),
last_run as (select distinct on (feed) feed, state from run where kind = 'feed' and feed is not null and state <> 'running' order by feed, started_at desc, run_id desc)
select f.feed, g.last_success_at,
       cast(case when g.last_success_at is not null then greatest(0, cast(r.now_at as date) - cast(g.last_success_at as date)) end as integer) as freshness_days,
       case when l.state = 'failed' or n.state = 'refused' then 'failed' when g.last_success_at is null then 'never'
            when cast(r.now_at as date) - cast(g.last_success_at as date) <= 2 then 'fresh'
            when cast(r.now_at as date) - cast(g.last_success_at as date) <= 7 then 'late' else 'stale' end as status,
       l.state as last_run_state, n.state as last_batch_state, coalesce(n.received, 0) as rows_read_count, coalesce(n.rejected, 0) as rows_rejected_count,
       percent(coalesce(n.rejected, 0), n.received) as error_rate_percent,
       coalesce(i.reject_count, 0) as open_rejects_count, coalesce(i.warning_count, 0) as open_warnings_count,
       coalesce(w.held_scopes_count, 0) as held_scopes_count, coalesce(x.refused_files_count, 0) as refused_files_count
from feeds f
cross join hub_run r
left join good g on g.feed = f.feed
left join newest n on n.feed = f.feed
left join waiting w on w.feed = f.feed
left join issues i on i.feed = f.feed
left join refused x on x.feed = f.feed
left join last_run l on l.feed = f.feed
