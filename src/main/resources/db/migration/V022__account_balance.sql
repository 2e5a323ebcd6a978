-- Two kinds of money before an invoice. Service credit (credit_grant) is net and drawn before tax. The account balance is
-- gross: what came in beyond what was open, what credit notes free of what was paid, refunds that came back. It pays
-- invoices after tax, like money.

alter table posting
    drop constraint posting_debit_check,
    drop constraint posting_credit_check,
    add constraint posting_debit_check check (debit in (
        'FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING',
        'BALANCE', 'REFUNDS_DUE', 'DISPUTES_PENDING', 'DISPUTE_LOSS', 'SHORTFALL', 'BAD_DEBT')),
    add constraint posting_credit_check check (credit in (
        'FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING',
        'BALANCE', 'REFUNDS_DUE', 'DISPUTES_PENDING', 'DISPUTE_LOSS', 'SHORTFALL', 'BAD_DEBT'));

-- What we owe an account, and what it owes beside its invoices: credit that was used, and whose payment the bank took back.
create table account_balance (
    account  text not null references account,
    currency text not null,
    amount   numeric(38,12) not null default 0,
    owed     numeric(38,12) not null default 0,
    primary key (account, currency),
    constraint account_balance_never_below_zero check (amount >= 0),
    constraint account_owed_never_below_zero check (owed >= 0)
);
create index account_balance_there on account_balance (account) where amount > 0;

create or replace function posting_sums() returns trigger language plpgsql as $$
begin
    update credit_grant g
       set used = g.used + moved.amount
      from (select grant_id, sum(case when debit = 'GRANT' then amount else -amount end) as amount
              from posted
             where grant_id is not null and kind <> 'granted'
             group by grant_id) moved
     where g.id = moved.grant_id;

    insert into monthly_cost as m (account, period, cost, credits, accrued)
    select account, period,
           sum(case when credit = 'REVENUE' then amount else -amount end),
           sum(case when debit = 'GRANT' then amount when credit = 'GRANT' then -amount else 0 end),
           sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end)
      from posted
     where 'REVENUE' in (debit, credit)
     group by account, period
     order by account, period
        on conflict (account, period) do update
       set cost = m.cost + excluded.cost, credits = m.credits + excluded.credits, accrued = m.accrued + excluded.accrued;

    if exists (select from posted where debit in ('BALANCE', 'SHORTFALL') or credit in ('BALANCE', 'SHORTFALL')) then
        -- The row comes first: a check would look at an inserted difference, and not at what it makes of the row.
        insert into account_balance (account, currency)
        select account, currency
          from posted
         where debit in ('BALANCE', 'SHORTFALL') or credit in ('BALANCE', 'SHORTFALL')
         group by account, currency
         order by account, currency
            on conflict do nothing;
        update account_balance b
           set amount = b.amount + moved.amount, owed = b.owed + moved.owed
          from (select account, currency,
                       sum(case when credit = 'BALANCE' then amount when debit = 'BALANCE' then -amount else 0 end) as amount,
                       sum(case when debit = 'SHORTFALL' then amount when credit = 'SHORTFALL' then -amount else 0 end) as owed
                  from posted
                 group by account, currency) moved
         where b.account = moved.account and b.currency = moved.currency and (moved.amount <> 0 or moved.owed <> 0);
    end if;
    return null;
end $$;

-- What of an invoice the account balance has paid when it was issued.
alter table invoice
    add column from_balance numeric not null default 0 constraint invoice_from_balance check (from_balance >= 0),
    drop constraint invoice_amount_due,
    add constraint invoice_amount_due check (amount_due = total + carried_in - carried_forward - from_balance);

create or replace function invoice_is_issued() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.status <> 'DRAFT' then raise exception 'invoice % is issued and cannot be deleted', old.number; end if;
        return old;
    end if;
    if old.status = 'DRAFT' then return new; end if;
    if (to_jsonb(new) - 'status') <> (to_jsonb(old) - 'status') then
        raise exception 'invoice % is issued and cannot be changed', old.number;
    end if;
    -- A dispute that was lost may be owed again; what was written off may be paid after all.
    if new.status <> old.status
       and not (old.status = 'OPEN' or (old.status = 'PAID' and new.status = 'OPEN')
                or (old.status = 'UNCOLLECTIBLE' and new.status = 'PAID')) then
        raise exception 'invoice %: % cannot become %', old.number, old.status, new.status;
    end if;
    return new;
