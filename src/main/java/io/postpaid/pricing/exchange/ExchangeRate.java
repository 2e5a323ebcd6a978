package io.postpaid.pricing.exchange;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A published rate.
 *
 * @param perEuro how much of the currency is one euro
 */
public record ExchangeRate(String currency, LocalDate day, BigDecimal perEuro) {}
