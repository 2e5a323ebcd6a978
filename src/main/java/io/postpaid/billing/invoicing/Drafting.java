package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.billing.invoicing.Draft.NothingToBill;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.pricing.calculation.CalculatedTaxes;
import io.postpaid.pricing.calculation.TaxQuestion;
import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.pricebook.PriceModel;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

        var amounts = amounts(facts);
        var nothing = Rounding.toMinorUnit(ZERO, account.currency());
        var subtotal = amounts.stream().reduce(nothing, BigDecimal::add);
        var credits = facts.cost().creditsOf(subtotal, account.currency());
        var assessed = taxation.lines().assess(facts, amounts, credits);
        if (!(assessed instanceof LineTaxes.Assessed.Taxed(var taxes, var positions))) {
            return ((LineTaxes.Assessed.Undecided) assessed).held();
        }
        var net = subtotal.subtract(credits);
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
                lines(facts, amounts, positions),
                taxes.stream().map(one -> one.in(exchange.orElse(null))).toList());
    }

    /** What the lines of its usage are rounded to. */
    private static List<BigDecimal> amounts(Billable facts) {
        return facts.usage().stream()
                .map(usage -> amount(usage, facts.account().currency()))
                .toList();
    }

    private static BigDecimal amount(Billable.Usage usage, String currency) {
        if (usage.price().model() == PriceModel.PACKAGE) return Rounding.toMinorUnit(usage.amount(), currency);
        var listed = usage.price().tiers().get(usage.tier() - 1).amount();
        return Rounding.toMinorUnit(
                usage.quantity().multiply(listed), usage.price().per(), currency);
    }

    /** What Stripe Tax has to be asked for the invoice of these facts; nothing where the answer is there, or cannot be. */
    Optional<TaxQuestion> question(Billable facts, TaxesByStripe taxes) {
        var currency = Currencies.find(facts.account().currency());
        if (currency.isEmpty()
                || !currency.get().billable()
                || !facts.unpriced().isEmpty()) return Optional.empty();
        var amounts = amounts(facts);
        var subtotal = amounts.stream()
                .reduce(Rounding.toMinorUnit(ZERO, facts.account().currency()), BigDecimal::add);
        var credits = facts.cost().creditsOf(subtotal, facts.account().currency());
        var result = taxes.result(facts, TaxesByStripe.nets(facts, amounts, credits));
        return result instanceof CalculatedTaxes.Result.NotAnswered(var question, var _)
                ? Optional.of(question)
                : Optional.empty();
    }

    private static List<InvoiceLine> lines(Billable facts, List<BigDecimal> amounts, List<Integer> taxes) {
        return IntStream.range(0, amounts.size())
                .mapToObj(i -> line(i + 1, facts.usage().get(i), amounts.get(i), taxes.get(i)))
                .toList();
    }

    private static InvoiceLine line(int position, Billable.Usage usage, BigDecimal amount, int tax) {
        var price = usage.price();
        var product = usage.product();
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
                amount,
                tax);
    }

    /** The same number without trailing zeros, and never in scientific notation. */
    private static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
