package io.postpaid.spark;

import static io.postpaid.spark.Lines.at;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.Claim.Stated;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.time.Instant;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Makes the rows of lines as Spark has them inside. */
final class Rows {
    private static final int VERDICT = at("verdict");
    private static final int FILE = at("file");
    private static final int LINE = at("line");
    private static final int K1 = at("k1");
    private static final int K2 = at("k2");
    private static final int CONTENT = at("content");
    private static final int CORRECTS = at("corrects");
    private static final int ACCOUNT = at("account");
    private static final int PRODUCT = at("product");
    private static final int QUANTITY = at("quantity");
    private static final int AT = at("at");
    private static final int FAILED = at("failed");
    private static final int BILLABLE = at("billable");
    private static final int SOURCE = at("source");
    private static final int ID = at("id");
    private static final int OPERATION = at("operation");
    private static final int METADATA = at("metadata");
    private static final int REASON = at("reason");
    private static final int DETAIL = at("detail");
    private static final int RAW = at("raw");
    private static final int LINE_ID = at("line_id");
    private static final int VOIDED1 = at("voided1");
    private static final int VOIDED2 = at("voided2");
    private static final int LEFT_OUT = at("left_out");

    private Rows() {}

    /** Without a key of its own it is put where its place sends it, so that such rows are spread over all tasks. */
    private static Object[] row(byte verdict, int file, long line) {
        var row = new Object[Lines.COLUMNS];
        row[VERDICT] = verdict;
        row[FILE] = file;
        row[LINE] = line;
        row[K1] = (long) file;
        row[K2] = line;
        row[CONTENT] = 0L;
        row[CORRECTS] = false;
        return row;
    }

    /** @param lines how many it has; they stand where other rows have the number of theirs */
    static InternalRow file(int file, Layout layout, long lines, long leftOut, long fingerprint) {
        var row = row(Lines.FILE, file, lines);
        row[CONTENT] = fingerprint;
        row[REASON] = text(layout.format());
        row[RAW] = text(layout.header());
        row[LEFT_OUT] = leftOut;
        return new GenericInternalRow(row);
    }

    static InternalRow refused(
            int file, long line, Refused why, @Nullable String account, String raw, @Nullable String lineId) {
        var row = row(Lines.REFUSED, file, line);
        row[REASON] = text(why.reason().name());
        row[DETAIL] = text(why.detail());
        row[ACCOUNT] = text(account);
        row[RAW] = text(raw);
        row[LINE_ID] = text(lineId);
        return new GenericInternalRow(row);
    }

    static InternalRow raw(int file, long line, String raw, @Nullable String lineId) {
        var row = row(Lines.CONFLICT, file, line);
        row[RAW] = text(raw);
        row[LINE_ID] = text(lineId);
        return new GenericInternalRow(row);
    }

    static InternalRow stated(int file, long line, Stated stated, Admission admission) {
        var row = row(Lines.ACCEPTED, file, line);
        row[K1] = stated.key().getMostSignificantBits();
        row[K2] = stated.key().getLeastSignificantBits();
        row[CONTENT] = stated.content();
        row[ACCOUNT] = text(stated.fact().account());
        row[AT] = micros(stated.fact().occurredAt());
        row[SOURCE] = text(stated.fact().source());
        row[ID] = text(stated.fact().id());
        switch (stated.fact()) {
            case UsageRecord usage -> {
                row[PRODUCT] = text(usage.product());
                row[QUANTITY] = Decimal.apply(
                        new scala.math.BigDecimal(usage.quantity()),
                        Lines.QUANTITY.precision(),
                        Lines.QUANTITY.scale());
                row[FAILED] = usage.failed();
                row[BILLABLE] = admission.billable(usage);
                row[OPERATION] = text(usage.operation());
                row[METADATA] = text(usage.metadata());
            }
            case UsageVoid correction -> {
                row[CORRECTS] = true;
                row[VOIDED1] = correction.voidedKey().getMostSignificantBits();
                row[VOIDED2] = correction.voidedKey().getLeastSignificantBits();
            }
        }
        return new GenericInternalRow(row);
    }

    private static @Nullable UTF8String text(@Nullable String text) {
        return text == null ? null : UTF8String.fromString(text);
    }

    private static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000);
    }
}
