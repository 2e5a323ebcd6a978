package io.postpaid.books.explain;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.usage.archive.RawRecord;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** An invoice's explanation as one JSON document, written while it is found; decimals are strings. */
public final class ExplanationJson implements ExplanationWriter, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .withConfigOverride(
                    BigDecimal.class, decimal -> decimal.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING)))
            .build();

    private final JsonGenerator json;
    private final List<String> differences = new ArrayList<>();
    private final boolean withFiles;
    private boolean days;

    /** @param withFiles whether it says which file brought a record: the operator's files are no business of a customer */
    public ExplanationJson(OutputStream out, Invoice invoice, boolean withFiles) {
        this.withFiles = withFiles;
        json = JSON.createGenerator(out);
        json.writeStartObject();
        json.writeStringProperty("number", invoice.issuedNumber());
        json.writeStringProperty("account", invoice.account());
        json.writeStringProperty("period", invoice.period().toString());
        json.writeStringProperty("currency", invoice.currency());
        json.writeStringProperty("status", invoice.status().name());
        json.writeArrayPropertyStart("lines");
    }

    /** A record as its customer sees it. */
    private record OfCustomer(
            String product,
            Instant occurredAt,
            String source,
            String id,
            BigDecimal quantity,
            boolean failed,
            boolean billable,
            @Nullable String operation,
            boolean voided) {
        static OfCustomer of(RawRecord record) {
            return new OfCustomer(
                    record.product(),
                    record.occurredAt(),
                    record.source(),
                    record.id(),
                    record.quantity(),
                    record.failed(),
                    record.billable(),
                    record.operation(),
                    record.voided());
        }
    }

    /** What was aggregated, as its customer sees it. */
    private record OfCustomerSum(long records, BigDecimal quantity, long freeRecords) {}

    @Override
    public void line(Line line) {
        json.writePOJO(line);
    }

    private void turnToDays() {
        if (days) return;
        days = true;
        json.writeEndArray();
        json.writeArrayPropertyStart("days");
    }

    @Override
    public void day(Day day) {
        turnToDays();
        json.writeStartObject();
        json.writePOJOProperty("metered", day);
        json.writeArrayPropertyStart("records");
    }

    @Override
    public void record(RawRecord record) {
        json.writePOJO(withFiles ? record : OfCustomer.of(record));
    }

    @Override
    public void aggregated(Aggregated sums) {
        json.writePOJO(withFiles ? sums : new OfCustomerSum(sums.records(), sums.quantity(), sums.freeRecords()));
    }

    @Override
    public void dayEnds(Records records) {
        json.writeEndArray();
        json.writePOJOProperty("counted", records);
        json.writeEndObject();
    }

    @Override
    public void sums(Sums sums) {
        turnToDays();
        json.writeEndArray();
        json.writePOJOProperty("sums", sums);
    }

    @Override
    public void difference(String sentence) {
        differences.add(sentence);
    }

    public void end(boolean ties) {
        json.writePOJOProperty("differences", differences);
        json.writeBooleanProperty("ties", ties);
        json.writeEndObject();
    }

    @Override
    public void close() {
        json.close();
    }
}
