-- Places and rules only: no key of a child, no name, no value but its shape, no name of a file, and no sentence of a connector,
-- which may quote what it read. The hash is keyed and over places, so that an issue keeps its key while others come and go.
select i.issue_key || '-' || cast(row_number() over (partition by i.issue_key order by i.value_masked, i.reason) as varchar) as issue_key,
       i.feed, i.rule as rule_id, i.severity, i.record as dataset, i.field, i.file_ref, i.source_row, i.value_masked, i.reason, i.advice, i.found_at as first_seen, 'open' as state,
       i.feed as source_system
from (
    select md5(concat_ws('|', (select value from hub_secret where name = 'person_id'), q.feed, coalesce(q.file_name, ''), coalesce(cast(q.source_row as varchar), ''), coalesce(q.record, ''), coalesce(q.field, ''), coalesce(q.rule, ''))) as issue_key,
           q.feed, q.rule, q.severity, q.record, f.field, hub_ref(q.feed, q.file_name) as file_ref, q.source_row, q.found_at,
           regexp_replace(regexp_replace(regexp_replace(q.value_masked, '\p{N}', '9', 'g'), '\p{L}|\p{M}', 'x', 'g'), '[^x9 ''/.,:()@_+?…-]', '?', 'g') as value_masked,
           case when q.rule like 'HUB-%' then q.reason end as reason, case when q.rule like 'HUB-%' then q.advice end as advice
    from row_issue q
    left join hub_schema_field f on f.record = q.record and f.field = lower(q.field)
    -- what a held scope says waits with it
    where not exists (select 1 from batch_scope b where b.batch_id = q.batch_id and b.record = q.record and b.scope = q.scope and b.state = 'held')
    union all
    select md5(concat_ws('|', 'left out', o.dataset, o.field, o.feed)), o.feed, 'HUB-FORM', 'warning', o.dataset, o.field, null, null, null, null,
           cast(o.left_out_count as varchar) || ' values were left out of the published dataset: they are not of the form that this field may have.',
           'Send one of the texts or codes that docs/reference/datasets.md lists for the field; the rows themselves were published.'
    from hub_left_out o
) i
