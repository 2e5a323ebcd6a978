-- The gate: a call is priced before it runs and its price held; settled, it costs at most that price. Calls that come at
-- the same time are decided together, in gate_decide, which locks the rows of their accounts in gate_balance first and
-- reads afterwards: in READ COMMITTED every statement of a volatile function sees what was committed before it, while a
-- single statement that had to wait for the lock would go on with sub-selects from before the wait, and overspend.

-- The sum of an account's open holds. Its row is the lock under which calls of one account are decided one after another.
create table gate_balance (
    account text primary key references account,
    held    numeric(38,12) not null default 0,
    constraint gate_held_is_not_negative check (held >= 0)
) with (fillfactor = 50);

-- A call that was let through. Its price is held until it is settled, released or expired. Where it is priced from several
-- items, each is a row: all of them name the first, which has the key, are held together and end together.
create table gate_authorization (
    id              uuid primary key default uuidv7(),
    n               bigint generated always as identity,
    -- The first of several items; null where the call is of one.
    call            uuid references gate_authorization,
    account         text not null references gate_balance,
    idempotency_key text check (length(idempotency_key) between 1 and 255),
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
    constraint gate_never_above_price check (charged between 0 and price),
    constraint gate_one_key_for_all_items check ((idempotency_key is null) = coalesce(call <> id, false))
);
create unique index gate_authorization_item on gate_authorization (call, product) where call is not null;
create index gate_authorization_held on gate_authorization (account) where status = 'HELD';

-- Under which id the usage of a call is kept, or of one of its items: no product is named twice in a call. What was used
-- beyond the quantity has the same with a + behind the id of the call.
create function gate_record_id(a gate_authorization) returns text language sql immutable as $$
    select coalesce(a.call || '/' || a.product, a.id::text)
$$;

create function gate_excess_id(a gate_authorization) returns text language sql immutable as $$
    select coalesce(a.call || '+/' || a.product, a.id || '+')
$$;

-- Whose usage a record of the gate is, whether or not it is what went beyond.
create function gate_record_of(record_id text) returns text language sql immutable as $$
    select left(record_id, 36) || ltrim(substr(record_id, 37), '+')
$$;

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

-- An item of a call that is to be decided; `quantity` is what is asked, or what was really used.
create type gate_call as (
    -- The same of all items of a call; which of them this is, and how many there are.
    place        integer,
    item         integer,
    items        integer,
    kind         text,
    account      text,
    at           timestamptz,
    -- Null in a settlement of the only item, and in a release, which is of all.
    product      text,
    quantity     numeric,
    -- Of a hold.
    key          text,
    price        numeric,
    proportional boolean,
    billable     boolean,
    priced_with  bigint,
    until        timestamptz,
    -- Of the end of one; the charge where the caller has worked it out.
    id           uuid,
    record_key   uuid,
    excess_key   uuid,
    charge       numeric
);

-- What is answered, for each item: a word, what is left and the own cap where it is refused, and the item as it stands then.
create type gate_answer as (
    place     integer,
    outcome   text,
    remaining numeric,
    own_cap   numeric,
    this_call gate_authorization
);

-- All items of the call that this is the first of.
create function gate_items(a gate_authorization) returns gate_authorization[] language plpgsql as $$
begin
    return case when a.call is null then array[a]
                else array(select i from gate_authorization i where i.call = a.call order by i.n) end;
end $$;

-- Lets a call through and holds its price, or says why not: HELD, KEY_REUSED, STALE_PRICES, or the code of a refusal. An
-- account that owes what the bank took back of used credit pays that first.
create function gate_hold(asked gate_call[]) returns setof gate_answer language plpgsql as $$
declare
    c          constant gate_call := asked[1];
    at_price   constant numeric := case when c.items = 1 then c.price
                                        else (select sum(w.price) from unnest(asked) w) end;
    today      constant date := (c.at at time zone 'UTC')::date;
    new_id     constant uuid := uuidv7();
    held_now   numeric;
    standing   record;
    a          gate_call;
    known      gate_authorization[];
    one        gate_authorization;
    refused    text;
