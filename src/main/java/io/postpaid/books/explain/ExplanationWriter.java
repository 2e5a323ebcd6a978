package io.postpaid.books.explain;

import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.usage.archive.RawRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is told what an invoice was made of: its lines, then its days with their records, then its sums. */
public interface ExplanationWriter {

    void line(Line line);

    void day(Day day);

    /** One of the day's records that are shown; the others are counted. */
    void record(RawRecord record);

    /** Records of the day that a run aggregated outside of the database: they lie in its folder. */
    void aggregated(Aggregated sums);

    void dayEnds(Records records);

    void sums(Sums sums);

    /** What should be equal and is not. */
    void difference(String sentence);

    /**
     * A printed line, and how its amount came about.
     *
     * @param price what {@code per} units cost in the tier
     * @param exact the quotient before it was rounded, cut at 12 decimals where it does not end
     * @param accrued what its days were rated at
     */
    record Line(
            int position,
            String product,
            String usagePeriod,
            BigDecimal quantity,
            String unit,
            String listedPrice,
            long priceId,
            String priceScope,
            LocalDate effectiveFrom,
            String model,
            int tier,
            BigDecimal tierFrom,
            @Nullable BigDecimal tierUpTo,
            BigDecimal price,
            BigDecimal per,
            BigDecimal exact,
            BigDecimal accrued,
            BigDecimal amount,
            int days) {}

    /**
     * What was metered of a product on a UTC day for this invoice.
     *
     * @param elsewhere quantity of the same day that is on another invoice, or not metered yet
     */
    record Day(
            String product,
            LocalDate day,
            BigDecimal quantity,
            long records,
            BigDecimal freeQuantity,
            long freeRecords,
            BigDecimal elsewhere,
            long elsewhereRecords,
            List<Part> parts) {}

    /** What fell into one price and tier, and the line it is on; null where it cancelled out to nothing. */
    record Part(@Nullable Integer line, long price, int tier, BigDecimal quantity, BigDecimal amount) {}

    /**
     * What a run added up of a day.
     *
     * @param folder where the records lie, in the Parquet files below {@code lines}
     * @param files how many the run read
     * @param voided how many were taken back
     */
    record Aggregated(
            String run,
            String folder,
            long files,
            long records,
            BigDecimal quantity,
            long freeRecords,
            BigDecimal freeQuantity,
            long voided) {}

    /** All raw records of a day, shown or not. */
    record Records(
            long billable,
            BigDecimal quantity,
            long free,
            BigDecimal freeQuantity,
            long voided,
            long shown,
            boolean ties) {}

    /**
     * From the lines to what is to be paid.
     *
     * @param cost the exact cost of the period, {@code drawn} of it from credit and {@code accrued} to be charged
     */
    record Sums(
            BigDecimal subtotal,
            BigDecimal cost,
            BigDecimal accrued,
            List<Draw> draws,
            BigDecimal drawn,
            BigDecimal credits,
            BigDecimal rounding,
            List<InvoiceTax> taxes,
            BigDecimal tax,
            BigDecimal total,
            BigDecimal carriedIn,
            BigDecimal carriedForward,
            BigDecimal fromBalance,
            BigDecimal amountDue) {}

    /** What was taken from one grant. */
    record Draw(
            long grant,
            String kind,
            Instant grantedAt,
            @Nullable LocalDate expiresOn,
            BigDecimal amount) {}
}
