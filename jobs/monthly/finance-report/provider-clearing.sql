-- What the provider holds for us: opening + received - refunded - disputed - fees - paid out = closing.
select currency, trim_scale(coalesce(sum(amount) filter (where day is null), 0)) as opening,
       trim_scale(coalesce(sum(amount) filter (where day is not null and event not in ('refund', 'dispute', 'fee', 'payout', 'bank')), 0)) as received,
       trim_scale(coalesce(-sum(amount) filter (where day is not null and event = 'refund'), 0)) as refunded,
       trim_scale(coalesce(-sum(amount) filter (where day is not null and event = 'dispute'), 0)) as disputed,
       trim_scale(coalesce(-sum(amount) filter (where day is not null and event = 'fee'), 0)) as fees,
       trim_scale(coalesce(-sum(amount) filter (where day is not null and event in ('payout', 'bank')), 0)) as paid_out,
       trim_scale(sum(amount)) as closing
  from report_leg
 where account = 'PROVIDER_CLEARING'
 group by currency
 order by currency
