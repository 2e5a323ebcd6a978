-- Those who owe most, the longest overdue first.
select account, coalesce(name_printed(account, :last), '') as name, greatest(max(days), 0) as days, sum(amount) as amount
  from report_owed
 where currency = :currency
 group by account
 order by (max(days) > 0) desc, sum(amount) desc, account collate "C"
 limit :rows
