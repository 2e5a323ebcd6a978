-- What was given up or lost, and what came of it after all.
with entry as (
    select e.currency, e.posted_on, case when 'BAD_DEBT' in (e.debit, e.credit) then 'bad debt' else 'dispute loss' end as kind,
           e.customer as account, i.number, e.reference,
           case when e.debit in ('BAD_DEBT', 'DISPUTE_LOSSES') then e.amount else 0 end as lost,
           case when e.credit in ('BAD_DEBT', 'DISPUTE_LOSSES') then e.amount else 0 end as recovered
      from ledger_entries(:period, :last) e
      left join posting p on p.id = e.posting
      left join invoice i on i.id = p.invoice
     where e.debit in ('BAD_DEBT', 'DISPUTE_LOSSES') or e.credit in ('BAD_DEBT', 'DISPUTE_LOSSES')
), listed as (
    select false as is_total, entry.* from entry
     union all
    select true, currency, null, 'total', null, null, null, sum(lost), sum(recovered) from entry group by currency
)
select currency, posted_on, kind, account, number, reference, trim_scale(lost) as lost, trim_scale(recovered) as recovered
  from listed
 order by currency, is_total, posted_on, kind, account collate "C", reference collate "C"
