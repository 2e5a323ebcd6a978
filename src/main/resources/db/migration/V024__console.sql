-- What the lists for operators are read by.
create index account_suspended on account (id) include (currency) where status = 'SUSPENDED';
create index account_paused on account (id) where paused <> '';
create index account_id_begins on account (lower(id) text_pattern_ops);
create index account_name_begins on account (lower(name) text_pattern_ops);
create index account_email_begins on account (lower(email) text_pattern_ops);
create index notice_failed on notice (id) where status in ('FAILED', 'UNKNOWN');
create index invoice_total on invoice (total);
create index payment_attempt_charge on payment_attempt (charge) where charge is not null;
