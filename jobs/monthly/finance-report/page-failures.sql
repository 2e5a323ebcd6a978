select coalesce(decline_code, 'no code') as outcome, count(*) as count, sum(amount) as amount
  from report_payment
 where period = :period
   and currency = :currency
   and outcome in ('DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')
 group by coalesce(decline_code, 'no code')
 order by count desc, coalesce(decline_code, 'no code')
