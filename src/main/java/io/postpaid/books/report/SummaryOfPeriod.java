package io.postpaid.books.report;

import io.postpaid.books.report.FinanceSummary.Figure;
import io.postpaid.books.report.FinanceSummary.Held;
import io.postpaid.books.report.FinanceSummary.Outcome;
import io.postpaid.books.report.FinanceSummary.Product;
import io.postpaid.books.report.FinanceSummary.RollForward;
import io.postpaid.books.report.FinanceSummary.Status;
import io.postpaid.books.report.FinanceSummary.TieOut;
import io.postpaid.books.report.FinanceSummary.Unpaid;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Reads the figures of the page from the views report_*, and writes them as people read them. */
final class SummaryOfPeriod {
    /** More rows than this are not read on a page; the CSV file has them all. */
    private static final int ROWS = 40;

    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;
    private final TemplateFiles templates;

    SummaryOfPeriod(JdbcClient jdbc, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.templates = templates;
    }

    /** The currencies that anything of the period is in, the most used first; USD for a period with nothing in it. */
    List<String> currencies(BillingPeriod period) {
        var found = jdbc.sql("""
                        select currency
                          from (select currency, accounts from report_revenue where period = :period
                                 union all
                                select currency, invoices from report_invoiced where period = :period
                                 union all
                                select currency, 0 from report_unpaid where period <= :period) used
                         group by currency
                         order by sum(accounts) desc, currency
                        """)
                .param("period", period.firstDay())
                .query(String.class)
                .list();
        return found.isEmpty() ? List.of("USD") : found;
    }

    FinanceSummary of(BillingPeriod period, String currency, LocalDate asOf) {
        var facts = new Facts(period, currency, asOf);
        var days = facts.days();
        return new FinanceSummary(
                Seller.load(templates).name(),
                period.toString(),
                asOf.toString(),
                currency,
                facts.figures(),
                facts.statuses(),
                facts.products(),
                facts.money(facts.revenue().cost()),
                RevenueChart.of(days),
                facts.payments(),
                facts.failures(),
                facts.unpaid(),
                facts.money(facts.outstanding()),
                facts.credit(),
                facts.usage(),
                facts.held());
    }

    private record Revenue(BigDecimal cost, BigDecimal credits, BigDecimal accrued) {}

    private record Invoiced(long invoices, BigDecimal total, BigDecimal paid, BigDecimal open, BigDecimal tax) {}

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

        private StatementSpec sql(String sql) {
            return jdbc.sql(sql)
                    .param("period", period.firstDay())
                    .param("currency", currency)
                    .param("from", period.from().atOffset(ZoneOffset.UTC))
                    .param("to", period.to().atOffset(ZoneOffset.UTC))
                    .param("as_of", asOf)
                    .param("rows", ROWS);
        }

        Revenue revenue() {
            return sql("select cost, credits, accrued from report_revenue where period = :period and currency = :currency")
                    .query((row, i) -> new Revenue(
                            row.getBigDecimal("cost"), row.getBigDecimal("credits"), row.getBigDecimal("accrued")))
                    .optional()
                    .orElse(new Revenue(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO));
        }

        Invoiced invoiced() {
            return sql("""
                            select invoices, total, paid, open, tax
                              from report_invoiced
                             where period = :period
                               and currency = :currency
                            """)
                    .query((row, i) -> new Invoiced(
                            row.getLong("invoices"),
                            row.getBigDecimal("total"),
                            row.getBigDecimal("paid"),
                            row.getBigDecimal("open"),
                            row.getBigDecimal("tax")))
                    .optional()
                    .orElse(new Invoiced(0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO));
        }

        List<Figure> figures() {
            var revenue = revenue();
            var invoiced = invoiced();
            return List.of(
                    new Figure("Revenue", money(revenue.cost()), "usage at its price"),
                    new Figure("Covered by credit", money(revenue.credits()), "before anything accrued"),
                    new Figure("Accrued", money(revenue.accrued()), "to be charged, before tax"),
                    new Figure("Invoiced", money(invoiced.total()), count(invoiced.invoices()) + " invoices"),
                    new Figure("Tax", money(invoiced.tax()), "part of what is invoiced"),
                    new Figure("Paid", money(invoiced.paid()), "of this period's invoices"),
                    new Figure("Open", money(invoiced.open()), "of this period's invoices"));
        }

