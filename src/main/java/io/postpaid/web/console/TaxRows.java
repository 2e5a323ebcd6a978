package io.postpaid.web.console;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.tax.Exemption;
import io.postpaid.pricing.tax.ReverseCharge;
import io.postpaid.pricing.tax.TaxReason;
import io.postpaid.web.console.TaxList.Document;
import io.postpaid.web.console.TaxList.Figure;
import io.postpaid.web.console.TaxList.Group;
import io.postpaid.web.console.TaxList.Rate;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Taxes as pages show them. */
final class TaxRows {
    private TaxRows() {}

    static Map<String, ?> row(Rate rate, LocalDate today) {
        var next = rate.next();
        boolean coming = rate.effectiveFrom().isAfter(today);
        boolean over = next != null && !next.isAfter(today);
        return Map.of(
                "country",
                rate.country(),
                "region",
                rate.region(),
                "category",
                rate.category(),
                "customer",
                rate.customer().equals("any") ? "all" : rate.customer(),
                "rate",
                rate.name() + " " + percent(rate.percent()),
                "declared",
                declared(rate.name(), rate.registration()),
                "from",
                rate.effectiveFrom(),
                "to",
                next == null ? "" : next.minusDays(1).toString(),
                "status",
                coming ? "coming" : over ? "over" : "in force",
                "class",
                coming ? "run" : over ? "" : "good");
    }

    static Map<String, ?> row(ReverseCharge reverse) {
        return Map.of(
                "regions", String.join(", ", reverse.regions()), "seller", reverse.seller(), "note", reverse.note());
    }

    static Map<String, ?> row(Exemption exemption, LocalDate today) {
        var until = exemption.until();
        boolean over = until != null && until.isBefore(today);
        return Map.of(
                "account",
                exemption.account(),
                "href",
                Hrefs.account(exemption.account()),
                "reason",
                exemption.reason(),
                "until",
                until == null ? "for ever" : until.toString(),
                "status",
                over ? "over" : "in force",
                "class",
                over ? "" : "good");
    }

    static Map<String, ?> row(Figure figure, BillingPeriod month) {
        var group = figure.of(month.firstDay());
        var row = new HashMap<String, @Nullable Object>(named(group));
        row.put("documents", String.format(Locale.ROOT, "%,d", figure.documents()));
        row.put("href", "/console/taxes/documents?" + parameters(group));
        row.put("invoiced", Amounts.plain(figure.invoiced(), figure.currency()));
        row.put("credited", Amounts.plain(figure.credited(), figure.currency()));
        row.put("base", Amounts.plain(figure.base(), figure.currency()));
        row.put("tax", Amounts.plain(figure.tax(), figure.currency()));
        return row;
    }

    static Map<String, Object> named(Group group) {
        return Map.of(
                "currency", group.currency(),
                "country", group.country().isEmpty() ? "none" : group.country(),
                "region", group.region(),
                "customer", group.customer(),
                "declared", declared(group.name(), group.registration()),
                "label",
                        group.name().isEmpty()
                                ? TaxReason.of(group.category()).toString()
                                : group.name() + " " + percent(group.percent()));
    }

    static Map<String, ?> row(Document document, String currency) {
        var invoice = Objects.requireNonNullElse(document.corrects(), document.number());
        return Map.of(
                "number", document.number(),
                // Documents of top-ups have no page of their own.
                "href", invoice.matches("T[UC]-.*") ? Hrefs.account(document.account()) : Hrefs.invoice(invoice),
                "corrects", document.corrects() == null ? "" : invoice,
                "account", document.account(),
                "account_href", Hrefs.account(document.account()),
                "issued_on", document.issuedOn(),
                "base", Amounts.plain(document.base(), currency),
                "tax", Amounts.plain(document.tax(), currency));
    }

    /** @throws IllegalArgumentException if what stands in the address is none */
    static Group group(Map<String, String> asked, BillingPeriod month) {
        var percent = text(asked, "percent");
        if (!percent.matches("[0-9]{1,3}(\\.[0-9]{1,10})?")) throw new IllegalArgumentException("No such percentage");
        var category = text(asked, "category");
        if (Arrays.stream(TaxReason.values()).noneMatch(reason -> reason.code().equals(category))) {
            throw new IllegalArgumentException("No such tax category");
        }
        return new Group(
                month.firstDay(),
                text(asked, "currency"),
                text(asked, "country"),
                text(asked, "region"),
                text(asked, "registration"),
                text(asked, "customer"),
                category,
                text(asked, "name"),
                new BigDecimal(percent));
    }

    private static String text(Map<String, String> asked, String name) {
        return Typed.text(asked.getOrDefault(name, ""));
    }

    static String parameters(Group group) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("period", BillingPeriod.of(group.period()).toString());
        parameters.put("currency", group.currency());
        parameters.put("country", group.country());
        parameters.put("region", group.region());
        parameters.put("registration", group.registration());
        parameters.put("customer", group.customer());
        parameters.put("category", group.category());
        parameters.put("name", group.name());
        parameters.put("percent", group.percent().toPlainString());
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + Hrefs.parameter(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Nothing is declared where there is no tax. */
    private static String declared(String name, String registration) {
        return name.isEmpty() ? "–" : registration.isEmpty() ? "its own" : registration;
    }

    private static String percent(BigDecimal percent) {
        var plain = percent.signum() == 0 ? "0" : percent.stripTrailingZeros().toPlainString();
        return plain + " %";
    }
}
