create table product (
    id          text primary key check (id ~ '^[^\s[:cntrl:]]{1,100}$'),
    unit        text not null check (unit <> ''),
    listed_per  numeric not null default 1 check (listed_per > 0),
    listed_unit text not null check (listed_unit <> ''),
    billable    boolean not null default true,
    -- What kind of thing it is to the tax rates.
    tax_category text not null default 'standard' check (tax_category ~ '^[^\s[:cntrl:]]{1,100}$')
);
create trigger product_stays before delete or truncate on product for each statement execute function refuse_deletion();

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
create trigger price_is_of_what_it_was before update on price
    for each row when ((old.product, old.account, old.currency, old.effective_from)
                       is distinct from (new.product, new.account, new.currency, new.effective_from))
    execute function refuse_change();
create trigger price_stays before delete or truncate on price for each statement execute function refuse_deletion();

create table price_tier (
    price  bigint not null references price on delete cascade,
    tier   integer not null check (tier >= 1),
    up_to  numeric check (up_to > 0),
    amount numeric not null check (amount >= 0 and scale(amount) <= 12),
    primary key (price, tier)
);

-- Prices are kept in memory by whoever prices calls; a call that was priced with an older book is priced again.
create table price_book_version (version bigint not null);
insert into price_book_version values (0);
create function price_book_changed() returns trigger language plpgsql as $$
begin
    update price_book_version set version = version + 1;
    return null;
end $$;
create trigger price_book_changed after insert or update or delete or truncate on product
    for each statement execute function price_book_changed();
create trigger price_book_changed after insert or update or delete or truncate on price
    for each statement execute function price_book_changed();
create trigger price_book_changed after insert or update or delete or truncate on price_tier
    for each statement execute function price_book_changed();
