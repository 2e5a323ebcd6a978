-- What people gave back or away, with who asked for it: done at once, or waiting for a second person, or decided by one. The row
-- is written, or decided, in the transaction that makes what is given: neither is there without the other.
create table approval (
    id             bigint generated always as identity primary key,
    verb           text not null check (verb in ('REFUND', 'TOP_UP_REFUND', 'CREDIT_NOTE', 'WRITE_OFF', 'GRANT', 'SEND_BACK')),
    arguments      jsonb not null,
    account        text not null references account,
    currency       text not null references currency,
    amount         numeric not null check (amount > 0),
    reason         text not null,
    asked_by       text not null check (asked_by <> ''),
    asked_at       timestamptz not null,
    status         text not null check (status in ('DIRECT', 'WAITING', 'APPROVED', 'REJECTED')),
    decided_by     text check (decided_by <> ''),
    decided_at     timestamptz,
    decided_because text,
    -- What one person alone might give on that day, as it was set where it was asked for; null for no end.
    one_may        numeric,
    -- What was made of it.
    refund         bigint unique references refund,
    credit_note    text unique references credit_note (number),
    write_off      text unique,
    credit_grant   bigint unique references credit_grant,
    account_return text unique references account_return,
    write_off_kind text generated always as (case when write_off is not null then 'WRITE_OFF' end) stored,
    constraint approval_write_off foreign key (write_off_kind, write_off) references settlement (kind, reference),
    constraint approval_by_another check (decided_by <> asked_by),
    constraint approval_has_its_decision check (
        num_nonnulls(decided_by, decided_at) = case when status in ('APPROVED', 'REJECTED') then 2 else 0 end),
    constraint approval_within_what_one_may check (status = 'DIRECT' and (one_may is null or amount <= one_may) or one_may is null),
    constraint approval_rejected_because check (decided_because is null or status = 'REJECTED'),
    constraint approval_done_once check (
        num_nonnulls(refund, credit_note, write_off, credit_grant, account_return)
        = case when status in ('DIRECT', 'APPROVED') then 1 else 0 end),
    constraint approval_of_its_verb check (
        (refund is null or verb in ('REFUND', 'TOP_UP_REFUND'))
        and (credit_note is null or verb = 'CREDIT_NOTE')
        and (write_off is null or verb = 'WRITE_OFF')
        and (credit_grant is null or verb = 'GRANT')
        and (account_return is null or verb = 'SEND_BACK'))
);
-- Who asks twice for the same has one thing that waits.
create unique index approval_waits_once on approval (account, verb, amount, md5(arguments::text)) where status = 'WAITING';
create index approval_direct on approval (account, asked_at) where status = 'DIRECT';

create function approval_is_decided_once() returns trigger language plpgsql as $$
declare
    decision text[] := '{status,decided_by,decided_at,decided_because,refund,credit_note,write_off,write_off_kind,credit_grant,account_return}';
begin
    if old.status <> 'WAITING' or to_jsonb(old) - decision <> to_jsonb(new) - decision then
        raise exception 'approval % is %: only one that waits is decided, and nothing else of it changes', old.id, old.status;
    end if;
    return new;
end $$;
create trigger approval_is_decided_once before update on approval
    for each row execute function approval_is_decided_once();
create trigger approval_is_history before delete or truncate on approval
    for each statement execute function refuse_change();

create trigger audited after insert or update on approval for each row
    execute function audit('id', 'account', 'id', 'account', 'asked_at', 'decided_at', 'write_off_kind');

create function verify_approvals() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with given as (
        select a.id, a.verb, a.status, a.one_may, a.account, a.currency, trim_scale(a.amount) as amount, a.asked_by, a.decided_by,
               num_nonnulls(a.refund, a.credit_note, a.write_off, a.credit_grant, a.account_return) as times,
               trim_scale(coalesce(r.amount, n.amount, w.amount, g.amount, b.amount)) as given,
               coalesce(i.account, t.account, g.account, b.account) as given_to,
               coalesce(i.currency, t.currency, g.currency, b.currency) as given_in
          from approval a
          left join refund r on r.id = a.refund
          left join top_up t on t.id = r.top_up
          left join credit_note n on n.number = a.credit_note
          left join settlement w on w.kind = 'WRITE_OFF' and w.reference = a.write_off
          left join credit_grant g on g.id = a.credit_grant
          left join account_return b on b.reference = a.account_return
          left join invoice i on i.id = coalesce(r.invoice, n.invoice, w.invoice)
    ), effect as (
        select id, count(*) over (partition by what, item) as shared
          from (select id, 'refund' as what, refund::text as item from approval
                 union all select id, 'credit note', credit_note from approval
                 union all select id, 'write-off', write_off from approval
                 union all select id, 'grant', credit_grant::text from approval
                 union all select id, 'payment back', account_return from approval) e
         where item is not null
    ), checked as (
        select status, one_may, case
                   when status in ('DIRECT', 'APPROVED') and (times <> 1 or given is null) then
                       format('approval %s (%s) is %s, but was done %s times', id, verb, status, case when given is null then 0 else times end)
                   when status in ('WAITING', 'REJECTED') and times <> 0 then
                       format('approval %s (%s) is %s, but was done', id, verb, status)
                   when (given_to, given_in, given) <> (account, currency, amount) then
                       format('approval %s is of %s %s for %s, but %s %s was given to %s', id, currency, amount, account,
                              given_in, given, given_to)
                   when status = 'APPROVED' and (decided_by is null or decided_by = asked_by) then
                       format('approval %s has no second person: %s asked for it', id, asked_by)
                   when (select max(shared) from effect e where e.id = given.id) > 1 then
                       format('approval %s is not the only one for what was done', id)
               end as told
          from given
    )
    select format('%s done by one person (%s where no amount was set), %s by two, %s rejected, %s wait',
                  count(*) filter (where status = 'DIRECT'), count(*) filter (where status = 'DIRECT' and one_may is null),
                  count(*) filter (where status = 'APPROVED'),
                  count(*) filter (where status = 'REJECTED'), count(*) filter (where status = 'WAITING')),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
