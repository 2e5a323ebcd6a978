-- The three-way tie of a month: what the general ledger says beside what usage, invoices, credit notes and taxes say by
-- themselves. A row for each figure and currency.
with entry as (
    select * from ledger_entries(:period, :next::date - 1)
), closing as (
    -- From what the last journal left: earlier months are not read again.
    select account, currency, sum(amount) as amount
      from journal_balances_of(:period, null)
     group by account, currency
), rated as (
    select p.currency, sum(u.amount) as amount
      from usage_line u
      join price p on p.id = u.price
     where u.period = :period
     group by p.currency
), covered as (
    select a.currency, sum(m.credits) as credits, sum(m.accrued) as accrued
      from monthly_cost m
      join account a on a.id = m.account
     where m.period = :period
     group by a.currency
), unbilled as (
    select a.currency, sum(m.accrued) as amount
      from monthly_cost m
      join account a on a.id = m.account
     where m.period <= :period
       and not exists (select from invoice i
                        where i.account = m.account and i.period = m.period and i.status <> 'DRAFT' and i.issued_on < :next)
     group by a.currency
), issued as (
    select currency, sum(subtotal - credits) as net, sum(tax) as tax
      from invoice
     where status <> 'DRAFT' and issued_on >= :period and issued_on < :next
     group by currency
), owed as (
    select currency, sum(amount) as amount
      from (select currency, total - from_balance as amount from invoice where status <> 'DRAFT' and issued_on < :next
             union all
            select i.currency, -s.amount
              from settlement s
              join invoice i on i.id = s.invoice
              join posting p on p.invoice = i.id and p.reference = s.kind || '/' || s.reference
             where s.kind not in ('CARRIED', 'CREDIT_NOTE') and p.posted_on < :next
             union all
            select i.currency, -c.settled from credit_note c join invoice i on i.id = c.invoice where c.issued_on < :next
             union all
            select currency, case when debit = 'SHORTFALL' then amount else -amount end
              from posting
             where 'SHORTFALL' in (debit, credit) and posted_on < :next) o
     group by currency
), taxed as (
    select currency, sum(tax) as amount
      from (select currency, tax from invoice where status <> 'DRAFT' and issued_on >= :period and issued_on < :next
             union all
            select i.currency, -c.tax
              from credit_note c
              join invoice i on i.id = c.invoice
             where c.issued_on >= :period and c.issued_on < :next
             union all
            select currency, case kind when 'INVOICE' then tax else -tax end
              from top_up_document
             where issued_on >= :period and issued_on < :next) t
     group by currency
), sold as (
    select currency, sum(net) as amount
      from top_up_document
     where kind = 'INVOICE' and corrects is null and issued_on >= :period and issued_on < :next
     group by currency
), moved as (
    select currency,
           sum(case when credit = 'REVENUE' then amount when debit = 'REVENUE' then -amount end) filter (where event = 'usage') as revenue,
           sum(case when credit = 'UNBILLED_RECEIVABLES' then amount else -amount end) filter (where event = 'credit-used') as credit_used,
           sum(case when 'UNBILLED_RECEIVABLES' in (debit, credit) or 'ROUNDING' in (debit, credit)
                    then case when debit = 'RECEIVABLES' then amount else -amount end end) filter (where event = 'invoice') as invoiced,
           sum(case when credit = 'TAX_PAYABLE' then amount when debit = 'TAX_PAYABLE' then -amount end) as tax,
           sum(amount) filter (where event = 'top-up' and debit = 'PROVIDER_CLEARING' and credit = 'DEFERRED_CREDIT') as sold
      from entry
     group by currency
), tie (n, name, currency, books, against, other) as (
    select 1, 'Revenue of usage', currency, revenue, 'rated usage', null::numeric from moved
     union all
    select 1, 'Revenue of usage', currency, null, 'rated usage', amount from rated
     union all
    select 2, 'Credit used', currency, credit_used, 'credit that covers the month''s cost', null from moved
     union all
    select 2, 'Credit used', currency, null, 'credit that covers the month''s cost', credits from covered
     union all
    select 3, 'Usage less credit used', currency, coalesce(revenue, 0) - coalesce(credit_used, 0), 'what accrued to be charged', null from moved
     union all
    select 3, 'Usage less credit used', currency, null, 'what accrued to be charged', accrued from covered
     union all
    select 4, 'Unbilled receivables', currency, amount, 'accrued in months without an invoice', null from closing where account = 'UNBILLED_RECEIVABLES'
     union all
    select 4, 'Unbilled receivables', currency, null, 'accrued in months without an invoice', amount from unbilled
     union all
    select 5, 'Invoiced before tax', currency, invoiced, 'invoices issued in the month', null from moved
     union all
    select 5, 'Invoiced before tax', currency, null, 'invoices issued in the month', net from issued
     union all
    select 6, 'Receivables', currency, amount, 'what is open of invoices, and owed for credit taken back', null from closing where account = 'RECEIVABLES'
     union all
    select 6, 'Receivables', currency, null, 'what is open of invoices, and owed for credit taken back', amount from owed
     union all
    select 7, 'Tax', currency, tax, 'taxes of invoices, credit notes and top-ups', null from moved
     union all
    select 7, 'Tax', currency, null, 'taxes of invoices, credit notes and top-ups', amount from taxed
     union all
    select 8, 'Credit sold by card', currency, sold, 'invoices of top-ups', null from moved
     union all
    select 8, 'Credit sold by card', currency, null, 'invoices of top-ups', amount from sold
)
select name, currency, trim_scale(coalesce(sum(books), 0)) as books, against, trim_scale(coalesce(sum(other), 0)) as other
  from tie
 group by n, name, currency, against
having coalesce(sum(books), 0) <> 0 or coalesce(sum(other), 0) <> 0
 order by currency, n
