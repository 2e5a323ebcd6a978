-- What of an account's balance was sent back by bank transfer, such as what came for an invoice that was given up.
create table account_return (
    reference text primary key check (reference <> ''),
    account   text not null references account,
    currency  text not null references currency,
    amount    numeric not null check (amount > 0),
    reason    text not null check (reason <> ''),
    at        timestamptz not null
);
create index account_return_account on account_return (account);
create trigger account_return_is_history before update or delete or truncate on account_return
    for each statement execute function refuse_change();

create or replace function cash_posted(of_kind text, of_reference text) returns numeric language sql stable as $$
    select coalesce(sum(case when debit = 'CASH' then amount else -amount end), 0)
      from posting
     where 'CASH' in (debit, credit)
       and ((kind in ('paid', 'refunded', 'refund-failed', 'disputed', 'restored', 'returned')
             and reference in (of_kind || '/' || of_reference, of_kind || '/' || of_reference || '/balance',
                               of_kind || '/' || of_reference || '/owed', of_kind || '/' || of_reference || '/credit'))
            or (kind = 'granted'
                and reference in (select u.grant_id::text from surplus u
                                   where u.kind = of_kind and u.reference = of_reference and u.amount > 0)))
$$;

create or replace view report_cash as
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
    select 'RETURN', b.reference, null, null, b.account, b.currency, -b.amount, b.at
      from account_return b
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

-- Amounts of two currencies do not add up: each figure of money is of one currency.

