-- The general ledger: what the customers' postings, the rated usage and the company's own postings say in the accounts of a
-- set of books. It is a view: nothing is written twice.

-- A month whose books are closed. Closing again after a reopening is another version.
create table ledger_close (
    period    date not null constraint ledger_close_period check (extract(day from period) = 1),
    version   integer not null constraint ledger_close_version check (version >= 1),
    closed_at timestamptz not null,
    closed_by text not null constraint ledger_close_by check (closed_by <> ''),
    primary key (period, version)
);
create trigger ledger_close_is_history before update or delete or truncate on ledger_close
    for each statement execute function refuse_change();

create table ledger_reopening (
    period      date not null,
    version     integer not null,
    reopened_at timestamptz not null,
    reopened_by text not null constraint ledger_reopening_by check (reopened_by <> ''),
    reason      text not null constraint ledger_reopening_reason check (reason <> ''),
    primary key (period, version),
    constraint ledger_reopening_of foreign key (period, version) references ledger_close
);
create trigger ledger_reopening_is_history before update or delete or truncate on ledger_reopening
    for each statement execute function refuse_change();

-- The last day whose books are closed, or null.
create function closed_through() returns date language sql stable as $$
    select max((c.period + interval '1 month')::date - 1)
      from ledger_close c
     where not exists (select from ledger_reopening r where r.period = c.period and r.version = c.version)
$$;

-- When a month's books were closed, or null while they are open.
create function closed_at(of_period date) returns timestamptz language sql stable as $$
    select c.closed_at
      from ledger_close c
     where c.period = of_period
       and not exists (select from ledger_reopening r where r.period = c.period and r.version = c.version)
$$;

-- Months are closed one after the other, and opened again from the last one back.
create function ledger_closes_in_order() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'ledger_close' then
        if new.period <= closed_through() then
            raise check_violation using message = format('%s is closed already', to_char(new.period, 'YYYY-MM'));
        elsif new.period > closed_through() + 1 then
            raise check_violation using message = format('%s cannot be closed before %s', to_char(new.period, 'YYYY-MM'),
                                                         to_char(closed_through() + 1, 'YYYY-MM'));
        end if;
    elsif new.period is distinct from date_trunc('month', closed_through())::date or closed_at(new.period) is null then
        raise check_violation using message = format('%s is not the last month that is closed', to_char(new.period, 'YYYY-MM'));
    end if;
    return new;
end $$;
create trigger ledger_closes_in_order before insert on ledger_close for each row execute function ledger_closes_in_order();
create trigger ledger_closes_in_order before insert on ledger_reopening for each row execute function ledger_closes_in_order();

-- What moves no customer's money: the provider's fees and payouts, what it changes to another currency, what banks charge.
create table company_posting (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    posted_on date not null generated always as ((at at time zone 'UTC')::date) stored,
    kind      text not null constraint company_posting_kind check (kind in ('fee', 'payout', 'bank', 'exchange')),
    debit     text not null,
    credit    text not null,
    amount    numeric not null constraint company_posting_amount check (amount > 0),
    currency  text not null references currency (code),
    reference text not null,
    constraint company_posting_moves check (debit <> credit),
    constraint company_posting_debit
        check (debit in ('PROVIDER_CLEARING', 'PROVIDER_FEES', 'BANK', 'FOREIGN_EXCHANGE')),
    constraint company_posting_credit
        check (credit in ('PROVIDER_CLEARING', 'PROVIDER_FEES', 'BANK', 'FOREIGN_EXCHANGE')),
    unique (kind, reference)
);
create index company_posting_on on company_posting (posted_on);
create trigger company_posting_is_history before update or delete or truncate on company_posting
    for each statement execute function refuse_change();

-- Nothing is written into a month whose books are closed.
create function posted_in_open_month() returns trigger language plpgsql as $$
declare
    locked date := closed_through();
    refused date;
begin
    if locked is null then return null; end if;
    if tg_table_name = 'usage_journal' then
        select min(period) into refused from posted where period <= locked;
    else
        select min(posted_on) into refused from posted where posted_on <= locked;
    end if;
    if refused is not null then
        raise check_violation using
            message = format('the books of %s are closed: nothing is posted into them (%s)', to_char(refused, 'YYYY-MM'), tg_table_name),
            constraint = 'posted_in_open_month';
    end if;
    return null;
