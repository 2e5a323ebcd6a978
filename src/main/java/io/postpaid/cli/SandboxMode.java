package io.postpaid.cli;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.home.Home;
import io.postpaid.sandbox.Faults;
import io.postpaid.sandbox.Sandbox;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Without a key for Stripe, a stand-in for it and for the mail server runs on loopback for as long as the command does. */
final class SandboxMode implements ApplicationContextInitializer<GenericApplicationContext> {
    private final Terminal terminal;

    SandboxMode(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What turns it on, whatever keys and servers the environment names. */
    static Map<String, Object> always() {
        return Map.of("STRIPE_API_KEY", "", "spring.mail.host", "");
    }

    /** Mails that stay on this machine lead to the pages that are served there, also those of commands that send none themselves. */
    static void leadHere(ConfigurableEnvironment environment) {
        if (Stream.of("STRIPE_API_KEY", "spring.mail.host", "POSTPAID_BASE_URL")
                .map(environment::getProperty)
                .anyMatch(StringUtils::hasText)) return;
        var port = environment.getProperty("POSTPAID_PORT", "");
        var pages = "http://127.0.0.1:" + (port.isBlank() ? "8080" : port);
        environment.getPropertySources().addFirst(new MapPropertySource("pages", Map.of("POSTPAID_BASE_URL", pages)));
    }

    @Override
    public void initialize(GenericApplicationContext context) {
        var environment = context.getEnvironment();
        if (StringUtils.hasText(environment.getProperty("STRIPE_API_KEY"))) return;
        var host = environment.getProperty("spring.mail.host", "");
        if (!Set.of("", "localhost", "127.0.0.1", "::1").contains(host)
                && !environment.getProperty("POSTPAID_SANDBOX_MAIL", "").equals("real")) {
            throw new IllegalStateException("Without STRIPE_API_KEY no card is charged, but SPRING_MAIL_HOST is " + host
                    + ": customers would get mails about charges that never were. Unset it, or set"
                    + " POSTPAID_SANDBOX_MAIL=real");
        }
        var folder = new Home(Path.of(environment.getProperty("POSTPAID_HOME", "data"))).sandbox();
        var sandbox =
                Sandbox.start(folder, () -> context.getBean(BillingClock.class).instant());
        sandbox.suffer(Faults.parse(environment.getProperty("POSTPAID_SANDBOX_FAULTS", "")));
        var webhook = environment.getProperty("POSTPAID_SANDBOX_WEBHOOK", "");
        if (!webhook.isBlank()) sandbox.deliverTo(URI.create(webhook));
        var settings = new HashMap<String, Object>(
                Map.of("STRIPE_API_KEY", "sk_test_sandbox", "STRIPE_API_BASE", sandbox.stripeBase()));
        var mails = "";
        if (!StringUtils.hasText(environment.getProperty("spring.mail.host"))) {
            settings.put("spring.mail.host", "127.0.0.1");
            settings.put("spring.mail.port", sandbox.smtpPort());
            // There a killed run's successor sees which mails had gone out; without it, half-sent ones wait for a
            // person.
            settings.put("postpaid.mail.sent-folder", folder.resolve("mail").toString());
            mails = ", mails go to " + folder.resolve("mail");
        }
        if (environment.getProperty("POSTPAID_VIES_URL", "").equals("sandbox")) {
            settings.put("POSTPAID_VIES_URL", sandbox.vies().base());
        }
        environment.getPropertySources().addFirst(new MapPropertySource("sandbox", settings));
        // First in, last out: whatever uses the sandbox is closed before it.
        ((DefaultListableBeanFactory) context.getBeanFactory())
                .registerDisposableBean("sandbox", (DisposableBean) sandbox::close);
        terminal.err()
                .println("Sandbox mode: no card is charged" + mails + ". Set STRIPE_API_KEY to charge real cards.");
    }
}
