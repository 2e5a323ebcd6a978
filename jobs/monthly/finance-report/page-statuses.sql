select status, count(*) as count, sum(total) as amount
  from report_invoice
 where period = :period
   and currency = :currency
 group by status
 order by status
