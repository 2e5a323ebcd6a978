-- The invariants of the books, one function each: `select * from verify_grants()` in psql tells the figure that was
-- proved, how many rows break the rule, and the first five of them in words. A function that takes a day looks only at
-- what is new since then, so that it stays cheap as history grows; the others read all of it.

-- Postings are added in order of time: a block range index finds a period's for next to nothing.
create index posting_period on posting using brin (period) with (pages_per_range = 32);

-- Decimals of the minor unit in which Stripe takes a currency: ISO 4217, but that ISK and UGX have two and MGA none.
create function currency_decimals(currency text) returns integer language sql immutable as $$
    select case
        when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF',
                          'XPF') then 0
        when currency in ('BHD', 'JOD', 'KWD', 'OMR', 'TND') then 3
        else 2
    end
$$;

-- The last night that is done, by which suspension and expiry must have followed.
create view verify_last_night as
select date, max(id) as run
  from run
 where job = 'nightly'
   and status = 'COMPLETED'
   and date = (select max(date) from run where job = 'nightly' and status = 'COMPLETED')
 group by date;

create function verify_files(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with quarantine as (
        select file, count(*) as lines
          from usage_quarantine
         where file in (select id from usage_file where started_at >= since::timestamp at time zone 'UTC')
         group by file
    ), checked as (
        select f.lines, f.accepted, f.duplicates, f.quarantined,
               case
                   when f.lines <> f.accepted + f.duplicates + f.quarantined then
                       format('file %s (%s): %s lines, but %s accepted, %s duplicates, %s quarantined',
                              f.id, f.name, f.lines, f.accepted, f.duplicates, f.quarantined)
                   when f.quarantined <> coalesce(q.lines, 0) then
                       format('file %s (%s): %s quarantined, but %s lines are kept of it', f.id, f.name, f.quarantined,
                              coalesce(q.lines, 0))
               end as told
          from usage_file f
          left join quarantine q on q.file = f.id
         where f.started_at >= since::timestamp at time zone 'UTC'
    )
    select format('%s files: lines %s = accepted %s + duplicates %s + quarantined %s', count(*), coalesce(sum(lines), 0),
                  coalesce(sum(accepted), 0), coalesce(sum(duplicates), 0), coalesce(sum(quarantined), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_nothing_dropped() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with record as (
        select file, count(*) as records from usage_record group by file
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
        select f.lines, f.duplicates, k.records, k.corrections, k.held,
               case
                   when f.id is null then format('%s records name the file %s, which is not known', k.records, k.file)
                   -- A line released from quarantine may have turned out to be a duplicate, of which nothing is kept.
                   when f.lines - f.duplicates - coalesce(k.records + k.corrections + k.held, 0)
                        not between 0 and coalesce(k.released, 0) then
                       format('file %s (%s): %s lines, but %s duplicates, %s records, %s corrections and %s in quarantine',
                              f.id, f.name, f.lines, f.duplicates, coalesce(k.records, 0), coalesce(k.corrections, 0),
                              coalesce(k.held, 0))
               end as told
          from usage_file f
          full join kept k on k.file = f.id
    )
    select format('%s lines: records %s, corrections %s, duplicates %s, in quarantine %s', coalesce(sum(lines), 0),
                  coalesce(sum(records), 0), coalesce(sum(corrections), 0), coalesce(sum(duplicates), 0),
                  coalesce(sum(held), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_failed_free() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when billable then format('record %s of %s (source %s, %s) failed, but is billed', id, account, source,
                                              product) end as told
          from usage_record
         where failed
    )
    select format('%s failed calls, %s of them billed', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_metered_once() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with kept as (
        select r.account, r.product, (r.occurred_at at time zone 'UTC')::date as day,
               coalesce(sum(r.quantity) filter (where r.billable), 0) as quantity,
               count(*) filter (where r.billable) as records,
               count(*) filter (where not r.billable) as free_records
          from usage_record r
          left join usage_void v on v.voided_key = r.key and v.applied_at is not null
         where v.key is null
         group by 1, 2, 3
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

-- How far the journal and the postings were proved by runs that ended well. Both are history and only runs add usage to
-- them, so that the next run proves what came behind.
create table proved (
    id      bigint generated always as identity primary key,
    journal bigint not null,
    posting bigint not null
);

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

create function verify_rated_is_posted(after_journal bigint default 0, after_posting bigint default 0) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with rated as (
        select c.account, c.period, p.currency, sum(c.amount) as amount
          from usage_line c
          join price p on p.id = c.price
         where c.n > after_journal
         group by c.account, c.period, p.currency
    ), posted as (
        select account, period, currency, sum(case when credit = 'REVENUE' then amount else -amount end) as amount
          from posting
         where 'REVENUE' in (debit, credit)
           and id > after_posting
         group by account, period, currency
    ), checked as (
        select r.amount as rated, p.amount as posted, coalesce(r.currency, p.currency) as currency,
               case when coalesce(r.amount, 0) <> coalesce(p.amount, 0) then
                   format('%s, %s: rated %s %s, but posted as revenue %s', coalesce(r.account, p.account),
                          to_char(coalesce(r.period, p.period), 'YYYY-MM'), coalesce(trim_scale(r.amount), 0),
                          coalesce(r.currency, p.currency), coalesce(trim_scale(p.amount), 0))
               end as told
          from rated r
          full join posted p on p.account = r.account and p.period = r.period and p.currency = r.currency
    ), summed as (
        select currency, coalesce(trim_scale(sum(rated)), 0) as rated, coalesce(trim_scale(sum(posted)), 0) as posted,
               count(told) as broken, array_agg(told) filter (where told is not null) as told
          from checked
         group by currency
    )
    select coalesce(string_agg(format('%s: rated %s = revenue %s', currency, rated, posted), '; ' order by currency),
                    'nothing rated'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(line order by line))[1:5] from summed s, unnest(s.told) line), '{}')
      from summed
$$;

create function verify_no_cent_lost() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select p.currency, sum(c.amount) as rated, 0 as credits, 0 as invoiced, 0 as accrued, 0 as rounding
          from usage_line c
          join price p on p.id = c.price
         group by p.currency
         union all
        select currency, 0,
               sum(case when debit = 'GRANT' and credit = 'REVENUE' then amount
                        when debit = 'REVENUE' and credit = 'GRANT' then -amount else 0 end),
               0,
               sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end),
               sum(case when debit = 'ROUNDING' then amount when credit = 'ROUNDING' then -amount else 0 end)
          from posting
         group by currency
         union all
        select currency, 0, 0, sum(subtotal - credits), 0, 0
          from invoice
         where status not in ('DRAFT', 'VOID')
         group by currency
    ), summed as (
        select currency, trim_scale(sum(rated)) as rated, trim_scale(sum(credits)) as credits,
               trim_scale(sum(invoiced)) as invoiced, trim_scale(sum(accrued)) as accrued,
               trim_scale(sum(rounding)) as rounding
          from part
         group by currency
    ), checked as (
        select *, format('%s: rated %s = credits %s + invoiced %s + accrued %s + rounding %s', currency, rated, credits,
                         invoiced, accrued, rounding) as sums,
               case when rated <> credits + invoiced + accrued + rounding then
                   format('%s: rated %s, but credits %s + invoiced %s + accrued %s + rounding %s = %s', currency, rated,
                          credits, invoiced, accrued, rounding, credits + invoiced + accrued + rounding)
               end as told
          from summed
    )
    select coalesce(string_agg(sums, '; ' order by currency), 'nothing rated'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_monthly_cost(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, period, sum(case when credit = 'REVENUE' then amount else -amount end) as cost,
               sum(case when debit = 'GRANT' then amount when credit = 'GRANT' then -amount else 0 end) as credits,
               sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end) as accrued
          from posting
         where 'REVENUE' in (debit, credit)
           and period >= since
         group by account, period
    ), checked as (
        select m.cost, m.credits, m.accrued,
               case
                   when m.cost <> m.credits + m.accrued then
                       format('%s, %s: cost %s, but credits %s + accrued %s', m.account, to_char(m.period, 'YYYY-MM'),
                              trim_scale(m.cost), trim_scale(m.credits), trim_scale(m.accrued))
                   when (coalesce(m.cost, 0), coalesce(m.credits, 0), coalesce(m.accrued, 0))
                     <> (coalesce(p.cost, 0), coalesce(p.credits, 0), coalesce(p.accrued, 0)) then
                       format('%s, %s: cost %s, credits %s, accrued %s, but its postings say %s, %s, %s',
                              coalesce(m.account, p.account), to_char(coalesce(m.period, p.period), 'YYYY-MM'),
                              coalesce(trim_scale(m.cost), 0), coalesce(trim_scale(m.credits), 0),
                              coalesce(trim_scale(m.accrued), 0), coalesce(trim_scale(p.cost), 0),
                              coalesce(trim_scale(p.credits), 0), coalesce(trim_scale(p.accrued), 0))
               end as told
          from (select * from monthly_cost where period >= since) m
          full join posted p on p.account = m.account and p.period = m.period
    )
    select format('%s monthly costs: cost %s = credits %s + accrued %s', count(*), coalesce(trim_scale(sum(cost)), 0),
                  coalesce(trim_scale(sum(credits)), 0), coalesce(trim_scale(sum(accrued)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_grants() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select grant_id, sum(amount) filter (where kind = 'granted') as granted,
               sum(case when debit = 'GRANT' then amount else -amount end) filter (where kind <> 'granted') as used
          from posting
         where grant_id is not null
         group by grant_id
    ), checked as (
        select g.amount, g.used,
               case
                   when g.used not between 0 and g.amount then
                       format('grant %s of %s (%s): %s used of %s', g.id, g.account, g.kind, trim_scale(g.used),
                              trim_scale(g.amount))
                   when g.amount <> coalesce(p.granted, 0) then
                       format('grant %s of %s (%s): amount %s, but %s is posted as granted', g.id, g.account, g.kind,
                              trim_scale(g.amount), coalesce(trim_scale(p.granted), 0))
                   when g.used <> coalesce(p.used, 0) then
                       format('grant %s of %s (%s): %s used, but its postings say %s', g.id, g.account, g.kind,
                              trim_scale(g.used), coalesce(trim_scale(p.used), 0))
               end as told
          from credit_grant g
          left join posted p on p.grant_id = g.id
    )
    select format('%s grants: granted %s = used and expired %s + left %s', count(*), coalesce(trim_scale(sum(amount)), 0),
                  coalesce(trim_scale(sum(used)), 0), coalesce(trim_scale(sum(amount - used)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_expired_grants() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when g.expires_on < n.date then
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

create function verify_accrued_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, sum(case when debit = 'ACCRUED' then amount else -amount end) as amount
          from posting
         where 'ACCRUED' in (debit, credit)
         group by account
    ), open_period as (
        select m.account, sum(m.accrued) as amount
          from monthly_cost m
         where not exists (select from invoice i
                            where i.account = m.account and i.period = m.period and i.status not in ('DRAFT', 'VOID'))
         group by m.account
    ), checked as (
        select p.amount as posted, o.amount as open,
               case when coalesce(p.amount, 0) <> coalesce(o.amount, 0) then
                   format('%s: ACCRUED is %s, but its periods without an invoice accrued %s', coalesce(p.account, o.account),
                          coalesce(trim_scale(p.amount), 0), coalesce(trim_scale(o.amount), 0))
               end as told
          from posted p
          full join open_period o on o.account = p.account
    )
    select format('ACCRUED %s = accrued in periods without an invoice %s', coalesce(trim_scale(sum(posted)), 0),
                  coalesce(trim_scale(sum(open)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_invoice_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select id, number, account, period, subtotal - credits as net, tax, total
          from invoice
         where status not in ('DRAFT', 'VOID')
           and period >= since
    ), posted as (
        select p.invoice,
               sum(case when p.debit = 'RECEIVABLE' then p.amount when p.credit = 'RECEIVABLE' then -p.amount else 0 end)
                   as receivable,
               -- What a credit note takes back of the tax is its own (verify_credit_notes).
               sum(case when p.kind in ('credited', 'granted') then 0 when p.credit = 'TAX' then p.amount
                        when p.debit = 'TAX' then -p.amount else 0 end) as tax,
               sum(case when p.credit = 'ACCRUED' then p.amount when p.debit = 'ACCRUED' then -p.amount else 0 end) as accrued
          from posting p
          join issued i on i.id = p.invoice
         group by p.invoice
    ), settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join issued i on i.id = s.invoice
         group by s.invoice
    ), checked as (
        select i.total, i.tax, s.amount as settled,
               case
                   when coalesce(p.receivable, 0) <> i.total - coalesce(s.amount, 0) then
                       format('invoice %s: total %s less settled %s, but RECEIVABLE says %s', i.number, i.total,
                              coalesce(s.amount, 0), coalesce(trim_scale(p.receivable), 0))
                   when coalesce(p.tax, 0) <> i.tax then
                       format('invoice %s: tax %s, but posted %s', i.number, i.tax, coalesce(trim_scale(p.tax), 0))
                   when coalesce(p.accrued, 0) <> coalesce(m.accrued, 0) then
                       format('invoice %s: %s accrued in its period, but posted %s as invoiced', i.number,
                              coalesce(trim_scale(m.accrued), 0), coalesce(trim_scale(p.accrued), 0))
               end as told
          from issued i
          left join posted p on p.invoice = i.id
          left join settled s on s.invoice = i.id
          left join monthly_cost m on m.account = i.account and m.period = i.period
    )
    select format('%s invoices of %s, of which tax %s, less settled %s', count(*), coalesce(sum(total), 0),
                  coalesce(sum(tax), 0), coalesce(sum(settled), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_receivable_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, currency, sum(case when debit = 'RECEIVABLE' then amount else -amount end) as amount
          from posting
         where 'RECEIVABLE' in (debit, credit)
         group by account, currency
    ), settled as (
        select invoice, sum(amount) as amount from settlement group by invoice
    ), owed as (
        select i.account, i.currency, sum(i.amount_due - coalesce(s.amount, 0)) as open,
               sum(i.carried_forward - i.carried_in) as carried
          from invoice i
          left join settled s on s.invoice = i.id
         where i.status not in ('DRAFT', 'VOID')
         group by i.account, i.currency
    ), checked as (
        select p.amount as posted, o.open, o.carried,
               case when coalesce(p.amount, 0) <> coalesce(o.open + o.carried, 0) then
                   format('%s: RECEIVABLE is %s %s, but its invoices have %s open and %s carried',
                          coalesce(p.account, o.account), coalesce(trim_scale(p.amount), 0),
                          coalesce(p.currency, o.currency), coalesce(o.open, 0), coalesce(o.carried, 0))
               end as told
          from posted p
          full join owed o on o.account = p.account and o.currency = p.currency
    )
    select format('RECEIVABLE %s = open %s + carried %s', coalesce(trim_scale(sum(posted)), 0), coalesce(sum(open), 0),
                  coalesce(sum(carried), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_carried() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with chain as (
        select number, account, carried_in, carried_forward,
               coalesce(lag(carried_forward) over (partition by account, currency order by id), 0) as brought
          from invoice
         where status not in ('DRAFT', 'VOID')
    ), checked as (
        select carried_in, carried_forward,
               case when carried_in <> brought then
                   format('invoice %s of %s carries in %s, but the invoice before it carried %s forward', number, account,
                          carried_in, brought)
               end as told
          from chain
    )
    select format('%s invoices: carried in %s, carried forward %s', count(*), coalesce(sum(carried_in), 0),
                  coalesce(sum(carried_forward), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_invoice_totals(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with line as (
        select l.invoice, sum(l.amount) as amount
          from invoice_line l
          join invoice i on i.id = l.invoice and i.period >= since
         group by l.invoice
    ), checked as (
        select i.subtotal, i.total, l.amount,
               case
                   when i.subtotal <> coalesce(l.amount, 0) then
                       format('invoice %s: subtotal %s, but its lines add up to %s', i.number, i.subtotal,
                              coalesce(l.amount, 0))
                   when i.total <> i.subtotal - i.credits + i.tax then
                       format('invoice %s: total %s, but subtotal %s - credits %s + tax %s', i.number, i.total, i.subtotal,
                              i.credits, i.tax)
                   when i.amount_due <> i.total + i.carried_in - i.carried_forward then
                       format('invoice %s: amount due %s, but total %s + carried in %s - carried forward %s', i.number,
                              i.amount_due, i.total, i.carried_in, i.carried_forward)
               end as told
          from invoice i
          left join line l on l.invoice = i.id
         where i.status <> 'DRAFT'
           and i.period >= since
    )
    select format('%s invoices: lines %s = subtotals %s; totals %s', count(*), coalesce(sum(amount), 0),
                  coalesce(sum(subtotal), 0), coalesce(sum(total), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_invoice_numbers(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select year, count(*) as invoices, count(distinct number) as numbers, count(distinct n) as counted, min(n) as first,
               max(n) as last
          from (select year, number, substring(number from '(\d+)$')::integer as n from invoice where number is not null) i
         where year >= extract(year from greatest(since, date '0001-01-01'))
         group by year
    ), series as (
        select year, last_number
          from invoice_series
         where year >= extract(year from greatest(since, date '0001-01-01'))
    ), checked as (
        select coalesce(i.year, s.year) as year, coalesce(i.invoices, 0) as invoices, coalesce(s.last_number, 0) as last,
               case when coalesce(s.last_number, 0) <> coalesce(i.invoices, 0)
                      or i.invoices <> i.counted or i.invoices <> i.numbers or i.first <> 1 or i.last <> s.last_number then
                   format('%s: %s invoices with %s numbers from %s to %s, but the series is at %s', coalesce(i.year, s.year),
                          coalesce(i.invoices, 0), coalesce(i.counted, 0), coalesce(i.first, 0), coalesce(i.last, 0),
                          coalesce(s.last_number, 0))
               end as told
          from issued i
          full join series s on s.year = i.year
    )
    select coalesce(string_agg(format('%s: %s invoices, 1 to %s', year, invoices, last), '; ' order by year),
                    'no invoice is issued'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_one_invoice(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select count(*) as invoices,
               case when count(*) > 1 then
                   format('%s has %s invoices for %s in %s: %s', account, count(*), to_char(period, 'YYYY-MM'), currency,
                          string_agg(coalesce(number, 'draft'), ', ' order by id))
               end as told
          from invoice
         where period >= since
         group by account, period, currency
    )
    select format('%s invoices for %s accounts and periods', coalesce(sum(invoices), 0), count(*)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_settlements(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join invoice i on i.id = s.invoice and i.period >= since
         group by s.invoice
    ), checked as (
        select i.amount_due, coalesce(s.amount, 0) as settled,
               case
                   when i.status = 'DRAFT' and s.amount is not null then
                       format('a draft of %s for %s has %s settled', i.account, to_char(i.period, 'YYYY-MM'), s.amount)
                   when s.amount > i.amount_due then
                       format('invoice %s: %s settled of %s due', i.number, s.amount, i.amount_due)
                   when i.status in ('OPEN', 'PAID') and (i.status = 'PAID') <> (i.amount_due = coalesce(s.amount, 0)) then
                       format('invoice %s is %s with %s open', i.number, i.status, i.amount_due - coalesce(s.amount, 0))
               end as told
          from invoice i
          left join settled s on s.invoice = i.id
         where i.period >= since
    )
    select format('due %s = settled %s + open %s', coalesce(sum(amount_due), 0), coalesce(sum(settled), 0),
                  coalesce(sum(amount_due - settled), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_notices(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select count(*) as notices, count(*) filter (where status = 'SENT') as sent,
               case
                   when count(*) > 1 then
                       format('the notice %s of %s to %s is there %s times, sent %s times', kind, key, recipient, count(*),
                              count(*) filter (where status = 'SENT'))
                   when min(status) = 'SENT' and min(tries) < 1 then
                       format('the notice %s of %s to %s is sent, but was never tried', kind, key, recipient)
               end as told
          from notice
         where queued_at >= since::timestamp at time zone 'UTC'
         group by kind, key, recipient
    )
    select format('%s notices, %s of them sent', coalesce(sum(notices), 0), coalesce(sum(sent), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What must lie in the documents folder: the PDF of each issued invoice of a monthly run that rendered its documents.
create view verify_document as
select i.period, i.number, d.file, d.sha256
  from invoice i
  join (select date as period
          from run
         where job = 'monthly'
           and latest
         group by date
        having bool_and(status = 'COMPLETED')) done on done.period = i.period
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT';
