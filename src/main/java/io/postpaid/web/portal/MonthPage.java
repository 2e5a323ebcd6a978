package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.Upcoming;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.gate.access.Standing;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What the first page shows of a month: figures of the features, as text. */
@Component
@ConditionalOnWebApplication
class MonthPage {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int NEAR_LIMIT = 80;
    private static final int INVOICES = 6;
    private static final Duration PROJECTED_AFTER = Duration.ofDays(1);

    private final Access access;
    private final RunningCost costs;
    private final PriceBooks prices;
    private final Upcoming upcoming;
    private final Invoices invoices;
    private final Seller seller;
    private final BillingClock clock;

    MonthPage(
            Access access,
            RunningCost costs,
            PriceBooks prices,
            Upcoming upcoming,
            Invoices invoices,
            Seller seller,
            BillingClock clock) {
        this.access = access;
        this.costs = costs;
        this.prices = prices;
        this.upcoming = upcoming;
        this.invoices = invoices;
        this.seller = seller;
        this.clock = clock;
    }

    /** What was used on the days of a month, by product and day. */
    List<RunningCost.Day> days(Account account, BillingPeriod month) {
        return costs.days(
                account.id(),
                account.currency(),
                month.firstDay(),
                month.firstDay().plusMonths(1).minusDays(1),
                prices.load());
    }

    Map<String, ?> view(String id, BillingPeriod month) {
        var standing = access.standing(id);
        var account = standing.account();
        var days = days(account, month);
        var now = BillingPeriod.of(clock.today());
        var view = new HashMap<String, @Nullable Object>();
        view.put("account", Map.of("id", id, "name", account.name()));
        view.put("currency", account.currency());
        view.put("month", Map.of("title", Wording.month(month), "name", month.toString()));
        view.put("before", new BillingPeriod(month.month().minusMonths(1)).toString());
        view.put("after", month.compareTo(now) < 0 ? month.next().toString() : null);
        view.put("current", month.equals(now) ? current(standing, days) : null);
        view.put("notice", notice(standing));
        view.put("usage", usage(account, month, days));
        view.put("card", card(account));
        view.put(
                "invoices",
                invoices.ofAccount(id, Long.MAX_VALUE, INVOICES).stream()
                        .map(this::row)
                        .toList());
        return view;
    }

    private Map<String, ?> current(Standing standing, List<RunningCost.Day> days) {
        var account = standing.account();
        var month = standing.month();
        var total = sum(days, RunningCost.Day::cost);
        var since = total.subtract(month.cost());
        var limit = account.monthlyLimit();
        var view = new HashMap<String, @Nullable Object>();
        view.put("cost", text(total, account));
        view.put("since", since.signum() > 0 ? text(since, account) : null);
        view.put("covered", text(month.credits(), account));
        view.put("accrued", text(month.accrued(), account));
        view.put("limit", text(limit, account));
        view.put("left", text(limit.subtract(month.accrued()).max(BigDecimal.ZERO), account));
        view.put("percent", percent(month.accrued(), limit));
        view.put("nothing", text(BigDecimal.ZERO, account));
        view.put("projected", projected(total, account));
        view.put("credit", text(standing.credit(), account));
        view.put("charge", charge(account));
        return view;
    }

    private @Nullable Map<String, ?> charge(Account account) {
        var period = BillingPeriod.of(clock.today());
        return upcoming.of(account.id(), period)
                .map(preview -> {
                    var invoice = preview.invoice();
                    var view = new HashMap<String, Object>(sums(invoice));
                    view.put("on", Wording.day(period.issuedOn()));
                    view.put("lines", lines(preview.lines(), invoice.currency()));
                    return view;
                })
                .orElse(null);
    }

    /** The figures between the lines of an invoice and what is to be paid. */
    static Map<String, Object> sums(Invoice invoice) {
        Function<BigDecimal, Object> shown =
                amount -> amount.signum() == 0 ? "" : Amounts.plain(amount, invoice.currency());
        return Map.of(
                "subtotal", Amounts.plain(invoice.subtotal(), invoice.currency()),
                "credits", shown.apply(invoice.credits().negate()),
                "tax", shown.apply(invoice.tax()),
                "tax_name", invoice.taxName(),
                "total", Amounts.plain(invoice.total(), invoice.currency()),
                "carried_in", shown.apply(invoice.carriedIn()),
                "carried_forward", shown.apply(invoice.carriedForward().negate()),
                "from_balance", shown.apply(invoice.fromBalance().negate()),
                "amount_due", Amounts.plain(invoice.amountDue(), invoice.currency()));
    }

