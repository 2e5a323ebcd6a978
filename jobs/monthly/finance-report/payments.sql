select number, account, attempt, outcome, decline_code, advice_code, amount, currency, payment_method,
       claimed_at, resolved_at, stripe_id, message
  from report_payment
 where period = :period
 order by number collate "C", attempt
