-- What the data says across a sealing: for the role `sealed` alone (docs/contracts.md, section 4).
create table sealed_task (
  decision_id BIGINT NOT NULL, person_key VARCHAR, feed VARCHAR NOT NULL, other_feed VARCHAR NOT NULL,
  tied_by VARCHAR NOT NULL, by_number BOOLEAN NOT NULL, found_at TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL
);
-- Of a sealing that may have an end (protection): from this day on the officers are asked; it holds until it is undone.
alter table match_decision add column until_date DATE;
