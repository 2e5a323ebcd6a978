-- The customer that is billed. What is known of its card is brand, last four digits and expiry, never more.
create table account (
    id                    text primary key check (id ~ '^[^\s/\\[:cntrl:]]{1,100}$'),
    name                  text not null check (name <> ''),
    email                 text not null check (email ~ '^[^\s@]+@[^\s@]+$'),
    line1                 text not null default '',
    line2                 text not null default '',
    city                  text not null default '',
    state                 text not null default '',
    postal_code           text not null default '',
    country               text not null default '',
    tax_id                text not null default '',
    currency              text not null check (currency ~ '^[A-Z]{3}$'),
    monthly_limit         numeric not null check (monthly_limit >= 0),
    -- The allowance that credit grants once; 0 for none.
    free_credit           numeric not null check (free_credit >= 0),
    created_on            date not null,
    status                text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
    -- What was asked for at import or by the operator; it becomes payment_method once Stripe has attached it.
    payment_method_wanted text,
    stripe_customer       text unique,
    payment_method        text,
    card_brand            text,
    card_last4            text check (card_last4 ~ '^[0-9]{4}$'),
    card_expires          date,
    check (payment_method is null or stripe_customer is not null)
);
create index account_card_wanted on account (id) where payment_method_wanted is not null;

-- What happened to an account and why: suspension, reactivation, limits, cards. Never edited.
create table account_event (
    id      bigint generated always as identity primary key,
    account text not null references account,
    at      timestamptz not null,
    event   text not null,
    detail  text not null
);
create index account_event_account on account_event (account, id);

create table limit_request (
    id         bigint generated always as identity primary key,
    account    text not null references account,
    amount     numeric not null check (amount > 0),
    reason     text not null default '',
    status     text not null default 'OPEN' check (status in ('OPEN', 'APPROVED', 'REJECTED')),
    asked_at   timestamptz not null,
    decided_at timestamptz,
    check ((status = 'OPEN') = (decided_at is null))
);
create unique index limit_request_open on limit_request (account) where status = 'OPEN';
