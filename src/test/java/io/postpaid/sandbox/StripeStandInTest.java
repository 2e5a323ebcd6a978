package io.postpaid.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.param.BalanceTransactionListParams;
import com.stripe.param.ChargeListParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.SetupIntentCreateParams;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in as Stripe's own client sees it. */
class StripeStandInTest {
    private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Wire wire;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(directory, InstantSource.fixed(NOW));
        wire = Wire.to(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aSavedCardIsCharged() throws Exception {
        var customer = wire.customer("acme");
        var card = wire.card(customer, "pm_card_visa");
        var created = intent(wire.intent(customer, 12_06));
        assertThat(created.getStatus()).isEqualTo("requires_payment_method");

        wire.stripe()
                .v1()
                .paymentIntents()
                .confirm(created.getId(), Wire.unattended(card).build());

        var intent = wire.stripe()
                .v1()
                .paymentIntents()
                .retrieve(
                        created.getId(),
                        PaymentIntentRetrieveParams.builder()
                                .addExpand("latest_charge.balance_transaction")
                                .addExpand("customer")
                                .addExpand("payment_method")
                                .build());
        assertThat(intent.getStatus()).isEqualTo("succeeded");
        assertThat(intent.getAmountReceived()).isEqualTo(12_06);
        assertThat(intent.getCreated()).isEqualTo(NOW.getEpochSecond());
        assertThat(intent.getMetadata()).containsEntry("invoice", "2026-000042");
        assertThat(intent.getCustomerObject().getName()).isEqualTo("acme");
        assertThat(intent.getPaymentMethodObject().getCard().getLast4()).isEqualTo("4242");
        var charge = intent.getLatestChargeObject();
        assertThat(charge.getPaid()).isTrue();
        assertThat(charge.getPaymentMethodDetails().getCard().getBrand()).isEqualTo("visa");
        assertThat(charge.getOutcome().getType()).isEqualTo("authorized");
        // 1206 × 0.029 = 34.974, and 30 more.
        assertThat(charge.getBalanceTransactionObject().getFee()).isEqualTo(65);
        assertThat(charge.getBalanceTransactionObject().getNet()).isEqualTo(11_41);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            card                                          | code                    | decline_code            | advice
            pm_card_chargeCustomerFail                    | card_declined           | generic_decline         | try_again_later
            pm_card_visa_chargeDeclined                   | card_declined           | generic_decline         | try_again_later
            pm_card_chargeDeclined                        | card_declined           | generic_decline         | try_again_later
            pm_card_visa_chargeDeclinedInsufficientFunds  | card_declined           | insufficient_funds      | try_again_later
            pm_card_chargeDeclinedInsufficientFunds       | card_declined           | insufficient_funds      | try_again_later
            pm_card_visa_chargeDeclinedLostCard           | card_declined           | lost_card               | do_not_try_again
            pm_card_visa_chargeDeclinedStolenCard         | card_declined           | stolen_card             | do_not_try_again
            pm_card_chargeDeclinedFraudulent              | card_declined           | fraudulent              | do_not_try_again
            pm_card_chargeDeclinedExpiredCard             | expired_card            | expired_card            | confirm_card_data
            pm_card_chargeDeclinedIncorrectCvc            | incorrect_cvc           | incorrect_cvc           | confirm_card_data
            pm_card_chargeDeclinedProcessingError         | processing_error        | processing_error        | try_again_later
            pm_card_authenticationRequired                | authentication_required | authentication_required |
            pm_card_threeDSecure2Required                 | authentication_required | authentication_required |
            """)
    void aCardIsDeclined(String alias, String code, String declineCode, String advice) throws Exception {
        var customer = wire.customer("acme");
        var card = wire.card(customer, alias);
        var intent = wire.intent(customer, 50_00);

        var declined = catchThrowableOfType(
                CardException.class,
                () -> wire.stripe()
                        .v1()
                        .paymentIntents()
                        .confirm(intent, Wire.unattended(card).build()));

        assertThat(declined.getStatusCode()).isEqualTo(402);
        assertThat(declined.getCode()).isEqualTo(code);
        assertThat(declined.getDeclineCode()).isEqualTo(declineCode);
        assertThat(declined.getStripeError().getAdviceCode()).isEqualTo(advice);
        assertThat(declined.getStripeError().getPaymentMethod().getId()).isEqualTo(card);
        assertThat(declined.getStripeError().getPaymentIntent().getStatus()).isEqualTo("requires_payment_method");
        var after = intent(intent);
        assertThat(after.getPaymentMethod()).isNull();
        assertThat(after.getLatestCharge()).isEqualTo(declined.getCharge());
        assertThat(after.getLastPaymentError().getCode()).isEqualTo(code);
        assertThat(after.getLastPaymentError().getDeclineCode()).isEqualTo(declineCode);
        assertThat(after.getLastPaymentError().getAdviceCode()).isEqualTo(advice);
        assertThat(after.getLastPaymentError().getPaymentMethod().getId()).isEqualTo(card);
        assertThat(wire.stripe().v1().charges().retrieve(declined.getCharge()).getStatus())
                .isEqualTo("failed");
    }

    @Test
    void aDeclinedIntentSucceedsWithAnotherCardAndNeverAgain() throws Exception {
        var customer = wire.customer("acme");
        var bad = wire.card(customer, "pm_card_chargeCustomerFail");
        var good = wire.card(customer, "pm_card_mastercard");
        var intent = wire.intent(customer, 50_00);
        var intents = wire.stripe().v1().paymentIntents();
        assertThatThrownBy(() -> intents.confirm(intent, Wire.unattended(bad).build()))
                .isInstanceOf(CardException.class);

        assertThat(intents.confirm(intent, Wire.unattended(good).build()).getStatus())
                .isEqualTo("succeeded");

        var again = catchThrowableOfType(
                InvalidRequestException.class,
                () -> intents.confirm(intent, Wire.unattended(good).build()));
        assertThat(again.getCode()).isEqualTo("payment_intent_unexpected_state");
        assertThat(again.getStripeError().getPaymentIntent().getStatus()).isEqualTo("succeeded");
        var charges = wire.stripe()
                .v1()
                .charges()
                .list(ChargeListParams.builder().setPaymentIntent(intent).build());
        assertThat(charges.getData()).extracting(Charge::getStatus).containsExactly("succeeded", "failed");
    }

    @Test
    void anAttendedCustomerIsAskedToAuthenticate() throws Exception {
        var customer = wire.customer("acme");
        var card = wire.card(customer, "pm_card_authenticationRequired");
        var intent = wire.intent(customer, 50_00);

        var asked = wire.stripe()
                .v1()
                .paymentIntents()
                .confirm(
                        intent,
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod(card)
                                .setReturnUrl("https://pay.example/back")
                                .build());

        assertThat(asked.getStatus()).isEqualTo("requires_action");
        assertThat(asked.getNextAction().getRedirectToUrl().getReturnUrl()).isEqualTo("https://pay.example/back");
        assertThat(wire.stripe().v1().paymentIntents().cancel(intent).getStatus())
                .isEqualTo("canceled");
    }

    @Test
    void anIntentIsUpdatedUntilItIsCanceled() throws Exception {
        var intents = wire.stripe().v1().paymentIntents();
        var intent = wire.intent(wire.customer("acme"), 50_00);
        var update = PaymentIntentUpdateParams.builder()
                .setAmount(60_00L)
                .putMetadata("run", "7")
                .build();

        var updated = intents.update(intent, update);
        assertThat(updated.getAmount()).isEqualTo(60_00);
        assertThat(updated.getMetadata()).containsKeys("invoice", "run");

        intents.cancel(intent);
        assertThatThrownBy(() -> intents.update(intent, update)).hasMessageContaining("status of canceled");
    }

    @Test
    void aRefundNeverExceedsItsCharge() throws Exception {
        var refunds = wire.stripe().v1().refunds();
        var intent = paid(100_00).getId();
        var part = RefundCreateParams.builder().setPaymentIntent(intent).setAmount(30_00L);

        var refund = refunds.create(part.build());
        assertThat(refund.getStatus()).isEqualTo("succeeded");
        assertThat(refunds.retrieve(refund.getId()).getAmount()).isEqualTo(30_00);
        var money = wire.stripe().v1().balanceTransactions().retrieve(refund.getBalanceTransaction());
        assertThat(money.getNet()).isEqualTo(-30_00);

        assertThatThrownBy(() -> refunds.create(part.setAmount(70_01L).build()))
                .hasMessageContaining("greater than unrefunded amount on charge (7000)");
        refunds.create(part.setAmount(70_00L).build());
        var charge = wire.stripe().v1().charges().retrieve(refund.getCharge());
        assertThat(charge.getRefunded()).isTrue();
        var once = catchThrowableOfType(InvalidRequestException.class, () -> refunds.create(part.build()));
        assertThat(once.getCode()).isEqualTo("charge_already_refunded");
        var all = wire.stripe()
                .v1()
                .balanceTransactions()
                .list(BalanceTransactionListParams.builder().build());
        assertThat(all.getData()).extracting(t -> t.getNet()).containsExactly(-70_00L, -30_00L, 96_80L);
    }

    @Test
    void listsArePagedNewestFirst() throws Exception {
        var customer = wire.customer("acme");
        wire.intent(wire.customer("other"), 1_00);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 25; i++) {
            expected.addFirst(wire.intent(customer, 1_00 + i));
        }
        var params = PaymentIntentListParams.builder().setCustomer(customer).setLimit(10L);

        var pages = wire.stripe().v1().paymentIntents().list(params.build());
        assertThat(pages.getHasMore()).isTrue();
        assertThat(pages.autoPagingIterable()).extracting(PaymentIntent::getId).containsExactlyElementsOf(expected);
        var before = wire.stripe()
                .v1()
                .paymentIntents()
                .list(params.setEndingBefore(expected.get(20)).build());
        assertThat(before.getData())
                .extracting(PaymentIntent::getId)
                .containsExactlyElementsOf(expected.subList(10, 20));
        var customers = wire.stripe()
                .v1()
                .customers()
                .list(CustomerListParams.builder().setEmail("acme@acme.example").build());
        assertThat(customers.getData()).extracting(c -> c.getId()).containsExactly(customer);
    }

    @Test
    void eventsTellWhatHappenedWithTheObjectAsItWas() throws Exception {
        var intent = paid(20_00);
        var events = wire.stripe().v1().events();

        var all = events.list(EventListParams.builder().build()).getData();
        assertThat(all)
                .extracting(Event::getType)
                .containsExactly(
                        "payment_intent.succeeded",
                        "charge.succeeded",
                        "payment_intent.created",
                        "payment_method.attached",
                        "customer.created");
        var created = events.retrieve(all.get(2).getId());
        var then =
                (PaymentIntent) created.getDataObjectDeserializer().getObject().orElseThrow();
        assertThat(then.getId()).isEqualTo(intent.getId());
        assertThat(then.getStatus()).isEqualTo("requires_payment_method");
        assertThat(created.getRequest().getIdempotencyKey()).isNotEmpty();
        var some = EventListParams.builder()
                .addType("charge.succeeded")
                .addType("customer.created")
                .setCreated(EventListParams.Created.builder()
                        .setGte(NOW.getEpochSecond())
                        .build());
        assertThat(events.list(some.build()).getData())
                .extracting(Event::getType)
                .containsExactly("charge.succeeded", "customer.created");
        var later = some.setCreated(
                EventListParams.Created.builder().setGt(NOW.getEpochSecond()).build());
        assertThat(events.list(later.build()).getData()).isEmpty();
    }

    @Test
    void aCardBelongsToOneCustomerUntilItIsDetached() throws Exception {
        var methods = wire.stripe().v1().paymentMethods();
        var acme = wire.customer("acme");
        var other = wire.customer("other");
        var card = wire.card(acme, "pm_card_amex");
        wire.stripe().v1().customers().update(acme, defaultCard(card));
        assertThatThrownBy(() -> wire.stripe().v1().customers().update(other, defaultCard(card)))
                .hasMessageContaining("does not have a payment method");
        assertThatThrownBy(() -> wire.card(other, card)).hasMessageContaining("already been attached");
        var elsewhere = wire.intent(other, 5_00);
        assertThatThrownBy(() -> wire.stripe()
                        .v1()
                        .paymentIntents()
                        .confirm(elsewhere, Wire.unattended(card).build()))
                .hasMessageContaining("belongs to a Customer");
        assertThat(wire.stripe().v1().customers().paymentMethods().list(acme).getData())
                .extracting(m -> m.getId())
                .containsExactly(card);

        methods.detach(card);

        assertThat(wire.stripe().v1().customers().paymentMethods().list(acme).getData())
                .isEmpty();
        assertThat(wire.stripe()
                        .v1()
                        .customers()
                        .retrieve(acme)
                        .getInvoiceSettings()
                        .getDefaultPaymentMethod())
                .isNull();
        assertThatThrownBy(() -> wire.card(acme, card)).hasMessageContaining("may not be used again");
    }

    @Test
    void aSetupIntentSavesACard() throws Exception {
        var customer = wire.customer("acme");
        var setup = SetupIntentCreateParams.builder()
                .setCustomer(customer)
                .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
                .setPaymentMethod("pm_card_visa")
                .setConfirm(true);

        var saved = wire.stripe().v1().setupIntents().create(setup.build());

        assertThat(saved.getStatus()).isEqualTo("succeeded");
        assertThat(wire.stripe()
                        .v1()
                        .paymentMethods()
                        .retrieve(saved.getPaymentMethod())
                        .getCustomer())
                .isEqualTo(customer);
        var asked = wire.stripe()
                .v1()
                .setupIntents()
                .create(setup.setPaymentMethod("pm_card_authenticationRequired").build());
        assertThat(asked.getStatus()).isEqualTo("requires_action");
        assertThat(wire.stripe().v1().setupIntents().cancel(asked.getId()).getStatus())
                .isEqualTo("canceled");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            path                            | form                              | status | code               | param
            /v1/payment_intents             | amount=100                        | 400    | parameter_missing  | currency
            /v1/payment_intents             | currency=usd                      | 400    | parameter_missing  | amount
            /v1/payment_intents             | amount=100&currency=usd&x[y]=1    | 400    | parameter_unknown  | x
            /v1/payment_intents             | amount=49&currency=usd            | 400    | amount_too_small   | amount
            /v1/payment_intents             | amount=1499&currency=CZK          | 400    | amount_too_small   | amount
            /v1/payment_intents             | amount=5e3&currency=usd           | 400    | parameter_invalid_integer | amount
            /v1/payment_intents             | amount=50&currency=usd            | 200    |                    |
            /v1/payment_intents             | amount=50&currency=jpy            | 200    |                    |
            /v1/payment_intents             | amount=100&currency=usd&customer=cus_x | 400 | resource_missing | customer
            /v1/payment_intents/pi_x/confirm| off_session=true                  | 404    | resource_missing   | id
            /v1/payment_methods             | type=card&card[number]=4242424242424242 | 200 |                 |
            /v1/payment_methods             | type=card&card[token]=tok_visa    | 200    |                    |
            /v1/payment_methods             | type=card&card[number]=4111111111111112 | 402 | card_declined   |
            /v1/payment_methods             | card[token]=tok_visa              | 400    | parameter_missing  | type
            /v1/unheard_of                  | amount=1                          | 404    |                    |
            """)
    void aWrongRequestIsRefused(String path, String form, int status, String code, String param) throws Exception {
        var reply = wire.post(path, form, "");

        assertThat(reply.statusCode()).isEqualTo(status);
        var error = Tree.object(reply.body()).path("error");
        assertThat(error.path("code").stringValue(null)).isEqualTo(code);
        assertThat(error.path("param").stringValue(null)).isEqualTo(param);
        assertThat(reply.headers().firstValue("Request-Id")).isPresent();
    }

    @Test
    void anUnknownCardIsNamed() throws Exception {
        var customer = wire.customer("acme");
        var attach = PaymentMethodAttachParams.builder().setCustomer(customer).build();

        var refused = catchThrowableOfType(
                InvalidRequestException.class,
                () -> wire.stripe().v1().paymentMethods().attach("pm_card_unheardOf", attach));

        assertThat(refused.getStatusCode()).isEqualTo(400);
        assertThat(refused.getCode()).isEqualTo("resource_missing");
        assertThat(refused).hasMessageContaining("No such PaymentMethod: 'pm_card_unheardOf'");
        assertThat(wire.get("/v1/payment_methods/pm_x").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyTestKeysAreTaken() throws Exception {
        for (var key : List.of("sk_live_x", "nonsense")) {
            var stripe = com.stripe.StripeClient.builder()
                    .setApiKey(key)
                    .setApiBase(sandbox.stripeBase())
                    .build();
            assertThatThrownBy(() -> stripe.v1().customers().retrieve("cus_x"))
                    .isInstanceOf(com.stripe.exception.AuthenticationException.class);
        }
    }

    @Test
    void textSurvivesWhateverItsAlphabet() throws Exception {
        var name = "Ærø \"Čokoláda\" & 株式会社\n+100%";
        var customer = wire.customer(name);
        wire.customer("next");

        assertThat(wire.stripe().v1().customers().retrieve(customer).getName()).isEqualTo(name);
    }

    private PaymentIntent paid(long amount) throws Exception {
        var customer = wire.customer("acme");
        var card = wire.card(customer, "pm_card_visa");
        return wire.stripe()
                .v1()
                .paymentIntents()
                .confirm(wire.intent(customer, amount), Wire.unattended(card).build());
    }

    private PaymentIntent intent(String id) throws Exception {
        return wire.stripe().v1().paymentIntents().retrieve(id);
    }

    private static CustomerUpdateParams defaultCard(String card) {
        return CustomerUpdateParams.builder()
                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                        .setDefaultPaymentMethod(card)
                        .build())
                .build();
    }
}
