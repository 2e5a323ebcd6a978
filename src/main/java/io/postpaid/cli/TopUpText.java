package io.postpaid.cli;

import io.postpaid.billing.document.Pdf;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.Locale;

/** Tells of invoices of top-ups and their credit notes. */
final class TopUpText {
    private TopUpText() {}

    static Answer shown(TopUpDocument document) {
        var tax = document.tax();
        var corrects = document.corrects();
        var kind = document.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Answer.of(
                new Json()
                        .with("number", document.number())
                        .with("kind", document.kind())
                        .with("account", document.account())
                        .with("top_up", document.reference())
                        .with("corrects", corrects == null ? null : corrects.number())
                        .with("issued_on", document.issuedOn())
                        .with("currency", document.currency())
                        .with("net", plain(document.net(), document))
                        .with("tax", plain(tax.tax(), document))
                        .with("total", plain(document.total(), document))
                        .with("tax_category", tax.category())
                        .with("tax_name", tax.name())
                        .with("tax_percent", tax.percent().stripTrailingZeros().toPlainString())
                        .with("note", tax.note())
                        .with("reason", document.reason()),
                "The %s %s of %s for the top-up %s%s, issued on %s: %s + %s %s = %s%s"
                        .formatted(
                                kind,
                                document.number(),
                                document.account(),
                                document.reference(),
                                corrects == null ? "" : ", which corrects " + corrects.number(),
                                document.issuedOn(),
                                plain(document.net(), document),
                                tax.label(),
                                plain(tax.tax(), document),
                                Amounts.text(document.total(), document.currency()),
                                document.reason().isEmpty() ? "" : ": " + document.reason()));
    }

    static Answer file(String number, Pdf pdf) {
        return Answer.of(
                new Json().with("number", number).with("file", pdf.place()).with("sha256", Sha256.of(pdf.bytes())),
                pdf.place());
    }

    private static String plain(BigDecimal amount, TopUpDocument document) {
        return Amounts.plain(amount, document.currency());
    }
}
