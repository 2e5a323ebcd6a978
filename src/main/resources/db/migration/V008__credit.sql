-- Service credit is net, and drawn before tax. The account balance (below) is gross: what came in beyond what was open, what
-- credit notes free of what was paid, refunds that came back. It pays invoices after tax, like money.
create table credit_grant (
    id         bigint generated always as identity primary key,
    account    text not null references account,
    kind       text not null check (kind in ('FREE', 'PROMO', 'GOODWILL', 'TOP_UP')),
    currency   text not null,
    amount     numeric(38,12) not null check (amount > 0),
    used       numeric(38,12) not null default 0,
    granted_at timestamptz not null,
    expires_on date,
    constraint grant_never_below_zero check (used between 0 and amount)
);
-- What was granted stays; what changes is how much of it is used.
create trigger credit_grant_stays before update on credit_grant
    for each row when ((old.account, old.kind, old.currency, old.amount, old.granted_at)
                       is distinct from (new.account, new.kind, new.currency, new.amount, new.granted_at))
    execute function refuse_change();
create unique index credit_grant_free_once on credit_grant (account) where kind = 'FREE';
create index credit_grant_account on credit_grant (account);
create index credit_grant_expiring on credit_grant (expires_on) where expires_on is not null and used < amount;

-- The ledger. A row moves one amount from one ledger account to another, so that every posting balances to zero by its
-- very form; a balance is the sum of postings; nothing is ever updated or deleted.
create table posting (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    -- The day whose books it is in: usage is in those of the month that bills it.
    posted_on date not null generated always as (
        case when kind = 'usage' then least(greatest((at at time zone 'UTC')::date, period), (period + interval '1 month')::date - 1)
             else (at at time zone 'UTC')::date end) stored,
    account   text not null references account,
    kind      text not null,
    debit     text not null,
    credit    text not null,
    amount    numeric(38,12) not null check (amount > 0),
    currency  text not null,
    period    date,
    -- The month of use, where that is an earlier one than the month that is billed.
    used_in   date,
    grant_id  bigint references credit_grant,
    invoice   bigint,
    reference text,
    check (debit <> credit),
    check (debit in (
        'FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING',
        'BALANCE', 'REFUNDS_DUE', 'DISPUTES_PENDING', 'DISPUTE_LOSS', 'SHORTFALL', 'BAD_DEBT')),
    check (credit in (
        'FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING',
        'BALANCE', 'REFUNDS_DUE', 'DISPUTES_PENDING', 'DISPUTE_LOSS', 'SHORTFALL', 'BAD_DEBT')),
    check (('GRANT' in (debit, credit)) = (grant_id is not null)),
    check ('REVENUE' not in (debit, credit) or period is not null),
    check (used_in is null or (kind = 'usage' and used_in < period and extract(day from used_in) = 1)),
    unique (kind, reference)
);
create index posting_account on posting (account, id);
create index posting_invoice on posting (invoice) where invoice is not null;
-- Postings are added in order of time: a block range index finds a period's for next to nothing.
create index posting_period on posting using brin (period) with (pages_per_range = 32);
create index posting_on on posting using brin (posted_on) with (pages_per_range = 32);
create index posting_late on posting (account, used_in) where used_in is not null;
create trigger posting_is_history before update or delete or truncate on posting
    for each statement execute function refuse_change();

-- The running total of an account and month: cost = what credits covered + what accrued to be charged.
create table monthly_cost (
    account text not null references account,
    period  date not null,
    cost    numeric(38,12) not null,
    credits numeric(38,12) not null,
    accrued numeric(38,12) not null,
    primary key (account, period),
    check (cost = credits + accrued)
);

-- What usage of an earlier month adds to a period, and how much of that is not covered by credit; below zero where more was
-- taken back than came.
create view late_cost as
select account, period, used_in as month, sum(case when credit = 'REVENUE' then amount else -amount end) as cost,
       sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end) as accrued
  from posting
 where used_in is not null
 group by account, period, used_in;

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

-- Running sums follow the postings in the same statement, so that neither can be changed without the other.
create function posting_sums() returns trigger language plpgsql as $$
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
create trigger posting_sums after insert on posting
    referencing new table as posted for each statement execute function posting_sums();

-- Gives accounts that have not had it their free allowance, once: one account, or all.
create function grant_allowances(only_accounts text[], now timestamptz) returns integer language sql as $$
    with granted as (
        insert into credit_grant (account, kind, currency, amount, granted_at)
        select id, 'FREE', currency, free_credit, now
          from account a
         where (only_accounts is null or a.id = any(only_accounts))
           and free_credit > 0
           and not exists (select from credit_grant g where g.account = a.id and g.kind = 'FREE')
         order by id
            on conflict do nothing
        returning id, account, amount, currency
    ), posted as (
        insert into posting (at, account, kind, debit, credit, amount, currency, grant_id, reference)
        select now, account, 'granted', 'FUNDING', 'GRANT', amount, currency, id, id::text
          from granted
        returning 1
    )
    select count(*)::integer from posted
$$;
