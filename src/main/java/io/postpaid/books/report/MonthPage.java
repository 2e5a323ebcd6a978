package io.postpaid.books.report;

import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The books of a month as a page to read and to print, one for each currency. */
final class MonthPage {
    private static final int DEBTORS = 10;
    private static final List<String> BUCKETS =
            List.of("current", "days_1_30", "days_31_60", "days_61_90", "over_90", "total");

    /** The signs of what lies between opening and closing. */
    private static final Map<MonthSheet, String> ROLL_FORWARDS = rollForwards(Map.of(
            "unbilled-receivables", "+−−+",
            "deferred-credit", "+−−−",
            "promotional-credit", "+−−−",
            "provider-clearing", "+−−−−"));

    private final JdbcClient jdbc;
    private final TemplateFiles templates;
    private final TextTemplate page;

    MonthPage(JdbcClient jdbc, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.templates = templates;
        this.page = TextTemplate.html(templates, "report/month.html");
    }

    private static Map<MonthSheet, String> rollForwards(Map<String, String> signs) {
        var ordered = new LinkedHashMap<MonthSheet, String>();
        for (var sheet : MonthSheet.ALL) {
            var of = signs.get(sheet.name());
            if (of != null) ordered.put(sheet, of);
        }
        return ordered;
    }

    /** The first currency has the plain name. Without any entry the page is one of nothing, in dollars. */
    void write(BillingPeriod period, Function<String, Path> file) throws IOException {
        var currencies = jdbc.sql(new Sheet("month-currencies").sql())
                .query(String.class)
                .list();
        if (currencies.isEmpty()) currencies = List.of("USD");
        for (var currency : currencies) {
            var name = currency.equals(currencies.getFirst()) ? "month.html" : "month-" + currency + ".html";
            Files.writeString(file.apply(name), page.render(new Month(period, currency).view()));
        }
    }

    /** The figures of a month in one currency. */
    private final class Month {
        private final BillingPeriod period;
        private final String currency;

        Month(BillingPeriod period, String currency) {
            this.period = period;
            this.currency = currency;
        }

        Map<String, Object> view() {
            var trial = rows("trial-balance");
            var revenue = Waterfall.of(
                    select("month-products").query(Waterfall.Part.class).list(), this::money);
            var view = new HashMap<String, Object>();
            view.put("seller", Seller.load(templates).name());
            view.put("period", period.toString());
            view.put("last", period.issuedOn().minusDays(1).toString());
            view.put("currency", currency);
            view.put("figures", figures(trial, revenue));
            view.put("waterfall", revenue);
            view.put("trial", trial.stream().map(this::printed).toList());
            view.put("aging", aging());
            view.put(
                    "debtors",
                    query("month-debtors").stream().map(this::printed).toList());
            view.put("roll_forwards", rollForwards());
            view.put("taxes", rows("tax-payable").stream().map(this::printed).toList());
            view.put("ties", rows("ties").stream().map(this::tie).toList());
            view.put("glossary", Glossary.load(templates).terms());
            return view;
        }

        private List<Map<String, String>> figures(List<Map<String, Object>> trial, Waterfall revenue) {
            var closing =
                    trial.stream().collect(toMap(row -> (String) row.get("account"), row -> amount(row, "closing")));
            Function<String, BigDecimal> balance = account -> closing.getOrDefault(account, BigDecimal.ZERO);
            return List.of(
                    figure("Net revenue", revenue.net(), "gross less promotional credit"),
                    figure("Gross revenue", revenue.gross(), "usage at its price"),
                    figure("Receivables", money(balance.apply("RECEIVABLES")), "issued and not paid"),
                    figure("Unbilled receivables", money(balance.apply("UNBILLED_RECEIVABLES")), "invoiced next month"),
                    figure(
                            "Deferred credit",
                            money(balance.apply("DEFERRED_CREDIT").negate()),
                            "bought and not used"),
                    figure("Tax payable", money(balance.apply("TAX_PAYABLE").negate()), "on documents issued"));
        }

        private static Map<String, String> figure(String label, String value, String note) {
            return Map.of("label", label, "value", value, "note", note);
        }

        /** What is owed, by its age; the widths are percent of the whole. */
        private List<Map<String, String>> aging() {
            var totals = rows("receivables-aging").stream()
                    .filter(row -> "total".equals(row.get("account")))
                    .findFirst()
                    .orElse(Map.of());
            var all = amount(totals, "total");
            return BUCKETS.stream()
                    .map(bucket -> Map.of(
                            "label",
                                    bucket.replace("days_", "")
                                            .replace("over_", "over ")
                                            .replace('_', '–'),
                            "amount", money(amount(totals, bucket)),
                            "width", Waterfall.percent(amount(totals, bucket), all),
                            "total", bucket.equals("total") ? "total" : ""))
                    .toList();
        }

        private List<Map<String, Object>> rollForwards() {
            var all = new ArrayList<Map<String, Object>>();
            ROLL_FORWARDS.forEach((sheet, signs) -> {
                var sums = new LinkedHashMap<String, BigDecimal>();
                for (var row : rows(sheet.name())) {
                    row.forEach((column, value) -> {
                        if (value instanceof BigDecimal amount) sums.merge(column, amount, BigDecimal::add);
                    });
                }
                if (!sums.isEmpty()) all.add(Map.of("title", sheet.title(), "lines", lines(sums, signs)));
            });
            return all;
        }

        private List<Map<String, String>> lines(Map<String, BigDecimal> sums, String signs) {
            var lines = new ArrayList<Map<String, String>>();
            var marks = " " + signs + "=";
            for (var sum : sums.entrySet()) {
                var mark = marks.substring(lines.size(), lines.size() + 1).strip();
                lines.add(Map.of(
                        "sign",
                        mark,
                        "label",
                        sum.getKey().replace('_', ' '),
                        "amount",
                        money(sum.getValue()),
                        "closing",
                        mark.equals("=") ? "closing" : ""));
            }
            return lines;
        }

        private Map<String, Object> tie(Map<String, Object> row) {
            var tie = printed(row);
            tie.put("ties", amount(row, "difference").signum() == 0);
            return tie;
        }

        private List<Map<String, Object>> rows(String name) {
            return query(name).stream()
                    .filter(row -> currency.equals(row.get("currency")))
                    .toList();
        }

        private List<Map<String, Object>> query(String name) {
            return select(name).query().listOfRows();
        }

        private StatementSpec select(String name) {
            return jdbc.sql(new Sheet(name).sql())
                    .param("period", period.firstDay())
                    .param("last", period.issuedOn().minusDays(1))
                    .param("currency", currency)
                    .param("rows", DEBTORS);
        }

        /** Amounts as money; what is not there is empty. */
        private Map<String, Object> printed(Map<String, Object> row) {
            var printed = new HashMap<String, Object>();
            row.forEach((column, value) -> printed.put(
                    column,
                    value instanceof BigDecimal amount && !column.equals("percent")
                            ? money(amount)
                            : Objects.requireNonNullElse(value, "")));
            printed.put("is_total", "total".equals(row.get("account")) || "total".equals(row.get("name")));
            return printed;
        }

        private static BigDecimal amount(Map<String, Object> row, String column) {
            return row.get(column) instanceof BigDecimal amount ? amount : BigDecimal.ZERO;
        }

        private String money(BigDecimal amount) {
            return SummaryOfPeriod.decimal(Rounding.toMinorUnit(amount, currency))
                    .replace('-', '−');
        }
    }
}
