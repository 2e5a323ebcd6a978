-- The month as steps from gross to net revenue.
with step as (
    select 1 as part, product as step, -sum(amount) as amount
      from report_leg
     where currency = :currency and day is not null and account = 'REVENUE' and event = 'usage'
     group by product
     union all
    select 2, 'Promotional credit', -sum(amount)
      from report_leg
     where currency = :currency and day is not null and account = 'PROMOTIONAL_CREDIT'
     union all
    select 3, 'Credit notes', -sum(amount)
      from report_leg
     where currency = :currency and day is not null and account = 'REVENUE' and event <> 'usage'
)
select part = 1 as product, step as label, amount
  from step
 where amount <> 0
 order by part, amount desc, step collate "C"
