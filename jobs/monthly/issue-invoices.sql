-- Issues all drafts of the month at once, or those of :account: numbers in the order of the accounts, what the account
-- balances pay of them after tax, and what the ledger says of it. A balance stays locked, and as it is, until this has ended.
-- An invoice bears the day on which it is issued, also when its account was held until then.
with today as (
    select (cast(:now as timestamptz) at time zone 'UTC')::date as day
),
series as (
    insert into invoice_series as s (year, last_number)
    select extract(year from t.day), count(*)
      from invoice i
     cross join today t
     where i.period = :period and i.status = 'DRAFT'
       and (cast(:account as text) is null or i.account = :account)
     group by t.day
        on conflict (year) do update
       set last_number = s.last_number + excluded.last_number
    returning year, last_number
),
balance as (
    select b.account, b.currency, b.amount
      from account_balance b
     where b.amount > 0
       and exists (select from invoice i
                    where i.account = b.account and i.currency = b.currency and i.period = :period and i.status = 'DRAFT'
                      and (cast(:account as text) is null or i.account = :account))
     order by b.account, b.currency
       for update
),
paid as (
    select i.id, i.account, i.currency, i.total + i.carried_in as gross, c.least,
           balance_pays(i.total + i.carried_in, b.amount, u.unit) as applied
      from invoice i
      join unnest(:currencies::text[], :least::numeric[]) c (currency, least) on c.currency = i.currency
      join currency u on u.code = i.currency
      left join balance b on b.account = i.account and b.currency = i.currency
     where i.period = :period and i.status = 'DRAFT'
       and (cast(:account as text) is null or i.account = :account)
),
numbered as (
    select p.id, coalesce(p.applied, 0) as applied, p.gross - coalesce(p.applied, 0) as rest, p.least, s.year,
           s.last_number - count(*) over () + row_number() over (order by p.account, p.currency) as number
      from paid p
     cross join series s
),
issued as (
    update invoice i
       set year = n.year,
           number = n.year || '-' || lpad(n.number::text, greatest(6, length(n.number::text)), '0'),
           issued_on = t.day,
           due_on = t.day + 7,
           from_balance = i.from_balance + n.applied,
           -- What is left is carried forward where it is too little to charge, as without a balance.
           carried_forward = case when n.applied = 0 then i.carried_forward
                                  when n.rest < n.least then n.rest else i.carried_forward end,
           amount_due = case when n.applied = 0 then i.amount_due
                             when n.rest < n.least then 0 * n.rest else n.rest end,
           status = case when case when n.applied = 0 then i.amount_due
                                   when n.rest < n.least then 0 * n.rest else n.rest end = 0
                         then 'PAID' else 'OPEN' end
      from numbered n
     cross join today t
     where i.id = n.id
    returning i.id, i.account, i.currency, i.period, i.number, i.subtotal, i.credits, i.tax, i.from_balance
),
amounts as (
    select i.*, coalesce(m.accrued, 0) as accrued, i.subtotal - i.credits - coalesce(m.accrued, 0) as rounding
      from issued i
      left join monthly_cost m on m.account = i.account and m.period = i.period
)
insert into posting (at, account, kind, debit, credit, amount, currency, period, invoice, reference)
select :now, a.account, p.kind,
       case when p.amount > 0 then p.debit else p.credit end,
       case when p.amount > 0 then p.credit else p.debit end,
       abs(p.amount), a.currency, a.period, a.id, p.reference
  from amounts a
 cross join lateral (values
           ('issued', 'RECEIVABLE', 'ACCRUED', a.accrued, null),
           ('issued', 'RECEIVABLE', 'ROUNDING', a.rounding, null),
           ('issued', 'RECEIVABLE', 'TAX', a.tax, null),
           ('balance-applied', 'BALANCE', 'RECEIVABLE', a.from_balance, 'INVOICE/' || a.number)) p (kind, debit, credit, amount, reference)
 where p.amount <> 0
 order by a.account
