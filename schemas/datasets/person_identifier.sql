-- identifier_no stands in for the value in the key: no key may hold an identifier or a hash of one.
with held as (
    select l.person_key, i.id_type, i.id_value, i.feed, min(i.id_state) as id_state, min(i.start_date) as valid_from, max(i.end_date) as valid_to
    from person_identifier i
    join person_link l on l.feed = i.feed and l.person_ref = i.person_ref
    group by l.person_key, i.id_type, i.id_value, i.feed
)
select person_key, id_type, cast(row_number() over (partition by person_key, id_type order by id_value) as integer) as identifier_no,
       id_value, id_state, valid_from, valid_to, source_system
from (
    select person_key, id_type, id_value, min(id_state) as id_state, min(valid_from) as valid_from, max(valid_to) as valid_to,
           string_agg(feed, ';' order by feed) as source_system
    from held group by person_key, id_type, id_value
) identifiers
