-- What was received, what became of it, and what was run (docs/contracts.md, section 4).
create table batch (
  batch_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, connector VARCHAR, connector_version VARCHAR,
  state VARCHAR NOT NULL, received BIGINT NOT NULL, staged BIGINT NOT NULL, rejected BIGINT NOT NULL,
  imported BIGINT NOT NULL, unchanged BIGINT NOT NULL, changed BIGINT NOT NULL, closed BIGINT NOT NULL,
  started_at TIMESTAMPTZ, imported_at TIMESTAMPTZ NOT NULL, folder VARCHAR
);
create table batch_file (
  batch_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, file_no INTEGER NOT NULL, seq BIGINT NOT NULL,
  name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, bytes BIGINT NOT NULL, state VARCHAR NOT NULL, reason VARCHAR
);
create table batch_scope (
  batch_id VARCHAR NOT NULL, scope_no INTEGER NOT NULL, feed VARCHAR NOT NULL, record VARCHAR NOT NULL,
  scope VARCHAR NOT NULL, mode VARCHAR NOT NULL, as_of DATE NOT NULL, rows BIGINT NOT NULL,
  would_close BIGINT NOT NULL, current_rows BIGINT NOT NULL, state VARCHAR NOT NULL,
  decided_by VARCHAR, decided_at TIMESTAMPTZ
);
create table row_issue (
  batch_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, severity VARCHAR NOT NULL, record VARCHAR, scope VARCHAR,
  file_no INTEGER, file_name VARCHAR, source_row BIGINT, field VARCHAR, value_masked VARCHAR, rule VARCHAR,
  reason VARCHAR, advice VARCHAR, found_at TIMESTAMPTZ NOT NULL
);
create table run (
  run_id VARCHAR NOT NULL, feed VARCHAR, kind VARCHAR NOT NULL, state VARCHAR NOT NULL,
  started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, batch_id VARCHAR,
  received BIGINT, accepted BIGINT, rejected BIGINT, unchanged BIGINT, error_code VARCHAR, sentence VARCHAR
);
create table hub_secret (name VARCHAR NOT NULL, value VARCHAR NOT NULL);
create table sequence (name VARCHAR NOT NULL, next BIGINT NOT NULL);
create table store_info (name VARCHAR NOT NULL, value VARCHAR NOT NULL);
