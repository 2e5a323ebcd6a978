package io.postpaid.cli;

import io.postpaid.bench.Bench;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.checkup.JavaCheckup;
import io.postpaid.platform.checkup.UnwellException;
import io.postpaid.platform.file.PlainText;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AutowiredAnnotationBeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command line, starts the application only when a command is really to be run, and prints its answer. */
public final class Cli {
    /** Who types, where it is another than the user of the process; read from the given settings only. */
    public static final String PERSON = "postpaid.person";

    /** Who types commands finds the database ready at the next one. */
    private static final Map<String, Object> SESSION = Map.of("postpaid.keep", "PT5M");

    private final Class<?> application;
    private final Terminal terminal;
    private final Map<String, Object> settings;
    private final boolean json;
    private Actor actor = new Actor("", "");

    private Cli(Class<?> application, Terminal terminal, Map<String, ?> settings, boolean json) {
        this.application = application;
        this.terminal = terminal;
        this.settings = Map.copyOf(settings);
        this.json = json;
    }

    /**
     * @param settings win over the environment
     * @return the exit code: 0 done, 1 failed, 2 wrong use
     */
    public static int run(Class<?> application, Terminal terminal, Map<String, ?> settings, String... arguments) {
        boolean json = List.of(arguments).contains("--json");
        var line = new Cli(application, terminal, settings, json);
        try {
            JavaCheckup.judge(Runtime.version());
        } catch (UnwellException unwell) {
            return line.failed(unwell);
        }
        return line.run(arguments);
    }

    private int run(String... arguments) {
        actor = new Actor(person(), "postpaid " + String.join(" ", arguments));
        for (var argument : arguments) {
            if (!PlainText.isStorable(argument)) {
                var why = "An argument has a NUL character or half of a surrogate pair, which is not text";
                terminal.err().println(Terminal.typed(why));
                if (json) tell("WRONG_USE", why);
                return 2;
            }
        }
        return PostpaidCommand.line(arguments.length == 0 ? "" : arguments[0])
                .registerConverter(LocalDate.class, converter(Cli::day, "a day such as 2026-10-31"))
                .registerConverter(BillingPeriod.class, converter(Cli::period, "a period such as 2026-10"))
                .registerConverter(BigDecimal.class, converter(Cli::amount, "an amount such as 250.00"))
                .registerConverter(EarlierBench.class, EarlierBench::read)
                .registerConverter(Long.class, converter(text -> Long.valueOf(digits(text)), "a number"))
                .registerConverter(long.class, converter(text -> Long.valueOf(digits(text)), "a number"))
                .registerConverter(int.class, converter(text -> Integer.valueOf(digits(text)), "a number"))
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler(this::wrongUse)
                .execute(arguments);
    }

