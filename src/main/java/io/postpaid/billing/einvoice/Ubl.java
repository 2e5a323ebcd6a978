package io.postpaid.billing.einvoice;

import io.postpaid.billing.einvoice.EInvoice.Adjustment;
import io.postpaid.billing.einvoice.EInvoice.Category;
import io.postpaid.billing.einvoice.EInvoice.Days;
import io.postpaid.billing.einvoice.EInvoice.Line;
import io.postpaid.billing.einvoice.EInvoice.Party;
import io.postpaid.billing.einvoice.EInvoice.Payment;
import io.postpaid.billing.einvoice.EInvoice.Tax;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;

/**
 * The spelling of OASIS, Universal Business Language 2.1. The order of elements is that of the schema.
 *
 * @param customization which rules beside those of EN 16931 it follows
 */
record Ubl(String customization) {
    private static final String PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
    private static final String OASIS = "urn:oasis:names:specification:ubl:schema:xsd:";

    byte[] write(EInvoice invoice) {
        var kind = invoice.creditNote() ? "CreditNote" : "Invoice";
        var namespaces = new TreeMap<>(Map.of(
                "xmlns", OASIS + kind + "-2",
                "xmlns:cac", OASIS + "CommonAggregateComponents-2",
                "xmlns:cbc", OASIS + "CommonBasicComponents-2"));
        return Xml.document(kind, namespaces, xml -> {
            head(xml, invoice);
            xml.in("cac:AccountingSupplierParty", seller -> party(seller, invoice.seller()));
            xml.in("cac:AccountingCustomerParty", buyer -> party(buyer, invoice.buyer()));
            xml.in(
                    "cac:Delivery",
                    delivery -> delivery.text(
                            "cbc:ActualDeliveryDate", invoice.period().last().toString()));
            xml.in("cac:PaymentMeans", means -> payment(means, invoice.payment()));
            xml.in(
                    "cac:PaymentTerms",
                    !invoice.payment().terms().isBlank(),
                    terms -> terms.text("cbc:Note", invoice.payment().terms()));
            for (var adjustment : invoice.adjustments()) adjustment(xml, adjustment, invoice.currency());
            xml.in("cac:TaxTotal", total -> {
                amount(total, "cbc:TaxAmount", invoice.sums().tax(), invoice.currency());
                for (var tax : invoice.taxes()) tax(total, tax, invoice.currency());
            });
            var local = invoice.sums().local();
            if (local != null) {
                xml.in("cac:TaxTotal", total -> amount(total, "cbc:TaxAmount", local.amount(), local.currency()));
            }
            sums(xml, invoice);
            for (int i = 0; i < invoice.lines().size(); i++) {
                line(xml, i + 1, invoice.lines().get(i), invoice);
            }
        });
    }

    private void head(Xml xml, EInvoice invoice) throws XMLStreamException {
        xml.text("cbc:CustomizationID", customization);
        xml.text("cbc:ProfileID", PROFILE);
        xml.text("cbc:ID", invoice.number());
        xml.text("cbc:IssueDate", invoice.issuedOn().toString());
        if (invoice.dueOn() != null && !invoice.creditNote()) {
            xml.text("cbc:DueDate", invoice.dueOn().toString());
        }
        xml.text(
                invoice.creditNote() ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode",
                invoice.creditNote() ? "381" : "380");
        // Of notes there may be one.
        xml.text("cbc:Note", String.join(" ", invoice.notes()));
        if (invoice.taxPoint() != null) {
            xml.text("cbc:TaxPointDate", invoice.taxPoint().toString());
        }
        xml.text("cbc:DocumentCurrencyCode", invoice.currency());
        var local = invoice.sums().local();
        if (local != null) xml.text("cbc:TaxCurrencyCode", local.currency());
        xml.text("cbc:BuyerReference", invoice.buyerReference());
        period(xml, invoice.period());
        xml.in(
                "cac:OrderReference",
                !invoice.purchaseOrder().isBlank(),
                order -> order.text("cbc:ID", invoice.purchaseOrder()));
        var corrects = invoice.corrects();
        if (corrects == null) return;
        xml.in(
                "cac:BillingReference",
                reference -> reference.in("cac:InvoiceDocumentReference", document -> {
                    document.text("cbc:ID", corrects.number());
                    document.text("cbc:IssueDate", corrects.issuedOn().toString());
                }));
    }

    private static void party(Xml xml, Party party) throws XMLStreamException {
        var endpoint = Endpoint.of(party.endpoint());
        var place = party.place();
        var contact = party.contact();
        xml.in("cac:Party", of -> {
            of.text("cbc:EndpointID", endpoint.id(), "schemeID", endpoint.scheme());
            of.in("cac:PartyIdentification", !party.id().isBlank(), id -> id.text("cbc:ID", party.id()));
            of.in("cac:PostalAddress", address -> {
                address.text("cbc:StreetName", place.line1());
                address.text("cbc:AdditionalStreetName", place.line2());
                address.text("cbc:CityName", place.city());
                address.text("cbc:PostalZone", place.postalCode());
                address.text("cbc:CountrySubentity", place.region());
                address.in("cac:AddressLine", !place.line3().isBlank(), line -> line.text("cbc:Line", place.line3()));
                address.in("cac:Country", country -> country.text("cbc:IdentificationCode", place.country()));
            });
            registration(of, party.vatId(), "VAT");
            registration(of, party.taxNumber(), "TAX");
            of.in("cac:PartyLegalEntity", legal -> {
                legal.text("cbc:RegistrationName", party.name());
                legal.text("cbc:CompanyID", party.legalId());
            });
            of.in("cac:Contact", !(contact.name() + contact.phone() + contact.email()).isBlank(), by -> {
                by.text("cbc:Name", contact.name());
                by.text("cbc:Telephone", contact.phone());
                by.text("cbc:ElectronicMail", contact.email());
            });
        });
    }

