package io.postpaid.pricing.vies;

/**
 * A tax id as VIES takes it.
 *
 * @param country its letters, which are EL for Greece
 */
record VatId(String country, String number) {
    private static final int LETTERS = 2;

    /** @param whole with the letters of its country in front */
    static VatId of(String whole) {
        return new VatId(whole.substring(0, LETTERS), whole.substring(LETTERS));
    }
}
