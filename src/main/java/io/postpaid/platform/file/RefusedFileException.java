package io.postpaid.platform.file;

import java.nio.file.Path;
import java.util.List;

/** A file that was refused as a whole; its problems say where, what and what was expected instead. */
public final class RefusedFileException extends RuntimeException {
    private static final int SHOWN = 100;

    private final List<String> problems;

    public RefusedFileException(Path file, List<String> problems) {
        super(text(file, problems));
        this.problems = List.copyOf(problems);
    }

    /** The file itself cannot be used. */
    RefusedFileException(String problem, Throwable cause) {
        super(problem, cause);
        this.problems = List.of(problem);
    }

    public List<String> problems() {
        return problems;
    }

    private static String text(Path file, List<String> problems) {
        var text = new StringBuilder("Nothing was imported from " + file + ": "
                + (problems.size() == 1 ? "one problem" : problems.size() + " problems"));
        problems.stream().limit(SHOWN).forEach(problem -> text.append("\n  ").append(problem));
        if (problems.size() > SHOWN)
            text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
        return text.toString();
    }
}
