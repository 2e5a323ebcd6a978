package io.postpaid.web;

import io.postpaid.billing.document.Documents;
import io.postpaid.billing.document.ElectronicDocuments;
import io.postpaid.billing.document.TopUpFiles;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceJson;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An account's own invoices. */
@RestController
class InvoiceCalls {
    private static final int PAGE_MAX = 100;

    private final Invoices invoices;
    private final Documents documents;
    private final ElectronicDocuments electronic;
    private final TopUpDocuments topUps;
    private final TopUpFiles topUpFiles;
    private final UsageFiles files;
    private final Downloads downloads;

    InvoiceCalls(
            Invoices invoices,
            Documents documents,
            ElectronicDocuments electronic,
            TopUpDocuments topUps,
            TopUpFiles topUpFiles,
            UsageFiles files,
            Downloads downloads) {
        this.invoices = invoices;
        this.documents = documents;
        this.electronic = electronic;
        this.topUps = topUps;
        this.topUpFiles = topUpFiles;
        this.files = files;
        this.downloads = downloads;
    }

    record InvoicePage(
            List<? extends Map<String, ?>> invoices,
            @Nullable String next) {}

    /** The newest first, so that what is issued meanwhile moves no page; {@code before} is the last of the page before. */
    @GetMapping("/v1/invoices")
    InvoicePage list(
            Acting acting,
            @RequestParam(defaultValue = "50") String limit,
            @RequestParam(required = false) @Nullable String before) {
        int most = RecordCalls.size(limit, PAGE_MAX);
        long behind = before == null ? Long.MAX_VALUE : cursor(acting, before).id();
        var found = invoices.ofAccount(acting.account(), behind, most + 1);
        var page = found.stream().limit(most).toList();
        return new InvoicePage(
                page.stream().map(InvoiceJson::of).toList(),
                found.size() > most ? page.getLast().issuedNumber() : null);
    }

    /** The same for a number that is none and for one that is not the account's. */
    private Invoice cursor(Acting acting, String before) {
        return find(acting, before)
                .orElseThrow(() -> HttpRefusal.invalid(
                        "before", "before is the field 'next' of an earlier page, which is the number of an invoice"));
    }

    @GetMapping("/v1/invoices/{number}")
    Map<String, ?> show(Acting acting, @PathVariable String number) {
        var invoice = own(acting, number);
        var shown = InvoiceJson.of(invoice);
        shown.put("open_amount", Amounts.plain(invoices.openAmount(invoice), invoice.currency()));
        shown.put("lines", InvoiceJson.lines(invoices.lines(invoice.id()), invoice.currency()));
        return shown;
    }

    /** Of a credit note or a document of a top-up, too. */
    @GetMapping("/v1/invoices/{number}/pdf")
    ResponseEntity<byte[]> pdf(Acting acting, @PathVariable String number) {
        var document = topUp(acting, number);
        var file = document.map(topUpFiles::pdf)
                .or(() -> electronic.creditNote(acting.account(), number).map(documents::pdf))
                .orElseGet(() -> documents.pdf(own(acting, number)));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.inline()
                                .filename(number + ".pdf")
                                .build()
                                .toString())
                .body(file.bytes());
    }

    /** The same for programs. */
    @GetMapping("/v1/invoices/{number}/xml")
    ResponseEntity<byte[]> xml(
            Acting acting, @PathVariable String number, @RequestParam(defaultValue = "cii") String format) {
        var xml = topUp(acting, number)
                .map(document -> xml(() -> topUpFiles.xml(document, Format.of(format))))
                .or(() -> electronic
                        .creditNote(acting.account(), number)
                        .map(note -> xml(() -> electronic.xml(note, Format.of(format)))))
                .orElseGet(() -> {
                    var invoice = own(acting, number);
                    return xml(() -> electronic.xml(invoice, Format.of(format)));
                });
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_XML)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(number + ".xml")
                                .build()
                                .toString())
                .body(xml);
    }

    private static byte[] xml(Supplier<byte[]> written) {
        try {
            return written.get();
        } catch (IllegalArgumentException refused) {
            throw HttpRefusal.invalid("format", Objects.requireNonNull(refused.getMessage()));
        }
    }

    private Optional<TopUpDocument> topUp(Acting acting, String number) {
        return topUps.find(number).filter(document -> document.account().equals(acting.account()));
    }

    /** The records behind it. */
    @GetMapping("/v1/invoices/{number}/usage.csv")
    void usage(Acting acting, HttpServletResponse response, @PathVariable String number) throws IOException {
        var invoice = own(acting, number);
        downloads.send(
                response,
                new MediaType("text", "csv", StandardCharsets.UTF_8),
                invoice.issuedNumber() + "-usage.csv",
                out -> files.behind(invoice, out));
    }

    private Invoice own(Acting acting, String number) {
        return find(acting, number).orElseThrow(() -> HttpRefusal.notFound("There is no such invoice"));
    }

    private Optional<Invoice> find(Acting acting, String number) {
        return invoices.find(number).filter(invoice -> invoice.account().equals(acting.account()));
    }
}
