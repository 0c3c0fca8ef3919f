-- A nil return of a school has no child: its key is the school and its place among the school's nil returns.
select case when t.reported_nil
            then 'nil|' || coalesce(p.place, '') || '|' || cast(row_number() over (partition by t.reported_nil, p.place order by t.feed, t.source_key) as varchar)
            else coalesce(l.person_key, 'unlinked') || '|' || coalesce(cast(t.start_date as varchar), '') || '|'
                 || cast(row_number() over (partition by t.reported_nil, coalesce(l.person_key, 'unlinked'), t.start_date order by t.feed, t.source_key) as varchar)
       end as arrangement_key,
       l.person_key, t.reported_nil, p.school_urn, t.start_date, t.planned_end_date, t.actual_end_date, t.hours_per_week, t.full_time_hours, t.reason_code,
       t.parent_agreed, t.review_date, t.last_review_date, t.notified_date,
       s.in_stock as is_current,
       s.in_stock and d.as_at - t.start_date > 42 as over_6_weeks,
       s.in_stock and coalesce(t.planned_end_date < d.as_at, false) as past_planned_end,
       s.in_stock and coalesce(t.review_date < d.as_at, false) as review_overdue,
       cast(case when s.in_stock then d.as_at - t.start_date end as integer) as open_days,
       sen.sen_provision, t.reported_sen_provision, t.feed as source_system,
       case when l.person_key is null and not t.reported_nil then 'NO_PERSON' end as quality_flags
from part_time_timetable t
cross join hub_day d
cross join lateral (select coalesce(not t.reported_nil and t.start_date <= d.as_at and (t.actual_end_date is null or t.actual_end_date > d.as_at), false) as in_stock) s
left join person_link l on l.feed = t.feed and l.person_ref = t.person_ref
left join hub_place p on p.urn is not distinct from t.school_urn and p.laestab is not distinct from t.school_laestab
left join hub_person_sen sen on sen.person_key = l.person_key
