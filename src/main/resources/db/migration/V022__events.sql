-- What leaves Postpaid: whatever changes an account's access or money. Triggers write each event in the transaction of the
-- change, for all rows of a statement at once, so that no way to change something leaves one out.
create table outgoing_event (
    -- In the order in which they were written.
    n           bigint generated always as identity primary key,
    -- What a receiver knows it by, the same at each delivery.
    id          uuid not null default uuidv7() unique,
    -- Accounts are never deleted: a foreign key would cost more than the row.
    account     text not null,
    type        text not null check (type ~ '^[a-z_]+[.][a-z_]+$'),
    occurred_at timestamptz not null,
    data        jsonb not null check (jsonb_typeof(data) = 'object'),
    -- Whether the account may call since then: null where that did not change.
    access      text,
    -- Its place in the feed: without a gap, and in the order of the commits that made it.
    position    bigint unique check (position >= 1),
    state       text not null default 'WRITTEN' check (state in ('WRITTEN', 'WAITING', 'DELIVERED', 'GIVEN_UP', 'SKIPPED')),
    constraint outgoing_event_numbered check ((state = 'WRITTEN') = (position is null)),
    constraint outgoing_event_told check (access is null or position is not null)
);
create index outgoing_event_written on outgoing_event (n) where state = 'WRITTEN';
create index outgoing_event_waiting on outgoing_event (position) where state = 'WAITING';
create index outgoing_event_given_up on outgoing_event (n) where state = 'GIVEN_UP';
create index outgoing_event_account on outgoing_event (account, position);
create index outgoing_event_access on outgoing_event (account, position) where access is not null;

-- An event without what tells of a person: which card it was, and what was typed.
create function event_of_nobody(data jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, case when key in ('brand', 'last4', 'expires', 'reason') then 'null' else value end), '{}')
      from jsonb_each(data)
$$;

create function outgoing_event_stays() returns trigger language plpgsql as $$
begin
    if to_jsonb(new) - 'data' = to_jsonb(old) - 'data' and new.data = event_of_nobody(old.data) and is_erased(old.account) then
        return new;
    end if;
    raise exception 'event % is history: it is numbered once and its state changes, nothing else', old.n;
end $$;
create trigger outgoing_event_stays before update on outgoing_event
    for each row when ((old.n, old.id, old.account, old.type, old.occurred_at, old.data)
                       is distinct from (new.n, new.id, new.account, new.type, new.occurred_at, new.data)
                    or old.position is not null
                       and (old.position, old.access) is distinct from (new.position, new.access))
    execute function outgoing_event_stays();
create trigger outgoing_event_is_kept before delete or truncate on outgoing_event
    for each statement execute function refuse_deletion();

-- What each account's access was when it was told last.
create table told_access (
    account text primary key references account,
    code    text not null check (code in (
        'ALLOWED', 'ACCOUNT_SUSPENDED', 'PAYMENT_METHOD_REQUIRED', 'MONTHLY_LIMIT_REACHED', 'PAYMENT_REQUIRED'))
);
create index told_access_closed on told_access (account) where code <> 'ALLOWED';

-- Each request to the receiver, and its answer.
create table event_delivery (
    id        bigint generated always as identity primary key,
    event     bigint not null references outgoing_event,
    began_at  timestamptz not null,
    millis    integer not null check (millis >= 0),
    -- Of the HTTP answer; null where none came.
    status    integer check (status between 100 and 999),
    -- How the answer began, or why there was none.
    answer    text not null,
    delivered boolean not null,
    -- A person has asked for it.
    again     boolean not null default false,
    constraint event_delivery_answered check (delivered = (coalesce(status, 0) between 200 and 299))
);
create index event_delivery_event on event_delivery (event, id);
create trigger audited after insert on event_delivery for each row when (new.again)
    execute function audit('event', '', 'id', 'event', 'began_at', 'millis', 'answer');
create trigger event_delivery_is_history before update or delete or truncate on event_delivery
    for each statement execute function refuse_change();