begin
    select held into held_now from gate_balance where account = c.account for update;
    if not found then
        insert into gate_balance (account) values (c.account) on conflict do nothing;
        select held into held_now from gate_balance where account = c.account for update;
        perform grant_allowances(array[c.account], c.at);
    end if;

    select * into one from gate_authorization h where h.account = c.account and h.idempotency_key = c.key;
    if found then
        known := gate_items(one);
        return query
            select c.place,
                   case when cardinality(known) = cardinality(asked)
                             and cardinality(known) = (select count(*) from unnest(known) k
                                                         join unnest(asked) w
                                                           on w.product = k.product and w.quantity = k.quantity)
                        then 'HELD' else 'KEY_REUSED' end,
                   null::numeric, null::numeric, k
              from unnest(known) k;
        return;
    end if;
    select s.*, (select version from price_book_version) as prices,
           exists (select from gate_month where month = date_trunc('month', today)) as open_month
      into strict standing
      from account_standing(c.account, today) s;

    if c.priced_with <> standing.prices then
        refused := 'STALE_PRICES';
    elsif standing.status = 'SUSPENDED' then
        refused := 'ACCOUNT_SUSPENDED';
    elsif exists (select from account_balance where account = c.account and owed > 0) then
        refused := 'PAYMENT_REQUIRED';
    elsif standing.free <= 0 then
        refused := case when standing.card then 'MONTHLY_LIMIT_REACHED' else 'PAYMENT_METHOD_REQUIRED' end;
    elsif at_price > 0 and at_price > standing.free - held_now then
        if gate_expire(c.account, c.at) > 0 then
            select held into held_now from gate_balance where account = c.account;
        end if;
        if at_price > standing.free - held_now then refused := 'PAYMENT_REQUIRED'; end if;
    end if;
    if refused is not null then
        return query
            select c.place, refused, greatest(standing.free - held_now, 0), case when standing.card then standing.own_cap end,
                   null::gate_authorization;
        return;
    end if;

    if not standing.open_month then
        perform gate_open_month(date_trunc('month', today)::date);
    end if;
    update gate_balance set held = held + at_price where account = c.account;
    foreach a in array asked loop
        insert into gate_authorization (id, call, account, idempotency_key, product, quantity, billable, proportional, price,
                                        currency, monthly_limit, authorized_at, expires_at)
        values (case when a.item = 1 then new_id else uuidv7() end, case when a.items > 1 then new_id end, a.account,
                case when a.item = 1 then a.key end, a.product, a.quantity, a.billable, a.proportional, a.price,
                standing.currency, standing.monthly_limit, a.at, a.until)
        returning * into one;
        return next (c.place, 'HELD', null, null, one)::gate_answer;
    end loop;
end $$;

-- The items of a call, under the lock of its account; null where it has no such call.
create function gate_locked(of_account text, of_id uuid) returns gate_authorization[] language plpgsql as $$
declare
    one gate_authorization;
begin
    perform from gate_balance where account = of_account for update;
    select * into one
      from gate_authorization h
     where h.id = of_id and h.account = of_account and h.idempotency_key is not null;
    return case when found then gate_items(one) end;
end $$;

-- Gives back what is held for a call that ends at no cost.
create function gate_give_up(known gate_authorization[], new_status text) returns gate_authorization[]
language plpgsql as $$
begin
    update gate_authorization set status = new_status where id in (select k.id from unnest(known) k);
    update gate_balance set held = held - (select sum(k.price) from unnest(known) k) where account = known[1].account;
    return (select gate_items(a) from gate_authorization a where a.id = known[1].id);
end $$;

-- What a part of an item costs, where it is in proportion; null where it depends on the month.
create function gate_part(a gate_authorization, used numeric) returns numeric language sql immutable as $$
    select case when a.proportional and round(a.price * least(used, a.quantity) / a.quantity, 12) * a.quantity
                                        = a.price * least(used, a.quantity)
                then round(a.price * least(used, a.quantity) / a.quantity, 12) end
$$;

-- Keeps what an item used as usage, with its charge. What goes beyond the quantity that was asked is kept as a record of
-- its own that costs nothing.
create function gate_book(a gate_authorization, really_used numeric, charge numeric, key uuid, excess_key uuid,
                          now timestamptz) returns gate_authorization language plpgsql as $$
