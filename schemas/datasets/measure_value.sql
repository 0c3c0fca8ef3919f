-- Every measure of the catalogue in one shape, for scorecards and for checking. Counts have no denominator.
with roll as (
    select t.topic, case t.topic when 'Total' then 'Total' when 'School' then r.place else coalesce(r.sen_provision, 'unknown') end as breakdown, r.sen_provision
    from hub_roll r cross join (values ('Total'), ('School'), ('SEN provision')) as t(topic) where r.counted
), cme as (select * from ds_cme_summary where period_type = 'year_academic'),
ehe as (select * from ds_ehe_summary where period_type = 'year_academic'),
notices as (
    select t.topic, case t.topic when 'Total' then 'Total' else coalesce(n.ground_code, 'unknown') end as breakdown, n.on_time
    from ds_off_roll_notification n cross join (values ('Total'), ('Ground')) as t(topic) where n.in_year
), part_time as (
    select t.topic, case t.topic when 'Total' then 'Total' else coalesce(p.reason_code, 'unknown') end as breakdown, p.*
    from ds_part_time_timetable p cross join (values ('Total'), ('Reason')) as t(topic) where p.is_current
), advice as (select * from ds_advice_timeliness where period_type = 'all'),
yj_open as (
    select t.topic, case t.topic when 'Total' then 'Total' else coalesce(y.programme_type, 'unknown') end as breakdown, y.*
    from hub_yj y cross join (values ('Total'), ('Programme type')) as t(topic) where y.is_open
), yj_days as (
    -- a child with an open intervention is looked at on the reporting day; one whose last intervention of the quarter ended, on that day
    select distinct 'Total' as breakdown, y.feed, y.person_ref, d.as_at as day, false as inclusive_end from hub_yj y cross join hub_day d where y.is_open
    union all
    select 'Order ending', feed, person_ref, max(end_date), true from hub_yj where ended_in_quarter group by feed, person_ref
), yj_ete as (
    select y.breakdown, y.feed, y.person_ref, count(e.source_key) > 0 and count(e.source_key) = count(e.source_key) filter (e.suitability = 'SUITABLE') as suitable
    from yj_days y left join ete_status e on e.feed = y.feed and e.person_ref = y.person_ref and e.start_date <= y.day
         and (e.end_date is null or e.end_date > y.day or (y.inclusive_end and e.end_date = y.day))
    group by y.breakdown, y.feed, y.person_ref
), figures(measure_id, breakdown_topic, breakdown, numerator, denominator, median) as (
    select 'pupils_on_roll', topic, breakdown, count(*), null, null from roll group by topic, breakdown
    union all select 'children_on_roll', 'Total', 'Total', count(distinct person_key), null, null from hub_roll where on_roll
    union all select 'sen_support_percent', topic, breakdown, count(*) filter (sen_provision = 'K'), count(*), null from roll where topic <> 'SEN provision' group by topic, breakdown
    union all select 'ehcp_percent', topic, breakdown, count(*) filter (sen_provision = 'E'), count(*), null from roll where topic <> 'SEN provision' group by topic, breakdown
    union all select 'primary_need', 'Primary need', primary_need, count(*), null, null from hub_roll where counted and sen_provision in ('K', 'E') and primary_need is not null group by primary_need
    union all select 'attendance_possible', breakdown_topic, breakdown, possible_sessions_count, null, null from ds_attendance_summary
    union all select 'attendance_authorised', breakdown_topic, breakdown, authorised_sessions_count, null, null from ds_attendance_summary
    union all select 'attendance_unauthorised', breakdown_topic, breakdown, unauthorised_sessions_count, null, null from ds_attendance_summary
    union all select 'absence_percent', breakdown_topic, breakdown, authorised_sessions_count + unauthorised_sessions_count, possible_sessions_count, null from ds_attendance_summary
    union all select 'persistent_absence_percent', breakdown_topic, breakdown, persistent_absence_count, enrolments_with_sessions_count, null from ds_attendance_summary
    union all select 'severe_absence_percent', breakdown_topic, breakdown, severe_absence_count, enrolments_with_sessions_count, null from ds_attendance_summary
    union all select 'suspension_rate', breakdown_topic, breakdown, suspension_count, pupils_on_roll_count, null from ds_exclusion_summary
    union all select 'permanent_exclusion_rate', breakdown_topic, breakdown, permanent_exclusion_count, pupils_on_roll_count, null from ds_exclusion_summary
    union all select 'pupils_suspended_percent', breakdown_topic, breakdown, pupils_suspended_count, pupils_on_roll_count, null from ds_exclusion_summary where breakdown_topic = 'Total'
    union all select 'cme_open', breakdown_topic, breakdown, open_count, null, null from cme where breakdown_topic = 'Total' or (breakdown_topic = 'Reason' and open_count > 0)
    union all select 'cme_open_children', breakdown_topic, breakdown, open_children_count, null, null from cme where breakdown_topic = 'Total'
    union all select 'cme_open_over_12_weeks', breakdown_topic, breakdown, open_over_12_weeks_count, null, null from cme where breakdown_topic = 'Total'
    union all select 'cme_opened', breakdown_topic, breakdown, opened_count, null, null from cme where breakdown_topic = 'Total'
    union all select 'cme_closed', breakdown_topic, breakdown, closed_count, null, null from cme where breakdown_topic = 'Total' or (breakdown_topic = 'Outcome' and closed_count > 0)
    union all select 'cme_returned_percent', breakdown_topic, breakdown, returned_count, closed_count, null from cme where breakdown_topic = 'Total'
    union all select 'ehe_stock', breakdown_topic, breakdown, stock_count, null, null from ehe where breakdown_topic = 'Total' or (breakdown_topic in ('Suitability', 'Reason') and stock_count > 0)
    union all select 'ehe_started', breakdown_topic, breakdown, started_count, null, null from ehe where breakdown_topic = 'Total' or (breakdown_topic = 'Reason' and started_count > 0)
    union all select 'ehe_returned', breakdown_topic, breakdown, returned_count, null, null from ehe where breakdown_topic = 'Total'
    union all select 'ehe_suitable_percent', breakdown_topic, breakdown, suitable_count, stock_count, null from ehe where breakdown_topic = 'Total'
    union all select 'off_roll_on_time_percent', topic, breakdown, count(*) filter (on_time), count(*), null from notices group by topic, breakdown
    union all select 'off_roll_no_destination', 'Total', 'Total', count(*), null, null from ds_off_roll_notification where destination_unconfirmed
    union all select 'movers', 'Direction', direction, count(*), null, null from ds_movers where in_year group by direction
    union all select 'days_to_place_median', 'Total', 'Total', null, count(*), median(days_to_place_days) from ds_movers where direction = 'in' and in_year and is_placed
    union all select 'arrived_not_placed', 'Total', 'Total', count(*), null, null from ds_movers where not_placed
    union all select 'part_time_stock', topic, breakdown, count(*), null, null from part_time group by topic, breakdown
    union all select 'part_time_percent', 'Total', 'Total', count(*), (select count(*) from hub_roll where counted), null from ds_part_time_timetable where is_current
    union all select 'part_time_over_6_weeks', 'Total', 'Total', count(*), null, null from ds_part_time_timetable where over_6_weeks
    union all select 'part_time_past_end', 'Total', 'Total', count(*), null, null from ds_part_time_timetable where past_planned_end
    union all select 'part_time_over_6_weeks_past_end_no_review', 'Total', 'Total', count(*), null, null from ds_part_time_timetable where over_6_weeks and past_planned_end and last_review_date is null
    union all select 'part_time_schools_returning_percent', 'Total', 'Total', (select count(distinct school_urn) from ds_part_time_timetable),
                     -- a children's centre (type 47) stands in the register and is no school
                     (select count(distinct g.urn) from school g join hub_area a on a.la_code = g.la_code
                      where g.status_code in ('1', '3') and g.type_code is distinct from '47'), null
    union all select 'missing_monday', 'Total', 'Total', count(*), null, null from ds_missing_monday
    union all select 'missing_monday', 'Trigger', 'cme_open', count(*), null, null from ds_missing_monday where cme_open having count(*) > 0
    union all select 'missing_monday', 'Trigger', 'off_roll_no_destination', count(*), null, null from ds_missing_monday where off_roll_no_destination having count(*) > 0
    union all select 'missing_monday', 'Trigger', 'part_time_review_overdue', count(*), null, null from ds_missing_monday where part_time_review_overdue having count(*) > 0
    union all select 'missing_monday', 'Trigger', 'plan_not_on_roll', count(*), null, null from ds_missing_monday where plan_not_on_roll having count(*) > 0
    union all select 'missing_monday', 'Trigger', 'arrived_not_placed', count(*), null, null from ds_missing_monday where arrived_not_placed having count(*) > 0
    union all select 'advice_on_time_percent', breakdown_topic, breakdown, on_time_count, counted_count, null from advice
    union all select 'advice_on_time_excl_percent', breakdown_topic, breakdown, on_time_excl_count, counted_excl_count, null from advice
    union all select 'advice_outstanding', breakdown_topic, breakdown, outstanding_count, null, null from advice where breakdown_topic = 'Total' or outstanding_count > 0
    union all select 'advice_outstanding', 'Age', '0-42', outstanding_to_42_count, null, null from advice where breakdown_topic = 'Total' and outstanding_to_42_count > 0
    union all select 'advice_outstanding', 'Age', '43-84', outstanding_43_to_84_count, null, null from advice where breakdown_topic = 'Total' and outstanding_43_to_84_count > 0
    union all select 'advice_outstanding', 'Age', '85+', outstanding_from_85_count, null, null from advice where breakdown_topic = 'Total' and outstanding_from_85_count > 0
    union all select 'yj_open_interventions', topic, breakdown, count(*), null, null from yj_open group by topic, breakdown
    union all select 'yj_send_plan_percent', 'Total', 'Total', count(*) filter (send_identified and send_formal_plan), count(*) filter (send_identified), null from hub_yj where is_open
    union all select 'yj_ete_suitable_percent', case breakdown when 'Total' then 'Total' else 'Order ending' end, breakdown, count(*) filter (suitable), count(*), null from yj_ete group by breakdown
    union all select 'yj_crossmatch', 'Match state', match_state, count(*), (select count(*) from ds_yj_send_crossmatch), null from ds_yj_send_crossmatch group by match_state
), valued as (
    select f.measure_id, f.breakdown_topic, f.breakdown, m.unit, m.basis, cast(f.numerator as bigint) as numerator, cast(f.denominator as bigint) as denominator,
           cast(case m.unit when 'count' then f.numerator when 'percent' then percent(f.numerator, f.denominator) when 'rate' then rate(f.numerator, f.denominator, 100)
                            else round(f.median, 1) end as decimal(18, 4)) as value
    from figures f join hub_measure m on m.measure_id = f.measure_id
)
select measure_id, breakdown_topic, breakdown, unit, basis, numerator, denominator, value, case when value is null then 'not_applicable' end as value_reason
from valued
