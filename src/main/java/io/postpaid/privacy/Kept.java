package io.postpaid.privacy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that is kept of an account, by kind: the rows of a table, or of several. Where a secret has left its hash, the hash is left
 * out.
 */
final class Kept {
    private static final String OF_INVOICES = " t join invoice i on i.id = t.invoice where i.account = :account";

    private Kept() {}

    /** What selects each kind's rows as {@code line}, in their order. */
    static Map<String, String> kinds() {
        var kinds = new LinkedHashMap<String, String>();
        kinds.put("account", "select to_jsonb(t) as line from account t where id = :account");
        of(kinds, "account_event", "id");
        of(kinds, "audit_told", "id");
        of(kinds, "account_alias", "source, name");
        of(kinds, "spending_alert", "percent, amount");
        of(kinds, "limit_request", "id");
        of(kinds, "automatic_top_up", "account");
        kinds.put(
                "api_key",
                "select to_jsonb(t) - 'secret_hash' as line from api_key t where account = :account order by id");
        kinds.put(
                "portal_link",
                "select to_jsonb(t) - 'token_hash' as line from portal_link t where account = :account order by made_at");
        kinds.put(
                "portal_address_change",
                "select to_jsonb(t) - 'token_hash' as line from portal_address_change t where account = :account order by made_at");
        kinds.put("session", """
                select jsonb_build_object('began_at', to_timestamp(creation_time / 1000.0),
                                          'used_at', to_timestamp(last_access_time / 1000.0)) as line
                  from spring_session where principal_name = :account order by creation_time""");
        of(kinds, "price", "id");
        kinds.put(
                "price_tier",
                "select to_jsonb(t) as line from price_tier t join price p on p.id = t.price where p.account = :account");
        of(kinds, "usage_record", "occurred_at, key");
        of(kinds, "usage_void", "voided_key");
        of(kinds, "usage_quarantine", "id");
        of(kinds, "arrived_usage", "day, product");
        of(kinds, "usage_run_sum", "day, product");
        of(kinds, "daily_usage", "day, product");
        of(kinds, "daily_cost", "day, product, price, tier");
        of(kinds, "gate_authorization", "n");
        of(kinds, "gate_refusal", "hour, cause");
        of(kinds, "credit_grant", "id");
        of(kinds, "posting", "id");
        of(kinds, "monthly_cost", "period");
        of(kinds, "account_balance", "currency");
        of(kinds, "invoice", "id");
        of(kinds, "invoice_hold", "period");
        of(kinds, "tax_exemption", "account");
        of(kinds, "stripe_tax_calculation", "id");
        for (var table : new String[] {
            "invoice_line",
            "invoice_tax",
            "stripe_tax_transaction",
            "settlement",
            "surplus",
            "credit_note",
            "credit_note_tax",
            "payment_intent",
            "payment_attempt",
            "invoice_document"
        }) {
            kinds.put(
                    table,
                    "select to_jsonb(t) as line from " + table + OF_INVOICES + " order by i.id, to_jsonb(t)::text");
        }
        of(kinds, "account_payment", "at, reference");
        of(kinds, "account_return", "at, reference");
        of(kinds, "card_setup", "entered_at");
        of(kinds, "top_up", "id");
        of(kinds, "top_up_document", "id");
        kinds.put("top_up_document_file", """
                select to_jsonb(t) as line from top_up_document_file t join top_up_document d on d.id = t.document
                 where d.account = :account order by d.id""");
        for (var table : new String[] {"refund", "dispute"}) {
            kinds.put(
                    table,
                    "select to_jsonb(t) as line from " + table + " t join money_back m on m.kind = '" + table
                            + "' and m.id = t.id::text where m.account = :account order by t.id");
        }
        of(kinds, "approval", "id");
        of(kinds, "notice", "id");
        of(kinds, "outgoing_event", "n");
        kinds.put("event_delivery", """
                select to_jsonb(t) as line from event_delivery t join outgoing_event e on e.n = t.event
                 where e.account = :account order by t.id""");
        of(kinds, "held", "id");
        of(kinds, "erasure", "account");
        return kinds;
    }

    private static void of(Map<String, String> kinds, String table, String order) {
        kinds.put(table, "select to_jsonb(t) as line from " + table + " t where account = :account order by " + order);
    }
}
