with document as (
    select * from report_document where not credit_note and issued_on between :period and :last
), listed as (
    select false as is_total, currency, kind, number, account, name, issued_on, due_on, to_char(period, 'YYYY-MM') as period, subtotal, credits,
           net, tax, total, carried_in, carried_forward, from_balance, amount_due
      from document
     union all
    select true, currency, 'total', null, null, null, null, null, null, sum(subtotal), sum(credits), sum(net), sum(tax), sum(total),
           sum(carried_in), sum(carried_forward), sum(from_balance), sum(amount_due)
      from document
     group by currency
)
select currency, kind, number, account, name, issued_on, due_on, period, subtotal, credits, net, tax, total, carried_in, carried_forward,
       from_balance, amount_due
  from listed
 order by currency, is_total, kind, number collate "C"
