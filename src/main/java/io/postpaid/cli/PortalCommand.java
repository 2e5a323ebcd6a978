package io.postpaid.cli;

import io.postpaid.web.portal.PortalLinks;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "portal",
        description =
                "Makes a link that signs in to an account's billing pages, once. They are served by ./postpaid serve.")
final class PortalCommand implements Callable<Answer> {
    @Parameters(paramLabel = "ACCOUNT")
    private @Nullable String account;

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "PT1H",
            description = "How long it can be used, such as PT1H or P2D. Default: ${DEFAULT-VALUE}.")
    private Duration valid = Duration.ofHours(1);

    @Autowired
    private PortalLinks links;

    @Override
    public Answer call() {
        var link = links.make(String.valueOf(account), valid, null);
        return Answer.of(new Json().with("url", link.url()).with("expires_at", link.expiresAt()), link.url());
    }
}
