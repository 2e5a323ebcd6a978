package io.postpaid.pricing.tax;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.pricing.vies.VatIds;
import java.util.Collections;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The step that asks VIES before a run draws up invoices. See jobs/README.md. */
@Configuration(proxyBeanMethods = false)
class TaxSteps {
    /** VIES has little room for questions at the same time. */
    private static final int AT_ONCE = 4;

    /** Customers abroad with a tax id who are drawn up by the monthly run, or by the night because a month had to hold them. */
    private static final String ASKED = """
            select a.id as account
              from account a
             where a.country = any(:countries) and a.tax_id <> ''
               and case when :monthly
                   then exists (select from usage_journal u where u.period = :period and u.account = a.id)
                        and not exists (select from invoice i where i.account = a.id and i.period = :period)
                   else exists (select from invoice_hold h where h.account = a.id)
                   end""";

    @Bean
    Step confirmTaxIds(Steps steps, VatIds vatIds, Taxes taxes, Accounts accounts) {
        return steps.items("confirm-tax-ids", run -> asked(run, vatIds, taxes, accounts));
    }

    private static Items<String> asked(Run run, VatIds vatIds, Taxes taxes, Accounts accounts) {
        var rules = taxes.rules();
        var round = vatIds.round();
        var todo = vatIds.on()
                ? Todo.accounts(ASKED)
                        .with("countries", ReverseCharge.EU.toArray(String[]::new))
                        .with("monthly", run.monthly())
                        .with("period", run.period().firstDay())
                : Todo.<String>of(Collections.emptyIterator());
        return Items.each(
                        todo,
                        Item::account,
                        account -> taxes.ask(rules, TaxCustomer.of(accounts.get(account)), round)
                                ? Done.WRITTEN
                                // Whether that holds it is seen when it is drawn up.
                                : Done.SKIPPED)
                .atOnce(AT_ONCE);
    }
}
