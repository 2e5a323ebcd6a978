package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** An account that was refused as a whole; its message names all that is wrong, in the words of an import. */
public final class RefusedAccountException extends RuntimeException {
    private final String field;
    private final transient List<Problem> problems;

    RefusedAccountException(List<Problem> problems) {
        super(
                problems.stream().map(RefusedAccountException::text).collect(Collectors.joining("; ")),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
        this.field = Objects.requireNonNullElse(problems.getFirst().column(), "id");
    }

    private static String text(Problem problem) {
        return problem.column() == null ? problem.what() : problem.column() + ": " + problem.what();
    }

    /** What is wrong, each in the words of the caller, who knows the names of the fields on a page. */
    public List<String> told(BiFunction<String, String, String> words) {
        return problems.stream()
                .map(problem -> words.apply(Objects.requireNonNullElse(problem.column(), ""), problem.what()))
                .toList();
    }

    /** The first that is wrong. */
    public String field() {
        return field;
    }
}
