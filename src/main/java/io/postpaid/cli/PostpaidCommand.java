package io.postpaid.cli;

import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The list of all commands. A new one is a class beside this, named here. */
@Command(
        name = "postpaid",
        description = "Batch billing engine for pay-as-you-go APIs.",
        mixinStandardHelpOptions = true,
        versionProvider = PostpaidCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        footer = {"", "State lives under POSTPAID_HOME (default ./data). Exit codes: 0 done, 1 failed, 2 wrong use."})
final class PostpaidCommand {
    private static final List<Class<?>> ALL = List.of(
            AccountCommands.class,
            PriceCommands.class,
            TaxCommands.class,
            RateCommands.class,
            RunCommands.class,
            RunsCommand.class,
            HeldCommand.class,
            RerunCommand.class,
            UsageCommands.class,
            CreditCommands.class,
            InvoiceCommands.class,
            PaymentCommands.class,
            BankCommands.class,
            ApprovalsCommand.class,
            ApproveCommand.class,
            RejectCommand.class,
            ReconcileCommand.class,
            MailCommands.class,
            EventCommands.class,
            ExplainCommand.class,
            ReportCommand.class,
            JournalCommands.class,
            RehearseCommand.class,
            VerifyCommand.class,
            AuditCommand.class,
            KeyCommands.class,
            PortalCommand.class,
            ServeCommand.class,
            WorkerCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            MatchCommand.class,
            BenchCommand.class);

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on standard output.")
    private boolean json;

    /** @param first the first argument: where it names a command, the others are not looked at, which takes its time */
    static CommandLine line(String first) {
        var line = new CommandLine(new PostpaidCommand());
        var named = ALL.stream()
                .filter(command -> command.getAnnotation(Command.class).name().equals(first))
                .toList();
        for (var command : named.isEmpty() ? ALL : named) line.addSubcommand(command);
        return line;
    }

    boolean json() {
        return json;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = PostpaidCommand.class.getPackage().getImplementationVersion();
            return new String[] {"Postpaid " + Objects.requireNonNullElse(version, "(unpackaged)")};
        }
    }
}
