package io.postpaid.account;

/**
 * A postal address; what is not known is empty.
 *
 * @param country ISO 3166 code of two letters
 */
public record Address(String line1, String line2, String city, String state, String postalCode, String country) {}