    /** The user of the process, as the machine says: what the environment can change would let one person be two. */
    private String person() {
        return settings.get(PERSON) instanceof String stated
                ? stated
                : ProcessHandle.current().info().user().orElse(System.getProperty("user.name"));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static <T> ITypeConverter<T> converter(ITypeConverter<T> parse, String expected) {
        return text -> {
            try {
                return parse.convert(text);
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is not " + expected);
            }
        };
    }

    private static LocalDate day(String text) {
        var day = LocalDate.parse(text);
        if (!PlainText.isUsable(day)) throw new IllegalArgumentException(text);
        return day;
    }

    private static BillingPeriod period(String text) {
        var period = BillingPeriod.parse(text);
        if (!PlainText.isUsable(period.firstDay())) throw new IllegalArgumentException(text);
        return period;
    }

    static BigDecimal amount(String text) {
        if (!text.matches("[0-9]{1,15}(\\.[0-9]{1,12})?")) throw new IllegalArgumentException(text);
        return new BigDecimal(text);
    }

    private static String digits(String text) {
        if (!PlainText.isAscii(text)) throw new IllegalArgumentException(text);
        return text;
    }

    private int execute(ParseResult parsed) {
        var help = CommandLine.executeHelpRequest(parsed);
        if (help != null) return help;
        var leaf = parsed.asCommandLineList().getLast();
        var spec = leaf.getCommandSpec();
        var runs = spec.userObject();
        // Without anything to run, RunLast tells that a subcommand is missing.
        if (!(runs instanceof Method) && !(runs instanceof Callable<?>)) return new RunLast().execute(parsed);
        try (var context = start(spec)) {
            var fields = new AutowiredAnnotationBeanPostProcessor();
            fields.setBeanFactory(context.getBeanFactory());
            fields.processInjection(holder(spec));
            new RunLast().execute(parsed);
            Answer answer = Objects.requireNonNull(leaf.getExecutionResult());
            answer.print(terminal.out(), json);
            terminal.out().flush();
            return answer.exitCode();
        } catch (ParameterException wrong) {
            throw wrong;
        } catch (Exception | OutOfMemoryError failure) {
            if (failure.getCause() instanceof WrongUse wrong) {
                throw new ParameterException(leaf.getParent(), Objects.requireNonNull(wrong.getMessage()));
            }
            return failed(failure);
        }
    }

    /** The object whose fields the command uses: of a method, the one that declares it. */
    private static Object holder(CommandSpec spec) {
        return spec.userObject() instanceof Method ? spec.parent().userObject() : spec.userObject();
    }

    private ConfigurableApplicationContext start(CommandSpec spec) {
        AnnotatedElement marks = spec.userObject() instanceof Method method
                ? method
                : spec.userObject().getClass();
        boolean web = marks.isAnnotationPresent(Web.class);
        var own = new HashMap<String, Object>(settings);
        if (spec.userObject() instanceof ServeCommand serve) own.putAll(serve.settings());
        if (spec.userObject() instanceof WorkerCommand worker) own.putAll(worker.settings());
        if (spec.userObject() instanceof RestoreCommand restore) own.putAll(restore.settings());
        var sandboxed = marks.getAnnotation(Sandboxed.class);
        if (spec.userObject() instanceof DemoCommand) own.putAll(DemoCommand.SETTINGS);
        if (sandboxed != null && sandboxed.always()) own.putAll(SandboxMode.always());
        var sandbox = web || sandboxed != null ? new SandboxMode(terminal) : null;
        return start(own, terminal, web, true, sandbox);
    }

    /** The application once more, on settings that win over all others, and in sandbox mode whatever key is set. */
    private ConfigurableApplicationContext openApart(Map<String, Object> apart, boolean serving) {
        var winning = new HashMap<>(apart);
        winning.putAll(SandboxMode.always());
        var quiet = new Terminal(terminal.out(), new PrintStream(OutputStream.nullOutputStream()), false);
        return start(winning, quiet, serving, false, new SandboxMode(quiet));
    }

    private ConfigurableApplicationContext start(
            Map<String, Object> own, Terminal shown, boolean web, boolean untilSignal, @Nullable SandboxMode sandbox) {
        var start = web ? new SpringApplication(application) : new PreparedApplication(application);
        start.setAddCommandLineProperties(false);
        start.setLogStartupInfo(false);
        start.setRegisterShutdownHook(untilSignal);
        if (web) start.setWebApplicationType(WebApplicationType.SERVLET);
        var initializers = new ArrayList<ApplicationContextInitializer<GenericApplicationContext>>();
        initializers.add(context -> {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("settings", own));
            if (!web && shown.interactive()) {
                context.getEnvironment().getPropertySources().addLast(new MapPropertySource("session", SESSION));
            }
            SandboxMode.leadHere(context.getEnvironment());
            context.getBeanFactory().registerSingleton("actor", web ? new Actor("system", "serve") : actor);
            context.getBeanFactory().registerSingleton("terminal", shown);
            context.getBeanFactory().registerSingleton("opener", (Bench.Opener) this::openApart);
        });
        if (sandbox != null) initializers.add(sandbox);
        start.setInitializers(initializers);
        return start.run();
    }

    private int wrongUse(ParameterException wrong, String[] arguments) {
        var command = wrong.getCommandLine();
        terminal.err().println(Terminal.typed(String.valueOf(wrong.getMessage())));
        boolean suggested = UnmatchedArgumentException.printSuggestions(wrong, writer(terminal.err()));
        if (!suggested) {
            terminal.err()
                    .println(Terminal.typed("Try './" + command.getCommandSpec().qualifiedName() + " --help'"));
        }
        if (json) tell("WRONG_USE", Objects.requireNonNullElse(wrong.getMessage(), ""));
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private int failed(Throwable failure) {
        var sentence = Failures.sentence(failure);
        terminal.err().println(Terminal.typed(sentence));
        if (Failures.debug()) failure.printStackTrace(terminal.err());
        if (json) tell("FAILED", sentence);
        return 1;
    }

    private void tell(String code, String message) {
        var error = Map.of("error", Map.of("code", code, "message", message));
        terminal.out().println(new Answer(error, message, 1).toJson());
        terminal.out().flush();
    }
}
