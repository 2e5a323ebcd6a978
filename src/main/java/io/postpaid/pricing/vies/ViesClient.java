package io.postpaid.pricing.vies;

import io.postpaid.pricing.vies.ViesAnswer.No;
import io.postpaid.pricing.vies.ViesAnswer.Silent;
import io.postpaid.pricing.vies.ViesAnswer.Yes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** VIES by its REST interface. It is given little time and little memory, and leads nowhere else. */
final class ViesClient implements VatIdService, AutoCloseable {
    private static final String PATH = "/taxation_customs/vies/rest-api/check-vat-number";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int BODY_MAX = 64 * 1024;
    private static final int TRIES_MORE = 3;

    /** Errors and consultation numbers are printed: what does not look like one is none. */
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{1,59}");

    private static final Pattern CONSULTATION = Pattern.compile("[0-9A-Za-z_-]{1,60}");

    private static final Set<String> ANSWERED = Set.of("", "VALID", "INVALID");

    private final ViesSettings settings;
    private final HttpClient http;
    private final JsonMapper json = JsonMapper.shared();
    private final RetryTemplate retry;

    ViesClient(ViesSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.retry = new RetryTemplate(RetryPolicy.builder()
                .includes(BusyException.class)
                .maxRetries(TRIES_MORE)
                .delay(settings.pause())
                .multiplier(2)
                .build());
    }

    /** It has more questions at once than it answers. */
    private static final class BusyException extends Exception {
        BusyException(String error) {
            super(error, null, false, false);
        }
    }

    @Override
    public ViesAnswer ask(VatId id, VatId requester) {
        try {
            return Objects.requireNonNull(retry.execute(() -> askOnce(id, requester)));
        } catch (RetryException e) {
            return new Silent(
                    e.getCause() instanceof BusyException busy ? String.valueOf(busy.getMessage()) : "not asked");
        }
    }

    private ViesAnswer askOnce(VatId id, VatId requester) throws BusyException {
        var address = Objects.requireNonNull(settings.url());
        var body = json.writeValueAsBytes(Map.of(
                "countryCode",
                id.country(),
                "vatNumber",
                id.number(),
                "requesterMemberStateCode",
                requester.country(),
                "requesterNumber",
                requester.number()));
        var request = HttpRequest.newBuilder(URI.create(address + PATH))
                .timeout(settings.within())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "Postpaid")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        var sending = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_MAX));
        try {
            // The limit of the request ends with the headers of the answer, this one with its body.
            var response = sending.get(settings.within().toMillis(), TimeUnit.MILLISECONDS);
            return answer(id, response.statusCode(), response.body());
        } catch (TimeoutException e) {
            return tooLate();
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            // Of the two limits either may be the first to be seen.
            return cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)
                    ? tooLate()
                    : new Silent("no answer (" + cause.getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Silent("interrupted");
        } finally {
            sending.cancel(true);
        }
    }

    private ViesAnswer answer(VatId id, int status, byte[] body) throws BusyException {
        final JsonNode answer;
        try {
            answer = json.readTree(body);
        } catch (JacksonException e) {
            return new Silent("an answer of status " + status + " that is no JSON");
        }
        var error = error(answer);
        // Too many questions at once, of all countries or of one.
        if (error.contains("_MAX_CONCURRENT_REQ")) throw new BusyException(error);
        // Never an id of that country: it says no more than a no does.
        if (error.equals("INVALID_INPUT")) return new No("");
        if (!ANSWERED.contains(error)) return new Silent(error);
        var valid = answer.path("valid");
        if (status != 200 || !valid.isBoolean() || !isOf(answer, id)) {
            return new Silent("an answer of status " + status + " that is not understood");
        }
        var number = answer.path("requestIdentifier").stringValue("");
        var consultation = CONSULTATION.matcher(number).matches() ? number : "";
        return valid.booleanValue() ? new Yes(consultation) : new No(consultation);
    }

    private static String error(JsonNode answer) {
        var wrapped = answer.path("errorWrappers").path(0).path("error").stringValue("");
        var error = wrapped.isEmpty() ? answer.path("userError").stringValue("") : wrapped;
        if (error.isEmpty()) return answer.path("actionSucceed").booleanValue(true) ? "" : "UNKNOWN_ERROR";
        return CODE.matcher(error).matches() ? error : "UNKNOWN_ERROR";
    }

    /** An answer to another question is none. */
    private static boolean isOf(JsonNode answer, VatId id) {
        return answer.path("countryCode").stringValue(id.country()).equals(id.country())
                && answer.path("vatNumber").stringValue(id.number()).equals(id.number());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private Silent tooLate() {
        return new Silent("no whole answer within " + settings.within().toSeconds() + " s");
    }
}
