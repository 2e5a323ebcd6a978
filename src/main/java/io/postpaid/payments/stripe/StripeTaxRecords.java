package io.postpaid.payments.stripe;

import static io.postpaid.payments.stripe.StripeCalls.with;

import com.stripe.param.tax.TransactionCreateFromCalculationParams;
import com.stripe.param.tax.TransactionCreateReversalParams;
import java.math.BigDecimal;
import org.springframework.stereotype.Component;

/** Sales and what was given back of them, as Stripe Tax reports them. Each reference is used once. */
@Component
public class StripeTaxRecords {
    private final StripeCalls stripe;
    private final Installation installation;

    StripeTaxRecords(StripeCalls stripe, Installation installation) {
        this.stripe = stripe;
        this.installation = installation;
    }

    /** @return the id of the transaction */
    public String record(String reference, String calculation) {
        var sale = TransactionCreateFromCalculationParams.builder()
                .setCalculation(calculation)
                .setReference(reference)
                .build();
        return stripe.send(
                        "tax/transactions",
                        api -> api.tax().transactions().createFromCalculation(sale, with(key(reference))))
                .getId();
    }

    /**
     * Takes back a part of a sale.
     *
     * @param amount with tax
     * @return the id of the transaction
     */
    public String reverse(String reference, String transaction, BigDecimal amount, String currency) {
        var reversal = TransactionCreateReversalParams.builder()
                .setMode(TransactionCreateReversalParams.Mode.PARTIAL)
                .setOriginalTransaction(transaction)
                .setFlatAmount(-MinorUnits.of(amount, currency))
                .setReference(reference)
                .build();
        return stripe.send(
                        "tax/transactions",
                        api -> api.tax().transactions().createReversal(reversal, with(key(reference))))
                .getId();
    }

    private String key(String reference) {
        return installation.key("tax-transaction/" + reference);
    }
}
