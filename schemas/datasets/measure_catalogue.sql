select measure_id, title as label, dataset, unit, polarity, basis, numerator_text, denominator_text, clock, breakdowns, reference, decimal_places,
       case when clock like '%weeks%' then case when d.inclusive_day_rule then 'day 0 is the start; the last day counts' else 'day 0 is the start; the last day does not count' end end as day_rule,
       'sendhub' as owner, 1 as version
from hub_measure cross join hub_day d
