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

-- The month that a day lies in.
create function month_of(day date) returns date language sql immutable as $$ select date_trunc('month', day::timestamp)::date $$;

create index invoice_tax_month on invoice ((date_trunc('month', tax_point::timestamp)::date));

-- Each tax of each document, as it is declared: that of an invoice in the month of its tax point, what a credit note returns in the
-- month in which it was issued, below zero. What is paid before it is used, as by a top-up, is taxed in the month of its
-- invoice. Every figure of tax is a sum of these rows.
create view report_tax as
with document as (
    select 'INVOICE' as kind, i.number, null::text as corrects, month_of(i.tax_point) as period, month_of(i.tax_point) as supplied,
           i.issued_on, i.account, i.currency, i.customer, t.rate, t.category, t.name, t.percent, t.position, t.base, t.tax,
           t.tax_currency, t.tax_in_currency
      from invoice i
      join invoice_tax t on t.invoice = i.id
     where i.status not in ('DRAFT', 'VOID')
     union all
    select 'CREDIT_NOTE', c.number, i.number, month_of(c.issued_on), month_of(i.tax_point), c.issued_on, i.account, i.currency,
           i.customer, t.rate, t.category, t.name, t.percent, t.position, -r.base, -r.amount, t.tax_currency, -r.amount_in_currency
      from credit_note c
      join credit_note_tax r on r.credit_note = c.id
      join invoice_tax t on t.invoice = r.invoice and t.position = r.tax
      join invoice i on i.id = c.invoice
     union all
    select d.kind, d.number, c.number, month_of(d.issued_on), month_of(coalesce(c.issued_on, d.issued_on)), d.issued_on, d.account,
           d.currency, d.customer, d.tax_rate, d.tax_category, d.tax_name, d.tax_percent, 1,
           case d.kind when 'INVOICE' then d.net else -d.net end, case d.kind when 'INVOICE' then d.tax else -d.tax end,
           d.tax_currency, case d.kind when 'INVOICE' then d.tax_in_currency else -d.tax_in_currency end
      from top_up_document d
      left join top_up_document c on c.id = d.corrects
)
select d.period, d.kind, d.number, d.corrects, d.supplied, d.issued_on, d.account, d.currency,
       coalesce(d.customer -> 'address' ->> 'country', '') as country,
       -- Where the states tax, and not the country, a state without a rate counts too: for the thresholds from which on it would.
       coalesce(nullif(r.region, ''), case when d.customer -> 'address' ->> 'country' in ('US', 'CA')
                                           then upper(btrim(d.customer -> 'address' ->> 'state')) end, '') as region,
       coalesce(r.registration, '') as registration,
       case when d.customer ->> 'business' = 'yes' or d.category = 'AE' then 'business' else 'consumer' end as customer,
       d.category, d.name, d.percent, coalesce(r.category, '') as rate_category,
       coalesce(d.customer ->> 'cardCountry', '') as card_country, d.position, d.base, d.tax, d.tax_currency, d.tax_in_currency
  from document d
  left join tax_rate r on r.id = d.rate;

-- The same rows of what is declared to the One Stop Shop of the EU, by the quarter of the return in which they stand: what changes
-- a quarter whose return was due already is a correction in the return of the quarter in which it was issued.
create view report_oss as
with supplied as (
    select t.*, date_trunc('quarter', t.supplied::timestamp)::date as supplied_quarter,
           case when t.kind = 'INVOICE'
                     and t.issued_on < date_trunc('quarter', t.supplied::timestamp)::date + interval '4 months' then t.period
                else month_of(t.issued_on) end as counted
      from report_tax t
     where t.registration = 'OSS'
)
select date_trunc('quarter', s.counted::timestamp)::date as quarter, s.counted,
       nullif(s.supplied_quarter, date_trunc('quarter', s.counted::timestamp)::date) as corrected_quarter,
       -- The returns write Greece as its tax ids do.
       case s.country when 'GR' then 'EL' else s.country end as member_state,
       case when s.rate_category = 'standard' or s.percent >= coalesce(n.percent, 0) then 'STANDARD' else 'REDUCED' end as rate_type,
       s.kind, s.number, s.account, s.customer, s.issued_on, s.country, s.card_country, s.percent, s.currency, s.base, s.tax
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
select quarter, counted, number, account, issued_on, country as billing_country, card_country, currency, sum(base) as base,
       sum(tax) as tax,
       case when card_country = '' then 'ONE ITEM' when card_country = country then 'AGREES' else 'CONTRADICTS' end as evidence
  from report_oss
 where kind = 'INVOICE' and customer = 'consumer'
 group by quarter, counted, number, account, issued_on, country, card_country, currency;

-- What is reported of each month is what its documents have, and each tax can be declared to a country.
create function verify_tax_figures() returns table (figure text, broken bigint, examples text[]) language sql stable as $$
    with reported as (
        select period, currency, sum(tax) as tax from report_tax group by period, currency
    ), document as (
        select month_of(i.tax_point) as period, i.currency, t.tax as charged, 0 * t.tax as returned
          from invoice_tax t
          join invoice i on i.id = t.invoice and i.status not in ('DRAFT', 'VOID')
         union all
        select month_of(c.issued_on), i.currency, 0 * r.amount, r.amount
          from credit_note_tax r
          join credit_note c on c.id = r.credit_note
          join invoice i on i.id = r.invoice
         union all
        select month_of(issued_on), currency, case kind when 'INVOICE' then tax else 0 * tax end,
               case kind when 'INVOICE' then 0 * tax else tax end
          from top_up_document
    ), had as (
        select period, currency, sum(charged) as charged, sum(returned) as returned from document group by period, currency
    ), told as (
        select format('%s of %s: tax of %s is reported, but the documents have %s', coalesce(r.currency, h.currency),
                      to_char(coalesce(r.period, h.period), 'YYYY-MM'), coalesce(r.tax, 0), coalesce(h.charged - h.returned, 0)) as told
          from reported r
          full join had h on h.period = r.period and h.currency = r.currency
         where coalesce(r.tax, 0) <> coalesce(h.charged - h.returned, 0)
         union all
        select format('%s: a tax of %s %s is of no country', number, tax, currency)
          from report_tax
         where country = '' and tax <> 0
    ), summed as (
        select currency, format('%s: %s charged - %s returned', currency, sum(charged), sum(returned)) as sums
          from had
         group by currency
    )
    select coalesce((select string_agg(sums, '; ' order by currency) from summed), 'nothing is taxed'),
           (select count(*) from told), array(select told from told order by told limit 5)
$$;
