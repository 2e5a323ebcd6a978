-- The gate: a call is priced and its price held before it runs; settled, it costs at most that price. All that decides
-- stands in three functions, each one call and one transaction. They take the lock of the account's row in gate_balance
-- first and read afterwards: in READ COMMITTED every statement of a volatile function sees what was committed before it,
-- while a single statement that had to wait for the lock would go on with sub-selects from before the wait, and overspend.
-- They commit without waiting for the disk, so that the lock is not held that long; who called waits before it answers.
-- A caller is better refused than kept waiting for the lock: five seconds are more than any chunk or call holds an account.

-- The sum of an account's open holds. Its row is the lock under which calls of one account are decided one after another.
create table gate_balance (
    account text primary key references account,
    held    numeric(38,12) not null default 0,
    constraint gate_held_is_not_negative check (held >= 0)
) with (fillfactor = 50);

-- A call that was let through. Its price is held until it is settled, released or expired.
create table gate_authorization (
    id              uuid primary key default uuidv7(),
    n               bigint generated always as identity,
    account         text not null references gate_balance,
    idempotency_key text not null check (length(idempotency_key) between 1 and 255),
    product         text not null,
    quantity        numeric not null check (quantity > 0),
    billable        boolean not null,
    -- The price is in proportion to the quantity wherever in the month the call comes to lie.
    proportional    boolean not null,
    price           numeric(38,12) not null check (price >= 0),
    currency        text not null,
    -- The account's limit, or its own cap, when the call was let through, by which `verify` judges it.
    monthly_limit   numeric not null,
    status          text not null default 'HELD' check (status in ('HELD', 'SETTLED', 'RELEASED', 'EXPIRED')),
    authorized_at   timestamptz not null,
    expires_at      timestamptz not null check (expires_at > authorized_at),
    -- What was really used, and what it cost.
    used            numeric check (used >= 0),
    charged         numeric(38,12),
    unique (account, idempotency_key),
    check ((status = 'SETTLED') = (used is not null)),
    check ((status = 'SETTLED') = (charged is not null)),
    constraint gate_never_above_price check (charged between 0 and price)
);
create index gate_authorization_held on gate_authorization (account) where status = 'HELD';

-- Calls that were refused with 402, counted by the hour: a row each would cost as much as the call that it refuses.
create table gate_refusal (
    account text not null references account,
    hour    timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
    cause   text not null check (cause <> ''),
    calls   bigint not null check (calls > 0),
    primary key (account, hour, cause)
);

-- Under which entry of usage_file a month's calls are kept. Its lines are counted from the settled calls, because a
-- counter in one row would make every settlement wait for every other.
create table gate_month (
    month date primary key check (extract(day from month) = 1),
    file  bigint not null unique references usage_file
);

create view gate_file as
select m.file, count(*) + count(*) filter (where a.used > a.quantity) as records
  from gate_month m
  join gate_authorization a
    on a.authorized_at >= m.month::timestamp at time zone 'UTC'
   and a.authorized_at < (m.month + interval '1 month') at time zone 'UTC'
 where a.status = 'SETTLED'
 group by m.file;

-- Gives up holds that nobody has ended in time: one account's, or all.
create function gate_expire(only_account text, now timestamptz) returns integer language plpgsql as $$
declare
    expired integer;
begin
    perform from gate_balance
      where account in (select account from gate_authorization
                         where status = 'HELD' and expires_at <= now and (only_account is null or account = only_account))
      order by account
        for update;
    with given_up as (
        update gate_authorization
           set status = 'EXPIRED'
         where status = 'HELD' and expires_at <= now and (only_account is null or account = only_account)
        returning account, price
    ), freed as (
        update gate_balance b
           set held = b.held - g.price
          from (select account, sum(price) as price from given_up group by account) g
         where b.account = g.account
    )
    select count(*) into expired from given_up;
    return expired;
end $$;

