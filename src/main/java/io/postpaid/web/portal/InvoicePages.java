package io.postpaid.web.portal;

import io.postpaid.billing.document.Documents;
import io.postpaid.billing.document.ElectronicDocuments;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The invoices of the account that is signed in: their list, each with its lines, and its document. */
@CustomerPages
class InvoicePages {
    private static final int PAGE = 25;

    private final Pages pages;
    private final InvoiceFigures figures;
    private final Invoices invoices;
    private final OwnInvoices own;
    private final Documents documents;
    private final ElectronicDocuments electronic;

    InvoicePages(
            Pages pages,
            InvoiceFigures figures,
            Invoices invoices,
            OwnInvoices own,
            Documents documents,
            ElectronicDocuments electronic) {
        this.pages = pages;
        this.figures = figures;
        this.invoices = invoices;
        this.own = own;
        this.documents = documents;
        this.electronic = electronic;
    }

    @GetMapping("/billing/invoices")
    ResponseEntity<String> invoices(
            HttpServletRequest request, Principal customer, @RequestParam(required = false) @Nullable String before) {
        var behind = before == null ? Long.MAX_VALUE : own.get(customer, before).id();
        var found = invoices.ofAccount(customer.getName(), behind, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("invoices", found.stream().limit(PAGE).map(figures::row).toList());
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).issuedNumber() : null);
        return pages.page(request, "invoices", view);
    }

    @GetMapping("/billing/invoices/{number}")
    ResponseEntity<String> invoice(HttpServletRequest request, Principal customer, @PathVariable String number) {
        var invoice = own.get(customer, number);
        var view = new HashMap<String, Object>(figures.row(invoice));
        view.putAll(figures.sums(invoice, invoices.taxes(invoice.id())));
        view.put("currency", invoice.currency());
        view.put("at_invoices", true);
        view.put("lines", figures.lines(invoice, invoices.lines(invoice.id())));
        view.put(
                "settlements",
                invoices.settlements(invoice.id()).stream()
                        .map(paid -> Map.of(
                                "on", Wording.day(LocalDate.ofInstant(paid.at(), ZoneOffset.UTC)),
                                "kind", words(paid.kind().name()),
                                "amount", Amounts.plain(paid.amount(), invoice.currency())))
                        .toList());
        return pages.page(request, "invoice", view);
    }

    private static String words(String name) {
        var words = name.toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    @GetMapping("/billing/invoices/{number}/pdf")
    ResponseEntity<byte[]> pdf(Principal customer, @PathVariable String number) {
        var invoice = own.get(customer, number);
        return Pages.file(
                MediaType.APPLICATION_PDF,
                ContentDisposition.inline()
                        .filename(invoice.issuedNumber() + ".pdf")
                        .build(),
                documents.pdf(invoice).bytes());
    }

    /** The same for programs; nothing where its PDF carries none. */
    @GetMapping("/billing/invoices/{number}/xml")
    ResponseEntity<byte[]> xml(Principal customer, @PathVariable String number) {
        var invoice = own.get(customer, number);
        try {
            return Pages.file(
                    MediaType.APPLICATION_XML,
                    ContentDisposition.attachment()
                            .filename(invoice.issuedNumber() + ".xml")
                            .build(),
                    electronic.xml(invoice, Format.CII));
        } catch (IllegalArgumentException | IllegalStateException none) {
            throw new PageNotFound();
        }
    }
}