-- Accounts whose next event was not taken: it is tried again, and those behind it wait.
create table event_retry (
    account       text primary key references account,
    tries         integer not null check (tries >= 1),
    failing_since timestamptz not null,
    next_try_at   timestamptz not null
);

-- How the receiver is doing. One row.
create table event_receiver (
    one_row       boolean primary key default true check (one_row),
    -- The first of the failures since it took an event.
    failing_since timestamptz,
    -- Nothing is sent before, because it did not answer.
    next_try_at   timestamptz,
    -- Nothing is sent any more until somebody switches it on again.
    off_since     timestamptz,
    off_because   text not null default '',
    -- When the access of all accounts was looked at last, because a new day may change it.
    swept_on      date,
    constraint event_receiver_off check ((off_since is null) = (off_because = ''))
);
insert into event_receiver default values;
create trigger audited after update on event_receiver
    for each row when (old.off_since is distinct from new.off_since)
    execute function audit('one_row', '', 'one_row', 'failing_since', 'next_try_at', 'swept_on');

-- The last invoices that were issued before there were events.
create table events_began as select year, last_number from invoice_series;
alter table events_began add primary key (year);

create function event_time() returns timestamptz language sql stable as $$
    select coalesce(nullif(current_setting('postpaid.at', true), '')::timestamptz, clock_timestamp())
$$;

-- All decimals that an amount has, and at least those of its currency.
create function event_amount(amount numeric, unit numeric) returns text language sql immutable
    return round(amount, greatest(scale(trim_scale(amount)), scale(unit)))::text;

create function account_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into outgoing_event (account, type, occurred_at, data)
        select l.id, 'account.created', event_time(),
               jsonb_build_object('currency', l.currency, 'monthly_limit', event_amount(l.monthly_limit, c.unit))
          from later l
          left join currency c on c.code = l.currency
         order by l.id;
        return null;
    end if;
    insert into outgoing_event (account, type, occurred_at, data)
    select l.id, e.type, event_time(), e.data
      from later l
      join earlier o on o.id = l.id
      left join currency c on c.code = l.currency
     cross join lateral (values
           (1, 'account.suspended', '{}'::jsonb, o.status <> 'SUSPENDED' and l.status = 'SUSPENDED'),
           (2, 'account.reactivated', '{}', o.status = 'SUSPENDED' and l.status <> 'SUSPENDED'),
           (3, 'account.paused', jsonb_build_object('reason', l.paused), o.paused = '' and l.paused <> ''),
           (4, 'account.resumed', '{}', o.paused <> '' and l.paused = ''),
           (5, 'limit.changed',
            jsonb_build_object('currency', l.currency, 'monthly_limit', event_amount(l.monthly_limit, c.unit),
                               'spending_cap', event_amount(l.spending_cap, c.unit)),
            (o.monthly_limit, o.spending_cap) is distinct from (l.monthly_limit, l.spending_cap)),
           (6, 'card.changed',
            jsonb_build_object('card', l.payment_method is not null, 'brand', l.card_brand, 'last4', l.card_last4,
                               'expires', to_char(l.card_expires, 'YYYY-MM')),
            (o.payment_method, o.payment_method_wanted, o.card_brand, o.card_last4, o.card_expires)
            is distinct from (l.payment_method, l.payment_method_wanted, l.card_brand, l.card_last4, l.card_expires))
           ) e (place, type, data, happened)
     where e.happened
     order by l.id, e.place;
    return null;
end $$;
create trigger account_created_events after insert on account
    referencing new table as later for each statement execute function account_events();
create trigger account_events after update on account
    referencing old table as earlier new table as later for each statement execute function account_events();

-- A threshold is reached when the cost comes to it from below.
create function limits_reached(of_account text, was numeric, is_now numeric)
    returns table (percent integer, name text, amount numeric, currency text, unit numeric) language sql stable as $$
    select t.percent, t.name, t.amount, a.currency, c.unit
      from account a
      left join currency c on c.code = a.currency
     cross join lateral (values (50, 'monthly_limit', a.monthly_limit), (80, 'monthly_limit', a.monthly_limit),
                                (100, 'monthly_limit', a.monthly_limit),
                                (100, 'spending_cap', case when a.spending_cap < a.monthly_limit then a.spending_cap end))
                         t (percent, name, amount)
     where a.id = of_account
       and t.amount > 0
       and was * 100 < t.amount * t.percent and is_now * 100 >= t.amount * t.percent
