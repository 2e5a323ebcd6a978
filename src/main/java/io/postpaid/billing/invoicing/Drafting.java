package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.billing.invoicing.Draft.NothingToBill;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxDecision;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Turns facts into an invoice: no clock, no database. */
@Component
class Drafting {
    private static final int DAYS_TO_PAY = 7;

    private final CurrencySettings settings;
    private final Printability printability;

    Drafting(CurrencySettings settings, Printability printability) {
        this.settings = settings;
        this.printability = printability;
    }

    /** @param taxation by which its lines are taxed */
    Draft draft(Billable facts, Taxation taxation) {
        var account = facts.account();
        var objection = printability.objection(BilledTo.of(account), facts.words());
        if (objection.isPresent()) return new Held(account.id(), Draft.Reason.NOT_PRINTABLE, objection.get());
        if (!facts.unpriced().isEmpty()) {
            return new Held(
                    account.id(),
                    Draft.Reason.NO_PRICE,
                    "no price in force for " + String.join(", ", facts.unpriced()));
        }
        if (!facts.givenTwice().isEmpty()) {
            return new Held(account.id(), Draft.Reason.GIVEN_BACK_TWICE, facts.givenTwice());
        }
        if (facts.usage().isEmpty() && facts.cost().accrued().signum() == 0) return new NothingToBill(account.id());
        if (account.name().isEmpty() || account.email().isEmpty()) {
            return new Held(
                    account.id(),
                    Draft.Reason.NO_CUSTOMER,
                    "its first call has created it, and " + (account.name().isEmpty() ? "name" : "e-mail address")
                            + " is not known: ./postpaid accounts import, or PUT /v1/accounts/" + account.id());
        }
        var currency = Currencies.find(account.currency());
        if (currency.isEmpty() || !currency.get().billable()) {
            return new Held(
                    account.id(),
                    Draft.Reason.CURRENCY,
                    "no bill can be paid in " + account.currency()
                            + currency.map(known -> ": " + known.refusedBecause())
                                    .orElse(""));
        }

        var decided = decided(facts, taxation);
        var undecided = decided.stream()
                .flatMap(decision -> decision instanceof TaxDecision.Held held ? Stream.of(held) : Stream.empty())
                .distinct()
                .toList();
        if (!undecided.isEmpty()) return untaxed(account.id(), undecided);
        var amounts = new LinkedHashMap<Tax, BigDecimal>();
        var lines = lines(facts, decided, amounts);
        var nothing = Rounding.toMinorUnit(ZERO, account.currency());
        var subtotal = lines.stream().map(InvoiceLine::amount).reduce(nothing, BigDecimal::add);
        var credits = facts.cost().creditsOf(subtotal, account.currency());
        var net = subtotal.subtract(credits);
        var taxes = Taxing.of(amounts, credits, account.currency());
        var tax = Taxing.sum(taxes, InvoiceTax::tax);
        var local = taxation.localCurrency(account.address().country(), account.currency(), taxes);
        var exchange = local.flatMap(to -> taxation.exchange(account.currency(), to));
        if (local.isPresent() && exchange.isEmpty()) {
            return new Held(
                    account.id(),
                    Draft.Reason.NO_EXCHANGE_RATE,
                    "its tax is due in " + local.get() + ", and "
                            + ExchangeTable.missing(account.currency(), local.get(), taxation.taxPoint()));
        }
        var total = net.add(tax);
        var gross = total.add(facts.carriedIn());
        var ceiling = settings.mostCharge(account.currency());
        // A void of such usage that falls into a later month makes that month as large below zero.
        var largest = subtotal.abs().compareTo(gross.abs()) > 0 ? subtotal : gross;
        if (largest.abs().compareTo(ceiling) > 0) {
            return new Held(
                    account.id(),
                    Draft.Reason.ABOVE_CEILING,
                    "the invoice would be of " + Amounts.text(largest, account.currency())
                            + ", above the ceiling of " + Amounts.text(ceiling, account.currency())
                            + ": void the usage that is wrong, or raise the ceiling in templates/currencies.yaml");
        }
        // What is owed to the customer goes to the account balance; what it can pay is seen when the draft is issued.
        var fromBalance = gross.min(nothing);
        var rest = gross.subtract(fromBalance);
        var forward = rest.compareTo(settings.leastCharge(account.currency())) < 0 ? rest : nothing;
        return new Drafted(
                new Invoice(
                        0,
                        account.id(),
                        facts.period(),
                        account.currency(),
                        InvoiceStatus.DRAFT,
                        null,
                        BilledTo.of(account),
                        facts.period().issuedOn(),
                        facts.period().issuedOn().plusDays(DAYS_TO_PAY),
                        taxation.taxPoint(),
                        subtotal,
                        credits,
                        tax,
                        total,
                        facts.carriedIn(),
                        forward,
                        fromBalance,
                        rest.subtract(forward),
                        null),
                lines,
                taxes.stream().map(one -> one.in(exchange.orElse(null))).toList());
    }

    private static Held untaxed(String account, List<TaxDecision.Held> undecided) {
        var reason = switch (undecided.getFirst().cause()) {
            case NO_RATE -> Draft.Reason.NO_TAX_RATE;
            case ID_NOT_CONFIRMED -> Draft.Reason.VAT_ID_NOT_CONFIRMED;
        };
        return new Held(
                account, reason, undecided.stream().map(TaxDecision.Held::why).collect(Collectors.joining("; ")));
    }

    /** For each line; where there is none, for what accrued without any. */
    private static List<TaxDecision> decided(Billable facts, Taxation taxation) {
        var customer = TaxCustomer.of(facts.account());
        var rules = taxation.rules();
        if (facts.usage().isEmpty()) {
            return List.of(rules.decide(customer, Product.STANDARD, taxation.dayOf(facts.period())));
        }
        return facts.usage().stream()
                .map(usage -> rules.decide(customer, usage.product().taxCategory(), taxation.dayOf(usage.month())))
                .toList();
    }

    /** @param amounts is filled with what bears each tax */
    private static List<InvoiceLine> lines(
            Billable facts, List<TaxDecision> decided, SequencedMap<Tax, BigDecimal> amounts) {
        var lines = new ArrayList<InvoiceLine>();
        decided.forEach(decision -> amounts.putIfAbsent(((TaxDecision.Taxed) decision).tax(), ZERO));
        var positions = List.copyOf(amounts.keySet());
        for (var usage : facts.usage()) {
            var tax = ((TaxDecision.Taxed) decided.get(lines.size())).tax();
            var line = line(
                    lines.size() + 1,
                    usage,
                    positions.indexOf(tax) + 1,
                    facts.account().currency());
            amounts.merge(tax, line.amount(), BigDecimal::add);
            lines.add(line);
        }
        return lines;
    }

    private static InvoiceLine line(int position, Billable.Usage usage, int tax, String currency) {
        var price = usage.price();
        var product = usage.product();
        var listed = price.tiers().get(usage.tier() - 1).amount();
        boolean packaged = price.model() == PriceModel.PACKAGE;
        var asListed = price.listed(product, usage.tier());
        return new InvoiceLine(
                position,
                product.id(),
                usage.month(),
                price.id(),
                usage.tier(),
                plain(usage.quantity()),
                product.unit(),
                asListed.amount(),
                asListed.unit(),
                packaged
                        ? Rounding.toMinorUnit(usage.amount(), currency)
                        : Rounding.toMinorUnit(usage.quantity().multiply(listed), price.per(), currency),
                tax);
    }

    /** The same number without trailing zeros, and never in scientific notation. */
    private static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
