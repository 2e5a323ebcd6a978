-- What moved at the payment provider and at the bank, and what the books say of it.

-- Every movement of the provider's balance, once.
create table provider_movement (
    id           text primary key,
    -- What our books call it, or, where they have no such thing, what the provider does.
    kind         text not null,
    type         text not null,
    category     text not null,
    -- The payment intent of a charge, else what moved it: a refund, a dispute, a payout; empty where nothing did.
    reference    text not null,
    gross        numeric not null,
    fee          numeric not null,
    currency     text not null,
    -- The gross amount in the currency of what moved it, where that is another than the balance's.
    own_amount   numeric not null,
    own_currency text not null,
    created_at   timestamptz not null,
    constraint provider_movement_own check (own_currency <> currency or own_amount = gross)
);
create index provider_movement_created on provider_movement (created_at);
create index provider_movement_reference on provider_movement (kind, reference);
create trigger provider_movement_is_history before update or delete or truncate on provider_movement
    for each statement execute function refuse_change();

-- Up to when all movements were listed. One row, made with the first list.
create table provider_listed (
    listed_until timestamptz not null,
    one_row      boolean primary key default true check (one_row)
);

-- What a movement leaves in the company's own books: the customers' ledger has the rest of it.
create function provider_bookings(m provider_movement)
returns table (kind text, debit text, credit text, amount numeric, currency text, reference text)
language sql immutable as $$
    select b.kind, case when b.amount > 0 then b.debit else b.credit end, case when b.amount > 0 then b.credit else b.debit end,
           abs(b.amount), b.currency, b.reference
      from (values
               ('fee', 'PROVIDER_FEES', 'PROVIDER_CLEARING', m.fee - case when m.kind = 'fee' then m.gross else 0 end,
                m.currency, m.id),
               ('payout', 'BANK', 'PROVIDER_CLEARING', case when m.kind = 'payout' then -m.gross else 0 end, m.currency, m.id),
               ('exchange', 'FOREIGN_EXCHANGE', 'PROVIDER_CLEARING',
                case when m.own_currency <> m.currency then m.own_amount else 0 end, m.own_currency, m.id || '/from'),
               ('exchange', 'PROVIDER_CLEARING', 'FOREIGN_EXCHANGE',
                case when m.own_currency <> m.currency then m.gross else 0 end, m.currency, m.id || '/to')
           ) b (kind, debit, credit, amount, currency, reference)
     where b.amount <> 0
$$;

-- What an event is dated in the books: never into a month that is closed.
create function in_open_month(at timestamptz) returns timestamptz language sql stable as $$
    select greatest(at, (closed_through() + 1)::timestamp at time zone 'UTC')
$$;

-- What the customers' ledger says of the provider's clearing account, by what moved it.
create view provider_cash as
select split_part(p.reference, '/', 1) as kind, split_part(p.reference, '/', 2) as reference, p.currency, p.posted_on,
       case when p.debit = 'CASH' then p.amount else -p.amount end as amount
  from posting p
 where 'CASH' in (p.debit, p.credit)
   and p.kind in ('paid', 'refunded', 'refund-failed', 'disputed', 'restored')
   and split_part(p.reference, '/', 1) not in ('TRANSFER', 'ACCOUNT', 'RETURN')
 union all
select 'CARD', t.intent, p.currency, p.posted_on, p.amount
  from posting p
  join top_up t on t.grant_id = p.grant_id
 where p.kind = 'granted' and p.debit = 'CASH'
 union all
select 'CARD', t.intent, p.currency, p.posted_on, p.amount
  from posting p
  join top_up t on t.id = split_part(p.reference, '/', 2)::bigint
 where p.kind = 'top-up-tax' and p.debit = 'CASH';

