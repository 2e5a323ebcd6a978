package io.postpaid.pricing.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Runs;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeteringTest {

    /** A file's days are one row, of which a night takes those before its date. */
    @Test
    void whatANightDoesNotTakeWaitsForTheNext(@TempDir Path home) throws Exception {
        try (var application = new TestApplication(home, Instant.parse("2026-10-05T08:00:00Z"))) {
            application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                    currency: USD
                    products:
                      audio: {unit: second}
                      image: {unit: image}
                    prices:
                      - {product: audio, effective_from: 2026-01-01, amount: "0.01"}
                      - {product: image, effective_from: 2026-01-01, amount: "0.02"}
                    """));
            application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                    id,name,email,country,free_credit
                    acme,Acme,acme@acme.test,US,0
                    bolt,Bolt,bolt@bolt.test,US,0
                    """));
            var days = """
                    id,account,product,quantity,occurred_at
                    1,acme,audio,1,2026-10-01T10:00:00Z
                    2,acme,image,2,2026-10-02T10:00:00Z
                    3,acme,audio,4,2026-10-03T10:00:00Z
                    4,acme,audio,8,2026-10-04T10:00:00Z
                    5,bolt,image,16,2026-10-04T11:00:00Z
                    """;
            application
                    .get(Ingestion.class)
                    .ingest(new ByteArrayInputStream(days.getBytes(StandardCharsets.UTF_8)), "days.csv", null, _ -> {});

            application.get(Runs.class).nightly(LocalDate.parse("2026-10-03"));
            assertThat(days(application, "daily_usage"))
                    .containsExactly("acme audio 2026-10-01 1 1", "acme image 2026-10-02 2 1");
            assertThat(days(application, "arrived_usage"))
                    .containsExactly(
                            "acme audio 2026-10-03 4 1", "acme audio 2026-10-04 8 1", "bolt image 2026-10-04 16 1");

            application.get(Runs.class).nightly(LocalDate.parse("2026-10-05"));
            assertThat(days(application, "daily_usage"))
                    .containsExactly(
                            "acme audio 2026-10-01 1 1",
                            "acme image 2026-10-02 2 1",
                            "acme audio 2026-10-03 4 1",
                            "acme audio 2026-10-04 8 1",
                            "bolt image 2026-10-04 16 1");
            assertThat(days(application, "arrived_usage")).isEmpty();
        }
    }

    private static List<String> days(TestApplication application, String table) {
        return application
                .jdbc()
                .sql("select concat_ws(' ', account, product, day, trim_scale(quantity), records) from " + table
                        + " order by day, account")
                .query(String.class)
                .list();
    }
}
