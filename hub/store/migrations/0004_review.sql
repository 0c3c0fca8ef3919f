-- Clerical review beside match_decision: what was done to each decision, by whom, for ever; and what each
-- officer thought of a case, for looking blind and for measuring agreement (docs/review.md).
create table review_event (
  event_id BIGINT NOT NULL, decision_id BIGINT NOT NULL, happened_at TIMESTAMPTZ NOT NULL, act VARCHAR NOT NULL,
  officer VARCHAR NOT NULL, reason VARCHAR
);
create table review_opinion (
  case_id VARCHAR NOT NULL, feed_a VARCHAR NOT NULL, person_ref_a VARCHAR NOT NULL, feed_b VARCHAR NOT NULL,
  person_ref_b VARCHAR NOT NULL, officer VARCHAR NOT NULL, word VARCHAR NOT NULL, second BOOLEAN NOT NULL,
  fingerprint_a VARCHAR, fingerprint_b VARCHAR, given_at TIMESTAMPTZ NOT NULL
);
