-- Debits above zero. The balance of an account is that of all entries since the first.
with balance as (
    select currency, account, sum(amount) filter (where day is null) as opening, sum(amount) filter (where day is not null and amount > 0) as debit,
           -sum(amount) filter (where day is not null and amount < 0) as credit, sum(amount) as closing
      from report_leg
     group by currency, account
), listed as (
    select b.currency, a.place, b.account, a.name, a.class, b.opening, b.debit, b.credit, b.closing
      from balance b
      join report_account a using (account)
     union all
    select currency, 99, 'total', 'Total', null, sum(opening), sum(debit), sum(credit), sum(closing)
      from balance
     group by currency
)
select currency, account, name, class, trim_scale(coalesce(opening, 0)) as opening, trim_scale(coalesce(debit, 0)) as debit,
       trim_scale(coalesce(credit, 0)) as credit, trim_scale(closing) as closing
  from listed
 order by currency, place
