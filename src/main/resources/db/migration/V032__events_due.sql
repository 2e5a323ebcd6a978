-- What Stripe delivered and nobody could process: its effect on the books is missing. A person has to look after a day.
create function verify_events_due(moment timestamptz) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when d.received_at < moment - interval '1 day' then
                   format('event %s (%s) of %s UTC is not processed: %s', d.id, d.type,
                          to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                          coalesce((select h.detail || ' (./postpaid held). Look at it in Stripe''s dashboard; the next night tries again'
                                      from held h
                                     where h.step = 'sweep-events' and h.resolved_at is null
                                       and starts_with(h.item, 'event ' || d.id || ' ')),
                                   'no nightly run has tried it. Run the nightly job'))
               end as told
          from stripe_event_due d
    )
    select format('%s delivered events wait to be processed, %s of them for more than a day', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
