package io.postpaid.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The outside world on loopback, with its state in a directory: closed or killed, a sandbox started again on the same
 * directory goes on where the last one stopped, and several processes may share one directory at once.
 */
public final class Sandbox implements AutoCloseable {
    /** What the stand-in signs its webhooks with. */
    public static final String WEBHOOK_SECRET = "whsec_sandbox";

    private final StripeStandIn stripe;
    private final Future<MailSink> mail;
    private final FutureTask<ViesStandIn> vies;

    private Sandbox(StripeStandIn stripe, Future<MailSink> mail, InstantSource clock) {
        this.stripe = stripe;
        this.mail = mail;
        this.vies = new FutureTask<>(() -> ViesStandIn.start(clock));
    }

    /** Listens on two free ports; the journal is read with the first request, so that starting costs next to nothing. */
    public static Sandbox start(Path directory, InstantSource clock) {
        try {
            Files.createDirectories(directory);
            // Loading a server's classes is what takes time: the two do it side by side.
            var mail = new FutureTask<>(() -> MailSink.start(directory.resolve("mail")));
            Thread.startVirtualThread(mail);
            return new Sandbox(StripeStandIn.start(directory.resolve("stripe.journal"), clock), mail, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the sandbox in " + directory, e);
        }
    }

    /** What the Stripe client takes as its API base, without a path. */
    public String stripeBase() {
        return stripe.base();
    }

    /** A server without encryption or login on 127.0.0.1. */
    public int smtpPort() {
        return mail().port();
    }

    /** The service that confirms tax ids, which is started when it is first wanted. */
    public ViesStandIn vies() {
        vies.run();
        return started(vies, "VIES");
    }

    /** From now on these go wrong, until others are named; {@link Faults#NONE} is the beginning. */
    public void suffer(Faults faults) {
        stripe.suffer(faults);
        mail().suffer(faults);
    }

    /** Stripe's events are posted there from now on. */
    public void deliverTo(URI endpoint) {
        stripe.deliverTo(endpoint);
    }

    /** Starts over: nobody was charged and no mail sent. Only while no other process is on the directory. */
    public void forget() {
        try {
            stripe.forget();
            mail().forget();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty the sandbox", e);
        }
    }

    @Override
    public void close() {
        if (vies.isDone()) vies().close();
        mail().close();
        stripe.close();
    }

    private MailSink mail() {
        return started(mail, "mail server");
    }

    private static <T> T started(Future<T> server, String name) {
        try {
            return server.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the sandbox's " + name + " did not start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the sandbox's " + name + " had started", e);
        }
    }
}
