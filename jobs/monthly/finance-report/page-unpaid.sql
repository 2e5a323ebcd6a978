select number as invoice, name || ' (' || account || ')' as account, due_on::text as due,
       case :as_of - issued_on when 1 then '1 day' else to_char(:as_of - issued_on, 'FM999,999,990') || ' days' end as age,
       open as amount
  from report_unpaid
 where period <= :period
   and currency = :currency
 order by issued_on, open desc, number collate "C"
 limit :rows
