select country, region, registration, customer,
       case name when '' then (case category when 'AE' then 'reverse charge' when 'G' then 'export' when 'E' then 'exempt'
                                             when 'Z' then 'zero rated' when 'O' then 'not registered' else category end)
                 else name || ' ' || trim_scale(percent) || ' %' end as label,
       sum(base) as base, sum(tax) as tax
  from report_tax
 where period = :period
   and currency = :currency
 group by country, region, registration, customer, category, name, percent
having sum(base) <> 0 or sum(tax) <> 0
 order by country collate "C", region collate "C", registration collate "C", customer, category, name collate "C", percent desc
 limit :rows
