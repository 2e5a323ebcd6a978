package io.postpaid.billing.invoicing;

import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.exchange.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Issued invoices as programs read them, on the command line and over HTTP; money is text. */
public final class InvoiceJson {
    private InvoiceJson() {}

    public static SequencedMap<String, @Nullable Object> of(Invoice invoice) {
        var currency = invoice.currency();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("number", invoice.issuedNumber());
        json.put("account", invoice.account());
        json.put("period", invoice.period().toString());
        json.put("status", invoice.status().name());
        json.put("currency", currency);
        json.put("subtotal", Amounts.plain(invoice.subtotal(), currency));
        json.put("credits", Amounts.plain(invoice.credits(), currency));
        json.put("tax", Amounts.plain(invoice.tax(), currency));
        json.put("total", Amounts.plain(invoice.total(), currency));
        json.put("carried_in", Amounts.plain(invoice.carriedIn(), currency));
        json.put("carried_forward", Amounts.plain(invoice.carriedForward(), currency));
        json.put("from_balance", Amounts.plain(invoice.fromBalance(), currency));
        json.put("amount_due", Amounts.plain(invoice.amountDue(), currency));
        json.put("issued_on", invoice.issuedOn());
        json.put("due_on", invoice.dueOn());
        json.put("tax_point", invoice.taxPoint());
        json.put("pdf_sha256", invoice.pdfSha256());
        return json;
    }

    public static List<Map<String, Object>> lines(List<InvoiceLine> lines, String currency) {
        return lines.stream().map(line -> line(line, currency)).toList();
    }

    public static List<Map<String, Object>> taxes(List<InvoiceTax> taxes, String currency) {
        return taxes.stream().map(tax -> tax(tax, currency)).toList();
    }

    private static Map<String, Object> tax(InvoiceTax tax, String currency) {
        var json = new LinkedHashMap<String, Object>();
        json.put("category", tax.category());
        json.put("reason", tax.reason());
        json.put("name", tax.name());
        json.put("percent", tax.percent().toPlainString());
        json.put("base", Amounts.plain(tax.base(), currency));
        json.put("tax", Amounts.plain(tax.tax(), currency));
        json.put("note", tax.note());
        json.put("evidence", tax.evidence());
        var local = tax.local();
        if (local != null) {
            json.put("tax_currency", local.currency());
            json.put("tax_in_currency", Amounts.plain(local.amount(), local.currency()));
            json.put("exchange_rate", exchange(local.exchange()));
        }
        return json;
    }

    /** What was published for one euro: of the invoice's currency, and of the tax's. */
    private static Map<String, Object> exchange(Exchange exchange) {
        var json = new LinkedHashMap<String, Object>();
        json.put("day", exchange.day());
        json.put("currency_per_euro", exchange.fromPerEuro().toPlainString());
        json.put("tax_currency_per_euro", exchange.toPerEuro().toPlainString());
        return json;
    }

    private static Map<String, Object> line(InvoiceLine line, String currency) {
        var json = new LinkedHashMap<String, Object>();
        json.put("product", line.product());
        json.put("quantity", line.quantity().toPlainString());
        json.put("unit", line.unit());
        json.put("unit_price", line.unitPrice().toPlainString());
        json.put("listed_unit", line.listedUnit());
        json.put("amount", Amounts.plain(line.amount(), currency));
        json.put("period", line.usagePeriod().toString());
        return json;
    }
}
