-- Must find nothing: a draft that was left behind, or an invoice whose receivable is not its total.
select i.id, i.account, i.number, i.total,
       coalesce(sum(case when p.debit = 'RECEIVABLE' then p.amount else -p.amount end), 0) as receivable
  from invoice i
  left join posting p on p.invoice = i.id and p.kind = 'issued'
 where i.period = :period
 group by i.id
having i.status = 'DRAFT'
    or i.total <> coalesce(sum(case when p.debit = 'RECEIVABLE' then p.amount else -p.amount end), 0)
