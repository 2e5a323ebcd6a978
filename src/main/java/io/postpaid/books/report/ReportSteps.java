package io.postpaid.books.report;

import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.home.Home;
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
        return steps.work("prove-books", (run, tally) -> {
            var checks = verification.ofNew(run.period());
            tally.read(checks.size());
            for (var check : checks) {
                if (!check.holds()) {
                    throw new IllegalStateException("The books do not hold: " + check.complaint()
                            + ". Every check and its figure: ./postpaid verify");
                }
                tally.written(1);
            }
        });
    }

    @Bean
    Step writeFinanceReport(Steps steps, FinanceReport report, Home home) {
        return steps.work("finance-report", (run, tally) -> {
            var period = run.period();
            tally.item(
                    Item.of("report", period, null).in(period.firstDay()),
                    () -> tally.written(report.write(period, home.reports().resolve(period.toString()))
                            .files()
                            .size()));
        });
    }
}
