package io.postpaid.payments.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Stripe's requests over the JDK's blocking client, which costs a virtual thread the least. Unlike the SDK's own use of it,
 * nothing is ever sent twice by itself, and as many connections are kept open as charges are made at a time.
 */
final class StripeHttp extends HttpClient {
    private static final int CONNECTIONS_KEPT = 64;

    static {
        System.setProperty("sun.net.http.retryPost", "false");
        System.setProperty("http.maxConnections", Integer.toString(CONNECTIONS_KEPT));
    }

    private final int connectMillis;
    private final int answerMillis;
    /** The SDK would read it from its jar file for every request. */
    private final String clientUserAgent = buildXStripeClientUserAgentString();

    StripeHttp(Duration connectWithin, Duration answerWithin) {
        this.connectMillis = Math.toIntExact(connectWithin.toMillis());
        this.answerMillis = Math.toIntExact(answerWithin.toMillis());
    }

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        try {
            var http = (HttpURLConnection) request.url().openConnection();
            http.setConnectTimeout(connectMillis);
            http.setReadTimeout(answerMillis);
            http.setUseCaches(false);
            http.setInstanceFollowRedirects(false);
            http.setRequestMethod(request.method().name());
            request.headers()
                    .map()
                    .forEach((name, values) -> values.forEach(value -> http.addRequestProperty(name, value)));
            http.setRequestProperty("User-Agent", buildUserAgentString(request));
            http.setRequestProperty("X-Stripe-Client-User-Agent", clientUserAgent);
            var content = request.content();
            if (content != null) {
                http.setRequestProperty("Content-Type", content.contentType());
                http.setDoOutput(true);
                http.setFixedLengthStreamingMode(content.byteArrayContent().length);
                try (var out = http.getOutputStream()) {
                    out.write(content.byteArrayContent());
                }
            }
            int status = http.getResponseCode();
            // Read to its end, or the connection is not used again.
            try (var body = status >= 400 ? http.getErrorStream() : http.getInputStream()) {
                return new StripeResponse(
                        status,
                        HttpHeaders.of(http.getHeaderFields()),
                        body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            var why = e instanceof ConnectException ? "no connection can be made" : e.toString();
            throw new ApiConnectionException(why, e);
        }
    }
}
