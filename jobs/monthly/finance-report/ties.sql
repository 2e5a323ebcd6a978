-- Each figure of the month twice: as the general ledger has it, and as the tables say from which it is drawn.
with leg as (
    select currency, account, event, day is not null as in_month, sum(amount) as amount, sum(amount) filter (where amount > 0) as debit
      from report_leg
     group by currency, account, event, day is not null
), posted as (
    select currency, account, sum(amount) as amount
      from (select currency, debit as account, amount from posting where posted_on <= :last
             union all
            select currency, credit, -amount from posting where posted_on <= :last) p
     where account in ('ACCRUED', 'BALANCE')
     group by currency, account
), figure as (
    select currency, 1 as place, coalesce(sum(debit) filter (where in_month), 0) as ledger,
           coalesce(sum(debit - amount) filter (where in_month), 0) + 0 * sum(amount) as source
      from (select currency, account, in_month, amount, coalesce(debit, 0) as debit from leg) l
     group by currency
     union all
    select currency, 2, coalesce(-sum(amount) filter (where account = 'REVENUE' and event = 'usage' and in_month), 0), 0 from leg group by currency
     union all
    select a.currency, 2, 0, sum(m.cost) from monthly_cost m join account a on a.id = m.account where m.period = :period group by a.currency
     union all
    select currency, 3, coalesce(sum(amount) filter (where account = 'PROMOTIONAL_CREDIT' and in_month), 0), 0 from leg group by currency
     union all
    select currency, 3, 0, -sum(amount) from report_grant_movement
     where kind <> 'TOP_UP' and movement = 'used' and posted_on between :period and :last group by currency
     union all
    select currency, 4, coalesce(sum(amount) filter (where account = 'UNBILLED_RECEIVABLES'), 0), 0 from leg group by currency
     union all
    select currency, 4, 0, amount from posted where account = 'ACCRUED'
     union all
    select currency, 5, coalesce(sum(amount) filter (where account = 'RECEIVABLES'), 0), 0 from leg group by currency
     union all
    select currency, 5, 0, sum(amount) from report_owed group by currency
     union all
    select currency, 6, coalesce(-sum(amount) filter (where account = 'DEFERRED_CREDIT'), 0), 0 from leg group by currency
     union all
    select currency, 6, 0, sum(amount) from report_grant_movement where kind = 'TOP_UP' and posted_on <= :last group by currency
     union all
    select currency, 7, coalesce(-sum(amount) filter (where account = 'CUSTOMER_BALANCES'), 0), 0 from leg group by currency
     union all
    select currency, 7, 0, -amount from posted where account = 'BALANCE'
     union all
    select currency, 8, coalesce(sum(amount) filter (where account = 'RECEIVABLES' and event = 'invoice' and in_month), 0), 0 from leg group by currency
     union all
    select currency, 8, 0, sum(total) from report_document
     where kind = 'invoice' and not credit_note and issued_on between :period and :last group by currency
     union all
    select currency, 9, coalesce(-sum(amount) filter (where account in ('RECEIVABLES', 'CUSTOMER_BALANCES') and event = 'credit-note' and in_month), 0), 0
      from leg group by currency
     union all
    select currency, 9, 0, sum(total) from report_document
     where kind = 'invoice' and credit_note and issued_on between :period and :last group by currency
     union all
    select currency, 10, coalesce(-sum(amount) filter (where account = 'TAX_PAYABLE' and in_month), 0), 0 from leg group by currency
     union all
    select currency, 10, 0, sum(case when credit_note then -tax else tax end) from report_document
     where issued_on between :period and :last group by currency
), told as (
    select currency, place, sum(ledger) as ledger, sum(source) as source from figure group by currency, place
)
select t.currency, w.figure, w.sheet, trim_scale(t.ledger) as ledger, w.ties_to, trim_scale(t.source) as source,
       trim_scale(t.ledger - t.source) as difference
  from told t
  join (values
           (1, 'Debits of the month', 'trial-balance', 'credits of the month'),
           (2, 'Gross revenue of the month', 'revenue-waterfall', 'rated usage, account by account'),
           (3, 'Promotional credit of the month', 'promotional-credit', 'what was drawn from given grants'),
           (4, 'Unbilled receivables', 'unbilled-receivables', 'what accrued to customers and is on no invoice'),
           (5, 'Receivables', 'receivables-aging', 'open invoices, what they carried forward, and what is owed of top-ups'),
           (6, 'Deferred credit', 'deferred-credit', 'what is left on grants that were bought'),
           (7, 'Customers'' balances', 'trial-balance', 'account balances, customer by customer'),
           (8, 'Invoiced in the month', 'invoices-issued', 'totals of the invoices that were issued'),
           (9, 'Credited in the month', 'credit-note-register', 'totals of the credit notes that were issued'),
           (10, 'Tax of the month', 'tax-payable', 'tax on the documents that were issued, credit notes taken off'))
       w (place, figure, sheet, ties_to) on w.place = t.place
 order by t.currency, t.place
