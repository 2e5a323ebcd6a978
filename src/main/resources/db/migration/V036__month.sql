-- What the reports of a month add to the general ledger: each is a matter of days, so that later events change nothing of it.

-- The accounts of the general ledger in the order of a balance sheet and an income statement.
create view report_account as
select place, account, name, class
  from (values
           (1, 'BANK', 'Bank', 'asset'),
           (2, 'PROVIDER_CLEARING', 'Provider clearing', 'asset'),
           (3, 'RECEIVABLES', 'Receivables', 'asset'),
           (4, 'UNBILLED_RECEIVABLES', 'Unbilled receivables', 'asset'),
           (5, 'DISPUTES_PENDING', 'Disputes pending', 'asset'),
           (6, 'DEFERRED_CREDIT', 'Deferred credit', 'liability'),
           (7, 'CUSTOMER_BALANCES', 'Customers'' balances', 'liability'),
           (8, 'REFUNDS_DUE', 'Refunds due', 'liability'),
           (9, 'TAX_PAYABLE', 'Tax payable', 'liability'),
           (10, 'REVENUE', 'Revenue', 'income'),
           (11, 'PROMOTIONAL_CREDIT', 'Promotional credit', 'contra-revenue'),
           (12, 'BREAKAGE', 'Breakage', 'income'),
           (13, 'PROVIDER_FEES', 'Provider fees', 'expense'),
           (14, 'BAD_DEBT', 'Bad debt', 'expense'),
           (15, 'DISPUTE_LOSSES', 'Dispute losses', 'expense'),
           (16, 'ROUNDING', 'Rounding', 'expense'),
           (17, 'FOREIGN_EXCHANGE', 'Foreign exchange', 'expense')) a (place, account, name, class);

-- What customers owe at the end of a day, by invoice. What an invoice was too small to ask for is on none until the next one
-- asks for it, and not due; credit that was used before its payment was taken back is due at once.
create function report_receivables(on_day date)
returns table (account text, currency text, number text, due_on date, amount numeric) language sql stable as $$
    with part as (
        select account, currency, invoice, case when debit = 'RECEIVABLE' then amount else -amount end as amount
          from posting
         where posted_on <= on_day and 'RECEIVABLE' in (debit, credit)
         union all
        select i.account, i.currency, c.invoice, c.amount
          from invoice i
         cross join lateral (values (i.id, i.carried_in - i.carried_forward), (null, i.carried_forward - i.carried_in)) c (invoice, amount)
         where i.status <> 'DRAFT' and i.issued_on <= on_day and i.carried_in <> i.carried_forward
         union all
        select i.account, i.currency, c.invoice, c.amount
          from settlement s
          join invoice i on i.id = s.invoice
         cross join lateral (values (i.id, -s.amount), (null, s.amount)) c (invoice, amount)
         where s.kind = 'CARRIED' and (s.at at time zone 'UTC')::date <= on_day
    ), owed as (
        select p.account, p.currency, i.number, i.due_on, sum(p.amount) as amount
          from part p
          left join invoice i on i.id = p.invoice
         group by p.account, p.currency, i.number, i.due_on
         union all
        select account, currency, null, max(posted_on) filter (where debit = 'SHORTFALL'),
               sum(case when debit = 'SHORTFALL' then amount else -amount end)
          from posting
         where posted_on <= on_day and 'SHORTFALL' in (debit, credit)
         group by account, currency
    )
    select account, currency, number, due_on, amount from owed where amount <> 0
$$;

-- The customer's name as its newest invoice printed it: what accounts are called later changes no report.
create function name_printed(of_account text, on_day date) returns text language sql stable as $$
    select i.customer ->> 'name'
      from invoice i
     where i.account = of_account and i.status <> 'DRAFT' and i.issued_on <= on_day
     order by i.id desc
     limit 1
$$;

-- Credit in grants by day, in or out of the books: what came is above zero. An allowance that the first night of a month gives for
-- usage of the month before is given in that month.
create view report_grant_movement as
select case when movement = 'given' and kind <> 'TOP_UP' then least(posted_on, first_used) else posted_on end as posted_on, kind, currency,
       movement, amount
  from (select p.posted_on, g.kind, p.currency,
               case when p.kind = 'granted' then 'given' when p.kind = 'usage' then 'used' when p.kind = 'expired' then 'expired'
                    else 'taken_back' end as movement,
               case when p.credit = 'GRANT' then p.amount else -p.amount end as amount,
               min(p.posted_on) filter (where p.kind = 'usage') over (partition by g.id) as first_used
          from posting p
          join credit_grant g on g.id = p.grant_id) m;

-- Invoices and credit notes, of usage and of top-ups, by the day of issue.
create view report_document as
select 'invoice' as kind, false as credit_note, i.number, null::text as corrects, i.account, i.customer ->> 'name' as name, i.issued_on,
       i.due_on, i.period, i.currency, i.subtotal, i.credits, i.total - i.tax as net, i.tax, i.total, i.carried_in, i.carried_forward,
       i.from_balance, i.amount_due, null::numeric as settled, null::numeric as to_balance, null::text as reason
  from invoice i
 where i.status <> 'DRAFT'
 union all
select 'top-up', d.kind = 'CREDIT_NOTE', d.number, c.number, d.account, d.customer ->> 'name', d.issued_on, null, null, d.currency, d.net,
       0 * d.net, d.net, d.tax, d.total, null, null, null, null, null, null, nullif(d.reason, '')
  from top_up_document d
  left join top_up_document c on c.id = d.corrects
 union all
select 'invoice', true, c.number, i.number, i.account, i.customer ->> 'name', c.issued_on, null, i.period, i.currency, c.amount - c.tax,
       0 * c.amount, c.amount - c.tax, c.tax, c.amount, null, null, null, null, c.settled, c.amount - c.settled, c.reason
  from credit_note c
  join invoice i on i.id = c.invoice;
