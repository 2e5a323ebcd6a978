package io.postpaid.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** An intent that is created and confirmed for every account, by nothing but HTTP, at no rate. */
final class BareCharges {
    private static final int AT_ONCE = 16;
    private static final Pattern ID = Pattern.compile("\"id\":\"(pi_[^\"]+)\"");

    private final World world;
    private final URI intents;

    BareCharges(World world) {
        this.world = world;
        // Never the real one: a bench is in sandbox mode whatever key is set.
        var base = world.get(Environment.class).getRequiredProperty("STRIPE_API_BASE");
        if (!base.startsWith("http://127.0.0.1:")) throw new IllegalStateException(base);
        this.intents = URI.create(base + "/v1/payment_intents");
    }

    void all() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var threads =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var charges = new ArrayList<Callable<Integer>>();
            world.jdbc
                    .sql("select stripe_customer, payment_method from account where payment_method is not null")
                    .query(row -> {
                        var customer = row.getString("stripe_customer");
                        var card = row.getString("payment_method");
                        charges.add(() -> charge(http, customer, card));
                    });
            for (var done : threads.invokeAll(charges)) done.get();
        }
    }

    private int charge(HttpClient http, String customer, String card) throws IOException, InterruptedException {
        var created = post(http, intents, "amount=1574&currency=usd&payment_method_types[]=card&customer=" + customer);
        var id = ID.matcher(created);
        if (!id.find()) throw new IllegalStateException(created);
        var confirm = URI.create(intents + "/" + id.group(1) + "/confirm");
        return post(http, confirm, "off_session=true&error_on_requires_action=true&payment_method=" + card)
                .length();
    }

    private static String post(HttpClient http, URI to, String form) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(to)
                .header("Authorization", "Bearer sk_test_sandbox")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(form))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
        return answer.body();
    }
}
