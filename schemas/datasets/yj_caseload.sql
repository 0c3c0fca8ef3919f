with placements as (
    select e.feed, e.person_ref, e.start_date, e.end_date, e.provision_type, e.suitability, e.hours_offered, e.source_key from ete_status e
)
select y.person_key, y.start_date, cast(row_number() over (partition by y.person_key, y.start_date order by y.feed, y.person_ref, y.programme_ref) as integer) as programme_no,
       y.programme_type, y.disposal_type, y.end_date, y.is_open, y.ended_in_quarter, age_on(b.birth_date, y.start_date) as age_at_start,
       y.send_identified, y.send_formal_plan, y.completed, n.provisions as ete_provisions, n.placements > 0 and n.all_suitable as ete_suitable,
       case when y.end_date is not null and y.end_date <= d.as_at then coalesce(f.all_suitable, false) end as ete_suitable_at_end,
       sen.sen_provision, y.regime, y.feed as source_system, case when y.person_key = 'unlinked' then 'NO_PERSON' end as quality_flags
from hub_yj y
cross join hub_day d
left join person b on b.person_key = y.person_key
left join hub_person_sen sen on sen.person_key = y.person_key
left join (
    select p.feed, p.person_ref, count(*) as placements, coalesce(bool_and(p.suitability = 'SUITABLE'), false) and count(p.suitability) = count(*) as all_suitable,
           string_agg(distinct p.provision_type, ';' order by p.provision_type) as provisions
    from placements p cross join hub_day a where p.start_date <= a.as_at and (p.end_date is null or p.end_date > a.as_at) group by p.feed, p.person_ref
) n on n.feed = y.feed and n.person_ref = y.person_ref
left join (
    select z.feed, z.person_ref, z.programme_ref, bool_and(coalesce(p.suitability, '') = 'SUITABLE') as all_suitable
    from hub_yj z join placements p on p.feed = z.feed and p.person_ref = z.person_ref and p.start_date <= z.end_date and (p.end_date is null or p.end_date >= z.end_date)
    group by z.feed, z.person_ref, z.programme_ref
) f on f.feed = y.feed and f.person_ref = y.person_ref and f.programme_ref = y.programme_ref
