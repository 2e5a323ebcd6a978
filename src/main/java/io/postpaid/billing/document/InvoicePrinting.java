package io.postpaid.billing.document;

import io.postpaid.account.Address;
import io.postpaid.billing.document.InvoiceDocument.Amount;
import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.billing.document.InvoiceDocument.Line;
import io.postpaid.billing.document.InvoiceDocument.TaxAmount;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says an invoice in words and figures, ready to be drawn. */
@Component
class InvoicePrinting {
    private final JdbcClient jdbc;
    private final Invoices invoices;
    private final Seller seller;
    private final String language;
    private final Phrases phrases;
    private final Locale locale;
    private final DecimalFormatSymbols symbols;
    private final DateTimeFormatter dates;
    private final DateTimeFormatter months;
    private final Map<String, String> countries = new ConcurrentHashMap<>();

    InvoicePrinting(JdbcClient jdbc, Invoices invoices, Seller seller, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.invoices = invoices;
        this.seller = seller;
        this.language = Look.load(templates).language();
        this.phrases = templates.yaml("invoice/phrases." + language + ".yaml", Phrases.class);
        this.locale = Locale.forLanguageTag(phrases.locale());
        this.symbols = DecimalFormatSymbols.getInstance(locale);
        this.dates = DateTimeFormatter.ofPattern(phrases.date(), locale);
        this.months = DateTimeFormatter.ofPattern("MMMM yyyy", locale);
    }

    /** The sentences and labels of {@code templates/invoice/phrases.<language>.yaml}. */
    record Phrases(
            String locale,
            String date,
            String lateUsage,
            String tier,
            String priceFrom,
            String credit,
            String creditReturned,
            String carriedIn,
            String carriedForward,
            String fromBalance,
            String covered,
            String paidFromBalance,
            String tooSmall,
            String card,
            String noCard,
            Map<String, String> products) {}

    /** The printed sentences and labels, to be checked before they are needed. */
    String words() {
        return phrases.toString();
    }

    /** What the documents of some invoices of one period say, in their order. */
    List<InvoiceDocument> of(List<Invoice> printed) {
        var lines = invoices.lines(printed.stream().map(Invoice::id).toList());
        var pricedSince = pricedSince(lines.values());
        var costs = dailyCosts(printed);
        return printed.stream()
                .map(invoice -> document(
                        invoice,
                        lines.getOrDefault(invoice.id(), List.of()),
                        pricedSince,
                        costs.getOrDefault(invoice.account(), Map.of())))
                .toList();
    }

    private InvoiceDocument document(
            Invoice invoice,
            List<InvoiceLine> lines,
            Map<Long, LocalDate> pricedSince,
            Map<LocalDate, BigDecimal> costs) {
        return new InvoiceDocument(
                Kind.INVOICE,
                language,
                invoice.issuedNumber(),
                invoice.issuedOn(),
                date(invoice.issuedOn()),
                invoice.amountDue().signum() == 0 ? "" : date(invoice.dueOn()),
                invoice.period().firstDay().getDayOfMonth() + " – "
                        + date(invoice.period().issuedOn().minusDays(1)),
                invoice.currency(),
                customer(invoice),
                "",
                lines.stream()
                        .map(line -> line(line, lines, pricedSince, invoice))
                        .toList(),
                amount(invoice.subtotal(), invoice),
                invoice.credits().signum() == 0
                        ? List.of()
                        : List.of(new Amount(
                                invoice.credits().signum() > 0 ? phrases.credit() : phrases.creditReturned(),
                                amount(invoice.credits().negate(), invoice))),
                taxes(invoice),
                invoice.taxNote(),
                amount(invoice.total(), invoice),
                carried(invoice),
                amount(invoice.amountDue(), invoice),
                payment(invoice),
                dailyCost(invoice, costs));
    }

    /** A credit note has one line: why, and how much. */
    InvoiceDocument of(CreditNote note, Invoice invoice) {
        var net = note.amount().subtract(note.tax());
        return new InvoiceDocument(
                Kind.CREDIT_NOTE,
                language,
                note.number(),
                note.issuedOn(),
                date(note.issuedOn()),
                "",
                invoice.period().firstDay().getDayOfMonth() + " – "
                        + date(invoice.period().issuedOn().minusDays(1)),
                invoice.currency(),
                customer(invoice),
                invoice.issuedNumber(),
                List.of(new Line("", note.reason(), "", "1", "", amount(net, invoice), amount(net, invoice))),
                amount(net, invoice),
                List.of(),
                note.tax().signum() == 0
                        ? List.of()
                        : List.of(new TaxAmount(
                                invoice.taxName() + " " + number(invoice.taxPercent()) + " %",
                                amount(net, invoice),
                                amount(note.tax(), invoice))),
                invoice.taxNote(),
                amount(note.amount(), invoice),
                List.of(),
                amount(note.amount(), invoice),
                "",
                List.of());
    }

    private Customer customer(Invoice invoice) {
        var customer = invoice.customer();
        var address = customer.address();
        return new Customer(
                customer.name(),
                Stream.of(address.line1(), address.line2(), place(address), country(address.country()))
                        .filter(line -> !line.isBlank())
                        .toList(),
                customer.taxId(),
                customer.email(),
                invoice.account(),
                address.country());
    }

    private Map<Long, LocalDate> pricedSince(Collection<List<InvoiceLine>> lines) {
        var since = new HashMap<Long, LocalDate>();
        jdbc.sql("select id, effective_from from price where id = any(:prices)")
                .param(
                        "prices",
                        lines.stream()
                                .flatMap(List::stream)
                                .map(InvoiceLine::price)
                                .distinct()
                                .toArray(Long[]::new))
                .query(row -> {
                    since.put(row.getLong("id"), row.getObject("effective_from", LocalDate.class));
                });
        return since;
    }

