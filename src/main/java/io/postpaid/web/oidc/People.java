package io.postpaid.web.oidc;

import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The names by which the audit log and approvals know who signs in with OpenID Connect. A person is an issuer and a subject, and
 * keeps the name of the first sign-in: the e-mail address if the provider has verified it, else the subject. An address that
 * passes on to somebody else makes another name.
 */
@Component
@ConditionalOnWebApplication
class People {
    /** What their names begin with. */
    private static final String PERSON = "person ";

    /** As the standard has it, without blanks. */
    private static final Pattern SUBJECT = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final Pattern ADDRESS = Pattern.compile("[!-~&&[^()@]]{1,64}@[!-~&&[^()@]]{1,190}");

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final BillingClock clock;

    People(JdbcClient jdbc, TransactionTemplate transactions, BillingClock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Name(String label, int number) {
        String text() {
            return PERSON + label + (number == 1 ? "" : " (" + number + ")");
        }
    }

    /** The name of the person that these claims of an issuer are about. */
    String name(String issuer, Map<String, ?> claims) {
        var subject = String.valueOf(claims.get("sub"));
        if (!SUBJECT.matcher(subject).matches()) throw new IllegalArgumentException("The subject is no plain text");
        return find(issuer, subject).orElseGet(() -> add(issuer, subject, label(subject, claims)));
    }

    private static String label(String subject, Map<String, ?> claims) {
        return Boolean.TRUE.equals(claims.get("email_verified"))
                        && claims.get("email") instanceof String address
                        && ADDRESS.matcher(address).matches()
                ? address.toLowerCase(Locale.ROOT)
                : "(" + subject + ")";
    }

    private String add(String issuer, String subject, String label) {
        return transactions.execute(_ -> {
            jdbc.sql("lock table person in exclusive mode").update();
            jdbc.sql("""
                            insert into person (issuer, subject, label, number, since)
                            select :issuer, :subject, :label, coalesce(max(number), 0) + 1, :now
                              from person where label = :label
                            on conflict (issuer, subject) do nothing""")
                    .param("issuer", issuer)
                    .param("subject", subject)
                    .param("label", label)
                    .param("now", Timestamp.from(clock.instant()))
                    .update();
            return find(issuer, subject).orElseThrow();
        });
    }

    private Optional<String> find(String issuer, String subject) {
        return jdbc.sql("select label, number from person where issuer = :issuer and subject = :subject")
                .param("issuer", issuer)
                .param("subject", subject)
                .query(Name.class)
                .optional()
                .map(Name::text);
    }
}
