-- Each child with an open intervention, and what education knows of the child. The census decides; what the lists report counts
-- only where the current census knows no provision.
with children as (
    select person_key, min(start_date) as open_since, count(*) as intervention_count, min(feed) as source_system from hub_yj where is_open and person_key <> 'unlinked' group by person_key
), education_feeds as (
    select feed from enrolment union select feed from cme_case union select feed from ehe_episode union select feed from off_roll_notice
    union select feed from part_time_timetable union select feed from move
), known as (
    select distinct l.person_key from person_link l join education_feeds f on f.feed = l.feed
), census as (
    select l.person_key, bool_or(s.sen_provision = 'E') as plan, bool_or(s.sen_provision = 'K') as support
    from hub_sen s join hub_return r on r.feed = s.feed and r.place = s.place and r.academic_year is not distinct from s.academic_year and r.term is not distinct from s.term
    join person_link l on l.feed = s.feed and l.person_ref = s.person_ref group by l.person_key
), reported as (
    select person_key, bool_or(sen_provision = 'E') as plan, bool_or(sen_provision = 'K') as support from hub_reported where sen_provision is not null group by person_key
)
select c.person_key, c.open_since, c.intervention_count,
       case when k.person_key is null then 'unknown_to_education'
            when z.person_key is not null then case when z.plan then 'E' when z.support then 'K' else 'N' end
            when r.plan then 'E' when r.support then 'K' else 'N' end as match_state,
       k.person_key is null as unknown_to_education,
       case when z.person_key is not null then 'census' when r.person_key is not null then 'reported' end as sen_provision_source,
       p.on_roll, p.school_urn, p.nc_year, p.attendance_percent, p.cme_status, p.ehe_status,
       coalesce(x.suspension_count, 0) as suspension_count, coalesce(x.permanent_exclusion_count, 0) as permanent_exclusion_count,
       y.ete_suitable, y.send_identified as yj_send_identified, y.send_formal_plan as yj_send_formal_plan, c.source_system
from children c
left join known k on k.person_key = c.person_key
left join census z on z.person_key = c.person_key
left join reported r on r.person_key = c.person_key
left join ds_dim_person p on p.person_key = c.person_key
left join (
    select person_key, count(*) filter (category = 'SUSP') as suspension_count, count(*) filter (category = 'PERM') as permanent_exclusion_count from hub_exclusion group by person_key
) x on x.person_key = c.person_key
left join (
    select person_key, bool_or(ete_suitable) as ete_suitable, bool_or(send_identified) as send_identified, bool_or(send_formal_plan) as send_formal_plan
    from ds_yj_caseload where is_open group by person_key
) y on y.person_key = c.person_key
