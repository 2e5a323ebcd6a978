-- The books of October 2026, small: acme is paid by card, beta declined and is suspended, gamma owes too little to be
-- charged, delta is held. Told by the tenth of November.
insert into account (id, name, email, currency, monthly_limit, free_credit, created_on, status, stripe_customer, payment_method)
values ('acme', 'Acme', 'books@acme.test', 'USD', 100, 20, '2026-10-01', 'ACTIVE', 'cus_1', 'pm_1'),
       ('beta', '=Beta & <b>Co</b>', 'books@beta.test', 'USD', 100, 0, '2026-10-01', 'SUSPENDED', 'cus_2', 'pm_2'),
       ('gamma', 'Gamma', 'books@gamma.test', 'USD', 100, 0, '2026-10-01', 'ACTIVE', null, null),
       ('delta', '@Delta', 'books@delta.test', 'USD', 100, 0, '2026-10-01', 'ACTIVE', null, null);

insert into product (id, unit, listed_per, listed_unit, billable)
values ('audio', 'second', 60, 'minute', true), ('text', 'word', 1, 'word', true), ('feed', 'call', 1, 'call', false);
insert into price (product, currency, effective_from, model, per)
values ('audio', 'USD', '2026-01-01', 'per_unit', 60), ('text', 'USD', '2026-01-01', 'per_unit', 1);
insert into price_tier (price, tier, amount) values (1, 1, 0.06), (2, 1, 0.01);

insert into usage_file (name, format, started_at, ended_at, lines, accepted, records, duplicates, quarantined)
values ('october.ndjson', 'ndjson', '2026-10-31T12:00Z', '2026-10-31T12:01Z', 7, 5, 5, 1, 1),
       ('late.csv', 'csv', '2026-11-01T07:00Z', '2026-11-01T07:01Z', 4, 4, 4, 0, 0),
       ('september.csv', 'csv', '2026-09-30T07:00Z', '2026-09-30T07:01Z', 1, 0, 0, 1, 0);
select usage_record_month('2026-09-01'), usage_record_month('2026-10-01'), usage_record_month('2026-11-01');
insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, file, line)
values ('00000000-0000-0000-0000-000000000001', 'default', 'a1', 'acme', 'audio', 10000, '2026-10-03T12:00Z', false, true, 1, 1),
       ('00000000-0000-0000-0000-000000000002', 'default', 'a2', 'acme', 'text', 1500, '2026-10-04T12:00Z', false, true, 1, 2),
       ('00000000-0000-0000-0000-000000000003', 'default', 'a3', 'acme', 'audio', 7, '2026-10-03T23:59:59Z', true, false, 1, 3),
       ('00000000-0000-0000-0000-000000000004', 'default', 'b1', 'beta', 'text', 1000.4, '2026-10-05T12:00Z', false, true, 1, 4),
       ('00000000-0000-0000-0000-000000000005', 'default', 'g1', 'gamma', 'text', 30, '2026-10-31T00:00Z', false, true, 1, 5),
       ('00000000-0000-0000-0000-000000000006', 'default', 'a4', 'acme', 'text', 100, '2026-09-30T12:00Z', false, true, 2, 1),
       ('00000000-0000-0000-0000-000000000007', 'default', 'a5', 'acme', 'text', 50, '2026-10-06T12:00Z', false, true, 2, 2),
       ('00000000-0000-0000-0000-000000000008', 'default', 'a6', 'acme', 'text', 20, '2026-11-01T00:00Z', false, true, 2, 4);
insert into usage_void (voided_key, key, account, file, line, applied_at)
values ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000009', 'acme', 2, 3, '2026-11-01T08:00Z');
insert into usage_quarantine (file, line, reason, detail, raw) values (1, 7, 'UNKNOWN_ACCOUNT', 'who', '{"account":"who"}');
insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
values (2, 'acme', 'text', '2026-11-01', 20, 1, 0, 0);

insert into usage_journal (period, account, product, lines)
values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, 10000, 10, 1, 7, 1)::journal_line]),
       ('2026-10-01', 'acme', 'text', array[row('2026-09-30', 2, 1, 100, 1, 1, 0, 0),
                                            row('2026-10-04', 2, 1, 1500, 15, 1, 0, 0),
                                            row('2026-10-06', null, null, 0, null, 0, 0, 0)]::journal_line[]),
       ('2026-10-01', 'beta', 'text', array[row('2026-10-05', 2, 1, 1000.4, 10.004, 1, 0, 0)::journal_line]),
       ('2026-10-01', 'gamma', 'text', array[row('2026-10-31', 2, 1, 30, 0.3, 1, 0, 0)::journal_line]);
