with topics as (
    select e.*, t.topic, case t.topic when 'Total' then 'Total' when 'Reason' then coalesce(e.reason_code, 'unknown')
                                      when 'Suitability' then coalesce(e.suitability, 'unknown')
                                      when 'Year 11' then case when e.year_11 then 'Year 11' else 'Other years' end
                                      else coalesce(e.sen_provision, 'unknown') end as breakdown
    from ds_ehe_register e cross join (values ('Total'), ('Reason'), ('Suitability'), ('Year 11'), ('SEN provision')) as t(topic)
), flags as (
    select p.period_type, p.time_period, p.time_identifier, p.period_start, p.period_end, e.topic, e.breakdown, e.person_key, e.suitability, e.end_reason,
           e.start_date <= p.period_end and (e.end_date is null or e.end_date > p.period_end) as in_stock,
           e.start_date between p.period_start and p.period_end as is_started,
           coalesce(e.end_date between p.period_start and p.period_end, false) as is_ended
    from topics e cross join hub_period p
)
select period_type, time_period, time_identifier, period_start, period_end, topic as breakdown_topic, breakdown,
       count(*) filter (in_stock) as stock_count,
       count(*) filter (is_started) as started_count,
       count(*) filter (is_ended) as ended_count,
       count(*) filter (is_ended and end_reason = 'returned_to_school') as returned_count,
       count(*) filter (in_stock and suitability = 'suitable') as suitable_count,
       percent(count(*) filter (in_stock and suitability = 'suitable'), count(*) filter (in_stock)) as suitable_percent
from flags
group by period_type, time_period, time_identifier, period_start, period_end, topic, breakdown
