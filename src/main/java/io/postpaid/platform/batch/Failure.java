package io.postpaid.platform.batch;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Objects;
import org.springframework.transaction.CannotCreateTransactionException;

/** What an item threw: whether it concerns this item alone, and what a person needs to know of it. */
public final class Failure {
    private static final int DETAIL_MAX = 500;
    private static final String PROJECT = "io.postpaid.";
    /** Connection lost, out of resources (a full disk too), shut down, system error, broken storage, wrong login. */
    private static final List<String> SERVER = List.of("08", "28", "3D", "53", "57P", "58", "XX");

    /** A number with more digits than its column keeps. */
    private static final String TOO_LARGE = "22003";

    private static final List<String> DISK = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "Read-only file system",
            "Input/output error",
            "Too many open files");

    private Failure() {}

    /** Whether it would meet every other item too. */
    public static boolean ofEverything(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            boolean broken = switch (cause) {
                case OutOfReachException e -> true;
                case CannotCreateTransactionException e -> true;
                case SQLTransientConnectionException e -> true;
                case SQLException e -> isOfServer(e);
                case IOException e -> isOfDisk(e);
                case StackOverflowError e -> false;
                case Error e -> true;
                default -> false;
            };
            if (broken) return true;
        }
        return false;
    }

    private static boolean isOfServer(SQLException e) {
        var state = Objects.requireNonNullElse(e.getSQLState(), "");
        return SERVER.stream().anyMatch(state::startsWith);
    }

    private static boolean isOfDisk(IOException e) {
        var message = Objects.requireNonNullElse(e.getMessage(), "");
        return DISK.stream().anyMatch(message::contains);
    }

    /** Whether the message says all that a person needs: our own code wrote it, or it is of a file or a sum. */
    static boolean isForeseen(Throwable thrown) {
        if (thrown instanceof HeldException && thrown.getCause() != null) return isForeseen(thrown.getCause());
        var root = root(thrown);
        return isOfOurs(thrown) || root instanceof IOException || isTooLarge(root);
    }

    /** Whether it was thrown by this project, whose messages are sentences, and not only passed through it. */
    public static boolean isOfOurs(Throwable thrown) {
        if (thrown.getClass().getName().startsWith(PROJECT)) return true;
        var trace = thrown.getStackTrace();
        return thrown instanceof IllegalArgumentException
                && trace.length > 0
                && trace[0].getClassName().startsWith(PROJECT);
    }

    /** Equal for items that failed for the same reason. */
    static String reason(Throwable thrown) {
        var root = root(thrown);
        if (root instanceof HeldException held) return held.reason();
        if (isTooLarge(root)) return "OUT_OF_RANGE";
        var name = root.getClass().getSimpleName();
        return root instanceof SQLException e && e.getSQLState() != null ? name + " " + e.getSQLState() : name;
    }

    /** The first line of the message. */
    static String detail(Throwable thrown) {
        var root = root(thrown);
        if (isTooLarge(root)) {
            return "an amount or a sum has more digits than can be kept: void the usage that is wrong, or correct its price";
        }
        var message = Objects.requireNonNullElse(
                        root.getMessage(), root.getClass().getSimpleName())
                .replace("\u0000", "")
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^ERROR: ", "");
        return message.length() > DETAIL_MAX ? message.substring(0, DETAIL_MAX) : message;
    }

    private static boolean isTooLarge(Throwable thrown) {
        return thrown instanceof SQLException e && TOO_LARGE.equals(e.getSQLState());
    }

    /** The innermost, unless one on the way was written for people. */
    private static Throwable root(Throwable thrown) {
        var root = thrown;
        while (!(root instanceof HeldException || root instanceof OutOfReachException) && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
