package io.postpaid.sandbox;

import io.postpaid.sandbox.TaxPlaces.Part;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/tax/calculations}: what amounts bear at the customer's address, by the few places in {@link TaxPlaces}. */
final class TaxCalculations {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Duration LIVES = Duration.ofDays(90);
    private static final int LINES_MAX = 1000;
    private static final Set<String> ADDRESS = Set.of("line1", "line2", "city", "state", "postal_code", "country");

    private TaxCalculations() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        var currency = form.required("currency").toLowerCase(Locale.ROOT);
        if (!currency.matches("[a-z]{3}")) throw Refusal.badRequest("", "Invalid currency: " + currency, "currency");
        var customer = customer(form);
        var calculation = call.create("tax.calculation").put("currency", currency);
        calculation.remove("created");
        calculation
                .put("tax_date", form.integer("tax_date", call.now()))
                .put("expires_at", call.now() + LIVES.toSeconds());
        calculation.set("customer_details", customer);
        var data = calculation.putObject("line_items").put("object", "list").putArray("data");
        long net = 0;
        long tax = 0;
        for (int i = 0; form.has("line_items[" + i + "]"); i++) {
            var line = line(call, Tree.text(calculation, "id"), i, customer);
            net += line.path("amount").longValue();
            tax += line.path("amount_tax").longValue();
            data.add(line);
        }
        if (data.isEmpty() || data.size() > LINES_MAX) {
            throw Refusal.badRequest("parameter_missing", "Missing required param: line_items.", "line_items");
        }
        calculation
                .withObjectProperty("line_items")
                .put("has_more", false)
                .put("url", "/v1/tax/calculations/" + Tree.text(calculation, "id") + "/line_items");
        calculation.put("amount_total", net + tax).put("tax_amount_exclusive", tax);
        call.save(calculation);
        return calculation;
    }

    private static ObjectNode customer(Form form) {
        var name = "customer_details[address]";
        var details = Tree.MAPPER.createObjectNode();
        var address = details.putObject("address");
        ADDRESS.stream().sorted().forEach(field -> {
            var text = form.text(name + "[" + field + "]");
            address.put(field, text.isEmpty() ? null : text);
        });
        details.put("address_source", form.text("customer_details[address_source]"));
        var override = form.text("customer_details[taxability_override]");
        details.put("taxability_override", override.isEmpty() ? "none" : override);
        var ids = details.putArray("tax_ids");
        for (int i = 0; form.has("customer_details[tax_ids][" + i + "]"); i++) {
            var id = "customer_details[tax_ids][" + i + "]";
            var value = form.required(id + "[value]");
            if (!value.matches("[A-Z]{2}[0-9A-Z+*]{2,15}")) {
                throw Refusal.badRequest("tax_id_invalid", "Invalid value for " + form.text(id + "[type]") + ".", id);
            }
            ids.addObject().put("type", form.required(id + "[type]")).put("value", value);
        }
        if (!TaxPlaces.known(address)) {
            throw Refusal.badRequest(
                    "customer_tax_location_invalid",
                    "The customer's location isn't recognized. Set a valid customer address in order to automatically"
                            + " calculate tax.",
                    name);
        }
        return details;
    }

    private static ObjectNode line(Call call, String calculation, int i, ObjectNode customer) {
        var form = call.form();
        var name = "line_items[" + i + "]";
        form.required(name + "[amount]");
        long amount = form.integer(name + "[amount]", 0);
        if (amount < 0) {
            throw Refusal.badRequest("parameter_invalid_integer", "Invalid non-negative integer", name + "[amount]");
        }
        var code = form.text(name + "[tax_code]");
        if (!code.isEmpty() && !code.matches("txcd_[0-9]{8}")) {
            throw Refusal.badRequest("resource_missing", "No such tax code: '" + code + "'", name + "[tax_code]");
        }
        var reference = form.text(name + "[reference]");
        var line = Tree.MAPPER
                .createObjectNode()
                .put("id", calculation.replace("taxcalc_", "tax_li_") + "_" + i)
                .put("object", "tax.calculation_line_item")
                .put("amount", amount)
                .put("livemode", false)
                .putNull("product")
                .put("quantity", 1)
                .put("reference", reference.isEmpty() ? "L" + (i + 1) : reference)
                .put("tax_behavior", "exclusive")
                .put("tax_code", code.isEmpty() ? TaxPlaces.SERVICES : code);
        var breakdown = Tree.MAPPER.createArrayNode();
        long tax = 0;
        for (var part : TaxPlaces.parts(customer, Tree.text(line, "tax_code"))) tax += add(breakdown, part, amount);
        line.put("amount_tax", tax).set("tax_breakdown", breakdown);
        return line;
    }

    /** Each jurisdiction rounds by itself. */
    private static long add(ArrayNode breakdown, Part part, long amount) {
        long taxable = part.percent().signum() == 0
                ? 0
                : BigDecimal.valueOf(amount)
                        .multiply(part.share())
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValue();
        long tax = BigDecimal.valueOf(taxable)
                .multiply(part.percent())
                .divide(HUNDRED, 0, RoundingMode.HALF_UP)
                .longValue();
        var node = breakdown.addObject().put("amount", tax);
        node.putObject("jurisdiction")
                .put("country", part.country())
                .put("display_name", part.place())
                .put("level", part.level())
                .put("state", part.state());
        node.put("sourcing", "destination");
        if (part.type().isEmpty()) {
            node.putNull("tax_rate_details");
        } else {
            node.putObject("tax_rate_details")
                    .put("display_name", part.name())
                    .put("percentage_decimal", part.percent().toPlainString())
                    .put("tax_type", part.type());
        }
        node.put("taxability_reason", part.reason()).put("taxable_amount", taxable);
        return tax;
    }

    static ArrayNode copied(ObjectNode calculation) {
        var lines = Tree.MAPPER.createArrayNode();
        var all = new ArrayList<ObjectNode>();
        calculation.path("line_items").path("data").forEach(line -> all.add((ObjectNode) line.deepCopy()));
        all.forEach(line -> {
            line.remove("tax_breakdown");
            lines.add(line.put("object", "tax.transaction_line_item").put("type", "transaction"));
        });
        return lines;
    }
}
