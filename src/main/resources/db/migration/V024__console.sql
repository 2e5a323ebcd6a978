-- What the lists for operators are read by.
create index account_suspended on account (id) include (currency) where status = 'SUSPENDED';
create index account_paused on account (id) where paused <> '';
create index account_id_begins on account (lower(id) text_pattern_ops);
create index account_name_begins on account (lower(name) text_pattern_ops);
create index account_email_begins on account (lower(email) text_pattern_ops);
create index notice_failed on notice (id) where status in ('FAILED', 'UNKNOWN');
create index invoice_total on invoice (total);
create index payment_attempt_charge on payment_attempt (charge) where charge is not null;

create index usage_quarantine_group on usage_quarantine (reason, file, id) where released_at is null;
create index price_listed on price (product, coalesce(account, ''), effective_from, id);
create index price_account on price (account) where account is not null;
create index invoice_given_up on invoice (status, id) where status in ('VOID', 'UNCOLLECTIBLE');
