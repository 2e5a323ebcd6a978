-- A month that is frozen takes no more usage: what arrives later goes on the next invoice.
create table billing_period (
    period    date primary key check (extract(day from period) = 1),
    frozen_at timestamptz not null
);

-- Metered usage per account, product and UTC day. `period` is the month on whose invoice it goes, which is the month of
-- the day unless that was frozen before the usage arrived.
create table daily_usage (
    account       text not null references account,
    product       text not null references product,
    day           date not null,
    period        date not null check (extract(day from period) = 1),
    quantity      numeric not null,
    records       bigint not null,
    free_quantity numeric not null default 0,
    free_records  bigint not null default 0,
    rated         boolean not null default false,
    primary key (account, product, day, period),
    check (period >= date_trunc('month', day))
);
create index daily_usage_unrated on daily_usage (account) where not rated;
create index daily_usage_period on daily_usage (period, account);

-- What that usage costs, exactly, with the price and tier that it fell into. Replaced as a whole when a day is rated
-- again before its period is frozen; afterwards it is history.
create table daily_cost (
    account  text not null,
    product  text not null,
    day      date not null,
    period   date not null,
    price    bigint not null references price,
    tier     integer not null,
    quantity numeric not null,
    amount   numeric(38,12) not null,
    primary key (account, product, day, period, price, tier),
    foreign key (account, product, day, period) references daily_usage
);
create index daily_cost_period on daily_cost (period, account);
create index daily_cost_price on daily_cost (price);
