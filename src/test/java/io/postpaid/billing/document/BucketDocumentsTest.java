package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.bucket.S3StandIn;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month whose documents lie in a bucket. */
class BucketDocumentsTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final String KEY = "billing/2026-10/2026-000001.pdf";

    @Test
    void aMonthIsWrittenToABucketMailedFromItAndDownloaded(@TempDir Path home) throws IOException {
        try (var s3 = new S3StandIn().put("papers", "other", "");
                var application = TestApplication.serving(
                        home,
                        Instant.parse("2026-10-01T10:00:00Z"),
                        Map.of("POSTPAID_DOCUMENTS", "s3://papers/billing", "POSTPAID_S3_ENDPOINT", s3.endpoint()))) {
            prepare(application);
            application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
            application.nightly(OCTOBER.issuedOn());
            assertThat(s3.requests).as("nobody asked for a document").isEmpty();

            s3.fail(403);
            assertThatThrownBy(() -> application.monthly(OCTOBER))
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("s3://papers/billing/ cannot be written");
            application.monthly(OCTOBER);

            assertThat(s3.keys("papers")).containsExactly(KEY, "other");
            assertThat(home.resolve("documents")).doesNotExist();
            var pdf = s3.content("papers", KEY);
            assertThat(mails(application)).contains(Base64.getEncoder().encodeToString(pdf));
            assertThat(application.get(Verification.class).run()).allMatch(Check::holds);

            var key = application.get(ApiKeys.class).ofAccount("acme", "all", Role.ACCOUNT);
            var http = application.http(key.secret());
            assertThat(http.get("/v1/invoices/2026-000001/pdf").response().body())
                    .isEqualTo(pdf);
            s3.remove("papers", KEY);
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .singleElement()
                    .extracting(Check::examples)
                    .asString()
                    .contains("the file s3://papers/" + KEY + " is missing");
            var invoice = application.get(Invoices.class).issued(OCTOBER).getFirst();
            assertThat(application.get(Documents.class).pdf(invoice).bytes()).isEqualTo(pdf);
            assertThat(s3.content("papers", KEY)).isEqualTo(pdf);
        }
    }

    private static void prepare(TestApplication application) throws IOException {
        var home = application.home;
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.02"}]
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,country,free_credit,payment_method
                acme,Acme,billing@acme.test,FR,0,pm_card_visa
                """));
        Files.writeString(
                application.get(Home.class).inbox().resolve("a.ndjson"),
                "{\"id\":\"a\",\"account\":\"acme\",\"product\":\"image\",\"quantity\":\"500\",\"occurred_at\":\"2026-10-03T12:00:00Z\"}\n");
    }

    private static String mails(TestApplication application) throws IOException {
        var all = new StringBuilder();
        try (var files = Files.list(application.mails())) {
            for (var mail : files.toList()) all.append(Files.readString(mail).replaceAll("\\s", ""));
        }
        return all.toString();
    }
}
