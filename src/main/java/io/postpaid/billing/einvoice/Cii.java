package io.postpaid.billing.einvoice;

import io.postpaid.billing.einvoice.EInvoice.Adjustment;
import io.postpaid.billing.einvoice.EInvoice.Category;
import io.postpaid.billing.einvoice.EInvoice.Days;
import io.postpaid.billing.einvoice.EInvoice.Line;
import io.postpaid.billing.einvoice.EInvoice.Party;
import io.postpaid.billing.einvoice.EInvoice.Tax;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * The spelling of the United Nations, Cross Industry Invoice D16B, by the profile EN 16931 of Factur-X 1.0. The order of
 * elements is that of the schema.
 */
final class Cii {
    private static final String UNECE = "urn:un:unece:uncefact:data:standard:";
    private static final Map<String, String> NAMESPACES = Map.of(
            "xmlns:rsm", UNECE + "CrossIndustryInvoice:100",
            "xmlns:ram", UNECE + "ReusableAggregateBusinessInformationEntity:100",
            "xmlns:udt", UNECE + "UnqualifiedDataType:100",
            "xmlns:qdt", UNECE + "QualifiedDataType:100");

    private Cii() {}

    static byte[] write(EInvoice invoice) {
        return Xml.document("rsm:CrossIndustryInvoice", new TreeMap<>(NAMESPACES), xml -> {
            xml.in(
                    "rsm:ExchangedDocumentContext",
                    context -> context.in(
                            "ram:GuidelineSpecifiedDocumentContextParameter",
                            guideline -> guideline.text("ram:ID", "urn:cen.eu:en16931:2017")));
            xml.in("rsm:ExchangedDocument", document -> {
                document.text("ram:ID", invoice.number());
                document.text("ram:TypeCode", invoice.creditNote() ? "381" : "380");
                date(document, "ram:IssueDateTime", invoice.issuedOn());
                for (var note : invoice.notes()) {
                    document.in("ram:IncludedNote", included -> included.text("ram:Content", note));
                }
            });
            xml.in("rsm:SupplyChainTradeTransaction", transaction -> {
                for (int i = 0; i < invoice.lines().size(); i++) {
                    line(transaction, i + 1, invoice.lines().get(i));
                }
                transaction.in("ram:ApplicableHeaderTradeAgreement", agreement -> {
                    agreement.text("ram:BuyerReference", invoice.buyerReference());
                    party(agreement, "ram:SellerTradeParty", invoice.seller());
                    party(agreement, "ram:BuyerTradeParty", invoice.buyer());
                    agreement.in(
                            "ram:BuyerOrderReferencedDocument",
                            !invoice.purchaseOrder().isBlank(),
                            order -> order.text("ram:IssuerAssignedID", invoice.purchaseOrder()));
                });
                transaction.in(
                        "ram:ApplicableHeaderTradeDelivery",
                        delivery -> delivery.in(
                                "ram:ActualDeliverySupplyChainEvent",
                                event -> date(
                                        event,
                                        "ram:OccurrenceDateTime",
                                        invoice.period().last())));
                transaction.in("ram:ApplicableHeaderTradeSettlement", settlement -> settlement(settlement, invoice));
            });
        });
    }

    private static void line(Xml xml, int position, Line line) throws XMLStreamException {
        xml.in("ram:IncludedSupplyChainTradeLineItem", item -> {
            item.in(
                    "ram:AssociatedDocumentLineDocument",
                    document -> document.text("ram:LineID", Integer.toString(position)));
            item.in("ram:SpecifiedTradeProduct", product -> {
                product.text("ram:Name", line.name());
                product.text("ram:Description", line.description());
            });
            item.in(
                    "ram:SpecifiedLineTradeAgreement",
                    agreement -> agreement.in("ram:NetPriceProductTradePrice", price -> {
                        price.number("ram:ChargeAmount", line.price(), "", "");
                        price.number("ram:BasisQuantity", line.per(), "unitCode", line.unit());
                    }));
            item.in(
                    "ram:SpecifiedLineTradeDelivery",
                    delivery -> delivery.number("ram:BilledQuantity", line.quantity(), "unitCode", line.unit()));
            item.in("ram:SpecifiedLineTradeSettlement", settlement -> {
                category(settlement, "ram:ApplicableTradeTax", line.category());
                period(settlement, line.period());
                settlement.in(
                        "ram:SpecifiedTradeSettlementLineMonetarySummation",
                        sum -> sum.amount("ram:LineTotalAmount", line.amount()));
            });
        });
    }

