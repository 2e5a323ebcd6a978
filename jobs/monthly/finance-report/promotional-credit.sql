-- Credit that nobody paid for is in no account before it is used: opening + given - used - expired - taken back = closing.
select currency, kind, trim_scale(coalesce(sum(amount) filter (where posted_on < :period), 0)) as opening,
       trim_scale(coalesce(sum(amount) filter (where posted_on >= :period and movement = 'given'), 0)) as given,
       trim_scale(-coalesce(sum(amount) filter (where posted_on >= :period and movement = 'used'), 0)) as used,
       trim_scale(-coalesce(sum(amount) filter (where posted_on >= :period and movement = 'expired'), 0)) as expired,
       trim_scale(-coalesce(sum(amount) filter (where posted_on >= :period and movement = 'taken_back'), 0)) as taken_back,
       trim_scale(sum(amount)) as closing
  from report_grant_movement
 where posted_on <= :last and kind <> 'TOP_UP'
 group by currency, kind
 order by currency, kind collate "C"
