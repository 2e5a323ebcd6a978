package io.postpaid.books.report;

import java.util.List;

/**
 * One CSV file of the report: a query whose columns are the file's, in an order that is always the same.
 *
 * @param sql over the views report_*, given {@code :period}, {@code :from}, {@code :to} (instants) and {@code :as_of}
 */
record Sheet(String file, String sql) {

    static final List<Sheet> ALL = List.of(
            new Sheet("invoice-register.csv", """
                    select number, account, name, month as period, status, issued_on, due_on, currency, subtotal, credits, tax,
                           total, carried_in, carried_forward, from_balance, amount_due, paid, credited, written_off, open,
                           pdf_sha256
                      from report_invoice
                     where period = :period
                     order by number collate "C"
                    """),
            new Sheet("invoice-lines.csv", """
                    select number, account, position, product, usage_period, tier, quantity, unit, unit_price, listed_unit,
                           currency, amount
                      from report_invoice_line
                     where period = :period
                     order by number collate "C", position
                    """),
            new Sheet("revenue-by-product.csv", """
                    select product, currency, quantity, unit, records, free_quantity, free_records, cost
                      from report_product_revenue
                     where period = :period
                     order by product collate "C", currency collate "C"
                    """),
            new Sheet("revenue-by-account.csv", """
                    select account, name, currency, cost, credits, accrued
                      from report_account_revenue
                     where period = :period
                     order by account collate "C"
                    """),
            new Sheet("revenue-by-day.csv", """
                    select day, currency, accounts, cost, late
                      from report_daily_revenue
                     where period = :period
                     order by day, currency collate "C"
                    """),
            new Sheet("payments.csv", """
                    select number, account, attempt, outcome, decline_code, advice_code, amount, currency, payment_method,
                           claimed_at, resolved_at, stripe_id, message
                      from report_payment
                     where period = :period
                     order by number collate "C", attempt
                    """),
            new Sheet("settlements.csv", """
                    select number, account, kind, currency, amount, reference, at, balance
                      from report_settlement
                     where period = :period
                     order by number collate "C", at, kind, reference collate "C", balance
                    """),
            new Sheet("unpaid.csv", """
                    select number, account, name, month as period, issued_on, due_on, currency, amount_due, open,
                           :as_of - issued_on as age_days,
                           case
                               when :as_of <= due_on then 'not due'
                               when :as_of - due_on <= 30 then '1-30 days overdue'
                               when :as_of - due_on <= 60 then '31-60 days overdue'
                               when :as_of - due_on <= 90 then '61-90 days overdue'
                               else 'over 90 days overdue'
                           end as bucket
                      from report_unpaid
                     where period <= :period
                     order by issued_on, number collate "C"
                    """),
            new Sheet("credit-roll-forward.csv", """
                    with moved as (
                        select kind, currency,
                               coalesce(sum(amount) filter (where period < :period), 0) as opening,
                               coalesce(sum(amount) filter (where period = :period and movement = 'granted'), 0) as granted,
                               -coalesce(sum(amount) filter (where period = :period and movement = 'consumed'), 0) as consumed,
                               -coalesce(sum(amount) filter (where period = :period and movement = 'expired'), 0) as expired,
                               -coalesce(sum(amount) filter (where period = :period and movement = 'refunded'), 0) as refunded,
                               coalesce(sum(amount) filter (where period <= :period), 0) as closing,
                               coalesce(sum(amount) filter (where period > :period), 0) as moved_since
                          from report_credit_movement
                         group by kind, currency
                    )
                    select kind, currency, trim_scale(m.opening) as opening, trim_scale(m.granted) as granted,
                           trim_scale(m.consumed) as consumed, trim_scale(m.expired) as expired, trim_scale(m.refunded) as refunded,
                           trim_scale(m.closing) as closing, trim_scale(m.moved_since) as moved_since,
                           trim_scale(l.amount) as left_on_grants,
                           coalesce(m.opening + m.granted - m.consumed - m.expired - m.refunded = m.closing
                               and m.closing + m.moved_since = l.amount, false) as ties_out
                      from moved m
                      full join report_credit_left l using (kind, currency)
                     order by kind collate "C", currency collate "C"
                    """),
            new Sheet("account-balances.csv", """
                    select account, name, currency, balance, owed
                      from report_balance
                     order by account collate "C", currency collate "C"
                    """),
            new Sheet("dispute-losses.csv", """
                    select kind, reference, account, number, top_up, currency, amount, at
                      from report_loss
                     where period = :period
                     order by at, reference collate "C"
                    """),
            new Sheet("usage-tie-out.csv", """
                    with used as (
                        select file, sum(records) as records, coalesce(sum(records) filter (where billable), 0) as billable,
                               coalesce(sum(records) filter (where not billable and not failed), 0) as not_billable,
                               coalesce(sum(records) filter (where failed), 0) as failed
                          from report_usage_record
                         where occurred_at >= :from
                           and occurred_at < :to
                         group by file
                    ), chosen as (
                        select f.file, f.name, f.started_at, f.ended_at, f.lines, f.accepted, f.duplicates, f.quarantined,
                               f.released, coalesce(u.records, 0) as records, coalesce(u.billable, 0) as billable,
                               coalesce(u.not_billable, 0) as not_billable, coalesce(u.failed, 0) as failed
                          from report_usage_file f
                          left join used u using (file)
                         where u.file is not null
                            or (f.started_at >= :from and f.started_at < :to)
                    ), listed as (
                        select * from chosen
                         union all
                        select null, 'total', null, null, coalesce(sum(lines), 0), coalesce(sum(accepted), 0),
                               coalesce(sum(duplicates), 0), coalesce(sum(quarantined), 0), coalesce(sum(released), 0),
                               coalesce(sum(records), 0), coalesce(sum(billable), 0), coalesce(sum(not_billable), 0),
                               coalesce(sum(failed), 0)
                          from chosen
                    )
                    select file, name, started_at, ended_at, lines, accepted, duplicates, quarantined, released,
                           lines = accepted + duplicates + quarantined as ties_out, records as records_of_period,
                           billable, not_billable, failed
                      from listed
                     order by file nulls last
                    """),
            new Sheet("holds.csv", """
                    select account, name, reason, detail
                      from report_hold
                     where period = :period
                     order by account collate "C"
                    """),
            new Sheet("late-usage.csv", """
                    select account, name, product, usage_period, day, quantity, unit, records, currency, cost
                      from report_late_usage
                     where period = :period
                     order by account collate "C", product collate "C", day
                    """));

    /** The query of one file, for the page that shows its sums. */
    static String named(String file) {
        return ALL.stream()
                .filter(sheet -> sheet.file().equals(file))
                .findFirst()
                .orElseThrow()
                .sql();
    }
}
