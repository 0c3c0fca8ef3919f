-- Triggers that the feeds of today allow. The others of the reference (no mark for ten school days, looked after under 25
-- hours, day 6 provision, post-16 not known) need feeds that the hub does not take yet.
with triggers as (
    select person_key, 'cme_open' as code, opened_date as since, last_school_urn as school_urn, previous_la_code from ds_cme_case where is_open
    union all
    select person_key, 'off_roll_no_destination', date_off_roll, school_urn, null from ds_off_roll_notification
    where destination_unconfirmed and ground_code is distinct from 'K'
    union all
    select person_key, 'part_time_review_overdue', review_date, school_urn, null from ds_part_time_timetable where review_overdue and person_key is not null
    union all
    select person_key, 'arrived_not_placed', move_date, null, from_la_code from ds_movers where not_placed
    union all
    select k.person_key, 'plan_not_on_roll', r.leaving_date, r.school_urn, null
    from (
        select l.person_key from hub_sen s join person_link l on l.feed = s.feed and l.person_ref = s.person_ref where s.sen_provision = 'E'
        union
        select person_key from hub_reported where sen_provision = 'E'
    ) k
    left join (select distinct on (person_key) person_key, leaving_date, school_urn from hub_roll where not on_roll and person_key is not null
               order by person_key, leaving_date desc nulls last, place) r on r.person_key = k.person_key
    where not exists (select 1 from hub_person_school s where s.person_key = k.person_key)
      and not exists (select 1 from ds_ehe_register e where e.person_key = k.person_key and e.is_current and e.suitability = 'suitable')
      and not exists (select 1 from ds_movers m cross join hub_day d where m.person_key = k.person_key and m.direction = 'out' and m.move_date <= d.as_at)
), listed as (
    select person_key, string_agg(distinct code, ';' order by code) as triggers, count(distinct code) as trigger_count, min(since) as trigger_since_date,
           bool_or(code = 'cme_open') as cme_open, bool_or(code = 'off_roll_no_destination') as off_roll_no_destination,
           bool_or(code = 'part_time_review_overdue') as part_time_review_overdue, bool_or(code = 'plan_not_on_roll') as plan_not_on_roll,
           bool_or(code = 'arrived_not_placed') as arrived_not_placed,
           min(previous_la_code) as previous_la_code
    from triggers where person_key <> 'unlinked' group by person_key
)
select cast(d.as_at - cast(isodow(d.as_at) - 1 as integer) as date) as week_commencing, t.person_key, t.triggers, t.trigger_count, t.trigger_since_date,
       cast(d.as_at - t.trigger_since_date as integer) as listed_days,
       t.cme_open, t.off_roll_no_destination, t.part_time_review_overdue, t.plan_not_on_roll, t.arrived_not_placed,
       last_school.school_urn as last_school_urn, t.previous_la_code, sen.sen_provision, care.social_care_status as reported_social_care_status,
       case when yj.is_open then 'open' when yj.person_key is not null then 'closed' end as yj_status,
       c.officer_ref as allocated_officer_key, c.last_contact_date, c.next_action_due_date
from listed t
cross join hub_day d
left join (select distinct on (person_key) person_key, school_urn from triggers where school_urn is not null order by person_key, since desc nulls last, school_urn) last_school on last_school.person_key = t.person_key
left join hub_person_sen sen on sen.person_key = t.person_key
left join hub_person_care care on care.person_key = t.person_key
left join (select person_key, bool_or(is_open) as is_open from hub_yj group by person_key) yj on yj.person_key = t.person_key
-- the officer's key as the feed has it: this list is restricted, ds_cme_case is not
left join (select distinct on (l.person_key) l.person_key, e.officer_ref, e.last_contact_date, e.next_action_due_date
           from cme_case e join person_link l on l.feed = e.feed and l.person_ref = e.person_ref cross join hub_day a
           where e.status = 'open' and e.opened_date <= a.as_at order by l.person_key, e.opened_date desc, e.feed, e.source_key) c on c.person_key = t.person_key
