select account, name, product, usage_period, day, quantity, unit, records, currency, cost
  from report_late_usage
 where period = :period
 order by account collate "C", product collate "C", day
