-- Raw records of closed months that lie in files under POSTPAID_HOME/archive instead of in a partition. A month has
-- another part for each time that records came for it after it was archived.
create table usage_archive (
    month       date not null check (extract(day from month) = 1),
    part        integer not null check (part >= 1),
    file        text not null unique,
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    records     bigint not null check (records >= 0),
    archived_at timestamptz not null,
    primary key (month, part)
);

-- What the records of an archive add up to, so that the books can be proved without reading it. `verify` also reads it.
create table usage_archive_sum (
    month           date not null,
    part            integer not null,
    file            bigint not null,
    account         text not null,
    product         text not null,
    day             date not null,
    failed          boolean not null,
    billable        boolean not null,
    records         bigint not null check (records > 0),
    quantity        numeric not null,
    voided_records  bigint not null,
    voided_quantity numeric not null,
    primary key (month, part, file, account, product, day, failed, billable),
    foreign key (month, part) references usage_archive,
    check (voided_records between 0 and records)
);

create or replace function verify_nothing_dropped() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with record as (
        select file, sum(records)::bigint as records
          from (select file, count(*) as records from usage_record group by file
                 union all
                select file, sum(records) from usage_archive_sum group by file) both_places
         group by file
    ), correction as (
        select file, count(*) as corrections from usage_void group by file
    ), quarantine as (
        select file, count(*) filter (where released_at is null) as held,
               count(*) filter (where released_at is not null) as released
          from usage_quarantine
         group by file
    ), kept as (
        select file, coalesce(records, 0) as records, coalesce(corrections, 0) as corrections, coalesce(held, 0) as held,
               coalesce(released, 0) as released
          from record full join correction using (file) full join quarantine using (file)
    ), checked as (
        select f.lines + coalesce(g.records, 0) as lines, f.duplicates, k.records, k.corrections, k.held,
               case
                   when f.id is null then format('%s records name the file %s, which is not known', k.records, k.file)
                   -- A line released from quarantine may have turned out to be a duplicate, of which nothing is kept.
                   when f.lines + coalesce(g.records, 0) - f.duplicates
                        - coalesce(k.records + k.corrections + k.held, 0)
                        not between 0 and coalesce(k.released, 0) then
                       format('file %s (%s): %s lines, but %s duplicates, %s records, %s corrections and %s in quarantine',
                              f.id, f.name, f.lines + coalesce(g.records, 0), f.duplicates, coalesce(k.records, 0), coalesce(k.corrections, 0),
                              coalesce(k.held, 0))
               end as told
          from usage_file f
          full join kept k on k.file = f.id
          -- The lines of the gate's own usage are its settled calls.
          left join gate_file g on g.file = f.id
    )
    select format('%s lines: records %s, corrections %s, duplicates %s, in quarantine %s', coalesce(sum(lines), 0),
                  coalesce(sum(records), 0), coalesce(sum(corrections), 0), coalesce(sum(duplicates), 0),
                  coalesce(sum(held), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_failed_free() returns table (figure text, broken bigint, examples text[])
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
    )
    select format('%s failed calls, %s of them billed', coalesce(sum(records), 0),
                  coalesce(sum(records) filter (where told is not null), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_metered_once() returns table (figure text, broken bigint, examples text[])
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
                 where records > voided_records) both_places
         group by account, product, day
    ), counted as (
        select account, product, day, sum(quantity) as quantity, sum(records) as records, sum(free_records) as free_records
          from (select account, product, day, quantity, records, free_records from usage_line
                 union all
                select account, product, day, quantity, records, free_records from usage_arrival) both_places
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

-- What each settled call left in the raw usage, and what it cost.
create function verify_gate_settled(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select a.charged, a.currency,
               case
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
            on r.source = 'gate' and r.id = a.id::text and r.occurred_at = a.authorized_at
         where a.status = 'SETTLED'
           and a.authorized_at >= since::timestamp at time zone 'UTC'
    )
    select format('%s calls are settled: %s', count(*),
                  coalesce((select string_agg(format('%s %s', currency, trim_scale(charged)), ', ' order by currency)
                              from (select currency, sum(charged) as charged from checked group by currency) c), 'no charge')),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- The archives with what they must hold, for the check that reads them.
create view verify_archive as
select a.month, a.part, a.file, a.sha256, a.records,
       coalesce((select sum(s.records) from usage_archive_sum s where (s.month, s.part) = (a.month, a.part)), 0) as summed
  from usage_archive a;

drop view report_usage_record;
create view report_usage_record as
select file, occurred_at, failed, billable, 1 as records from usage_record
 union all
select file, day::timestamp at time zone 'UTC', failed, billable, records from usage_archive_sum;