end $$;
create trigger posted_in_open_month after insert on posting
    referencing new table as posted for each statement execute function posted_in_open_month();
create trigger posted_in_open_month after insert on company_posting
    referencing new table as posted for each statement execute function posted_in_open_month();
create trigger posted_in_open_month after insert on usage_journal
    referencing new table as posted for each statement execute function posted_in_open_month();

-- The account of the general ledger that an account of the customers' ledger is, by what a posting is about; null where it
-- is none: credit that nobody pays for is not in the books before it is used.
create function general_account(account text, kind text, reference text, sold boolean, by_card boolean) returns text
language sql immutable as $$
    select case account
               when 'CASH' then case when reference like 'TRANSFER/%' or reference like 'ACCOUNT/%' or reference like 'RETURN/%'
                                       or kind = 'granted' and not by_card
                                     then 'BANK' else 'PROVIDER_CLEARING' end
               when 'GRANT' then case when sold then 'DEFERRED_CREDIT' when kind = 'usage' then 'PROMOTIONAL_CREDIT' end
               when 'BREAKAGE' then case when sold then 'BREAKAGE' end
               when 'REVENUE' then 'REVENUE'
               when 'CREDITED' then 'REVENUE'
               when 'ACCRUED' then 'UNBILLED_RECEIVABLES'
               when 'RECEIVABLE' then 'RECEIVABLES'
               when 'SHORTFALL' then 'RECEIVABLES'
               when 'TAX' then 'TAX_PAYABLE'
               when 'ROUNDING' then 'ROUNDING'
               when 'BALANCE' then 'CUSTOMER_BALANCES'
               when 'REFUNDS_DUE' then 'REFUNDS_DUE'
               when 'DISPUTES_PENDING' then 'DISPUTES_PENDING'
               when 'DISPUTE_LOSS' then 'DISPUTE_LOSSES'
               when 'BAD_DEBT' then 'BAD_DEBT'
           end
$$;

-- What a posting is a part of, in the words of a journal.
create function ledger_event(kind text) returns text language sql immutable as $$
    select case
               when kind = 'expired' then 'credit-expired'
               when kind in ('granted', 'top-up-tax') then 'top-up'
               when kind = 'issued' then 'invoice'
               when kind in ('paid', 'returned') then 'payment'
               when kind in ('balance-used', 'balance-applied', 'credit-taken') then 'balance-used'
               when kind = 'credited' then 'credit-note'
               when kind like 'refund%' or kind like 'top-up-tax-%' then 'refund'
               when kind in ('disputed', 'restored', 'owed-again') or kind like 'dispute-%' then 'dispute'
               when kind in ('written-off', 'write-off-reversed') then 'write-off'
           end
$$;

-- Entries of the general ledger from one day to another. Each moves one amount from an account to another, so that debits and
-- credits are equal by its form. `product` is that of revenue, `tax_*` that of tax payable. Usage, and the credit that
-- covers it, are one entry a day and product, which the reports break down by customer.
create function ledger_entries(from_day date, to_day date)
returns table (posted_on date, event text, debit text, credit text, amount numeric, currency text, customer text, product text,
               tax_country text, tax_percent numeric, tax_name text, reference text, posting bigint)
