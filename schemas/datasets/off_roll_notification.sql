select coalesce(l.person_key, 'unlinked') as person_key, n.date_off_roll,
       cast(row_number() over (partition by coalesce(l.person_key, 'unlinked'), n.date_off_roll order by n.feed, n.source_key) as integer) as notice_no,
       p.school_urn, n.notified_date, coalesce(n.notified_date <= n.date_off_roll, false) as on_time,
       cast(case when n.notified_date is not null then greatest(0, n.notified_date - n.date_off_roll) end as integer) as late_days,
       cast(case when n.notified_date > n.date_off_roll then school_days_between(n.date_off_roll, n.notified_date) when n.notified_date is not null then 0 end as integer) as late_school_days,
       n.ground_code, n.ground_scheme, n.destination_urn, n.destination_confirmed_date,
       n.date_off_roll <= d.as_at and n.destination_confirmed_date is null as destination_unconfirmed,
       coalesce(n.date_off_roll between academic_year_start(d.as_at) and d.as_at, false) as in_year,
       sen.sen_provision, n.feed as source_system, case when l.person_key is null then 'NO_PERSON' end as quality_flags
from off_roll_notice n
cross join hub_day d
left join person_link l on l.feed = n.feed and l.person_ref = n.person_ref
left join hub_place p on p.urn is not distinct from n.school_urn and p.laestab is not distinct from n.school_laestab
left join hub_person_sen sen on sen.person_key = l.person_key
