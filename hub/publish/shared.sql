-- Tables that several datasets share, made once a publication: which school is meant, which census return is the
-- current one of each school, who is on roll, and what is known of a child's SEN provision.

-- Only what has the form of a URN or a LAESTAB is shown as one: a feed may hold anything there.
create or replace temp macro as_urn(text) as case when regexp_full_match(text, '[0-9]{6}') then text end;
create or replace temp macro as_laestab(text) as case when regexp_full_match(text, '[0-9]{7}') then text end;

-- A feed's own reference as it may leave the restricted layer: equal for equal ones, and nobody can tell which.
create or replace temp macro hub_ref(feed_id, ref) as
    case when ref <> '' then substr(sha256((select value from hub_secret where name = 'person_id') || '|ref|' || feed_id || '|' || ref), 1, 12) end;

-- The feeds that the store knows.
create temp table hub_feed as select feed from batch union select feed from run where feed is not null union select feed from person_link;

-- The register of schools, one row a URN.
create temp table hub_register as
select distinct on (urn) urn, laestab, la_code, status_code, open_date, close_date, school_name
from school order by urn, feed;

-- What a school is today: a closed one is followed through its Successor links.
create temp table hub_school_now as
with recursive chain(urn, now_urn, steps) as (
    select urn, urn, 0 from hub_register
    union all
    select c.urn, t.urn, c.steps + 1
    from chain c
    join hub_register s on s.urn = c.now_urn and s.status_code = '2'
    join school_link l on l.urn = s.urn and l.link_type like 'Successor%'
    join hub_register t on t.urn = l.link_urn
    where c.steps < 8
)
select distinct on (chain.urn) chain.urn, chain.now_urn as school_urn
from chain join hub_register t on t.urn = chain.now_urn
order by chain.urn, case when t.status_code in ('1', '3') then 0 else 1 end, chain.steps desc, chain.now_urn;

-- The school of a LAESTAB: an open one before a closed one, then the newest.
create temp table hub_laestab as
select distinct on (laestab) laestab, urn
from hub_register where laestab is not null
order by laestab, case when status_code in ('1', '3') then 0 else 1 end, open_date desc nulls last, urn desc;

-- Each way in which a feed names a school, and today's school. place is never null: the LAESTAB stands in where the
-- register does not know the school.
create temp table hub_place as
select g.urn, g.laestab, coalesce(a.school_urn, b.school_urn, as_urn(g.urn)) as school_urn,
       coalesce(a.school_urn, b.school_urn, as_urn(g.urn), as_laestab(g.laestab), '') as place
from (select urn, laestab from enrolment union select urn, laestab from sen_provision union select urn, laestab from sen_need
      union select urn, laestab from attendance_total union select urn, laestab from exclusion
      union select last_school_urn, last_school_laestab from cme_case union select previous_school_urn, previous_school_laestab from ehe_episode
      union select school_urn, school_laestab from off_roll_notice union select school_urn, school_laestab from part_time_timetable
      union select placed_school_urn, null from move) g
left join hub_school_now a on a.urn = g.urn
left join hub_laestab k on k.laestab = g.laestab
left join hub_school_now b on b.urn = k.urn;

-- The current return of each school: its newest census. An older one does not count when it is more than a year older
-- than the newest of all, or when the school has closed since.
create temp table hub_return as
with returns as (
    select distinct e.feed, p.place, p.school_urn, e.academic_year, e.term, e.reference_date
    from enrolment e join hub_place p on p.urn is not distinct from e.urn and p.laestab is not distinct from e.laestab
    where p.place <> '' and (e.academic_year is null or regexp_full_match(e.academic_year, '[0-9]{4}/[0-9]{2}'))
), newest as (select max(reference_date) as reference_date from returns)
select distinct on (r.place) r.feed, r.place, r.school_urn, r.academic_year, r.term, r.reference_date
from returns r cross join newest n left join hub_register g on g.urn = r.school_urn
where r.reference_date is null or r.reference_date = n.reference_date
   or (r.reference_date > n.reference_date - 366 and g.status_code is distinct from '2')
order by r.place, r.reference_date desc nulls last, r.feed;

-- One SEN provision and one primary need for each child, school and return.
create temp table hub_sen as
select distinct on (s.feed, s.person_ref, p.place, s.academic_year, s.term)
       s.feed, s.person_ref, p.place, s.academic_year, s.term, s.reference_date, s.sen_provision, s.sen_unit, s.resourced_provision
