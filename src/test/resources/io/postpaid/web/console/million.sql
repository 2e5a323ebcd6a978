-- A month of very many accounts, as lists read it: written as it ends up, past the triggers.
set session_replication_role = replica;

insert into account (id, name, email, currency, monthly_limit, free_credit, created_on, status)
select 'a' || n, 'Customer ' || n, 'c' || n || '@customer.test', 'USD', 1000, 20, '2025-01-01',
       case when n % 100 = 0 then 'SUSPENDED' else 'ACTIVE' end
  from generate_series(0, :accounts - 1) n;

insert into monthly_cost (account, period, cost, credits, accrued)
select id, p, length(id) + 1.25, 0, length(id) + 1.25 from account cross join (values (date '2026-09-01'), (date '2026-10-01')) m (p);

insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due)
select account, period, 'USD', case when n % 100 = 0 then 'OPEN' when n % 1000 = 1 then 'UNCOLLECTIBLE' else 'PAID' end, 2026,
       '2026-' || lpad(n::text, 7, '0'),
       '{"name":"Customer","email":"c@customer.test","taxId":"","card":"",
        "address":{"line1":"","line2":"","city":"","state":"","postalCode":"","country":"US"}}',
       '2026-10-01', '2026-10-08', n % 997 + 0.01, 0, 0, n % 997 + 0.01, n % 997 + 0.01
  from (select account, period, row_number() over (order by account) as n from monthly_cost where period = '2026-09-01') c;

insert into settlement (invoice, kind, amount, reference, at)
select id, 'CARD', amount_due, 'pi_' || id, issued_on from invoice where status = 'PAID';

insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, charge, claimed_at, resolved_at)
select id, 1, 1, case when status = 'PAID' then 'SUCCEEDED' else 'DECLINED_RETRYABLE' end, 'pm', 100, 'USD', 'ch_' || id, issued_on, issued_on
  from invoice;

insert into notice (account, kind, key, recipient, view, status, message_id, queued_at, next_try_at, sent_at, tries, error)
select account, 'PAYMENT_SUCCEEDED', number, 'c@customer.test', '{}', case when id % 500 = 0 then 'FAILED' else 'SENT' end,
       'm' || id, issued_on, issued_on, case when id % 500 = 0 then null else issued_on end, 1,
       case when id % 500 = 0 then '550 no such user' end
  from invoice;

insert into account_event (account, at, event, detail) select id, '2026-10-01', 'CARD_ATTACHED', 'Visa ending 4242' from account;

insert into audit_entry (at, who, source, what, item, account, change, before, after)
select '2026-10-01', 'somebody', 'postpaid accounts limit', 'account', id, id, 'UPDATE', '{"monthly_limit":100}', '{"monthly_limit":1000}'
  from account;

insert into limit_request (account, amount, reason, asked_at)
select id, 5000, 'more', '2026-10-01' from account where id like '%77';

insert into held (step, period, item, account, reason, detail, first_at, last_at, runs)
select 'draft-invoices', '2026-09-01', 'account ' || id, id, 'NO_PRICE', 'no price for video', '2026-10-01', '2026-10-01', array[1]
  from account where id like '%777';

insert into outgoing_event (id, account, type, occurred_at, data, state, position)
select gen_random_uuid(), account, 'invoice.issued', issued_on, '{}', 'DELIVERED', id from invoice;

set session_replication_role = origin;
