package io.postpaid.payment;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Stripe's requests over the JDK's newer client: the SDK's own keeps five connections at most, and sends a POST again by
 * itself when one of them dies.
 */
final class StripeHttp extends HttpClient {
    private final java.net.http.HttpClient http;
    private final Duration answerWithin;
    /** The SDK would read it from its jar file for every request. */
    private final String clientUserAgent = buildXStripeClientUserAgentString();

    StripeHttp(Duration connectWithin, Duration answerWithin) {
        this.answerWithin = answerWithin;
        this.http = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectWithin)
                .build();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        var http = HttpRequest.newBuilder(URI.create(request.url().toString())).timeout(answerWithin);
        request.headers().map().forEach((name, values) -> values.forEach(value -> http.header(name, value)));
        http.header("User-Agent", buildUserAgentString(request));
        http.header("X-Stripe-Client-User-Agent", clientUserAgent);
        var content = request.content();
        if (content != null) http.header("Content-Type", content.contentType());
        http.method(
                request.method().name(),
                content == null || request.method() == RequestMethod.GET
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofByteArray(content.byteArrayContent()));
        try {
            var answer = this.http.send(http.build(), BodyHandlers.ofString());
            return new StripeResponse(
                    answer.statusCode(), HttpHeaders.of(answer.headers().map()), answer.body());
        } catch (IOException e) {
            // The JDK's exception for this has no message.
            var why = e instanceof ConnectException ? "no connection can be made" : e.toString();
            throw new ApiConnectionException(why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("interrupted", e);
        }
    }
}