create or replace function verify_monthly_cost(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, period, sum(case when credit = 'REVENUE' then amount else -amount end) as cost,
               sum(case when debit = 'GRANT' then amount when credit = 'GRANT' then -amount else 0 end) as credits,
               sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end) as accrued
          from posting
         where 'REVENUE' in (debit, credit)
           and period >= since
         group by account, period
    ), checked as (
        select a.currency, m.cost, m.credits, m.accrued,
               case
                   when m.cost <> m.credits + m.accrued then
                       format('%s, %s: cost %s, but credits %s + accrued %s', m.account, to_char(m.period, 'YYYY-MM'),
                              trim_scale(m.cost), trim_scale(m.credits), trim_scale(m.accrued))
                   when (coalesce(m.cost, 0), coalesce(m.credits, 0), coalesce(m.accrued, 0))
                     <> (coalesce(p.cost, 0), coalesce(p.credits, 0), coalesce(p.accrued, 0)) then
                       format('%s, %s: cost %s, credits %s, accrued %s, but its postings say %s, %s, %s',
                              coalesce(m.account, p.account), to_char(coalesce(m.period, p.period), 'YYYY-MM'),
                              coalesce(trim_scale(m.cost), 0), coalesce(trim_scale(m.credits), 0),
                              coalesce(trim_scale(m.accrued), 0), coalesce(trim_scale(p.cost), 0),
                              coalesce(trim_scale(p.credits), 0), coalesce(trim_scale(p.accrued), 0))
               end as told
          from (select * from monthly_cost where period >= since) m
          full join posted p on p.account = m.account and p.period = m.period
          join account a on a.id = coalesce(m.account, p.account)
    ), summed as (
        select currency, count(told) as broken,
               format('%s monthly costs: cost %s = credits %s + accrued %s',
                      count(*),
                      coalesce(trim_scale(sum(cost)), 0),
                      coalesce(trim_scale(sum(credits)), 0),
                      coalesce(trim_scale(sum(accrued)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no monthly costs'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_grants() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select grant_id, sum(amount) filter (where kind = 'granted') as granted,
               sum(case when debit = 'GRANT' then amount else -amount end) filter (where kind <> 'granted') as used
          from posting
         where grant_id is not null
         group by grant_id
    ), checked as (
        select g.currency, g.amount, g.used,
               case
                   when g.used not between 0 and g.amount then
                       format('grant %s of %s (%s): %s used of %s', g.id, g.account, g.kind, trim_scale(g.used),
                              trim_scale(g.amount))
                   when g.amount <> coalesce(p.granted, 0) then
                       format('grant %s of %s (%s): amount %s, but %s is posted as granted', g.id, g.account, g.kind,
                              trim_scale(g.amount), coalesce(trim_scale(p.granted), 0))
                   when g.used <> coalesce(p.used, 0) then
                       format('grant %s of %s (%s): %s used, but its postings say %s', g.id, g.account, g.kind,
                              trim_scale(g.used), coalesce(trim_scale(p.used), 0))
               end as told
          from credit_grant g
          left join posted p on p.grant_id = g.id
    ), summed as (
        select currency, count(told) as broken,
               format('%s grants: granted %s = used and expired %s + left %s',
                      count(*),
                      coalesce(trim_scale(sum(amount)), 0),
                      coalesce(trim_scale(sum(used)), 0),
                      coalesce(trim_scale(sum(amount - used)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no grants'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_accrued_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, sum(case when debit = 'ACCRUED' then amount else -amount end) as amount
          from posting
         where 'ACCRUED' in (debit, credit)
         group by account
    ), open_period as (
        select m.account, sum(m.accrued) as amount
          from monthly_cost m
         where not exists (select from invoice i
                            where i.account = m.account and i.period = m.period and i.status not in ('DRAFT', 'VOID'))
         group by m.account
    ), checked as (
        select a.currency, p.amount as posted, o.amount as open,
               case when coalesce(p.amount, 0) <> coalesce(o.amount, 0) then
                   format('%s: ACCRUED is %s, but its periods without an invoice accrued %s', coalesce(p.account, o.account),
                          coalesce(trim_scale(p.amount), 0), coalesce(trim_scale(o.amount), 0))
               end as told
          from posted p
          full join open_period o on o.account = p.account
          join account a on a.id = coalesce(p.account, o.account)
    ), summed as (
        select currency, count(told) as broken,
               format('ACCRUED %s = accrued in periods without an invoice %s',
                      coalesce(trim_scale(sum(posted)), 0),
                      coalesce(trim_scale(sum(open)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing accrued'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_invoice_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select id, number, account, currency, period, subtotal - credits as net, tax, total, from_balance
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
         where s.kind <> 'CARRIED'
         group by s.invoice
    ), checked as (
        select i.currency, i.total, i.tax, s.amount as settled,
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
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices of %s, of which tax %s, less settled %s',
                      count(*),
                      coalesce(sum(total), 0),
                      coalesce(sum(tax), 0),
                      coalesce(sum(settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_receivable_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, currency, sum(case when debit = 'RECEIVABLE' then amount else -amount end) as amount
          from posting
         where 'RECEIVABLE' in (debit, credit)
         group by account, currency
    ), settled as (
        select invoice, sum(amount) as amount,
               sum(case when kind = 'CARRIED' then amount else 0 end) as carried
          from settlement group by invoice
    ), owed as (
        select i.account, i.currency, sum(i.amount_due - coalesce(s.amount, 0)) as open,
               sum(i.carried_forward - i.carried_in + coalesce(s.carried, 0)) as carried
          from invoice i
          left join settled s on s.invoice = i.id
         where i.status not in ('DRAFT', 'VOID')
         group by i.account, i.currency
    ), checked as (
        select coalesce(p.currency, o.currency) as currency, p.amount as posted, o.open, o.carried,
               case when coalesce(p.amount, 0) <> coalesce(o.open + o.carried, 0) then
                   format('%s: RECEIVABLE is %s %s, but its invoices have %s open and %s carried',
                          coalesce(p.account, o.account), coalesce(trim_scale(p.amount), 0),
                          coalesce(p.currency, o.currency), coalesce(o.open, 0), coalesce(o.carried, 0))
               end as told
          from posted p
          full join owed o on o.account = p.account and o.currency = p.currency
    ), summed as (
        select currency, count(told) as broken,
               format('RECEIVABLE %s = open %s + carried %s',
                      coalesce(trim_scale(sum(posted)), 0),
                      coalesce(sum(open), 0),
                      coalesce(sum(carried), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_carried() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with entry as (
        select id, account, currency, number, issued_on as day, carried_in, carried_forward, 0 as settled
          from invoice
         where status not in ('DRAFT', 'VOID')
         union all
        select s.invoice, i.account, i.currency, null, (s.at at time zone 'UTC')::date, 0, 0, s.amount
          from settlement s
          join invoice i on i.id = s.invoice
         where s.kind = 'CARRIED'
    ), chain as (
        select e.*,
               coalesce(sum(carried_forward - carried_in) over earlier, 0) as brought,
               -- Of its own day is what may have come just before it was drafted, or just after.
               coalesce(sum(settled) over sooner, 0) as least, coalesce(sum(settled) over (partition by account, currency), 0) as most
          from entry e
        window earlier as (partition by account, currency order by id, number nulls last
                           rows between unbounded preceding and 1 preceding),
               sooner as (partition by account, currency order by day
                          range between unbounded preceding and interval '1 day' preceding)
    ), checked as (
        select currency, carried_in, carried_forward, settled,
               case when number is not null and not carried_in between brought + least and brought + most then
                   format('invoice %s of %s carries in %s, but %s was left of what came before it', number, account,
                          carried_in, brought + least)
               end as told
          from chain
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: carried in %s, carried forward %s',
                      count(*) filter (where settled = 0),
                      coalesce(sum(carried_in), 0),
                      coalesce(sum(carried_forward + settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_invoice_totals(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with line as (
        select l.invoice, sum(l.amount) as amount
          from invoice_line l
          join invoice i on i.id = l.invoice and i.period >= since
         group by l.invoice
    ), checked as (
        select i.currency, i.subtotal, i.total, l.amount,
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
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: lines %s = subtotals %s, totals %s',
                      count(*),
                      coalesce(sum(amount), 0),
                      coalesce(sum(subtotal), 0),
                      coalesce(sum(total), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_settlements(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join invoice i on i.id = s.invoice and i.period >= since
         group by s.invoice
    ), checked as (
        select i.currency, i.amount_due, coalesce(s.amount, 0) as settled,
               case
                   when i.status = 'DRAFT' and s.amount is not null then
                       format('a draft of %s for %s has %s settled', i.account, to_char(i.period, 'YYYY-MM'), s.amount)
                   when s.amount > i.amount_due then
                       format('invoice %s: %s settled of %s due', i.number, s.amount, i.amount_due)
                   when i.status in ('OPEN', 'PAID') and (i.status = 'PAID') <> (i.amount_due = coalesce(s.amount, 0)) then
                       format('invoice %s is %s with %s open', i.number, i.status, i.amount_due - coalesce(s.amount, 0))
               end as told
          from invoice i
          left join settled s on s.invoice = i.id
         where i.period >= since
    ), summed as (
        select currency, count(told) as broken,
               format('due %s = settled %s + open %s',
                      coalesce(sum(amount_due), 0),
                      coalesce(sum(settled), 0),
                      coalesce(sum(amount_due - settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_top_ups(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select t.currency, t.amount,
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
    ), summed as (
        select currency, count(told) as broken,
               format('%s top-ups of %s',
                      count(*),
                      coalesce(sum(amount), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no top-ups'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_settlement_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select 'invoice ' || i.number as what, i.currency, s.kind, s.reference, s.amount,
               (select sum(case when p.credit = 'RECEIVABLE' then p.amount else -p.amount end)
                  from posting p
                 where p.kind in ('paid', 'written-off', 'write-off-reversed', 'credited', 'balance-used', 'owed-again',
                                  'refunded', 'disputed', 'restored')
                   and p.reference in (s.kind || '/' || s.reference, s.kind || '/' || s.reference || '/tax')
                   and 'RECEIVABLE' in (p.debit, p.credit)) as posted
          from settlement s
          join invoice i on i.id = s.invoice
         where s.at >= since::timestamp at time zone 'UTC'
           and s.kind <> 'CARRIED'
         union all
        select what, currency, kind, reference, amount, posted
          from report_cash c
         where at >= since::timestamp at time zone 'UTC'
           -- What is a settlement and nothing else is seen above; refunds and disputes are verify_refunds' own.
           and kind in ('CARD', 'TRANSFER', 'ACCOUNT', 'RETURN')
           and not exists (select from settlement s
                            where s.kind = c.kind and s.reference = c.reference and s.amount = c.amount)
    ), checked as (
        select currency, amount, case when amount <> coalesce(posted, 0) then
                   format('%s: the %s %s of %s has postings of %s', what, kind, reference, amount,
                          coalesce(trim_scale(posted), 0))
               end as told
          from settled
    ), summed as (
        select currency, count(told) as broken,
               format('%s settlements of %s',
                      count(*),
                      coalesce(sum(amount), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no settlements'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
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
        select null as currency, null as amount,
               case when s.last_number is distinct from n.last or n.notes <> n.numbers or n.numbers <> n.last then
                   format('%s: %s credit notes with %s numbers up to %s, but the series is at %s', coalesce(n.year, s.year),
                          coalesce(n.notes, 0), coalesce(n.numbers, 0), coalesce(n.last, 0), coalesce(s.last_number, 0))
               end as told
          from noted n
          full join credit_note_series s on s.year = n.year
         union all
        select i.currency, c.amount,
               case when c.settled <> coalesce(s.amount, 0)
                      or c.amount <> coalesce(s.amount, 0) + coalesce(g.amount, p.freed, 0)
                      or c.tax <> coalesce(p.tax, 0) then
                   format('credit note %s of %s with tax %s: %s is settled, %s went to the balance, tax of %s is posted',
                          c.number, c.amount, c.tax, coalesce(s.amount, 0),
                          coalesce(trim_scale(coalesce(g.amount, p.freed)), 0), coalesce(trim_scale(p.tax), 0))
               end
          from credit_note c
          join invoice i on i.id = c.invoice
          left join posted p on p.number = c.number
          left join settlement s on s.kind = 'CREDIT_NOTE' and s.reference = c.number
          left join credit_grant g on g.id = c.grant_id
    ), summed as (
        select currency, count(told) as broken,
               format('%s credit notes of %s',
                      count(*),
                      coalesce(sum(amount), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no credit notes'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_given_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with touched as (
        select * from given_back
         where invoice in (select invoice from credit_note
                            union select invoice from refund
                            union select invoice from settlement where kind in ('REFUND', 'WRITE_OFF', 'WRITE_OFF_REVERSED'))
    ), checked as (
        select currency, credited, written_off,
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
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: %s credited, %s written off',
                      count(*),
                      coalesce(sum(credited), 0),
                      coalesce(sum(written_off), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing was credited, refunded or written off'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_money_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select 'invoice ' || number as what, account, currency, by_card as paid, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.invoice = given_back.invoice and r.status not in ('FAILED', 'REFUSED')), 0) as lost
          from given_back
         where refunded > 0 or disputed > 0
         union all
        select 'top-up ' || reference, account, currency, sold, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.top_up = top_up_given_back.top_up and r.status not in ('FAILED', 'REFUSED')), 0)
          from top_up_given_back
         where refunded > 0 or disputed > 0
    ), checked as (
        select currency, refunded, disputed, case when refunded - lost > paid then
                   format('%s of %s: %s was given back of %s paid by card: ask the customer for the difference', what, account,
                          trim_scale(refunded - lost), trim_scale(paid))
               end as told
          from part
    ), summed as (
        select currency, count(told) as broken,
               format('%s given back, %s taken by banks',
                      coalesce(trim_scale(sum(refunded)), 0),
                      coalesce(trim_scale(sum(disputed)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing went back'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_account_balance() returns table (figure text, broken bigint, examples text[])
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
                select account, currency, -amount from account_return
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
        select currency, b.amount, b.owed,
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
    ), summed as (
        select currency, count(told) as broken,
               format('accounts have %s, and owe %s for credit that was taken back',
                      coalesce(trim_scale(sum(amount)), 0),
                      coalesce(trim_scale(sum(owed)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no account has a balance'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_pending_refunds() returns table (figure text, broken bigint, examples text[])
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
        select currency, coalesce(s.refunds, 0) as refunds, s.amount,
               case when coalesce(s.amount, 0) <> coalesce(d.amount, 0) then
                   format('%s: %s is set aside for refunds that have no end yet, but REFUNDS_DUE is %s',
                          coalesce(s.account, d.account), coalesce(trim_scale(s.amount), 0), coalesce(trim_scale(d.amount), 0))
               end as told
          from set_aside s
          full join due d using (account, currency)
         union all
        select currency, 0, 0, format('%s: the refund %s is %s, but the customer was mailed that it was made', account, stripe_id, status)
          from refunds r
         where status in ('PENDING', 'FAILED')
           and returned_at is null
           and exists (select from notice n
                        where n.account = r.account and n.kind in ('payment-refunded', 'top-up-refunded')
                          and n.key like '%/' || r.stripe_id)
    ), summed as (
        select currency, count(told) as broken,
               format('%s refunds have no end yet, %s is set aside for them',
                      coalesce(sum(refunds), 0),
                      coalesce(trim_scale(sum(amount)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no refund is under way'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_losses() returns table (figure text, broken bigint, examples text[])
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
    ), known as (
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
        select currency, s.pending, s.lost, s.bad,
               case when (coalesce(s.pending, 0), coalesce(s.lost, 0), coalesce(s.bad, 0))
                      <> (coalesce(p.pending, 0), coalesce(p.lost, 0), coalesce(p.bad, 0)) then
                   format('%s: disputed %s, lost %s, written off %s, but the ledger has %s, %s and %s',
                          coalesce(s.account, p.account), coalesce(trim_scale(s.pending), 0), coalesce(trim_scale(s.lost), 0),
                          coalesce(trim_scale(s.bad), 0), coalesce(trim_scale(p.pending), 0),
                          coalesce(trim_scale(p.lost), 0), coalesce(trim_scale(p.bad), 0))
               end as told
          from known s
          full join posted p using (account, currency)
    ), summed as (
        select currency, count(told) as broken,
               format('%s disputed, %s lost, %s written off',
                      coalesce(trim_scale(sum(pending)), 0),
                      coalesce(trim_scale(sum(lost)), 0),
                      coalesce(trim_scale(sum(bad)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing is disputed, lost or written off'), coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create or replace function verify_gate_held() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with open_call as (
        select account, count(*) as calls, sum(price) as price from gate_authorization where status = 'HELD' group by account
    ), checked as (
        select coalesce(o.calls, 0) as calls,
               case when b.held <> coalesce(o.price, 0) then
                   format('%s: %s held, but the open calls add up to %s', b.account, trim_scale(b.held),
                          coalesce(trim_scale(o.price), 0))
               end as told
          from gate_balance b
          left join open_call o on o.account = b.account
    )
    select case when coalesce(sum(calls), 0) = 0 then 'no call is open'
                else format('open calls: %s, of accounts: %s', sum(calls), count(*) filter (where calls > 0)) end,
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