        List<Status> statuses() {
            return sql("""
                            select status, count(*) as invoices, sum(total) as total
                              from report_invoice
                             where period = :period
                               and currency = :currency
                             group by status
                             order by status
                            """)
                    .query((row, i) ->
                            new Status(row.getString("status"), count(row.getLong("invoices")), money(row, "total")))
                    .list();
        }

        List<Product> products() {
            var whole = revenue().cost();
            return sql("""
                            select product, quantity, unit, cost
                              from report_product_revenue
                             where period = :period
                               and currency = :currency
                             order by cost desc, product collate "C"
                            """)
                    .query((row, i) -> new Product(
                            row.getString("product"),
                            decimal(row.getBigDecimal("quantity")),
                            row.getString("unit"),
                            money(row, "cost"),
                            share(row.getBigDecimal("cost"), whole)))
                    .list();
        }

        /** One amount for each day of the period, in minor units; late usage is not of these days. */
        List<BigDecimal> days() {
            Map<LocalDate, BigDecimal> costs = sql("""
                            select day, cost
                              from report_daily_revenue
                             where period = :period
                               and currency = :currency
                               and not late
                            """)
                    .query((row, i) -> Map.entry(row.getObject("day", LocalDate.class), row.getBigDecimal("cost")))
                    .list()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            return period.firstDay()
                    .datesUntil(period.issuedOn())
                    .map(day -> Rounding.toMinorUnit(costs.getOrDefault(day, BigDecimal.ZERO), currency))
                    .toList();
        }

        List<Outcome> payments() {
            return outcomes("""
                    select told, attempts, amount
                      from (select case outcome
                                       when 'SUCCEEDED' then 'Succeeded'
                                       when 'DECLINED_RETRYABLE' then 'Declined, may be retried'
                                       when 'DECLINED_FOR_GOOD' then 'Declined for good'
                                       when 'NEEDS_CUSTOMER' then 'Customer must authenticate'
                                       when 'NOT_EXECUTED' then 'Not carried out'
                                       else 'Not known yet'
                                   end as told,
                                   count(*) as attempts, sum(amount) as amount, 1 as part
                              from report_payment
                             where period = :period
                               and currency = :currency
                             group by 1
                             union all
                            select case kind
                                       when 'CARD' then 'Paid by card by the customer'
                                       when 'TRANSFER' then 'Paid by bank transfer'
                                       when 'CREDIT_NOTE' then 'Credit notes'
                                       when 'CARRIED' then 'Carried to the next invoice'
                                       when 'WRITE_OFF' then 'Written off'
                                       when 'WRITE_OFF_REVERSED' then 'Written off and paid after all'
                                       when 'BALANCE' then 'Paid from the account balance'
                                       when 'REFUND' then 'Refunded'
                                       when 'REFUND_FAILED' then 'Refunds that came back'
                                       when 'DISPUTE' then 'Disputed'
                                       else 'Disputes won'
                                   end,
                                   count(distinct reference), sum(amount), 2
                              from report_settlement s
                             where period = :period
                               and currency = :currency
                               and (kind <> 'CARD'
                                    or not exists (select from report_payment p
                                                    where p.number = s.number and p.outcome = 'SUCCEEDED'))
                             group by 1) both_parts
                     order by part, attempts desc, told
                    """);
        }

        List<Outcome> failures() {
            return outcomes("""
                    select coalesce(decline_code, 'no code') as told, count(*) as attempts, sum(amount) as amount
                      from report_payment
                     where period = :period
                       and currency = :currency
                       and outcome in ('DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')
                     group by 1
                     order by attempts desc, told
                    """);
        }

        private List<Outcome> outcomes(String sql) {
            return sql(sql).query((row, i) ->
                            new Outcome(row.getString("told"), count(row.getLong("attempts")), money(row, "amount")))
                    .list();
        }

        List<Unpaid> unpaid() {
            return sql("""
                            select number, account, name, due_on, :as_of - issued_on as age, open
                              from report_unpaid
                             where period <= :period
                               and currency = :currency
                             order by issued_on, open desc, number collate "C"
                             limit :rows
                            """)
                    .query((row, i) -> new Unpaid(
                            row.getString("number"),
                            row.getString("name") + " (" + row.getString("account") + ")",
                            row.getString("due_on"),
                            age(row.getLong("age")),
                            money(row, "open")))
                    .list();
        }