-- Makes the month's partition and its entry in usage_file.
create function gate_open_month(new_month date) returns void language plpgsql as $$
begin
    perform usage_record_month(new_month);
    if exists (select from gate_month where month = new_month) then return; end if;
    with file as (
        insert into usage_file (name, format, started_at)
        values ('gate ' || to_char(new_month, 'YYYY-MM'), 'gate', new_month::timestamp at time zone 'UTC')
        returning id
    )
    insert into gate_month (month, file) select new_month, id from file;
end $$;

-- How an account stands on a day. The limit is the seller's or the customer's own cap, if that is lower. Free is what it may
-- still cost: usable credit and what is left of the limit, less what the gate has charged and no night has rated. One statement, since a nightly run moves a charge from there to the ledger in one
-- transaction, seen whole or not at all. Usage of an earlier month comes first to the credit; what it left uncovered counts
-- to that month's limit. What is taken back of earlier months lowers what is owed, and leaves this month's limit as it is.
create function account_standing(of_account text, today date)
    returns table (status text, currency text, monthly_limit numeric, card boolean, free numeric, own_cap numeric)
language sql stable as $$
    select case when a.paused = '' then a.status else 'SUSPENDED' end, a.currency, b.most, c.on_file,
           greatest(g.credit - u.earlier, 0) - u.lately
           + case when c.on_file
                  then greatest(b.most - (coalesce(m.accrued, 0) - least(l.accrued, 0)), 0) else 0 end,
           case when a.spending_cap < a.monthly_limit then a.spending_cap end
      from account a
     cross join lateral (values (least(a.monthly_limit, a.spending_cap))) b (most)
     cross join lateral (values (a.payment_method is not null or a.payment_method_wanted is not null)) c (on_file)
      left join monthly_cost m on m.account = a.id and m.period = date_trunc('month', today)::date
     cross join lateral (
           select sum(accrued) as accrued from late_cost where account = a.id and period = m.period) l
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

-- What is left of an account's credit on a day, less what the gate has charged and no night has rated.
create function credit_left(of_account text, today date) returns numeric language sql stable as $$
    select greatest(g.credit - u.charged, 0)
      from (select coalesce(sum(amount - used), 0) as credit
              from credit_grant
             where account = of_account and (expires_on is null or expires_on > today)) g
     cross join (select coalesce(sum(charge), 0) as charged
                   from (select gate_charge as charge from unrated_day where account = of_account
                          union all
                         select gate_charge from usage_arrival where account = of_account and gated) unrated) u
$$;

-- What accounts want to buy automatically, and may by now; asked again under the account's lock. One at a time, and no more
-- in a month of UTC than they have set.
create function automatic_top_up_wanted() returns setof automatic_top_up language sql stable as $$
    select w.*
      from automatic_top_up w
      join account a on a.id = w.account
     where w.active and a.status = 'ACTIVE' and a.payment_method is not null
$$;

create function automatic_top_up_due(at timestamptz) returns setof automatic_top_up language sql stable as $$
    select w.*
      from automatic_top_up_wanted() w
     where not exists (select from top_up t
                        where t.account = w.account and t.automatic_most is not null and t.status in ('CLAIMED', 'UNKNOWN'))
       and w.amount <= w.monthly_most - (
           select coalesce(sum(t.amount), 0)
             from top_up t
            where t.account = w.account and t.automatic_most is not null
              and t.status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED')
              and t.claimed_at >= date_trunc('month', at, 'UTC'))
       and credit_left(w.account, (at at time zone 'UTC')::date) < w.threshold
$$;

-- Lets a call through and holds its price, or says why not: HELD, KEY_REUSED, STALE_PRICES, or the code of a refusal. An
-- account that owes what the bank took back of used credit pays that first.
create function gate_hold(
    for_account text, for_key text, for_product text, asked numeric, at_price numeric, in_proportion boolean,
    is_billable boolean, priced_with bigint, now timestamptz, until timestamptz,
    out outcome text, out remaining numeric, out own_cap numeric, out this_call gate_authorization
) language plpgsql set lock_timeout = '5s' as $$
declare
    today      date := (now at time zone 'UTC')::date;
    held_now   numeric;
    standing   record;
