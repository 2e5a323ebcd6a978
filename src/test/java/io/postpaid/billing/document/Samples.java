package io.postpaid.billing.document;

import io.postpaid.billing.document.InvoiceDocument.Amount;
import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.billing.document.InvoiceDocument.Line;
import io.postpaid.billing.document.InvoiceDocument.TaxAmount;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Documents as they occur. */
final class Samples {
    static final Customer ACME = new Customer(
            "Acme Podcasts LLC",
            List.of("77 Mercer Street, Floor 4", "New York, NY 10012", "United States"),
            "00-7654321",
            "accounts@acme.example",
            "acme");

    private Samples() {}

    /** Two lines, all of it covered by the free credit. */
    static InvoiceDocument covered() {
        return new InvoiceDocument(
                Kind.INVOICE,
                "en",
                "2026-000007",
                LocalDate.of(2026, 11, 1),
                "1 November 2026",
                "",
                "1–31 October 2026",
                "USD",
                ACME,
                "",
                List.of(
                        new Line("audio", "Audio transcription", "", "4,210.5", "second", "0.0639 / minute", "4.48"),
                        new Line("image", "Image description", "", "320", "image", "0.00204 / image", "0.65")),
                "5.13",
                List.of(new Amount("Free credit", "−5.13")),
                List.of(),
                "",
                "0.00",
                List.of(),
                "0.00",
                "Nothing to pay: covered by credit.",
                days(31, 17));
    }

    /** Late usage, a price change in the month, a credit, a tax, an amount from the month before, and the chart. */
    static InvoiceDocument typical() {
        return of("2026-000042", ACME);
    }

    static InvoiceDocument of(String number, Customer customer) {
        return new InvoiceDocument(
                Kind.INVOICE,
                "en",
                number,
                LocalDate.of(2026, 11, 1),
                "1 November 2026",
                "8 November 2026",
                "1–31 October 2026",
                "USD",
                customer,
                "",
                List.of(
                        new Line(
                                "audio",
                                "Audio transcription",
                                "1–14 October 2026, at the price until then",
                                "61,204.5",
                                "second",
                                "0.0639 / minute",
                                "65.18"),
                        new Line(
                                "audio",
                                "Audio transcription",
                                "15–31 October 2026, at the new price",
                                "88,930.25",
                                "second",
                                "0.05 / minute",
                                "74.11"),
                        new Line("video", "Video understanding", "", "5,400", "second", "0.129 / minute", "11.61"),
                        new Line("image", "Image description", "", "3,120", "image", "0.00204 / image", "6.36"),
                        new Line(
                                "text",
                                "Text embedding and classification of long documents, first million words of the month",
                                "",
                                "1,000,000",
                                "word",
                                "0.24 / 1,000 words",
                                "240.00"),
                        new Line(
                                "audio",
                                "Audio transcription",
                                "Late usage of September 2026, reported on 2 October",
                                "612",
                                "second",
                                "0.0639 / minute",
                                "0.65")),
                "397.91",
                List.of(new Amount("Free credit", "−20.00"), new Amount("Promotional credit WELCOME", "−15.00")),
                List.of(new TaxAmount("Sales tax 8.5 %", "362.91", "30.85")),
                "",
                "393.76",
                List.of(new Amount("Carried in from September 2026", "0.31")),
                "394.07",
                "Charged automatically to Visa ending 4242 on 1 November 2026.",
                days(31, 5));
    }

    /** In German, for a customer of the European Union who accounts for the tax. */
    static InvoiceDocument german() {
        return new InvoiceDocument(
                Kind.CREDIT_NOTE,
                "de",
                "G2026-000003",
                LocalDate.of(2026, 11, 9),
                "9. November 2026",
                "",
                "1.–31. Oktober 2026",
                "EUR",
                new Customer(
                        "Ἀθηναϊκὴ Ἑταιρεία Α.Ε. / Афинская компания Łódź Święto",
                        List.of("Straße des 17. Juni 135", "10623 Berlin", "Deutschland"),
                        "DE123456789",
                        "rechnung@kunde.example",
                        "athene"),
                "2026-000042",
                List.of(new Line(
                        "audio",
                        "Transkription, Gutschrift für Ausfall → 12. Oktober",
                        "",
                        "4.210,5",
                        "Sekunde",
                        "0,0639 / Minute",
                        "4,48")),
                "4,48",
                List.of(),
                List.of(new TaxAmount("USt. 0 %", "4,48", "0,00")),
                "Steuerschuldnerschaft des Leistungsempfängers.",
                "4,48",
                List.of(),
                "4,48",
                "Wird der nächsten Rechnung gutgeschrieben.",
                List.of());
    }

    static InvoiceDocument withLines(int count) {
        var lines = new ArrayList<Line>();
        for (int i = 1; i <= count; i++) {
            lines.add(new Line(
                    "audio",
                    i % 9 == 0
                            ? "Project " + i + ": audio transcription with speaker labels, word timings and translation"
                            : "Project " + i + ": audio transcription",
                    i % 17 == 0 ? "Late usage of September 2026" : "",
                    i % 2 == 0 ? i + ",204.25" : i + "00",
                    "second",
                    "0.0639 / minute",
                    i + ".07"));
        }
        var one = typical();
        return new InvoiceDocument(
                one.kind(),
                one.language(),
                "2026-000108",
                one.date(),
                one.issuedOn(),
                one.dueOn(),
                one.period(),
                one.currency(),
                one.customer(),
                one.corrects(),
                lines,
                "7,268.40",
                one.credits(),
                one.taxes(),
                one.taxNote(),
                "7,264.25",
                one.carried(),
                "7,264.56",
                "No card on file: pay by 8 November 2026 at https://auroravoice.example/pay/2026-000108",
                one.dailyCost());
    }

    private static List<BigDecimal> days(int count, int seed) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(day ->
                        BigDecimal.valueOf(day % 7 == 3 || day % 7 == 4 ? 120 : 700 + day * seed * 131 % 1300, 2))
                .toList();
    }
}
