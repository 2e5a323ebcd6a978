package io.postpaid.books.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FinancePageTest {
    @Test
    void showsEveryFigure() throws Exception {
        var page = page().render(summary(true, List.of(row("account reason", "<i>x</i>", "No address"))));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/finance.html"), page);
        assertThat(page)
                .contains("October 2026", "48,210.33", "PAID", "1,204", "audio", "63.2 %", "insufficient funds")
                .contains("2026-000108", "12 days", "9,120.00", "✓ ties out", "1,000,000", "&lt;i&gt;x&lt;")
                .contains("ALV 25.5 % OSS", "2,070.60", "its card is of another country", "&lt;b&gt;aino")
                .doesNotContain("{{", "does not tie out", "<i>x", "Everything is paid");
        assertThat(page.split("<rect ", -1)).hasSize(32);
    }

    @Test
    void marksWhatDoesNotTieOut() {
        var page = page().render(summary(false, List.of()));
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

    private static TextTemplate page() {
        return TextTemplate.html(TemplateFiles.builtIn(), "report/finance.html");
    }

    /** A row of the page by the names of its columns. */
    private static Map<String, Object> row(String names, Object... values) {
        var row = new HashMap<String, Object>();
        var columns = names.split(" ");
        for (int i = 0; i < columns.length; i++) row.put(columns[i], values[i]);
        return row;
    }

    private static List<Map<String, Object>> rows(String names, Object[]... rows) {
        return Stream.of(rows).map(row -> row(names, row)).toList();
    }

    private static Object[] of(Object... values) {
        return values;
    }

    private static Map<String, Object> summary(boolean ties, List<Map<String, Object>> held) {
        var summary = row(
                "seller period prepared currency revenue outstanding",
                "Aurora Voice API Oy",
                "October 2026",
                "1 November 2026, 08:40 UTC",
                "USD",
                "48,210.33",
                "3,206.15");
        summary.put(
                "figures",
                rows(
                        "label value note",
                        of("Revenue", "48,210.33", "1,312 invoices"),
                        of("Collected", "45,004.18", "93.3 % of what is due"),
                        of("Unpaid", "3,206.15", "41 invoices"),
                        of("Credit consumed", "9,120.00", "of 14,800.00 granted"),
                        of("Held", Integer.toString(held.size()), "wait for a person")));
        summary.put(
                "statuses",
                rows(
                        "status count amount",
                        of("PAID", "1,204", "45,004.18"),
                        of("OPEN", "41", "3,206.15"),
                        of("VOID", "2", "18.40")));
        summary.put(
                "products",
                rows(
                        "product quantity unit revenue share",
                        of("audio", "28,604,112.5", "second", "30,463.38", "63.2 %"),
                        of("text", "61,220,400", "word", "14,692.90", "30.5 %"),
                        of("image", "1,497,083", "image", "3,054.05", "6.3 %")));
        summary.put(
                "chart",
                RevenueChart.of(IntStream.rangeClosed(1, 31)
                        .mapToObj(day -> BigDecimal.valueOf(90_000 + day * 7919 % 110_000, 2))
                        .toList()));
        summary.put(
                "payments",
                rows(
                        "outcome count amount",
                        of("Succeeded", "1,204", "45,004.18"),
                        of("Waiting for the customer", "3", "211.20")));
        summary.put(
                "failures",
                rows(
                        "outcome count amount",
                        of("insufficient funds", "29", "2,114.02"),
                        of("expired card", "9", "880.93")));
        summary.put(
                "taxes",
                rows(
                        "country region registration customer label base tax",
                        of("FI", "", "OSS", "consumer", "ALV 25.5 %", "8,120.00", "2,070.60"),
                        of("US", "CA", "", "business", "export", "12,000.00", "0.00")));
        summary.put(
                "evidence",
                rows(
                        "account country card evidence invoices tax",
                        of("<b>aino", "FI", "US", "its card is of another country", "1", "12.75")));
        summary.put(
                "unpaid",
                rows(
                        "invoice account due age amount",
                        of("2026-000108", "Acme Podcasts LLC", "8 November 2026", "12 days", "1,264.56"),
                        of("2026-000231", "Łódź Radio Sp. z o.o.", "8 November 2026", "12 days", "88.10")));
        summary.put(
                "credit",
                row(
                        "opening granted consumed expired refunded closing ties",
                        "5,020.00",
                        "14,800.00",
                        "9,120.00",
                        "340.00",
                        "0.00",
                        "10,360.00",
                        ties));
        summary.put(
                "usage",
                row(
                        "lines accepted duplicates quarantined left_out ties",
                        "1,000,000",
                        "998,800",
                        "1,000",
                        "188",
                        "12",
                        ties));
        summary.put("held", held);
        return summary;
    }
}