insert into billing_period (period, frozen_at) values ('2026-09-01', '2026-10-01T09:00Z'), ('2026-10-01', '2026-11-01T09:00Z');

insert into credit_grant (account, kind, currency, amount, granted_at, expires_on)
values ('acme', 'FREE', 'USD', 20, '2026-10-01T00:00Z', null),
       ('beta', 'PROMO', 'USD', 5, '2026-09-01T00:00Z', '2026-10-02'),
       ('gamma', 'TOP_UP', 'USD', 8, '2026-11-05T00:00Z', '2027-11-05');
insert into posting (at, account, kind, debit, credit, amount, currency, period, grant_id, invoice)
values ('2026-10-01T00:00Z', 'acme', 'granted', 'FUNDING', 'GRANT', 20, 'USD', null, 1, null),
       ('2026-09-01T00:00Z', 'beta', 'granted', 'FUNDING', 'GRANT', 5, 'USD', null, 2, null),
       ('2026-10-03T08:00Z', 'beta', 'expired', 'GRANT', 'BREAKAGE', 5, 'USD', null, 2, null),
       ('2026-11-05T00:00Z', 'gamma', 'granted', 'CASH', 'GRANT', 8, 'USD', null, 3, null),
       ('2026-11-01T08:00Z', 'acme', 'usage', 'GRANT', 'REVENUE', 20, 'USD', '2026-10-01', 1, null);
insert into posting (at, account, kind, debit, credit, amount, currency, period, grant_id, invoice)
values ('2026-11-01T08:00Z', 'acme', 'usage', 'REVENUE', 'GRANT', 0.5, 'USD', '2026-10-01', 1, null),
       ('2026-11-01T08:00Z', 'acme', 'usage', 'GRANT', 'REVENUE', 0.5, 'USD', '2026-10-01', 1, null),
       ('2026-11-01T08:00Z', 'acme', 'usage', 'ACCRUED', 'REVENUE', 5, 'USD', '2026-10-01', null, null),
       ('2026-11-01T08:00Z', 'beta', 'usage', 'ACCRUED', 'REVENUE', 10.004, 'USD', '2026-10-01', null, null),
       ('2026-11-01T08:00Z', 'gamma', 'usage', 'ACCRUED', 'REVENUE', 0.3, 'USD', '2026-10-01', null, null),
       ('2026-11-01T09:00Z', 'acme', 'issued', 'RECEIVABLE', 'ACCRUED', 6, 'USD', '2026-10-01', null, 1),
       ('2026-11-01T09:00Z', 'acme', 'issued', 'RECEIVABLE', 'TAX', 1.2, 'USD', '2026-10-01', null, 1),
       ('2026-11-01T09:00Z', 'beta', 'issued', 'RECEIVABLE', 'ACCRUED', 10.004, 'USD', '2026-10-01', null, 2),
       ('2026-11-01T09:00Z', 'beta', 'issued', 'ROUNDING', 'RECEIVABLE', 0.004, 'USD', '2026-10-01', null, 2),
       ('2026-11-01T09:00Z', 'gamma', 'issued', 'RECEIVABLE', 'ACCRUED', 0.3, 'USD', '2026-10-01', null, 3);
insert into posting (at, account, kind, debit, credit, amount, currency, period, used_in)
values ('2026-11-01T08:00Z', 'acme', 'usage', 'ACCRUED', 'REVENUE', 1, 'USD', '2026-10-01', '2026-09-01');
insert into posting (at, account, kind, debit, credit, amount, currency, invoice, reference)
values ('2026-11-01T09:00Z', 'acme', 'paid', 'CASH', 'RECEIVABLE', 7.2, 'USD', 1, 'CARD/pi_1');

insert into invoice_series (year, last_number) values (2026, 3);
insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax,
                     total, carried_forward, amount_due)
values ('acme', '2026-10-01', 'USD', '{"address": {"country": "US"}}', '2026-11-01', '2026-11-08', 26.00, 20.00, 1.20, 7.20, 0.00, 7.20),
       ('beta', '2026-10-01', 'USD', '{}', '2026-11-01', '2026-11-08', 10.00, 0.00, 0.00, 10.00, 0.00, 10.00),
       ('gamma', '2026-10-01', 'USD', '{}', '2026-11-01', '2026-11-08', 0.30, 0.00, 0.00, 0.30, 0.30, 0.00);
