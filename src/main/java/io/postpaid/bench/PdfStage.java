package io.postpaid.bench;

import io.postpaid.billing.document.InvoiceDocument;
import io.postpaid.billing.document.PdfRenderer;
import io.postpaid.billing.einvoice.EInvoice;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.platform.template.TemplateFiles;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.openpdf.text.Document;
import org.openpdf.text.Font;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PdfWriter;

/** Invoices of one page, on all processors; bare: OpenPDF with the same fonts, and one line of text. */
final class PdfStage implements Stage {
    static final int DOCUMENTS = 400;
    private static final int WARM_UP = 3;
    private static final int TURNS = 5;
    private static final String FONTS = "invoice/fonts/";

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        var renderer = world.get(PdfRenderer.class);
        int documents = (int) Math.clamp(month.records() / 1_000, 20, DOCUMENTS);
        timings.add(prefix + "documents", documents);
        var invoice = invoice();
        var fonts = fonts(world.get(TemplateFiles.class));
        var electronic = electronic();
        Callable<Integer> plain = () -> renderer.render(invoice).length;
        Callable<Integer> withXml = () -> renderer.render(invoice, Format.CII.write(electronic)).length;
        // In turns, so that none finds the warmer machine; the first ones are to warm up.
        for (int turn = -WARM_UP; turn < TURNS; turn++) {
            var into = turn < 0 ? new Timings() : timings;
            into.time(prefix + "pdf", () -> all(documents, plain));
            into.time(prefix + "pdf-xml", () -> all(documents, withXml));
            into.time(prefix + "pdf-bare", () -> all(documents, () -> bare(fonts)));
        }
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        long documents = timings.count("documents");
        return List.of(
                timings.rates(
                        "PDF of one page, beside bare OpenPDF",
                        "pdf",
                        "pdf-bare",
                        documents,
                        "documents/s",
                        "ratio <= 1.8, value >= 300"),
                timings.rates(
                        "PDF with its e-invoice, beside bare OpenPDF",
                        "pdf-xml",
                        "pdf-bare",
                        documents,
                        "documents/s",
                        "ratio <= 1.8"));
    }

    private static void all(int count, Callable<Integer> render) throws Exception {
        try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (var done : threads.invokeAll(Collections.nCopies(count, render))) {
                if (done.get() == 0) throw new IllegalStateException("an empty document");
            }
        }
    }

    private static List<BaseFont> fonts(TemplateFiles templates) throws Exception {
        var fonts = new ArrayList<BaseFont>();
        for (var name : List.of("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")) {
            fonts.add(BaseFont.createFont(name, BaseFont.IDENTITY_H, true, false, templates.bytes(FONTS + name), null));
        }
        return fonts;
    }

    /** As many documents by bare OpenPDF. */
    static void bare(World world, int documents) throws Exception {
        var fonts = fonts(world.get(TemplateFiles.class));
        all(documents, () -> bare(fonts));
    }

    private static int bare(List<BaseFont> fonts) {
        var bytes = new ByteArrayOutputStream(64 * 1024);
        var pdf = new Document();
        var writer = PdfWriter.getInstance(pdf, bytes);
        writer.setCompressionLevel(1);
        pdf.open();
        var line = new Phrase();
        fonts.forEach(font -> line.add(new Phrase("Invoice 2026-000042 for October 2026 ", new Font(font, 10))));
        pdf.add(line);
        pdf.close();
        return bytes.size();
    }

    private static InvoiceDocument invoice() {
        var line = new InvoiceDocument.Line(
                "Audio", "October 2026", "", "12,345.5", "seconds", "0.0639 / minute", "13.15");
        return new InvoiceDocument(
                InvoiceDocument.Kind.INVOICE,
                "en",
                "2026-000042",
                Bench.NEXT,
                "1 November 2026",
                "8 November 2026",
                "October 2026",
                "USD",
                new InvoiceDocument.Customer(
                        "Customer 1 Ltd",
                        List.of("1 Main Street", "Springfield, IL 62701"),
                        "",
                        "c1@example.com",
                        "bench-00001"),
                "",
                Collections.nCopies(5, line),
                "65.75",
                List.of(new InvoiceDocument.Amount("Credit", "-20.00")),
                List.of(),
                "",
                "45.75",
                List.of(),
                "45.75",
                "The amount due will be charged to your card.",
                Collections.nCopies(31, BigDecimal.ONE));
    }

    /** The same for programs. */
    private static EInvoice electronic() {
        var month = new EInvoice.Days(Bench.NEXT.minusMonths(1), Bench.NEXT.minusDays(1));
        var standard = new EInvoice.Category("S", new BigDecimal("25.5"));
        var place = new EInvoice.Place("1 Main Street", "", "", "Helsinki", "00160", "", "FI");
        var nobody = new EInvoice.Contact("", "", "billing@example.com");
        var line = new EInvoice.Line(
                "Audio",
                "",
                new BigDecimal("12345.5"),
                "SEC",
                new BigDecimal("0.0639"),
                BigDecimal.valueOf(60),
                new BigDecimal("13.15"),
                month,
                standard);
        var net = new BigDecimal("45.75");
        var tax = new BigDecimal("11.67");
        return new EInvoice(
                false,
                "2026-000042",
                Bench.NEXT,
                Bench.NEXT.plusDays(7),
                month.last(),
                "USD",
                "bench-00001",
                "",
                null,
                month,
                List.of(),
                new EInvoice.Party("Seller Oy", "", "", "FI12345671", "", "billing@example.com", place, nobody),
                new EInvoice.Party("Customer 1 Ltd", "", "", "", "", "c1@example.com", place, nobody),
                new EInvoice.Payment("48", "Charged automatically", "2026-000042", "4242", "Visa", "", ""),
                Collections.nCopies(5, line),
                List.of(new EInvoice.Adjustment("Credit used", new BigDecimal("20.00"), standard)),
                List.of(new EInvoice.Tax(standard, net, tax, "", "")),
                new EInvoice.Sums(
                        new BigDecimal("65.75"), net, tax, net.add(tax), new BigDecimal("0.00"), net.add(tax), null));
    }
}
