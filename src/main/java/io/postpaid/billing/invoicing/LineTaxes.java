package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.pricing.tax.TaxDecision.Cause;
import java.math.BigDecimal;
import java.util.List;

/** Decides which tax each line of an invoice bears: pure functions of what was loaded. */
interface LineTaxes {
    /**
     * @param lines the rounded amounts of its usage, in order
     * @param credits what service credit covers of them
     */
    Assessed assess(Billable facts, List<BigDecimal> lines, BigDecimal credits);

    /** What came of it. */
    sealed interface Assessed {
        /** @param positions the tax of each line */
        record Taxed(List<InvoiceTax> taxes, List<Integer> positions) implements Assessed {}

        record Undecided(Held held) implements Assessed {}
    }

    static Assessed undecided(String account, Cause cause, String why) {
        var reason = switch (cause) {
            case NO_RATE -> Draft.Reason.NO_TAX_RATE;
            case ID_NOT_CONFIRMED -> Draft.Reason.VAT_ID_NOT_CONFIRMED;
            case NOT_CALCULATED -> Draft.Reason.TAX_NOT_CALCULATED;
        };
        return new Assessed.Undecided(new Held(account, reason, why));
    }
}
