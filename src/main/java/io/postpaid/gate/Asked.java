package io.postpaid.gate;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One of the items that a call is priced from, or was.
 *
 * @param path where it stands in what the caller has sent, before the names of its fields
 * @param product null in a settlement of the only item
 */
public record Asked(String path, @Nullable String product, BigDecimal quantity) {}
