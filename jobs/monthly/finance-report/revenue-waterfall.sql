-- Gross revenue is of a product; credit that was given, and credit notes, are of an account and of no product.
with part as (
    select currency, day, product, -sum(amount) filter (where account = 'REVENUE' and event = 'usage') as gross,
           -sum(amount) filter (where account = 'PROMOTIONAL_CREDIT') as promotional_credit,
           -sum(amount) filter (where account = 'REVENUE' and event <> 'usage') as credit_notes, -sum(amount) as net
      from report_leg
     where day is not null and account in ('REVENUE', 'PROMOTIONAL_CREDIT')
     group by currency, day, product
), listed as (
    select false as is_total, part.* from part
     union all
    select true, currency, null, 'total', sum(gross), sum(promotional_credit), sum(credit_notes), sum(net)
      from part
     group by currency
)
select currency, day, product, trim_scale(coalesce(gross, 0)) as gross, trim_scale(coalesce(promotional_credit, 0)) as promotional_credit,
       trim_scale(coalesce(credit_notes, 0)) as credit_notes, trim_scale(net) as net
  from listed
 order by currency, is_total, day, product collate "C" nulls last
