package io.postpaid.books.report;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.home.Home;
import java.util.List;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The last steps of a run: the books are proved, and the month is shown. See jobs/nightly and jobs/monthly. */
@Configuration(proxyBeanMethods = false)
class ReportSteps {

    /**
     * Only what costs the same in the tenth year as in the first: costs that were rated since the run before, files, invoices,
     * payments and notices of this period and the one before, suspensions, and grants that expire. Raw records, balances
     * over all postings and the PDF files are proved by the command verify.
     */
    @Bean
    Step proveBooks(Steps steps, Verification verification) {
        return steps.proof("prove-books", run -> {
            return prove(verification.ofNew(run.period()));
        });
    }

    /** Every invariant, on all of history. */
    @Bean
    Step proveHistory(Steps steps, Verification verification) {
        return steps.proof("prove-history", run -> prove(verification.run()));
    }

    private static Done prove(List<Check> checks) {
        for (var check : checks) {
            if (!check.holds()) {
                throw new IllegalStateException("The books do not hold: " + check.complaint()
                        + ". Every check and its figure: ./postpaid verify");
            }
        }
        return Done.of(checks.size(), checks.size(), 0);
    }

    @Bean
    Step writeFinanceReport(Steps steps, FinanceReport report, Home home) {
        return steps.items(
                "finance-report",
                run -> Items.each(
                        Todo.of(List.of(run.period()).iterator()),
                        period -> Item.of("report", period, null).in(period.firstDay()),
                        period -> {
                            var folder = home.reports().resolve(period.toString());
                            return Done.of(
                                    0, report.write(period, folder).files().size(), 0);
                        }));
    }
}