        BigDecimal outstanding() {
            return sql("select coalesce(sum(open), 0) from report_unpaid where period <= :period and currency = :currency")
                    .query(BigDecimal.class)
                    .single();
        }

        RollForward credit() {
            return sql(Sheet.named("credit-roll-forward.csv"))
                    .query((row, i) -> Map.entry(row.getString("currency"), Movement.of(row)))
                    .list()
                    .stream()
                    .filter(entry -> entry.getKey().equals(currency))
                    .map(Map.Entry::getValue)
                    .reduce(Movement.NONE, Movement::plus)
                    .told(this::money);
        }

        TieOut usage() {
            // A row for each file, of which there may be a million, and the one for all of them.
            var whole = new ArrayList<TieOut>(1);
            sql(Sheet.named("usage-tie-out.csv")).withFetchSize(FETCHED).query(row -> {
                if (row.getObject("file") == null) whole.add(tieOut(row));
            });
            return whole.getFirst();
        }

        private TieOut tieOut(ResultSet row) throws SQLException {
            return new TieOut(
                    count(row.getLong("lines")),
                    count(row.getLong("accepted")),
                    count(row.getLong("duplicates")),
                    count(row.getLong("quarantined")),
                    row.getBoolean("ties_out"));
        }

        List<Held> held() {
            var more = new long[1];
            var shown = new ArrayList<>(sql("""
                            select account, name, reason, detail, count(*) over () - :rows as more
                              from report_hold
                             where period = :period
                             order by account collate "C"
                             limit :rows
                            """)
                    .query((row, i) -> {
                        more[0] = row.getLong("more");
                        return new Held(
                                row.getString("name") + " (" + row.getString("account") + ")",
                                row.getString("reason") + ": " + row.getString("detail"));
                    })
                    .list());
            if (more[0] > 0) shown.add(new Held("and " + count(more[0]) + " more", "all of them are in holds.csv"));
            return shown;
        }

        private String money(ResultSet row, String column) throws SQLException {
            return money(row.getBigDecimal(column));
        }

        private String money(BigDecimal amount) {
            return decimal(Rounding.toMinorUnit(amount, currency));
        }
    }

    private record Movement(
            BigDecimal opening,
            BigDecimal granted,
            BigDecimal consumed,
            BigDecimal expired,
            BigDecimal refunded,
            BigDecimal closing,
            boolean ties) {
        static final Movement NONE = new Movement(
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                true);

        static Movement of(ResultSet row) throws SQLException {
            return new Movement(
                    amount(row, "opening"),
                    amount(row, "granted"),
                    amount(row, "consumed"),
                    amount(row, "expired"),
                    amount(row, "refunded"),
                    amount(row, "closing"),
                    row.getBoolean("ties_out"));
        }

        /** A grant without any posting has no amounts, and does not tie out. */
        private static BigDecimal amount(ResultSet row, String column) throws SQLException {
            var amount = row.getBigDecimal(column);
            return amount == null ? BigDecimal.ZERO : amount;
        }

        Movement plus(Movement other) {
            return new Movement(
                    opening.add(other.opening),
                    granted.add(other.granted),
                    consumed.add(other.consumed),
                    expired.add(other.expired),
                    refunded.add(other.refunded),
                    closing.add(other.closing),
                    ties && other.ties);
        }

        RollForward told(Function<BigDecimal, String> money) {
            return new RollForward(
                    money.apply(opening),
                    money.apply(granted),
                    money.apply(consumed),
                    money.apply(expired),
                    money.apply(refunded),
                    money.apply(closing),
                    ties);
        }
    }

    private static String share(BigDecimal part, BigDecimal whole) {
        if (whole.signum() == 0) return "";
        return part.multiply(new BigDecimal(100))
                        .divide(whole, 1, RoundingMode.HALF_UP)
                        .toPlainString() + " %";
    }

    private static String age(long age) {
        return age == 1 ? "1 day" : count(age) + " days";
    }

    private static String count(long count) {
        return decimal(BigDecimal.valueOf(count));
    }

    /** With groups of thousands, and every decimal that it has. */
    private static String decimal(BigDecimal value) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(0, value.scale()));
        format.setMaximumFractionDigits(Math.max(0, value.scale()));
        return format.format(value);
    }
}