from sen_provision s join hub_place p on p.urn is not distinct from s.urn and p.laestab is not distinct from s.laestab
order by s.feed, s.person_ref, p.place, s.academic_year, s.term, case s.sen_provision when 'E' then 0 when 'K' then 1 else 2 end, s.source_key;

create temp table hub_need as
select distinct on (s.feed, s.person_ref, p.place, s.academic_year, s.term)
       s.feed, s.person_ref, p.place, s.academic_year, s.term, s.need_type
from sen_need s join hub_place p on p.urn is not distinct from s.urn and p.laestab is not distinct from s.laestab
where s.rank = 1
order by s.feed, s.person_ref, p.place, s.academic_year, s.term, s.source_key;

-- The enrolments of the current returns. counted: on the school roll as DfE counts it (sole or main registration).
-- status_rank: main registration before others.
create temp table hub_roll as
select l.person_key, e.feed, e.person_ref, r.place, r.school_urn, e.academic_year, e.term, e.reference_date,
       e.on_roll, e.enrol_status, coalesce(e.on_roll and e.enrol_status in ('C', 'M'), false) as counted,
       case when e.enrol_status in ('C', 'M') then 0 when e.enrol_status in ('F', 'O') then 1 else 2 end as status_rank,
       e.nc_year, e.part_time, e.entry_date, e.leaving_date, s.sen_provision, s.sen_unit, s.resourced_provision, n.need_type as primary_need
from enrolment e
join hub_place p on p.urn is not distinct from e.urn and p.laestab is not distinct from e.laestab
join hub_return r on r.feed = e.feed and r.place = p.place and r.academic_year is not distinct from e.academic_year and r.term is not distinct from e.term
left join person_link l on l.feed = e.feed and l.person_ref = e.person_ref
left join hub_sen s on s.feed = e.feed and s.person_ref = case when e.on_roll then e.person_ref end and s.place = p.place
                   and s.academic_year is not distinct from e.academic_year and s.term is not distinct from e.term
left join hub_need n on n.feed = e.feed and n.person_ref = case when e.on_roll then e.person_ref end and n.place = p.place
                   and n.academic_year is not distinct from e.academic_year and n.term is not distinct from e.term;

-- Where a child is on roll now: one row a person, main registration first.
create temp table hub_person_school as
select distinct on (person_key) person_key, place, school_urn, nc_year, enrol_status, entry_date, primary_need, sen_unit, resourced_provision
from hub_roll where on_roll and person_key is not null
order by person_key, status_rank, entry_date desc nulls last, place;

-- A child's SEN provision by the census: the newest return; a plan before anything else, then the main registration.
-- What other feeds report never overrides it.
create temp table hub_person_sen as
select distinct on (person_key) person_key, sen_provision, reference_date
from (
    select person_key, sen_provision, reference_date, status_rank from hub_roll where sen_provision is not null and person_key is not null
    union all
    select l.person_key, s.sen_provision, s.reference_date, 3
    from hub_sen s join person_link l on l.feed = s.feed and l.person_ref = s.person_ref
) known
order by person_key, reference_date desc nulls last, case when sen_provision = 'E' then 0 else 1 end, status_rank, sen_provision;

-- Attendance totals and exclusions that the current returns brought.
create temp table hub_attendance as
select l.person_key, t.feed, t.person_ref, r.place, r.school_urn, r.academic_year, r.term, s.sen_provision,
       coalesce(t.sessions_possible, 0) as possible, coalesce(t.sessions_authorised, 0) as authorised, coalesce(t.sessions_unauthorised, 0) as unauthorised,
       coalesce(t.sessions_authorised, 0) + coalesce(t.sessions_unauthorised, 0) as absent,
       coalesce(t.sessions_i, 0) as illness, coalesce(t.sessions_c2, 0) as part_time, coalesce(t.sessions_e, 0) as excluded, coalesce(t.sessions_g, 0) as holiday,
       coalesce(t.sessions_possible > 0 and 10 * (coalesce(t.sessions_authorised, 0) + coalesce(t.sessions_unauthorised, 0)) >= t.sessions_possible, false) as persistent,
       coalesce(t.sessions_possible > 0 and 2 * (coalesce(t.sessions_authorised, 0) + coalesce(t.sessions_unauthorised, 0)) >= t.sessions_possible, false) as severe
from attendance_total t
join hub_place p on p.urn is not distinct from t.urn and p.laestab is not distinct from t.laestab
join hub_return r on r.feed = t.feed and r.place = p.place and r.academic_year is not distinct from t.academic_year and r.term is not distinct from t.term
left join person_link l on l.feed = t.feed and l.person_ref = t.person_ref
left join hub_sen s on s.feed = t.feed and s.person_ref = t.person_ref and s.place = p.place
                   and s.academic_year is not distinct from t.academic_year and s.term is not distinct from t.term
