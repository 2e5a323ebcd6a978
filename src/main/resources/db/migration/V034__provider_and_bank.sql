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
      left join lateral (select sum(c.amount) as amount, min(c.posted_on) as first
                           from provider_cash c
                          where (c.kind, c.reference, c.currency) = (a.kind, a.reference, a.currency)) b on true
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