    static List<Map<String, Object>> lines(List<InvoiceLine> lines, String currency) {
        return lines.stream()
                .map(line -> Map.<String, Object>of(
                        "product", line.product(),
                        "month", Wording.month(line.usagePeriod()),
                        "quantity", Figures.quantity(line.quantity()) + " " + line.unit(),
                        "price", line.unitPrice().toPlainString() + " / " + line.listedUnit(),
                        "amount", Amounts.plain(line.amount(), currency)))
                .toList();
    }

    /** At the pace of the time that has passed; not on the first day, which says too little. */
    private @Nullable String projected(BigDecimal total, Account account) {
        var period = BillingPeriod.of(clock.today());
        var passed = Duration.between(period.from(), clock.instant());
        if (passed.compareTo(PROJECTED_AFTER) < 0) return null;
        var whole = Duration.between(period.from(), period.to());
        return text(
                total.multiply(BigDecimal.valueOf(whole.toSeconds()))
                        .divide(BigDecimal.valueOf(passed.toSeconds()), MathContext.DECIMAL64),
                account);
    }

    /** The state of the account, and the one action that mends it. */
    private @Nullable Map<String, ?> notice(Standing standing) {
        var account = standing.account();
        var open = invoices.ofAccount(account.id(), Long.MAX_VALUE, INVOICES).stream()
                .filter(invoice -> invoice.status() == InvoiceStatus.OPEN)
                .reduce((newer, older) -> older);
        if (open.isPresent() && (standing.access() == AccessDecision.ACCOUNT_SUSPENDED || account.card() == null)) {
            var invoice = open.get();
            return notice(
                    standing.access() == AccessDecision.ACCOUNT_SUSPENDED
                            ? "Your access is paused."
                            : "A payment is due.",
                    "Invoice " + invoice.issuedNumber() + " of " + text(invoices.openAmount(invoice), account)
                            + " is open, due on " + Wording.day(invoice.dueOn()) + ".",
                    "Pay invoice " + invoice.issuedNumber(),
                    seller.payUrl(invoice.issuedNumber()));
        }
        var percent = Integer.parseInt(percent(standing.month().accrued(), account.monthlyLimit()));
        if (standing.access() == AccessDecision.MONTHLY_LIMIT_REACHED || percent >= NEAR_LIMIT) {
            return notice(
                    percent + " % of your monthly limit is used.",
                    standing.access() == AccessDecision.MONTHLY_LIMIT_REACHED
                            ? "Calls are refused with MONTHLY_LIMIT_REACHED until the month ends or the limit is higher."
                            : "When it is reached, calls are refused with MONTHLY_LIMIT_REACHED.",
                    "Ask for a higher limit",
                    "/billing/limit");
        }
        return switch (standing.access()) {
            case PAYMENT_METHOD_REQUIRED ->
                notice(
                        "There is no card on file.",
                        "Your credit is used up, so calls are refused with PAYMENT_METHOD_REQUIRED.",
                        "Write to " + seller.email(),
                        "mailto:" + seller.email());
            case PAYMENT_REQUIRED ->
                notice(
                        "A payment was taken back by your bank.",
                        "Calls are refused with PAYMENT_REQUIRED until it is settled.",
                        "Write to " + seller.email(),
                        "mailto:" + seller.email());
            default -> null;
        };
    }

    private static Map<String, ?> notice(String strong, String text, String action, String href) {
        return Map.of("strong", strong, "text", text, "action", action, "href", href);
    }

