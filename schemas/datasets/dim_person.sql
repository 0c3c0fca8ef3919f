select p.person_key, p.surname, p.forename, p.middle_names, p.preferred_surname, p.preferred_forename, p.former_surname,
       p.birth_date, age_on(p.birth_date, d.as_at) as age, p.sex, p.ethnicity_code, p.first_language,
       p.postcode as home_postcode, p.uprn as home_uprn,
       s.person_key is not null as on_roll, s.school_urn, g.school_name, s.nc_year, s.enrol_status,
       sen.sen_provision, sen.reference_date as sen_provision_date, s.primary_need,
       cme.status as cme_status, ehe.status as ehe_status, yj.status as yj_status,
       care.social_care_status as reported_social_care_status, care.reported_on as reported_social_care_date,
       att.attendance_percent, cast(p.record_count as bigint) as record_count, p.attribute_sources
from person p
cross join hub_day d
left join hub_person_school s on s.person_key = p.person_key
left join hub_register g on g.urn = s.school_urn
left join hub_person_sen sen on sen.person_key = p.person_key
left join hub_person_care care on care.person_key = p.person_key
left join (
    select l.person_key, case when bool_or(c.status = 'open') then 'open' else 'closed' end as status
    from cme_case c join person_link l on l.feed = c.feed and l.person_ref = c.person_ref group by l.person_key
) cme on cme.person_key = p.person_key
left join (
    select l.person_key, case when bool_or(e.start_date <= a.as_at and (e.end_date is null or e.end_date > a.as_at)) then 'open' else 'closed' end as status
    from ehe_episode e join person_link l on l.feed = e.feed and l.person_ref = e.person_ref cross join hub_day a group by l.person_key
) ehe on ehe.person_key = p.person_key
left join (
    select l.person_key, case when bool_or(y.start_date <= a.as_at and (y.end_date is null or y.end_date > a.as_at)) then 'open' else 'closed' end as status
    from yj_intervention y join person_link l on l.feed = y.feed and l.person_ref = y.person_ref cross join hub_day a group by l.person_key
) yj on yj.person_key = p.person_key
left join (
    select l.person_key, percent(sum(t.sessions_possible) - sum(coalesce(t.sessions_authorised, 0) + coalesce(t.sessions_unauthorised, 0)), sum(t.sessions_possible)) as attendance_percent
    from attendance_total t
    join hub_place p on p.urn is not distinct from t.urn and p.laestab is not distinct from t.laestab
    join hub_return r on r.feed = t.feed and r.place = p.place and r.academic_year is not distinct from t.academic_year and r.term is not distinct from t.term
    join person_link l on l.feed = t.feed and l.person_ref = t.person_ref
    where t.period = 'term'
    group by l.person_key
) att on att.person_key = p.person_key