insert into invoice_tax (invoice, position, category, name, percent, base, tax)
values (1, 1, 'S', 'VAT', 20, 6.00, 1.20), (2, 1, 'O', '', 0, 10.00, 0.00), (3, 1, 'O', '', 0, 0.30, 0.00);
insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount)
values (1, 1, 'audio', '2026-10-01', 1, 1, 10000, 'second', 0.06, 'minute', 10.00),
       (1, 2, 'text', '2026-10-01', 2, 1, 1500, 'word', 0.01, 'word', 15.00),
       (1, 3, 'text', '2026-09-01', 2, 1, 100, 'word', 0.01, 'word', 1.00),
       (2, 1, 'text', '2026-10-01', 2, 1, 1000.4, 'word', 0.01, 'word', 10.00),
       (3, 1, 'text', '2026-10-01', 2, 1, 30, 'word', 0.01, 'word', 0.30);
update invoice
   set year = 2026, number = '2026-00000' || id, status = case account when 'beta' then 'OPEN' else 'PAID' end;
insert into invoice_hold (account, period, reason, detail) values ('delta', '2026-10-01', 'NO_PRICE', '-video has no price');
insert into invoice_document (invoice, file, sha256, bytes)
select id, number || '.pdf', encode(sha256(account::bytea), 'hex'), length(account) from invoice;

insert into payment_intent (invoice, n, amount_minor, stripe_id, status)
values (1, 1, 720, 'pi_1', 'SUCCEEDED'), (2, 1, 1000, 'pi_2', 'LIVE');
insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, decline_code, advice_code, message,
                             claimed_at, resolved_at)
values (1, 1, 1, 'SUCCEEDED', 'pm_1', 720, 'USD', null, null, null, '2026-11-01T09:00:00Z', '2026-11-01T09:00:01Z'),
       (2, 1, 1, 'DECLINED_RETRYABLE', 'pm_2', 1000, 'USD', 'insufficient_funds', 'try_again_later',
        'Your card has insufficient funds, "sorry"', '2026-11-01T09:00:00Z', '2026-11-01T09:00:02Z');
insert into settlement (invoice, kind, amount, reference, at) values (1, 'CARD', 7.20, 'pi_1', '2026-11-01T09:00:01Z');
insert into dunning_step (invoice, step, taken_on) values (2, 'SUSPENSION', '2026-11-08');

insert into notice (account, kind, key, recipient, view, status, message_id, queued_at, next_try_at, sent_at,
                    tries)
values ('acme', 'payment-succeeded', '2026-000001/1', 'books@acme.test', '{}', 'SENT', 'm1', '2026-11-01T09:00Z', '2026-11-01T09:00Z',
        '2026-11-01T09:01Z', 1),
       ('beta', 'payment-failed', '2026-000002/1', 'books@beta.test', '{}', 'QUEUED', 'm2', '2026-11-01T09:00Z', '2026-11-01T09:00Z',
        null, 0);

insert into batch_job_instance (job_instance_id, version, job_name, job_key)
values (1, 0, 'nightly', '1'), (2, 0, 'monthly', '2'), (3, 0, 'nightly', '3');
insert into batch_job_execution (job_execution_id, version, job_instance_id, create_time, end_time, status)
values (1, 0, 1, '2026-11-01 08:00', '2026-11-01 08:10', 'COMPLETED'),
       (2, 0, 2, '2026-11-01 09:00', '2026-11-01 09:10', 'COMPLETED'),
       (3, 0, 3, '2026-11-10 08:00', '2026-11-10 08:10', 'COMPLETED');
insert into batch_job_execution_params (job_execution_id, parameter_name, parameter_type, parameter_value, identifying)
values (1, 'date', 'java.time.LocalDate', '2026-11-01', 'Y'), (1, 'n', 'java.lang.Long', '1', 'Y'),
       (2, 'date', 'java.time.LocalDate', '2026-10-01', 'Y'), (2, 'n', 'java.lang.Long', '1', 'Y'),
       (3, 'date', 'java.time.LocalDate', '2026-11-10', 'Y'), (3, 'n', 'java.lang.Long', '1', 'Y');
