-- A file of exchange rates of which something was new. The rates are too many for the audit log: it has this row of them.
create table exchange_import (
    id        bigint generated always as identity primary key,
    file      text not null,
    added     integer not null constraint exchange_import_added check (added > 0),
    first_day date not null,
    last_day  date not null,
    constraint exchange_import_days check (first_day <= last_day)
);
create trigger exchange_import_is_history before update or delete or truncate on exchange_import
    for each statement execute function refuse_change();
create trigger audited after insert on exchange_import for each row execute function audit('file', '', 'id');

-- How much of a currency the European Central Bank published for one euro.
create table exchange_rate (
    currency text not null constraint exchange_rate_currency check (currency ~ '^[A-Z]{3}$' and currency <> 'EUR'),
    day      date not null,
    per_euro numeric not null constraint exchange_rate_positive check (per_euro > 0),
    import   bigint not null references exchange_import,
    constraint exchange_rate_once primary key (day, currency)
);
create trigger exchange_rate_is_history before update or delete or truncate on exchange_rate
    for each statement execute function refuse_change();

-- A tax in the currency of its country is what the published rates make of it, rounded once, and so is all that credit notes
-- return of it. What was charged for top-ups, less what went back, is so too.
create function verify_local_taxes(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with returned as (
        select c.invoice, c.tax, sum(c.amount) as amount, coalesce(sum(c.amount_in_currency), 0) as local,
               count(*) as notes, count(c.amount_in_currency) as local_notes
          from credit_note_tax c
          join invoice i on i.id = c.invoice and i.period >= since
         group by c.invoice, c.tax
    ), row_of as (
        select i.number, i.currency, i.tax_point, t.*, coalesce(r.amount, 0) as returned, coalesce(r.local, 0) as returned_local,
               r.notes, r.local_notes, u.unit,
               coalesce(f.per_euro, case when i.currency = 'EUR' then 1 end) as published,
               coalesce(o.per_euro, case when t.tax_currency = 'EUR' then 1 end) as tax_published
          from invoice i
          join invoice_tax t on t.invoice = i.id
          left join returned r on r.invoice = t.invoice and r.tax = t.position
          left join currency u on u.code = t.tax_currency
          left join exchange_rate f on f.day = t.rate_day and f.currency = i.currency
          left join exchange_rate o on o.day = t.rate_day and o.currency = t.tax_currency
         where i.status <> 'DRAFT' and i.period >= since
           and (t.tax_currency is not null or r.local_notes > 0)
    ), sold as (
        select first.number, first.currency, first.issued_on as sold_on, first.tax_currency, first.currency_per_euro,
               first.tax_currency_per_euro, first.rate_day, u.unit,
               coalesce(f.per_euro, case when first.currency = 'EUR' then 1 end) as published,
               coalesce(o.per_euro, case when first.tax_currency = 'EUR' then 1 end) as tax_published,
               sum(case d.kind when 'INVOICE' then d.tax else -d.tax end) as tax_left,
               coalesce(sum(d.tax_in_currency) filter (where d.kind = 'INVOICE'), 0) as charged,
               coalesce(sum(d.tax_in_currency) filter (where d.kind = 'CREDIT_NOTE'), 0) as returned_local
          from top_up_document first
          join top_up_document d on d.top_up = first.top_up
          left join currency u on u.code = first.tax_currency
          left join exchange_rate f on f.day = first.rate_day and f.currency = first.currency
          left join exchange_rate o on o.day = first.rate_day and o.currency = first.tax_currency
         where first.kind = 'INVOICE' and first.corrects is null and first.tax_currency is not null and first.issued_on >= since
         group by first.id, u.unit, f.per_euro, o.per_euro
    ), checked as (
        select tax_currency, tax_in_currency, returned_local,
               case
                   when local_notes <> case when tax_currency is null then 0 else notes end then
                       format('invoice %s: of %s credit notes %s return their tax in %s', number, notes, local_notes,
                              coalesce(tax_currency, 'another currency, which it has none in'))
                   when tax_currency = currency or rate_day not between tax_point - 7 and tax_point
                        or (currency_per_euro, tax_currency_per_euro) is distinct from (published, tax_published) then
                       format('invoice %s: %s %s and %s %s for one euro are not the rates of %s, or these not those of the week up to %s',
                              number, trim_scale(currency_per_euro), currency, trim_scale(tax_currency_per_euro), tax_currency,
                              rate_day, tax_point)
                   when 2 * abs(tax_in_currency * currency_per_euro - tax * tax_currency_per_euro) > unit * currency_per_euro then
                       format('invoice %s: tax %s %s is not %s %s', number, tax, currency, tax_in_currency, tax_currency)
                   when 2 * abs(returned_local * currency_per_euro - returned * tax_currency_per_euro)
                        > unit * currency_per_euro then
                       format('invoice %s: what credit notes return, %s %s, is not %s %s', number, returned, currency,
                              returned_local, tax_currency)
               end as told
          from row_of
         union all
        select tax_currency, charged, returned_local,
               case
                   when rate_day not between sold_on - 7 and sold_on
                        or (currency_per_euro, tax_currency_per_euro) is distinct from (published, tax_published) then
                       format('top-up invoice %s: %s %s and %s %s for one euro are not the rates of %s, or these not those of the week up to %s',
                              number, trim_scale(currency_per_euro), currency, trim_scale(tax_currency_per_euro), tax_currency,
                              rate_day, sold_on)
                   when 2 * abs((charged - returned_local) * currency_per_euro - tax_left * tax_currency_per_euro)
                        > unit * currency_per_euro then
                       format('top-up invoice %s: tax %s %s that is left is not %s %s', number, tax_left, currency,
                              charged - returned_local, tax_currency)
               end
          from sold
    ), summed as (
        select tax_currency, count(told) as broken,
               format('%s charged, %s returned', coalesce(sum(tax_in_currency), 0), sum(returned_local)) as figure
          from checked
         group by tax_currency
    )
    select coalesce(string_agg(tax_currency || ': ' || figure, '; ' order by tax_currency),
                    'no tax is due in another currency than that of its invoice'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;
