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
    if exists (select from invoice_tax t join invoice i on i.id = t.invoice where t.rate = old.id and i.status <> 'DRAFT')
       or exists (select from top_up where tax_rate = old.id) then
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
alter table top_up add constraint top_up_tax_rate foreign key (tax_rate) references tax_rate;
create index top_up_tax_used on top_up (tax_rate) where tax_rate is not null;
alter table top_up_document add constraint top_up_document_tax_rate foreign key (tax_rate) references tax_rate;

create trigger audited after insert or update on tax_rate for each row execute function audit('id', '', 'id');
create trigger audited after insert or update on tax_reverse_charge for each row execute function audit('seller', '', 'one');
create trigger audited after insert or update or delete on tax_exemption
    for each row execute function audit('account', 'account', 'account');

-- Each tax of each document, as it is declared: that of an invoice in the month that it bills, what a credit note returns in the
-- month in which it was issued, below zero. What is paid before it is used, as by a top-up, is taxed in the month of its
-- invoice. Every figure of tax is a sum of these rows.
create view report_tax as
with document as (
    select 'INVOICE' as kind, i.number, null::text as corrects, i.id as invoice, i.period, i.issued_on, t.position, t.base, t.tax
      from invoice i
      join invoice_tax t on t.invoice = i.id
     where i.status not in ('DRAFT', 'VOID')
     union all
    select 'CREDIT_NOTE', c.number, i.number, i.id, date_trunc('month', c.issued_on::timestamp)::date, c.issued_on, r.tax, -r.base,
           -r.amount
      from credit_note c
      join credit_note_tax r on r.credit_note = c.id
      join invoice i on i.id = c.invoice
)
select d.period, d.kind, d.number, d.corrects, i.period as supplied, d.issued_on, i.account, i.currency,
       coalesce(i.customer -> 'address' ->> 'country', '') as country,
       -- Where the states tax, and not the country, a state without a rate counts too: for the thresholds from which on it would.
       coalesce(nullif(r.region, ''), case when i.customer -> 'address' ->> 'country' in ('US', 'CA')
                                           then upper(btrim(i.customer -> 'address' ->> 'state')) end, '') as region,
       coalesce(r.registration, '') as registration,
       case when i.customer ->> 'business' = 'yes' or t.category = 'AE' then 'business' else 'consumer' end as customer,
       t.category, t.name, t.percent, coalesce(r.category, '') as rate_category, d.position, d.base, d.tax
  from document d
  join invoice i on i.id = d.invoice
  join invoice_tax t on t.invoice = d.invoice and t.position = d.position
  left join tax_rate r on r.id = t.rate
 union all
select date_trunc('month', d.issued_on::timestamp)::date, d.kind, d.number, c.number,
       date_trunc('month', coalesce(c.issued_on, d.issued_on)::timestamp)::date, d.issued_on, d.account, d.currency,
       coalesce(d.customer -> 'address' ->> 'country', ''),
       coalesce(nullif(r.region, ''), case when d.customer -> 'address' ->> 'country' in ('US', 'CA')
                                           then upper(btrim(d.customer -> 'address' ->> 'state')) end, ''),
       coalesce(r.registration, ''),
       case when d.customer ->> 'business' = 'yes' or d.tax_category = 'AE' then 'business' else 'consumer' end,
       d.tax_category, d.tax_name, d.tax_percent, coalesce(r.category, ''), 1,
       case d.kind when 'INVOICE' then d.net else -d.net end, case d.kind when 'INVOICE' then d.tax else -d.tax end
  from top_up_document d
  left join top_up_document c on c.id = d.corrects
  left join tax_rate r on r.id = d.tax_rate;

-- The same rows of what is declared to the One Stop Shop of the EU, by the quarter of the return in which they stand: what changes
-- a quarter whose return was due already is a correction in the return of the quarter in which it was issued.
create view report_oss as
with supplied as (
    select t.*, date_trunc('quarter', t.supplied::timestamp)::date as supplied_quarter,
           case when t.kind = 'INVOICE'
                     and t.issued_on < date_trunc('quarter', t.supplied::timestamp)::date + interval '4 months' then t.period
                else date_trunc('month', t.issued_on::timestamp)::date end as counted
      from report_tax t
     where t.registration = 'OSS'
)
select date_trunc('quarter', s.counted::timestamp)::date as quarter, s.counted,
       nullif(s.supplied_quarter, date_trunc('quarter', s.counted::timestamp)::date) as corrected_quarter,
       -- The returns write Greece as its tax ids do.
       case s.country when 'GR' then 'EL' else s.country end as member_state,
       case when s.rate_category = 'standard' or s.percent >= coalesce(n.percent, 0) then 'STANDARD' else 'REDUCED' end as rate_type,
       s.kind, s.number, s.account, s.customer, s.percent, s.currency, s.base, s.tax
  from supplied s
  left join lateral (
      select r.percent
        from tax_rate r
       where r.country = s.country and r.region = '' and r.category = 'standard' and r.customer <> 'business'
         and r.effective_from < s.supplied + interval '1 month'
       order by r.effective_from desc, r.customer desc
       limit 1) n on true;

-- Where the consumers of these invoices are: by their address, and by the card that was on file when the invoice was drafted. The law
-- asks for two items that do not contradict each other.
create view report_oss_evidence as
with invoiced as (
    select o.quarter, o.counted, o.number, o.account, o.currency, i.issued_on, i.customer -> 'address' ->> 'country' as billing_country,
           coalesce(i.customer ->> 'cardCountry', '') as card_country, sum(o.base) as base, sum(o.tax) as tax
      from report_oss o
      join invoice i on i.number = o.number
     where o.kind = 'INVOICE' and o.customer = 'consumer'
     group by o.quarter, o.counted, o.number, o.account, o.currency, i.issued_on, i.customer
)
select quarter, counted, number, account, issued_on, billing_country, card_country, currency, base, tax,
       case when card_country = '' then 'ONE ITEM' when card_country = billing_country then 'AGREES' else 'CONTRADICTS' end as evidence
  from invoiced;