language sql stable as $$
    with posted as materialized (
        select p.*,
               general_account(p.debit, p.kind, p.reference, coalesce(g.kind = 'TOP_UP', false), t.id is not null) as to_account,
               general_account(p.credit, p.kind, p.reference, coalesce(g.kind = 'TOP_UP', false), t.id is not null) as from_account
          from posting p
          left join credit_grant g on g.id = p.grant_id
          left join top_up t on t.grant_id = p.grant_id
         where p.posted_on between from_day and to_day
           and p.kind <> 'usage'
    ), rated as (
        select greatest(u.day, u.period) as posted_on, p.currency, u.product, sum(u.amount) as amount
          from usage_line u
          join price p on p.id = u.price
         where u.period between date_trunc('month', from_day::timestamp)::date and to_day
           and greatest(u.day, u.period) between from_day and to_day
         group by 1, 2, 3
    ), drawn as (
        select p.posted_on, p.currency, case when g.kind = 'TOP_UP' then 'DEFERRED_CREDIT' else 'PROMOTIONAL_CREDIT' end as account,
               sum(case when p.debit = 'GRANT' then p.amount else -p.amount end) as amount
          from posting p
          join credit_grant g on g.id = p.grant_id
         where p.posted_on between from_day and to_day
           and p.kind = 'usage'
         group by 1, 2, 3
    ), noted as (
        select distinct p.posted_on, p.account, p.currency, c.id, c.number, i.customer
          from posted p
          join credit_note c on c.number = split_part(p.reference, '/', 2)
          join invoice i on i.id = c.invoice
         where p.kind = 'credited' and case when c.tax = 0 then 'CREDITED' else 'TAX' end in (p.debit, p.credit)
    ), entry as (
        select posted_on, 'usage' as event, 'UNBILLED_RECEIVABLES' as debit, 'REVENUE' as credit, amount, currency,
               null::text as customer, product, null::text as tax_country, null::numeric as tax_percent, null::text as tax_name,
               null::text as reference, null::bigint as posting
          from rated
         union all
        select posted_on, 'credit-used', account, 'UNBILLED_RECEIVABLES', amount, currency, null, null, null, null, null, null, null
          from drawn
         union all
        select posted_on, ledger_event(kind), to_account, from_account, amount, currency, account, null, null, null, null,
               reference, id
          from posted
         where 'TAX' not in (debit, credit)
         union all
        -- The tax of an invoice, of a credit note, and of a top-up: one entry for each of its taxes. Taxes that add up to nothing
        -- have no posting of their own, and go with that of what they are on.
        select p.posted_on, 'invoice', 'RECEIVABLES', 'TAX_PAYABLE', t.tax, p.currency, p.account, null,
               coalesce(r.country, i.customer -> 'address' ->> 'country', ''), t.percent, t.name, p.reference, p.id
          from posted p
          join invoice i on i.id = p.invoice
          join invoice_tax t on t.invoice = i.id
          left join tax_rate r on r.id = t.rate
         where p.kind = 'issued' and case when i.tax = 0 then 'ACCRUED' else 'TAX' end in (p.debit, p.credit)
         union all
        select n.posted_on, 'credit-note', 'TAX_PAYABLE', 'RECEIVABLES', b.amount, n.currency, n.account, null,
               coalesce(r.country, n.customer -> 'address' ->> 'country', ''), t.percent, t.name, 'CREDIT_NOTE/' || n.number, null
          from noted n
          join credit_note_tax b on b.credit_note = n.id
          join invoice_tax t on t.invoice = b.invoice and t.position = b.tax
          left join tax_rate r on r.id = t.rate
         union all
        -- What of that tax was paid already goes on to the customer's balance.
        select posted_on, 'credit-note', case when debit = 'TAX' then 'RECEIVABLES' else to_account end,
               case when credit = 'TAX' then 'RECEIVABLES' else from_account end, amount, currency, account, null, null, null, null,
               reference, id
          from posted
         where kind = 'credited' and 'TAX' in (debit, credit) and reference like '%/balance/tax'
         union all
        select p.posted_on, ledger_event(p.kind), p.to_account, p.from_account, p.amount, p.currency, p.account, null,
               coalesce(r.country, d.customer -> 'address' ->> 'country', ''), d.tax_percent, d.tax_name, p.reference, p.id
          from posted p
          join top_up_document d on d.top_up = split_part(p.reference, '/', 2)::bigint
                                and case when p.kind = 'top-up-tax' then d.kind = 'INVOICE' and d.corrects is null
                                         else d.number = split_part(p.reference, '/', 3) end
          left join tax_rate r on r.id = d.tax_rate
         where p.kind like 'top-up-tax%'
         union all
        select posted_on, kind, debit, credit, amount, currency, null, null, null, null, null, reference, null
          from company_posting
         where posted_on between from_day and to_day
    )
    select posted_on, event, case when amount > 0 then debit else credit end, case when amount > 0 then credit else debit end,
           abs(amount), currency, customer, product, tax_country, tax_percent, tax_name, reference, posting
      from entry
     where amount <> 0
       and debit is not null and credit is not null
       and debit <> credit
