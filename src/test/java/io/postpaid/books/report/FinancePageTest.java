package io.postpaid.books.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.report.FinanceSummary.Figure;
import io.postpaid.books.report.FinanceSummary.Held;
import io.postpaid.books.report.FinanceSummary.Outcome;
import io.postpaid.books.report.FinanceSummary.Product;
import io.postpaid.books.report.FinanceSummary.RollForward;
import io.postpaid.books.report.FinanceSummary.Status;
import io.postpaid.books.report.FinanceSummary.TieOut;
import io.postpaid.books.report.FinanceSummary.Unpaid;
import io.postpaid.platform.template.TemplateFiles;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FinancePageTest {
    @Test
    void showsEveryFigure() throws Exception {
        var page = new FinancePage(TemplateFiles.builtIn())
                .render(summary(true, List.of(new Held("<i>x</i>", "No address"))));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/finance.html"), page);
        assertThat(page)
                .contains("October 2026", "48,210.33", "PAID", "1,204", "audio", "63.2 %", "insufficient funds")
                .contains("2026-000108", "12 days", "9,120.00", "✓ ties out", "1,000,000", "&lt;i&gt;x&lt;")
                .doesNotContain("{{", "does not tie out", "<i>x", "Everything is paid");
        assertThat(page.split("<rect ", -1)).hasSize(32);
    }

    @Test
    void marksWhatDoesNotTieOut() {
        var page = new FinancePage(TemplateFiles.builtIn()).render(summary(false, List.of()));
        assertThat(page).contains("✗ does not tie out", "No invoice is held.").doesNotContain("✓ ties out");
    }

    @Test
    void drawsAMonthWithoutRevenue() {
        var chart = RevenueChart.of(List.of(BigDecimal.ZERO, new BigDecimal("-3")));
        assertThat(chart.bars()).extracting(RevenueChart.Bar::height).containsOnly("0.00");
    }

    @Test
    void drawsTheHighestDayBelowTheTop() {
        for (var highest : List.of("0.0003", "0.07", "1", "9.99", "10", "11", "999999", "1000000")) {
            var chart = RevenueChart.of(List.of(new BigDecimal(highest)));
            var tall = new BigDecimal(chart.bars().getFirst().height());
            assertThat(tall).as(highest).isBetween(new BigDecimal("78"), new BigDecimal("158"));
        }
    }

    private static FinanceSummary summary(boolean ties, List<Held> held) {
        return new FinanceSummary(
                "Aurora Voice API, Inc.",
                "October 2026",
                "1 November 2026, 08:40 UTC",
                "USD",
                List.of(
                        new Figure("Revenue", "48,210.33", "1,312 invoices"),
                        new Figure("Collected", "45,004.18", "93.3 % of what is due"),
                        new Figure("Unpaid", "3,206.15", "41 invoices"),
                        new Figure("Credit consumed", "9,120.00", "of 14,800.00 granted"),
                        new Figure("Held", Integer.toString(held.size()), "wait for a person")),
                List.of(
                        new Status("PAID", "1,204", "45,004.18"),
                        new Status("OPEN", "41", "3,206.15"),
                        new Status("VOID", "2", "18.40")),
                List.of(
                        new Product("audio", "28,604,112.5", "second", "30,463.38", "63.2 %"),
                        new Product("text", "61,220,400", "word", "14,692.90", "30.5 %"),
                        new Product("image", "1,497,083", "image", "3,054.05", "6.3 %")),
                "48,210.33",
                RevenueChart.of(IntStream.rangeClosed(1, 31)
                        .mapToObj(day -> BigDecimal.valueOf(90_000 + day * 7919 % 110_000, 2))
                        .toList()),
                List.of(
                        new Outcome("Succeeded", "1,204", "45,004.18"),
                        new Outcome("Waiting for the customer", "3", "211.20")),
                List.of(
                        new Outcome("insufficient funds", "29", "2,114.02"),
                        new Outcome("expired card", "9", "880.93")),
                List.of(
                        new Unpaid("2026-000108", "Acme Podcasts LLC", "8 November 2026", "12 days", "1,264.56"),
                        new Unpaid("2026-000231", "Łódź Radio Sp. z o.o.", "8 November 2026", "12 days", "88.10")),
                "3,206.15",
                new RollForward("5,020.00", "14,800.00", "9,120.00", "340.00", "0.00", "10,360.00", ties),
                new TieOut("1,000,000", "998,812", "1,000", "188", ties),
                held);
    }
}
