-- By the day on which the body received the request (cohort basis: received); 'all' holds every request that the feed holds.
with topics as (
    select a.*, t.topic, case t.topic when 'Total' then 'Total' else a.advice_type end as breakdown
    from ds_statutory_advice a cross join (values ('Total'), ('Service')) as t(topic)
), periods as (
    select period_type, time_period, time_identifier, period_start, period_end from hub_period
    union all select 'all', 'all', 'All', null, null
)
select p.period_type, p.time_period, p.time_identifier, p.period_start, p.period_end, 'flow_received' as cohort_basis, a.topic as breakdown_topic, a.breakdown,
       count(*) as requests_count,
       count(*) filter (is_counted) as counted_count, count(*) filter (is_counted and on_time) as on_time_count,
       percent(count(*) filter (is_counted and on_time), count(*) filter (is_counted)) as on_time_percent,
       count(*) filter (is_counted and not exception_applies) as counted_excl_count, count(*) filter (is_counted and on_time and not exception_applies) as on_time_excl_count,
       percent(count(*) filter (is_counted and on_time and not exception_applies), count(*) filter (is_counted and not exception_applies)) as on_time_excl_percent,
       count(*) filter (status = 'open') as outstanding_count, count(*) filter (is_overdue) as overdue_count,
       count(*) filter (open_days <= 42) as outstanding_to_42_count, count(*) filter (open_days between 43 and 84) as outstanding_43_to_84_count,
       count(*) filter (open_days >= 85) as outstanding_from_85_count,
       cast(round(avg(taken_days) / 7.0, 2) as decimal(9, 2)) as mean_taken_weeks
from topics a
join periods p on p.period_start is null or a.clock_start_date between p.period_start and p.period_end
group by p.period_type, p.time_period, p.time_identifier, p.period_start, p.period_end, a.topic, a.breakdown
