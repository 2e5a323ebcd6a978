-- Both sides of all entries up to the end of the month, debits above zero: by day within the month, and before it as a sum.
create temporary table report_leg on commit drop as
with entry as materialized (
    select case when posted_on >= :period then posted_on end as day, event, debit, credit, currency, product, tax_country, tax_percent,
           tax_name, sum(amount) as amount
      from ledger_entries('-infinity', :last)
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)
select day, event, debit as account, credit as other, currency, product, tax_country, tax_percent, tax_name, amount from entry
 union all
select day, event, credit, debit, currency, product, tax_country, tax_percent, tax_name, -amount from entry