end $$;

-- REFUND and DISPUTE_WON are of the time when money that went back opened its invoice.
alter table settlement
    drop constraint settlement_kind_check,
    drop constraint settlement_sign,
    add constraint settlement_kind_check check (kind in (
        'CARD', 'TRANSFER', 'BALANCE', 'WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'REFUND', 'DISPUTE', 'DISPUTE_WON')),
    add constraint settlement_sign check ((amount < 0) = (kind in ('REFUND', 'DISPUTE', 'WRITE_OFF_REVERSED')));

-- A surplus without a grant is part of the account balance.
alter table surplus alter column grant_id drop not null;
alter table credit_note drop constraint credit_note_grant;
alter table credit_note add constraint credit_note_grant check (grant_id is null or settled < amount);

-- Money that came in for an account, and not for one of its invoices.
create table account_payment (
    reference text primary key check (reference <> ''),
    account   text not null references account,
    currency  text not null,
    amount    numeric not null constraint account_payment_amount check (amount > 0),
    at        timestamptz not null
);
create index account_payment_account on account_payment (account);
create trigger account_payment_is_history before update or delete or truncate on account_payment
    for each statement execute function refuse_change();

-- A refund is of an invoice or of a top-up. It is made of what was set aside from the account balance (or from the grant)
-- when it was claimed, of what a credit note gives when it has succeeded, and of what went beyond all that: a loss.
alter table refund
    alter column invoice drop not null,
    add column top_up bigint references top_up,
    add column taken numeric not null default 0,
    add column lost numeric not null default 0,
    add column noted numeric generated always as (amount - taken - lost) stored,
    add column returned_at timestamptz,
    drop constraint refund_status_check,
    drop constraint refund_resolved,
    drop constraint refund_known,
    add constraint refund_status_check check (status in ('CLAIMED', 'UNKNOWN', 'PENDING', 'SUCCEEDED', 'FAILED', 'REFUSED')),
    add constraint refund_resolved check ((status in ('CLAIMED', 'UNKNOWN', 'PENDING')) = (resolved_at is null)),
    add constraint refund_known check (status not in ('PENDING', 'SUCCEEDED', 'FAILED') or stripe_id is not null),
    add constraint refund_of_one check (num_nonnulls(invoice, top_up) = 1),
    add constraint refund_parts check (taken >= 0 and lost >= 0 and taken + lost <= amount),
    add constraint refund_returned check (returned_at is null or status = 'FAILED');
update refund set returned_at = resolved_at where status = 'FAILED';
create index refund_top_up on refund (top_up) where top_up is not null;
create unique index refund_one_unresolved_of_top_up on refund (top_up) where status in ('CLAIMED', 'UNKNOWN');

-- A dispute takes back what is unspent of what it paid for; the rest is owed (of a top-up, or where the seller wants it so)
-- or lost.
alter table dispute
    alter column invoice drop not null,
    add column top_up bigint references top_up,
    add column taken numeric not null default 0,
    add column owed numeric not null default 0,
    add constraint dispute_of_one check (num_nonnulls(invoice, top_up) = 1),
    add constraint dispute_parts check (taken >= 0 and owed >= 0 and taken + owed <= amount);
alter table dispute disable trigger dispute_is_final;
update dispute set owed = amount where status = 'LOST';
alter table dispute enable trigger dispute_is_final;
create index dispute_top_up on dispute (top_up) where top_up is not null;

-- The facts from which what may still be given back for an invoice follows; see GivenBack.
create view given_back as
select i.id as invoice, i.number, i.account, i.currency,
       -- What is carried forward is billed by the next one.
       greatest(0, greatest(i.total, i.amount_due + i.from_balance) - greatest(i.carried_forward, 0)) as billed,
       coalesce((select sum(c.amount) from credit_note c where c.invoice = i.id), 0) as credited,
       coalesce((select sum(s.amount) from settlement s
                  where s.invoice = i.id and s.kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')), 0) as written_off,
       coalesce((select sum(r.noted) from refund r
                  where r.invoice = i.id and r.status in ('CLAIMED', 'UNKNOWN', 'PENDING')), 0) as reserved,
       coalesce((select sum(d.amount - d.taken - d.owed) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)
         + coalesce((select sum(r.lost) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as banked,
       coalesce((select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARD'), 0)
         + coalesce((select sum(u.amount) from surplus u where u.invoice = i.id and u.kind = 'CARD'), 0) as by_card,
       coalesce((select sum(r.amount) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as refunded,
       coalesce((select sum(d.amount) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0) as disputed,
       greatest(0,
           coalesce((select sum(u.amount) from surplus u where u.invoice = i.id and u.grant_id is null), 0)
         + coalesce((select sum(c.amount - c.settled) from credit_note c where c.invoice = i.id and c.grant_id is null), 0)
         - coalesce((select sum(r.taken + case when r.status = 'SUCCEEDED' then r.noted else 0 end) from refund r
                      where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
         - coalesce((select sum(d.taken) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)) as freed
  from invoice i
 where i.status <> 'DRAFT';

-- The same of a top-up: bought, gone back by refund or dispute, and owed for what the bank took back of what was used.
create view top_up_given_back as
select t.id as top_up, t.reference, t.account, t.currency, t.amount as sold, t.grant_id,
       coalesce((select sum(r.taken) from refund r where r.top_up = t.id and r.status not in ('FAILED', 'REFUSED')), 0)
         + coalesce((select sum(d.taken + d.owed) from dispute d where d.top_up = t.id and d.status <> 'WON'), 0) as gone,
       coalesce((select sum(r.amount) from refund r where r.top_up = t.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as refunded,
       coalesce((select sum(d.amount) from dispute d where d.top_up = t.id and d.status <> 'WON'), 0) as disputed
  from top_up t
 where t.status = 'SUCCEEDED';

-- What the ledger's CASH says of money that came in or went out.
create function cash_posted(of_kind text, of_reference text) returns numeric language sql stable as $$
    select coalesce(sum(case when debit = 'CASH' then amount else -amount end), 0)
      from posting
     where 'CASH' in (debit, credit)
       and ((kind in ('paid', 'refunded', 'refund-failed', 'disputed', 'restored')
             and reference in (of_kind || '/' || of_reference, of_kind || '/' || of_reference || '/balance',
                               of_kind || '/' || of_reference || '/owed', of_kind || '/' || of_reference || '/credit'))
            or (kind = 'granted'
                and reference in (select u.grant_id::text from surplus u
                                   where u.kind = of_kind and u.reference = of_reference and u.amount > 0)))
$$;

drop view report_cash;
-- Every amount that came in or went out for an invoice, a top-up or an account, and what the ledger's CASH says of it. What
-- a top-up itself brought is in report_top_up.
create view report_cash as
with moved as (
    select s.kind, s.reference, s.invoice, null::bigint as top_up, null::text as account, null::text as currency, s.amount, s.at
      from settlement s
     where s.kind in ('CARD', 'TRANSFER')
     union all
    select u.kind, u.reference, u.invoice, null, null, null, u.amount, u.at
      from surplus u
     where u.kind in ('CARD', 'TRANSFER')
     union all
    select 'ACCOUNT', p.reference, null, null, p.account, p.currency, p.amount, p.at
      from account_payment p
     union all
    select 'REFUND', r.stripe_id, r.invoice, r.top_up, null, null, -r.amount, r.resolved_at
      from refund r
     where r.status = 'SUCCEEDED' or r.returned_at is not null
     union all
    select 'REFUND_FAILED', r.stripe_id, r.invoice, r.top_up, null, null, r.amount, r.returned_at
      from refund r
     where r.returned_at is not null
     union all
    select 'DISPUTE', d.id, d.invoice, d.top_up, null, null, -d.amount, d.opened_at
      from dispute d
     union all
    select 'DISPUTE_WON', d.id, d.invoice, d.top_up, null, null, d.amount, d.closed_at
      from dispute d
     where d.status = 'WON'
)
select m.kind, m.reference, i.id as invoice, t.id as top_up, i.number, coalesce(i.account, t.account, m.account) as account,
       i.period, coalesce(i.currency, t.currency, m.currency) as currency, sum(m.amount) as amount,
       trim_scale(cash_posted(m.kind, m.reference)) as posted, min(m.at) as at,
       case when i.id is not null then 'invoice ' || i.number
            when t.id is not null then 'top-up ' || t.reference || ' of ' || t.account
            else 'account ' || m.account end as what
  from moved m
  left join invoice i on i.id = m.invoice
  left join top_up t on t.id = m.top_up
 group by m.kind, m.reference, i.id, t.id, i.number, i.account, t.account, m.account, t.reference, i.period, i.currency,
          t.currency, m.currency;

drop view report_settlement;
-- All that changed what is open of an invoice beside its own total, and what went to or from the account balance instead.
create view report_settlement as
select i.period, i.number, i.account, m.kind, i.currency, m.amount, m.reference, m.at, m.balance
  from (select invoice, kind, amount, reference, at, false as balance from settlement
         union all
        select invoice, kind, amount, reference, at, true from surplus
         union all
        select invoice, 'CREDIT_NOTE', amount - settled, number, issued_on::timestamp at time zone 'UTC', true
          from credit_note
         where settled < amount and grant_id is null
         union all
        select invoice, 'REFUND', -amount, stripe_id, resolved_at, true
          from refund
         where (status = 'SUCCEEDED' or returned_at is not null)
           and not exists (select from settlement s where s.kind = 'REFUND' and s.reference = refund.stripe_id)
         union all
        select invoice, 'REFUND_FAILED', amount, stripe_id, returned_at, true
          from refund
         where returned_at is not null
           and not exists (select from surplus u where u.kind = 'REFUND_FAILED' and u.reference = refund.stripe_id)
         union all
        select invoice, 'DISPUTE', -amount + owed, id, opened_at, true
          from dispute
         where owed < amount
         union all
        select invoice, 'DISPUTE_WON', amount, id, closed_at, true
          from dispute
         where status = 'WON'
           and not exists (select from settlement s where s.kind = 'DISPUTE_WON' and s.reference = dispute.id)) m
  join invoice i on i.id = m.invoice;

create or replace view report_invoice as
select i.period, i.number, i.account, a.name, to_char(i.period, 'YYYY-MM') as month, i.status, i.issued_on, i.due_on,
       i.currency, i.subtotal, i.credits, i.tax, i.total, i.carried_in, i.carried_forward, i.amount_due,
       coalesce(s.paid, 0 * i.amount_due) as paid, coalesce(s.credited, 0 * i.amount_due) as credited,
       coalesce(s.written_off, 0 * i.amount_due) as written_off,
       i.amount_due - coalesce(s.paid + s.credited + s.written_off, 0) as open, d.sha256 as pdf_sha256, i.from_balance
  from invoice i
  join account a on a.id = i.account
  left join (select invoice,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE') then 0 * amount else amount end)
                        as paid,
                    sum(case when kind = 'CREDIT_NOTE' then amount else 0 * amount end) as credited,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED') then amount else 0 * amount end) as written_off
               from settlement
              group by invoice) s on s.invoice = i.id
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT';

create or replace view report_invoiced as
select period, currency, count(*) as invoices, sum(subtotal) as subtotal, sum(credits) as credits, sum(tax) as tax,
       sum(total) as total, sum(carried_in) as carried_in, sum(carried_forward) as carried_forward,
       sum(amount_due) as amount_due, sum(paid) as paid, sum(credited) as credited, sum(written_off) as written_off,
       sum(open) as open, sum(from_balance) as from_balance
  from report_invoice
 where status <> 'VOID'
 group by period, currency;

-- What went back to the customer, or to his bank, of a grant is neither used nor expired.
create or replace view report_credit_movement as
select date_trunc('month', coalesce(p.period::timestamp, p.at at time zone 'UTC'))::date as period, g.kind, p.currency,
       case when p.kind in ('granted', 'expired') then p.kind
            when p.kind in ('refund-asked', 'refund-lifted', 'refund-returned', 'dispute-taken', 'dispute-returned', 'refunded')
                then 'refunded'
            else 'consumed' end as movement,
       sum(case when p.credit = 'GRANT' then p.amount else -p.amount end) as amount
  from posting p
  join credit_grant g on g.id = p.grant_id
 group by 1, 2, 3, 4;

create view report_balance as
select b.account, a.name, b.currency, trim_scale(b.amount) as balance, trim_scale(b.owed) as owed
  from account_balance b
  join account a on a.id = b.account
 where b.amount <> 0 or b.owed <> 0;

-- What banks and the provider's dashboard took beyond what could be taken back or is owed.
create view report_loss as
select date_trunc('month', l.at at time zone 'UTC')::date as period, l.kind, l.reference,
       coalesce(i.account, t.account) as account, i.number, t.reference as top_up, coalesce(i.currency, t.currency) as currency,
       l.amount, l.at
  from (select 'DISPUTE' as kind, id as reference, invoice, top_up, amount - taken - owed as amount, closed_at as at
          from dispute where status = 'LOST' and taken + owed < amount
         union all
        select 'REFUND', stripe_id, invoice, top_up, lost, resolved_at
          from refund where status = 'SUCCEEDED' and lost > 0) l
  left join invoice i on i.id = l.invoice
  left join top_up t on t.id = l.top_up;

-- An account that owes what the bank took back of used credit pays that first.
create or replace function gate_hold(
    for_account text, for_key text, for_product text, asked numeric, at_price numeric, in_proportion boolean,
    is_billable boolean, priced_with bigint, now timestamptz, until timestamptz,
    out outcome text, out remaining numeric, out this_call gate_authorization
) language plpgsql as $$
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

-- ---- the invariants

create or replace function verify_money_in() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select currency, amount as paid, 0 as topped_up, 0 as posted from report_cash
         union all
        select currency, 0, amount, 0
          from credit_grant g
         where kind = 'TOP_UP'
           and not exists (select from surplus u where u.grant_id = g.id and u.amount > 0)
           and not exists (select from credit_note c where c.grant_id = g.id)
         union all
        select currency, 0, 0, case when debit = 'CASH' then amount else -amount end
          from posting
         where 'CASH' in (debit, credit)
    ), summed as (
        select currency, trim_scale(sum(paid)) as paid, trim_scale(sum(topped_up)) as topped_up,
               trim_scale(sum(posted)) as posted
          from part
         group by currency
    ), checked as (
        select *, case when posted <> paid + topped_up then
                   format('%s: CASH is %s, but %s was paid and %s topped up', currency, posted, paid, topped_up)
               end as told
          from summed
    )
    select coalesce(string_agg(format('%s: CASH %s = paid for invoices %s + topped up %s', currency, posted, paid, topped_up),
                               '; ' order by currency), 'no money came in'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_settlement_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select 'invoice ' || i.number as what, s.kind, s.reference, s.amount,
               (select sum(case when p.credit = 'RECEIVABLE' then p.amount else -p.amount end)
                  from posting p
                 where p.kind in ('paid', 'written-off', 'write-off-reversed', 'credited', 'balance-used', 'owed-again',
                                  'refunded', 'disputed', 'restored')
                   and p.reference in (s.kind || '/' || s.reference, s.kind || '/' || s.reference || '/tax')
                   and 'RECEIVABLE' in (p.debit, p.credit)) as posted
          from settlement s
          join invoice i on i.id = s.invoice
         where s.at >= since::timestamp at time zone 'UTC'
         union all
        select what, kind, reference, amount, posted
          from report_cash c
         where at >= since::timestamp at time zone 'UTC'
           -- What is a settlement and nothing else is seen above; refunds and disputes are verify_refunds' own.
           and kind in ('CARD', 'TRANSFER', 'ACCOUNT')
           and not exists (select from settlement s
                            where s.kind = c.kind and s.reference = c.reference and s.amount = c.amount)
    ), checked as (
        select amount, case when amount <> coalesce(posted, 0) then
                   format('%s: the %s %s of %s has postings of %s', what, kind, reference, amount,
                          coalesce(trim_scale(posted), 0))
               end as told
          from settled
    )
    select format('%s settlements of %s', count(*), coalesce(sum(amount), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_credit_notes() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with noted as (
        select c.year, count(*) as notes, count(distinct substring(c.number from '(\d+)$')::integer) as numbers,
               max(substring(c.number from '(\d+)$')::integer) as last
          from credit_note c
         group by c.year
    ), posted as (
        select split_part(p.reference, '/', 2) as number, sum(p.amount) filter (where p.debit = 'TAX') as tax,
               sum(p.amount) filter (where p.credit = 'BALANCE') as freed
          from posting p
         where p.kind in ('credited', 'granted')
           and p.reference like 'CREDIT_NOTE/%'
         group by 1
    ), checked as (
        select case when s.last_number is distinct from n.last or n.notes <> n.numbers or n.numbers <> n.last then
                   format('%s: %s credit notes with %s numbers up to %s, but the series is at %s', coalesce(n.year, s.year),
                          coalesce(n.notes, 0), coalesce(n.numbers, 0), coalesce(n.last, 0), coalesce(s.last_number, 0))
               end as told
          from noted n
          full join credit_note_series s on s.year = n.year
         union all
        select case when c.settled <> coalesce(s.amount, 0)
                      or c.amount <> coalesce(s.amount, 0) + coalesce(g.amount, p.freed, 0)
                      or c.tax <> coalesce(p.tax, 0) then
                   format('credit note %s of %s with tax %s: %s is settled, %s went to the balance, tax of %s is posted',
                          c.number, c.amount, c.tax, coalesce(s.amount, 0),
                          coalesce(trim_scale(coalesce(g.amount, p.freed)), 0), coalesce(trim_scale(p.tax), 0))
               end
          from credit_note c
          left join posted p on p.number = c.number
          left join settlement s on s.kind = 'CREDIT_NOTE' and s.reference = c.number
          left join credit_grant g on g.id = c.grant_id
    )
    select format('%s credit notes of %s', (select count(*) from credit_note),
                  (select coalesce(sum(amount), 0) from credit_note)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_refunds() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select format('%s: the %s %s of %s has moved %s', what, lower(replace(kind, '_', ' ')), reference, abs(amount),
                      abs(posted)) as told
          from report_cash
         where kind in ('REFUND', 'REFUND_FAILED', 'DISPUTE', 'DISPUTE_WON')
           and posted <> amount
         union all
        -- Money of a refund that has not succeeded, or that is nobody's.
        select format('%s: %s has moved %s, but no refund or dispute of it has: look at it in the provider''s dashboard, and'
                      || ' run ./postpaid reconcile', p.account, p.reference, trim_scale(p.amount))
          from posting p
         where p.kind in ('refunded', 'refund-failed', 'disputed', 'restored')
           and 'CASH' in (p.debit, p.credit)
           and not exists (select from report_cash c
                            where c.kind = split_part(p.reference, '/', 1) and c.reference = split_part(p.reference, '/', 2))
    )
    select format('%s refunds, %s disputes', (select count(*) from refund where status = 'SUCCEEDED'),
                  (select count(*) from dispute)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_invoice_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select id, number, account, period, subtotal - credits as net, tax, total, from_balance
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
               sum(case when p.credit = 'ACCRUED' then p.amount when p.debit = 'ACCRUED' then -p.amount else 0 end) as accrued,
               coalesce(sum(p.amount) filter (where p.kind = 'balance-applied'), 0) as applied
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
                   when coalesce(p.applied, 0) <> i.from_balance then
                       format('invoice %s of %s: %s paid from the account balance, but posted %s', i.number, i.account,
                              i.from_balance, coalesce(trim_scale(p.applied), 0))
                   when coalesce(p.receivable, 0) <> i.total - i.from_balance - coalesce(s.amount, 0) then
                       format('invoice %s: total %s less settled %s, but RECEIVABLE says %s', i.number,
                              i.total - i.from_balance, coalesce(s.amount, 0), coalesce(trim_scale(p.receivable), 0))
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

create or replace function verify_invoice_totals(since date) returns table (figure text, broken bigint, examples text[])
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
                   when i.amount_due <> i.total + i.carried_in - i.carried_forward - i.from_balance then
                       format('invoice %s: amount due %s, but total %s + carried in %s - carried forward %s - from balance %s',
                              i.number, i.amount_due, i.total, i.carried_in, i.carried_forward, i.from_balance)
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

-- What we gave back is never more than what was billed, whatever banks took beside it.
create function verify_given_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with touched as (
        select * from given_back
         where invoice in (select invoice from credit_note
                            union select invoice from refund
                            union select invoice from settlement where kind in ('REFUND', 'WRITE_OFF', 'WRITE_OFF_REVERSED'))
    ), checked as (
        select credited, written_off,
               case
                   when credited + written_off + reserved > billed then
                       format('invoice %s of %s: %s is credited, %s written off and %s about to be, of %s billed: stop the'
                              || ' refund in the provider''s dashboard, or agree with the customer', number, account, credited,
                              written_off, reserved, billed)
                   when coalesce((select sum(s.amount) from settlement s
                                   where s.invoice = touched.invoice and s.kind = 'REFUND'), 0)
                        + coalesce((select sum(c.settled) from credit_note c where c.invoice = touched.invoice), 0) < 0 then
                       format('invoice %s of %s: a refund has opened it, so that the account owes what was given back: issue a'
                              || ' credit note for it', number, account)
               end as told
          from touched
    )
    select format('%s invoices: %s credited, %s written off', count(*), coalesce(sum(credited), 0),
                  coalesce(sum(written_off), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- We give back no more money than came in as money. What a bank takes comes on top, and is a loss.
create function verify_money_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select 'invoice ' || number as what, account, by_card as paid, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.invoice = given_back.invoice and r.status not in ('FAILED', 'REFUSED')), 0) as lost
          from given_back
         where refunded > 0 or disputed > 0
         union all
        select 'top-up ' || reference, account, sold, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.top_up = top_up_given_back.top_up and r.status not in ('FAILED', 'REFUSED')), 0)
          from top_up_given_back
         where refunded > 0 or disputed > 0
    ), checked as (
        select refunded, disputed, case when refunded - lost > paid then
                   format('%s of %s: %s was given back of %s paid by card: ask the customer for the difference', what, account,
                          trim_scale(refunded - lost), trim_scale(paid))
               end as told
          from part
    )
    select format('%s given back, %s taken by banks', coalesce(trim_scale(sum(refunded)), 0),
                  coalesce(trim_scale(sum(disputed)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- A balance is the sum of its postings, and of what made it: money beyond the open amounts, credit notes, refunds.
create function verify_account_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, currency,
               sum(case when credit = 'BALANCE' then amount when debit = 'BALANCE' then -amount else 0 end) as amount,
               sum(case when debit = 'SHORTFALL' then amount when credit = 'SHORTFALL' then -amount else 0 end) as owed
          from posting
         where debit in ('BALANCE', 'SHORTFALL') or credit in ('BALANCE', 'SHORTFALL')
         group by account, currency
    ), made as (
        select account, currency, sum(amount) as amount
          from (select i.account, i.currency, u.amount
                  from surplus u join invoice i on i.id = u.invoice where u.grant_id is null
                 union all
                select i.account, i.currency, c.amount - c.settled
                  from credit_note c join invoice i on i.id = c.invoice where c.grant_id is null
                 union all
                select account, currency, amount from account_payment
                 union all
                select account, currency, -from_balance from invoice where status <> 'DRAFT'
                 union all
                select i.account, i.currency, -s.amount
                  from settlement s join invoice i on i.id = s.invoice where s.kind = 'BALANCE'
                 union all
                select i.account, i.currency, -r.taken - case when r.status = 'SUCCEEDED' then r.noted else 0 end
                  from refund r
                  join invoice i on i.id = r.invoice
                 where r.status not in ('FAILED', 'REFUSED')
                   and not exists (select from settlement s where s.kind = 'REFUND' and s.reference = r.stripe_id)
                 union all
                select i.account, i.currency, -d.taken
                  from dispute d join invoice i on i.id = d.invoice where d.status <> 'WON'
                 union all
                -- What paid a shortfall, and what of that a dispute that was won gave back.
                select account, currency, case when credit = 'SHORTFALL' then -amount else amount end
                  from posting
                 where (credit = 'SHORTFALL' and debit in ('BALANCE', 'CASH'))
                    or (kind = 'restored' and reference like '%/paid')) part
         group by account, currency
    ), checked as (
        select b.amount, b.owed,
               case
                   when b.amount < 0 or b.owed < 0 then
                       format('%s: its balance is %s and it owes %s %s: neither can be below zero', b.account,
                              trim_scale(b.amount), trim_scale(b.owed), b.currency)
                   when (coalesce(b.amount, 0), coalesce(b.owed, 0)) <> (coalesce(p.amount, 0), coalesce(p.owed, 0)) then
                       format('%s: its balance is %s and it owes %s, but the postings say %s and %s',
                              coalesce(b.account, p.account), coalesce(trim_scale(b.amount), 0),
                              coalesce(trim_scale(b.owed), 0), coalesce(trim_scale(p.amount), 0),
                              coalesce(trim_scale(p.owed), 0))
                   when coalesce(p.amount, 0) <> coalesce(m.amount, 0) then
                       format('%s: the ledger has a balance of %s, but payments, credit notes and refunds make %s',
                              coalesce(p.account, m.account), coalesce(trim_scale(p.amount), 0),
                              coalesce(trim_scale(m.amount), 0))
               end as told
          from account_balance b
          full join posted p using (account, currency)
          full join made m using (account, currency)
    )
    select format('accounts have %s, and owe %s for credit that was taken back', coalesce(trim_scale(sum(amount)), 0),
                  coalesce(trim_scale(sum(owed)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Nothing of a refund is final before it has succeeded: what is set aside for it is all that there is.
create function verify_pending_refunds() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with refunds as (
        select r.*, coalesce(i.account, t.account) as account, coalesce(i.currency, t.currency) as currency
          from refund r
          left join invoice i on i.id = r.invoice
          left join top_up t on t.id = r.top_up
    ), set_aside as (
        select account, currency, count(*) as refunds, sum(taken) as amount
          from refunds
         where status in ('CLAIMED', 'UNKNOWN', 'PENDING')
         group by account, currency
    ), due as (
        select account, currency, sum(case when credit = 'REFUNDS_DUE' then amount else -amount end) as amount
          from posting
         where 'REFUNDS_DUE' in (debit, credit)
         group by account, currency
    ), checked as (
        select coalesce(s.refunds, 0) as refunds, s.amount,
               case when coalesce(s.amount, 0) <> coalesce(d.amount, 0) then
                   format('%s: %s is set aside for refunds that have no end yet, but REFUNDS_DUE is %s',
                          coalesce(s.account, d.account), coalesce(trim_scale(s.amount), 0), coalesce(trim_scale(d.amount), 0))
               end as told
          from set_aside s
          full join due d using (account, currency)
         union all
        select 0, 0, format('%s: the refund %s is %s, but the customer was mailed that it was made', account, stripe_id, status)
          from refunds r
         where status in ('PENDING', 'FAILED')
           and returned_at is null
           and exists (select from notice n
                        where n.account = r.account and n.kind in ('payment-refunded', 'top-up-refunded')
                          and n.key like '%/' || r.stripe_id)
    )
    select format('%s refunds have no end yet, %s is set aside for them', coalesce(sum(refunds), 0),
                  coalesce(trim_scale(sum(amount)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What banks hold is pending until it is decided, then a loss or owed; what is written off is bad debt and nothing else.
create function verify_losses() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with expected as (
        select coalesce(i.account, t.account) as account, coalesce(i.currency, t.currency) as currency,
               case when d.status = 'UNDER_REVIEW' then d.amount - d.taken - d.owed else 0 end as pending,
               case when d.status = 'LOST' then d.amount - d.taken - d.owed else 0 end as lost, 0 as bad
          from dispute d
          left join invoice i on i.id = d.invoice
          left join top_up t on t.id = d.top_up
         union all
        select coalesce(i.account, t.account), coalesce(i.currency, t.currency), 0,
               case when r.status = 'SUCCEEDED' then r.lost else 0 end, 0
          from refund r
          left join invoice i on i.id = r.invoice
          left join top_up t on t.id = r.top_up
         union all
        select i.account, i.currency, 0, 0, s.amount
          from settlement s
          join invoice i on i.id = s.invoice
         where s.kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')
    ), summed as (
        select account, currency, sum(pending) as pending, sum(lost) as lost, sum(bad) as bad
          from expected group by account, currency
    ), posted as (
        select account, currency,
               sum(case when debit = 'DISPUTES_PENDING' then amount when credit = 'DISPUTES_PENDING' then -amount else 0 end)
                   as pending,
               sum(case when debit = 'DISPUTE_LOSS' then amount when credit = 'DISPUTE_LOSS' then -amount else 0 end) as lost,
               sum(case when debit = 'BAD_DEBT' then amount when credit = 'BAD_DEBT' then -amount
                        -- As it was posted once.
                        when kind = 'written-off' and debit = 'FUNDING' then amount else 0 end) as bad
          from posting
         where debit in ('DISPUTES_PENDING', 'DISPUTE_LOSS', 'BAD_DEBT')
            or credit in ('DISPUTES_PENDING', 'DISPUTE_LOSS', 'BAD_DEBT')
            or kind = 'written-off'
         group by account, currency
    ), checked as (
        select s.pending, s.lost, s.bad,
               case when (coalesce(s.pending, 0), coalesce(s.lost, 0), coalesce(s.bad, 0))
                      <> (coalesce(p.pending, 0), coalesce(p.lost, 0), coalesce(p.bad, 0)) then
                   format('%s: disputed %s, lost %s, written off %s, but the ledger has %s, %s and %s',
                          coalesce(s.account, p.account), coalesce(trim_scale(s.pending), 0), coalesce(trim_scale(s.lost), 0),
                          coalesce(trim_scale(s.bad), 0), coalesce(trim_scale(p.pending), 0),
                          coalesce(trim_scale(p.lost), 0), coalesce(trim_scale(p.bad), 0))
               end as told
          from summed s
          full join posted p using (account, currency)
    )
    select format('%s disputed, %s lost, %s written off', coalesce(trim_scale(sum(pending)), 0),
                  coalesce(trim_scale(sum(lost)), 0), coalesce(trim_scale(sum(bad)), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