declare
    billed    constant numeric := least(really_used, a.quantity);
    used_on   constant date := (a.authorized_at at time zone 'UTC')::date;
    -- The charge is booked on the day of settlement: only when that is rated, all that it was reckoned upon is rated.
    booked_on constant date := greatest(used_on, least((now at time zone 'UTC')::date,
                                        (date_trunc('month', used_on) + interval '1 month - 1 day')::date));
    at_file   bigint;
    settled   gate_authorization;
begin
    select file into strict at_file from gate_month where month = date_trunc('month', used_on)::date;
    insert into usage_key (key, content, file, line, day) values (key, 0, at_file, a.n, used_on);
    insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, file, line)
    values (key, 'gate', gate_record_id(a), a.account, a.product, billed, a.authorized_at, false, a.billable, at_file, a.n);
    if really_used > billed then
        insert into usage_key (key, content, file, line, day) values (excess_key, 0, at_file, a.n, used_on);
        insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation,
                                  file, line)
        values (excess_key, 'gate', gate_excess_id(a), a.account, a.product, really_used - billed, a.authorized_at, false,
                false, 'excess', at_file, a.n);
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
    update gate_authorization
       set status = 'SETTLED', used = really_used, charged = charge
     where id = a.id
    returning * into settled;
    return settled;
end $$;

-- Charges what was used: DONE, UNKNOWN, REFUSED where the call was ended otherwise, OTHER_ITEMS where not each of its items
-- is there once, or NEEDS_CHARGE where a charge depends on the month and the caller has to work it out.
create function gate_settle(asked gate_call[]) returns setof gate_answer language plpgsql as $$
declare
    c       constant gate_call := asked[1];
    known   gate_authorization[] := gate_locked(c.account, c.id);
    -- What is asked, in the order of what is known.
    paired  gate_call[];
    charges numeric[];
    freed   numeric := 0;
    told    text;
begin
    if known[1].status = 'HELD' and known[1].expires_at <= c.at then known := gate_give_up(known, 'EXPIRED'); end if;
    if c.items = 1 and cardinality(known) = 1 and coalesce(c.product, known[1].product) = known[1].product then
        paired := asked;
    else
        paired := array(select w from unnest(known) k join unnest(asked) w on coalesce(w.product, k.product) = k.product
                         order by k.n);
    end if;
    if known is null then
        told := 'UNKNOWN';
        known := array[null::gate_authorization];
    elsif known[1].status <> 'HELD' then
        told := case when array(select k.used from unnest(known) k) = array(select p.quantity from unnest(paired) p)
                     then 'DONE' else 'REFUSED' end;
    elsif cardinality(paired) <> cardinality(known) or cardinality(paired) <> cardinality(asked) then
        told := 'OTHER_ITEMS';
    else
        for i in 1 .. cardinality(known) loop
            charges[i] := coalesce(paired[i].charge, gate_part(known[i], paired[i].quantity));
            if charges[i] is null then told := 'NEEDS_CHARGE'; end if;
        end loop;
    end if;
    if told is null then
        for i in 1 .. cardinality(known) loop
            known[i] := gate_book(known[i], paired[i].quantity, least(charges[i], known[i].price), paired[i].record_key,
                                  paired[i].excess_key, c.at);
            freed := freed + known[i].price;
        end loop;
        update gate_balance set held = held - freed where account = c.account;
        told := 'DONE';
    end if;
    for i in 1 .. cardinality(known) loop
        return next (c.place, told, null, null, known[i])::gate_answer;
    end loop;
end $$;

-- Gives a hold back, of a call that failed: DONE, UNKNOWN, or REFUSED where it was settled.
create function gate_release(c gate_call) returns setof gate_answer language plpgsql as $$
declare
    known gate_authorization[] := gate_locked(c.account, c.id);
begin
    if known[1].status = 'HELD' then
        known := gate_give_up(known, case when known[1].expires_at <= c.at then 'EXPIRED' else 'RELEASED' end);
    end if;
    return query
        select c.place, case when known is null then 'UNKNOWN' when k.status = 'SETTLED' then 'REFUSED' else 'DONE' end,
               null::numeric, null::numeric, k
          from unnest(coalesce(known, array[null::gate_authorization])) k;
