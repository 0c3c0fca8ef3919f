-- SEND Regulations 2014 reg 8(1): the answer is due six weeks after the body received the request. Day 0 is the clock start.
select coalesce(l.person_key, 'unlinked') as person_key, a.service as advice_type, a.clock_start_date,
       cast(row_number() over (partition by coalesce(l.person_key, 'unlinked'), a.service, a.clock_start_date order by a.feed, a.source_key) as integer) as advice_no,
       hub_ref(a.feed, a.request_ref) as request_ref, a.provider_code as provider_org, a.requested_date, a.received_date, cast(a.clock_start_date + 42 as date) as due_date, a.due_date as stated_due_date,
       a.responded_date, a.status, a.status in ('responded', 'not_known') as is_answered,
       a.status = 'open' and not within_weeks(a.clock_start_date, d.as_at, 6, d.inclusive_day_rule) as is_overdue,
       a.status in ('responded', 'not_known') or (a.status = 'open' and not within_weeks(a.clock_start_date, d.as_at, 6, d.inclusive_day_rule)) as is_counted,
       coalesce(a.status in ('responded', 'not_known') and within_weeks(a.clock_start_date, a.responded_date, 6, d.inclusive_day_rule), false) as on_time,
       a.exception_code is not null as exception_applies, a.exception_code,
       cast(case when a.status in ('responded', 'not_known') then a.responded_date - a.clock_start_date end as integer) as taken_days,
       cast(case when a.status = 'open' then d.as_at - a.clock_start_date end as integer) as open_days,
       sen.sen_provision, a.feed as source_system,
       nullif(concat_ws(';', case when l.person_key is null then 'NO_PERSON' end,
                             case when a.due_date <> a.clock_start_date + 42 then 'DUE_DATE_DIFFERS' end,
                             case when a.status in ('responded', 'not_known') and a.responded_date is null then 'ANSWERED_WITHOUT_DATE' end), '') as quality_flags
from (select r.*, coalesce(r.received_date, r.requested_date) as clock_start_date from advice_request r) a
cross join hub_day d
left join person_link l on l.feed = a.feed and l.person_ref = a.person_ref
left join hub_person_sen sen on sen.person_key = l.person_key