-- What the books and the provider have on different days: each amount that is in a month on one side only, and whether both have
-- the same of it in the end.
create function provider_differences(from_day date, to_day date)
returns table (kind text, reference text, currency text, amount numeric, booked_on date, moved_on date, same boolean)
language sql stable as $$
    with booked as (
        select c.kind, c.reference, c.currency, sum(c.amount) as amount
          from provider_cash c
         where c.posted_on between from_day and to_day
         group by 1, 2, 3
    ), moved as (
        select m.kind, m.reference, m.own_currency as currency, sum(m.own_amount) as amount
          from provider_movement m
         where m.created_at >= from_day::timestamp at time zone 'UTC' and m.created_at < (to_day + 1)::timestamp at time zone 'UTC'
           and m.kind not in ('fee', 'payout')
         group by 1, 2, 3
    ), apart as (
        select kind, reference, currency, coalesce(b.amount, 0) - coalesce(m.amount, 0) as amount
          from booked b full join moved m using (kind, reference, currency)
         where b.amount is distinct from m.amount
    )
    select a.kind, a.reference, a.currency, a.amount, b.first, m.first, coalesce(b.amount, 0) = coalesce(m.amount, 0)
      from apart a
      -- By the references themselves, which have an index, and not by provider_cash.
      left join lateral (select sum(c.amount) as amount, min(c.posted_on) as first
                           from (select case when p.debit = 'CASH' then p.amount else -p.amount end as amount, p.posted_on
                                   from posting p
                                  where p.kind in ('paid', 'refunded', 'refund-failed', 'disputed', 'restored')
                                    and p.reference in (a.kind || '/' || a.reference, a.kind || '/' || a.reference || '/balance')
                                    and 'CASH' in (p.debit, p.credit) and p.currency = a.currency
                                  union all
                                 select p.amount, p.posted_on
                                   from top_up t
                                   join posting p on p.kind = 'granted' and p.reference = t.grant_id::text
                                                  or p.kind = 'top-up-tax' and p.reference = 'TOP_UP/' || t.id
                                  where a.kind = 'CARD' and t.intent = a.reference and p.debit = 'CASH' and p.currency = a.currency) c
                        ) b on true
      left join lateral (select sum(m.own_amount) as amount, min((m.created_at at time zone 'UTC')::date) as first
                           from provider_movement m
                          where (m.kind, m.reference, m.own_currency) = (a.kind, a.reference, a.currency)) m on true
     union all
    -- The month of a movement was closed when it was booked.
    select p.kind, m.id, p.currency,
           case when 'PROVIDER_CLEARING' = p.debit then p.amount else -p.amount end
               * case when p.posted_on between from_day and to_day then 1 else -1 end,
           p.posted_on, (m.created_at at time zone 'UTC')::date, true
      from company_posting p
      join provider_movement m on m.id = split_part(p.reference, '/', 1)
     where p.kind in ('fee', 'payout', 'exchange')
       and (p.posted_on between from_day and to_day)
           <> (m.created_at >= from_day::timestamp at time zone 'UTC' and m.created_at < (to_day + 1)::timestamp at time zone 'UTC')
$$;

