select to_char(:period::date, 'YYYY-"Q"Q') as quarter, number, account, issued_on, billing_country, card_country, evidence,
       currency, base as taxable_amount, tax as vat_amount
  from report_oss_evidence
 where quarter = date_trunc('quarter', :period::timestamp)::date
   and counted <= :period
   and issued_on >= date_trunc('quarter', :period::timestamp)::date
 order by number collate "C"
