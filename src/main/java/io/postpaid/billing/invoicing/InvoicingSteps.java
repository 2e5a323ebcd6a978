package io.postpaid.billing.invoicing;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps that draw up and issue. See jobs/monthly. */
@Configuration(proxyBeanMethods = false)
class InvoicingSteps {
    private static final int ACCOUNTS_PER_TRANSACTION = 200;

    @Bean
    Step calculateTaxes(Steps steps, Calculating calculating) {
        return steps.items("calculate-taxes", calculating::ofRun);
    }

    @Bean
    Step draftInvoices(Steps steps, Billing billing) {
        return steps.accounts("draft-invoices", ACCOUNTS_PER_TRANSACTION, billing::drafting);
    }

    @Bean
    Step issueInvoices(Steps steps, Billing billing) {
        return steps.items("issue-invoices", billing::period, billing::drafted);
    }

    /** The nightly step: an account that the month had to hold is billed once what held it is mended. */
    @Bean
    Step billHeldAccounts(Steps steps, Billing billing) {
        return steps.items("bill-held-accounts", billing::held);
    }

    @Bean
    Step proveTotals(Steps steps) {
        return steps.proof("prove-totals");
    }
}
