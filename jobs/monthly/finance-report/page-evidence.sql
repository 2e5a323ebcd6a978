select account, billing_country as country, case card_country when '' then '–' else card_country end as card,
       case evidence when 'CONTRADICTS' then 'its card is of another country' else 'nothing but its address' end as evidence,
       count(*) as invoices, sum(tax) as tax
  from report_oss_evidence
 where counted = :period
   and issued_on >= :period
   and currency = :currency
   and evidence <> 'AGREES'
 group by account, billing_country, card_country, evidence
 order by evidence desc, account collate "C"
 limit :rows
