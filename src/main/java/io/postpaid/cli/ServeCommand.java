package io.postpaid.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Web
@Command(
        name = "serve",
        description = "Serves the HTTP API and runs the jobs of jobs/ when they are due, until it is stopped.")
final class ServeCommand implements Callable<Answer> {
    @ParentCommand
    private @Nullable PostpaidCommand parent;

    @Option(names = "--port", paramLabel = "N", description = "Default: POSTPAID_PORT, else 8080. 0 is any free one.")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Default: POSTPAID_HOST, else 127.0.0.1. 0.0.0.0 is every network.")
    private @Nullable String host;

    @Autowired
    private WebServerApplicationContext context;

    @Autowired
    private Terminal terminal;

    /** What the options set, where they are given. */
    Map<String, Object> settings() {
        var settings = new HashMap<String, Object>();
        if (port != null) settings.put("POSTPAID_PORT", port);
        if (host != null) settings.put("POSTPAID_HOST", host);
        return settings;
    }

    @Override
    public Answer call() throws InterruptedException {
        // A signal closes the application: what was begun ends, and that is success, which the JVM would tell
        // otherwise.
        SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
        var address = context.getEnvironment().getRequiredProperty("server.address");
        int bound = Objects.requireNonNull(context.getWebServer()).getPort();
        var url = "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + bound;
        var json = new Json().with("url", url).with("host", address).with("port", bound);
        Answer.of(json, "Postpaid listens on " + url).print(terminal.out(), parent != null && parent.json());
        terminal.out().flush();
        new CountDownLatch(1).await();
        return Answer.given(0);
    }
}
