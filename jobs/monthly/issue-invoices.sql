-- Issues all drafts of the month at once: numbers in the order of the accounts, and what the ledger says of it.
with series as (
    insert into invoice_series as s (year, last_number)
    select extract(year from :next::date), count(*)
      from invoice
     where period = :period and status = 'DRAFT'
    having count(*) > 0
        on conflict (year) do update
       set last_number = s.last_number + excluded.last_number
    returning year, last_number
),
numbered as (
    select i.id, s.year, s.last_number - count(*) over () + row_number() over (order by i.account, i.currency) as number
      from invoice i
     cross join series s
     where i.period = :period and i.status = 'DRAFT'
),
issued as (
    update invoice i
       set year = n.year,
           number = n.year || '-' || lpad(n.number::text, greatest(6, length(n.number::text)), '0'),
           status = case when i.amount_due = 0 then 'PAID' else 'OPEN' end
      from numbered n
     where i.id = n.id
    returning i.id, i.account, i.currency, i.period, i.subtotal, i.credits, i.tax
),
amounts as (
    select i.*, coalesce(m.accrued, 0) as accrued, i.subtotal - i.credits - coalesce(m.accrued, 0) as rounding
      from issued i
      left join monthly_cost m on m.account = i.account and m.period = i.period
)
insert into posting (at, account, kind, debit, credit, amount, currency, period, invoice)
select :now, a.account, 'issued',
       case when p.amount > 0 then 'RECEIVABLE' else p.other end,
       case when p.amount > 0 then p.other else 'RECEIVABLE' end,
       abs(p.amount), a.currency, a.period, a.id
  from amounts a
 cross join lateral (values ('ACCRUED', a.accrued), ('ROUNDING', a.rounding), ('TAX', a.tax)) p (other, amount)
 where p.amount <> 0
 order by a.account