    private static void party(Xml xml, String element, Party party) throws XMLStreamException {
        xml.in(element, of -> {
            of.text("ram:ID", party.id());
            of.text("ram:Name", party.name());
            of.in(
                    "ram:SpecifiedLegalOrganization",
                    !party.legalId().isBlank(),
                    legal -> legal.text("ram:ID", party.legalId()));
            var contact = party.contact();
            of.in("ram:DefinedTradeContact", !(contact.name() + contact.phone() + contact.email()).isBlank(), by -> {
                by.text("ram:PersonName", contact.name());
                by.in(
                        "ram:TelephoneUniversalCommunication",
                        !contact.phone().isBlank(),
                        phone -> phone.text("ram:CompleteNumber", contact.phone()));
                by.in(
                        "ram:EmailURIUniversalCommunication",
                        !contact.email().isBlank(),
                        email -> email.text("ram:URIID", contact.email()));
            });
            var place = party.place();
            of.in("ram:PostalTradeAddress", address -> {
                address.text("ram:PostcodeCode", place.postalCode());
                address.text("ram:LineOne", place.line1());
                address.text("ram:LineTwo", place.line2());
                address.text("ram:LineThree", place.line3());
                address.text("ram:CityName", place.city());
                address.text("ram:CountryID", place.country());
                address.text("ram:CountrySubDivisionName", place.region());
            });
            var endpoint = Endpoint.of(party.endpoint());
            of.in(
                    "ram:URIUniversalCommunication",
                    !endpoint.id().isEmpty(),
                    uri -> uri.text("ram:URIID", endpoint.id(), "schemeID", endpoint.scheme()));
            registration(of, party.vatId(), "VA");
            registration(of, party.taxNumber(), "FC");
        });
    }

    private static void registration(Xml xml, String id, String scheme) throws XMLStreamException {
        xml.in("ram:SpecifiedTaxRegistration", !id.isBlank(), tax -> tax.text("ram:ID", id, "schemeID", scheme));
    }

