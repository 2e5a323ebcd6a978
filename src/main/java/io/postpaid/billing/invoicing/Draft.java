package io.postpaid.billing.invoicing;

import java.util.List;

/** What becomes of an account's period. */
sealed interface Draft {
    /** @param invoice without id, number and PDF */
    record Drafted(Invoice invoice, List<InvoiceLine> lines, List<InvoiceTax> taxes) implements Draft {}

    record NothingToBill(String account) implements Draft {}

    /** Cannot be billed until somebody has acted; listed in the report, and tried again by the next run. */
    record Held(String account, Reason reason, String detail) implements Draft {}

    /** Why an account is held. */
    enum Reason {
        /** By an operator. */
        ON_HOLD,
        NO_CUSTOMER,
        NO_PRICE,
        NO_TAX_RATE,
        /** VIES was silent. */
        VAT_ID_NOT_CONFIRMED,
        NO_EXCHANGE_RATE,
        /** Stripe Tax was not asked, or refused the question. */
        TAX_NOT_CALCULATED,
        NOT_PRINTABLE,
        ABOVE_CEILING,
        CURRENCY,
        GIVEN_BACK_TWICE;

        /** Whether it waits for a person or another service, which may meet many accounts at once. */
        boolean waits() {
            return this == VAT_ID_NOT_CONFIRMED || this == ON_HOLD;
        }
    }
}
