package io.postpaid.web.console;

import io.postpaid.usage.record.Reason;

/** What a person does about a line in quarantine. */
final class Mending {
    private Mending() {}

    static String of(Reason reason) {
        return switch (reason) {
            case UNREADABLE ->
                "What was kept is not the line itself, so that it is never released. Mend the file where it comes from, and send it again.";
            case MALFORMED ->
                "Mend the line where it comes from, and send it again with the same source and id. This one stays, and bills nothing.";
            case UNKNOWN_ACCOUNT ->
                "Import the account, then release the line. If the name is wrong, send it again with the right one.";
            case UNKNOWN_PRODUCT ->
                "Import a price book that has the product, then release the line. If the name is wrong, send it again with the right one.";
            case BAD_QUANTITY ->
                "Send the line again with the same source and id, and the right quantity. This one stays, and bills nothing.";
            case IN_FUTURE ->
                "The sender's clock runs ahead. Once the time has come, release the line; the nightly run does so itself where that is at most an hour away.";
            case TOO_LATE ->
                "It came behind the late window. Release it by itself or with its group if it is to be billed all the same: releasing all leaves it.";
            case CONFLICT ->
                "The record that came first counts. If this one is right, take that one back by a correction, and send this one again with a new id.";
            case ALREADY_VOIDED -> "Nothing: the record was taken back already, and is taken back once.";
            case NOT_SETTLED ->
                "Settle the call at the gate, then release the correction. A call that expired has nothing to correct.";
            case OTHER_PATH ->
                "A source is ingested or aggregated, never both. Send the line the other way, or with another source. This one stays, and bills nothing.";
        };
    }
}
