package io.postpaid.pricing.calculation;

/** Who calculates taxes. */
public interface TaxCalculator {
    /**
     * @param key the same for the same question
     * @return Stripe's calculation as JSON, with its lines and how each is made up
     * @throws UnansweredException if there was no answer, for what reason ever
     * @throws QuestionRefusedException if the question has no answer, which is this customer's alone
     */
    String calculate(String key, TaxQuestion question);

    /** The same question may be asked again. */
    final class UnansweredException extends RuntimeException {
        public UnansweredException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Such as an address that is not known. */
    final class QuestionRefusedException extends RuntimeException {
        public QuestionRefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
