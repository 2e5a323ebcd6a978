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
create unique index credit_grant_free_once on credit_grant (account) where kind = 'FREE';
create index credit_grant_account on credit_grant (account);
create index credit_grant_expiring on credit_grant (expires_on) where expires_on is not null and used < amount;

-- The ledger. A row moves one amount from one ledger account to another, so that every posting balances to zero by its
-- very form; a balance is the sum of postings; nothing is ever updated or deleted.
create table posting (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    account   text not null references account,
    kind      text not null,
    debit     text not null,
    credit    text not null,
    amount    numeric(38,12) not null check (amount > 0),
    currency  text not null,
    period    date,
    grant_id  bigint references credit_grant,
    invoice   bigint,
    reference text,
    check (debit <> credit),
    check (debit in ('FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING')),
    check (credit in ('FUNDING', 'CASH', 'GRANT', 'REVENUE', 'ACCRUED', 'BREAKAGE', 'RECEIVABLE', 'CREDITED', 'TAX', 'ROUNDING')),
    check (('GRANT' in (debit, credit)) = (grant_id is not null)),
    check ('REVENUE' not in (debit, credit) or period is not null),
    unique (kind, reference)
);
create index posting_account on posting (account, id);
create index posting_invoice on posting (invoice) where invoice is not null;

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
    return null;
end $$;
create trigger posting_sums after insert on posting
    referencing new table as posted for each statement execute function posting_sums();

-- History is never edited.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is history: rows are added, never changed (% refused)', tg_table_name, lower(tg_op);
end $$;
create trigger usage_journal_is_history before update or delete or truncate on usage_journal
    for each statement execute function refuse_change();
create trigger posting_is_history before update or delete or truncate on posting
    for each statement execute function refuse_change();
create trigger account_event_is_history before update or delete or truncate on account_event
    for each statement execute function refuse_change();
