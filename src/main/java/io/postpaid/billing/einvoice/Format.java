package io.postpaid.billing.einvoice;

import io.postpaid.billing.einvoice.EInvoice.Party;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What an e-invoice is written in. */
public enum Format {
    /** EN 16931 in the spelling CII, as the PDF carries it (Factur-X, ZUGFeRD). */
    CII,
    /** What German authorities take, in UBL. */
    XRECHNUNG,
    /** Peppol BIS Billing 3, in UBL. */
    PEPPOL;

    private static final Ubl GERMAN = new Ubl("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0");
    private static final Ubl EUROPEAN =
            new Ubl("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0");

    /** @throws IllegalArgumentException if there is none of this name */
    public static Format of(String name) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no such format: it is one of " + Arrays.toString(values())));
    }

    /**
     * The XML, in UTF-8.
     *
     * @throws IllegalArgumentException if it asks for something that is not known, naming where to give it
     */
    public byte[] write(EInvoice invoice) {
        var missing = missing(invoice);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("%s cannot be written as %s, which asks for: %s"
                    .formatted(invoice.number(), this, String.join("; ", missing)));
        }
        return switch (this) {
            case CII -> Cii.write(invoice);
            case XRECHNUNG -> GERMAN.write(invoice);
            case PEPPOL -> EUROPEAN.write(invoice);
        };
    }

    /** What it asks for and nobody has said, each with where to say it. */
    public List<String> missing(EInvoice invoice) {
        var missing = new ArrayList<String>();
        need(missing, invoice.buyer().place().country(), "the customer's country");
        boolean taxed =
                invoice.taxes().stream().anyMatch(tax -> !tax.category().code().equals("O"));
        if (taxed)
            need(missing, invoice.seller().vatId() + invoice.seller().taxNumber(), "tax_id of templates/seller.yaml");
        rounding(missing, invoice);
        if (this == PEPPOL) {
            peppolId(missing, invoice.seller(), "peppol_id of templates/e-invoice.yaml");
            peppolId(
                    missing,
                    invoice.buyer(),
                    "the customer's peppol_id in the file of accounts, before the invoice is issued");
        }
        if (this == XRECHNUNG) {
            var seller = invoice.seller();
            need(missing, seller.place().city(), "city of templates/e-invoice.yaml");
            need(missing, seller.place().postalCode(), "postal_code of templates/e-invoice.yaml");
            need(missing, seller.contact().name(), "contact of templates/e-invoice.yaml");
            need(missing, seller.contact().phone(), "phone of templates/e-invoice.yaml");
            need(missing, invoice.buyer().place().city(), "the customer's city");
            need(missing, invoice.buyer().place().postalCode(), "the customer's postal code");
        }
        return missing;
    }

    /** Where amounts have three decimals, or none: the standard has two, and wants each tax to be its rate within one. */
    private static void rounding(List<String> missing, EInvoice invoice) {
        if (invoice.sums().due().stripTrailingZeros().scale() > 2) missing.add("amounts of two decimals");
        if (!invoice.taxes().stream().allMatch(Format::atItsRate)) {
            missing.add(
                    "amounts in which each part of a tax differs from its rate by less than one " + invoice.currency());
        }
    }

    private static boolean atItsRate(EInvoice.Tax tax) {
        var percent = Objects.requireNonNullElse(tax.category().percent(), BigDecimal.ZERO);
        var computed = tax.base().multiply(percent).movePointLeft(2);
        return tax.amount().subtract(computed).abs().compareTo(BigDecimal.ONE) < 0;
    }

    private static void peppolId(List<String> missing, Party party, String what) {
        if (Endpoint.of(party.endpoint()).scheme().equals("EM")) missing.add(what);
    }

    private static void need(List<String> missing, String text, String what) {
        if (text.isBlank()) missing.add(what);
    }

    /** As commands and addresses write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
