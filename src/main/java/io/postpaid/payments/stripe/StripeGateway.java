package io.postpaid.payments.stripe;

import static io.postpaid.payments.stripe.StripeCalls.with;

import com.stripe.exception.CardException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.StripeError;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.checkout.SessionCreateParams;
import io.postpaid.account.Account;
import io.postpaid.account.Card;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Stripe as the card processor. */
@Component
public final class StripeGateway implements PaymentGateway {
    private final StripeCalls stripe;

    public StripeGateway(StripeCalls stripe) {
        this.stripe = stripe;
    }

    @Override
    public String name() {
        return stripe.name();
    }

    @Override
    public String createCustomer(String key, Account account, Map<String, String> metadata) {
        var customer = CustomerCreateParams.builder()
                .setName(account.name())
                .setEmail(account.email().isEmpty() ? null : account.email())
                .putAllMetadata(metadata)
                .build();
        return stripe.send("customers", api -> api.customers().create(customer, with(key)))
                .getId();
    }

    @Override
    public void updateCustomer(String key, String customer, Account account) {
        var change = CustomerUpdateParams.builder()
                .setName(account.name())
                .setEmail(account.email())
                .build();
        stripe.send("customers/update", api -> api.customers().update(customer, change, with(key)));
    }

    @Override
    public void deleteCustomer(String key, String customer) {
        try {
            var _ = stripe.send("customers/delete", api -> api.customers().delete(customer, with(key)));
        } catch (RefusedException e) {
            if (!e.code().equals("resource_missing")) throw e;
        }
    }

    @Override
    public Card attach(String key, String customer, String paymentMethod) {
        var to = PaymentMethodAttachParams.builder().setCustomer(customer).build();
        var attached = stripe.send(
                "payment_methods/attach", api -> api.paymentMethods().attach(paymentMethod, to, with(key)));
        return card(attached)
                .orElseThrow(() -> new RefusedException(
                        "not_a_card",
                        "payment_method",
                        "It is of the type " + attached.getType() + ", and only cards are charged",
                        new IllegalArgumentException(attached.getId())));
    }

    static Optional<Card> card(PaymentMethod method) {
        var card = method.getCard();
        if (card == null) return Optional.empty();
        var expires = YearMonth.of(Math.toIntExact(card.getExpYear()), Math.toIntExact(card.getExpMonth()));
        return Optional.of(
                new Card(method.getId(), card.getBrand(), card.getLast4(), expires.atEndOfMonth(), card.getCountry()));
    }

    @Override
    public void makeDefault(String key, String customer, String paymentMethod) {
        var change = CustomerUpdateParams.builder()
                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                        .setDefaultPaymentMethod(paymentMethod)
                        .build())
                .build();
        stripe.send("customers/update", api -> api.customers().update(customer, change, with(key)));
    }

    @Override
    public String setUpCard(String key, String customer, String successUrl, String cancelUrl) {
        var session = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .setCustomer(customer)
                .addPaymentMethodType(SessionCreateParams.PaymentMethodType.CARD)
                .setSuccessUrl(successUrl)
                .setCancelUrl(cancelUrl)
                .build();
        return stripe.send("checkout/sessions", api -> api.checkout().sessions().create(session, with(key)))
                .getUrl();
    }

    @Override
    public Intent create(String key, NewIntent intent) {
        var parameters = PaymentIntentCreateParams.builder()
                .setAmount(intent.amountMinor())
                .setCurrency(intent.currency().toLowerCase(Locale.ROOT))
                .setCustomer(intent.customer())
                .addPaymentMethodType("card")
                .setDescription(intent.description())
                .setStatementDescriptorSuffix(intent.onStatement())
                .putAllMetadata(intent.metadata())
                .build();
        return intent(stripe.send("payment_intents", api -> api.paymentIntents().create(parameters, with(key))));
    }

    @Override
    public Intent changeAmount(String key, String intent, long amountMinor) {
        var change = PaymentIntentUpdateParams.builder().setAmount(amountMinor).build();
        return intent(stripe.send(
                "payment_intents/update", api -> api.paymentIntents().update(intent, change, with(key))));
    }

    @Override
    public Intent confirm(String key, String intent, String paymentMethod) {
        return confirm(
                key,
                intent,
                PaymentIntentConfirmParams.builder()
                        .setPaymentMethod(paymentMethod)
                        .setOffSession(true)
                        .setErrorOnRequiresAction(true)
                        .build());
    }

    @Override
    public Intent confirmWithCustomer(String key, String intent, String paymentMethod, String returnUrl) {
        return confirm(
                key,
                intent,
                PaymentIntentConfirmParams.builder()
                        .setPaymentMethod(paymentMethod)
                        .setReturnUrl(returnUrl)
                        .build());
    }

    private Intent confirm(String key, String intent, PaymentIntentConfirmParams parameters) {
        return intent(stripe.send("payment_intents/confirm", api -> {
            try {
                return api.paymentIntents().confirm(intent, parameters, with(key));
            } catch (CardException e) {
                var declined =
                        e.getStripeError() == null ? null : e.getStripeError().getPaymentIntent();
                if (declined == null) throw e;
                if (declined.getLastPaymentError() == null) declined.setLastPaymentError(e.getStripeError());
                return declined;
            }
        }));
    }

    @Override
    public Intent cancel(String key, String intent) {
        return intent(stripe.send(
                "payment_intents/cancel", api -> api.paymentIntents().cancel(intent, with(key))));
    }

    @Override
    public Intent get(String intent) {
        return intent(
                stripe.send("payment_intents/get", api -> api.paymentIntents().retrieve(intent)));
    }

    @Override
    public Optional<Intent> find(String customer, Map<String, String> metadata) {
        var list = PaymentIntentListParams.builder().setCustomer(customer).setLimit(StripeCalls.PAGE);
        var pages = stripe.<PaymentIntent>pages("payment_intents/list", behind -> {
            if (behind != null) list.setStartingAfter(behind);
            return api -> api.paymentIntents().list(list.build());
        });
        while (pages.hasNext()) {
            for (var intent : pages.next()) {
                if (intent.getMetadata().entrySet().containsAll(metadata.entrySet())) {
                    return Optional.of(intent(intent));
                }
            }
        }
        return Optional.empty();
    }

    static Intent intent(PaymentIntent intent) {
        var error = intent.getLastPaymentError();
        return new Intent(
                intent.getId(),
                intent.getStatus(),
                intent.getAmount(),
                intent.getLatestCharge(),
                error == null ? null : decline(error),
                nextUrl(intent),
                Objects.requireNonNullElse(intent.getMetadata(), Map.of()));
    }

    private static @Nullable String nextUrl(PaymentIntent intent) {
        var next = intent.getNextAction();
        return next == null || next.getRedirectToUrl() == null
                ? null
                : next.getRedirectToUrl().getUrl();
    }

    private static Decline decline(StripeError error) {
        var code = error.getDeclineCode() != null ? error.getDeclineCode() : error.getCode();
        return new Decline(
                code == null ? "card_error" : code, error.getAdviceCode(), error.getMessage(), error.getCharge());
    }
}
