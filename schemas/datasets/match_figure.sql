-- A share is a percentage here; 'all' stands for every feed.
select topic, item, coalesce(feed, 'all') as feed, coalesce(other_feed, 'all') as other_feed, counted as counted_count,
       cast(case when topic = 'cases a 1,000 records' then figure else 100 * figure end as decimal(18, 4)) as figure,
       cast(100 * low as decimal(18, 4)) as figure_low, cast(100 * high as decimal(18, 4)) as figure_high,
       cast(100 * expected as decimal(18, 4)) as figure_at_training, note
from match_figure
