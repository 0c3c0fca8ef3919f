with roll as (
    select place, count(*) as pupils_on_roll_count, count(*) filter (sen_provision = 'K') as sen_support_count, count(*) filter (sen_provision = 'E') as ehcp_count,
           count(*) filter (sen_unit) as sen_unit_count, count(*) filter (resourced_provision) as resourced_provision_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'SPLD') as need_spld_count, count(*) filter (sen_provision in ('K', 'E') and primary_need = 'MLD') as need_mld_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'SLD') as need_sld_count, count(*) filter (sen_provision in ('K', 'E') and primary_need = 'PMLD') as need_pmld_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'SEMH') as need_semh_count, count(*) filter (sen_provision in ('K', 'E') and primary_need = 'SLCN') as need_slcn_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'ASD') as need_asd_count, count(*) filter (sen_provision in ('K', 'E') and primary_need = 'HI') as need_hi_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'VI') as need_vi_count, count(*) filter (sen_provision in ('K', 'E') and primary_need = 'MSI') as need_msi_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'PD') as need_pd_count, count(*) filter (sen_provision in ('K', 'E') and primary_need in ('OTH', 'DS')) as need_oth_count,
           count(*) filter (sen_provision in ('K', 'E') and primary_need = 'NSA') as need_nsa_count
    from hub_roll where counted group by place
), attendance as (
    select place, percent(sum(possible - absent), sum(possible)) as attendance_percent,
           percent(sum(possible - absent) filter (sen_provision = 'K'), sum(possible) filter (sen_provision = 'K')) as attendance_sen_support_percent,
           percent(sum(possible - absent) filter (sen_provision = 'E'), sum(possible) filter (sen_provision = 'E')) as attendance_ehcp_percent,
           percent(count(*) filter (persistent), count(*) filter (possible > 0)) as persistent_absence_percent
    from hub_attendance group by place
), exclusions as (
    select place, count(*) filter (category = 'SUSP') as suspension_count, count(*) filter (category = 'PERM') as permanent_exclusion_count
    from hub_exclusion group by place
), part_time as (select school_urn, count(*) as part_time_count from ds_part_time_timetable where is_current group by school_urn),
arrived as (select placed_school_urn as school_urn, count(*) as movers_in_count from ds_movers where in_year and direction = 'in' and is_placed group by placed_school_urn),
-- grounds F (parent's notice) and E (order revoked, educated otherwise) of the 2024 regulations
to_ehe as (select school_urn, count(*) as off_roll_to_ehe_count from ds_off_roll_notification
           where in_year and ground_code in ('E', 'F') and coalesce(ground_scheme, '2024') = '2024' group by school_urn),
left_roll as (select school_urn, count(*) as off_roll_count from ds_off_roll_notification where in_year group by school_urn)
select h.place as school_urn, h.academic_year, h.term, h.reference_date, s.school_name, s.phase, s.school_type, s.type_group, s.trust_name,
       coalesce(r.pupils_on_roll_count, 0) as pupils_on_roll_count,
       coalesce(r.sen_support_count, 0) as sen_support_count, percent(r.sen_support_count, r.pupils_on_roll_count) as sen_support_percent,
       coalesce(r.ehcp_count, 0) as ehcp_count, percent(r.ehcp_count, r.pupils_on_roll_count) as ehcp_percent,
       coalesce(r.sen_unit_count, 0) as sen_unit_count, coalesce(r.resourced_provision_count, 0) as resourced_provision_count,
       coalesce(r.need_spld_count, 0) as need_spld_count, coalesce(r.need_mld_count, 0) as need_mld_count, coalesce(r.need_sld_count, 0) as need_sld_count,
       coalesce(r.need_pmld_count, 0) as need_pmld_count, coalesce(r.need_semh_count, 0) as need_semh_count, coalesce(r.need_slcn_count, 0) as need_slcn_count,
       coalesce(r.need_asd_count, 0) as need_asd_count, coalesce(r.need_hi_count, 0) as need_hi_count, coalesce(r.need_vi_count, 0) as need_vi_count,
       coalesce(r.need_msi_count, 0) as need_msi_count, coalesce(r.need_pd_count, 0) as need_pd_count, coalesce(r.need_oth_count, 0) as need_oth_count,
       coalesce(r.need_nsa_count, 0) as need_nsa_count,
       a.attendance_percent, a.attendance_sen_support_percent, a.attendance_ehcp_percent, a.persistent_absence_percent,
       coalesce(x.suspension_count, 0) as suspension_count, rate(coalesce(x.suspension_count, 0), r.pupils_on_roll_count, 100) as suspension_rate,
       coalesce(x.permanent_exclusion_count, 0) as permanent_exclusion_count, cast(100 as bigint) as rate_base,
       coalesce(t.part_time_count, 0) as part_time_count, coalesce(i.movers_in_count, 0) as movers_in_count,
       coalesce(o.off_roll_count, 0) as off_roll_count, coalesce(e.off_roll_to_ehe_count, 0) as off_roll_to_ehe_count
from hub_return h
left join ds_dim_school s on s.school_urn = h.school_urn
left join roll r on r.place = h.place
left join attendance a on a.place = h.place
left join exclusions x on x.place = h.place
left join part_time t on t.school_urn = h.school_urn
left join arrived i on i.school_urn = h.school_urn
left join left_roll o on o.school_urn = h.school_urn
left join to_ehe e on e.school_urn = h.school_urn
where h.academic_year is not null and h.term is not null
