select product, currency, quantity, unit, records, free_quantity, free_records, cost
  from report_product_revenue
 where period = :period
 order by product collate "C", currency collate "C"
