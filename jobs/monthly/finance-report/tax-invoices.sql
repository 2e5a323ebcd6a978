select currency, country, region, registration, customer, category, name, trim_scale(percent) as percent, kind, number,
       corrects, account, issued_on, to_char(supplied, 'YYYY-MM') as supplied, base, tax, tax_currency, tax_in_currency
  from report_tax
 where period = :period
 order by currency, country collate "C", region collate "C", registration collate "C", customer, category,
          name collate "C", percent, kind desc, number collate "C", position
