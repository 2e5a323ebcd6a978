-- Twelve months of many accounts, as the nights and the firsts of the months leave them; a0 has each product on each day.
-- Nothing is paid out of it and nobody is mailed, so what triggers would check and sum is written as it ends up.
set session_replication_role = replica;

insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
select 'a' || n, 'Customer ' || n, 'c' || n || '@customer.test', 'USD', 1000, 20, '2025-01-01'
  from generate_series(0, :accounts - 1) n;

insert into product (id, unit, listed_unit) select 'p' || n, 'call', 'call' from generate_series(1, 28) n;
insert into price (product, currency, effective_from, model, per) select id, 'USD', '2025-01-01', 'per_unit', 1 from product;
insert into price_tier (price, tier, amount) select id, 1, 0.1 from price;
update price_book_version set version = version + 1;

insert into credit_grant (account, kind, currency, amount, used, granted_at) select id, 'FREE', 'USD', 20, 20, '2025-11-01' from account;

insert into usage_journal (period, account, product, lines)
select m, a.id, p.product, array_agg(row(d::date, p.id, 1, 10, 1, 10, 0, 0)::journal_line order by d)
  from generate_series(date '2025-11-01', date '2026-10-01', '1 month') m
 cross join account a
  join price p on a.id = 'a0' or p.product = 'p1'
 cross join lateral generate_series(m, m + interval '1 month' - interval '1 day', case when a.id = 'a0' then '1 day' else '10 days' end::interval) d
 group by m, a.id, p.product;

insert into monthly_cost (account, period, cost, credits, accrued)
select account, period, sum(amount), 0, sum(amount) from usage_line group by account, period;

insert into posting (at, account, kind, debit, credit, amount, currency, period)
select period, account, 'usage', 'ACCRUED', 'REVENUE', cost, 'USD', period from monthly_cost;

insert into billing_period (period, frozen_at)
select m, m + interval '1 month' from generate_series(date '2025-11-01', date '2026-09-01', '1 month') m;

insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due)
select account, period, 'USD', case when period = '2026-09-01' and account in ('a0', 'a7') then 'OPEN' else 'PAID' end, 2026,
       '2026-' || lpad(row_number() over (order by period, account)::text, 7, '0'),
       '{"name":"Customer","email":"c@customer.test","taxId":"","card":"",
        "address":{"line1":"","line2":"","city":"","state":"","postalCode":"","country":"US"}}',
       (period + interval '1 month')::date, (period + interval '1 month 7 days')::date, cost, 0, 0, cost, cost
  from monthly_cost
 where period < '2026-10-01';

insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount)
select i.id, row_number() over (partition by i.id order by u.product), u.product, i.period, min(u.price), 1, sum(u.quantity), 'call', 0.1, 'call', sum(u.amount)
  from invoice i
  join usage_line u on u.account = i.account and u.period = i.period
 group by i.id, i.period, u.product;

insert into settlement (invoice, kind, amount, reference, at)
select id, 'CARD', amount_due, 'pi_' || id, issued_on from invoice where status = 'PAID';

select usage_record_month(m::date) from generate_series(date '2026-09-01', date '2026-10-01', '1 month') m;

insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation, file, line)
select gen_random_uuid(), 'default', 'r' || n, case when n % 50 = 0 then 'a0' else 'a' || n % :accounts end, 'p' || 1 + n % 28, 1,
       timestamptz '2026-09-01 00:00Z' + n * interval '4 seconds', false, true, 'predict', 1, n
  from generate_series(1, 10 * :accounts::bigint) n;

set session_replication_role = origin;