$$;

create view ledger_entry as select * from ledger_entries('-infinity', 'infinity');

-- The general ledger says of each account what the ledgers that it is drawn from say.
create function verify_general_ledger() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with leg as (
        select debit as account, currency, amount from ledger_entry
         union all
        select credit, currency, -amount from ledger_entry
    ), general as (
        select account, currency, sum(amount) as amount from leg group by account, currency
    ), posted as (
        select p.account, p.currency, sum(p.amount) as amount
          from (select debit as account, currency, amount, kind, grant_id from posting
                 union all
                select credit, currency, -amount, kind, grant_id from posting) p
         group by p.account, p.currency
    ), kept as (
        select case p.account
                   when 'ACCRUED' then 'UNBILLED_RECEIVABLES'
                   when 'RECEIVABLE' then 'RECEIVABLES' when 'SHORTFALL' then 'RECEIVABLES'
                   when 'TAX' then 'TAX_PAYABLE'
                   when 'REVENUE' then 'REVENUE' when 'CREDITED' then 'REVENUE'
                   when 'BALANCE' then 'CUSTOMER_BALANCES'
                   when 'DISPUTE_LOSS' then 'DISPUTE_LOSSES'
                   when 'CASH' then 'MONEY'
                   else p.account end as account, currency, amount
          from posted p
         where p.account not in ('FUNDING', 'GRANT', 'BREAKAGE')
         union all
        select 'DEFERRED_CREDIT', currency, -sum(amount - used) from credit_grant where kind = 'TOP_UP' group by currency
    ), compared as (
        select account, currency, sum(general) as general, sum(kept) as kept
          from (select case when account in ('PROVIDER_CLEARING', 'PROVIDER_FEES', 'BANK', 'FOREIGN_EXCHANGE') then 'MONEY'
                            else account end as account,
                       currency, amount as general, 0 as kept
                  from general
                 where account not in ('PROMOTIONAL_CREDIT', 'BREAKAGE')
                 union all
                select account, currency, 0, amount from kept) of_either
         group by account, currency
    ), checked as (
        select currency, account, general,
               case when general <> kept then
                   format('%s is %s %s in the general ledger, and %s by what it is drawn from', account, trim_scale(general), currency,
                          trim_scale(kept)) end as told
          from compared
    )
    select coalesce((select string_agg(format('%s: debits = credits = %s', currency, amount), '; ' order by currency)
                       from (select currency, trim_scale(sum(amount)) as amount from ledger_entry group by currency) sums),
                    'no entries'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What each account stood at before the first day, and what the days added on either side of it, exactly.
create function trial_balance(from_day date, to_day date)
returns table (account text, product text, tax_country text, tax_percent numeric, tax_name text, currency text, opening numeric,
               debit numeric, credit numeric)
language sql stable as $$
    with leg as (
        select posted_on, debit as account, product, tax_country, tax_percent, tax_name, currency, amount as debit, 0 as credit
          from ledger_entries('-infinity', to_day)
         union all
        select posted_on, credit, product, tax_country, tax_percent, tax_name, currency, 0, amount
          from ledger_entries('-infinity', to_day)
    ), told as (
        select posted_on, account, case when account = 'REVENUE' then product end as product,
               case when account = 'TAX_PAYABLE' then tax_country end as tax_country,
               case when account = 'TAX_PAYABLE' then tax_percent end as tax_percent,
               case when account = 'TAX_PAYABLE' then tax_name end as tax_name, currency, debit, credit
          from leg
    )
    select account, product, tax_country, tax_percent, tax_name, currency,
           coalesce(trim_scale(sum(debit - credit) filter (where posted_on < from_day)), 0),
           coalesce(trim_scale(sum(debit) filter (where posted_on >= from_day)), 0),
           coalesce(trim_scale(sum(credit) filter (where posted_on >= from_day)), 0)
      from told
     group by 1, 2, 3, 4, 5, 6
$$;
