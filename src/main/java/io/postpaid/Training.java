package io.postpaid;

import io.postpaid.cli.Cli;
import io.postpaid.cli.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TimeZone;

/** Runs several command lines in one process, so that the classes that any of them needs come into the launcher's cache. */
final class Training {
    private Training() {}

    public static void main(String[] lines) {
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
        var nowhere = new PrintStream(OutputStream.nullOutputStream());
        for (var line : lines)
            Cli.run(Postpaid.class, new Terminal(nowhere, nowhere, false), Map.of(), line.split(" "));
        System.exit(0);
    }
}
