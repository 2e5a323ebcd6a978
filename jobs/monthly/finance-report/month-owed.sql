-- What customers owe on the last day of the month, by invoice and by the days that it is overdue.
create temporary table report_owed on commit drop as
select account, currency, number, coalesce(:last - due_on, 0) as days, amount
  from report_receivables(:last)
