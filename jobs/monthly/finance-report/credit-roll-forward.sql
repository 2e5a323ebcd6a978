with moved as (
    select kind, currency,
           coalesce(sum(amount) filter (where period < :period), 0) as opening,
           coalesce(sum(amount) filter (where period = :period and movement = 'granted'), 0) as granted,
           -coalesce(sum(amount) filter (where period = :period and movement = 'consumed'), 0) as consumed,
           -coalesce(sum(amount) filter (where period = :period and movement = 'expired'), 0) as expired,
           -coalesce(sum(amount) filter (where period = :period and movement = 'refunded'), 0) as refunded,
           coalesce(sum(amount) filter (where period <= :period), 0) as closing,
           coalesce(sum(amount) filter (where period > :period), 0) as moved_since
      from report_credit_movement
     group by kind, currency
)
select kind, currency, trim_scale(m.opening) as opening, trim_scale(m.granted) as granted,
       trim_scale(m.consumed) as consumed, trim_scale(m.expired) as expired, trim_scale(m.refunded) as refunded,
       trim_scale(m.closing) as closing, trim_scale(m.moved_since) as moved_since,
       trim_scale(l.amount) as left_on_grants,
       coalesce(m.opening + m.granted - m.consumed - m.expired - m.refunded = m.closing
           and m.closing + m.moved_since = l.amount, false) as ties_out
  from moved m
  full join report_credit_left l using (kind, currency)
 order by kind collate "C", currency collate "C"
