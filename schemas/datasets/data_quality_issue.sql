-- Masked values and places only: no key of a child, no name, no value. The hash is over places, so that an issue keeps its key
-- while others come and go.
select i.issue_key || '-' || cast(row_number() over (partition by i.issue_key order by i.value_masked, i.reason) as varchar) as issue_key,
       i.feed, i.rule as rule_id, i.severity, i.record as dataset, i.field, i.file_name, i.source_row, i.value_masked, i.reason, i.advice, i.found_at as first_seen, 'open' as state,
       i.feed as source_system
from (
    select md5(concat_ws('|', feed, coalesce(file_name, ''), coalesce(cast(source_row as varchar), ''), coalesce(record, ''), coalesce(field, ''), coalesce(rule, ''))) as issue_key, q.*
    from row_issue q
    -- what a held scope says waits with it
    where not exists (select 1 from batch_scope b where b.batch_id = q.batch_id and b.record = q.record and b.scope = q.scope and b.state = 'held')
) i
