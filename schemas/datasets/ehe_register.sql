select coalesce(l.person_key, 'unlinked') as person_key, h.start_date,
       cast(row_number() over (partition by coalesce(l.person_key, 'unlinked'), h.start_date order by h.feed, h.source_key) as integer) as episode_no,
       h.start_date <= d.as_at and (h.end_date is null or h.end_date > d.as_at) as is_current,
       h.notified_date, h.end_date, h.end_reason, h.return_to_school_date, h.reason_code, h.suitability, h.last_contact_date, h.s437_notice_date,
       h.sao_issued_date, h.sao_revoked_date, h.challenged_with_school, p.school_urn as previous_school_urn, h.previous_setting,
       cast(case when h.start_date <= d.as_at then least(coalesce(h.end_date, d.as_at), d.as_at) - h.start_date end as integer) as home_educated_days,
       coalesce(h.start_date between academic_year_start(d.as_at) and d.as_at, false) as started_in_year,
       coalesce(h.end_date between academic_year_start(d.as_at) and d.as_at, false) as ended_in_year,
       -- age 15 on the 31 August before: year 11, whatever a list says
       age_on(b.birth_date, cast(academic_year_start(d.as_at) - 1 as date)) = 15 as year_11,
       b.ethnicity_code in ('WIRT', 'WROM') as gypsy_roma_traveller,
       sen.sen_provision, h.reported_sen_provision, h.reported_social_care_status, h.feed as source_system,
       nullif(concat_ws(';', case when l.person_key is null then 'NO_PERSON' end,
                             case when (h.end_date is null or h.end_date > d.as_at) and s.status_rank = 0 then 'CURRENT_AND_ON_ROLL' end), '') as quality_flags
from ehe_episode h
cross join hub_day d
left join person_link l on l.feed = h.feed and l.person_ref = h.person_ref
left join person b on b.person_key = l.person_key
left join hub_place p on p.urn is not distinct from h.previous_school_urn and p.laestab is not distinct from h.previous_school_laestab
left join hub_person_sen sen on sen.person_key = l.person_key
left join (select person_key, min(status_rank) as status_rank from hub_roll where on_roll group by person_key) s on s.person_key = l.person_key
