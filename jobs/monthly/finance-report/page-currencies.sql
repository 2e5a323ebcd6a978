-- The currencies that anything of the period is in, the most used first.
select currency
  from (select currency, accounts from report_revenue where period = :period
         union all
        select currency, invoices from report_invoiced where period = :period
         union all
        select currency, 0 from report_unpaid where period <= :period) used
 group by currency
 order by sum(accounts) desc, currency