where t.period = 'term';

create temp table hub_exclusion as
select l.person_key, x.feed, x.person_ref, r.place, r.school_urn, r.academic_year, r.term, x.sen_provision, x.category, x.start_date, coalesce(x.sessions, 0) as sessions
from exclusion x
join hub_place p on p.urn is not distinct from x.urn and p.laestab is not distinct from x.laestab
join hub_return r on r.feed = x.feed and r.place = p.place and r.academic_year is not distinct from x.academic_year and r.term is not distinct from x.term
left join person_link l on l.feed = x.feed and l.person_ref = x.person_ref;

-- The newest return of all, for rows about the whole area.
create temp table hub_newest_return as
select academic_year, term from hub_return where academic_year is not null and term is not null
order by reference_date desc nulls last, academic_year desc, term limit 1;

-- What the lists report of a child, with the day it was true at the latest. Often stale, never more than a claim.
create temp table hub_reported as
select l.person_key, r.feed, r.reported_on, r.sen_provision, r.social_care_status
from (
    select feed, person_ref, coalesce(last_contact_date, opened_date) as reported_on, reported_sen_provision as sen_provision, reported_social_care_status as social_care_status from cme_case
    union all
    select feed, person_ref, coalesce(last_contact_date, start_date), reported_sen_provision, reported_social_care_status from ehe_episode
    union all
    select feed, person_ref, coalesce(notified_date, move_date), reported_sen_provision, reported_social_care_status from move
    union all
    select feed, person_ref, coalesce(notified_date, start_date), reported_sen_provision, null from part_time_timetable where person_ref is not null
) r
join person_link l on l.feed = r.feed and l.person_ref = r.person_ref
where r.sen_provision is not null or r.social_care_status is not null;

create temp table hub_person_care as
select distinct on (person_key) person_key, social_care_status, reported_on, feed
from hub_reported where social_care_status is not null
order by person_key, reported_on desc nulls last, feed, social_care_status;

-- ETE placements of the youth justice feed, and whether all those current on a day are suitable (KPI 2: several at once
-- must all be suitable, and there must be one).
create temp table hub_yj as
select distinct on (y.feed, y.person_ref, y.programme_ref)
       coalesce(l.person_key, 'unlinked') as person_key, y.feed, y.person_ref, y.programme_ref, y.programme_type, y.disposal_type, y.start_date, y.end_date,
       y.send_identified, y.send_formal_plan, y.completed, y.regime,
       y.start_date <= d.as_at and (y.end_date is null or y.end_date > d.as_at) as is_open,
       coalesce(y.end_date >= date_trunc('quarter', d.as_at) - interval 3 month and y.end_date < date_trunc('quarter', d.as_at), false) as ended_in_quarter
from yj_intervention y
cross join hub_day d
left join person_link l on l.feed = y.feed and l.person_ref = y.person_ref
order by y.feed, y.person_ref, y.programme_ref, y.source_key;

-- Academic year to date and its months to date; period_end is never after the reporting day.
create temp table hub_period as
with months(n, name) as (values (1, 'January'), (2, 'February'), (3, 'March'), (4, 'April'), (5, 'May'), (6, 'June'), (7, 'July'), (8, 'August'),
                                (9, 'September'), (10, 'October'), (11, 'November'), (12, 'December')),
starts as (select cast(academic_year_start(d.as_at) + to_months(cast(i as integer)) as date) as day, d.as_at from hub_day d cross join range(0, 12) as t(i))
select 'year_academic' as period_type, replace(academic_year(as_at), '/', '') as time_period, 'Academic year' as time_identifier,
       academic_year_start(as_at) as period_start, as_at as period_end
from hub_day
union all
select 'month', cast(extract(year from s.day) as varchar), m.name, s.day, least(s.as_at, cast(s.day + interval 1 month as date) - 1)
from starts s join months m on m.n = extract(month from s.day)
where s.day <= s.as_at;

-- The council's own area: hub.la_code, or the area of most schools that returned a census.
create temp table hub_area as
select coalesce(r.la_code, m.la_code) as la_code
from hub_run r left join (
    select g.la_code from hub_return h join hub_register g on g.urn = h.school_urn where g.la_code is not null
    group by g.la_code order by count(*) desc, g.la_code limit 1
) m on true;
