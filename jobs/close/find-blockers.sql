-- What must be settled before the books of a month can be closed: what it is, how many, the first, the command that helps, and
-- the page of the console that shows them.
with blocker (n, what, found, example, command, page) as (
    select 0, 'It is closed with a later month', 1, to_char(closed_through(), 'YYYY-MM'),
           './postpaid run close --period ' || to_char(closed_through(), 'YYYY-MM') || ' --reopen --reason R', '/console/close'
     where closed_through() >= :next
     union all
    select 1, 'The month has not been billed', 1, null, './postpaid run monthly --period ' || to_char(:period::date, 'YYYY-MM'), '/console/runs'
     where not exists (select from run where job = 'monthly' and date = :period and status = 'COMPLETED')
       and coalesce(closed_through() < :next, true)
     union all
    select 2, 'Accounts are held from billing', count(*), min(account || ': ' || reason), './postpaid held', '/console/held'
      from (select account, reason from invoice_hold where period <= :period
             union
            select coalesce(account, item), reason
              from held
             where resolved_at is null
               and (period <= :period or period is null and first_at < :next::timestamp at time zone 'UTC')
               -- What is only printed or mailed is in the books already.
               and step <> 'send-mail' and step not like 'render-%') h
    having count(*) > 0
     union all
    select 3, 'Usage waits for a price', count(*), min(account || ', ' || product || ', ' || day), './postpaid prices import FILE', '/console/prices'
      from unrated_day
     where period <= :period
    having count(*) > 0
     union all
    select 4, 'It is not known whether charges were made', count(*), min(i.number), './postpaid run nightly --date ' || (:now::timestamptz at time zone 'UTC')::date, '/console/payments'
      from payment_attempt a
      join invoice i on i.id = a.invoice
     where a.status in ('CLAIMED', 'UNKNOWN') and a.claimed_at < :next::timestamp at time zone 'UTC'
    having count(*) > 0
     union all
    select 5, 'It is not known whether top-ups were charged', count(*), min(account || ', ' || reference), './postpaid run nightly --date ' || (:now::timestamptz at time zone 'UTC')::date, '/console/payments'
      from top_up
     where status in ('CLAIMED', 'UNKNOWN') and claimed_at < :next::timestamp at time zone 'UTC'
    having count(*) > 0
     union all
    select 6, 'It is not known whether refunds were made', count(*), min(coalesce(i.number, t.account || ', ' || t.reference)), './postpaid run nightly --date ' || (:now::timestamptz at time zone 'UTC')::date, '/console/payments'
      from refund r
      left join invoice i on i.id = r.invoice
      left join top_up t on t.id = r.top_up
     where r.status in ('CLAIMED', 'UNKNOWN') and r.claimed_at < :next::timestamp at time zone 'UTC'
    having count(*) > 0
     union all
    select 7, 'Events of the provider wait', count(*), min(id), './postpaid run nightly --date ' || (:now::timestamptz at time zone 'UTC')::date, '/console/events'
      from stripe_event_due
     where made_at < :next::timestamp at time zone 'UTC'
    having count(*) > 0
     union all
    select 8, 'An earlier month is open', 1, to_char(closed_through() + 1, 'YYYY-MM'),
           './postpaid run close --period ' || to_char(closed_through() + 1, 'YYYY-MM'), '/console/close'
     where closed_through() + 1 < :period
)
select what, found as count, example, command, page
  from blocker
 order by n
