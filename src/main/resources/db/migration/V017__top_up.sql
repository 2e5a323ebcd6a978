-- Credit that an account buys with its card, once for an account and reference. It is committed before Stripe is called,
-- and ends when its payment intent can move no money any more: it has succeeded, is cancelled, or was never made.
create table top_up (
    id             bigint generated always as identity primary key,
    account        text not null references account,
    reference      text not null check (length(reference) between 1 and 255),
    amount         numeric not null check (amount > 0),
    currency       text not null,
    payment_method text not null,
    status         text not null check (status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'DECLINED', 'NEEDS_CUSTOMER', 'NOT_EXECUTED')),
    intent         text unique,
    -- The charge that has moved the money.
    charge         text unique,
    -- Written before the intent is cancelled, so that the reason outlives a crash.
    decline_code   text,
    advice_code    text,
    message        text,
    grant_id       bigint unique references credit_grant,
    claimed_at     timestamptz not null,
    resolved_at    timestamptz,
    unique (account, reference),
    constraint top_up_resolved check ((status in ('CLAIMED', 'UNKNOWN')) = (resolved_at is null)),
    constraint top_up_granted check ((status = 'SUCCEEDED') = (grant_id is not null)),
    constraint top_up_charged check ((status = 'SUCCEEDED') = (charge is not null)),
    constraint top_up_intent check (status <> 'SUCCEEDED' or intent is not null),
    constraint top_up_declined check (case when status in ('DECLINED', 'NEEDS_CUSTOMER') then decline_code is not null
                                           else status in ('CLAIMED', 'UNKNOWN') or decline_code is null end)
);
create index top_up_unresolved on top_up (id) where status in ('CLAIMED', 'UNKNOWN');
create index top_up_resolved_at on top_up (resolved_at);

create function top_up_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.resolved_at is not null then
        raise exception 'top-up % is % and cannot be changed', old.reference, old.status;
    end if;
    return new;
end $$;
create trigger top_up_is_final before update or delete on top_up for each row execute function top_up_is_final();

-- Every top-up, and what the ledger's CASH says of its grant.
create view report_top_up as
select t.id, t.account, t.reference, t.status, t.currency, t.amount, t.intent, t.charge, t.grant_id, t.claimed_at, t.resolved_at,
       (select trim_scale(p.amount)
          from posting p
         where p.kind = 'granted' and p.reference = t.grant_id::text and p.grant_id = t.grant_id
           and p.debit = 'CASH') as posted
  from top_up t;

create function verify_top_ups(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select t.amount,
               case
                   when g.id is null or (g.account, g.kind, g.currency, g.amount) <> (t.account, 'TOP_UP', t.currency, t.amount) then
                       format('top-up %s of %s: %s %s was charged, but its grant is of %s %s', t.reference, t.account,
                              t.currency, t.amount, g.currency, coalesce(trim_scale(g.amount), 0))
                   when t.posted is distinct from t.amount then
                       format('top-up %s of %s: %s was charged, but CASH has %s of it', t.reference, t.account, t.amount,
                              coalesce(t.posted, 0))
                   when n.notices <> 1 then
                       format('top-up %s of %s was confirmed %s times', t.reference, t.account, n.notices)
               end as told
          from report_top_up t
          left join credit_grant g on g.id = t.grant_id
          -- What a person had sent again has a key of its own.
         cross join lateral (select count(*) as notices
                               from notice n
                              where n.kind = 'top-up-succeeded' and n.key = 'top-up/' || t.id) n
         where t.status = 'SUCCEEDED'
           and t.resolved_at >= since::timestamp at time zone 'UTC'
    )
    select format('%s top-ups of %s', count(*), coalesce(sum(amount), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
