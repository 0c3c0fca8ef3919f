-- Functions of the domain, in the dialect that DuckDB shares with PostgreSQL as far as a macro goes. Temporary:
-- they live in the session of a publication. hub_day(as_at, inclusive_day_rule) is there before them.

-- Whole years on a day. A child of 29 February has its birthday on 1 March in other years.
create or replace temp macro age_on(birth, on_day) as
    cast(extract(year from on_day) - extract(year from birth)
         - case when extract(month from on_day) * 100 + extract(day from on_day)
                     < extract(month from birth) * 100 + extract(day from birth) then 1 else 0 end as integer);

-- 1 September to 31 August.
create or replace temp macro academic_year_start(on_day) as
    make_date(cast(extract(year from on_day) as bigint) - case when extract(month from on_day) < 9 then 1 else 0 end, 9, 1);
create or replace temp macro academic_year(on_day) as
    cast(extract(year from academic_year_start(on_day)) as varchar) || '/'
    || right(cast(extract(year from academic_year_start(on_day)) + 1 as varchar), 2);

-- Calendar weeks from start to event, two decimals; day 0 is the start.
create or replace temp macro weeks_between(start_day, event_day) as
    cast(round((event_day - start_day) / 7.0, 2) as decimal(9, 2));
-- "Within n weeks": on or before start + 7n days. Where the day itself does not count (inclusive false), before it.
create or replace temp macro within_weeks(start_day, event_day, weeks, inclusive) as
    case when inclusive then event_day <= start_day + 7 * weeks else event_day < start_day + 7 * weeks end;

create or replace temp macro percent(numerator, denominator) as
    case when denominator > 0 then cast(round(100.0 * numerator / denominator, 4) as decimal(9, 4)) end;
create or replace temp macro rate(numerator, denominator, rate_base) as
    case when denominator > 0 then cast(round(1.0 * rate_base * numerator / denominator, 4) as decimal(12, 4)) end;
create or replace temp macro half_days_to_days(half_days) as cast(half_days / 2.0 as decimal(9, 1));

-- Bank holidays of England, 2000 to 2050: the rules of the Banking and Financial Dealings Act 1971, with the days that
-- were moved or added by proclamation. Easter Sunday by the Gregorian computus.
create temp table hub_bank_holiday as
with years as (select cast(y as bigint) as y from range(2000, 2051) as t(y)),
step_1 as (select y, y % 19 as a, y // 100 as b, y % 100 as c from years),
step_2 as (select y, a, b, c, (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30 as h from step_1),
step_3 as (select y, a, h, (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7 as l from step_2),
step_4 as (select y, h + l - 7 * ((a + 11 * h + 22 * l) // 451) + 114 as n from step_3),
easter as (select y, cast(make_date(y, n // 31, n % 31 + 1) as date) as sunday from step_4),
fixed as (
    select y, sunday - 2 as day, 'Good Friday' as name from easter
    union all select y, sunday + 1, 'Easter Monday' from easter
    -- the first Monday of May; in 2020 moved to the 8th (VE day)
    union all select y, case when y = 2020 then make_date(2020, 5, 8) else make_date(y, 5, 1) + cast((8 - isodow(make_date(y, 5, 1))) % 7 as integer) end, 'Early May bank holiday' from years
    -- the last Monday of May; in 2002, 2012 and 2022 moved for the jubilees
    union all select y, case y when 2002 then make_date(2002, 6, 4) when 2012 then make_date(2012, 6, 4) when 2022 then make_date(2022, 6, 2)
                        else make_date(y, 5, 31) - cast(isodow(make_date(y, 5, 31)) - 1 as integer) end, 'Spring bank holiday' from years
    union all select y, make_date(y, 8, 31) - cast(isodow(make_date(y, 8, 31)) - 1 as integer), 'Summer bank holiday' from years
    -- New Year's Day, or the Monday after it
    union all select y, make_date(y, 1, 1) + case isodow(make_date(y, 1, 1)) when 6 then 2 when 7 then 1 else 0 end, 'New Year''s Day' from years
    -- Christmas and Boxing Day, each moved past a weekend
    union all select y, make_date(y, 12, 25) + case isodow(make_date(y, 12, 25)) when 6 then 2 when 7 then 2 else 0 end, 'Christmas Day' from years
    union all select y, make_date(y, 12, 26) + case isodow(make_date(y, 12, 26)) when 6 then 2 when 7 then 2 else 0 end, 'Boxing Day' from years
    union all select year(d), d, n from (values (date '2002-06-03', 'Golden Jubilee'), (date '2011-04-29', 'Royal wedding'), (date '2012-06-05', 'Diamond Jubilee'),
        (date '2022-06-03', 'Platinum Jubilee'), (date '2022-09-19', 'State funeral'), (date '2023-05-08', 'Coronation')) as added(d, n)
)
select cast(day as date) as day, name from fixed;

-- Days of the week Monday to Friday less bank holidays, after start up to and with end. School holidays are not in it:
-- the hub has no term dates yet, so this counts too many days, never too few.
create or replace temp macro school_days_between(start_day, end_day) as
    5 * ((end_day - start_day) // 7)
    + greatest(0, least(5, isodow(start_day) + (end_day - start_day) % 7) - least(5, isodow(start_day)))
    + greatest(0, least(12, isodow(start_day) + (end_day - start_day) % 7) - 7)
    - (select count(*) from hub_bank_holiday b where b.day > start_day and b.day <= end_day);
