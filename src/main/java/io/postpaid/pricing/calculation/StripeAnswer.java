package io.postpaid.pricing.calculation;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads a calculation of Stripe: pure functions. What is not as Stripe describes it throws. */
final class StripeAnswer {
    /** Parts are given with so many decimals at most. */
    private static final int SCALE = 8;

    /** With so many the tax of any amount is met. */
    private static final int FITTING_SCALE = 14;

    /** An exemption is printed with its reason. */
    private static final String PRODUCT = "The product is exempt from tax";

    private static final int NAME_MAX = 50;
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,8})?");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final Map<String, String> NAMES = Map.of(
            "sales_tax",
            "Sales tax",
            "vat",
            "VAT",
            "gst",
            "GST",
            "hst",
            "HST",
            "pst",
            "PST",
            "qst",
            "QST",
            "rst",
            "RST",
            "jct",
            "JCT",
            "igst",
            "IGST");

    /** The first that is found of a line's reasons says why it bears no tax. */
    private static final SequencedMap<String, TaxReason> UNTAXED = untaxed();

    private StripeAnswer() {}

    /** A tax with its percentage in name, and its amount. */
    record Part(Tax tax, BigDecimal amount) {}

    private static SequencedMap<String, TaxReason> untaxed() {
        var reasons = new LinkedHashMap<String, TaxReason>();
        reasons.put("reverse_charge", TaxReason.REVERSE_CHARGE);
        reasons.put("customer_exempt", TaxReason.EXEMPT);
        reasons.put("product_exempt", TaxReason.EXEMPT);
        reasons.put("product_exempt_holiday", TaxReason.EXEMPT);
        reasons.put("portion_product_exempt", TaxReason.EXEMPT);
        reasons.put("portion_standard_rated", TaxReason.EXEMPT);
        reasons.put("zero_rated", TaxReason.ZERO_RATED);
        return reasons;
    }

    /**
     * @param notes what invoices say of reverse charge and of exemptions
     * @param abroad whether a sale that bears no tax there is an export
     * @return by reference
     */
    static Map<String, Part> read(
            TaxQuestion question, JsonNode calculation, Map<TaxReason, String> notes, boolean abroad) {
        var id = calculation.path("id").asString("");
        if (!calculation.path("currency").asString("").equalsIgnoreCase(question.currency())) {
            throw new IllegalArgumentException("calculation " + id + " of Stripe is in another currency");
        }
        var parts = new LinkedHashMap<String, Part>();
        for (var line : calculation.path("line_items").path("data")) {
            var item = question.items().stream()
                    .filter(one -> one.reference().equals(line.path("reference").asString("")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "calculation " + id + " of Stripe has a line that nobody asked for"));
            long asked = minor(item.amount().abs(), question.currency());
            if (line.path("amount").asLong(-1) != asked) {
                throw new IllegalArgumentException("calculation " + id + " of Stripe is of other amounts");
            }
            var amount = Rounding.toMinorUnit(
                    BigDecimal.valueOf(line.path("amount_tax").asLong(), decimals(question.currency())),
                    question.currency());
            var tax = tax(line.path("tax_breakdown"), asked, id, notes, abroad);
            if (amount.signum() < 0 || amount.signum() > 0 && tax.percent().signum() == 0) {
                throw new IllegalArgumentException("calculation " + id + " of Stripe has a tax without a rate");
            }
            parts.put(item.reference(), new Part(tax, item.amount().signum() < 0 ? amount.negate() : amount));
        }
        if (parts.size() != question.items().size()) {
            throw new IllegalArgumentException("calculation " + id + " of Stripe leaves out a line");
        }
        return parts;
    }

    private static Tax tax(JsonNode breakdown, long net, String id, Map<TaxReason, String> notes, boolean abroad) {
        var charged = breakdown
                .valueStream()
                .filter(part -> percent(part).signum() > 0
                        && part.path("taxable_amount").asLong(0) > 0)
                .toList();
        if (charged.isEmpty()) {
            var reasons = breakdown
                    .valueStream()
                    .map(part -> part.path("taxability_reason").asString(""))
                    .toList();
            var reason = UNTAXED.entrySet().stream()
                    .filter(known -> reasons.contains(known.getKey()))
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse(abroad ? TaxReason.EXPORT : TaxReason.NOT_REGISTERED);
            boolean ofProduct = reason == TaxReason.EXEMPT && !reasons.contains("customer_exempt");
            return new Tax(reason, null, "", ZERO, ofProduct ? PRODUCT : notes.getOrDefault(reason, ""), id);
        }
        var percent = charged.stream()
                .map(part ->
                        percent(part).multiply(share(part.path("taxable_amount").asLong(0), net)))
                .reduce(ZERO, BigDecimal::add)
                .stripTrailingZeros();
        return new Tax(TaxReason.STANDARD, null, name(charged), percent, "", id);
    }

    /** A jurisdiction may tax a part of the amount alone, such as 80 %: the shortest part that gives the same. */
    private static BigDecimal share(long taxable, long net) {
        for (int scale = 0; scale < SCALE; scale++) {
            var share = BigDecimal.valueOf(taxable).divide(BigDecimal.valueOf(net), scale, RoundingMode.HALF_UP);
            var again = share.multiply(BigDecimal.valueOf(net)).setScale(0, RoundingMode.HALF_UP);
            if (again.longValueExact() == taxable) return share;
        }
        return BigDecimal.valueOf(taxable).divide(BigDecimal.valueOf(net), SCALE, RoundingMode.HALF_UP);
    }

    /** The tax of each line of a calculation, by its reference. */
    static SequencedMap<String, Tax> rates(JsonNode calculation, Map<TaxReason, String> notes, boolean abroad) {
        var rates = new LinkedHashMap<String, Tax>();
        calculation
                .path("line_items")
                .path("data")
                .forEach(line -> rates.put(
                        line.path("reference").asString(""),
                        tax(
                                line.path("tax_breakdown"),
                                line.path("amount").asLong(1),
                                calculation.path("id").asString(""),
                                notes,
                                abroad)));
        return rates;
    }

    static BigDecimal amount(BigDecimal base, BigDecimal percent, String currency) {
        return Rounding.toMinorUnit(base.multiply(percent), HUNDRED, currency);
    }

    private static BigDecimal percent(JsonNode part) {
        var text = part.path("tax_rate_details").path("percentage_decimal").asString("0");
        if (!PERCENT.matcher(text).matches()) throw new IllegalArgumentException("Stripe has a rate that is no number");
        return new BigDecimal(text);
    }

    private static String name(List<JsonNode> charged) {
        var names = charged.stream()
                .map(part -> part.path("tax_rate_details"))
                .map(rate -> NAMES.getOrDefault(rate.path("tax_type").asString(""), display(rate)))
                .distinct()
                .collect(Collectors.joining(" + "));
        return names.length() > NAME_MAX ? "Tax" : names;
    }

    private static String display(JsonNode rate) {
        var name = rate.path("display_name").asString("").strip();
        return name.isEmpty() || PlainText.hasControl(name) ? "Tax" : name;
    }

    static long minor(BigDecimal amount, String currency) {
        return amount.movePointRight(decimals(currency)).longValueExact();
    }

    private static int decimals(String currency) {
        return Currencies.get(currency).stripeDecimals();
    }

    /** A percentage that gives exactly this tax of this base: the one in name where it does, else the shortest that is near. */
    static BigDecimal fitting(BigDecimal base, BigDecimal tax, BigDecimal percent, String currency) {
        if (base.signum() == 0 || gives(base, tax, percent, currency)) return percent;
        for (int scale = 2; scale <= FITTING_SCALE; scale++) {
            // Of a tax that is less than half a cent in each jurisdiction, nothing is left.
            var near = tax.signum() == 0
                    ? BigDecimal.ONE.movePointLeft(scale)
                    : tax.multiply(HUNDRED).divide(base, scale, RoundingMode.HALF_UP);
            if (near.signum() > 0 && gives(base, tax, near, currency)) return near.stripTrailingZeros();
        }
        throw new IllegalArgumentException("no percentage of " + base + " gives " + tax);
    }

    private static boolean gives(BigDecimal base, BigDecimal tax, BigDecimal percent, String currency) {
        return amount(base, percent, currency).compareTo(tax) == 0;
    }
}
