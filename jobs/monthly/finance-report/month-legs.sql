-- Both sides of all entries up to the end of the month, debits above zero: by day within the month, and before it as a sum. What
-- the journal of a closed month says of its end is not added up again.
create temporary table report_leg on commit drop as
with before as (
    select id, (period + interval '1 month')::date as next_day
      from journal
     where period < :period and closed_at(period) is not null
     order by period desc, version desc
     limit 1
), entry as materialized (
    select case when posted_on >= :period then posted_on end as day, event, debit, credit, currency, product, tax_country, tax_percent,
           tax_name, sum(amount) as amount
      from ledger_entries(coalesce((select next_day from before), '-infinity'), :last)
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)
select day, event, debit as account, currency, product, tax_country, tax_percent, tax_name, amount from entry
 union all
select day, event, credit, currency, product, tax_country, tax_percent, tax_name, -amount from entry
 union all
select null, event, account, currency, product, tax_country, tax_percent, tax_name, amount
  from journal_balance
 where journal = (select id from before)
