select day, currency, accounts, cost, late
  from report_daily_revenue
 where period = :period
 order by day, currency collate "C"
