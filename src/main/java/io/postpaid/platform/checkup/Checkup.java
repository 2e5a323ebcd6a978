package io.postpaid.platform.checkup;

/**
 * A look at something that the product needs and does not own. What it uses of the application it must ask for only then: that
 * may be what does not start.
 */
public interface Checkup {
    /** One word or two. */
    String of();

    /**
     * @return what was found, in a sentence
     * @throws RuntimeException whose message says what is wrong and what to do
     */
    String look() throws Exception;
}
