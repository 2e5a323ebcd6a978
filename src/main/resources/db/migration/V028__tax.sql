-- One version of a tax rate. It holds from effective_from (a UTC day) until the next version of the same key.
create table tax_rate (
    id             bigint generated always as identity primary key,
    country        text not null constraint tax_rate_country check (country ~ '^[A-Z]{2}$'),
    -- State or province; empty for the whole country.
    region         text not null default '',
    -- Of the products: product.tax_category.
    category       text not null,
    customer       text not null constraint tax_rate_customer check (customer in ('any', 'business', 'consumer')),
    effective_from date not null,
    percent        numeric not null constraint tax_rate_percent check (percent between 0 and 100),
    name           text not null constraint tax_rate_name check (name <> ''),
    -- Under which the tax is declared, such as OSS; empty for the registration of the country.
    registration   text not null default '',
    constraint tax_rate_once unique (country, region, category, customer, effective_from)
);
create trigger tax_rate_stays before delete or truncate on tax_rate for each statement execute function refuse_deletion();

create function tax_rate_is_used() returns trigger language plpgsql as $$
begin
    if exists (select from invoice_tax t join invoice i on i.id = t.invoice where t.rate = old.id and i.status <> 'DRAFT') then
        raise exception 'tax rate % was used by an invoice and cannot be changed', old.id;
    end if;
    return new;
end $$;
create trigger tax_rate_is_used before update on tax_rate for each row execute function tax_rate_is_used();

-- Where a business abroad accounts for the tax itself: one row, or none.
create table tax_reverse_charge (
    one     boolean primary key default true constraint tax_reverse_charge_one check (one),
    regions text[] not null,
    -- The seller's own tax id: its country is where the seller sells from.
    seller  text not null constraint tax_reverse_charge_seller check (seller ~ '^[A-Z]{2}'),
    note    text not null constraint tax_reverse_charge_note check (note <> '')
);

-- The account may not be there yet, as with prices.
create table tax_exemption (
    account text primary key,
    reason  text not null constraint tax_exemption_reason check (reason <> ''),
    -- The last day that it holds; null for ever.
    until   date
);

alter table invoice_tax add constraint invoice_tax_rate foreign key (rate) references tax_rate;
create index invoice_tax_used on invoice_tax (rate) where rate is not null;

create trigger audited after insert or update on tax_rate for each row execute function audit('id', '', 'id');
create trigger audited after insert or update on tax_reverse_charge for each row execute function audit('seller', '', 'one');
create trigger audited after insert or update or delete on tax_exemption
    for each row execute function audit('account', 'account', 'account');
