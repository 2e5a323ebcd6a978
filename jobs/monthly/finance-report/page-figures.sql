-- The headline of the page, in one row, also for a period without usage or invoices.
select coalesce(r.cost, 0) as cost, coalesce(r.credits, 0) as credits, coalesce(r.accrued, 0) as accrued,
       coalesce(i.invoices, 0) as invoices, coalesce(i.total, 0) as total, coalesce(i.tax, 0) as tax,
       coalesce(i.paid, 0) as paid, coalesce(i.open, 0) as open,
       (select coalesce(sum(open), 0) from report_unpaid where period <= :period and currency = :currency) as outstanding
  from (select) always
  left join report_revenue r on r.period = :period and r.currency = :currency
  left join report_invoiced i on i.period = :period and i.currency = :currency
