-- One PaymentIntent per invoice, for life.
create table payment_intent (
    invoice   bigint primary key references invoice,
    stripe_id text unique
);

-- One try to charge an invoice. It is committed before Stripe is called, with the idempotency key that the call uses.
create table payment_attempt (
    id             bigint generated always as identity primary key,
    invoice        bigint not null references invoice,
    n              integer not null check (n >= 1),
    status         text not null check (status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')),
    payment_method text not null,
    amount_minor   bigint not null check (amount_minor > 0),
    currency       text not null,
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

-- The steps of dunning already taken for an unpaid invoice, each once.
create table dunning_step (
    invoice  bigint not null references invoice,
    step     text not null check (step in ('RETRY_1', 'RETRY_3', 'RETRY_5', 'REMINDER', 'SUSPENSION')),
    taken_on date not null,
    primary key (invoice, step)
);