$$;

create function monthly_cost_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into outgoing_event (account, type, occurred_at, data)
        select l.account, 'limit.reached', event_time(),
               jsonb_build_object('percent', r.percent, 'of', r.name, 'amount', event_amount(r.amount, r.unit),
                                  'accrued', event_amount(l.accrued, r.unit), 'currency', r.currency,
                                  'period', to_char(l.period, 'YYYY-MM'))
          from later l
         cross join lateral limits_reached(l.account, 0, l.accrued) r
         where l.accrued > 0
         order by l.account, l.period, r.amount * r.percent, r.name;
        return null;
    end if;
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, 'limit.reached', event_time(),
               jsonb_build_object('percent', r.percent, 'of', r.name, 'amount', event_amount(r.amount, r.unit),
                                  'accrued', event_amount(l.accrued, r.unit), 'currency', r.currency,
                                  'period', to_char(l.period, 'YYYY-MM'))
      from later l
      join earlier o on o.account = l.account and o.period = l.period
     cross join lateral limits_reached(l.account, o.accrued, l.accrued) r
     where l.accrued > o.accrued
     order by l.account, l.period, r.amount * r.percent, r.name;
    return null;
end $$;
create trigger monthly_cost_first_events after insert on monthly_cost
    referencing new table as later for each statement execute function monthly_cost_events();
create trigger monthly_cost_events after update on monthly_cost
    referencing old table as earlier new table as later for each statement execute function monthly_cost_events();

create function credit_grant_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into outgoing_event (account, type, occurred_at, data)
        select l.account, 'credit.granted', event_time(),
               jsonb_build_object('kind', l.kind, 'amount', event_amount(l.amount, c.unit), 'currency', l.currency,
                                  'expires_on', l.expires_on)
          from later l
          left join currency c on c.code = l.currency
         order by l.id;
        return null;
    end if;
    -- Used up is what had some left, and has nothing left in any grant.
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, 'credit.used_up', event_time(), jsonb_build_object('currency', min(l.currency))
      from later l
      join earlier o on o.id = l.id
     where l.used > o.used
       and not exists (select from credit_grant g
                        where g.account = l.account and g.used < g.amount
                          and (g.expires_on is null or g.expires_on > (event_time() at time zone 'UTC')::date))
     group by l.account
     order by l.account;
    return null;
end $$;
create trigger credit_granted_events after insert on credit_grant
    referencing new table as later for each statement execute function credit_grant_events();
create trigger credit_grant_events after update on credit_grant
    referencing old table as earlier new table as later for each statement execute function credit_grant_events();

-- A row is inserted with nothing in it first: see posting_sums.
create function account_balance_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, 'balance.changed', event_time(),
           jsonb_build_object('balance', event_amount(l.amount, c.unit), 'owed', event_amount(l.owed, c.unit),
                              'currency', l.currency)
      from later l
      join earlier o on o.account = l.account and o.currency = l.currency
      left join currency c on c.code = l.currency
     where (o.amount, o.owed) is distinct from (l.amount, l.owed)
     order by l.account, l.currency;
    return null;
end $$;
create trigger account_balance_events after update on account_balance
    referencing old table as earlier new table as later for each statement execute function account_balance_events();

create function invoice_data(i invoice, unit numeric) returns jsonb language sql stable
    return jsonb_build_object('invoice', i.number, 'period', to_char(i.period, 'YYYY-MM'), 'status', i.status,
                              'total', event_amount(i.total, unit), 'amount_due', event_amount(i.amount_due, unit),
                              'currency', i.currency, 'issued_on', i.issued_on, 'due_on', i.due_on);
