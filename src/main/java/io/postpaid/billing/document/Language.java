package io.postpaid.billing.document;

/**
 * What documents say in one language beside the fixed words of their layout.
 *
 * @param code as its files are named, such as {@code de}
 */
record Language(String code, Phrases phrases, Figures figures) {}
