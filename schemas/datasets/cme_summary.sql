-- One row a period, topic and breakdown. Open cases are those open on the last day of the period; on the reporting day
-- itself the list's own status decides.
with topics as (
    select c.*, t.topic, case t.topic when 'Total' then 'Total' when 'Reason' then coalesce(c.reason_code, 'unknown')
                                      when 'Outcome' then c.outcome_code else coalesce(c.sen_provision, 'unknown') end as breakdown
    from ds_cme_case c cross join (values ('Total'), ('Reason'), ('Outcome'), ('SEN provision')) as t(topic)
), flags as (
    select p.period_type, p.time_period, p.time_identifier, p.period_start, p.period_end, c.topic, c.breakdown, c.person_key, c.opened_date, c.outcome_code, c.returned,
           c.opened_date <= p.period_end and (c.status = 'open' or (c.closed_date > p.period_end and p.period_end < d.as_at)) as is_open,
           p.period_end - c.opened_date > 84 as is_long,
           c.opened_date between p.period_start and p.period_end as is_opened,
           coalesce(c.closed_date between p.period_start and p.period_end, false) as is_closed
    from topics c cross join hub_period p cross join hub_day d
    where c.breakdown is not null
)
select period_type, time_period, time_identifier, period_start, period_end, topic as breakdown_topic, breakdown,
       count(*) filter (is_open) as open_count,
       count(distinct person_key) filter (is_open and person_key <> 'unlinked') as open_children_count,
       count(*) filter (is_open and is_long) as open_over_12_weeks_count,
       count(*) filter (is_opened) as opened_count,
       count(*) filter (is_closed) as closed_count,
       count(*) filter (is_closed and returned) as returned_count,
       percent(count(*) filter (is_closed and returned), count(*) filter (is_closed)) as returned_percent
from flags
group by period_type, time_period, time_identifier, period_start, period_end, topic, breakdown