create function invoice_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into outgoing_event (account, type, occurred_at, data)
        select l.account, e.type, event_time(), invoice_data(l, c.unit)
          from later l
          left join currency c on c.code = l.currency
         cross join lateral (values (1, 'invoice.issued', l.status <> 'DRAFT'), (2, 'invoice.paid', l.status = 'PAID'))
                            e (place, type, happened)
         where e.happened
         order by l.account, l.number, e.place;
        return null;
    end if;
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, e.type, event_time(), invoice_data(l, c.unit)
      from later l
      join earlier o on o.id = l.id
      left join currency c on c.code = l.currency
     cross join lateral (values
           (1, 'invoice.issued', o.status = 'DRAFT'),
           (2, 'invoice.paid', l.status = 'PAID'),
           (3, 'invoice.written_off', l.status = 'UNCOLLECTIBLE'),
           (4, 'invoice.reopened', l.status = 'OPEN' and o.status <> 'DRAFT')) e (place, type, happened)
     where o.status <> l.status and e.happened
     order by l.account, l.number, e.place;
    return null;
end $$;
create trigger invoice_planted_events after insert on invoice
    referencing new table as later for each statement execute function invoice_events();
create trigger invoice_events after update on invoice
    referencing old table as earlier new table as later for each statement execute function invoice_events();

-- Money that came: for an invoice, beyond what was open of it, or for an account.
create function settlement_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select i.account, 'payment.received', event_time(),
           jsonb_build_object('invoice', i.number, 'method', l.kind, 'reference', l.reference,
                              'amount', event_amount(l.amount, c.unit), 'currency', i.currency)
      from later l
      join invoice i on i.id = l.invoice
      left join currency c on c.code = i.currency
     where l.kind in ('CARD', 'TRANSFER')
     order by i.account, i.number, l.reference;
    return null;
end $$;
create trigger settlement_events after insert on settlement
    referencing new table as later for each statement execute function settlement_events();
create trigger surplus_events after insert on surplus
    referencing new table as later for each statement execute function settlement_events();

create function account_payment_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, 'payment.received', event_time(),
           jsonb_build_object('invoice', null, 'method', case l.kind when 'CARD' then 'CARD' else 'TRANSFER' end, 'reference', l.reference,
                              'amount', event_amount(l.amount, c.unit), 'currency', l.currency)
      from later l
      left join currency c on c.code = l.currency
     order by l.account, l.reference;
    return null;
end $$;
create trigger account_payment_events after insert on account_payment
    referencing new table as later for each statement execute function account_payment_events();

create function payment_attempt_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select i.account, 'payment.failed', coalesce(l.resolved_at, event_time()),
           jsonb_build_object('invoice', i.number, 'outcome', l.status, 'decline_code', l.decline_code,
                              'amount', event_amount(l.amount_minor / 10::numeric ^ c.stripe_decimals, c.unit),
                              'currency', l.currency)
      from later l
      join earlier o on o.id = l.id
      join invoice i on i.id = l.invoice
      left join currency c on c.code = l.currency
     where o.status <> l.status and l.status in ('DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')
     order by i.account, i.number;
    return null;
end $$;
create trigger payment_attempt_events after update on payment_attempt
    referencing old table as earlier new table as later for each statement execute function payment_attempt_events();

create function top_up_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select l.account, case when l.status = 'SUCCEEDED' then 'top_up.succeeded' else 'top_up.failed' end,
           coalesce(l.resolved_at, event_time()),
           jsonb_build_object('reference', l.reference, 'outcome', l.status, 'decline_code', l.decline_code,
                              'amount', event_amount(l.amount, c.unit), 'tax', event_amount(l.tax, c.unit),
                              'total', event_amount(l.total, c.unit), 'currency', l.currency,
                              'automatic', l.automatic_most is not null,
                              'invoice', (select d.number from top_up_document d
                                           where d.top_up = l.id and d.kind = 'INVOICE' and d.corrects is null))
      from later l
      join earlier o on o.id = l.id
      left join currency c on c.code = l.currency
     where o.status <> l.status and l.status in ('SUCCEEDED', 'DECLINED', 'NEEDS_CUSTOMER')
     order by l.id;
    return null;
