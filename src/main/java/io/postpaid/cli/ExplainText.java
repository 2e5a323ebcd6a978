package io.postpaid.cli;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.books.explain.ExplanationWriter;
import io.postpaid.usage.archive.RawRecord;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/** An invoice's explanation for a reader, printed while it is found. */
final class ExplainText implements ExplanationWriter {
    private final PrintStream out;
    private final Invoice invoice;
    private boolean days;
    private long summed;

    ExplainText(PrintStream out, Invoice invoice) {
        this.out = out;
        this.invoice = invoice;
        say(
                "Invoice %s of %s for %s, issued on %s: %s",
                invoice.issuedNumber(), invoice.account(), invoice.period(), invoice.issuedOn(), invoice.status());
    }

    private void say(String format, Object... arguments) {
        out.println(format.formatted(arguments));
    }

    private String money(BigDecimal amount) {
        return amount.toPlainString() + " " + invoice.currency();
    }

    @Override
    public void line(Line line) {
        say("");
        say(
                "Line %d  %s %s: %s %s at %s = %s",
                line.position(),
                line.product(),
                line.usagePeriod(),
                line.quantity().toPlainString(),
                line.unit(),
                line.listedPrice(),
                money(line.amount()));
        say(
                "  price %d: %s per %s %s, %s, in force from %s%s%s",
                line.priceId(),
                money(line.price()),
                line.per().toPlainString(),
                line.unit(),
                line.model(),
                line.effectiveFrom(),
                line.priceScope().equals("account") ? ", of this account alone" : "",
                tier(line));
        say(
                "  exact %s, rounded once, half up, to %s; its %d days were rated at %s",
                line.exact().toPlainString(),
                money(line.amount()),
                line.days(),
                line.accrued().toPlainString());
    }

    private static String tier(Line line) {
        if (line.tier() == 1 && line.tierUpTo() == null) return "";
        var upTo = line.tierUpTo();
        return ", tier " + line.tier() + " (above " + line.tierFrom().toPlainString()
                + (upTo == null ? "" : " up to " + upTo.toPlainString()) + " in the month)";
    }

    @Override
    public void day(Day day) {
        if (!days) say("");
        days = true;
        say(
                "%s %s: %s%s%s",
                day.day(),
                day.product(),
                quantity(day.quantity(), day.records()),
                day.freeRecords() == 0 ? "" : ", free of charge " + quantity(day.freeQuantity(), day.freeRecords()),
                day.parts().stream().map(this::part).collect(Collectors.joining()));
        if (day.elsewhereRecords() != 0 || day.elsewhere().signum() != 0) {
            say(
                    "    of the same day on another invoice or not metered yet: %s",
                    quantity(day.elsewhere(), day.elsewhereRecords()));
        }
    }

    private static String quantity(BigDecimal quantity, long records) {
        return quantity.toPlainString() + " in " + records + (records == 1 ? " record" : " records");
    }

    private String part(Part part) {
        return "; " + (part.line() == null ? "on no line" : "line " + part.line()) + ": "
                + part.quantity().toPlainString() + " = " + money(part.amount());
    }

    @Override
    public void record(RawRecord record) {
        say(
                "    %s  %s/%s  %s%s  %s line %d",
                record.occurredAt(),
                record.source(),
                record.id(),
                record.quantity().toPlainString(),
                record.voided()
                        ? " (taken back)"
                        : record.failed() ? " (failed, costs 0)" : record.billable() ? "" : " (not billable, costs 0)",
                record.fileName() == null ? "file " + record.file() : record.fileName(),
                record.line());
    }

    @Override
    public void aggregated(Aggregated sums) {
        summed += sums.records() + sums.freeRecords() + sums.voided();
        say(
                "    %s%s%s: added up by run %s over %d files, in %s/lines",
                quantity(sums.quantity(), sums.records()),
                sums.freeRecords() == 0
                        ? ""
                        : " and " + quantity(sums.freeQuantity(), sums.freeRecords()) + " free of charge",
                sums.voided() == 0 ? "" : ", " + sums.voided() + " taken back",
                sums.run(),
                sums.files(),
                sums.folder());
    }

    @Override
    public void dayEnds(Records records) {
        long more = records.billable() + records.free() + records.voided() - records.shown() - summed;
        summed = 0;
        say(
                "    %s%s%s%s",
                more > 0 ? "… and " + more + " more: " : "",
                quantity(records.quantity(), records.billable()) + " billed",
                records.free() == 0 ? "" : ", " + quantity(records.freeQuantity(), records.free()) + " free of charge",
                records.voided() == 0 ? "" : ", " + records.voided() + " taken back");
    }

    @Override
    public void sums(Sums sums) {
        say("");
        say("Subtotal %s; exact cost %s", money(sums.subtotal()), sums.cost().toPlainString());
        sums.draws()
                .forEach(draw -> say(
                        "  credit from grant %d (%s of %s%s): %s",
                        draw.grant(),
                        draw.kind(),
                        draw.grantedAt(),
                        draw.expiresOn() == null ? "" : ", expires on " + draw.expiresOn(),
                        draw.amount().toPlainString()));
        say(
                "Credits %s (drawn %s), left to be charged %s, rounding %s",
                money(sums.credits()),
                sums.drawn().toPlainString(),
                sums.accrued().toPlainString(),
                sums.rounding().toPlainString());
        sums.taxes()
                .forEach(tax -> say(
                        "  %s on %s: %s (%s)%s",
                        tax.label(),
                        money(tax.base()),
                        money(tax.tax()),
                        tax.reason(),
                        tax.remark().isEmpty() ? "" : ": " + tax.remark()));
        say("Tax %s", money(sums.tax()));
        say(
                "Total %s, carried in %s, carried forward %s, from the account balance %s: amount due %s",
                money(sums.total()),
                money(sums.carriedIn()),
                money(sums.carriedForward()),
                money(sums.fromBalance()),
                money(sums.amountDue()));
    }

    @Override
    public void difference(String sentence) {
        say("DIFFERENCE: %s", sentence);
    }

    void end(boolean ties) {
        say("%s", ties ? "Every sum is as printed" : "NOT EVERY SUM IS AS PRINTED: see DIFFERENCE above");
    }
}
