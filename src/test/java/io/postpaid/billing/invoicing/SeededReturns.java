package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.billing.invoicing.SeededInvoices.Noted;
import io.postpaid.billing.receipt.CreditBack;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The credit notes of a seeded invoice, and top-ups with theirs. */
record SeededReturns(Random random) {
    /** One after the other, until all of it is credited or the draw ends it. */
    List<Noted> notes(Invoice invoice, List<InvoiceTax> taxes) {
        var notes = new ArrayList<Noted>();
        var before = new HashMap<Integer, InvoiceTax>();
        var all = invoice.total().add(invoice.carriedIn());
        var credited = ZERO;
        while (credited.compareTo(all) < 0 && notes.size() < 4 && random.nextInt(3) > 0) {
            var amount = amount(all.subtract(credited), invoice.currency());
            credited = credited.add(amount);
            var returned = Taxing.returned(taxes, invoice.total(), credited, before, invoice.currency());
            returned.forEach(tax -> before.merge(tax.position(), tax, SeededReturns::sum));
            var note = new CreditNote(
                    "CN-2026-00000" + notes.size(),
                    1,
                    LocalDate.of(2026, 11, 12),
                    amount,
                    Taxing.sum(returned, InvoiceTax::tax),
                    amount,
                    null,
                    SeededInvoices.text(random));
            notes.add(new Noted(note, returned));
        }
        return notes;
    }

    /** Credit that was bought, and what of it goes back, in parts. */
    List<TopUpDocument> topUps(Invoice invoice, InvoiceTax tax) {
        var currency = invoice.currency();
        var net = Rounding.toMinorUnit(BigDecimal.valueOf(random.nextInt(1_000, 100_000), 2), currency);
        var sold = tax.of(net, Rounding.toMinorUnit(net.multiply(tax.percent()).movePointLeft(2), currency));
        var first = topUp(invoice, sold, null);
        var documents = new ArrayList<>(List.of(first));
        var back = new CreditBack(currency, net, sold.tax(), ZERO, ZERO);
        while (documents.size() < 4 && back.netBack().compareTo(net) < 0 && random.nextBoolean()) {
            var part = back.ofNet(amount(net.subtract(back.netBack()), currency));
            back = new CreditBack(
                    currency,
                    net,
                    sold.tax(),
                    back.netBack().add(part.net()),
                    back.taxBack().add(part.tax()));
            var of = new TopUpDocument.Corrected(first.number(), first.issuedOn());
            documents.add(topUp(invoice, tax.of(part.net(), part.tax()), of));
        }
        return documents;
    }

    private TopUpDocument topUp(Invoice invoice, InvoiceTax tax, TopUpDocument.@Nullable Corrected corrects) {
        return new TopUpDocument(
                1,
                corrects == null ? TopUpDocument.Kind.INVOICE : TopUpDocument.Kind.CREDIT_NOTE,
                1,
                "top-up-7",
                invoice.account(),
                corrects,
                corrects == null ? "TU-2026-000007" : "TC-2026-000008",
                LocalDate.of(2026, 11, 3),
                invoice.customer(),
                invoice.currency(),
                tax,
                SeededInvoices.text(random));
    }

    private static InvoiceTax sum(InvoiceTax a, InvoiceTax b) {
        var local = a.local() == null || b.local() == null
                ? null
                : new LocalTax(
                        a.local().exchange(), a.local().amount().add(b.local().amount()));
        return a.of(a.base().add(b.base()), a.tax().add(b.tax())).with(local);
    }

    private BigDecimal amount(BigDecimal rest, String currency) {
        if (random.nextInt(3) == 0) return rest;
        var part = rest.multiply(BigDecimal.valueOf(random.nextInt(1, 60), 2));
        return Rounding.toMinorUnit(part, currency)
                .max(Currencies.get(currency).unit())
                .min(rest);
    }
}
