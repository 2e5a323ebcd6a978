package io.postpaid.pricing.pricebook;

/**
 * What an import did, in products and prices together.
 *
 * @param daysToRate days of usage that the next nightly run rates again
 */
public record PricesImported(int added, int updated, int unchanged, int daysToRate) {}
