with document as (
    select * from report_document where credit_note and issued_on between :period and :last
), listed as (
    select false as is_total, currency, kind, number, corrects, account, name, issued_on, net, tax, total, settled, to_balance, reason
      from document
     union all
    select true, currency, 'total', null, null, null, null, null, sum(net), sum(tax), sum(total), sum(settled), sum(to_balance), null
      from document
     group by currency
)
select currency, kind, number, corrects, account, name, issued_on, net, tax, total, settled, to_balance, reason
  from listed
 order by currency, is_total, kind, number collate "C"