    private static void registration(Xml xml, String id, String scheme) throws XMLStreamException {
        xml.in("cac:PartyTaxScheme", !id.isBlank(), tax -> {
            tax.text("cbc:CompanyID", id);
            tax.in("cac:TaxScheme", of -> of.text("cbc:ID", scheme));
        });
    }

    private static void payment(Xml xml, Payment payment) throws XMLStreamException {
        xml.text("cbc:PaymentMeansCode", payment.code());
        xml.text("cbc:PaymentID", payment.reference());
        xml.in("cac:CardAccount", !payment.card().isBlank(), card -> {
            card.text("cbc:PrimaryAccountNumberID", payment.card());
            card.text("cbc:NetworkID", payment.network());
        });
        xml.in("cac:PayeeFinancialAccount", !payment.iban().isBlank(), account -> {
            account.text("cbc:ID", payment.iban());
            account.in(
                    "cac:FinancialInstitutionBranch",
                    !payment.bic().isBlank(),
                    bank -> bank.text("cbc:ID", payment.bic()));
        });
    }

    private static void adjustment(Xml xml, Adjustment adjustment, String currency) throws XMLStreamException {
        boolean charge = adjustment.amount().signum() < 0;
        xml.in("cac:AllowanceCharge", of -> {
            of.text("cbc:ChargeIndicator", Boolean.toString(charge));
            of.text("cbc:AllowanceChargeReason", adjustment.reason());
            amount(of, "cbc:Amount", adjustment.amount().abs(), currency);
            category(of, "cac:TaxCategory", adjustment.category(), "", "");
        });
    }

    private static void tax(Xml xml, Tax tax, String currency) throws XMLStreamException {
        xml.in("cac:TaxSubtotal", of -> {
            amount(of, "cbc:TaxableAmount", tax.base(), currency);
            amount(of, "cbc:TaxAmount", tax.amount(), currency);
            // XRechnung asks for a rate even where the standard has none.
            var percent = Objects.requireNonNullElse(tax.category().percent(), BigDecimal.ZERO);
            var category = new Category(tax.category().code(), percent);
            category(of, "cac:TaxCategory", category, tax.reasonCode(), tax.reason());
        });
    }

    private static void category(Xml xml, String element, Category category, String reasonCode, String reason)
            throws XMLStreamException {
        xml.in(element, of -> {
            of.text("cbc:ID", category.code());
            var percent = category.percent();
            if (percent != null) of.number("cbc:Percent", percent, "", "");
            of.text("cbc:TaxExemptionReasonCode", reasonCode);
            of.text("cbc:TaxExemptionReason", reason);
            of.in("cac:TaxScheme", scheme -> scheme.text("cbc:ID", "VAT"));
        });
    }

    private static void sums(Xml xml, EInvoice invoice) throws XMLStreamException {
        var sums = invoice.sums();
        var currency = invoice.currency();
        xml.in("cac:LegalMonetaryTotal", total -> {
            amount(total, "cbc:LineExtensionAmount", sums.lines(), currency);
            amount(total, "cbc:TaxExclusiveAmount", sums.net(), currency);
            amount(total, "cbc:TaxInclusiveAmount", sums.gross(), currency);
            amount(total, "cbc:AllowanceTotalAmount", invoice.allowances(), currency);
            amount(total, "cbc:ChargeTotalAmount", invoice.charges(), currency);
            amount(total, "cbc:PrepaidAmount", sums.paid(), currency);
            amount(total, "cbc:PayableAmount", sums.due(), currency);
        });
    }

    private static void line(Xml xml, int position, Line line, EInvoice invoice) throws XMLStreamException {
        boolean credited = invoice.creditNote();
        xml.in(credited ? "cac:CreditNoteLine" : "cac:InvoiceLine", of -> {
            of.text("cbc:ID", Integer.toString(position));
            of.number(
                    credited ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity",
                    line.quantity(),
                    "unitCode",
                    line.unit());
            amount(of, "cbc:LineExtensionAmount", line.amount(), invoice.currency());
            period(of, line.period());
            of.in("cac:Item", item -> {
                item.text("cbc:Description", line.description());
                item.text("cbc:Name", line.name());
                category(item, "cac:ClassifiedTaxCategory", line.category(), "", "");
            });
            of.in("cac:Price", price -> {
                price.number("cbc:PriceAmount", line.price(), "currencyID", invoice.currency());
                price.number("cbc:BaseQuantity", line.per(), "unitCode", line.unit());
            });
        });
    }

    private static void period(Xml xml, Days days) throws XMLStreamException {
        xml.in("cac:InvoicePeriod", period -> {
            period.text("cbc:StartDate", days.first().toString());
            period.text("cbc:EndDate", days.last().toString());
        });
    }

    private static void amount(Xml xml, String element, BigDecimal amount, String currency) throws XMLStreamException {
        xml.text(element, Xml.money(amount), "currencyID", currency);
    }
}
