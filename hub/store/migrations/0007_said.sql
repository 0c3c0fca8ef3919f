-- What a run did, said in full: rows closed, set aside and kept open; files seen and left; files read again.
alter table run add column closed BIGINT;
alter table run add column superseded BIGINT;
alter table run add column kept_open BIGINT;
alter table batch add column kept_open BIGINT;
alter table batch add column read_again BOOLEAN;
alter table batch_file add column again BOOLEAN;
alter table batch_scope add column seq BIGINT;
create table run_file (
  run_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, state VARCHAR NOT NULL, name VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
update batch_scope set seq = coalesce((select max(f.seq) from batch_file f where f.batch_id = batch_scope.batch_id), 0);
