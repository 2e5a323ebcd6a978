package io.postpaid.books.report;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The figures of a period as a page to read and to print: what the views report_* say, written as people read it. */
final class SummaryOfPeriod {
    /** More rows than this are not read on a page; the CSV file has them all. */
    private static final int ROWS = 40;

    private static final int FETCHED = 1_000;
    private static final List<String> LISTS = List.of(
            "page-statuses",
            "page-products",
            "page-taxes",
            "page-evidence",
            "page-payments",
            "page-failures",
            "page-unpaid",
            "page-held");
    private static final List<String> MOVEMENTS =
            List.of("opening", "granted", "consumed", "expired", "refunded", "closing");
    private static final List<String> LINES = List.of("lines", "accepted", "duplicates", "quarantined", "left_out");

    private final JdbcClient jdbc;
    private final TemplateFiles templates;
    private final TextTemplate page;

    SummaryOfPeriod(JdbcClient jdbc, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.templates = templates;
        this.page = TextTemplate.html(templates, "report/finance.html");
    }

    /** USD for a period with nothing in it. */
    List<String> currencies(BillingPeriod period) {
        var found = jdbc.sql(new Sheet("page-currencies").sql())
                .param("period", period.firstDay())
                .query(String.class)
                .list();
        return found.isEmpty() ? List.of("USD") : found;
    }

    String page(BillingPeriod period, String currency, LocalDate asOf) {
        var facts = new Facts(period, currency, asOf);
        var view = new HashMap<String, Object>(Map.of(
                "seller", Seller.load(templates).name(),
                "period", period.toString(),
                "prepared", asOf.toString(),
                "currency", currency));
        var figures = facts.rows("page-figures").getFirst();
        view.put("figures", figures(figures));
        view.put("revenue", Objects.requireNonNull(figures.get("cost")));
        view.put("outstanding", Objects.requireNonNull(figures.get("outstanding")));
        view.put("chart", RevenueChart.of(facts.days()));
        view.put("credit", facts.credit());
        view.put("usage", facts.usage());
        for (var list : LISTS) view.put(list.substring("page-".length()), facts.rows(list));
        return page.render(view);
    }

    private static List<Map<String, String>> figures(Map<String, String> of) {
        return List.of(
                figure("Revenue", of.get("cost"), "usage at its price"),
                figure("Covered by credit", of.get("credits"), "before anything accrued"),
                figure("Accrued", of.get("accrued"), "to be charged, before tax"),
                figure("Invoiced", of.get("total"), of.get("invoices") + " invoices"),
                figure("Tax", of.get("tax"), "part of what is invoiced"),
                figure("Paid", of.get("paid"), "of this period's invoices"),
                figure("Open", of.get("open"), "of this period's invoices"));
    }

    private static Map<String, String> figure(String label, @Nullable String value, String note) {
        return Map.of("label", label, "value", Objects.requireNonNull(value), "note", note);
    }

    /** The figures of one period in one currency. */
    private final class Facts {
        private final BillingPeriod period;
        private final String currency;
        private final LocalDate asOf;

        Facts(BillingPeriod period, String currency, LocalDate asOf) {
            this.period = period;
            this.currency = currency;
            this.asOf = asOf;
        }

        private StatementSpec query(String name) {
            return jdbc.sql(new Sheet(name).sql())
                    .param("period", period.firstDay())
                    .param("currency", currency)
                    .param("from", period.from().atOffset(ZoneOffset.UTC))
                    .param("to", period.to().atOffset(ZoneOffset.UTC))
                    .param("as_of", asOf)
                    .param("rows", ROWS);
        }

        /** Counts in groups of thousands, quantities with every decimal, all other numbers as money; text as it is. */
        List<Map<String, String>> rows(String name) {
            return query(name).query((row, i) -> cells(row)).list();
        }

        private Map<String, String> cells(ResultSet row) throws SQLException {
            var cells = new HashMap<String, String>();
            var columns = row.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                var name = columns.getColumnLabel(i);
                cells.put(
                        name,
                        switch (columns.getColumnType(i)) {
                            case Types.BIGINT -> decimal(row.getBigDecimal(i));
                            case Types.NUMERIC ->
                                name.equals("quantity") ? decimal(row.getBigDecimal(i)) : money(row.getBigDecimal(i));
                            default -> row.getString(i);
                        });
            }
            return cells;
        }

        /** One amount for each day of the period, in minor units. */
        List<BigDecimal> days() {
            return query("page-days").query(BigDecimal.class).list().stream()
                    .map(cost -> Rounding.toMinorUnit(cost, currency))
                    .toList();
        }

        /** Opening + granted − consumed − expired − refunded = closing, over all kinds of grants. */
        Map<String, Object> credit() {
            var kinds = query("credit-roll-forward").query().listOfRows().stream()
                    .filter(kind -> currency.equals(kind.get("currency")))
                    .toList();
            var credit = new HashMap<String, Object>();
            credit.put("ties", kinds.stream().allMatch(kind -> Boolean.TRUE.equals(kind.get("ties_out"))));
            for (var movement : MOVEMENTS) {
                // A grant without any posting has no amounts.
                credit.put(
                        movement,
                        money(kinds.stream()
                                .map(kind -> kind.get(movement) instanceof BigDecimal amount ? amount : BigDecimal.ZERO)
                                .reduce(BigDecimal.ZERO, BigDecimal::add)));
            }
            return credit;
        }

        /** A row for each file, of which there may be a million, and the one for all of them. */
        Map<String, Object> usage() {
            var whole = new HashMap<String, Object>();
            query("usage-tie-out").withFetchSize(FETCHED).query(row -> {
                if (row.getObject("file") != null) return;
                for (var count : LINES) whole.put(count, decimal(row.getBigDecimal(count)));
                whole.put("ties", row.getBoolean("ties_out"));
            });
            return whole;
        }

        private String money(BigDecimal amount) {
            return decimal(Rounding.toMinorUnit(amount, currency));
        }
    }

    /** With groups of thousands, and every decimal that it has. */
    static String decimal(BigDecimal value) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(0, value.scale()));
        format.setMaximumFractionDigits(Math.max(0, value.scale()));
        return format.format(value);
    }
}
