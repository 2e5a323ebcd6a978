select account, name, reason, detail
  from report_hold
 where period = :period
 order by account collate "C"
