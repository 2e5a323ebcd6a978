select number, account, kind, currency, amount, reference, at, balance
  from report_settlement
 where period = :period
 order by number collate "C", at, kind, reference collate "C", balance
