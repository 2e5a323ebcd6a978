select p.product, p.quantity, p.unit, p.cost as revenue,
       coalesce(round(100 * p.cost / nullif(r.cost, 0), 1) || ' %', '') as share
  from report_product_revenue p
  left join report_revenue r on r.period = p.period and r.currency = p.currency
 where p.period = :period
   and p.currency = :currency
 order by p.cost desc, p.product collate "C"
