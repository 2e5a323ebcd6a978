package io.postpaid.books.report;

import java.util.List;

/**
 * A rule of the books and the query that proves it: one row with the figure, the number of broken rows, and examples.
 *
 * @param nightly whether it costs what is new ({@code :since}, or behind the rows {@code :journal} and {@code :posting}), or
 *     what is still {@code :open}; the others read all of history
 */
record Invariant(String name, String rule, String sql, boolean nightly) {

    /** In the order of the month: usage, cost, credit, ledger, invoices, payments, mail. */
    static final List<Invariant> ALL = List.of(
            nightly(
                    "files-tie-out",
                    "For every file, lines = accepted + duplicates + quarantined.",
                    "select figure, broken, examples from verify_files(:since)"),
            complete(
                    "nothing-dropped",
                    "Every line that was taken in is kept as a record, a correction, a duplicate or in quarantine.",
                    "select figure, broken, examples from verify_nothing_dropped()"),
            complete(
                    "failed-free",
                    "No customer pays for a failed call.",
                    "select figure, broken, examples from verify_failed_free()"),
            complete(
                    "metered-once",
                    "Every accepted usage record is metered exactly once.",
                    "select figure, broken, examples from verify_metered_once()"),
            complete(
                    "gate-held",
                    "What an account's gate holds is the sum of the prices of its open calls.",
                    "select figure, broken, examples from verify_gate_held()"),
            complete(
                    "gate-settled",
                    "A call settled at the gate cost at most its price, and left its usage once.",
                    "select figure, broken, examples from verify_gate_settled(:since)"),
            complete(
                    "gate-limit",
                    "An account whose usage all went through the gate accrues no more in a month than its limit.",
                    "select figure, broken, examples from verify_gate_limit()"),
            complete(
                    "gate-usage",
                    "Usage of the gate is what a settled call of that account left, and is taken back by a correction of that account.",
                    "select figure, broken, examples from verify_gate_usage()"),
            complete(
                    "own-voice",
                    "What an account reported by its own key is of that account, in its own namespace, and takes nothing back.",
                    "select figure, broken, examples from verify_own_voice()"),
            nightly(
                    "rated-once",
                    "Every metered quantity is rated exactly once.",
                    "select figure, broken, examples from verify_rated_once(:journal)"),
            complete(
                    "late-usage",
                    "Usage of earlier months costs what the journal says, and lowers no later month while its own has no invoice.",
                    "select figure, broken, examples from verify_late_usage()"),
            nightly(
                    "rated-is-posted",
                    "What usage costs is what is posted as revenue, per account and period.",
                    "select figure, broken, examples from verify_rated_is_posted(:journal, :posting)"),
            complete(
                    "no-cent-lost",
                    "No cent appears or disappears: rated = credits consumed + invoiced + accrued, to the last decimal.",
                    "select figure, broken, examples from verify_no_cent_lost()"),
            nightly(
                    "monthly-cost",
                    "A monthly cost is the sum of its postings, and is what credits covered plus what accrued.",
                    "select figure, broken, examples from verify_monthly_cost(:open)"),
            complete(
                    "grants",
                    "What is used of a grant is the sum of its postings, and never less than nothing or more than its amount.",
                    "select figure, broken, examples from verify_grants()"),
            nightly(
                    "expired-grants",
                    "An expired remainder is expired by a posting.",
                    "select figure, broken, examples from verify_expired_grants()"),
            complete(
                    "accrued-balance",
                    "The balance of ACCRUED is what accrued in periods that are not invoiced yet.",
                    "select figure, broken, examples from verify_accrued_balance()"),
            nightly(
                    "invoice-postings",
                    "An invoice posts its total, its tax and all that had accrued, and each settlement is posted against it.",
                    "select figure, broken, examples from verify_invoice_postings(:since)"),
            complete(
                    "receivable-balance",
                    "The balance of RECEIVABLE is the open amounts of the account's invoices and what they carry forward.",
                    "select figure, broken, examples from verify_receivable_balance()"),
            complete(
                    "carried",
                    "What an invoice carries forward, or could not be charged of it, is carried in by the account's next one.",
                    "select figure, broken, examples from verify_carried()"),
            nightly(
                    "invoice-totals",
                    "An invoice's total is the sum of its printed lines, less credits, plus tax.",
                    "select figure, broken, examples from verify_invoice_totals(:since)"),
            nightly(
                    "invoice-numbers",
                    "Invoice numbers are gapless per year, from 1 to the last.",
                    "select figure, broken, examples from verify_invoice_numbers(:since)"),
            nightly(
                    "one-invoice",
                    "There is at most one invoice per account, period and currency.",
                    "select figure, broken, examples from verify_one_invoice(:since)"),
            nightly(
                    "settlements",
                    "No more is settled than is due, and an invoice is PAID exactly when nothing of it is open.",
                    "select figure, broken, examples from verify_settlements(:since)"),
            nightly(
                    "charged-once",
                    "One invoice is never charged twice, and each charge is settled once.",
                    "select figure, broken, examples from verify_charged_once(:since)"),
            nightly(
                    "confirmed-once",
                    "Each payment by card is confirmed by exactly one notice, which a person may have sent again.",
                    "select figure, broken, examples from verify_confirmed_once(:since)"),
            nightly(
                    "top-ups",
                    "Each top-up that was charged has its grant, its money in CASH and one confirmation.",
                    "select figure, broken, examples from verify_top_ups(:since)"),
            complete(
                    "money-in",
                    "What came in for invoices and as top-ups, less what went back, is the ledger's CASH.",
                    "select figure, broken, examples from verify_money_in()"),
            nightly(
                    "settlement-postings",
                    "Each settlement, and what went to the account balance instead, has its postings.",
                    "select figure, broken, examples from verify_settlement_postings(:since)"),
            complete(
                    "credit-notes",
                    "Credit notes are gapless per year, and settle what is open or go to the account balance.",
                    "select figure, broken, examples from verify_credit_notes()"),
            complete(
                    "refunds",
                    "Each refund and dispute moved its amount once, and nothing moved money without one.",
                    "select figure, broken, examples from verify_refunds()"),
            complete(
                    "given-back",
                    "What we give back for an invoice, as credit notes and write-offs, is never more than was billed, and makes no debt.",
                    "select figure, broken, examples from verify_given_back()"),
            complete(
                    "money-back",
                    "We give no more money back than came in as money.",
                    "select figure, broken, examples from verify_money_back()"),
            complete(
                    "account-balance",
                    "What an account has, and what it owes for credit taken back, is the sum of its postings and of what made it.",
                    "select figure, broken, examples from verify_account_balance()"),
            complete(
                    "chargeable",
                    "Every account is billed in what can be charged, and no open invoice is more than can be charged at once.",
                    "select figure, broken, examples from verify_chargeable()"),
            complete(
                    "pending-refunds",
                    "What is set aside for refunds that have no end yet is REFUNDS_DUE, and nobody was mailed of them.",
                    "select figure, broken, examples from verify_pending_refunds()"),
            complete(
                    "losses",
                    "What banks hold is pending, then lost or owed; what is written off is bad debt.",
                    "select figure, broken, examples from verify_losses()"),
            nightly(
                    "events",
                    "Each event of Stripe had its effect once.",
                    "select figure, broken, examples from verify_events(:since)"),
            complete(
                    "events-due",
                    "Each event that Stripe delivered is processed within a day.",
                    "select figure, broken, examples from verify_events_due(:now)"),
            nightly(
                    "suspension",
                    "Nobody is suspended without an overdue invoice, and nobody is active seven days after one was issued unpaid.",
                    "select figure, broken, examples from verify_suspension()"),
            complete(
                    "held",
                    "What a run had to leave is not done, and has a reason.",
                    "select figure, broken, examples from verify_held()"),
            complete(
                    "invoice-dates",
                    "No invoice is due before it was issued.",
                    "select figure, broken, examples from verify_invoice_dates()"),
            nightly(
                    "notices",
                    "No notice is there, or sent, twice.",
                    "select figure, broken, examples from verify_notices(:since)"));

    private static Invariant nightly(String name, String rule, String sql) {
        return new Invariant(name, rule, sql, true);
    }

    private static Invariant complete(String name, String rule, String sql) {
        return new Invariant(name, rule, sql, false);
    }
}
