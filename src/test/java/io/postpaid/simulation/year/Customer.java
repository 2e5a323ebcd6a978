package io.postpaid.simulation.year;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A customer of the year; the name says what happens to it.
 *
 * @param card Stripe's test card, or empty
 * @param free its allowance
 */
record Customer(String id, String country, String currency, String taxId, String card, String free) {
    private static final LocalDate RATE_CHANGE = LocalDate.of(2026, 7, 1);
    private static final LocalDate EXEMPT_UNTIL = LocalDate.of(2026, 8, 31);

    static final String TAXES = """
            rates:
              - {country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01, registration: OSS}
              - {country: FI, percent: "24", name: ALV, effective_from: 2026-07-01, registration: OSS}
              - {country: DE, percent: "19", name: USt, effective_from: 2021-01-01, registration: OSS}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge"}
            exempt: [{account: exempt, reason: "Certificate on file", until: 2026-08-31}]
            """;

    static final List<Customer> ALL = List.of(
            new Customer("allowance-us", "US", "USD", "", "visa", "20.00"),
            new Customer("allowance-fi", "FI", "EUR", "", "visa", "15.00"),
            new Customer("bought", "FI", "EUR", "", "visa", "0"),
            new Customer("bought-disputed", "FI", "EUR", "", "createDispute", "0"),
            new Customer("business", "DE", "EUR", "DE129273398", "visa", "0"),
            new Customer("declined", "US", "USD", "", "visa_chargeDeclinedInsufficientFunds", "0"),
            new Customer("disputed", "DE", "EUR", "", "createDispute", "0"),
            new Customer("exempt", "FI", "EUR", "", "visa", "0"),
            new Customer("held", "DE", "EUR", "", "visa", "0"),
            new Customer("late", "FI", "EUR", "", "visa", "0"),
            new Customer("new-card", "DE", "EUR", "", "visa_chargeDeclined", "0"),
            new Customer("noted", "FI", "EUR", "", "visa", "0"),
            new Customer("promoted", "US", "USD", "", "visa", "5.00"),
            new Customer("refund-fails", "US", "USD", "", "refundFail", "0"),
            new Customer("refund-waits", "FI", "EUR", "", "pendingRefund", "0"),
            new Customer("tiny", "US", "USD", "", "visa", "0"),
            new Customer("transfers", "DE", "EUR", "", "", "0"),
            new Customer("written-off", "US", "USD", "", "visa_chargeDeclined", "0"));

    static String file() {
        return ALL.stream()
                .map(one -> "%1$s,Customer %1$s,%1$s@a.example,%2$s,%3$s,%4$s,%5$s,%6$s,100000,%7$s,2026-01-01\n"
                        .formatted(
                                one.id,
                                one.country,
                                one.taxId.isEmpty() ? "no" : "yes",
                                one.taxId,
                                one.currency,
                                one.free,
                                one.card.isEmpty() ? "" : "pm_card_" + one.card))
                .collect(Collectors.joining(
                        "",
                        "id,name,email,country,business,tax_id,currency,free_credit,monthly_limit,payment_method,created_on\n",
                        ""));
    }

    /** The tax on what was supplied on a day: country, percent and name, or why there is none. */
    String tax(LocalDate day) {
        if (!taxId.isEmpty()) return "AE";
        if (id.equals("exempt") && !day.isAfter(EXEMPT_UNTIL)) return "E";
        return switch (country) {
            case "FI" -> day.isBefore(RATE_CHANGE) ? "FI 25.5 ALV" : "FI 24 ALV";
            case "DE" -> "DE 19 USt";
            default -> "G";
        };
    }
}