    private Map<String, ?> usage(Account account, BillingPeriod month, List<RunningCost.Day> days) {
        var book = prices.load();
        var byProduct = new TreeMap<String, List<RunningCost.Day>>();
        var byDay = new TreeMap<LocalDate, Map<String, BigDecimal>>();
        for (var day : days) {
            byProduct.computeIfAbsent(day.product(), _ -> new ArrayList<>()).add(day);
            byDay.computeIfAbsent(day.day(), _ -> new HashMap<>()).merge(day.product(), day.cost(), BigDecimal::add);
        }
        var products = List.copyOf(byProduct.keySet());
        var last = month.firstDay().plusMonths(1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("any", !days.isEmpty());
        view.put("chart", UsageChart.svg(month.firstDay().datesUntil(last).toList(), products, byDay));
        view.put("total", exact(sum(days, RunningCost.Day::cost), account));
        view.put(
                "products",
                IntStream.range(0, products.size())
                        .mapToObj(n -> {
                            var of = byProduct.getOrDefault(products.get(n), List.of());
                            var product = book.product(products.get(n));
                            return Map.of(
                                    "colour", "p" + n % UsageChart.COLOURS,
                                    "name", product.id(),
                                    "quantity",
                                            Figures.quantity(sum(of, RunningCost.Day::quantity)) + " " + product.unit(),
                                    "price", price(account, product, book),
                                    "amount", exact(sum(of, RunningCost.Day::cost), account));
                        })
                        .toList());
        view.put(
                "days",
                byDay.entrySet().stream()
                        .map(day -> Map.of(
                                "day",
                                Wording.day(day.getKey()),
                                "costs",
                                products.stream()
                                        .map(product ->
                                                exact(day.getValue().getOrDefault(product, BigDecimal.ZERO), account))
                                        .toList(),
                                "total",
                                exact(
                                        day.getValue().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add),
                                        account)))
                        .toList());
        return view;
    }

    /** The price in force today, as it is listed; of several tiers the first. */
    private String price(Account account, Product product, PriceBook book) {
        return book.priceInForce(account.id(), account.currency(), product.id(), clock.today())
                .map(price -> {
                    var first = price.tiers().getFirst().amount();
                    var listed = first.multiply(product.listedPer()).divide(price.per(), MathContext.DECIMAL64);
                    return (price.tiers().size() > 1 ? "from " : "")
                            + listed.stripTrailingZeros().toPlainString() + " / " + product.listedUnit();
                })
                .orElse("no price in force");
    }

    private static @Nullable Map<String, ?> card(Account account) {
        var card = account.card();
        if (card == null) return null;
        var expires = card.expires();
        return Map.of(
                "label",
                card.label(),
                "expires",
                expires == null ? "" : "%02d/%d".formatted(expires.getMonthValue(), expires.getYear()));
    }

    /** An invoice as a row of a list. */
    Map<String, ?> row(Invoice invoice) {
        var open = invoice.status() == InvoiceStatus.OPEN ? invoices.openAmount(invoice) : BigDecimal.ZERO;
        return Map.of(
                "number", invoice.issuedNumber(),
                "month", Wording.month(invoice.period()),
                "issued", Wording.day(invoice.issuedOn()),
                "due", Wording.day(invoice.dueOn()),
                "total", Amounts.text(invoice.total(), invoice.currency()),
                "status", status(invoice),
                "class", invoice.status().name().toLowerCase(Locale.ROOT),
                "open", open.signum() > 0 ? Amounts.text(open, invoice.currency()) : "",
                "pay", open.signum() > 0 ? seller.payUrl(invoice.issuedNumber()) : "");
    }

    private static String status(Invoice invoice) {
        return switch (invoice.status()) {
            case DRAFT -> "Draft";
            case OPEN -> "Open";
            case PAID -> invoice.amountDue().signum() > 0 ? "Paid" : "Nothing to pay";
            case VOID -> "Void";
            case UNCOLLECTIBLE -> "Written off";
        };
    }

    private static String percent(BigDecimal part, BigDecimal whole) {
        if (whole.signum() == 0) return "100";
        return part.max(BigDecimal.ZERO)
                .multiply(HUNDRED)
                .divide(whole, 0, RoundingMode.FLOOR)
                .min(HUNDRED)
                .toPlainString();
    }

    private static BigDecimal sum(List<RunningCost.Day> days, Function<RunningCost.Day, BigDecimal> part) {
        return days.stream().map(part).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String text(BigDecimal amount, Account account) {
        return Amounts.text(amount, account.currency());
    }

    /** To the last decimal, so that the rows add up to their sum. */
    private static String exact(BigDecimal amount, Account account) {
        return Amounts.exact(amount, account.currency());
    }
}
