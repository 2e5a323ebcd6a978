package io.postpaid.payments.stripe;

import io.postpaid.account.Account;
import io.postpaid.account.Card;
import io.postpaid.platform.batch.OutOfReachException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The card processor. Each call that changes something takes our idempotency key.
 *
 * <p>Every call may throw {@link NoAnswerException}, {@link RefusedException} or {@link UnusableException}.
 */
public interface PaymentGateway {

    /** @return the new customer's id */
    String createCustomer(String key, Account account, Map<String, String> metadata);

    /** Gives a customer the account's name and e-mail address of today. */
    void updateCustomer(String key, String customer, Account account);

    /** Deletes a customer with its cards, for good; one that is gone already stays so. */
    void deleteCustomer(String key, String customer);

    Card attach(String key, String customer, String paymentMethod);

    void makeDefault(String key, String customer, String paymentMethod);

    /**
     * A page of the processor's on which a customer enters a card for later charges.
     *
     * @param successUrl where it leads to, with the page's id for {@code {CHECKOUT_SESSION_ID}}
     * @return the page's address
     */
    String setUpCard(String key, String customer, String successUrl, String cancelUrl);

    /** An intent that is not confirmed: no money moves. */
    Intent create(String key, NewIntent intent);

    /** The same where the key was perhaps used before: a failure may be all that it gives, and the intent be there. */
    default Intent createOrFind(String key, NewIntent intent) {
        try {
            return create(key, intent);
        } catch (NoAnswerException e) {
            return find(intent.customer(), intent.metadata()).orElseThrow(() -> e);
        } catch (RefusedException e) {
            if (!e.code().equals("idempotency_error")) throw e;
            return find(intent.customer(), intent.metadata()).orElseThrow(() -> e);
        }
    }

    Intent changeAmount(String key, String intent, long amountMinor);

    /** Tries the card, without the customer. A decline is an answer: the intent shows it. */
    Intent confirm(String key, String intent, String paymentMethod);

    /** The same with the customer there: where the bank asks for a confirmation, the intent shows its page. */
    Intent confirmWithCustomer(String key, String intent, String paymentMethod, String returnUrl);

    /** Makes sure that nobody can pay it any more; refused where it has succeeded or is cancelled. */
    Intent cancel(String key, String intent);

    Intent get(String intent);

    /** The customer's newest intent with all of this metadata. */
    Optional<Intent> find(String customer, Map<String, String> metadata);

    /** How the processor is called in a sentence, with its address. */
    String name();

    /**
     * What an intent is created with. All of it is the same whenever the same key is used.
     *
     * @param onStatement on the customer's bank statement; Stripe wants a letter in it
     */
    record NewIntent(
            long amountMinor,
            String currency,
            String customer,
            String description,
            String onStatement,
            Map<String, String> metadata) {}

    /** Whether the call had an effect is not known. */
    final class NoAnswerException extends RuntimeException {
        private final boolean heard;

        public NoAnswerException(String message, Throwable cause) {
            this(message, false, cause);
        }

        /** @param heard whether the processor is there: it repeats the failure that it kept under the key */
        public NoAnswerException(String message, boolean heard, Throwable cause) {
            super(message, cause);
            this.heard = heard;
        }

        public boolean heard() {
            return heard;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /** The request was wrong, or is not possible any more: it had no effect. */
    final class RefusedException extends RuntimeException {
        private final String code;
        private final String param;

        public RefusedException(String code, String param, String message, Throwable cause) {
            super(message, cause);
            this.code = code;
            this.param = param;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }

        public String code() {
            return code;
        }

        public String param() {
            return param;
        }
    }

    /** The processor does not let us in: an operator has to act before anything can go on. */
    final class UnusableException extends OutOfReachException {
        public UnusableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
