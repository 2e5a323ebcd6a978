-- Accounts of which nothing is known any more of the person that each was. The row is committed with all that is erased here,
-- before Stripe is called: who finds it unfinished goes on, and by it alone the customer at Stripe is still known.
create table erasure (
    account         text primary key references account,
    reason          text not null check (reason <> ''),
    asked_at        timestamptz not null,
    stripe_customer text,
    payment_method  text,
    done_at         timestamptz,
    constraint erasure_leaves_nothing_at_stripe check (done_at is null or num_nonnulls(stripe_customer, payment_method) = 0)
);
create index account_erased_at on account (id) where erased_at is not null;
create index erasure_unfinished on erasure (account) where done_at is null;

create function erasure_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.done_at is not null
       or (new.account, new.reason, new.asked_at) <> (old.account, old.reason, old.asked_at) then
        raise exception 'the erasure of % is history: it ends once, and nothing else of it changes', old.account;
    end if;
    return new;
end $$;
create trigger erasure_stays before update or delete on erasure for each row execute function erasure_stays();

-- Under no account, so that who erased it, and with which words, stays.
create trigger audited after insert or update on erasure
    for each row execute function audit('account', '', 'account', 'asked_at', 'stripe_customer', 'payment_method');

-- Whose money a refund or a dispute is about: that of an invoice or of a top-up.
create view money_back as
select r.id::text as id, 'refund' as kind, coalesce(i.account, t.account) as account, coalesce(i.number, t.reference) as of
  from refund r
  left join invoice i on i.id = r.invoice
  left join top_up t on t.id = r.top_up
 union all
select d.id, 'dispute', coalesce(i.account, t.account), coalesce(i.number, t.reference)
  from dispute d
  left join invoice i on i.id = d.invoice
  left join top_up t on t.id = d.top_up;

-- What has to be settled before an account is erased, and what to do about it.
create function open_of(of_account text) returns table (place integer, what text) language sql stable as $$
    select 1, case when i.status = 'DRAFT'
                   then format('its invoice for %s is being drawn up: finish the monthly run (./postpaid rerun)', to_char(i.period, 'YYYY-MM'))
                   else format('invoice %s is not paid: collect it, credit it or write it off', i.number) end
      from invoice i where i.account = of_account and i.status in ('DRAFT', 'OPEN')
     union all
    select 2, format('it is not known what became of a charge for invoice %s: ./postpaid run nightly finds out', i.number)
      from invoice i join payment_attempt p on p.invoice = i.id
     where i.account = of_account and p.status in ('CLAIMED', 'UNKNOWN')
     union all
    select 3, format('invoice %s could still be paid at Stripe: ./postpaid run nightly ends that', i.number)
      from invoice i join payment_intent p on p.invoice = i.id
     where i.account = of_account and i.status not in ('DRAFT', 'OPEN') and p.status = 'LIVE'
     union all
    select 4, format('it is not known what became of the top-up %s: ./postpaid run nightly finds out', reference)
      from top_up where account = of_account and status in ('CLAIMED', 'UNKNOWN')
     union all
    select 5, format('the refund of %s is under way: ./postpaid run nightly finds out what became of it', m.of)
      from refund r join money_back m on m.kind = 'refund' and m.id = r.id::text
     where m.account = of_account and r.status in ('CLAIMED', 'UNKNOWN', 'PENDING')
     union all
    select 6, format('the dispute %s is under review: wait for what the bank decides', d.id)
      from dispute d join money_back m on m.kind = 'dispute' and m.id = d.id
     where m.account = of_account and d.status = 'UNDER_REVIEW'
     union all
    select 7, format('%s %s of approval %s wait for a second person: ./postpaid approve or reject it', trim_scale(amount), currency, id)
      from approval where account = of_account and status = 'WAITING'
     union all
    select 8, format('its balance is %s %s: send it back (./postpaid payments send-back)', trim_scale(amount), currency)
      from account_balance where account = of_account and amount > 0
     union all
    select 9, format('it owes %s %s for credit that was taken back: record what comes (./postpaid payments record)', trim_scale(owed), currency)
      from account_balance where account = of_account and owed > 0
     union all
    select 10, format('%s %s of credit that it bought are left: refund the top-up', trim_scale(sum(amount - used)), currency)
      from credit_grant where account = of_account and kind = 'TOP_UP' and used < amount group by currency
     union all
    select 11, format('a call through the gate is under way: it ends by %s', max(expires_at))
      from gate_authorization where account = of_account and status = 'HELD' having count(*) > 0
     union all
    select 12, format('its usage of %s is not billed: wait for the nightly and monthly runs, or take it back', to_char(month, 'YYYY-MM'))
      from (select date_trunc('month', day)::date as month from arrived_usage where account = of_account
             union select period from unrated_day where account = of_account
             union select period from monthly_cost where account = of_account and (cost <> 0 or credits <> 0 or accrued <> 0)
             union select period from usage_journal where account = of_account) m
     where not exists (select from invoice i where i.account = of_account and i.period = m.month and i.status <> 'DRAFT')
        or exists (select from arrived_usage a where a.account = of_account and date_trunc('month', a.day) = m.month)
     union all
    select 13, 'a card waits to be attached at Stripe: ./postpaid run nightly attaches it'
      from account where id = of_account and payment_method_wanted is not null
     union all
    select 14, format('mail %s is being sent: ./postpaid run nightly finishes that', id)
      from notice where account = of_account and status = 'SENDING'
$$;

-- A line of an export: numbers are texts, so that no reader rounds an amount.
create function exported(kept jsonb) returns jsonb language plpgsql immutable as $$
begin
    return case jsonb_typeof(kept)
               when 'number' then to_jsonb(kept #>> '{}')
               when 'object' then (select coalesce(jsonb_object_agg(key, exported(value)), '{}') from jsonb_each(kept))
               when 'array' then (select coalesce(jsonb_agg(exported(value) order by place), '[]')
                                    from jsonb_array_elements(kept) with ordinality e (value, place))
               else kept
           end;
end $$;
