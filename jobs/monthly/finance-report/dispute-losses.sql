select kind, reference, account, number, top_up, currency, amount, at
  from report_loss
 where period = :period
 order by at, reference collate "C"
