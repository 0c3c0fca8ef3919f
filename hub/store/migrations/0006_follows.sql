-- Of a sealing that matching has carried over to a record that came back with another key: the sealing it follows.
alter table match_decision add column follows BIGINT;
