select number, account, position, product, usage_period, tier, quantity, unit, unit_price, listed_unit,
       currency, amount
  from report_invoice_line
 where period = :period
 order by number collate "C", position
