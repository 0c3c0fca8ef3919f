select coalesce(l.person_key, 'unlinked') as person_key, c.opened_date,
       cast(row_number() over (partition by coalesce(l.person_key, 'unlinked'), c.opened_date order by c.feed, c.source_key) as integer) as case_no,
       c.status, c.status = 'open' and c.opened_date <= d.as_at as is_open, c.referral_date, c.referrer_type, c.reason_code, c.last_attended_date, c.off_roll_date,
       c.ground_code, c.ground_scheme, p.school_urn as last_school_urn, c.previous_la_code, c.closed_date, c.outcome_code,
       cast(case when c.status = 'open' and c.opened_date <= d.as_at then d.as_at - c.opened_date when c.status = 'closed' then c.closed_date - c.opened_date end as integer) as open_days,
       c.status = 'open' and c.opened_date <= d.as_at and d.as_at - c.opened_date > 84 as over_12_weeks,
       coalesce(c.opened_date between academic_year_start(d.as_at) and d.as_at, false) as opened_in_year,
       coalesce(c.closed_date between academic_year_start(d.as_at) and d.as_at, false) as closed_in_year,
       coalesce(c.outcome_code in ('in_school', 'ehe_suitable', 'post_16_place'), false) as returned,
       sen.sen_provision, c.reported_sen_provision, c.reported_social_care_status, c.reported_yj,
       hub_ref(c.feed, c.officer_ref) as officer_ref, c.last_contact_date, c.home_visit_date, c.next_action_due_date, c.feed as source_system,
       nullif(concat_ws(';', case when l.person_key is null then 'NO_PERSON' end,
                             case when c.status = 'open' and s.status_rank = 0 then 'OPEN_AND_ON_ROLL' end,
                             case when c.status = 'open' and e.person_key is not null then 'OPEN_AND_HOME_EDUCATED' end,
                             case when c.status = 'closed' and c.closed_date is null then 'CLOSED_WITHOUT_DATE' end), '') as quality_flags
from cme_case c
cross join hub_day d
left join person_link l on l.feed = c.feed and l.person_ref = c.person_ref
left join hub_place p on p.urn is not distinct from c.last_school_urn and p.laestab is not distinct from c.last_school_laestab
left join hub_person_sen sen on sen.person_key = l.person_key
left join (select person_key, min(status_rank) as status_rank from hub_roll where on_roll group by person_key) s on s.person_key = l.person_key
left join (
    select distinct x.person_key from ehe_episode h join person_link x on x.feed = h.feed and x.person_ref = h.person_ref cross join hub_day a
    where h.start_date <= a.as_at and (h.end_date is null or h.end_date > a.as_at)
) e on e.person_key = l.person_key
