package io.postpaid.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.support.TestApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer sees first. */
@EnabledIfSystemProperty(
        named = "years",
        matches = "\\d+",
        disabledReason = "It takes a minute: ./mvnw -Pdeep verify has others check the demo's documents")
class DemoTest {
    /** Those that have a story of their own. */
    private static final int ACCOUNTS = 19;

    @Test
    void itsInvoicesAreWhatReceiversAccept(@TempDir Path home) throws Exception {
        try (var application = new TestApplication(home, Instant.parse("2026-10-01T08:00:00Z"))) {
            application.get(Demo.class).show(BillingPeriod.parse("2026-10"), ACCOUNTS, told -> {});

            var documents = application.get(Home.class).documents();
            assertThat(EInvoiceValidators.embedded(documents)).isEmpty();
            try (var files = Files.walk(documents)) {
                var pdfs =
                        files.filter(file -> file.toString().endsWith(".pdf")).toList();
                assertThat(pdfs).hasSizeGreaterThanOrEqualTo(ACCOUNTS).allSatisfy(pdf -> {
                    assertThat(EInvoiceValidators.hybrid(pdf)).isEmpty();
                    assertThat(EInvoiceValidators.archive(Files.readAllBytes(pdf)))
                            .isEmpty();
                });
            }
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
        }
    }
}
