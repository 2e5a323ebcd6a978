select number, account, name, month as period, issued_on, due_on, currency, amount_due, open,
       :as_of - issued_on as age_days,
       case
           when :as_of <= due_on then 'not due'
           when :as_of - due_on <= 30 then '1-30 days overdue'
           when :as_of - due_on <= 60 then '31-60 days overdue'
           when :as_of - due_on <= 90 then '61-90 days overdue'
           else 'over 90 days overdue'
       end as bucket
  from report_unpaid
 where period <= :period
 order by issued_on, number collate "C"
