-- Exclusions of the current census returns over the school roll of the same group. By SEN provision: of the child at the time
-- for the exclusion, of the census day for the roll.
with events as (
    select t.topic, case t.topic when 'Total' then 'Total' when 'School' then x.place else coalesce(x.sen_provision, 'unknown') end as breakdown, x.*
    from hub_exclusion x cross join (values ('Total'), ('School'), ('SEN provision')) as t(topic)
), excluded as (
    select topic, breakdown,
           count(*) filter (category = 'SUSP') as suspension_count, count(*) filter (category = 'PERM') as permanent_exclusion_count,
           count(*) filter (category = 'LNCH') as lunchtime_exclusion_count,
           half_days_to_days(sum(sessions) filter (category = 'SUSP')) as school_days_lost,
           count(distinct person_key) filter (category = 'SUSP') as pupils_suspended_count
    from events group by topic, breakdown
), roll as (
    select t.topic, case t.topic when 'Total' then 'Total' when 'School' then r.place else coalesce(r.sen_provision, 'unknown') end as breakdown, count(*) as pupils_on_roll_count
    from hub_roll r cross join (values ('Total'), ('School'), ('SEN provision')) as t(topic)
    where r.counted group by 1, 2
), joined as (
    select coalesce(r.topic, x.topic) as breakdown_topic, coalesce(r.breakdown, x.breakdown) as breakdown,
           coalesce(x.suspension_count, 0) as suspension_count, coalesce(x.permanent_exclusion_count, 0) as permanent_exclusion_count,
           coalesce(x.lunchtime_exclusion_count, 0) as lunchtime_exclusion_count, coalesce(x.school_days_lost, 0) as school_days_lost,
           coalesce(x.pupils_suspended_count, 0) as pupils_suspended_count, coalesce(r.pupils_on_roll_count, 0) as pupils_on_roll_count
    from roll r full join excluded x on x.topic = r.topic and x.breakdown = r.breakdown
)
select coalesce(h.academic_year, n.academic_year) as academic_year, coalesce(h.term, n.term) as term, j.breakdown_topic, j.breakdown,
       j.pupils_on_roll_count, j.suspension_count, rate(j.suspension_count, j.pupils_on_roll_count, 100) as suspension_rate,
       j.permanent_exclusion_count, rate(j.permanent_exclusion_count, j.pupils_on_roll_count, 100) as permanent_exclusion_rate,
       cast(100 as bigint) as rate_base, j.lunchtime_exclusion_count, cast(j.school_days_lost as decimal(9, 1)) as school_days_lost,
       j.pupils_suspended_count, percent(j.pupils_suspended_count, j.pupils_on_roll_count) as pupils_suspended_percent
from joined j cross join hub_newest_return n
left join hub_return h on j.breakdown_topic = 'School' and h.place = j.breakdown
