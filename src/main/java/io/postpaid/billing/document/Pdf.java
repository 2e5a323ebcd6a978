package io.postpaid.billing.document;

/** A document as it was issued, and where it lies. */
public record Pdf(String place, byte[] bytes) {}
