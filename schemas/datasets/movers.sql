select coalesce(l.person_key, 'unlinked') as person_key, m.move_date, m.direction,
       cast(row_number() over (partition by coalesce(l.person_key, 'unlinked'), m.move_date, m.direction order by m.feed, m.source_key) as integer) as move_no,
       m.from_la_code, m.to_la_code, m.notified_date, m.notified_by, m.placed_date, p.school_urn as placed_school_urn,
       cast(case when m.direction = 'in' then m.placed_date - m.move_date end as integer) as days_to_place_days,
       coalesce(m.placed_date <= d.as_at, false) as is_placed,
       m.direction = 'in' and m.move_date <= d.as_at and m.placed_date is null as not_placed,
       cast(case when m.direction = 'in' and m.move_date <= d.as_at and m.placed_date is null then d.as_at - m.move_date end as integer) as waiting_days,
       coalesce(m.move_date between academic_year_start(d.as_at) and d.as_at, false) as in_year,
       sen.sen_provision, m.reported_sen_provision, m.reported_social_care_status, m.feed as source_system,
       case when l.person_key is null then 'NO_PERSON' end as quality_flags
from move m
cross join hub_day d
left join person_link l on l.feed = m.feed and l.person_ref = m.person_ref
left join hub_place p on p.urn is not distinct from m.placed_school_urn and p.laestab is null and m.placed_school_urn is not null
left join hub_person_sen sen on sen.person_key = l.person_key
