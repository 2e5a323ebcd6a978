package io.postpaid.pricing.tax;

import io.postpaid.account.TaxIds;
import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.file.StrictYaml;
import io.postpaid.pricing.pricebook.Product;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tax file: reads all of it, and tells all that is wrong with it, each by its path such as {@code rates[3].percent}. */
final class TaxFile {
    private static final Pattern WORD = Pattern.compile("[^\\s\\p{Cntrl}]{1,100}");
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,4})?");
    private static final BigDecimal HUNDRED = new BigDecimal("100");
    private static final int NAME_MAX = 50;
    private static final int NOTE_MAX = 500;
    private static final String DAY = "a day such as 2026-01-01";

    /** A rate with the place where it stands. */
    record Entry(String path, TaxRate rate) {}

    /** @param reverseCharge null where the file says nothing of it */
    record Content(List<Entry> rates, @Nullable ReverseCharge reverseCharge, List<Exemption> exemptions) {}

    private final StrictYaml yaml;

    private TaxFile(StrictYaml yaml) {
        this.yaml = yaml;
    }

    /** @throws io.postpaid.platform.file.RefusedFileException with every problem of the file */
    static Content read(Path file) {
        return InputFile.read(file, text -> read(file, text));
    }

    /**
     * @param named what it is called in problems
     * @throws io.postpaid.platform.file.RefusedFileException with every problem of the text
     */
    static Content read(Path named, Reader text) {
        return StrictYaml.read(named, text, (yaml, root) -> new TaxFile(yaml).content(root));
    }

    private Content content(JsonNode root) {
        if (!root.isObject()) {
            yaml.problem("must have the keys rates, reverse_charge and exempt");
            return new Content(List.of(), null, List.of());
        }
        var top = yaml.section("", root, Set.of("rates", "reverse_charge", "exempt"));
        var rates = new ArrayList<Entry>();
        var pathOfKey = new HashMap<String, String>();
        for (var node : top.list("rates")) {
            var path = "rates[" + rates.size() + "]";
            var rate = rate(path, node);
            var first = pathOfKey.putIfAbsent(rate.key(), path);
            if (first != null) yaml.problem(path, rate.key() + " stands in " + first + " already");
            rates.add(new Entry(path, rate));
        }
        var exemptions = new ArrayList<Exemption>();
        var accounts = new HashSet<String>();
        for (var node : top.list("exempt")) {
            var path = "exempt[" + exemptions.size() + "]";
            var exemption = exemption(path, node);
            if (!accounts.add(exemption.account())) yaml.problem(path, exemption.account() + " stands there already");
            exemptions.add(exemption);
        }
        var reverse = root.get("reverse_charge");
        return new Content(rates, reverse == null || reverse.isNull() ? null : reverseCharge(reverse), exemptions);
    }

    private TaxRate rate(String path, JsonNode node) {
        var section = yaml.section(
                path,
                node,
                Set.of(
                        "country",
                        "region",
                        "category",
                        "customer",
                        "percent",
                        "name",
                        "effective_from",
                        "registration"));
        var country = section.required("country", TaxFile::country, "a country code such as FI");
        var region = section.optional("region", TaxFile::word, "a state or province such as AB");
        var category = section.optional("category", TaxFile::word, "a tax category of products such as standard");
        var customer = section.optional("customer", TaxFile::customer, "business, consumer or any");
        var percent = section.required("percent", TaxFile::percent, "a percentage such as \"25.5\"");
        var name = section.required("name", text -> text(text, NAME_MAX), "a name such as VAT");
        var day = section.required("effective_from", TaxFile::day, DAY);
        var registration = section.optional("registration", text -> text(text, NAME_MAX), "a name such as OSS");
        return new TaxRate(
                0,
                or(country, ""),
                or(region, ""),
                or(category, Product.STANDARD),
                or(customer, TaxRate.ANY),
                or(day, LocalDate.EPOCH),
                or(percent, BigDecimal.ZERO),
                or(name, ""),
                or(registration, ""));
    }

    private ReverseCharge reverseCharge(JsonNode node) {
        var path = "reverse_charge";
        var section = yaml.section(path, node, Set.of("regions", "seller", "note"));
        var regions = section.list("regions").stream()
                .map(region -> region.asString(""))
                .toList();
        if (!regions.equals(List.of("EU")))
            yaml.problem(path + ".regions", "must be [EU], the one region that is known");
        var seller = section.required("seller", TaxFile::taxId, "the seller's own tax id such as SE556677889901");
        var note = section.required("note", text -> text(text, NOTE_MAX), "the sentence that invoices print");
        return new ReverseCharge(regions, or(seller, "SE"), or(note, ""));
    }

    private Exemption exemption(String path, JsonNode node) {
        var section = yaml.section(path, node, Set.of("account", "reason", "until"));
        var account = section.required("account", TaxFile::word, "the id of an account");
        var reason = section.required("reason", text -> text(text, NOTE_MAX), "the reason that invoices print");
        return new Exemption(or(account, ""), or(reason, ""), section.optional("until", TaxFile::day, DAY));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }

    private static @Nullable String country(String text) {
        var iso = Countries.iso(text);
        return Countries.known(iso) ? iso : null;
    }

    private static @Nullable String word(String text) {
        return WORD.matcher(text).matches() ? text : null;
    }

    private static @Nullable String text(String text, int most) {
        return text.isBlank() || text.length() > most || PlainText.hasControl(text) ? null : text.strip();
    }

    private static @Nullable String customer(String text) {
        return Set.of("business", "consumer", TaxRate.ANY).contains(text) ? text : null;
    }

    private static @Nullable BigDecimal percent(String text) {
        if (!PERCENT.matcher(text).matches()) return null;
        var percent = new BigDecimal(text);
        return percent.compareTo(HUNDRED) <= 0 ? percent : null;
    }

    private static @Nullable String taxId(String text) {
        if (!text.matches("[A-Z]{2}[0-9A-Z]{2,20}")) return null;
        return TaxIds.valid(Countries.iso(text.substring(0, 2)), text) ? text : null;
    }

    private static @Nullable LocalDate day(String text) {
        try {
            var day = LocalDate.parse(text);
            return day.getYear() < 1 || day.getYear() > 9999 ? null : day;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
