-- Credit that was bought: opening + sold - used - expired - refunded = closing.
select currency, trim_scale(coalesce(-sum(amount) filter (where day is null), 0)) as opening,
       trim_scale(coalesce(-sum(amount) filter (where day is not null and event = 'top-up'), 0)) as sold,
       trim_scale(coalesce(sum(amount) filter (where day is not null and event = 'credit-used'), 0)) as used,
       trim_scale(coalesce(sum(amount) filter (where day is not null and event = 'credit-expired'), 0)) as expired,
       trim_scale(coalesce(sum(amount) filter (where day is not null and event not in ('top-up', 'credit-used', 'credit-expired')), 0)) as refunded,
       trim_scale(-sum(amount)) as closing
  from report_leg
 where account = 'DEFERRED_CREDIT'
 group by currency
 order by currency
