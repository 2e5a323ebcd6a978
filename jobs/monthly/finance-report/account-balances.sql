select account, name, currency, balance, owed
  from report_balance
 order by account collate "C", currency collate "C"
