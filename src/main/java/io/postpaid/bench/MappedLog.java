package io.postpaid.bench;

import static java.time.ZoneOffset.UTC;

import io.postpaid.bench.SeededMonth.Form;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import java.util.function.Function;

/** The seeded month as programs write it that know nothing of billing. */
enum MappedLog {
    NDJSON("NDJSON", 1, mappings -> Mapping.parse("ndjson.yaml", """
                    format: ndjson
                    source: bench-ndjson
                    fields:
                      id:          {column: request_id}
                      account:     {column: customer.id}
                      product:     {column: model}
                      quantity:    {column: usage.seconds}
                      occurred_at: {column: ts}
                      outcome:     {column: status, only: {success: succeeded, failure: failed}}
                      operation:   {column: call_type}
                    """), SeededMonth.lines(call ->
            """
                            {"request_id":"%s","call_type":"predict","customer":{"id":"%s"},"model":"%s","usage":{"seconds":%s},"ts":"%tFT%<tTZ","status":"success"}""".formatted(call.id(), call.account(), call.product(), call.quantity(), call.at()))),
    /** As of language models, with tokens in, out and cached. */
    SETS("NDJSON, 3 records a line", 3, mappings -> Mapping.parse("sets.yaml", """
                    format: ndjson
                    source: bench-sets
                    fields:
                      id:          {column: request_id}
                      account:     {column: end_user}
                      occurred_at: {column: startTime}
                      outcome:     {column: status, only: {success: succeeded, failure: failed}}
                    records:
                      - {name: input,  product: {value: audio}, quantity: {difference: [usage.input, usage.cached]}}
                      - {name: cached, product: {value: image}, quantity: {column: usage.cached}}
                      - {name: output, product: {value: text},  quantity: {column: usage.output}}
                    """), SeededMonth.lines(call ->
            """
                            {"request_id":"%s","call_type":"completion","end_user":"%s","model":"gpt-4o","usage":{"input":1%s,"cached":%4$s,"output":25},"startTime":"%5$tFT%5$tTZ","status":"success"}""".formatted(call.id(), call.account(), call.quantity(), call.quantity(), call.at()))),
    CSV(
            "CSV (aws-cur)",
            1,
            mappings -> mappings.named("aws-cur"),
            new Form(
                    "identity/LineItemId,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,"
                            + "lineItem/UsageType,lineItem/ResourceId,lineItem/UsageAmount,lineItem/UnblendedCost\n",
                    call -> "m4lov5dsh5,%s,Usage,%tFT%<tTZ,%s,%s,%s00000,0.0110000000"
                            .formatted(call.account(), call.at(), call.product(), call.id(), call.quantity()),
                    "\n",
                    "\n")),
    TEXT(
            "text (nginx-combined)",
            1,
            mappings -> mappings.named("nginx-combined"),
            SeededMonth.lines(call ->
                    "192.0.2.7 - %s [%td/%<tb/%<tY:%<tT +0000] \"POST /v1/%s?request=%s HTTP/1.1\" 200 2326 \"-\" \"curl/8\""
                            .formatted(call.account(), call.at(), call.product(), call.id()))),
    DOCUMENT(
            "JSON array (kong-http-log)",
            1,
            mappings -> mappings.named("kong-http-log"),
            new Form(
                    "[",
                    call -> """
                            {"request":{"method":"POST","uri":"/v1/%s/%s","size":"75"},"response":{"status":200,"size":"434"},"consumer":{"username":"%s","id":"35b03bfc"},"client_ip":"192.0.2.7","started_at":%d}""".formatted(
                                    call.product(),
                                    call.id(),
                                    call.account(),
                                    call.at().toInstant(UTC).toEpochMilli()),
                    ",\n",
                    "]\n"));

    final String title;
    final int recordsALine;
    final Function<Mappings, Mapping> mapping;
    final Form form;

    MappedLog(String title, int recordsALine, Function<Mappings, Mapping> mapping, Form form) {
        this.title = title;
        this.recordsALine = recordsALine;
        this.mapping = mapping;
        this.form = form;
    }
}
