-- Whether a frozen month still takes usage of an account: the month is held, so that there is no invoice of it yet.
create function takes_late_usage(of_account text, month date) returns boolean language sql stable as $$
    select exists (select from held
                    where step = 'draft-invoices' and account = of_account and period = month and resolved_at is null)
       and not exists (select from invoice where account = of_account and period = month)
$$;

-- The billing period of usage that is new: its own month or, where that is invoiced, the first one that is not frozen.
create function billed_in(of_account text, used_on date) returns date language sql stable as $$
    select case when o.first is null or m.month >= o.first or takes_late_usage(of_account, m.month)
                then m.month else o.first end
      from (select (max(period) + interval '1 month')::date as first from billing_period) o
     cross join (select date_trunc('month', used_on)::date as month) m
$$;

-- What usage of earlier months costs in the period that it is billed in; below zero where more was taken back than came.
create table late_cost (
    account text not null references account,
    period  date not null check (extract(day from period) = 1),
    cost    numeric(38,12) not null,
    primary key (account, period)
);
insert into late_cost (account, period, cost)
select account, period, sum(amount)
  from usage_line
 where day < period and amount is not null
 group by account, period;

create or replace function usage_journal_holds() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    missing text;
begin
    select i.account || ', ' || i.product into missing
      from (select distinct account, product from inserted) i
      left join account a on a.id = i.account
      left join product p on p.id = i.product
     where a.id is null or p.id is null
     limit 1;
    if missing is not null then
        raise foreign_key_violation using message = 'usage of an account or product that is not there: ' || missing;
    end if;
    select format('%s, %s, %s at price %s', i.account, i.product, l.day, l.price) into missing
      from (select l.price, min(i.n) as n
              from inserted i
             cross join unnest(i.lines) l
             where l.price is not null
             group by l.price) used
      left join price p on p.id = used.price
      join inserted i on i.n = used.n
     cross join unnest(i.lines) l
     where p.id is null and l.price = used.price
     limit 1;
    if missing is not null then
        raise foreign_key_violation using message = 'usage at a price that is not there: ' || missing;
    end if;
    select format('%s, %s, %s', i.account, i.product, i.lines) into missing
      from inserted i
     cross join unnest(i.lines) l
     where l.day is null or l.day > i.last_day or l.quantity is null or l.records is null or l.free_quantity is null
        or l.free_records is null or (l.price is null) <> (l.amount is null) or (l.price is null) <> (l.tier is null)
     limit 1;
    if missing is not null then
        raise check_violation using message = 'lines of usage out of order or not whole: ' || missing;
    end if;
    -- What waited for a price may be rated still.
    select format('%s, %s, %s', i.account, i.product, to_char(i.period, 'YYYY-MM')) into missing
      from inserted i
      join billing_period f on f.period = i.period
     cross join lateral (
           select sum(quantity) as quantity, sum(records) as records, sum(free_quantity) as free_quantity,
                  sum(free_records) as free_records
             from unnest(i.lines)) added
     where (added.quantity, added.records, added.free_quantity, added.free_records) <> (0, 0, 0, 0)
       and not takes_late_usage(i.account, i.period)
     limit 1;
    if missing is not null then
        raise check_violation using message = 'more usage in a period that is frozen: ' || missing;
    end if;
    return null;
end $$;

-- How an account stands on a day. Free is what it may still cost: usable credit and what is left of the limit, less what the
-- gate has charged and no night has rated. One statement, since a nightly run moves a charge from there to the ledger in one
-- transaction, seen whole or not at all. Usage of an earlier month comes first to the credit; what it left uncovered counts
-- to that month's limit. What is taken back of earlier months lowers what is owed, and leaves this month's limit as it is.
create or replace function account_standing(of_account text, today date)
    returns table (status text, currency text, monthly_limit numeric, card boolean, free numeric)
language sql stable as $$
    select a.status, a.currency, a.monthly_limit, c.on_file,
           greatest(g.credit - u.earlier, 0) - u.lately
           + case when c.on_file
                  then greatest(a.monthly_limit - (coalesce(m.accrued, 0) - least(l.cost, 0)), 0) else 0 end
      from account a
     cross join lateral (values (a.payment_method is not null or a.payment_method_wanted is not null)) c (on_file)
      left join monthly_cost m on m.account = a.id and m.period = date_trunc('month', today)::date
      left join late_cost l on l.account = a.id and l.period = m.period
     cross join lateral (
           select coalesce(sum(amount - used), 0) as credit
             from credit_grant
            where account = a.id and (expires_on is null or expires_on > today)) g
     cross join lateral (
           select coalesce(sum(charge) filter (where period < date_trunc('month', today)), 0) as earlier,
                  coalesce(sum(charge) filter (where period >= date_trunc('month', today)), 0) as lately
             from (select gate_charge as charge, period
                     from unrated_day
                    where account = a.id
                    union all
                   select gate_charge, billed_in(account, day)
                     from usage_arrival
                    where account = a.id and gated) unrated) u
     where a.id = of_account
$$;

-- Only where every record of an account's month came through the gate, and is billed at what was charged there: usage that
-- is taken in otherwise cannot be refused, nor can a price that was raised afterwards be foreseen. What is billed or taken
-- back in it of earlier months is not of this month's use.
create or replace function verify_gate_limit() returns table (figure text, broken bigint, examples text[])
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
                select account, date_trunc('month', day)::date, records + free_records from usage_arrival) both_places
         group by account, period
    ), checked as (
        select case when o.accrued > g.monthly_limit then
                   format('%s, %s: %s accrued, above the limit of %s', g.account, to_char(g.period, 'YYYY-MM'),
                          trim_scale(o.accrued), trim_scale(g.monthly_limit))
               end as told
          from gated g
          join taken t on t.account = g.account and t.period = g.period and t.records = g.records
          join monthly_cost m on m.account = g.account and m.period = g.period
          left join late_cost l on l.account = g.account and l.period = g.period
         cross join lateral (values (m.cost - coalesce(l.cost, 0), m.accrued - least(l.cost, 0))) o (cost, accrued)
         where o.cost <= g.charged
    )
    select format('%s account months used only the gate, %s of them went above the limit', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_late_usage() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with late as (
        select account, period, date_trunc('month', day)::date as month, sum(amount) as cost
          from usage_line
         where day < period and amount is not null
         group by 1, 2, 3
    ), added as (
        select account, period, sum(cost) as cost from late group by 1, 2
    ), checked as (
        select case when coalesce(l.cost, 0) <> coalesce(a.cost, 0) then
                   format('%s, %s: usage of earlier months costs %s, kept as %s', account, to_char(period, 'YYYY-MM'),
                          trim_scale(coalesce(a.cost, 0)), trim_scale(coalesce(l.cost, 0)))
               end as told
          from late_cost l
          full join added a using (account, period)
        union all
        select format('%s, %s: %s was taken back in %s, though the month has no invoice yet', account,
                      to_char(month, 'YYYY-MM'), trim_scale(-cost), to_char(period, 'YYYY-MM'))
          from late
         where cost < 0 and takes_late_usage(account, month)
    )
    select format('%s account months bill usage of earlier ones', (select count(*) from added)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