    private static void settlement(Xml xml, EInvoice invoice) throws XMLStreamException {
        var payment = invoice.payment();
        xml.text("ram:PaymentReference", payment.reference());
        var local = invoice.sums().local();
        if (local != null) xml.text("ram:TaxCurrencyCode", local.currency());
        xml.text("ram:InvoiceCurrencyCode", invoice.currency());
        xml.in("ram:SpecifiedTradeSettlementPaymentMeans", means -> {
            means.text("ram:TypeCode", payment.code());
            means.in(
                    "ram:ApplicableTradeSettlementFinancialCard",
                    !payment.card().isBlank(),
                    card -> card.text("ram:ID", payment.card()));
            means.in(
                    "ram:PayeePartyCreditorFinancialAccount",
                    !payment.iban().isBlank(),
                    account -> account.text("ram:IBANID", payment.iban()));
            means.in(
                    "ram:PayeeSpecifiedCreditorFinancialInstitution",
                    !payment.bic().isBlank(),
                    bank -> bank.text("ram:BICID", payment.bic()));
        });
        // One of them names the tax point of all.
        for (var tax : invoice.taxes()) {
            tax(xml, tax, tax.equals(invoice.taxes().getFirst()) ? invoice.taxPoint() : null);
        }
        period(xml, invoice.period());
        for (var adjustment : invoice.adjustments()) adjustment(xml, adjustment);
        xml.in("ram:SpecifiedTradePaymentTerms", terms -> {
            terms.text("ram:Description", payment.terms());
            if (invoice.dueOn() != null) date(terms, "ram:DueDateDateTime", invoice.dueOn());
        });
        var sums = invoice.sums();
        xml.in("ram:SpecifiedTradeSettlementHeaderMonetarySummation", sum -> {
            sum.amount("ram:LineTotalAmount", sums.lines());
            sum.amount("ram:ChargeTotalAmount", invoice.charges());
            sum.amount("ram:AllowanceTotalAmount", invoice.allowances());
            sum.amount("ram:TaxBasisTotalAmount", sums.net());
            sum.text("ram:TaxTotalAmount", Xml.money(sums.tax()), "currencyID", invoice.currency());
            if (local != null) {
                sum.text("ram:TaxTotalAmount", Xml.money(local.amount()), "currencyID", local.currency());
            }
            sum.amount("ram:GrandTotalAmount", sums.gross());
            sum.amount("ram:TotalPrepaidAmount", sums.paid());
            sum.amount("ram:DuePayableAmount", sums.due());
        });
        var corrects = invoice.corrects();
        if (corrects == null) return;
        xml.in("ram:InvoiceReferencedDocument", reference -> {
            reference.text("ram:IssuerAssignedID", corrects.number());
            reference.in(
                    "ram:FormattedIssueDateTime",
                    on -> on.text("qdt:DateTimeString", written(corrects.issuedOn()), "format", "102"));
        });
    }

    private static void tax(Xml xml, Tax tax, @Nullable LocalDate taxPoint) throws XMLStreamException {
        xml.in("ram:ApplicableTradeTax", of -> {
            of.amount("ram:CalculatedAmount", tax.amount());
            of.text("ram:TypeCode", "VAT");
            of.text("ram:ExemptionReason", tax.reason());
            of.amount("ram:BasisAmount", tax.base());
            of.text("ram:CategoryCode", tax.category().code());
            of.text("ram:ExemptionReasonCode", tax.reasonCode());
            if (taxPoint != null) {
                of.in("ram:TaxPointDate", on -> on.text("udt:DateString", written(taxPoint), "format", "102"));
            }
            percent(of, tax.category());
        });
    }

    private static void adjustment(Xml xml, Adjustment adjustment) throws XMLStreamException {
        boolean charge = adjustment.amount().signum() < 0;
        xml.in("ram:SpecifiedTradeAllowanceCharge", of -> {
            of.in("ram:ChargeIndicator", indicator -> indicator.text("udt:Indicator", Boolean.toString(charge)));
            of.amount("ram:ActualAmount", adjustment.amount().abs());
            of.text("ram:Reason", adjustment.reason());
            category(of, "ram:CategoryTradeTax", adjustment.category());
        });
    }

    private static void category(Xml xml, String element, Category category) throws XMLStreamException {
        xml.in(element, tax -> {
            tax.text("ram:TypeCode", "VAT");
            tax.text("ram:CategoryCode", category.code());
            percent(tax, category);
        });
    }

    private static void percent(Xml xml, Category category) throws XMLStreamException {
        BigDecimal percent = category.percent();
        if (percent != null) xml.number("ram:RateApplicablePercent", percent, "", "");
    }

    private static void period(Xml xml, Days days) throws XMLStreamException {
        xml.in("ram:BillingSpecifiedPeriod", period -> {
            date(period, "ram:StartDateTime", days.first());
            date(period, "ram:EndDateTime", days.last());
        });
    }

    private static void date(Xml xml, String element, LocalDate date) throws XMLStreamException {
        xml.in(element, on -> on.text("udt:DateTimeString", written(date), "format", "102"));
    }

    private static String written(LocalDate date) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(date);
    }
}
