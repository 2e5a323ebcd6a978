-- A month that is frozen takes no more usage: what arrives later goes on the next invoice.
create table billing_period (
    period    date primary key check (extract(day from period) = 1),
    frozen_at timestamptz not null
);

-- Metered usage per account, product and UTC day. `period` is the month on whose invoice it goes, which is the month of
-- the day unless that was frozen before the usage arrived. Keys begin with it, here and of daily cost: what a night writes
-- lies on pages of the open months, and history stays as it is.
create table daily_usage (
    account       text not null,
    product       text not null,
    day           date not null,
    period        date not null check (extract(day from period) = 1),
    quantity      numeric not null,
    records       bigint not null,
    free_quantity numeric not null default 0,
    free_records  bigint not null default 0,
    rated         boolean not null default false,
    primary key (period, account, product, day),
    check (period >= date_trunc('month', day))
);
create index daily_usage_unrated on daily_usage (account) where not rated;

-- What that usage costs, exactly, with the price and tier that it fell into. Replaced as a whole when a day is rated
-- again before its period is frozen; afterwards it is history.
create table daily_cost (
    account  text not null,
    product  text not null,
    day      date not null,
    period   date not null,
    price    bigint not null,
    tier     integer not null,
    quantity numeric not null,
    amount   numeric(38,12) not null,
    primary key (period, account, product, day, price, tier)
);

-- What a day refers to is checked once a statement: a foreign key asks once a row, which cost more than writing it. So
-- what is referred to is never deleted.
create function refuse_deletion() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are referred to, and never deleted', tg_table_name;
end $$;
create trigger account_stays before delete or truncate on account for each statement execute function refuse_deletion();
create trigger product_stays before delete or truncate on product for each statement execute function refuse_deletion();
create trigger price_stays before delete or truncate on price for each statement execute function refuse_deletion();
create trigger daily_usage_stays before delete or truncate on daily_usage
    for each statement execute function refuse_deletion();

-- Each row is looked up by index: what a statement costs must not grow with what is stored.
create function daily_usage_refers() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    missing text;
begin
    select i.account || ', ' || i.product into missing
      from (select distinct account, product from inserted) i
      left join account a on a.id = i.account
      left join product p on p.id = i.product
     where a.id is null or p.id is null
     limit 1;
    if missing is not null then
        raise foreign_key_violation using message = 'daily usage of an account or product that is not there: ' || missing;
    end if;
    return null;
end $$;
create trigger daily_usage_refers after insert on daily_usage
    referencing new table as inserted for each statement execute function daily_usage_refers();

-- The days of an account and product by one look into the index, however many there are.
create function daily_cost_refers() returns trigger language plpgsql set enable_seqscan = off as $$
declare
    missing text;
begin
    select format('%s, %s, %s at price %s', i.account, i.product, i.day, i.price) into missing
      from (select account, product, day, period from inserted
            except
            select d.account, d.product, u.day, d.period
              from (select account, product, period, min(day) as first, max(day) as last
                      from inserted
                     group by account, product, period) d
             cross join lateral (
                   select day
                     from daily_usage
                    where (period, account, product) = (d.period, d.account, d.product)
                      and day between d.first and d.last
                   offset 0) u) without
      join inserted i using (account, product, day, period)
     limit 1;
    if missing is null then
        select format('%s, %s, %s at price %s', i.account, i.product, i.day, i.price) into missing
          from inserted i
         where i.price in (select d.price
                             from (select distinct price from inserted) d
                             left join price p on p.id = d.price
                            where p.id is null)
         limit 1;
    end if;
    if missing is not null then
        raise foreign_key_violation using message = 'daily cost without its usage or price: ' || missing;
    end if;
    return null;
end $$;
create trigger daily_cost_refers after insert on daily_cost
    referencing new table as inserted for each statement execute function daily_cost_refers();
