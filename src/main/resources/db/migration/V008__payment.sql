-- Tells this installation from others that use the same Stripe account; part of every idempotency key. One row, made with
-- the first use, so that a template or an empty copy of the database does not hand its identity on.
create table installation (
    id      uuid not null,
    one_row boolean primary key default true check (one_row)
);

-- One PaymentIntent per invoice, for life.
create table payment_intent (
    invoice      bigint primary key references invoice,
    -- What the intent is created with: replaying the same idempotency key needs the same amount.
    amount_minor bigint not null check (amount_minor > 0),
    stripe_id    text unique
);

-- One try to charge an invoice. It is committed before Stripe is called, with the idempotency key that the call uses.
create table payment_attempt (
    id             bigint generated always as identity primary key,
    invoice        bigint not null references invoice,
    n              integer not null check (n >= 1),
    status         text not null check (status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER', 'NOT_EXECUTED')),
    payment_method text not null,
    amount_minor   bigint not null check (amount_minor > 0),
    currency       text not null,
    -- The charge that it led to at Stripe, a failed one too.
    charge         text,
    decline_code   text,
    advice_code    text,
    message        text,
    claimed_at     timestamptz not null,
    resolved_at    timestamptz,
    unique (invoice, n),
    check ((status in ('CLAIMED', 'UNKNOWN')) = (resolved_at is null))
);
create unique index payment_attempt_one_success on payment_attempt (invoice) where status = 'SUCCEEDED';
create unique index payment_attempt_one_unresolved on payment_attempt (invoice) where status in ('CLAIMED', 'UNKNOWN');
create index payment_attempt_unresolved on payment_attempt (id) where status in ('CLAIMED', 'UNKNOWN');
-- The work list of retries and dunning.
create index invoice_open on invoice (id) where status = 'OPEN';

-- The steps of dunning already taken for an unpaid invoice, each once.
create table dunning_step (
    invoice  bigint not null references invoice,
    step     text not null check (step ~ '^(RETRY_[1-9][0-9]*|REMINDER|SUSPENSION)$'),
    taken_on date not null,
    primary key (invoice, step)
);
