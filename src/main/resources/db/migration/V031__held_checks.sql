-- What a step holds of an account is not done, and listed; the proof of the others goes on.
create function is_held(of_step text, of_account text) returns boolean language sql stable as $$
    select exists (select from held where step = of_step and account = of_account and resolved_at is null)
$$;

create or replace function verify_expired_grants() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when g.expires_on < n.date and not credit_awaited(g.account, g.expires_on)
                     and not is_held('expire-credits', g.account) then
                   format('grant %s of %s (%s) expired on %s with %s left, which the nightly run for %s did not expire', g.id,
                          g.account, g.kind, g.expires_on, trim_scale(g.amount - g.used), n.date)
               end as told
          from credit_grant g
          cross join verify_last_night n
         where g.expires_on is not null
           and g.used < g.amount
    )
    select format('%s grants will expire, %s should have', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_suspension() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with begun as (
        select max(date) as date from run where job = 'nightly'
    ), monthly as (
        select date as period, max(id) as run from run where job = 'monthly' group by date
    ), unpaid as (
        select i.account, min(i.issued_on) filter (where counts_towards_suspension(i.id)) as issued_on,
               -- An invoice counts once a nightly run has come after the run that issued it.
               -- While nobody knows whether it was charged, nobody is suspended for it; nor before it was mailed.
               min(i.issued_on) filter (where (m.run is null or m.run < n.run)
                   and counts_towards_suspension(i.id, n.date::timestamp at time zone 'UTC')
                   and not exists (select from payment_attempt p
                                    where p.invoice = i.id and p.status in ('CLAIMED', 'UNKNOWN'))
                   -- What a lost dispute has opened again waits for the next night.
                   and not exists (select from dispute d
                                    where d.invoice = i.id and d.closed_at >= n.date::timestamp at time zone 'UTC'))
                   as seen_on,
               min(n.date) as last_night
          from invoice i
          left join verify_last_night n on true
          left join monthly m on m.period = i.period
         where i.status = 'OPEN'
           and not under_review(i.id)
         group by i.account
    ), checked as (
        select a.status,
               case
                   when a.status = 'SUSPENDED' and u.issued_on is null then
                       format('%s is suspended, but has no unpaid invoice', a.id)
                   when a.status = 'SUSPENDED' and u.issued_on + 7 > b.date then
                       format('%s is suspended, but its oldest unpaid invoice is of %s, which is not overdue', a.id,
                              u.issued_on)
                   when a.status = 'ACTIVE' and u.seen_on + 7 < u.last_night and not is_held('advance-dunning', a.id) then
                       format('%s is active, but has an invoice of %s that is unpaid', a.id, u.seen_on)
               end as told
          from account a
          cross join begun b
          left join unpaid u on u.account = a.id
         where a.status = 'SUSPENDED' or u.account is not null
    )
    select format('%s accounts are suspended, %s active ones have an unpaid invoice that is not overdue',
                  count(*) filter (where status = 'SUSPENDED'), count(*) filter (where status = 'ACTIVE' and told is null)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What is held is not done. An item may be done by other ways after a run has held it: the next night finds that.
create function verify_held() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select h.step || ' holds ' || h.item || ', which is done' as told
          from held h
          cross join verify_last_night n
         where h.resolved_at is null
           and h.last_at < n.date::timestamp at time zone 'UTC'
           and case h.step
                   when 'draft-invoices' then
                       exists (select from invoice i
                                where i.account = h.account and i.period = h.period and i.status <> 'DRAFT')
                   when 'charge-invoices' then
                       exists (select from invoice i where h.item = 'invoice ' || i.number and i.status <> 'OPEN')
                   when 'send-mail' then
                       exists (select from notice m where h.item = 'mail ' || m.message_id and m.status = 'SENT')
                   when 'render-credit-notes' then
                       exists (select from credit_note c
                                 join credit_note_document d on d.credit_note = c.id
                                where h.item = 'credit note ' || c.number)
                   else false end
        union all
        select 'draft-invoices holds account ' || h.account || ', which has an invoice of ' || to_char(h.period, 'YYYY-MM')
          from invoice_hold h
          join invoice i on i.account = h.account and i.period = h.period and i.status <> 'DRAFT'
    )
    select format('%s items are held', (select count(*) from held where resolved_at is null)),
           count(*), coalesce((array_agg(told order by told))[1:5], '{}')
      from checked
$$;

create function verify_invoice_dates() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case
                   when due_on < issued_on then
                       format('invoice %s is due on %s, before it was issued on %s', number, due_on, issued_on)
                   when extract(year from issued_on) <> year then
                       format('invoice %s was issued on %s, in another year than its number', number, issued_on)
               end as told
          from invoice
         where status <> 'DRAFT'
    )
    select format('%s invoices are due after they were issued', count(*) - count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