create function verify_provider_movements() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with wanted as (
        select b.kind, b.debit, b.credit, b.amount, b.currency, b.reference
          from provider_movement m
         cross join lateral provider_bookings(m) b
    ), checked as (
        select p.kind as booked, coalesce(w.amount, p.amount) as amount,
               case when p.kind is null then format('%s %s: %s %s are not booked', w.kind, w.reference, w.amount, w.currency)
                    when w.kind is null then format('%s %s: %s %s are booked, and moved nowhere', p.kind, p.reference, p.amount, p.currency)
                    when (w.debit, w.credit, w.amount, w.currency) <> (p.debit, p.credit, p.amount, p.currency) then
                        format('%s %s: %s %s moved, and %s %s are booked', w.kind, w.reference, w.amount, w.currency, p.amount, p.currency)
               end as told
          from wanted w
          full join (select * from company_posting where kind <> 'bank') p on p.kind = w.kind and p.reference = w.reference
    )
    select format('%s movements of the provider left %s postings', (select count(*) from provider_movement), count(booked)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Files of bank statements that were imported, each once.
create table bank_file (
    sha256      text primary key constraint bank_file_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
    name        text not null,
    format      text not null constraint bank_file_format check (format in ('CAMT053', 'MT940', 'CSV')),
    imported_at timestamptz not null
);
create table bank_statement (
    id       bigint generated always as identity primary key,
    file     text not null references bank_file,
    account  text not null,
    number   text not null,
    currency text not null,
    -- Null where the file does not say them.
    opening  numeric,
    closing  numeric,
    first_on date,
    last_on  date,
    constraint bank_statement_days check (first_on <= last_on)
);
-- A line of an account of the bank, once, however its statements overlap.
create table bank_line (
    id             bigint generated always as identity primary key,
    statement      bigint not null references bank_statement,
    -- Of all that tells it from every other line.
    identity       text not null constraint bank_line_once unique,
    -- What the books call the money, should it be recorded by this line.
    booking        text not null constraint bank_line_booking unique,
    account        text not null,
    booked_on      date not null,
    valued_on      date not null,
    amount         numeric not null constraint bank_line_amount check (amount <> 0),
    currency       text not null,
    party          text not null,
    text           text not null,
    reference      text not null,
    bank_reference text not null,
    charge         boolean not null
);
create index bank_line_day on bank_line (booked_on);
create index bank_line_bank_reference on bank_line (bank_reference) where bank_reference <> '';
-- What a line is in the books, decided once: by what it says, or by a person.
create table bank_match (
    line       bigint primary key references bank_line,
    kind       text not null constraint bank_match_kind
                   check (kind in ('TRANSFER', 'ACCOUNT', 'RETURN', 'GRANT', 'payout', 'bank', 'IGNORED')),
    -- What the books know it by; a line that is left out of them has a reason in its place.
    reference  text not null constraint bank_match_reference check (reference <> ''),
    matched_at timestamptz not null
);
create unique index bank_match_once on bank_match (kind, reference) where kind <> 'IGNORED';
create trigger bank_file_is_history before update or delete or truncate on bank_file
    for each statement execute function refuse_change();
create trigger bank_statement_is_history before update or delete or truncate on bank_statement
    for each statement execute function refuse_change();
create trigger bank_line_is_history before update or delete or truncate on bank_line
    for each statement execute function refuse_change();
create trigger bank_match_is_history before update or delete or truncate on bank_match
    for each statement execute function refuse_change();
create trigger audited after insert on bank_file for each row execute function audit('name', '', 'imported_at');
create trigger audited after insert on bank_match for each row execute function audit('line', '', 'line', 'matched_at');

-- What the books say of the bank, by what moved it.
create view bank_money as
select substring(p.reference from '^[A-Z]+') as kind, regexp_replace(p.reference, '^[A-Z]+/(.*?)(/balance)?$', '\1') as reference,
       p.account, p.currency, p.posted_on, case when p.debit = 'CASH' then p.amount else -p.amount end as amount
  from posting p
 where 'CASH' in (p.debit, p.credit)
   and p.kind in ('paid', 'returned')
   and (p.reference like 'TRANSFER/%' or p.reference like 'ACCOUNT/%' or p.reference like 'RETURN/%')
 union all
select 'GRANT', p.reference, p.account, p.currency, p.posted_on, p.amount
  from posting p
 where p.kind = 'granted' and p.debit = 'CASH'
   and not exists (select from top_up t where t.grant_id = p.grant_id)
 union all
select c.kind, c.reference, null, c.currency, c.posted_on, case when c.debit = 'BANK' then c.amount else -c.amount end
  from company_posting c
 where 'BANK' in (c.debit, c.credit);

-- What the books and the bank have on different days: each amount that is in a month on one side only.
create function bank_differences(from_day date, to_day date)
returns table (kind text, reference text, currency text, amount numeric, posted_on date, booked_on date)
language sql stable as $$
    with posted as (
        select m.kind, m.reference, m.currency, sum(m.amount) as amount, min(m.posted_on) as posted_on
          from bank_money m
         where m.posted_on between from_day and to_day
         group by 1, 2, 3
    ), lined as (
        select b.kind, b.reference, l.currency, l.amount, l.booked_on
          from bank_match b
          join bank_line l on l.id = b.line
         where b.kind <> 'IGNORED' and l.booked_on between from_day and to_day
    ), apart as (
        select kind, reference, currency, coalesce(p.amount, 0) - coalesce(l.amount, 0) as amount, p.posted_on, l.booked_on
          from posted p full join lined l using (kind, reference, currency)
         where p.amount is distinct from l.amount
    )
    select a.kind, a.reference, a.currency, a.amount,
           coalesce(a.posted_on,
                    (select min(p.posted_on)
                       from posting p
                      where p.kind in ('paid', 'returned')
                        and p.reference in (a.kind || '/' || a.reference, a.kind || '/' || a.reference || '/balance')),
                    (select p.posted_on from posting p where a.kind = 'GRANT' and p.kind = 'granted' and p.reference = a.reference),
                    (select c.posted_on from company_posting c where c.kind = a.kind and c.reference = a.reference)),
           coalesce(a.booked_on, (select l.booked_on from bank_match b join bank_line l on l.id = b.line
                                   where b.kind = a.kind and b.reference = a.reference and b.kind <> 'IGNORED'))
      from apart a
$$;

create function verify_bank_lines() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with matched as (
        select l.id, l.amount, l.currency, b.kind, b.reference
          from bank_match b
          join bank_line l on l.id = b.line
         where b.kind <> 'IGNORED'
    ), checked as (
        select m.id, case when coalesce(p.amount, 0) <> m.amount then
                   format('line %s of %s %s is %s %s, of which %s are posted', m.id, m.amount, m.currency, m.kind, m.reference,
                          coalesce(trim_scale(p.amount), 0)) end as told
          from matched m
          left join (select kind, reference, currency, sum(amount) as amount from bank_money group by 1, 2, 3) p
                    on (p.kind, p.reference, p.currency) = (m.kind, m.reference, m.currency)
    )
    select format('%s lines of bank statements, %s of them in the books, %s left out, %s open', (select count(*) from bank_line),
                  count(*), (select count(*) from bank_match where kind = 'IGNORED'),
                  (select count(*) from bank_line l where not exists (select from bank_match b where b.line = l.id))),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Money that somebody recorded, or a line was recorded as, before it is found on a statement or after it.
create view bank_recorded as
select 'TRANSFER' as kind, t.reference, i.account, i.number as invoice, i.currency, sum(t.amount) as amount
  from (select invoice, reference, amount from settlement where kind = 'TRANSFER'
         union all
        select invoice, reference, amount from surplus where kind = 'TRANSFER') t
  join invoice i on i.id = t.invoice
 group by t.reference, i.account, i.number, i.currency
 union all
select 'ACCOUNT', reference, account, null, currency, amount from account_payment where kind = 'ACCOUNT'
 union all
select 'RETURN', reference, account, null, currency, -amount from account_return
 union all
select 'GRANT', g.id::text, g.account, null, g.currency, g.amount
  from credit_grant g
 where g.kind = 'TOP_UP'
   and not exists (select from top_up t where t.grant_id = g.id)
   and not exists (select from credit_note c where c.grant_id = g.id);