begin
    perform set_config('synchronous_commit', 'off', true);
    select held into held_now from gate_balance where account = for_account for update;
    if not found then
        insert into gate_balance (account) values (for_account) on conflict do nothing;
        select held into held_now from gate_balance where account = for_account for update;
        perform grant_allowances(for_account, now);
    end if;

    select * into this_call
      from gate_authorization a
     where a.account = for_account and a.idempotency_key = for_key;
    if found then
        outcome := case when this_call.product = for_product and this_call.quantity = asked
                        then 'HELD' else 'KEY_REUSED' end;
        return;
    end if;
    select s.*, (select version from price_book_version) as prices,
           exists (select from gate_month where month = date_trunc('month', today)) as open_month
      into strict standing
      from account_standing(for_account, today) s;
    if priced_with <> standing.prices then
        outcome := 'STALE_PRICES';
        return;
    end if;

    if standing.status = 'SUSPENDED' then
        outcome := 'ACCOUNT_SUSPENDED';
    elsif exists (select from account_balance where account = for_account and owed > 0) then
        outcome := 'PAYMENT_REQUIRED';
    elsif standing.free <= 0 then
        outcome := case when standing.card then 'MONTHLY_LIMIT_REACHED' else 'PAYMENT_METHOD_REQUIRED' end;
    elsif at_price > 0 and at_price > standing.free - held_now then
        if gate_expire(for_account, now) > 0 then
            select held into held_now from gate_balance where account = for_account;
        end if;
        if at_price > standing.free - held_now then outcome := 'PAYMENT_REQUIRED'; end if;
    end if;
    remaining := greatest(standing.free - held_now, 0);
    own_cap := case when standing.card then standing.own_cap end;
    if outcome is not null then return; end if;

    if not standing.open_month then
        perform gate_open_month(date_trunc('month', today)::date);
    end if;
    update gate_balance set held = held + at_price where account = for_account;
    insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency,
                                    monthly_limit, authorized_at, expires_at)
    values (for_account, for_key, for_product, asked, is_billable, in_proportion, at_price, standing.currency,
            standing.monthly_limit, now, until)
    returning * into this_call;
    outcome := 'HELD';
    remaining := remaining - at_price;
end $$;

-- Charges what was used and keeps it as usage: DONE, UNKNOWN, REFUSED where the call was ended otherwise, or NEEDS_CHARGE
-- where the charge depends on the month and the caller has to work it out. What goes beyond the quantity that was asked
-- is kept as a record of its own that costs nothing.
create function gate_settle(
    for_account text, for_id uuid, really_used numeric, key uuid, excess_key uuid, given_charge numeric,
    now timestamptz, out outcome text, out this_call gate_authorization
) language plpgsql set lock_timeout = '5s' as $$
declare
    a         gate_authorization;
    billed    numeric;
    charge    numeric := given_charge;
    used_on   date;
    booked_on date;
    at_file   bigint;