    private Line line(InvoiceLine line, List<InvoiceLine> lines, Map<Long, LocalDate> since, Invoice invoice) {
        boolean tiered = lines.stream().anyMatch(other -> other.price() == line.price() && other.tier() != line.tier());
        boolean changed = lines.stream()
                .anyMatch(other -> other.product().equals(line.product())
                        && other.usagePeriod().equals(line.usagePeriod())
                        && other.price() != line.price());
        var notes = new ArrayList<String>();
        if (!line.usagePeriod().equals(invoice.period())) {
            notes.add(phrases.lateUsage().replace("{period}", monthOf(line.usagePeriod())));
        }
        if (tiered) notes.add(phrases.tier().replace("{tier}", Integer.toString(line.tier())));
        if (changed)
            notes.add(phrases.priceFrom().replace("{date}", date(Objects.requireNonNull(since.get(line.price())))));
        return new Line(
                line.product(),
                phrases.products().getOrDefault(line.product(), line.product()),
                String.join(" · ", notes),
                number(line.quantity()),
                line.unit(),
                price(line.unitPrice(), invoice) + " / " + line.listedUnit(),
                amount(line.amount(), invoice));
    }

    private List<TaxAmount> taxes(Invoice invoice) {
        if (invoice.taxName().isEmpty()) return List.of();
        return List.of(new TaxAmount(
                invoice.taxName() + " " + number(invoice.taxPercent()) + " %",
                amount(invoice.subtotal().subtract(invoice.credits()), invoice),
                amount(invoice.tax(), invoice)));
    }

    private List<Amount> carried(Invoice invoice) {
        return Stream.of(
                        new Labelled(phrases.carriedIn(), invoice.carriedIn()),
                        new Labelled(
                                phrases.carriedForward(),
                                invoice.carriedForward().negate()),
                        new Labelled(
                                phrases.fromBalance(), invoice.fromBalance().negate()))
                .filter(row -> row.amount().signum() != 0)
                .map(row -> new Amount(row.label(), amount(row.amount(), invoice)))
                .toList();
    }

    private record Labelled(String label, BigDecimal amount) {}

    private String payment(Invoice invoice) {
        if (invoice.carriedForward().signum() != 0) return phrases.tooSmall();
        if (invoice.amountDue().signum() == 0) {
            return invoice.fromBalance().signum() == 0 ? phrases.covered() : phrases.paidFromBalance();
        }
        var card = invoice.customer().card();
        return !card.isEmpty()
                ? phrases.card().replace("{card}", card).replace("{date}", date(invoice.issuedOn()))
                : phrases.noCard()
                        .replace("{date}", date(invoice.dueOn()))
                        .replace("{url}", seller.payUrl(invoice.issuedNumber()));
    }

    private Map<String, Map<LocalDate, BigDecimal>> dailyCosts(List<Invoice> printed) {
        var costs = new HashMap<String, Map<LocalDate, BigDecimal>>();
        jdbc.sql("""
                        select account, day, sum(amount) as cost
                          from usage_line
                         where account = any(:accounts) and period = :period and day >= :period and price is not null
                         group by account, day""")
                .param("accounts", Column.of(printed, Invoice::account))
                .param("period", printed.getFirst().period().firstDay())
                .query(row -> {
                    costs.computeIfAbsent(row.getString("account"), account -> new HashMap<>())
                            .put(row.getObject("day", LocalDate.class), row.getBigDecimal("cost"));
                });
        return costs;
    }

    private static List<BigDecimal> dailyCost(Invoice invoice, Map<LocalDate, BigDecimal> byDay) {
        return IntStream.rangeClosed(1, invoice.period().month().lengthOfMonth())
                .mapToObj(day -> byDay.getOrDefault(invoice.period().month().atDay(day), BigDecimal.ZERO))
                .toList();
    }

    private String amount(BigDecimal amount, Invoice invoice) {
        var decimals = Currencies.get(invoice.currency()).decimals();
        var format = format();
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        return format.format(amount).replace('-', '−');
    }

    /** All of its decimals, and at least those of the currency. */
    private String price(BigDecimal price, Invoice invoice) {
        var format = format();
        format.setMinimumFractionDigits(Currencies.get(invoice.currency()).decimals());
        format.setMaximumFractionDigits(12);
        return format.format(price);
    }

    private String number(BigDecimal number) {
        var format = format();
        format.setMaximumFractionDigits(12);
        return format.format(number).replace('-', '−');
    }

    private DecimalFormat format() {
        return new DecimalFormat("#,##0", symbols);
    }

    private String date(LocalDate date) {
        return dates.format(date);
    }

    private String monthOf(BillingPeriod period) {
        return months.format(period.firstDay());
    }

    /** Town and code in the order of the country. */
    private static String place(Address address) {
        boolean codeLast = Set.of("US", "CA", "AU", "GB", "IN").contains(address.country());
        var parts = codeLast
                ? Stream.of(
                        address.city() + (address.state().isBlank() ? "" : ","), address.state(), address.postalCode())
                : Stream.of(address.postalCode(), address.city(), address.state());
        return parts.filter(part -> !part.isBlank()).collect(Collectors.joining(" "));
    }

    /** The country's name for its code; anything else is printed as it is. */
    private String country(String country) {
        return countries.computeIfAbsent(
                country, code -> code.matches("[A-Z]{2}") ? Locale.of("", code).getDisplayCountry(locale) : code);
    }
}
