-- The totals of each school's current census return; an enrolment is one row of totals, so a child at two schools counts twice.
with topics as (
    select a.*, t.topic, case t.topic when 'Total' then 'Total' when 'School' then a.place else coalesce(a.sen_provision, 'unknown') end as breakdown,
           case t.topic when 'School' then a.academic_year else n.academic_year end as period_year, case t.topic when 'School' then a.term else n.term end as period_term
    from hub_attendance a cross join hub_newest_return n cross join (values ('Total'), ('School'), ('SEN provision')) as t(topic)
)
select period_year as academic_year, period_term as term, topic as breakdown_topic, breakdown,
       count(*) as enrolments_count, count(*) filter (possible > 0) as enrolments_with_sessions_count, count(distinct person_key) as pupils_count,
       cast(sum(possible) as bigint) as possible_sessions_count, cast(sum(possible - absent) as bigint) as attended_sessions_count,
       cast(sum(authorised) as bigint) as authorised_sessions_count, cast(sum(unauthorised) as bigint) as unauthorised_sessions_count,
       cast(sum(illness) as bigint) as illness_sessions_count, cast(sum(part_time) as bigint) as part_time_sessions_count,
       cast(sum(excluded) as bigint) as excluded_sessions_count, cast(sum(holiday) as bigint) as holiday_sessions_count,
       percent(sum(absent), sum(possible)) as absence_percent, percent(sum(authorised), sum(possible)) as authorised_percent,
       percent(sum(unauthorised), sum(possible)) as unauthorised_percent, percent(sum(possible - absent), sum(possible)) as attendance_percent,
       count(*) filter (persistent) as persistent_absence_count, percent(count(*) filter (persistent), count(*) filter (possible > 0)) as persistent_absence_percent,
       count(*) filter (severe) as severe_absence_count, percent(count(*) filter (severe), count(*) filter (possible > 0)) as severe_absence_percent
from topics
group by period_year, period_term, topic, breakdown
