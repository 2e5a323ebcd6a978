package io.postpaid.books.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries to break each rule that the database itself keeps, and is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstraintsTest {
    private static final String OF_BANK = """
            bank_file_sha256 | insert into bank_file values ('a', 'f', 'CSV', now())
            bank_file_format | insert into bank_file values (repeat('a', 64), 'f', 'PDF', now())
            bank_statement_days | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency, first_on, last_on) values (repeat('a', 64), 'a', '', 'USD', '2026-11-02', '2026-11-01')
            bank_line_amount | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i', 'b', 'a', '2026-11-02', '2026-11-02', 0, 'USD', '', '', '', '', false from generate_series(1, 1)
            bank_line_once | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i', 'b', 'a', '2026-11-02', '2026-11-02', 1, 'USD', '', '', '', '', false from generate_series(1, 2)
            bank_line_booking | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i' || generate_series, 'b', 'a', '2026-11-02', '2026-11-02', 1, 'USD', '', '', '', '', false from generate_series(1, 2)
            bank_match_kind | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i', 'b', 'a', '2026-11-02', '2026-11-02', 1, 'USD', '', '', '', '', false from generate_series(1, 1); insert into bank_match select id, 'x', 'r', now() from bank_line
            bank_match_reference | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i', 'b', 'a', '2026-11-02', '2026-11-02', 1, 'USD', '', '', '', '', false from generate_series(1, 1); insert into bank_match select id, 'IGNORED', '', now() from bank_line
            bank_match_once | insert into bank_file values (repeat('a', 64), 'f', 'CSV', now()); insert into bank_statement (file, account, number, currency) values (repeat('a', 64), 'a', '', 'USD'); insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text, reference, bank_reference, charge) select (select max(id) from bank_statement), 'i' || generate_series, 'b' || generate_series, 'a', '2026-11-02', '2026-11-02', 1, 'USD', '', '', '', '', false from generate_series(1, 2); insert into bank_match select id, 'bank', 'r', now() from bank_line
            provider_movement_own | insert into provider_movement values ('txn_1', 'CARD', 'charge', 'charge', 'pi_1', 1, 0, 'USD', 2, 'USD', now())
            """;

    private static final String OF_RESTORED = """
            restored_after_it_was_taken | insert into restored (taken_at, restored_at) values (now(), now() - interval '1 s')
            restored_numbered | insert into restored (taken_at, restored_at, numbered_at) values (now(), now(), now() - interval '1 s')
            restored_lifted | insert into restored (taken_at, restored_at, numbered_at, lifted_at) values (now(), now(), now(), now())
            restored_lifted | insert into restored (taken_at, restored_at, lifted_at, accepted) values (now(), now(), now() - interval '1 s', '')
            restored_one | insert into restored (taken_at, restored_at) values (now(), now()), (now(), now() + interval '1 s')
            restored_pkey | insert into restored (taken_at, restored_at) values (now(), now()), (now(), now())
            restored from a backup | insert into restored (taken_at, restored_at) values (now(), now()); insert into invoice_series values (2031, 1)
            restored from a backup | insert into restored (taken_at, restored_at) values (now(), now()); insert into credit_note_series values (2031, 1)
            restored from a backup | insert into restored (taken_at, restored_at) values (now(), now()); insert into top_up_series values ('INVOICE', 2031, 1)
            restored from a backup | insert into restored (taken_at, restored_at, numbered_at) values (now(), now(), now()); insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, claimed_at) select id, 99, 1, 'CLAIMED', 'pm', 1, 'USD', now() from invoice limit 1
            restored from a backup | insert into restored (taken_at, restored_at, numbered_at) values (now(), now(), now()); insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at) values ('acme', 'r', 1, 'USD', 'pm', 'CLAIMED', now())
            restored from a backup | insert into restored (taken_at, restored_at, numbered_at) values (now(), now(), now()); insert into refund (invoice, amount, reason, status, claimed_at) select id, 1, 'r', 'CLAIMED', now() from invoice limit 1
            restored from a backup | insert into restored (taken_at, restored_at, numbered_at) values (now(), now(), now()); insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at) values ('acme', 'K', 'k9', 'a@b.test', '{}', 'm9', now(), now()); update notice set status = 'SENDING' where key = 'k9'
            lost_number_series | insert into lost_number values ('OTHER', 2026, 1, 2)
            lost_number_first_check | insert into lost_number values ('INVOICE', 2026, 0, 2)
            lost_number_last | insert into lost_number values ('INVOICE', 2026, 3, 2)
            lost_number_pkey | insert into lost_number values ('INVOICE', 2026, 3, 4), ('INVOICE', 2026, 3, 5)
            lost_number is history | insert into lost_number values ('INVOICE', 2026, 3, 4); delete from lost_number
            alarm_kind | insert into alarm (kind, subject, detail, began_at) values ('OTHER', 's', 'd', now())
            alarm_detail | insert into alarm (kind, subject, detail, began_at) values ('FEED', 's', '', now())
            alarm_ended | insert into alarm (kind, subject, detail, began_at, ended_at) values ('FEED', 's', 'd', now(), now() - interval '1 s')
            alarm_mailed | insert into alarm (kind, subject, detail, began_at, end_mailed_at) values ('FEED', 's', 'd', now(), now())
            alarm_open | insert into alarm (kind, subject, detail, began_at) values ('FEED', 's', 'd', now()), ('FEED', 's', 'd', now())
            usage_feed_pkey | insert into usage_feed values ('s', '2026-11-01'), ('s', '2026-11-01')
            webhook_heard_one_row_check | insert into webhook_heard values (now(), false)
            account_payment_kind | insert into account_payment values ('r9', 'acme', 'USD', 1, now(), 'OTHER')
            """;

    private static final String OF_RUNS = """
            usage_source_pkey | insert into usage_source select 'x', p from (values ('INGESTED'), ('AGGREGATED')) v (p)
            usage_source_path_check | insert into usage_source values ('x', 'BOTH')
            usage_source_aggregated | insert into usage_source values ('gate', 'AGGREGATED')
            comes one way for ever | insert into usage_source values ('x', 'INGESTED'); update usage_source set path = 'AGGREGATED' where source = 'x'
            comes one way for ever | insert into usage_source values ('x', 'INGESTED'); delete from usage_source where source = 'x'
            usage_keeper_one_row_check | insert into usage_keeper values (gen_random_uuid(), false)
            usage_keeper_pkey | insert into usage_keeper (id) select gen_random_uuid() from generate_series(1, 2)
            usage_run_id_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('../r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now())
            usage_run_n_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 0, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now())
            usage_run_content_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, 'a', repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now())
            usage_run_snapshot_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), 'a', '/f', currval('usage_file_id_seq'), 1, now())
            usage_run_folder_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '', currval('usage_file_id_seq'), 1, now())
            usage_run_records_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), -1, now())
            usage_run_n_key | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('s', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now())
            usage_run_file_key | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run select 's', 2, content, snapshot, folder, file, records, imported_at from usage_run
            a run that was imported never changes | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); update usage_run set content = snapshot
            a run that was imported never changes | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, 1, 1, 0, 0); delete from usage_run_sum
            usage_run_sum_records_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, -1, 1, 1, 0)
            usage_run_sum_quantity_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, 1, -1, 0, 0)
            usage_run_sum_voided_records_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, 1, 1, -1, 0)
            usage_run_sum_voided_quantity_check | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, 1, 1, 0, -1)
            usage_run_sum_states | insert into usage_file (name, format, started_at) values ('run r', 'parquet', now()); insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at) values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now()); insert into usage_run_sum values ('r', 'acme', 'audio', '2026-10-01', false, true, 0, 1, 0, 0)
            """;

    /** What must be in the refusal (a constraint's name, or a trigger's words), and who tries. */
    private static final String ATTEMPTS = """
            part_worker_is_named | insert into part (step_execution, run, step, kind, worker) values (1, 1, 's', 0, 1)
            account_id_check | update account set id = 'a b'
            has a name and an e-mail address | update account set name = ''
            has a name and an e-mail address | update account set email = ''
            account_email_check | update account set email = 'a b@c'
            account_purchase_order_check | update account set purchase_order = repeat('x', 101)
            account_billing_held | update account set billing_held = repeat('x', 1001)
            account_business | update account set business = 'maybe'
            account_buyer_reference | update account set buyer_reference = repeat('x', 101)
            account_peppol_id | update account set peppol_id = '88:1'
            account_language | update account set language = 'German'
            account_billing_emails_check | update account set billing_emails = array['a@b.test', 'c d@e.test']
            account_billing_emails_check | update account set billing_emails = array['a@b.test', null]
            account_billing_emails_check | update account set billing_emails = array_fill('a@b.test'::text, array[6])
            account_currency_check | update account set currency = 'usd'
            account_monthly_limit_check | update account set monthly_limit = -1
            account_monthly_limit_max | update account set monthly_limit = 1000000000000
            account_spending_cap_check | update account set spending_cap = -1
            account_spending_cap_max | update account set spending_cap = 1000000000000
            spending_alert_percent_check | insert into spending_alert (account, percent) values ('acme', 101)
            spending_alert_amount_check | insert into spending_alert (account, amount) values ('acme', 0)
            spending_alert_of_one | insert into spending_alert (account, percent, amount) values ('acme', 1, 1)
            spending_alert_of_one | insert into spending_alert (account) values ('acme')
            spending_alert_once | insert into spending_alert (account, percent) values ('acme', 5), ('acme', 5)
            account_free_credit_max | update account set free_credit = 1000000000000
            account_free_credit_check | update account set free_credit = -0.01
            account_status_check | update account set status = 'GONE'
            account_paused_check | update account set paused = repeat('x', 1001)
            account_customer_stale | update account set customer_stale = true where stripe_customer is null
            account_stripe_customer_key | update account set stripe_customer = 'cus_1' where id = 'delta'
            account_card_last4_check | update account set card_last4 = '42424242'
            account_card_country | update account set card_country = 'USA'
            account_check | update account set payment_method = 'pm_9' where id = 'delta'
            account_alias_source | insert into account_alias (source, name, account) values ('a:b', 'n', 'acme')
            account_alias_source | insert into account_alias (source, name, account) values (repeat('s', 101), 'n', 'acme')
            account_alias_not_reserved | insert into account_alias (source, name, account) values ('gate', 'n', 'acme')
            account_alias_name | insert into account_alias (source, name, account) values ('', '', 'acme')
            account_alias_name | insert into account_alias (source, name, account) values ('', 'a b', 'acme')
            account_alias_name | insert into account_alias (source, name, account) values ('', repeat('n', 501), 'acme')
            account_alias_pkey | insert into account_alias (source, name, account) values ('s', 'n', 'acme'), ('s', 'n', 'delta')
            acme is the id of an account | insert into account_alias (source, name, account) values ('s', 'acme', 'delta')
            acme is the id of an account | insert into account_alias (source, name, account) values ('s', 'n', 'delta'); update account_alias set name = 'acme'
            n is an alias of an account | insert into account_alias (source, name, account) values ('s', 'n', 'acme'); insert into account (id, name, email, currency, monthly_limit, free_credit, created_on) values ('n', 'N', 'n@n.test', 'USD', 0, 0, now())
            account_event is history | insert into account_event (account, at, event, detail) values ('acme', now(), 'X', 'x'); update account_event set detail = ''
            account_event is history | insert into account_event (account, at, event, detail) values ('acme', now(), 'X', 'x'); delete from account_event
            account_erased | update account set erased_at = now()
            account_erased | update account set erased_at = now(), name = 'erased', email = '', paused = 'erased'
            erasure_reason_check | insert into erasure (account, reason, asked_at) values ('acme', '', now())
            erasure_leaves_nothing_at_stripe | insert into erasure (account, reason, asked_at, stripe_customer, done_at) values ('acme', 'r', now(), 'cus_1', now())
            the erasure of acme is history | insert into erasure (account, reason, asked_at) values ('acme', 'r', now()); update erasure set reason = 's'
            the erasure of acme is history | insert into erasure (account, reason, asked_at) values ('acme', 'r', now()); delete from erasure
            audit_personal is history | delete from audit_personal
            audit_personal is history | update audit_personal set salt = ''
            audit_personal is history | truncate audit_personal
            person_issuer_check | insert into person (issuer, subject, label, number, since) values ('x', 's9', '(s9)', 1, now())
            person_subject_check | insert into person (issuer, subject, label, number, since) values ('https://i', 'a b', 'a@b', 1, now())
            person_label | insert into person (issuer, subject, label, number, since) values ('https://i', 's9', '(s8)', 1, now())
            person_number_check | insert into person (issuer, subject, label, number, since) values ('https://i', 's9', 'a@b', 0, now())
            person_name | insert into person (issuer, subject, label, number, since) values ('https://i', 's8', 'a@b', 7, now()), ('https://i', 's9', 'a@b', 7, now())
            person_pkey | insert into person (issuer, subject, label, number, since) values ('https://i', 's9', 'a@b', 7, now()), ('https://i', 's9', 'a@b', 8, now())
            person is history | update person set label = ''
            person is history | delete from person
            person is history | truncate person
            account_event is history | truncate account_event
            limit_request_amount_check | insert into limit_request (account, amount, asked_at) values ('acme', 0, now())
            limit_request_amount_max | insert into limit_request (account, amount, asked_at) values ('acme', 1000000000000, now())
            limit_request_status_check | insert into limit_request (account, amount, asked_at, decided_at, status) values ('acme', 1, now(), now(), 'MAYBE')
            limit_request_check | insert into limit_request (account, amount, asked_at, status) values ('acme', 1, now(), 'APPROVED')
            limit_request_open | insert into limit_request (account, amount, asked_at) values ('acme', 1, now()), ('acme', 2, now())
            outgoing_event_type_check | insert into outgoing_event (account, occurred_at, data, type) values ('acme', now(), '{}', 'suspended')
            outgoing_event_data_check | insert into outgoing_event (account, occurred_at, data, type) values ('acme', now(), '[]', 'a.b')
            outgoing_event_id_key | insert into outgoing_event (account, occurred_at, data, type, id) select 'acme', now(), '{}', 'a.b', '00000000-0000-7000-8000-000000000009' from generate_series(1, 2)
            outgoing_event_position_check | insert into outgoing_event (account, occurred_at, data, type, position, state) values ('acme', now(), '{}', 'a.b', 0, 'WAITING')
            outgoing_event_position_key | insert into outgoing_event (account, occurred_at, data, type, position, state) select 'acme', now(), '{}', 'a.b', 900, 'WAITING' from generate_series(1, 2)
            outgoing_event_state_check | insert into outgoing_event (account, occurred_at, data, type, position, state) values ('acme', now(), '{}', 'a.b', 900, 'GONE')
            outgoing_event_numbered | insert into outgoing_event (account, occurred_at, data, type, state) values ('acme', now(), '{}', 'a.b', 'WAITING')
            outgoing_event_told | insert into outgoing_event (account, occurred_at, data, type, access) values ('acme', now(), '{}', 'a.b', 'ALLOWED')
            is numbered once and its state changes, nothing else | update outgoing_event set data = '{"other": 1}'
            is numbered once and its state changes, nothing else | update outgoing_event set position = n, state = 'WAITING'; update outgoing_event set position = n + 1000
            is numbered once and its state changes, nothing else | update outgoing_event set position = n, state = 'WAITING'; update outgoing_event set access = 'ALLOWED'
            rows of outgoing_event are referred to | delete from outgoing_event
            told_access_code_check | insert into told_access values ('acme', 'OPEN')
            event_delivery_millis_check | insert into event_delivery (event, began_at, millis, answer, delivered) values (1, now(), -1, '', false)
            event_delivery_status_check | insert into event_delivery (event, began_at, millis, answer, delivered, status) values (1, now(), 0, '', false, 1000)
            event_delivery_answered | insert into event_delivery (event, began_at, millis, answer, delivered, status) values (1, now(), 0, '', true, 500)
            event_delivery is history | delete from event_delivery
            event_retry_tries_check | insert into event_retry values ('acme', 0, now(), now())
            event_receiver_one_row_check | insert into event_receiver (one_row) values (false)
            event_receiver_off | update event_receiver set off_since = now()
            product_id_check | insert into product (id, unit, listed_unit) values ('a b', 'x', 'x')
            product_unit_check | update product set unit = ''
            product_listed_per_check | update product set listed_per = 0
            product_listed_unit_check | update product set listed_unit = ''
            price_currency_check | insert into price (product, currency, effective_from, model, per) select product, 'dollar', effective_from, model, per from price limit 1
            price is history | update price set currency = 'EUR'
            credit_grant is history | update credit_grant set kind = 'PROMO' where kind = 'TOP_UP'
            price_model_check | update price set model = 'flat'
            price_per_check | update price set per = 0
            price_product_account_currency_effective_from_key | insert into price (product, currency, effective_from, model, per) values ('audio', 'USD', '2026-01-01', 'per_unit', 1)
            price_tier_tier_check | insert into price_tier (price, tier, amount) values (1, 0, 1)
            price_tier_up_to_check | insert into price_tier (price, tier, up_to, amount) values (1, 2, 0, 1)
            price_tier_amount_check | insert into price_tier (price, tier, amount) values (1, 2, -1)
            price_tier_amount_check | insert into price_tier (price, tier, amount) values (1, 2, 0.0000000000001)
            proof_counts | insert into proof (at, invariants, broken) values (now(), 1, 2)
            verified_holds | insert into verified (name, n, rule, at, holds, figure, broken, examples) values ('x', 0, '', now(), true, '', 1, '{}')
            usage_file_ties_out | update usage_file set lines = lines + 1
            usage_file_records | update usage_file set records = accepted - 1 where accepted > 0
            gate_held_is_not_negative | insert into gate_balance (account, held) values ('acme', -1)
            gate_authorization_idempotency_key_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', '', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'HELD', null, null)
            gate_authorization_quantity_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 0, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'HELD', null, null)
            gate_authorization_price_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, -1, 'USD', 100, now(), now() + interval '1 minute', 'HELD', null, null)
            gate_authorization_status_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'GONE', null, null)
            gate_authorization_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now(), 'HELD', null, null)
            gate_authorization_used_check | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'SETTLED', -1, 0)
            gate_authorization_check1 | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'SETTLED', null, 0)
            gate_authorization_check2 | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'SETTLED', 1, null)
            gate_never_above_price | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'SETTLED', 1, 1.01)
            gate_authorization_account_idempotency_key_key | insert into gate_authorization (account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at, status, used, charged) values ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'HELD', null, null), ('acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute', 'HELD', null, null)
            gate_one_key_for_all_items | insert into gate_authorization (id, call, account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at) values (uuidv7(), null, 'acme', null, 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute')
            gate_one_key_for_all_items | insert into gate_authorization (id, call, account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at) values ('00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-000000000009', 'acme', null, 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute')
            gate_authorization_item | insert into gate_authorization (id, call, account, idempotency_key, product, quantity, billable, proportional, price, currency, monthly_limit, authorized_at, expires_at) values ('00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-000000000009', 'acme', 'k', 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute'), (uuidv7(), '00000000-0000-7000-8000-000000000009', 'acme', null, 'audio', 1, true, true, 1, 'USD', 100, now(), now() + interval '1 minute')
            gate_month_month_check | insert into gate_month (month, file) select '2026-10-02', min(id) from usage_file
            gate_month_file_key | insert into gate_month (month, file) select m, min(id) from usage_file, (values ('2026-10-01'::date), ('2026-11-01')) v (m) group by m
            usage_arrival_gate_charge_check | insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records, gate_charge) values (1, 'acme', 'audio', '2026-10-01', 1, 1, 0, 0, -1)
            usage_arrival_gated | insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records, gated) select 1, 'acme', 'audio', '2026-10-01', 1, 1, 0, 0, true from generate_series(1, 2)
            days of usage out of order or not whole: acme | insert into arrived_batch (file, account, days) values (1, 'acme', array[row('audio', '2026-10-04', 1, 1, 0, 0)::arrived_day, row('audio', '2026-10-03', 1, 1, 0, 0)::arrived_day])
            days of usage out of order or not whole: acme | insert into arrived_batch (file, account, days) values (1, 'acme', array[row('audio', '2026-10-04', null, 1, 0, 0)::arrived_day])
            null value in column "first_day" | insert into arrived_batch (file, account, days) values (1, 'acme', '{}'::arrived_day[])
            usage_key_pkey | insert into usage_key (key, content, file, line, day) select gen, 1, 1, n, '2026-10-01' from (values ('00000000-0000-0000-0000-000000000001'::uuid)) k (gen), generate_series(1, 2) n
            usage_record_quantity_check | update usage_record set quantity = -1
            usage_record_namespace | update usage_record set source = 'account:other/x'
            usage_void_pkey | insert into usage_void (voided_key, key, account, file, line) select voided_key, '00000000-0000-0000-0000-00000000000a', account, file, line from usage_void
            usage_void_key_key | insert into usage_void (voided_key, key, account, file, line) select '00000000-0000-0000-0000-00000000000a', key, account, file, line from usage_void
            usage_quarantine_file_line_key | insert into usage_quarantine (file, line, reason, detail, raw) values (1, 7, 'x', 'x', 'x')
            usage_quarantine_check | update usage_quarantine set retry_at = now()
            usage_quarantine_records | update usage_quarantine set records = 1 where released_at is null
            billing_period_period_check | insert into billing_period (period, frozen_at) values ('2026-12-02', now())
            usage_journal_period_check | insert into usage_journal (period, account, product, lines) values ('2026-10-02', 'acme', 'text', array[row('2026-10-01', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            usage_journal_check | insert into usage_journal (period, account, product, lines) values ('2026-09-01', 'acme', 'text', array[row('2026-10-01', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            null value in column "last_day" | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'text', '{}'::journal_line[])
            more usage in a period that is frozen: acme, audio, 2026-10 | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            usage_journal is history | update usage_journal set product = product
            usage_journal is history | delete from usage_journal
            usage_journal is history | truncate usage_journal
            unrated_day_gate_charge_check | insert into unrated_day (account, product, day, period, gate_charge) values ('acme', 'text', '2026-10-01', '2026-10-01', -1)
            account or product that is not there: ghost, audio | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'ghost', 'audio', array[row('2026-10-01', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            account or product that is not there: acme, ghost | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'ghost', array[row('2026-10-01', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            price that is not there: acme, audio, 2026-10-03 at price 99 | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 99, 1, 1, 1, 1, 0, 0)::journal_line])
            out of order or not whole: acme, audio | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'audio', array[row('2026-10-04', 1, 1, 1, 1, 1, 0, 0)::journal_line, row('2026-10-03', 1, 1, 1, 1, 1, 0, 0)::journal_line])
            out of order or not whole: acme, audio | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', null, 1, 1, 1, 1, 0, 0)::journal_line])
            out of order or not whole: acme, audio | insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, 1, 1, null, 0, 0)::journal_line])
            rows of price are referred to | delete from price
            rows of product are referred to | delete from product
            rows of account are referred to | delete from account
            credit_grant_kind_check | insert into credit_grant (account, kind, currency, amount, granted_at) values ('beta', 'GIFT', 'USD', 1, now())
            credit_grant_amount_check | insert into credit_grant (account, kind, currency, amount, granted_at) values ('beta', 'PROMO', 'USD', 0, now())
            credit_grant_free_once | insert into credit_grant (account, kind, currency, amount, granted_at) values ('acme', 'FREE', 'USD', 1, now())
            grant_never_below_zero | update credit_grant set used = amount + 0.000000000001
            grant_never_below_zero | update credit_grant set used = -0.000000000001
            grant_never_below_zero | insert into posting (at, account, kind, debit, credit, amount, currency, period, grant_id) values (now(), 'gamma', 'used', 'GRANT', 'REVENUE', 8.000000000001, 'USD', '2026-11-01', 3)
            posting_amount_check | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'CASH', 'RECEIVABLE', 0, 'USD')
            posting_debit_check | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'POCKET', 'RECEIVABLE', 1, 'USD')
            posting_credit_check | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'CASH', 'POCKET', 1, 'USD')
            posting_check | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'CASH', 'CASH', 1, 'USD')
            posting_check1 | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'CASH', 'GRANT', 1, 'USD')
            posting_check1 | insert into posting (at, account, kind, debit, credit, amount, currency, grant_id) values (now(), 'acme', 'x', 'CASH', 'RECEIVABLE', 1, 'USD', 1)
            posting_check2 | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'ACCRUED', 'REVENUE', 1, 'USD')
            posting_check3 | insert into posting (at, account, kind, debit, credit, amount, currency, period, used_in) values (now(), 'acme', 'x', 'CASH', 'RECEIVABLE', 1, 'USD', '2026-11-01', '2026-10-01')
            posting_kind_reference_key | insert into posting (at, account, kind, debit, credit, amount, currency, reference) select now(), 'acme', 'x', 'CASH', 'RECEIVABLE', 1, 'USD', 'r' from generate_series(1, 2)
            posting is history | update posting set amount = amount
            posting is history | delete from posting where false
            posting is history | truncate posting
            monthly_cost_check | update monthly_cost set accrued = accrued + 1
            invoice_series_last_number_check | update invoice_series set last_number = -1
            invoice_status_check | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due, status, number, year) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0, 'SENT', 'n', 2026)
            invoice_amount_due_check | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), -1, 0, 0, -1, -1)
            invoice_customer_known | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0)
            invoice_total | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 1, 0, 0, 2, 2)
            invoice_amount_due | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 1, 0, 0, 1, 2)
            invoice_account_period_currency_key | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('acme', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0)
            invoice_check | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due, number, year) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0, 'n', 2026)
            invoice_check1 | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due, status, number) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0, 'OPEN', 'n')
            invoice_number_key | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due, status, number, year) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0, 'OPEN', '2026-000001', 2026)
            is issued and cannot be changed | update invoice set due_on = due_on + 1 where id = 2
            is issued and cannot be changed | update invoice set total = 11, subtotal = 11, amount_due = 11 where id = 2
            is issued and cannot be deleted | delete from invoice where id = 2
            PAID cannot become VOID | update invoice set status = 'VOID' where id = 1
            is issued and cannot be changed | update invoice set status = 'DRAFT', number = null, year = null where id = 2
            lines of an issued invoice | update invoice_tax set name = 'x' where invoice = 2
            invoice_tax_position | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (0, 'O', 0, 0, null)) v (p, c, q, t, r)
            invoice_tax_category | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'K', 0, 0, null)) v (p, c, q, t, r)
            invoice_tax_percent | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'S', 0, 0, null)) v (p, c, q, t, r)
            invoice_tax_percent | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'O', 20, 0, null)) v (p, c, q, t, r)
            invoice_tax_percent | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'S', 101, 0, null)) v (p, c, q, t, r)
            invoice_tax_none | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'AE', 0, 1, null)) v (p, c, q, t, r)
            invoice_tax_local | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (invoice, position, category, percent, name, base, tax, tax_currency, tax_in_currency) values (currval('invoice_id_seq'), 1, 'S', 20, 'VAT', 1, 0.20, 'EUR', 0.17)
            invoice_tax_local_of_tax | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (invoice, position, category, percent, name, base, tax, tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day) values (currval('invoice_id_seq'), 1, 'S', 20, 'VAT', 1, 0, 'EUR', 0, 1.17, 1, '2026-10-30')
            invoice_tax_per_euro | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (invoice, position, category, percent, name, base, tax, tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day) values (currval('invoice_id_seq'), 1, 'S', 20, 'VAT', 1, 0.20, 'EUR', 0.17, 0, 1, '2026-10-30')
            invoice_tax_of_rate | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'E', 0, 0, 1)) v (p, c, q, t, r)
            invoice_tax_rate | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'S', 20, 0, 99)) v (p, c, q, t, r)
            invoice_tax_pkey | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'O', 0, 0, null), (1, 'O', 0, 0, null)) v (p, c, q, t, r)
            invoice_line_tax | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_tax (position, category, percent, tax, rate, invoice, name, base) select p, c, q, t, r::bigint, currval('invoice_id_seq'), '', 0 from (values (1, 'O', 0, 0, null)) v (p, c, q, t, r); insert into invoice_line select currval('invoice_id_seq'), 1, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount, 2 from invoice_line where invoice = 2
            taxes do not add up to the tax | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{"name":"D","email":"a@b.c"}', now(), now(), 0, 0, 1, 1, 1); update invoice set status = 'OPEN', number = 'n', year = 2026 where account = 'delta'
            exchange_import_added | insert into exchange_import (file, added, first_day, last_day) values ('f', 0, '2026-10-01', '2026-10-01')
            exchange_import_days | insert into exchange_import (file, added, first_day, last_day) values ('f', 1, '2026-10-02', '2026-10-01')
            exchange_import is history | delete from exchange_import
            exchange_rate_currency | with i as (insert into exchange_import (file, added, first_day, last_day) values ('f', 1, '2026-10-01', '2026-10-01') returning id) insert into exchange_rate select 'EUR', '2026-10-01', 1, id from i
            exchange_rate_positive | with i as (insert into exchange_import (file, added, first_day, last_day) values ('f', 1, '2026-10-01', '2026-10-01') returning id) insert into exchange_rate select 'USD', '2026-10-01', 0, id from i
            exchange_rate_once | with i as (insert into exchange_import (file, added, first_day, last_day) values ('f', 1, '2026-10-01', '2026-10-01') returning id) insert into exchange_rate select 'USD', '2026-10-01', n, id from i, generate_series(1, 2) n
            exchange_rate is history | update exchange_rate set per_euro = 2
            tax_rate_country | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('fi', 'any', 24, 'VAT')) v
            tax_rate_customer | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('FI', 'all', 24, 'VAT')) v
            tax_rate_percent | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('FI', 'any', 101, 'VAT')) v
            tax_rate_name | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('FI', 'any', 24, '')) v
            tax_rate_once | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('FI', 'any', 24, 'VAT'), ('FI', 'any', 24, 'VAT')) v
            was used by an invoice | insert into tax_rate (country, customer, percent, name, category, effective_from) select v.*, 'standard', date '2026-01-01' from (values ('FI', 'any', 20, 'VAT')) v; set session_replication_role = replica; update invoice_tax set rate = currval('tax_rate_id_seq') where invoice = 1; set session_replication_role = origin; update tax_rate set percent = 24
            rows of tax_rate are referred to | delete from tax_rate
            tax_reverse_charge_one | insert into tax_reverse_charge values (false, '{EU}', 'FI1', 'x')
            tax_reverse_charge_pkey | insert into tax_reverse_charge select true, '{EU}', 'FI1', 'x' from generate_series(1, 2)
            tax_reverse_charge_seller | insert into tax_reverse_charge values (true, '{EU}', '1', 'x')
            tax_reverse_charge_note | insert into tax_reverse_charge values (true, '{EU}', 'FI1', '')
            tax_exemption_reason | insert into tax_exemption values ('acme', '')
            tax_exemption_pkey | insert into tax_exemption select 'acme', 'x' from generate_series(1, 2)
            vies_answer_tax_id | insert into vies_answer (tax_id, requester, answer, at) values ('129273398', 'SE1', 'YES', now())
            vies_answer_answer | insert into vies_answer (tax_id, requester, answer, at) values ('DE129273398', 'SE1', 'MAYBE', now())
            vies_answer_consultation | insert into vies_answer (tax_id, requester, answer, consultation, silence, at) values ('DE129273398', 'SE1', 'SILENT', 'W', 'TIMEOUT', now())
            vies_answer_silence | insert into vies_answer (tax_id, requester, answer, silence, at) values ('DE129273398', 'SE1', 'SILENT', '', now())
            vies_answer_silence | insert into vies_answer (tax_id, requester, answer, silence, at) values ('DE129273398', 'SE1', 'NO', 'TIMEOUT', now())
            vies_answer is history | insert into vies_answer (tax_id, requester, answer, at) values ('DE129273398', 'SE1', 'NO', now()); update vies_answer set answer = 'YES'
            vies_answer is history | delete from vies_answer
            stripe_tax_calculation_hash | insert into stripe_tax_calculation (account, day, hash, refusal, at) values ('acme', '2026-10-31', 'x', 'no', now())
            stripe_tax_calculation_id | insert into stripe_tax_calculation (account, day, hash, calculation, answer, at) values ('acme', '2026-10-31', repeat('0', 64), 'x', '{}', now())
            stripe_tax_calculation_answer | insert into stripe_tax_calculation (account, day, hash, at) values ('acme', '2026-10-31', repeat('0', 64), now())
            stripe_tax_calculation_answer | insert into stripe_tax_calculation (account, day, hash, calculation, at) values ('acme', '2026-10-31', repeat('0', 64), 'taxcalc_1', now())
            stripe_tax_calculation_answer | insert into stripe_tax_calculation (account, day, hash, calculation, answer, refusal, at) values ('acme', '2026-10-31', repeat('0', 64), 'taxcalc_1', '{}', 'no', now())
            stripe_tax_calculation_calculation_key | insert into stripe_tax_calculation (account, day, hash, calculation, answer, at) select 'acme', '2026-10-31', repeat('0', 64), 'taxcalc_1', '{}', now() from generate_series(1, 2)
            stripe_tax_calculation_account_fkey | insert into stripe_tax_calculation (account, day, hash, refusal, at) values ('nobody', '2026-10-31', repeat('0', 64), 'no', now())
            stripe_tax_calculation is history | insert into stripe_tax_calculation (account, day, hash, refusal, at) values ('acme', '2026-10-31', repeat('0', 64), 'no', now()); update stripe_tax_calculation set refusal = 'yes'
            stripe_tax_transaction_reference | insert into stripe_tax_transaction (invoice, reference, claimed_at) values (1, 'n', now()), (2, 'n', now())
            stripe_tax_transaction_invoice | insert into stripe_tax_transaction (invoice, reference, claimed_at) values (1, 'n', now()), (1, 'm', now())
            stripe_tax_transaction_invoice_fkey | insert into stripe_tax_transaction (invoice, reference, claimed_at) values (99, 'n', now())
            stripe_tax_transaction_credit_note_fkey | insert into stripe_tax_transaction (invoice, credit_note, reference, claimed_at) values (1, 99, 'n', now())
            stripe_tax_transaction_id | insert into stripe_tax_transaction (invoice, reference, transaction, claimed_at) values (1, 'n', 'x', now())
            stripe_tax_transaction_transaction_key | insert into stripe_tax_transaction (invoice, reference, transaction, claimed_at) values (1, 'n', 'tax_1', now()), (2, 'm', 'tax_1', now())
            stripe_tax_transaction_once | insert into stripe_tax_transaction (invoice, reference, transaction, refusal, claimed_at) values (1, 'n', 'tax_1', 'no', now())
            is kept as Stripe answered | insert into stripe_tax_transaction (invoice, reference, transaction, claimed_at) values (1, 'n', 'tax_1', now()); update stripe_tax_transaction set transaction = 'tax_2'
            rows of stripe_tax_transaction are referred to | delete from stripe_tax_transaction
            product_tax_category_check | update product set tax_category = 'a b'
            lines of an issued invoice | insert into invoice_line select invoice, 9, product, usage_period, price, 9, quantity, unit, unit_price, listed_unit, amount from invoice_line where invoice = 2
            lines of an issued invoice | update invoice_line set amount = 1 where invoice = 2
            lines of an issued invoice | delete from invoice_line where invoice = 2
            invoice_line_position_check | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_line select currval('invoice_id_seq'), 0, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount from invoice_line where invoice = 2
            invoice_line_invoice_product_usage_period_price_tier_key | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, 0); insert into invoice_line select currval('invoice_id_seq'), n, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount from invoice_line, generate_series(1, 2) n where invoice = 2
            lines do not add up to the subtotal | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 1, 0, 0, 1, 1); update invoice set status = 'OPEN', number = 'n', year = 2026 where account = 'delta'
            invoice_hold_pkey | insert into invoice_hold select * from invoice_hold
            invoice_document_sha256_check | update invoice_document set sha256 = 'abc'
            invoice_document_pkey | insert into invoice_document select * from invoice_document
            settlement_kind_check | insert into settlement (invoice, kind, amount, reference, at) values (2, 'GIFT', 1, 'r', now())
            settlement_amount_check | insert into settlement (invoice, kind, amount, reference, at) values (2, 'CARD', 0, 'r', now())
            settlement_kind_reference_key | insert into settlement (invoice, kind, amount, reference, at) values (2, 'CARD', 1, 'pi_1', now())
            settlement_sign | insert into settlement (invoice, kind, amount, reference, at) values (2, 'CARD', -1, 'r', now())
            settlement_sign | insert into settlement (invoice, kind, amount, reference, at) values (2, 'DISPUTE', 1, 'r', now())
            settlement_sign | insert into settlement (invoice, kind, amount, reference, at) values (2, 'WRITE_OFF_REVERSED', 1, 'r', now())
            invoice_from_balance | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, from_balance, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, -1, 1)
            invoice_carried | insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, carried_forward, amount_due) values ('delta', '2026-10-01', 'USD', '{}', now(), now(), 0, 0, 0, 0, -1, 1)
            account_balance_never_below_zero | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'BALANCE', 'CASH', 1, 'USD')
            account_owed_never_below_zero | insert into posting (at, account, kind, debit, credit, amount, currency) values (now(), 'acme', 'x', 'CASH', 'SHORTFALL', 1, 'USD')
            account_payment_reference_check | insert into account_payment (reference, account, currency, amount, at) values ('', 'acme', 'USD', 1, now())
            account_payment_amount | insert into account_payment (reference, account, currency, amount, at) values ('r', 'acme', 'USD', 0, now())
            transfer r of 2026-10-31 is before 2026-11-01 | insert into settlement (invoice, kind, amount, reference, at) values (2, 'TRANSFER', 1, 'r', '2026-10-31T23:59:59Z')
            transfer r of 2026-10-31 is before 2026-11-01 | insert into surplus (kind, reference, invoice, amount, at) values ('TRANSFER', 'r', 2, 1, '2026-10-31T23:59:59Z')
            transfer r of 1990-01-01 is before | insert into account_payment (reference, account, currency, amount, at) values ('r', 'acme', 'USD', 1, '1990-01-01T00:00:00Z')
            transfer r of 1990-01-01 is before | insert into account_return (reference, account, currency, amount, reason, at) values ('r', 'acme', 'USD', 1, 'x', '1990-01-01T00:00:00Z')
            account_payment is history | delete from account_payment
            credit_note_number_key | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) select 2, 2026, 'CN-2026-000001', now(), 1, 0, 1, 'x' from generate_series(1, 2)
            credit_note_number_check | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, '2026-000001', now(), 1, 0, 1, 'x')
            credit_note_amount_check | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, 'CN-2026-000001', now(), 0, 0, 0, 'x')
            credit_note_tax_of | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, 'CN-2026-000001', now(), 1, 0, 1, 'x'); insert into credit_note_tax values (currval('credit_note_id_seq'), 2, 7, 1, 0)
            credit_note_tax_credit_note_fkey | insert into credit_note_tax values (99, 2, 1, 1, 0)
            credit_note_tax_pkey | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, 'CN-2026-000001', now(), 1, 0, 1, 'x'); insert into credit_note_tax select currval('credit_note_id_seq'), 2, 1, 1, 0 from generate_series(1, 2)
            credit_note_tax is history | delete from credit_note_tax
            credit_note_settled | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, 'CN-2026-000001', now(), 1, 0, 2, 'x')
            credit_note_grant | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, grant_id, reason) values (2, 2026, 'CN-2026-000001', now(), 1, 0, 1, 1, 'x')
            credit_note_reason_check | insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason) values (2, 2026, 'CN-2026-000001', now(), 1, 0, 1, '')
            credit_note is history | delete from credit_note
            credit_note_series_last_number_check | insert into credit_note_series (year, last_number) values (2026, -1)
            credit_note_document_sha256_check | insert into credit_note_document (credit_note, file, sha256, bytes) values (1, 'f', 'abc', 1)
            held_step_check | insert into held (step, item, reason, detail, first_at, last_at, runs) values ('', 'i', 'r', 'd', now(), now(), '{1}')
            held_item_check | insert into held (step, item, reason, detail, first_at, last_at, runs) values ('s', '', 'r', 'd', now(), now(), '{1}')
            held_reason_check | insert into held (step, item, reason, detail, first_at, last_at, runs) values ('s', 'i', '', 'd', now(), now(), '{1}')
            held_period_check | insert into held (step, period, item, reason, detail, first_at, last_at, runs) values ('s', '2026-10-02', 'i', 'r', 'd', now(), now(), '{1}')
            held_check | insert into held (step, item, reason, detail, first_at, last_at, runs) values ('s', 'i', 'r', 'd', now(), now() - interval '1 day', '{1}')
            held_open | insert into held (step, item, reason, detail, first_at, last_at, runs) select 's', 'i', 'r', 'd', now(), now(), '{1}' from generate_series(1, 2)
            surplus_kind_check | insert into surplus (kind, reference, invoice, amount, at) values ('GIFT', 'r', 1, 1, now())
            surplus_amount_check | insert into surplus (kind, reference, invoice, amount, at) values ('CARD', 'r', 1, 0, now())
            surplus_kind_check | insert into surplus (kind, reference, invoice, amount, at) values ('REFUND', 'r', 1, 1, now())
            surplus is history | update surplus set amount = amount
            refund_amount_check | insert into refund (invoice, amount, reason, status, claimed_at) values (1, 0, '', 'CLAIMED', now())
            refund_status_check | insert into refund (invoice, amount, reason, status, claimed_at, resolved_at) values (1, 1, '', 'MAYBE', now(), now())
            refund_stripe_id_key | insert into refund (invoice, amount, reason, status, stripe_id, claimed_at, resolved_at) select 1, 1, '', 'SUCCEEDED', 're_1', now(), now() from generate_series(1, 2)
            refund_resolved | insert into refund (invoice, amount, reason, status, claimed_at, resolved_at) values (1, 1, '', 'CLAIMED', now(), now())
            refund_known | insert into refund (invoice, amount, reason, status, claimed_at, resolved_at) values (1, 1, '', 'SUCCEEDED', now(), now())
            refund_one_unresolved | insert into refund (invoice, amount, reason, status, claimed_at) select 1, 1, '', 'CLAIMED', now() from generate_series(1, 2)
            refund_one_unresolved_of_top_up | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', 3, now(), now()); insert into refund (top_up, amount, reason, status, claimed_at) select currval('top_up_id_seq'), 1, '', 'CLAIMED', now() from generate_series(1, 2)
            refund_of_one | insert into refund (amount, reason, status, claimed_at) values (1, '', 'CLAIMED', now())
            refund_parts | insert into refund (invoice, amount, taken, reason, status, claimed_at) values (1, 1, 2, '', 'CLAIMED', now())
            refund_returned | insert into refund (invoice, amount, reason, status, claimed_at, returned_at) values (1, 1, '', 'CLAIMED', now(), now())
            dispute_of_one | insert into dispute (id, amount, reason, status, opened_at) values ('dp_1', 1, '', 'UNDER_REVIEW', now())
            dispute_parts | insert into dispute (id, invoice, amount, taken, reason, status, opened_at) values ('dp_1', 1, 1, 2, '', 'UNDER_REVIEW', now())
            dispute_amount_check | insert into dispute (id, invoice, amount, reason, status, opened_at) values ('dp_1', 1, 0, '', 'UNDER_REVIEW', now())
            dispute_status_check | insert into dispute (id, invoice, amount, reason, status, opened_at, closed_at) values ('dp_1', 1, 1, '', 'DRAWN', now(), now())
            dispute_closed | insert into dispute (id, invoice, amount, reason, status, opened_at) values ('dp_1', 1, 1, '', 'WON', now())
            dispute dp_1 is LOST | insert into dispute (id, invoice, amount, reason, status, opened_at, closed_at) values ('dp_1', 1, 1, '', 'LOST', now(), now()); update dispute set status = 'WON'
            top_up_reference_check | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', '', 8, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), null)
            top_up_amount_check | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 0, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), null)
            top_up_status_check | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'MAYBE', null, null, null, null, now(), now())
            top_up_return_url_check | insert into top_up (account, reference, amount, currency, payment_method, status, return_url, claimed_at) values ('acme', 'a', 5, 'USD', 'pm_1', 'CLAIMED', '', now())
            top_up_automatic_most | insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at, automatic_most) values ('acme', 'a', 5, 'USD', 'pm_1', 'CLAIMED', now(), 4)
            top_up_one_automatic | insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at, automatic_most) values ('acme', 'a', 5, 'USD', 'pm_1', 'CLAIMED', now(), 9), ('acme', 'b', 5, 'USD', 'pm_1', 'UNKNOWN', now(), 9)
            automatic_top_up_threshold_check | insert into automatic_top_up (account, threshold, amount, monthly_most, active) values ('acme', 0, 1, 1, true)
            automatic_top_up_amount_check | insert into automatic_top_up (account, threshold, amount, monthly_most, active) values ('acme', 1, 0, 1, true)
            automatic_top_up_most | insert into automatic_top_up (account, threshold, amount, monthly_most, active) values ('acme', 1, 2, 1, true)
            automatic_top_up_off | insert into automatic_top_up (account, threshold, amount, monthly_most, active, off_because) values ('acme', 1, 1, 1, true, 'declined')
            top_up_account_reference_key | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), null), ('acme', 'r', 8, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), null)
            top_up_intent_key | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'CLAIMED', 'pi_t', null, null, null, now(), null), ('acme', 's', 8, 'USD', 'pm', 'CLAIMED', 'pi_t', null, null, null, now(), null)
            top_up_charge_key | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', null, 3, now(), now()), ('acme', 's', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_u', 'ch_t', null, 1, now(), now())
            top_up_grant_id_key | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', null, 3, now(), now()), ('acme', 's', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_u', 'ch_u', null, 3, now(), now())
            top_up_resolved | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), now())
            top_up_granted | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', null, null, now(), now())
            top_up_charged | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', null, null, 3, now(), now())
            top_up_intent | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', null, 'ch_t', null, 3, now(), now())
            top_up_declined | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'DECLINED', null, null, null, null, now(), now())
            top_up_declined | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', 'x', 3, now(), now())
            top-up r is NOT_EXECUTED | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'NOT_EXECUTED', null, null, null, null, now(), now()); update top_up set status = 'CLAIMED', resolved_at = null
            top-up r is CLAIMED | insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, decline_code, grant_id, claimed_at, resolved_at) values ('acme', 'r', 8, 'USD', 'pm', 'CLAIMED', null, null, null, null, now(), null); delete from top_up
            stripe_event_effect_check | insert into stripe_event (id, type, object, made_at, taken_at, effect) values ('evt_1', 't', 'o', now(), now(), 'MAGIC')
            stripe_event_pkey | insert into stripe_event (id, type, object, made_at, taken_at, effect) select 'evt_1', 't', 'o', now(), now(), 'NONE' from generate_series(1, 2)
            stripe_event_due_pkey | insert into stripe_event_due (id, type, object, made_at, received_at, due_at) select 'evt_1', 't', 'o', now(), now(), now() from generate_series(1, 2)
            stripe_event_dismissed_reason_check | insert into stripe_event (id, type, object, made_at, taken_at, effect) values ('evt_1', 't', 'o', now(), now(), 'DISMISSED'); insert into stripe_event_dismissed (event, dismissed_at, fault, reason) values ('evt_1', now(), 'x', '')
            stripe_event_dismissed is history | delete from stripe_event_dismissed
            stripe_event is history | delete from stripe_event
            stripe_sweep_one_row_check | insert into stripe_sweep (swept_until, one_row) values (now(), false)
            settlement is history | update settlement set amount = amount
            settlement is history | delete from settlement
            settlement is history | truncate settlement cascade
            installation_one_row_check | insert into installation (id, one_row) values (gen_random_uuid(), false)
            installation_pkey | insert into installation (id) select gen_random_uuid() from generate_series(1, 2)
            payment_intent_pkey | update payment_intent set status = 'CANCELED' where invoice = 2; insert into payment_intent (invoice, n, amount_minor) values (2, 1, 1000)
            payment_intent_n_check | update payment_intent set n = 0 where invoice = 2
            payment_intent_amount_minor_check | update payment_intent set amount_minor = 0 where invoice = 2
            payment_intent_stripe_id_key | update payment_intent set stripe_id = 'pi_1' where invoice = 2
            payment_intent_status_check | update payment_intent set status = 'LOST' where invoice = 2
            payment_intent_known | update payment_intent set status = 'CANCELED', stripe_id = null where invoice = 2
            payment_intent_one | insert into payment_intent (invoice, n, amount_minor) values (1, 2, 720)
            payment_intent_one | insert into payment_intent (invoice, n, amount_minor) values (2, 2, 1000)
            intent 1 of invoice 1 is SUCCEEDED | update payment_intent set status = 'CANCELED'
            intent 1 of invoice 2 is CANCELED | update payment_intent set status = 'CANCELED' where invoice = 2; update payment_intent set status = 'LIVE' where invoice = 2
            payment_attempt_intent | update payment_attempt set intent = 2
            payment_attempt_n_check | update payment_attempt set n = 0
            payment_attempt_status_check | update payment_attempt set status = 'MAYBE'
            payment_attempt_amount_minor_check | update payment_attempt set amount_minor = 0
            payment_attempt_check | update payment_attempt set resolved_at = null
            payment_attempt_check | update payment_attempt set status = 'CLAIMED' where invoice = 2
            payment_attempt_return_url_check | update payment_attempt set return_url = ''
            payment_attempt_at_bank | update payment_attempt set at_bank = true
            card_setup_setup_intent_check | insert into card_setup (setup_intent, account, entered_at, taken_at) values ('', 'acme', now(), now())
            payment_attempt_invoice_n_key | insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, claimed_at) values (2, 1, 1, 'CLAIMED', 'pm', 1, 'USD', now())
            payment_attempt_one_success | insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, claimed_at, resolved_at) values (1, 2, 1, 'SUCCEEDED', 'pm', 1, 'USD', now(), now())
            payment_attempt_one_unresolved | insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, claimed_at) values (2, 2, 1, 'CLAIMED', 'pm', 1, 'USD', now()), (2, 3, 1, 'UNKNOWN', 'pm', 1, 'USD', now())
            approval_verb_check | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GIFT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING')
            approval_amount_check | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 0, '', 'anna', now(), 'WAITING')
            approval_asked_by_check | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 1, '', '', now(), 'WAITING')
            approval_status_check | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'GONE')
            approval_decided_by_check | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'REJECTED', '', now())
            approval_by_another | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'REJECTED', 'anna', now())
            approval_by_another | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at, credit_grant) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'APPROVED', 'anna', now(), 1)
            approval_has_its_decision | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING', 'bob')
            approval_has_its_decision | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, credit_grant) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'APPROVED', 1)
            approval_has_its_decision | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, credit_grant, decided_by, decided_at) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 1, 'bob', now())
            approval_rejected_because | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_because) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING', 'x')
            approval_done_once | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, credit_grant) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING', 1)
            approval_done_once | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT')
            approval_done_once | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'APPROVED', 'bob', now())
            approval_within_what_one_may | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, one_may, credit_grant) values ('GRANT', '{}', 'acme', 'USD', 1.01, '', 'anna', now(), 'DIRECT', 1, 1)
            approval_of_its_verb | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, refund) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 1)
            approval_refund_key | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, refund) values ('REFUND', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 9), ('REFUND', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 9)
            approval_credit_note_key | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, credit_note) values ('CREDIT_NOTE', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'CN'), ('CREDIT_NOTE', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'CN')
            approval_write_off_key | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, write_off) values ('WRITE_OFF', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'W'), ('WRITE_OFF', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'W')
            approval_credit_grant_key | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, credit_grant) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 9), ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 9)
            approval_account_return_key | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, account_return) values ('SEND_BACK', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'R'), ('SEND_BACK', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', 'R')
            approval_waits_once | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING'), ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING')
            approval_write_off | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, write_off) values ('WRITE_OFF', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'DIRECT', '2026-000002')
            only one that waits is decided | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'WAITING'); update approval set amount = 2
            only one that waits is decided | insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at) values ('GRANT', '{}', 'acme', 'USD', 1, '', 'anna', now(), 'REJECTED', 'bob', now()); update approval set status = 'WAITING', decided_by = null, decided_at = null
            approval is history | delete from approval
            approval is history | truncate approval
            dunning_step_step_check | insert into dunning_step (invoice, step, taken_on) values (2, 'THREAT', now())
            dunning_step_pkey | insert into dunning_step (invoice, step, taken_on) values (2, 'REMINDER', now()), (2, 'REMINDER', now())
            notice_view | update notice set view = '[]' where status = 'QUEUED'
            notice_status_check | update notice set status = 'LOST' where status = 'QUEUED'
            notice_check | update notice set status = 'SENT' where status = 'QUEUED'
            notice_check | update notice set sent_at = now() where status = 'QUEUED'
            notice_message_id_key | update notice set message_id = 'm1' where status = 'QUEUED'
            notice_kind_key_recipient_key | insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at) select account, kind, key, recipient, view, 'm3', queued_at, next_try_at from notice where status = 'QUEUED'
            is sent: rows are added | update notice set status = 'QUEUED', sent_at = null where status = 'SENT'
            is sent: rows are added | delete from notice where status = 'SENT'
            """;

    @TempDir
    static Path folder;

    /** The same of top-ups with tax, and their documents. */
    private static final String OF_TOP_UPS = """
            top_up_tax | insert into top_up (account, reference, amount, tax, tax_category, tax_percent, currency, payment_method, status, claimed_at) values ('acme', 'r', 8, 1, 'O', 0, 'USD', 'pm', 'CLAIMED', now())
            top_up_tax_category | insert into top_up (account, reference, amount, tax, tax_category, tax_percent, currency, payment_method, status, claimed_at) values ('acme', 'r', 8, 0, 'X', 0, 'USD', 'pm', 'CLAIMED', now())
            top_up_tax_percent | insert into top_up (account, reference, amount, tax, tax_category, tax_percent, currency, payment_method, status, claimed_at) values ('acme', 'r', 8, 0, 'S', 0, 'USD', 'pm', 'CLAIMED', now())
            refund_tax | insert into refund (invoice, amount, taken, tax, reason, status, claimed_at) values (1, 1, 1, 1, '', 'CLAIMED', now())
            dispute_tax | insert into dispute (id, invoice, amount, taken, tax, reason, status, opened_at) values ('dp_1', 1, 1, 1, 1, '', 'UNDER_REVIEW', now())
            top_up_series_last | insert into top_up_series values ('INVOICE', 2026, -1)
            top_up_document_kind | {sold}; {document}) values ('RECEIPT', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '')
            top_up_document_tax_category | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'X', 'VAT', 25, '', 8, 0, 8, '')
            top_up_document_number_key | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x'); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x')
            top_up_document_number | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '')
            top_up_document_local | {sold}; {document}, tax_currency) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '', 'EUR')
            top_up_document_per_euro | {sold}; {document}, tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '', 'EUR', 2, 0, 1, '2026-11-01')
            top_up_document_total | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 9, '')
            top_up_document_tax | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'AE', 'VAT', 25, '', 8, 2, 10, '')
            top_up_document_customer | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '')
            top_up_document_corrects | {sold}; {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', null, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 0, 0, 0, 'x')
            top_up_document_because | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, '')
            top_up_document_refund_key | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {refund}; {document}, refund) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x', currval('refund_id_seq')); {document}, refund) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000002', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x', currval('refund_id_seq'))
            top_up_document_dispute_key | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {dispute}; {document}, dispute) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x', 'dp_1'); {document}, dispute) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000002', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x', 'dp_1')
            top_up_document_sold_once | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000002', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, '')
            top_up_document_again_once | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x'); {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', 2, 2026, 'TU-2026-000002', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, ''); {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', 2, 2026, 'TU-2026-000003', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, '')
            would take back 9 and tax of 1, but 8 and 2 are left | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 9, 1, 10, 'x')
            does not correct a document of its top-up | {sold}; {document}) values ('INVOICE', currval('top_up_id_seq'), 'acme', null, 2026, 'TU-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 8, 2, 10, ''); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 1, 2026, 'TC-2026-000001', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x'); {document}) values ('CREDIT_NOTE', currval('top_up_id_seq'), 'acme', 2, 2026, 'TC-2026-000002', '2026-11-01', '{"name": "A", "email": "a@b"}', 'USD', 'S', 'VAT', 25, '', 4, 1, 5, 'x')
            top_up_document is history | update top_up_document set reason = 'x'
            top_up_document_file_sha256 | insert into top_up_document_file (document, file, sha256, bytes) values (1, 'f', 'x', 1)
            """;

    private static final String DOCUMENT =
            "insert into top_up_document (kind, top_up, account, corrects, year, number, issued_on, customer, currency,"
                    + " tax_category, tax_name, tax_percent, tax_note, net, tax, total, reason";

    /** The first documents of top-ups, by their ids. */
    private static final String SOLD =
            "alter table top_up_document alter column id restart; insert into top_up (account, reference, amount, tax,"
                    + " tax_category, tax_percent, currency, payment_method, status, intent, charge, grant_id, claimed_at,"
                    + " resolved_at) values ('acme', 'r', 8, 2, 'S', 25, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', 3, now(),"
                    + " now())";

    private static final String REFUNDED = "insert into refund (top_up, amount, taken, tax, reason, status, claimed_at)"
            + " values (currval('top_up_id_seq'), 5, 5, 1, '', 'CLAIMED', now())";

    private static final String DISPUTED =
            "insert into dispute (id, top_up, amount, taken, tax, reason, status, opened_at)"
                    + " values ('dp_1', currval('top_up_id_seq'), 5, 5, 1, '', 'UNDER_REVIEW', now())";

    private Books books;

    @BeforeAll
    void open() throws IOException {
        books = new Books(new Home(folder));
    }

    @AfterAll
    void close() {
        books.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("attempts")
    void theDatabaseRefuses(String refusal, String sql) throws SQLException {
        var connection = books.database.getConnection();
        connection.setAutoCommit(false);
        try {
            assertThatThrownBy(() -> books.execute(sql)).hasMessageContaining(refusal);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Every check and every uniqueness of these tables is tried above, so that a new one is not forgotten. */
    @Test
    void everyConstraintIsTried() {
        var constraints = books.jdbc
                .sql("""
                        select conname
                          from pg_constraint
                         where contype in ('c', 'u')
                           and conrelid in (select oid from pg_class where relname in (:tables) and relkind in ('r', 'p'))
                         union
                        select indexrelid::regclass::text
                          from pg_index
                         where indisunique
                           and not indisprimary
                           and indrelid in (select oid from pg_class where relname in (:tables) and relkind in ('r', 'p'))
                        """)
                .param(
                        "tables",
                        List.of(
                                "account",
                                "account_alias",
                                "spending_alert",
                                "outgoing_event",
                                "told_access",
                                "event_delivery",
                                "event_retry",
                                "event_receiver",
                                "limit_request",
                                "product",
                                "price",
                                "price_tier",
                                "usage_file",
                                "usage_source",
                                "usage_keeper",
                                "usage_run",
                                "usage_run_sum",
                                "usage_key",
                                "usage_record",
                                "usage_void",
                                "usage_quarantine",
                                "usage_arrival",
                                "arrived_batch",
                                "gate_balance",
                                "gate_authorization",
                                "gate_month",
                                "billing_period",
                                "usage_journal",
                                "unrated_day",
                                "credit_grant",
                                "posting",
                                "monthly_cost",
                                "invoice_series",
                                "lost_number",
                                "restored",
                                "alarm",
                                "usage_feed",
                                "webhook_heard",
                                "invoice",
                                "invoice_line",
                                "invoice_document",
                                "settlement",
                                "credit_note",
                                "credit_note_series",
                                "credit_note_document",
                                "held",
                                "surplus",
                                "account_balance",
                                "account_payment",
                                "refund",
                                "dispute",
                                "top_up",
                                "top_up_series",
                                "top_up_document",
                                "top_up_document_file",
                                "automatic_top_up",
                                "stripe_event",
                                "stripe_event_dismissed",
                                "stripe_event_due",
                                "stripe_sweep",
                                "installation",
                                "payment_intent",
                                "payment_attempt",
                                "card_setup",
                                "approval",
                                "dunning_step",
                                "erasure",
                                "notice"))
                .query(String.class)
                .set();
        Set<String> tried = attempts().map(attempt -> (String) attempt.get()[0]).collect(Collectors.toSet());
        assertThat(constraints).hasSizeGreaterThan(60);
        assertThat(tried).containsAll(constraints);
    }

    private static final String JOURNAL =
            "insert into journal (period, version, written_at) values ('2027-06-01', 1, now())";
    private static final String OF_LINE =
            "insert into booked_line (journal, n, entry, event, account, currency, debit, credit, book_debit, book_credit) select max(id),";
    private static final String LINES =
            "insert into booked_line (journal, n, entry, event, account, currency, debit, credit, book_debit, book_credit) select j.id, v.n, 1, 'fee', v.account, 'USD', v.d, v.c, v.d, v.c from (select max(id) as id from journal) j, (values (1, 'PROVIDER_FEES', 1, 0), (2, 'BANK', 0, 1)) v (n, account, d, c)";
    private static final String BALANCE =
            "insert into journal_balance (journal, event, account, currency, amount, in_books) select max(id), 'fee', 'BANK', 'USD', 1, 1 from journal";

    private static final String OF_JOURNALS = """
            journal_period | insert into journal (period, version, written_at) values ('2027-06-02', 1, now())
            journal_version | insert into journal (period, version, written_at) values ('2027-06-01', 0, now())
            journal_once | {journal}; {journal}
            journal is history | {journal}; update journal set version = 2
            journal is history | {journal}; delete from journal
            booked_line_n | {journal}; {line} 0, 1, 'fee', 'BANK', 'USD', 1, 0, 1, 0 from journal
            booked_line_entry | {journal}; {line} 1, 0, 'fee', 'BANK', 'USD', 1, 0, 1, 0 from journal
            booked_line_one_side | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', 1, 1, 1, 0 from journal
            booked_line_one_side | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', -1, 0, 1, 0 from journal
            booked_line_one_side_of_books | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', 1, 0, 1, 1 from journal
            booked_line_moves | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', 0, 0, 0, 0 from journal
            debits 1, credits 0 | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', 1, 0, 0, 0 from journal
            in the books 1 and 0 | {journal}; {line} 1, 1, 'fee', 'BANK', 'USD', 0, 0, 1, 0 from journal
            entry 1 of journal | {journal}; insert into booked_line (journal, n, entry, event, account, currency, debit, credit, book_debit, book_credit) select j.id, v.n, 1, 'fee', v.account, case v.n when 1 then 'USD' else 'EUR' end, v.d, v.c, v.d, v.c from (select max(id) as id from journal) j, (values (1, 'PROVIDER_FEES', 1, 0), (2, 'BANK', 0, 1)) v (n, account, d, c)
            has its lines already | {journal}; {lines}; insert into booked_line (journal, n, entry, event, account, currency, debit, credit, book_debit, book_credit) select j.id, v.n + 2, 2, 'fee', v.account, 'USD', v.d, v.c, v.d, v.c from (select max(id) as id from journal) j, (values (1, 'PROVIDER_FEES', 1, 0), (2, 'BANK', 0, 1)) v (n, account, d, c)
            booked_line is history | {journal}; {lines}; update booked_line set entry = 2
            journal_balance_once | {journal}; {balance}; {balance}
            journal_balance is history | {journal}; {balance}; delete from journal_balance
            """;

    static Stream<Arguments> attempts() {
        return Stream.of(ATTEMPTS, OF_RUNS, OF_TOP_UPS, OF_JOURNALS, OF_BANK, OF_RESTORED)
                .flatMap(String::lines)
                .map(line -> line.replace("{document}", DOCUMENT))
                .map(line -> line.replace("{journal}", JOURNAL)
                        .replace("{line}", OF_LINE)
                        .replace("{lines}", LINES)
                        .replace("{balance}", BALANCE))
                .map(line -> line.replace("{sold}", SOLD)
                        .replace("{refund}", REFUNDED)
                        .replace("{dispute}", DISPUTED))
                .map(line -> line.split(" \\| ", 2))
                .map(parts -> Arguments.of(parts[0], parts[1]));
    }
}
