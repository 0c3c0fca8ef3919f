select distinct on (s.urn)
       s.urn as school_urn, s.laestab, s.la_code, s.gss_la_code as la_gss_code, s.ukprn, s.school_name, s.phase_name as phase, s.type_name as school_type,
       s.type_group_name as type_group, s.trust_name, s.status_name as status, s.status_code in ('1', '3') as is_open, s.open_date, s.close_date,
       case when n.school_urn <> s.urn then n.school_urn end as successor_urn,
       s.statutory_low_age as low_age, s.statutory_high_age as high_age, s.capacity as capacity_count,
       coalesce(s.resourced_provision_type ilike '%SEN unit%', false) as sen_unit,
       coalesce(s.resourced_provision_type ilike '%resourced provision%', false) as resourced_provision,
       s.section_41, s.district_name as district, s.ward_code as ward_gss
from school s
left join hub_school_now n on n.urn = s.urn
order by s.urn, s.feed
