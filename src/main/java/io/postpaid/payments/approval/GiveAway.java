package io.postpaid.payments.approval;

import io.postpaid.credit.GrantKind;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What gives money back or away, with all but its amount and reason. */
public sealed interface GiveAway {
    Verb verb();

    /** In words that an amount can stand before. */
    String text();

    /** Money that was paid by card. */
    record Refund(String invoice) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.REFUND;
        }

        @Override
        public String text() {
            return "back to the card for invoice " + invoice;
        }
    }

    record TopUpRefund(String account, String reference) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.TOP_UP_REFUND;
        }

        @Override
        public String text() {
            return "back to the card for the top-up " + reference + " of " + account;
        }
    }

    record CreditNote(String invoice) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.CREDIT_NOTE;
        }

        @Override
        public String text() {
            return "off invoice " + invoice + " by a credit note";
        }
    }

    record WriteOff(String invoice) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.WRITE_OFF;
        }

        @Override
        public String text() {
            return "of invoice " + invoice + " to be written off";
        }
    }

    record Grant(String account, GrantKind kind, @Nullable LocalDate expiresOn) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.GRANT;
        }

        @Override
        public String text() {
            return "of " + kind + " credit for " + account + (expiresOn == null ? "" : " until " + expiresOn);
        }
    }

    /** Money of the account balance that goes back by bank transfer. */
    record SendBack(
            String account, String reference, @Nullable LocalDate on) implements GiveAway {
        @Override
        public Verb verb() {
            return Verb.SEND_BACK;
        }

        @Override
        public String text() {
            return "of the account balance sent back to " + account + " (" + reference + ")";
        }
    }

    /** What it is called where it is kept. */
    enum Verb {
        REFUND(Refund.class),
        TOP_UP_REFUND(TopUpRefund.class),
        CREDIT_NOTE(CreditNote.class),
        WRITE_OFF(WriteOff.class),
        GRANT(Grant.class),
        SEND_BACK(SendBack.class);

        final Class<? extends GiveAway> arguments;

        Verb(Class<? extends GiveAway> arguments) {
            this.arguments = arguments;
        }
    }
}