end $$;

-- Ends at once what is plain: held and in time, and settled on the day of the call, for a part of its quantity that costs
-- the same part of its price; of several items each. All other ends are left to gate_settle and gate_release.
create function gate_end_plain(calls gate_call[]) returns setof gate_answer language sql as $$
    with asked as materialized (
        select c.*, count(*) over (partition by c.id) as alike from unnest(calls) c where c.kind <> 'HOLD'
    ), fit as materialized (
        select c.place, c.items, c.kind, c.record_key, a.id, coalesce(a.call || '/' || a.product, a.id::text) as record_id,
               a.account, a.n, a.product, a.billable, a.price, a.authorized_at,
               case when c.kind = 'SETTLE' then c.quantity end as used,
               case when c.kind = 'SETTLE' then least(x.charge, a.price) end as charge, d.used_on, m.file,
               count(*) over (partition by c.place) as fitting
          from asked c
         -- By its id and no other index, whatever the statistics say.
         cross join lateral (
               (select * from gate_authorization where c.items = 1 and id = c.id and call is null offset 0)
                union all
               (select *
                  from gate_authorization
                 where c.items > 1 and call = c.id and product = c.product
                   and c.items = (select count(*) from gate_authorization where call = c.id)
                offset 0)) a
         cross join lateral (values ((a.authorized_at at time zone 'UTC')::date)) d (used_on)
         cross join lateral (values (round(a.price * c.quantity / a.quantity, 12))) x (charge)
          join gate_month m on m.month = date_trunc('month', d.used_on)::date
         where c.alike = c.items and a.account = c.account and a.status = 'HELD' and a.expires_at > c.at
           and (c.kind = 'RELEASE'
                or a.proportional and c.quantity <= a.quantity and x.charge * a.quantity = a.price * c.quantity
                   and d.used_on = (c.at at time zone 'UTC')::date and coalesce(c.product, a.product) = a.product)
    ), plain as materialized (
        select * from fit where fitting = items
    ), keys as (
        insert into usage_key (key, content, file, line, day)
        select record_key, 0, file, n, used_on from plain where kind = 'SETTLE'
    ), records as (
        insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, file, line)
        select record_key, 'gate', record_id, account, product, used, authorized_at, false, billable, file, n
          from plain
         where kind = 'SETTLE'
    ), arrivals as (
        insert into usage_arrival as u (file, account, product, day, quantity, records, free_quantity, free_records,
                                        gated, gate_charge)
        select file, account, product, used_on, coalesce(sum(used) filter (where billable), 0),
               count(*) filter (where billable), coalesce(sum(used) filter (where not billable), 0),
               count(*) filter (where not billable), true, sum(charge)
          from plain
         where kind = 'SETTLE'
         group by file, account, product, used_on
            on conflict (account, product, day) where gated do update
           set quantity = u.quantity + excluded.quantity, records = u.records + excluded.records,
               free_quantity = u.free_quantity + excluded.free_quantity,
               free_records = u.free_records + excluded.free_records, gate_charge = u.gate_charge + excluded.gate_charge
    ), freed as (
        update gate_balance b
           set held = b.held - p.price
          from (select account, sum(price) as price from plain group by account) p
         where b.account = p.account
    )
    update gate_authorization a
       set status = case p.kind when 'SETTLE' then 'SETTLED' else 'RELEASED' end, used = p.used, charged = p.charge
      from plain p
     where a.id = p.id
    returning p.place, 'DONE', null::numeric, null::numeric, a
$$;

