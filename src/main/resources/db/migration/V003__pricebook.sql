create table product (
    id          text primary key check (id ~ '^[^\s[:cntrl:]]{1,100}$'),
    unit        text not null check (unit <> ''),
    listed_per  numeric not null default 1 check (listed_per > 0),
    listed_unit text not null check (listed_unit <> ''),
    billable    boolean not null default true
);

-- Operations that cost zero whatever the product: handing over usage, and reading one's own data.
create table operation (
    id       text primary key,
    billable boolean not null
);
insert into operation (id, billable) values ('ingest', false), ('usage-summary', false);

-- One version of a price. It holds from effective_from (a UTC day) until the next version of the same key.
create table price (
    id             bigint generated always as identity primary key,
    product        text not null references product,
    account        text,
    currency       text not null check (currency ~ '^[A-Z]{3}$'),
    effective_from date not null,
    model          text not null check (model in ('per_unit', 'graduated', 'volume', 'package')),
    per            numeric not null check (per > 0),
    unique nulls not distinct (product, account, currency, effective_from)
);

create table price_tier (
    price  bigint not null references price on delete cascade,
    tier   integer not null check (tier >= 1),
    up_to  numeric check (up_to > 0),
    amount numeric not null check (amount >= 0 and scale(amount) <= 12),
    primary key (price, tier)
);