begin
    perform set_config('synchronous_commit', 'off', true);
    perform from gate_balance where account = for_account for update;
    select * into a from gate_authorization where id = for_id and account = for_account;
    if not found then
        outcome := 'UNKNOWN';
        return;
    end if;
    if a.status = 'HELD' and a.expires_at <= now then
        update gate_authorization set status = 'EXPIRED' where id = a.id returning * into a;
        update gate_balance set held = held - a.price where account = for_account;
    end if;
    this_call := a;
    if a.status <> 'HELD' then
        outcome := case when a.status = 'SETTLED' and a.used = really_used then 'DONE' else 'REFUSED' end;
        return;
    end if;

    billed := least(really_used, a.quantity);
    if charge is null and a.proportional then
        charge := round(a.price * billed / a.quantity, 12);
        if charge * a.quantity <> a.price * billed then charge := null; end if;
    end if;
    if charge is null then
        outcome := 'NEEDS_CHARGE';
        return;
    end if;
    charge := least(charge, a.price);

    used_on := (a.authorized_at at time zone 'UTC')::date;
    -- The charge is booked on the day of settlement: only when that is rated, all that it was reckoned upon is rated.
    booked_on := greatest(used_on, least((now at time zone 'UTC')::date,
                                        (date_trunc('month', used_on) + interval '1 month - 1 day')::date));
    select file into strict at_file from gate_month where month = date_trunc('month', used_on)::date;
    insert into usage_key (key, content, file, line, day) values (key, 0, at_file, a.n, used_on);
    insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, file, line)
    values (key, 'gate', a.id::text, a.account, a.product, billed, a.authorized_at, false, a.billable, at_file, a.n);
    if really_used > billed then
        insert into usage_key (key, content, file, line, day) values (excess_key, 0, at_file, a.n, used_on);
        insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation,
                                  file, line)
        values (excess_key, 'gate', a.id || '+', a.account, a.product, really_used - billed, a.authorized_at, false, false,
                'excess', at_file, a.n);
    end if;
    insert into usage_arrival as u (file, account, product, day, quantity, records, free_quantity, free_records, gated,
                                    gate_charge)
    values (at_file, a.account, a.product, used_on,
            case when a.billable then billed else 0 end, case when a.billable then 1 else 0 end,
            really_used - case when a.billable then billed else 0 end,
            (not a.billable)::integer + (really_used > billed)::integer,
            true, case when booked_on = used_on then charge else 0 end)
        on conflict (account, product, day) where gated do update
       set quantity = u.quantity + excluded.quantity, records = u.records + excluded.records,
           free_quantity = u.free_quantity + excluded.free_quantity, free_records = u.free_records + excluded.free_records,
           gate_charge = u.gate_charge + excluded.gate_charge;
    if booked_on <> used_on then
        insert into usage_arrival as u (file, account, product, day, quantity, records, free_quantity, free_records, gated,
                                        gate_charge)
        values (at_file, a.account, a.product, booked_on, 0, 0, 0, 0, true, charge)
            on conflict (account, product, day) where gated do update set gate_charge = u.gate_charge + excluded.gate_charge;
    end if;
    update gate_balance set held = held - a.price where account = for_account;
    update gate_authorization
       set status = 'SETTLED', used = really_used, charged = charge
     where id = a.id
    returning * into this_call;
    outcome := 'DONE';
end $$;

-- Gives a hold back, of a call that failed: DONE, UNKNOWN, or REFUSED where it was settled.
create function gate_release(
    for_account text, for_id uuid, now timestamptz, out outcome text, out this_call gate_authorization
) language plpgsql set lock_timeout = '5s' as $$
declare
    a gate_authorization;
begin
    perform set_config('synchronous_commit', 'off', true);
    perform from gate_balance where account = for_account for update;
    select * into a from gate_authorization where id = for_id and account = for_account;
    if not found then
        outcome := 'UNKNOWN';
        return;
    end if;
    if a.status = 'HELD' then
        update gate_authorization
           set status = case when a.expires_at <= now then 'EXPIRED' else 'RELEASED' end
         where id = a.id
        returning * into a;
        update gate_balance set held = held - a.price where account = for_account;
    end if;
    outcome := case when a.status = 'SETTLED' then 'REFUSED' else 'DONE' end;
    this_call := a;
end $$;

-- Whether the gate has settled this call of the account: only then there is something to take back. The id is that of the
-- usage record, with a + behind it for what went beyond the quantity that was asked.
create function gate_has_settled(of_account text, record_id text) returns boolean language sql stable as $$
    select exists (select from gate_authorization
                    where id = case when record_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[+]?$'
                                    then rtrim(record_id, '+')::uuid end
                      and account = of_account
                      and status = 'SETTLED'
                      and (right(record_id, 1) <> '+' or used > quantity))
$$;

-- Whether calls from before a day are still open, or wait to be rated: credit that was to cover them expires a night later.
create function credit_awaited(of_account text, before date) returns boolean language sql stable as $$
    select exists (select from gate_authorization
                    where account = of_account and status = 'HELD'
                      and authorized_at < before::timestamp at time zone 'UTC')
        or exists (select from usage_arrival where account = of_account and gated and day < before)
        or exists (select from unrated_day where account = of_account and day < before and gate_charge > 0)
$$;
