package io.postpaid.account;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What tax and the customer's bookkeeping ask of it, as the file of accounts has it; empty where nothing is known.
 *
 * @param business {@code yes} or {@code no}; where it is empty, a valid tax id makes it one
 * @param reference the customer's own reference, printed on invoices
 * @param peppolId where it receives e-invoices
 * @param language of its invoices and mails, such as {@code de}
 */
public record Buyer(String business, String reference, String peppolId, String language) {
    static Buyer of(ResultSet row) throws SQLException {
        return new Buyer(
                row.getString("business"),
                row.getString("buyer_reference"),
                row.getString("peppol_id"),
                row.getString("language"));
    }
}
