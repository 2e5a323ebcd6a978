-- A row for each payout and each line of the bank, and one for all fees of a day: what each moves, debits above zero.
with entry as (
    select currency, posted_on, event, case when event = 'fee' then '' else coalesce(reference, '') end as reference, debit, credit, amount
      from ledger_entries(:period, :last)
     where event in ('fee', 'payout', 'bank')
), leg as (
    select currency, posted_on, event, reference, debit as account, amount, 1 as entries from entry
     union all
    select currency, posted_on, event, reference, credit, -amount, 0 from entry
), listed as (
    select grouping(posted_on) = 1 as is_total, currency, posted_on, event, reference, sum(entries) as entries,
           sum(amount) filter (where account = 'PROVIDER_CLEARING') as provider_clearing,
           sum(amount) filter (where account = 'PROVIDER_FEES') as provider_fees, sum(amount) filter (where account = 'BANK') as bank
      from leg
     group by grouping sets ((currency, posted_on, event, reference), (currency))
)
select currency, posted_on, case when is_total then 'total' else event end as event, reference, entries,
       trim_scale(coalesce(provider_clearing, 0)) as provider_clearing, trim_scale(coalesce(provider_fees, 0)) as provider_fees,
       trim_scale(coalesce(bank, 0)) as bank
  from listed
 order by currency, is_total, posted_on, event, reference collate "C"
