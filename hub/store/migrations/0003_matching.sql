-- The identity engine in the night: models, scored pairs, review cases, decisions (docs/contracts.md, section 4).
create table match_model (
  version VARCHAR NOT NULL, state VARCHAR NOT NULL, body VARCHAR NOT NULL, trained_at TIMESTAMPTZ NOT NULL,
  decided_by VARCHAR, decided_at TIMESTAMPTZ, records BIGINT NOT NULL, note VARCHAR, run_id VARCHAR,
  plan VARCHAR NOT NULL, training VARCHAR NOT NULL
);
create table match_source (number BIGINT NOT NULL, feed VARCHAR NOT NULL);
create table match_record (feed VARCHAR NOT NULL, person_ref VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL);
create table match_edge (
  feed_a VARCHAR NOT NULL, person_ref_a VARCHAR NOT NULL, feed_b VARCHAR NOT NULL, person_ref_b VARCHAR NOT NULL,
  weight DOUBLE NOT NULL, pattern BIGINT NOT NULL, model VARCHAR NOT NULL
);
create table match_case (
  case_id VARCHAR NOT NULL, person_a VARCHAR NOT NULL, person_b VARCHAR NOT NULL, feed_a VARCHAR NOT NULL,
  person_ref_a VARCHAR NOT NULL, feed_b VARCHAR NOT NULL, person_ref_b VARCHAR NOT NULL, weight DOUBLE NOT NULL,
  probability DOUBLE NOT NULL, reason VARCHAR NOT NULL, veto VARCHAR, records BIGINT NOT NULL, harm DOUBLE NOT NULL,
  explanation VARCHAR NOT NULL, found_at TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL
);
create table match_decision (
  decision_id BIGINT NOT NULL, case_id VARCHAR, feed_a VARCHAR NOT NULL, person_ref_a VARCHAR NOT NULL,
  feed_b VARCHAR NOT NULL, person_ref_b VARCHAR NOT NULL, verdict VARCHAR NOT NULL, word VARCHAR NOT NULL,
  reason VARCHAR, state VARCHAR NOT NULL, proposed_by VARCHAR, proposed_at TIMESTAMPTZ, approved_by VARCHAR,
  approved_at TIMESTAMPTZ, undone_by VARCHAR, undone_at TIMESTAMPTZ, undo_reason VARCHAR, fingerprint_a VARCHAR,
  fingerprint_b VARCHAR
);
create table match_figure (
  topic VARCHAR NOT NULL, item VARCHAR NOT NULL, feed VARCHAR, other_feed VARCHAR, figure DOUBLE, low DOUBLE,
  high DOUBLE, expected DOUBLE, counted BIGINT, note VARCHAR
);
create table match_sample (
  feed_a VARCHAR NOT NULL, person_ref_a VARCHAR NOT NULL, feed_b VARCHAR NOT NULL, person_ref_b VARCHAR NOT NULL,
  stratum VARCHAR NOT NULL, weight DOUBLE NOT NULL, drawn_at TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL
);
create table person_alias (person_key VARCHAR NOT NULL, survivor_key VARCHAR NOT NULL);
create table person_pin (person_key VARCHAR NOT NULL, feed VARCHAR NOT NULL, person_ref VARCHAR NOT NULL, pinned_by VARCHAR, pinned_at TIMESTAMPTZ);
create table sealed_event (
  event_id BIGINT NOT NULL, happened_at TIMESTAMPTZ NOT NULL, event_type VARCHAR NOT NULL, person_key VARCHAR NOT NULL,
  other_key VARCHAR, feed VARCHAR, person_ref VARCHAR, reason VARCHAR, run_id VARCHAR, actor VARCHAR, detail VARCHAR
);
alter table person_event add column actor VARCHAR;
alter table person_event add column detail VARCHAR;
drop table match_pending;
