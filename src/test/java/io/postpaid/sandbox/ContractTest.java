package io.postpaid.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of the stand-in, held to Stripe's own description of its interface for what must be there and how it
 * looks, and to Stripe's client, which is newer, for what may be there.
 */
class ContractTest {
    /** Of all that Stripe describes, what the stand-in can do; without prose, and without what is not about cards. */
    private static final ObjectNode DESCRIPTION = read("/stripe/openapi-pruned.json");

    private static final Map<String, Class<?>> OBJECTS = Map.of(
            "customer", Customer.class,
            "payment_method", PaymentMethod.class,
            "setup_intent", SetupIntent.class,
            "payment_intent", PaymentIntent.class,
            "charge", Charge.class,
            "refund", Refund.class,
            "balance_transaction", BalanceTransaction.class,
            "event", Event.class);

    private final Map<String, Schema> schemas = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private Sandbox sandbox;
    private Wire wire;

    @BeforeEach
    void start(@TempDir Path directory) {
        sandbox = Sandbox.start(directory, InstantSource.fixed(Instant.parse("2026-11-01T08:00:00Z")));
        wire = Wire.to(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void everyAnswerIsOneOfStripes() throws Exception {
        var customer = post(200, "customers", "name=Acme&email=a@acme.example&metadata[account]=acme");
        var other = post(
                200,
                "payment_methods",
                "type=card&card[number]=4000000000009995&card[exp_month]=12"
                        + "&card[exp_year]=2030&card[cvc]=123&billing_details[name]=Ada");
        post(200, "payment_methods/" + other + "/attach", "customer=" + customer);
        var card = post(200, "payment_methods/pm_card_visa/attach", "customer=" + customer);
        post(200, "customers/" + customer, "invoice_settings[default_payment_method]=" + card);
        get(200, "customers/" + customer);
        get(200, "customers?limit=2");
        get(200, "customers/" + customer + "/payment_methods?type=card");
        get(200, "payment_methods?type=card&customer=" + customer);
        get(200, "payment_methods/" + card);

        var setup = post(200, "setup_intents", "customer=" + customer + "&usage=off_session");
        post(200, "setup_intents/" + setup + "/confirm", "payment_method=pm_card_visa");
        get(200, "setup_intents/" + setup);
        post(200, "setup_intents", "confirm=true&payment_method=pm_card_authenticationRequired");
        var idle = post(200, "setup_intents", "usage=off_session");
        post(400, "setup_intents/" + idle + "/confirm", "");
        post(200, "setup_intents/" + idle + "/cancel", "");

        var intent = post(
                200,
                "payment_intents",
                "amount=1000&currency=usd&customer=" + customer
                        + "&metadata[invoice]=2026-000001&description=Invoice&payment_method_types[]=card");
        post(200, "payment_intents/" + intent, "amount=1200");
        post(402, "payment_intents/" + intent + "/confirm", "payment_method=" + other + "&off_session=true");
        get(200, "payment_intents/" + intent);
        post(200, "payment_intents/" + intent + "/confirm", "payment_method=" + card + "&off_session=true");
        get(200, "payment_intents/" + intent + "?expand[]=latest_charge.balance_transaction&expand[]=customer");
        post(400, "payment_intents/" + intent + "/confirm", "payment_method=" + card);
        get(200, "payment_intents?customer=" + customer);
        var needy = post(200, "payment_intents", "amount=900&currency=eur");
        post(
                402,
                "payment_intents/" + needy + "/confirm",
                "payment_method=pm_card_authenticationRequired&off_session=true&error_on_requires_action=true");
        post(200, "payment_intents/" + needy + "/confirm", "payment_method=pm_card_authenticationRequired");
        post(200, "payment_intents/" + needy + "/cancel", "cancellation_reason=abandoned");
        for (var declining :
                Set.of("visa_chargeDeclinedLostCard", "chargeDeclinedProcessingError", "chargeCustomerFail")) {
            post(402, "payment_intents", "amount=700&currency=usd&confirm=true&payment_method=pm_card_" + declining);
        }

        var charge =
                get(200, "charges?payment_intent=" + intent).at("/data/0/id").asString();
        get(200, "charges/" + charge + "?expand[]=customer");
        var refund = post(200, "refunds", "payment_intent=" + intent + "&amount=200&reason=duplicate");
        post(400, "refunds", "charge=" + charge + "&amount=5000");
        get(200, "refunds/" + refund);
        get(200, "refunds?charge=" + charge);
        get(200, "charges?limit=100&expand[]=data.balance_transaction");
        var money = get(200, "balance_transactions?limit=3").at("/data/0/id").asString();
        get(200, "balance_transactions/" + money);
        var event = get(200, "events?limit=100").at("/data/0/id").asString();
        get(200, "events/" + event);
        post(200, "payment_methods/" + other + "/detach", "");
        checked("DELETE", "customers/" + customer, 200, wire.delete("/v1/customers/" + customer));
        get(200, "customers/" + customer);
        post(404, "customers/" + customer, "name=Acme");
        assertThat(get(200, "customers?limit=2").path("data")).isEmpty();

        // What is refused.
        get(404, "payment_intents/pi_none");
        post(400, "payment_intents", "currency=usd");
        post(400, "payment_intents", "amount=10&currency=usd");
        post(400, "payment_intents", "amount=1000&currency=usd&colour=red");
        assertThat(asked)
                .containsExactlyInAnyOrderElementsOf(DESCRIPTION.get("paths").propertyNames());
    }

    /** Otherwise green would say nothing. */
    @Test
    void whatStripeWouldNotAnswerIsFound() {
        var refund = Catalog.STRIPE
                .kind("refund")
                .blank()
                .deepCopy()
                .put("id", "re_1")
                .put("currency", "usd");
        var schema = schema("GET /v1/refunds/{refund}");
        assertThat(schema.validate(refund)).isEmpty();
        assertThat(schema.validate(refund.deepCopy().put("amount", "1"))).hasSize(1);
        assertThat(schema.validate(refund.deepCopy().without("status").putNull("failure_reason")))
                .isNotEmpty();
        assertThat(schema.validate(refund.deepCopy().put("object", "charge"))).hasSize(1);
    }

    private JsonNode get(int status, String path) throws Exception {
        return checked("GET", path, status, wire.get("/v1/" + path));
    }

    /** @return the id of what was made */
    private String post(int status, String path, String form) throws Exception {
        return checked("POST", path, status, wire.post("/v1/" + path, form, ""))
                .path("id")
                .asString("");
    }

    private JsonNode checked(String method, String path, int status, HttpResponse<String> answer) {
        var operation = operation(method, "/v1/" + path.replaceFirst("\\?.*", ""));
        asked.add(operation);
        var body = JsonMapper.shared().readTree(answer.body());
        assertThat(answer.statusCode())
                .as("%s %s%n%s", method, path, answer.body())
                .isEqualTo(status);
        var schema = schemas.computeIfAbsent(status < 400 ? operation : "error", ContractTest::schema);
        assertThat(schema.validate(body))
                .as("%s %s%n%s", method, path, answer.body())
                .isEmpty();
        mustBeKnown(body);
        return body;
    }

    private static String operation(String method, String path) {
        return DESCRIPTION.get("paths").propertyNames().stream()
                .filter(operation -> (method + " " + path).matches(operation.replaceAll("\\{[a-z_]+\\}", "[^/]+")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
    }

    private static Schema schema(String operation) {
        var root = operation.equals("error")
                ? JsonMapper.shared().createObjectNode().put("$ref", "#/$defs/error")
                : (ObjectNode)
                        DESCRIPTION.get("paths").get(operation).get("answer").deepCopy();
        root.set("$defs", DESCRIPTION.get("$defs"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root);
    }

    /** No object, however deep, has a field that Stripe's client has never heard of. */
    private static void mustBeKnown(JsonNode node) {
        var object = OBJECTS.get(node.path("object").asString(""));
        if (object != null) {
            var known = Arrays.stream(object.getDeclaredFields())
                    .map(field -> field.getAnnotation(SerializedName.class))
                    .filter(name -> name != null)
                    .map(SerializedName::value)
                    .collect(Collectors.toSet());
            assertThat(known).hasSizeGreaterThan(5).containsAll(node.propertyNames());
        }
        node.forEach(ContractTest::mustBeKnown);
    }

    private static ObjectNode read(String resource) {
        try (var json = ContractTest.class.getResourceAsStream(resource)) {
            return (ObjectNode) JsonMapper.shared().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
