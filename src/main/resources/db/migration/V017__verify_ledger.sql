create function verify_rated_is_posted(after_journal bigint default 0, after_posting bigint default 0)
returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with rated as (
        select c.account, c.period, p.currency, sum(c.amount) as amount
          from usage_line c
          join price p on p.id = c.price
         where c.n > after_journal
         group by c.account, c.period, p.currency
    ), posted as (
        select account, period, currency, sum(case when credit = 'REVENUE' then amount else -amount end) as amount
          from posting
         where 'REVENUE' in (debit, credit)
           and id > after_posting
         group by account, period, currency
    ), checked as (
        select r.amount as rated, p.amount as posted, coalesce(r.currency, p.currency) as currency,
               case when coalesce(r.amount, 0) <> coalesce(p.amount, 0) then
                   format('%s, %s: rated %s %s, but posted as revenue %s', coalesce(r.account, p.account),
                          to_char(coalesce(r.period, p.period), 'YYYY-MM'), coalesce(trim_scale(r.amount), 0),
                          coalesce(r.currency, p.currency), coalesce(trim_scale(p.amount), 0))
               end as told
          from rated r
          full join posted p on p.account = r.account and p.period = r.period and p.currency = r.currency
    ), summed as (
        select currency, coalesce(trim_scale(sum(rated)), 0) as rated, coalesce(trim_scale(sum(posted)), 0) as posted,
               count(told) as broken, array_agg(told) filter (where told is not null) as told
          from checked
         group by currency
    )
    select coalesce(string_agg(format('%s: rated %s = revenue %s', currency, rated, posted), '; ' order by currency),
                    'nothing rated'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(line order by line))[1:5] from summed s, unnest(s.told) line), '{}')
      from summed
$$;

create function verify_no_cent_lost() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select p.currency, sum(c.amount) as rated, 0 as credits, 0 as invoiced, 0 as accrued, 0 as rounding
          from usage_line c
          join price p on p.id = c.price
         group by p.currency
         union all
        select currency, 0,
               sum(case when debit = 'GRANT' and credit = 'REVENUE' then amount
                        when debit = 'REVENUE' and credit = 'GRANT' then -amount else 0 end),
               0,
               sum(case when debit = 'ACCRUED' then amount when credit = 'ACCRUED' then -amount else 0 end),
               sum(case when debit = 'ROUNDING' then amount when credit = 'ROUNDING' then -amount else 0 end)
          from posting
         group by currency
         union all
        select currency, 0, 0, sum(subtotal - credits), 0, 0
          from invoice
         where status not in ('DRAFT', 'VOID')
         group by currency
    ), summed as (
        select currency, trim_scale(sum(rated)) as rated, trim_scale(sum(credits)) as credits,
               trim_scale(sum(invoiced)) as invoiced, trim_scale(sum(accrued)) as accrued,
               trim_scale(sum(rounding)) as rounding
          from part
         group by currency
    ), checked as (
        select *, format('%s: rated %s = credits %s + invoiced %s + accrued %s + rounding %s', currency, rated, credits,
                         invoiced, accrued, rounding) as sums,
               case when rated <> credits + invoiced + accrued + rounding then
                   format('%s: rated %s, but credits %s + invoiced %s + accrued %s + rounding %s = %s', currency, rated,
                          credits, invoiced, accrued, rounding, credits + invoiced + accrued + rounding)
               end as told
          from summed
    )
    select coalesce(string_agg(sums, '; ' order by currency), 'nothing rated'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_monthly_cost(since date) returns table (figure text, broken bigint, examples text[])
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
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no monthly costs'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_grants() returns table (figure text, broken bigint, examples text[])
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
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no grants'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_expired_grants() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when g.expires_on < n.date and not credit_awaited(g.account, g.expires_on)
                     and not is_held('expire-credits', g.account) then
                   format('grant %s of %s (%s) expired on %s with %s left, which the nightly run for %s did not expire', g.id,
                          g.account, g.kind, g.expires_on, trim_scale(g.amount - g.used), n.date)
               end as told
          from credit_grant g
          cross join verify_last_night n
         where g.expires_on is not null
           and g.used < g.amount
    )
    select format('%s grants will expire, %s should have', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_accrued_balance() returns table (figure text, broken bigint, examples text[])
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
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing accrued'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_receivable_balance() returns table (figure text, broken bigint, examples text[])
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
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
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
                  from surplus u join invoice i on i.id = u.invoice
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
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no account has a balance'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;
