select outcome, count, amount
  from (select case outcome
                   when 'SUCCEEDED' then 'Succeeded'
                   when 'DECLINED_RETRYABLE' then 'Declined, may be retried'
                   when 'DECLINED_FOR_GOOD' then 'Declined for good'
                   when 'NEEDS_CUSTOMER' then 'Customer must authenticate'
                   when 'NOT_EXECUTED' then 'Not carried out'
                   else 'Not known yet'
               end as outcome,
               count(*) as count, sum(amount) as amount, 1 as part
          from report_payment
         where period = :period
           and currency = :currency
         group by 1
         union all
        select case kind
                   when 'CARD' then 'Paid by card by the customer'
                   when 'TRANSFER' then 'Paid by bank transfer'
                   when 'CREDIT_NOTE' then 'Credit notes'
                   when 'CARRIED' then 'Carried to the next invoice'
                   when 'WRITE_OFF' then 'Written off'
                   when 'WRITE_OFF_REVERSED' then 'Written off and paid after all'
                   when 'BALANCE' then 'Paid from the account balance'
                   when 'REFUND' then 'Refunded'
                   when 'REFUND_FAILED' then 'Refunds that came back'
                   when 'DISPUTE' then 'Disputed'
                   else 'Disputes won'
               end,
               count(distinct reference), sum(amount), 2
          from report_settlement s
         where period = :period
           and currency = :currency
           and (kind <> 'CARD'
                or not exists (select from report_payment p
                                where p.number = s.number and p.outcome = 'SUCCEEDED'))
         group by 1) both_parts
 order by part, count desc, outcome
