package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.home.Home;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The step that renders, on a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentsTest {
    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);

    /** No font has a sign for it, on any machine. */
    private static final String POISON = "\u0007";

    private TestApplication application;
    private JdbcClient jdbc;
    private Documents documents;
    private LocalDate period = OCTOBER;

    @BeforeAll
    void start(@TempDir Path home) {
        application = new TestApplication(home, Instant.parse("2026-11-01T09:00:00Z"));
        jdbc = application.jdbc();
        documents = application.get(Documents.class);
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                select 'acme-' || n, 'Acme', 'acme@customer.example', 'USD', 100, 0, date '2026-01-01'
                  from generate_series(1, 60) n""").update();
        // What is issued is never edited; here faults are planted in it.
        jdbc.sql("alter table invoice_line disable trigger user").update();
        jdbc.sql(
                        "insert into product (id, unit, listed_per, listed_unit, billable) values ('audio', 'second', 60, 'minute', true)")
                .update();
        jdbc.sql("""
                insert into price (product, effective_from, currency, model, per)
                values ('audio', date '2026-01-01', 'USD', 'per_unit', 60)""").update();
        jdbc.sql("insert into price_tier (price, tier, amount) select id, 1, 0.0639 from price")
                .update();
    }

    @AfterAll
    void stop() {
        application.close();
    }

    /** Each test bills a month of its own. */
    @BeforeEach
    void anotherMonth() {
        period = period.plusMonths(1);
    }

    private void invoice(int account, String unit) {
        long id = jdbc.sql("""
                        insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total,
                                             amount_due)
                        select id, :period, currency,
                               jsonb_build_object('name', name, 'email', email, 'taxId', '', 'card', '', 'address',
                                   jsonb_build_object('line1', '', 'line2', '', 'city', '', 'state', '', 'postalCode', '', 'country', '')),
                               :period + 31, :period + 38, 1, 0, 0, 1, 1
                          from account where id = 'acme-' || :n
                        returning id""")
                .param("n", account)
                .param("period", period)
                .query(Long.class)
                .single();
        jdbc.sql("""
                insert into invoice_tax (invoice, position, category, name, percent, base, tax)
                values (:id, 1, 'O', '', 0, 1, 0)""").param("id", id).update();
        jdbc.sql("""
                insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount)
                select :id, 1, 'audio', :period, price.id, 1, 60, :unit, 1, 'minute', 1 from price""")
                .param("id", id)
                .param("period", period)
                .param("unit", unit)
                .update();
        jdbc.sql("""
                update invoice
                   set status = 'OPEN', year = 2026, number = 'I-' || to_char(period, 'YYYY-MM') || '-' || account
                 where id = :id""").param("id", id).update();
    }

    private void unit(int account, String unit) {
        jdbc.sql("""
                update invoice_line set unit = :unit
                 where invoice = (select id from invoice where account = 'acme-' || :n and period = :period)""")
                .param("unit", unit)
                .param("n", account)
                .param("period", period)
                .update();
    }

    private Done run() {
        return Alone.step(application, "renderDocuments", new Run("monthly", period, 1));
    }

    private Invoice of(int account) {
        return application.get(Invoices.class).ofAccount("acme-" + account).stream()
                .filter(invoice -> invoice.period().firstDay().equals(period))
                .findFirst()
                .orElseThrow();
    }

    private List<String> held() {
        return jdbc.sql("select account || ' ' || reason || ' ' || detail from report_hold where period = :period")
                .param("period", period)
                .query(String.class)
                .list();
    }

    @Test
    void aDocumentThatCannotBeRenderedIsHeldAndTriedAgain() {
        for (int n = 1; n <= 21; n++) invoice(n, n == 7 ? "bell" + POISON : "second");

        var first = run();
        assertThat(first.read()).isEqualTo(21);
        assertThat(first.written()).isEqualTo(20);
        assertThat(first.skipped()).isEqualTo(1);
        assertThat(held())
                .singleElement()
                .asString()
                .startsWith("acme-7 NOT_RENDERED")
                .contains("lines[1].unit", "U+0007");
        assertThat(of(6).pdfSha256()).isNotNull();
        assertThatIllegalStateException().isThrownBy(() -> documents.pdf(of(7))).withMessageContaining("U+0007");

        unit(7, "second");
        var second = run();
        assertThat(second.read()).isEqualTo(1);
        assertThat(second.written()).isEqualTo(1);
        assertThat(held()).isEmpty();
    }

    @Test
    void whenManyCannotBeRenderedTheRunFails() {
        for (int n = 1; n <= 60; n++) invoice(n, n <= 21 ? POISON : "second");
        assertThatIllegalStateException().isThrownBy(this::run).withMessageContaining("21 of 60 items are held");
    }

    @Test
    void readersAndTwoRunsMayWriteTheSameFilesAtOnce() throws Exception {
        for (int n = 1; n <= 20; n++) invoice(n, "second");
        run();
        var folder = application.get(Home.class).documents();
        for (int round = 0; round < 5; round++) {
            for (int n = 1; n <= 20; n++) Files.delete(folder.resolve(of(n).pdfFile()));
            try (var threads = Executors.newFixedThreadPool(4)) {
                var work = new ArrayList<Callable<Object>>();
                work.add(this::run);
                work.add(this::run);
                for (int n = 1; n <= 20; n++) {
                    var invoice = of(n);
                    work.add(() -> {
                        assertThat(documents.pdf(invoice).bytes())
                                .startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
                        return invoice;
                    });
                }
                for (var done : threads.invokeAll(work)) done.get();
            }
        }
        try (var files = Files.walk(folder)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void aFileThatWasDamagedIsMadeAgain() throws IOException {
        invoice(1, "second");
        run();
        var pdf = documents.pdf(of(1));
        var file = Path.of(pdf.place());
        var whole = pdf.bytes();
        Files.write(file, new byte[0]);
        assertThat(run().written()).as("the next run").isEqualTo(1);
        assertThat(file).hasBinaryContent(whole);
        Files.writeString(file, "x".repeat(whole.length));
        assertThat(documents.pdf(of(1)).bytes()).as("whoever asks for it").isEqualTo(whole);
    }
}
