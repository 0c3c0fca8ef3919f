-- Who is who: written by matching (docs/contracts.md, section 4).
create table person (
  person_key VARCHAR NOT NULL, surname VARCHAR, forename VARCHAR, middle_names VARCHAR,
  preferred_surname VARCHAR, preferred_forename VARCHAR, former_surname VARCHAR, birth_date DATE, sex VARCHAR,
  ethnicity_code VARCHAR, first_language VARCHAR, postcode VARCHAR, uprn VARCHAR, attribute_sources VARCHAR,
  record_count BIGINT, created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ
);
create table person_link (
  feed VARCHAR NOT NULL, person_ref VARCHAR NOT NULL, person_key VARCHAR NOT NULL, match_method VARCHAR,
  match_rule VARCHAR, match_score DECIMAL(6,4), link_state VARCHAR, reviewed_by VARCHAR, reviewed_at TIMESTAMPTZ,
  linked_at TIMESTAMPTZ, run_id VARCHAR
);
create table person_event (
  event_id BIGINT NOT NULL, happened_at TIMESTAMPTZ NOT NULL, event_type VARCHAR NOT NULL, person_key VARCHAR NOT NULL,
  other_key VARCHAR, feed VARCHAR, person_ref VARCHAR, reason VARCHAR, run_id VARCHAR
);
create table match_pending (
  feed_a VARCHAR NOT NULL, person_ref_a VARCHAR NOT NULL, feed_b VARCHAR NOT NULL, person_ref_b VARCHAR NOT NULL,
  rule VARCHAR, veto VARCHAR, found_at TIMESTAMPTZ NOT NULL, run_id VARCHAR
);
