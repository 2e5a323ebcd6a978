select account, name, currency, cost, credits, accrued
  from report_account_revenue
 where period = :period
 order by account collate "C"
