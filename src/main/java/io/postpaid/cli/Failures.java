package io.postpaid.cli;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import io.postpaid.platform.batch.Failure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;

/** Turns what went wrong into one sentence that says what to do. */
final class Failures {
    private static final String URL = "jdbc:postgresql://host:5432/postpaid";

    private Failures() {}

    /** Whether stack traces are wanted: {@code POSTPAID_DEBUG=1}. */
    static boolean debug() {
        return "1".equals(System.getenv("POSTPAID_DEBUG"));
    }

    static String sentence(Throwable failure) {
        for (var cause : causes(failure)) {
            var sentence = known(cause);
            if (sentence != null) return sentence;
        }
        var innermost = causes(failure).getLast();
        return "This should not have happened: " + innermost
                + ". What was committed is safe; set POSTPAID_DEBUG=1 to see where it comes from";
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static @Nullable String known(Throwable cause) {
        var message = cause.getMessage();
        return switch (cause) {
            case SQLException refused -> database(refused);
            case ApiConnectionException unreachable ->
                "Stripe cannot be reached: check the network and STRIPE_API_BASE, then run the command again ("
                        + firstLine(message) + ")";
            case AuthenticationException refused ->
                "Stripe refuses the key: check STRIPE_API_KEY (" + firstLine(message) + ")";
            case FlywayValidateException other ->
                "This database was made by another version of Postpaid, whose changes this one does not know ("
                        + firstLine(other.getMessage()) + "): use that version, or another POSTPAID_HOME";
            case PortInUseException taken -> "Port " + taken.getPort() + " is in use: choose another one with --port";
            case IOException io -> "A file cannot be used: " + io;
            case OutOfMemoryError tooMuch -> "There is not enough memory: give more with POSTPAID_JAVA_OPTS=-Xmx1g";
            default -> Failure.isOfOurs(cause) && message != null ? message : address(message);
        };
    }

    private static @Nullable String address(@Nullable String message) {
        boolean driver = message != null
                && (message.contains("Failed to determine a suitable driver")
                        || message.contains("claims to not accept jdbcUrl")
                        || message.contains("'url' must start with \"jdbc\""));
        return driver ? "SPRING_DATASOURCE_URL is not the address of a PostgreSQL: it must be such as " + URL : null;
    }

    private static String database(SQLException refused) {
        var state = refused.getSQLState() == null ? "" : refused.getSQLState();
        var message = firstLine(refused.getMessage());
        return switch (state) {
            // 08004 is also what the driver says when a password is asked for and there is none.
            case "28P01", "28000", "08004" ->
                "The database refuses this user: check SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD ("
                        + message + ")";
            case "3D000" -> "There is no such database: create it, or check SPRING_DATASOURCE_URL (" + message + ")";
            case "42501" -> "The database user may not do this: grant it the rights (" + message + ")";
            case "55P03", "40P01", "57014" ->
                "What the command needs is in use by another one: run it again later (" + message + ")";
            case "PP043" -> message;
            case "53100" -> "The database's disk is full: make room, then run the command again (" + message + ")";
            case "53300" -> "The database takes no more connections: try again later (" + message + ")";
            default ->
                state.startsWith("08")
                        ? "No PostgreSQL answers: check that it runs and that SPRING_DATASOURCE_URL names it ("
                                + message + ")"
                        : "The database refused a statement (" + state + "): " + message;
        };
    }

    private static String firstLine(@Nullable String text) {
        return text == null
                ? "no reason given"
                : text.lines().findFirst().orElse("").replaceFirst("^(FATAL|ERROR): ", "");
    }
}
