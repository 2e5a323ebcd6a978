-- The invariants of the books, one function each: `select * from verify_grants()` in psql tells the figure that was
-- proved, how many rows break the rule, and the first five of them in words. A function that takes a day looks only at
-- what is new since then, so that it stays cheap as history grows; the others read all of it. Amounts of two currencies do
-- not add up: each figure of money is of one currency.

-- The last night that is done, by which suspension and expiry must have followed.
create view verify_last_night as
select date, max(id) as run
  from run
 where job = 'nightly'
   and status = 'COMPLETED'
   and date = (select max(date) from run where job = 'nightly' and status = 'COMPLETED')
 group by date;

-- How far the journal and the postings were proved by runs that ended well. Both are history and only runs add usage to
-- them, so that the next run proves what came behind.
create table proved (
    id      bigint generated always as identity primary key,
    journal bigint not null,
    posting bigint not null
);

create function verify_files(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with quarantine as (
        select file, count(*) as lines
          from usage_quarantine
         where file in (select id from usage_file where started_at >= since::timestamp at time zone 'UTC')
         group by file
    ), checked as (
        select f.lines, f.accepted, f.duplicates, f.quarantined, f.left_out,
               case
                   when f.lines <> f.accepted + f.duplicates + f.quarantined + f.left_out then
                       format('file %s (%s): %s lines, but %s accepted, %s duplicates, %s quarantined, %s left out',
                              f.id, f.name, f.lines, f.accepted, f.duplicates, f.quarantined, f.left_out)
                   when f.quarantined <> coalesce(q.lines, 0) then
                       format('file %s (%s): %s quarantined, but %s lines are kept of it', f.id, f.name, f.quarantined,
                              coalesce(q.lines, 0))
               end as told
          from usage_file f
          left join quarantine q on q.file = f.id
         where f.started_at >= since::timestamp at time zone 'UTC'
    )
    select format('%s files: lines %s = accepted %s + duplicates %s + quarantined %s + left out %s', count(*),
                  coalesce(sum(lines), 0), coalesce(sum(accepted), 0), coalesce(sum(duplicates), 0),
                  coalesce(sum(quarantined), 0), coalesce(sum(left_out), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_nothing_dropped() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with record as (
        select file, sum(records)::bigint as records
          from (select file, count(*) as records from usage_record group by file
                 union all
                select file, sum(records) from usage_archive_sum group by file
                 union all
                select r.file, sum(s.records) from usage_run_sum s join usage_run r on r.id = s.run group by r.file) places
         group by file
    ), correction as (
        select file, count(*) as corrections from usage_void group by file
    ), quarantine as (
        select file, count(*) filter (where released_at is null) as held, sum(records) as released
          from usage_quarantine
         group by file
    ), run as (
        -- The records of the files of a run are in its sums, which have an entry of their own.
        select r.file, sum(f.records) - coalesce(sum(c.corrections), 0) as records
          from usage_run r
          join usage_file f on f.run = r.id
          left join correction c on c.file = f.id
         group by r.file
    ), kept as (
        select file, coalesce(records, 0) as records, coalesce(corrections, 0) as corrections, coalesce(held, 0) as held,
               coalesce(released, 0) as released
          from record full join correction using (file) full join quarantine using (file)
    ), checked as (
        select f.lines + coalesce(g.records, 0) as lines, f.duplicates, f.left_out, k.records, k.corrections, k.held,
               case
                   when f.id is null then format('%s records name the file %s, which is not known', k.records, k.file)
                   when f.run is not null then null
                   when f.records + coalesce(g.records, a.records, 0) + coalesce(k.released, 0)
                        <> coalesce(k.records + k.corrections, 0) then
                       format('file %s (%s): %s records were taken of it and %s released from quarantine, but there are %s '
                              'records and %s corrections',
                              f.id, f.name, f.records + coalesce(g.records, a.records, 0), coalesce(k.released, 0),
                              coalesce(k.records, 0), coalesce(k.corrections, 0))
               end as told
          from usage_file f
          full join kept k on k.file = f.id
          -- The lines of the gate's own usage are its settled calls.
          left join gate_file g on g.file = f.id
          left join run a on a.file = f.id
    )
    select format('%s lines: records %s, corrections %s, duplicates %s, left out %s, in quarantine %s',
                  coalesce(sum(lines), 0), coalesce(sum(records), 0), coalesce(sum(corrections), 0),
                  coalesce(sum(duplicates), 0), coalesce(sum(left_out), 0), coalesce(sum(held), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_failed_free() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select 1 as records,
               case when billable then format('record %s of %s (source %s, %s) failed, but is billed', id, account, source,
                                              product) end as told
          from usage_record
         where failed
         union all
        select records,
               case when billable then format('%s archived records of %s (%s on %s) failed, but are billed', records, account,
                                              product, day) end
          from usage_archive_sum
         where failed
         union all
        select records,
               case when billable then format('%s aggregated records of %s (%s on %s) failed, but are billed', records, account,
                                              product, day) end
          from usage_run_sum
         where failed
    )
    select format('%s failed calls, %s of them billed', coalesce(sum(records), 0),
                  coalesce(sum(records) filter (where told is not null), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_own_voice() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with record as (
        select r.source, r.id, r.account, f.reporter, f.name
          from usage_record r
          left join usage_file f on f.id = r.file and f.reporter is not null
         where (f.id is not null or starts_with(r.source, 'account:'))
           and not exists (select from usage_void v where v.voided_key = r.key and v.applied_at is not null)
    ), checked as (
        select case
                   when reporter is null then
                       format('record %s of %s has the source %s, which is for what the account reports, but did not come from '
                              'a key of it: void it, and send it again under a source of yours', id, account, source)
                   when account <> reporter then
                       format('record %s of %s (source %s) was reported by %s: void it', id, account, source, reporter)
                   when starts_with(source, 'account:') and not starts_with(source, 'account:' || reporter || '/') then
                       format('record %s of %s was reported by the account, but has the source %s: void it', id, account,
                              source)
               end as told,
               1 as records, 0 as corrections
          from record
         union all
        select format('a correction of %s in %s, line %s, came from a key of the account %s, which can take nothing back: '
                      'revoke the key, and send the record again under another id', v.account, f.name, v.line, f.reporter),
               0, 1
          from usage_void v
          join usage_file f on f.id = v.file
         where f.reporter is not null
    )
    select format('%s records reported by accounts themselves, %s corrections', coalesce(sum(records), 0),
                  coalesce(sum(corrections), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_metered_once() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with kept as (
        select account, product, day, sum(quantity) as quantity, sum(records) as records, sum(free_records) as free_records
          from (select r.account, r.product, (r.occurred_at at time zone 'UTC')::date as day,
                       coalesce(sum(r.quantity) filter (where r.billable), 0) as quantity,
                       count(*) filter (where r.billable) as records,
                       count(*) filter (where not r.billable) as free_records
                  from usage_record r
                  left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                 where v.key is null
                 group by 1, 2, 3
                 union all
                select account, product, day,
                       case when billable then quantity - voided_quantity else 0 end,
                       case when billable then records - voided_records else 0 end,
                       case when billable then 0 else records - voided_records end
                  from usage_archive_sum
                 where records > voided_records
                 union all
                select account, product, day,
                       case when billable then quantity - voided_quantity else 0 end,
                       case when billable then records - voided_records else 0 end,
                       case when billable then 0 else records - voided_records end
                  from usage_run_sum) places
         group by account, product, day
    ), counted as (
        select account, product, day, sum(quantity) as quantity, sum(records) as records, sum(free_records) as free_records
          from (select account, product, day, quantity, records, free_records from usage_line
                 union all
                select account, product, day, quantity, records, free_records from arrived_usage) both_places
         group by account, product, day
    ), checked as (
        select k.quantity as kept, c.quantity as counted, k.records, k.free_records,
               case when (coalesce(k.quantity, 0), coalesce(k.records, 0), coalesce(k.free_records, 0))
                      <> (coalesce(c.quantity, 0), coalesce(c.records, 0), coalesce(c.free_records, 0)) then
                   format('%s, %s, %s: %s in %s records (%s free) were taken in, but %s in %s (%s free) are metered',
                          coalesce(k.account, c.account), coalesce(k.product, c.product), coalesce(k.day, c.day),
                          coalesce(trim_scale(k.quantity), 0), coalesce(k.records, 0), coalesce(k.free_records, 0),
                          coalesce(trim_scale(c.quantity), 0), coalesce(c.records, 0), coalesce(c.free_records, 0))
               end as told
          from kept k
          full join counted c on c.account = k.account and c.product = k.product and c.day = k.day
    )
    select format('%s billable records of %s = metered and about to be metered %s (%s free records)',
                  coalesce(sum(records), 0), coalesce(trim_scale(sum(kept)), 0), coalesce(trim_scale(sum(counted)), 0),
                  coalesce(sum(free_records), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_rated_once(after_journal bigint default 0) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with total as (
        select coalesce(sum(l.quantity), 0) as metered, coalesce(sum(l.quantity) filter (where l.price is not null), 0) as rated
          from usage_line l
          join product p on p.id = l.product and p.billable
         where l.n > after_journal
    ), unpriced as (
        select l.account, l.product, l.day, l.period, sum(l.quantity) as quantity
          from usage_line l
          join product p on p.id = l.product and p.billable
         where l.n > after_journal and l.price is null
         group by l.account, l.product, l.day, l.period
        -- What waited before and is priced now is below zero in the new lines alone.
        having sum(l.quantity) > 0 or (sum(l.quantity) < 0 and after_journal = 0)
    ), checked as (
        select u.quantity, w.day is not null as waiting,
               case when w.day is null then
                   format('%s, %s, %s on the invoice of %s: %s metered and not rated', u.account, u.product, u.day,
                          to_char(u.period, 'YYYY-MM'), trim_scale(u.quantity))
               end as told
          from unpriced u
          left join unrated_day w using (account, product, day, period)
    )
    select format('metered %s = rated %s + not rated yet %s', trim_scale(min(metered)), trim_scale(min(rated)),
                  coalesce(trim_scale(sum(c.quantity) filter (where waiting)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from total
      left join checked c on true
$$;

create function verify_late_usage() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with late as (
        select account, period, date_trunc('month', day)::date as month, sum(amount) as cost
          from usage_line
         where day < period and amount is not null
         group by 1, 2, 3
    ), checked as (
        select case when coalesce(k.cost, 0) <> coalesce(l.cost, 0) then
                   format('%s, %s: usage of %s costs %s, kept as %s', account, to_char(period, 'YYYY-MM'),
                          to_char(month, 'YYYY-MM'), trim_scale(coalesce(l.cost, 0)), trim_scale(coalesce(k.cost, 0)))
               end as told
          from late_cost k
          full join late l using (account, period, month)
        union all
        select format('%s, %s: %s was taken back in %s, though the month has no invoice yet', account,
                      to_char(month, 'YYYY-MM'), trim_scale(-cost), to_char(period, 'YYYY-MM'))
          from late
         where cost < 0 and takes_late_usage(account, month)
        union all
        select format('%s, %s: corrections have given back %s more %s than its usage took', account,
                      to_char(coalesce(used_in, period), 'YYYY-MM'),
                      trim_scale(sum(case when debit = 'REVENUE' then amount else -amount end)),
                      case when grant_id is null then 'money' else 'credit of grant ' || grant_id end)
          from posting
         where kind = 'usage'
           and (account, coalesce(used_in, period)) in (select account, month from late where cost < 0)
         group by account, coalesce(used_in, period), grant_id
        having sum(case when debit = 'REVENUE' then amount else -amount end) > 0
    )
    select format('%s account months are billed in later ones', (select count(*) from late)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- The archives with what they must hold, for the check that reads them.
create view verify_archive as
select a.month, a.part, a.file, a.sha256, a.records,
       coalesce((select sum(s.records) from usage_archive_sum s where (s.month, s.part) = (a.month, a.part)), 0) as summed
  from usage_archive a;

create function verify_gate_held() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with open_call as (
        select account, count(idempotency_key) as calls, sum(price) as price
          from gate_authorization
         where status = 'HELD'
         group by account
    ), checked as (
        select coalesce(o.calls, 0) as calls,
               case when b.held <> coalesce(o.price, 0) then
                   format('%s: %s held, but the open calls add up to %s', b.account, trim_scale(b.held),
                          coalesce(trim_scale(o.price), 0))
               end as told
          from gate_balance b
          left join open_call o on o.account = b.account
    )
    select case when coalesce(sum(calls), 0) = 0 then 'no call is open'
                else format('open calls: %s, of accounts: %s', sum(calls), count(*) filter (where calls > 0)) end,
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What each settled call left in the raw usage, and what it cost.
create function verify_gate_settled(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select a.charged, a.currency, a.idempotency_key,
               case
                   when (f.account, f.status, f.currency) <> (a.account, a.status, a.currency) then
                       format('call %s of %s is %s, but its item %s is %s', f.id, f.account, f.status, a.product, a.status)
                   when a.status <> 'SETTLED' then null
                   when a.charged > a.price then
                       format('call %s of %s: charged %s, above its price %s', a.id, a.account, trim_scale(a.charged),
                              trim_scale(a.price))
                   when r.key is null and not exists (select from usage_archive g where g.month = m.month) then
                       format('call %s of %s is settled, but left no usage', a.id, a.account)
                   when r.quantity <> least(a.used, a.quantity) then
                       format('call %s of %s used %s, but %s is kept as usage', a.id, a.account, trim_scale(a.used),
                              trim_scale(r.quantity))
               end as told
          from gate_authorization a
         cross join lateral (select date_trunc('month', a.authorized_at at time zone 'UTC')::date as month) m
          left join usage_record r
            on r.source = 'gate' and r.id = gate_record_id(a) and r.occurred_at = a.authorized_at
          left join gate_authorization f on f.id = a.call
         where (a.status = 'SETTLED' or a.call <> a.id)
           and a.authorized_at >= since::timestamp at time zone 'UTC'
    )
    select format('%s calls are settled: %s', count(idempotency_key) filter (where charged is not null),
                  coalesce((select string_agg(format('%s %s', currency, trim_scale(charged)), ', ' order by currency)
                              from (select currency, sum(charged) as charged from checked where charged is not null
                             group by currency) c), 'no charge')),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Usage of the source 'gate' is what a settled call left, and nothing else; it is taken back only by a correction of the
-- same account, which verify_own_voice() says is an operator's.
create function verify_gate_usage() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select 1 as records, 0 as corrections,
               case
                   when a.id is null then
                       format('record %s of %s has the source gate, but no call of that id was settled: void it', r.id,
                              r.account)
                   when a.account <> r.account then
                       format('record %s of %s has the source gate, but the call is one of %s: void it', r.id, r.account,
                              a.account)
               end as told
          from usage_record r
          left join gate_authorization a on gate_record_id(a) = gate_record_of(r.id) and a.status = 'SETTLED'
         where r.source = 'gate'
           and not (a.id is null
                    and exists (select from usage_void v where v.voided_key = r.key and v.applied_at is not null))
         union all
        select 0, 1,
               case
                   when v.account <> r.account then
                       format('the call %s of %s was taken back in the name of %s, in line %s of %s', r.id, r.account,
                              v.account, v.line, f.name)
               end
          from usage_void v
          join usage_file f on f.id = v.file
          join usage_key k on k.key = v.voided_key
          join usage_record r
            on r.key = k.key
           and r.occurred_at >= k.day::timestamp at time zone 'UTC'
           and r.occurred_at < (k.day + 1)::timestamp at time zone 'UTC'
         where r.source = 'gate'
    )
    select format('%s records of the gate, %s of them taken back', coalesce(sum(records), 0),
                  coalesce(sum(corrections), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Only where every record of an account's month came through the gate, and is billed at what was charged there: usage that
-- is taken in otherwise cannot be refused, nor can a price that was raised afterwards be foreseen. What is billed or taken
-- back in it of earlier months is not of this month's use.
create function verify_gate_limit() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with gated as (
        select account, date_trunc('month', authorized_at at time zone 'UTC')::date as period,
               count(*) + count(*) filter (where used > quantity) as records, sum(charged) as charged,
               max(monthly_limit) as monthly_limit
          from gate_authorization
         where status = 'SETTLED'
         group by 1, 2
    ), taken as (
        select account, period, sum(records) as records
          from (select account, period, records + free_records as records from usage_line where day >= period
                 union all
                select account, date_trunc('month', day)::date, records + free_records from arrived_usage) both_places
         group by account, period
    ), checked as (
        select case when o.accrued > g.monthly_limit then
                   format('%s, %s: %s accrued, above the limit of %s', g.account, to_char(g.period, 'YYYY-MM'),
                          trim_scale(o.accrued), trim_scale(g.monthly_limit))
               end as told
          from gated g
          join taken t on t.account = g.account and t.period = g.period and t.records = g.records
          join monthly_cost m on m.account = g.account and m.period = g.period
         cross join lateral (select sum(cost) as cost, sum(accrued) as accrued
                               from late_cost
                              where account = g.account and period = g.period) l
         cross join lateral (values (m.cost - coalesce(l.cost, 0), m.accrued - least(l.accrued, 0))) o (cost, accrued)
         where o.cost <= g.charged
    )
    select format('%s account months used only the gate, %s of them went above the limit', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