-- Holds at once what is plain: new, priced by the present prices, and with room for all that the account asks for together.
-- All other calls are left to gate_hold, which knows every refusal.
create function gate_hold_plain(calls gate_call[], today date) returns setof gate_answer language sql as $$
    with asked as materialized (
        select c.*, sum(c.price) over (partition by c.account order by c.place) as wanted,
               count(*) over (partition by c.account, c.key) as alike
          from unnest(calls) c
         where c.kind = 'HOLD'
    ), room as materialized (
        select b.account, s.currency, s.monthly_limit, s.free - b.held as free
          from (select distinct account from asked) a
          join gate_balance b on b.account = a.account
         cross join lateral account_standing(b.account, today) s
         where s.status <> 'SUSPENDED' and s.free > 0
           and not exists (select from account_balance o where o.account = b.account and o.owed > 0)
    ), plain as materialized (
        select a.*, r.currency, r.monthly_limit, uuidv7() as new_id
          from asked a
          join room r on r.account = a.account
         where a.wanted <= r.free and a.alike = a.items and (a.at at time zone 'UTC')::date = today
           and a.priced_with = (select version from price_book_version)
           and exists (select from gate_month where month = date_trunc('month', today)::date)
           and not exists (select from gate_authorization k where k.account = a.account and k.idempotency_key = a.key)
    ), held as (
        update gate_balance b
           set held = b.held + p.price
          from (select account, sum(price) as price from plain group by account) p
         where b.account = p.account
    ), admitted as (
        insert into gate_authorization as h (id, call, account, idempotency_key, product, quantity, billable, proportional,
                                             price, currency, monthly_limit, authorized_at, expires_at)
        select p.new_id, case when p.items > 1 then f.new_id end, p.account,
               case when p.item = 1 then p.key end, p.product, p.quantity, p.billable, p.proportional, p.price, p.currency,
               p.monthly_limit, p.at, p.until
          from plain p
          join plain f on f.place = p.place and f.item = 1
         order by p.place, p.item
        returning h.id, h
    )
    select p.place, 'HELD', null::numeric, null::numeric, a.h from plain p join admitted a on a.id = p.new_id
$$;

-- Decides one call, of whatever items.
create function gate_one(asked gate_call[]) returns setof gate_answer language plpgsql as $$
begin
    case asked[1].kind
        when 'HOLD' then return query select * from gate_hold(asked);
        when 'SETTLE' then return query select * from gate_settle(asked);
        else return query select * from gate_release(asked[1]);
    end case;
end $$;

-- Decides calls in one transaction: what is plain all at once, then the others one after another, each as if it had come
-- alone. The locks are taken in the order of the accounts. Who cannot have one in the time of `patience` changes nothing.
create function gate_decide(calls gate_call[], patience text) returns setof gate_answer
language plpgsql set enable_seqscan = off as $$
declare
    plain gate_answer[];
    asked gate_call[];
begin
    perform set_config('lock_timeout', patience, true);
    if calls[cardinality(calls)].place = 1 then
        return query select * from gate_one(calls);
        return;
    end if;
    perform from gate_balance b where b.account in (select a.account from unnest(calls) a) order by b.account for update;
    plain := array(select e from gate_end_plain(calls) e);
    plain := plain || array(select h from gate_hold_plain(calls, (calls[1].at at time zone 'UTC')::date) h);
    return query select * from unnest(plain);
    for asked in
        select array_agg(a order by a.item)
          from unnest(calls) a
         where a.place not in (select p.place from unnest(plain) p)
         group by a.place
         order by a.place
    loop
        return query select * from gate_one(asked);
    end loop;
end $$;

-- Whether the gate has settled this call of the account: only then there is something to take back. The id is that of the
-- usage record.
create function gate_has_settled(of_account text, record_id text) returns boolean language sql stable as $$
    select exists (select from gate_authorization a
                    cross join (select case when record_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}([+/]|$)'
                                            then left(record_id, 36)::uuid end) c (id)
                    where (a.id = c.id or a.call = c.id)
                      and a.account = of_account
                      and a.status = 'SETTLED'
                      and record_id in (gate_record_id(a), case when a.used > a.quantity then gate_excess_id(a) end))
$$;

-- Whether calls from before a day are still open, or wait to be rated: credit that was to cover them expires a night later.
create function credit_awaited(of_account text, before date) returns boolean language sql stable as $$
    select exists (select from gate_authorization
                    where account = of_account and status = 'HELD'
                      and authorized_at < before::timestamp at time zone 'UTC')
        or exists (select from usage_arrival where account = of_account and gated and day < before)
        or exists (select from unrated_day where account = of_account and day < before and gate_charge > 0)
$$;