end $$;
create trigger top_up_events after update on top_up
    referencing old table as earlier new table as later for each statement execute function top_up_events();

-- Refunds and disputes are of an invoice or of a top-up.
create function refund_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select coalesce(i.account, t.account),
           case when l.status = 'SUCCEEDED' then 'refund.succeeded' else 'refund.failed' end, event_time(),
           jsonb_build_object('invoice', i.number, 'top_up', t.reference, 'amount', event_amount(l.amount, c.unit),
                              'currency', c.code, 'reason', l.reason)
      from later l
      join earlier o on o.id = l.id
      left join invoice i on i.id = l.invoice
      left join top_up t on t.id = l.top_up
      left join currency c on c.code = coalesce(i.currency, t.currency)
     where o.status <> l.status and l.status in ('SUCCEEDED', 'FAILED', 'REFUSED')
     order by l.id;
    return null;
end $$;
create trigger refund_events after update on refund
    referencing old table as earlier new table as later for each statement execute function refund_events();

create function dispute_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select coalesce(i.account, t.account),
           case when tg_op = 'INSERT' then 'dispute.opened' when l.status = 'WON' then 'dispute.won' else 'dispute.lost' end,
           event_time(),
           jsonb_build_object('dispute', l.id, 'invoice', i.number, 'top_up', t.reference,
                              'amount', event_amount(l.amount, c.unit), 'currency', c.code, 'reason', l.reason)
      from later l
      left join invoice i on i.id = l.invoice
      left join top_up t on t.id = l.top_up
      left join currency c on c.code = coalesce(i.currency, t.currency)
     where tg_op = 'INSERT' or l.status <> 'UNDER_REVIEW'
     order by l.id;
    return null;
end $$;
create trigger dispute_opened_events after insert on dispute
    referencing new table as later for each statement execute function dispute_events();
-- A dispute that is closed never changes again.
create trigger dispute_events after update on dispute
    referencing new table as later for each statement execute function dispute_events();

create function credit_note_events() returns trigger language plpgsql as $$
begin
    insert into outgoing_event (account, type, occurred_at, data)
    select i.account, 'credit_note.issued', event_time(),
           jsonb_build_object('credit_note', l.number, 'invoice', i.number, 'amount', event_amount(l.amount, c.unit),
                              'currency', i.currency, 'reason', l.reason)
      from later l
      join invoice i on i.id = l.invoice
      left join currency c on c.code = i.currency
     order by i.account, l.number;
    return null;
end $$;
create trigger credit_note_events after insert on credit_note
    referencing new table as later for each statement execute function credit_note_events();

-- Whether an account may call: as AccessDecision, in its order.
create function access_code(of_account text, today date) returns text language sql stable as $$
    select case when s.status = 'SUSPENDED' then 'ACCOUNT_SUSPENDED'
                when exists (select from account_balance where account = of_account and owed > 0) then 'PAYMENT_REQUIRED'
                when s.free > 0 then 'ALLOWED'
                when s.card then 'MONTHLY_LIMIT_REACHED'
                else 'PAYMENT_METHOD_REQUIRED' end
      from account_standing(of_account, today) s
$$;

create function changes_access(type text) returns boolean language sql immutable as $$
    select type in ('account.created', 'account.suspended', 'account.reactivated', 'account.paused', 'account.resumed',
                    'limit.changed', 'limit.reached', 'card.changed', 'credit.granted', 'credit.used_up',
                    'balance.changed', 'access.changed')
$$;

-- Gives the events that were committed their places in the feed, in the order in which they were written, and says on the
-- last one of an account what its access is, where that is another than was told. One at a time: the places of who comes
-- later are behind, and committed later, so that a reader misses none. Who finds another at work leaves it to that one.
create function number_events(today date, most integer) returns integer language plpgsql as $$
declare
    last_position bigint;
    numbered      integer;
