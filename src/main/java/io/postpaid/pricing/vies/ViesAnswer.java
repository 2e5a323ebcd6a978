package io.postpaid.pricing.vies;

/** What VIES said of a tax id. */
sealed interface ViesAnswer {
    /** @param consultation the number under which tax offices find the question; empty where VIES gave none */
    record Yes(String consultation) implements ViesAnswer {}

    record No(String consultation) implements ViesAnswer {}

    /** @param why there was no answer to the question */
    record Silent(String why) implements ViesAnswer {}
}
