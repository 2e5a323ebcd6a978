package io.postpaid.web;

import io.postpaid.payments.webhook.Webhooks;
import io.postpaid.payments.webhook.Webhooks.Answer.Later;
import io.postpaid.payments.webhook.Webhooks.Answer.Refused;
import io.postpaid.payments.webhook.Webhooks.Answer.Taken;
import io.postpaid.payments.webhook.Webhooks.Answer.Unreadable;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What Stripe tells, which its signature opens in the place of a key. */
@RestController
class WebhookCalls {
    private final Webhooks webhooks;

    WebhookCalls(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    record Received(String event, boolean first) {}

    /** The body is read as it came: the signature is over its bytes. */
    @Open
    @PostMapping("/webhooks/stripe")
    Received stripe(HttpServletRequest request) throws IOException {
        var answer = webhooks.receive(request.getInputStream().readAllBytes(), request.getHeader("Stripe-Signature"));
        return switch (answer) {
            case Taken(var event, var first) -> new Received(event, first);
            case Refused(var why) -> throw new HttpRefusal(HttpStatus.BAD_REQUEST, "INVALID_SIGNATURE", why);
            case Unreadable(var why) -> throw new HttpRefusal(HttpStatus.BAD_REQUEST, "INVALID_REQUEST", why);
            case Later(var why) -> throw new HttpRefusal(HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", why);
        };
    }
}
