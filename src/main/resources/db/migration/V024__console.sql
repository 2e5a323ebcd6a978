-- What the lists for operators are read by.
create index account_suspended on account (currency) where status = 'SUSPENDED';
create index notice_failed on notice (id) where status in ('FAILED', 'UNKNOWN');

