package io.postpaid.payments.charging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The customer's browser on the bank's page. */
public final class Bank {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Bank() {}

    /** @return the status: 303 back to the shop, or 404 where the bank asks this no more */
    public static int confirm(String url) {
        return answer(url, "confirm");
    }

    public static int fail(String url) {
        return answer(url, "fail");
    }

    private static int answer(String url, String answer) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .POST(HttpRequest.BodyPublishers.ofString("answer=" + answer))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
