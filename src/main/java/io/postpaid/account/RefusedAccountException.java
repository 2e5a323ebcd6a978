package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** An account that was refused as a whole; its message names all that is wrong, in the words of an import. */
public final class RefusedAccountException extends RuntimeException {
    private final String field;

    RefusedAccountException(List<Problem> problems) {
        super(
                problems.stream().map(RefusedAccountException::text).collect(Collectors.joining("; ")),
                null,
                false,
                false);
        this.field = Objects.requireNonNullElse(problems.getFirst().column(), "id");
    }

    private static String text(Problem problem) {
        return problem.column() == null ? problem.what() : problem.column() + ": " + problem.what();
    }

    /** The first that is wrong. */
    public String field() {
        return field;
    }
}