begin
    if not pg_try_advisory_xact_lock('outgoing_event'::regclass::oid::bigint) then return 0; end if;
    select coalesce(max(position), 0) into last_position from outgoing_event;
    with taken as materialized (
        select n, account, type, row_number() over (order by n) as place
          from (select n, account, type from outgoing_event where state = 'WRITTEN' order by n limit most) w
    ), seen as materialized (
        select t.account, t.n, access_code(t.account, today) as code
          from (select account, max(n) as n from taken where changes_access(type) group by account) t
    ), told as (
        insert into told_access as t (account, code)
        select account, code from seen order by account
            on conflict (account) do update set code = excluded.code where t.code <> excluded.code
        returning account, code
    )
    update outgoing_event e
       set position = last_position + t.place,
           state = 'WAITING',
           access = case when t.type = 'access.changed' then s.code else a.code end
      from taken t
      left join seen s on s.n = t.n
      left join told a on a.account = s.account
     where e.n = t.n;
    get diagnostics numbered = row_count;
    return numbered;
end $$;

-- Writes an event for each account whose access has changed without one: a month began, credit expired, or calls through the
-- gate have used up what was left. Once a day of all accounts; in between of those that may not call, and those of the gate.
create function sweep_access(today date) returns integer language plpgsql as $$
declare
    whole boolean;
    found integer;
begin
    if not pg_try_advisory_xact_lock('outgoing_event'::regclass::oid::bigint) then return 0; end if;
    select swept_on is distinct from today into whole from event_receiver;
    with doubtful as (
        select id as account from account where whole
         union
        select account from told_access where code <> 'ALLOWED'
         union
        select account from usage_arrival where gated
         union
        select account from unrated_day where gate_charge > 0
    )
    insert into outgoing_event (account, type, occurred_at, data)
    select d.account, 'access.changed', event_time(), '{}'
      from doubtful d
      left join told_access t on t.account = d.account
     where t.code is distinct from access_code(d.account, today)
       -- Whose events wait to be numbered, are looked at then.
       and not exists (select from outgoing_event e
                        where e.account = d.account and e.state = 'WRITTEN' and changes_access(e.type))
     order by d.account;
    get diagnostics found = row_count;
    if whole then update event_receiver set swept_on = today; end if;
    return found;
end $$;

create function verify_events() returns table (figure text, broken bigint, examples text[]) language sql stable as $$
    with checked as (
        select format('invoice %s of %s was issued, and there is no event of it', i.number, i.account) as told
          from invoice i
          left join events_began b on b.year = i.year
         where i.status <> 'DRAFT'
           and i.year >= coalesce((select max(year) from events_began), 0)
           and split_part(i.number, '-', 2)::bigint > coalesce(b.last_number, 0)
           and not exists (select from outgoing_event e
                            where e.account = i.account and e.type = 'invoice.issued'
                              and e.data ->> 'period' = to_char(i.period, 'YYYY-MM') and e.data ->> 'currency' = i.currency)
         union all
        select format('%s is %s, but was told as %s', a.id, case when a.paused = '' then lower(a.status) else 'paused' end, t.code)
          from account a
          join told_access t on t.account = a.id
         where (a.status = 'SUSPENDED' or a.paused <> '') <> (t.code = 'ACCOUNT_SUSPENDED')
           and not exists (select from outgoing_event e
                            where e.account = a.id and e.state = 'WRITTEN' and changes_access(e.type))
         union all
        select format('%s was told as %s, but its last event about access says %s', t.account, t.code,
                      coalesce(e.access, 'nothing'))
          from told_access t
          left join lateral (select access from outgoing_event
                              where account = t.account and access is not null
                              order by position desc
                              limit 1) e on true
         where t.code is distinct from e.access
         union all
        select format('the feed ends at %s, but has %s events', max(position), count(position))
          from outgoing_event
        having max(position) <> count(position)
    )
    select format('%s events, %s of them wait', (select count(*) from outgoing_event),
                  (select count(*) from outgoing_event where state in ('WRITTEN', 'WAITING'))),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
