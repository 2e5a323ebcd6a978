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

-- Who has signed in with OpenID Connect: an issuer and its subject, under one name for ever (label, and a number where several
-- people had the same). It is the address that was verified at the first sign-in, or the subject in parentheses.
create table person (
    issuer  text not null check (issuer ~ '^https?://'),
    subject text not null check (subject ~ '^[!-~]{1,255}$'),
    label   text not null,
    number  integer not null check (number >= 1),
    since   timestamptz not null,
    primary key (issuer, subject),
    constraint person_label check (label = '(' || subject || ')' or label ~ '^[^()@\s]+@[^()@\s]+$'),
    constraint person_name unique (label, number)
);
create trigger person_is_history before update or delete or truncate on person
    for each statement execute function refuse_change();
create trigger audited after insert on person for each row execute function audit('label', '', 'label');

-- Forms that were sent, by a hash of what they said; a day later nobody sends them again.
create table console_form (
    content bytea primary key check (length(content) = 32),
    at      timestamptz not null
);
create index console_form_at on console_form (at);
