package io.postpaid.pricing.pricebook;

import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.file.StrictYaml;
import io.postpaid.platform.file.StrictYaml.Section;
import io.postpaid.platform.money.Currencies;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A price file: reads all of it, and tells all that is wrong with it, each by its path such as {@code prices[3].amount}. */
final class PriceFile {
    private static final Pattern ID = Pattern.compile("[^\\s\\p{Cntrl}]{1,100}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,40})?");
    private static final int DECIMALS_MAX = 12;

    /** A price with the place where it stands. */
    record Entry(String path, Price price) {}

    /** @param operations whether usage by an operation is billable, by its name */
    record Content(List<Product> products, List<Entry> prices, Map<String, Boolean> operations) {}

    private final StrictYaml yaml;

    private PriceFile(StrictYaml yaml) {
        this.yaml = yaml;
    }

    /** @throws RefusedFileException with every problem of the file */
    static Content read(Path file) {
        return InputFile.read(file, text -> read(file, text));
    }

    /**
     * @param named what it is called in problems
     * @throws RefusedFileException with every problem of the text
     */
    static Content read(Path named, Reader text) {
        return StrictYaml.read(named, text, (yaml, root) -> new PriceFile(yaml).content(root));
    }

    private Content content(JsonNode root) {
        if (!root.isObject()) {
            yaml.problem("must have the keys currency, products and prices");
            return new Content(List.of(), List.of(), Map.of());
        }
        var top = yaml.section("", root, Set.of("currency", "products", "prices", "operations"));
        var currency = top.required("currency", PriceFile::currency, "a currency such as USD");
        var products = new ArrayList<Product>();
        top.sections("products").forEach((id, node) -> products.add(product(id, node)));
        var operations = new LinkedHashMap<String, Boolean>();
        top.sections("operations").forEach((id, node) -> {
            var operation = yaml.section("operations." + id, node, Set.of("billable"));
            var billable = operation.required("billable", PriceFile::truth, "true or false");
            operations.put(id, billable == null || billable);
        });
        var prices = new ArrayList<Entry>();
        var pathOfKey = new HashMap<String, String>();
        int i = 0;
        for (var node : top.list("prices")) {
            var path = "prices[" + i++ + "]";
            var price = price(path, node, currency == null ? "USD" : currency);
            if (price == null) continue;
            var first = pathOfKey.putIfAbsent(price.key(), path);
            if (first != null) yaml.problem(path, price.key() + " stands in " + first + " already");
            prices.add(new Entry(path, price));
        }
        return new Content(products, prices, operations);
    }

    private Product product(String id, JsonNode node) {
        var path = "products." + id;
        if (!ID.matcher(id).matches()) yaml.problem(path, "must be a name of 1 to 100 characters without spaces");
        var section = yaml.section(path, node, Set.of("unit", "listed_per", "listed_unit", "billable", "tax_category"));
        var unit = section.required("unit", PriceFile::unit, "a unit such as second");
        var listedPer = section.optional("listed_per", PriceFile::positive, "a number above 0 such as 60");
        var listedUnit = section.optional("listed_unit", PriceFile::unit, "a unit such as minute");
        var billable = section.optional("billable", PriceFile::truth, "true or false");
        var category = section.optional("tax_category", PriceFile::word, "a category of the tax file such as standard");
        var countedIn = unit == null ? "" : unit;
        return new Product(
                id,
                countedIn,
                listedPer == null ? BigDecimal.ONE : listedPer,
                listedUnit == null ? countedIn : listedUnit,
                billable == null || billable,
                category == null ? Product.STANDARD : category);
    }

    /** @return null if it has a problem */
    private @Nullable Price price(String path, JsonNode node, String currency) {
        int before = yaml.problems();
        var section = yaml.section(
                path, node, Set.of("product", "account", "effective_from", "model", "amount", "per", "tiers"));
        var product = section.required("product", PriceFile::word, "the name of a product");
        var account = section.optional("account", PriceFile::word, "the id of an account");
        var day = section.required("effective_from", PriceFile::day, "a day such as 2026-01-01");
        var model = section.optional("model", PriceFile::model, "per_unit, graduated, volume or package");
        var per = section.optional("per", PriceFile::positive, "a number above 0 such as 60");
        var how = model == null ? PriceModel.PER_UNIT : model;
        var tiers = how.tiered() ? tiers(section, how) : oneTier(section, how);
        if (yaml.problems() > before || product == null || day == null) return null;
        return new Price(0, product, account, currency, day, how, per == null ? BigDecimal.ONE : per, tiers);
    }

    private List<Tier> oneTier(Section section, PriceModel model) {
        section.forbidden("tiers", "cannot stand in a price " + model + ": give it an amount");
        var amount = section.required("amount", PriceFile::amount, "an amount such as \"0.0639\"");
        return amount == null ? List.of() : List.of(new Tier(1, null, amount));
    }

    private List<Tier> tiers(Section section, PriceModel model) {
        section.forbidden("amount", "cannot stand in a price " + model + ": give each tier its amount");
        var nodes = section.list("tiers");
        var tiers = new ArrayList<Tier>();
        BigDecimal reached = BigDecimal.ZERO;
        for (var node : nodes) {
            int n = tiers.size() + 1;
            var tier = yaml.section(section.path() + ".tiers[" + (n - 1) + "]", node, Set.of("up_to", "amount"));
            var amount = tier.required("amount", PriceFile::amount, "an amount such as \"0.00018\"");
            BigDecimal upTo = null;
            if (n == nodes.size()) {
                tier.forbidden("up_to", "cannot stand in the last tier, which is open");
            } else {
                upTo = tier.required("up_to", PriceFile::positive, "a number above 0 such as 1000000");
                if (upTo != null && upTo.compareTo(reached) <= 0) {
                    yaml.problem(
                            tier.path() + ".up_to",
                            "is " + upTo.toPlainString() + ": must be above " + reached.toPlainString()
                                    + ", where the tier before it ends");
                }
                reached = upTo == null ? reached : upTo;
            }
            tiers.add(new Tier(n, upTo, amount == null ? BigDecimal.ZERO : amount));
        }
        if (nodes.isEmpty()) yaml.problem(section.path() + ".tiers", "is missing: must be a list of tiers");
        return tiers;
    }

    private static @Nullable String word(String text) {
        return ID.matcher(text).matches() ? text : null;
    }

    private static @Nullable String unit(String text) {
        return text.isBlank() || text.chars().anyMatch(Character::isISOControl) ? null : text.strip();
    }

    private static @Nullable Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private static @Nullable String currency(String text) {
        return Currencies.find(text).filter(Currencies.Currency::billable).isPresent() ? text : null;
    }

    private static @Nullable PriceModel model(String text) {
        return Arrays.stream(PriceModel.values())
                .filter(model -> model.toString().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal amount(String text) {
        if (!DECIMAL.matcher(text).matches()) return null;
        var amount = new BigDecimal(text);
        return amount.stripTrailingZeros().scale() <= DECIMALS_MAX ? amount : null;
    }

    private static @Nullable BigDecimal positive(String text) {
        var number = amount(text);
        return number == null || number.signum() == 0 ? null : number;
    }
}
