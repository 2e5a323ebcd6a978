package io.postpaid.books.journal;

import static java.util.stream.Collectors.joining;

import io.postpaid.books.ledger.GeneralAccount;
import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.file.StrictYaml;
import io.postpaid.platform.template.TemplateFiles;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code templates/ledger/accounts.yaml}, and names all that is wrong with it, each with its line. */
final class ChartFile {
    /** The name of a tax rate in Xero. */
    static final String TAX_RATE = "tax_rate";
    /** A category and an option of Xero, such as {@code Region: Europe}, and a second one. */
    static final String TRACKING = "tracking";

    static final String TRACKING_2 = "tracking_2";
    /** A class of QuickBooks and NetSuite. */
    static final String CLASS = "class";
    /** The customer that QuickBooks and NetSuite book the account's lines for. */
    static final String CUSTOMER = "customer";
    /** A key of DATEV, such as 40 against the automatic tax of an account. */
    static final String KEY = "key";
    /** What the lines say, in place of what happened. */
    static final String TEXT = "text";

    private static final List<String> OPTIONS = List.of(TAX_RATE, TRACKING, TRACKING_2, CLASS, CUSTOMER, KEY, TEXT);
    private static final Set<String> ACCOUNT_KEYS = Set.copyOf(Stream.concat(
                    Stream.of("account", "product", "country", "percent", "from", "number", "name"), OPTIONS.stream())
            .toList());

    private static final String FILE = "ledger/accounts.yaml";
    private static final String WORDS = "a text that does not begin with one of = + - @";
    private static final Map<String, String> DATES =
            Map.of("MM/DD/YYYY", "MM/dd/uuuu", "DD/MM/YYYY", "dd/MM/uuuu", "YYYY-MM-DD", "uuuu-MM-dd");
    private static final String DATE = "one of MM/DD/YYYY, DD/MM/YYYY, YYYY-MM-DD";
    private static final int LONGEST = 200;

    private final StrictYaml yaml;
    private final List<ChartAccount> accounts = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private ChartFile(StrictYaml yaml) {
        this.yaml = yaml;
    }

    /** @throws IllegalArgumentException with every problem of the file */
    static Chart read(TemplateFiles files) {
        var name = Path.of("templates", FILE);
        try {
            return StrictYaml.readWithLines(
                    name, files.text(FILE), (yaml, root) -> new ChartFile(yaml).chart(name.toString(), root));
        } catch (RefusedFileException e) {
            throw new IllegalArgumentException(String.join("\n", e.problems()), e);
        }
    }

    private Chart chart(String file, JsonNode root) {
        var top = yaml.section("", root, Set.of("accounts", "xero", "quickbooks", "netsuite", "datev"));
        int n = 0;
        for (var node : top.list("accounts")) account("accounts[" + n++ + "]", node);
        for (var account : GeneralAccount.values()) {
            if (accounts.stream().noneMatch(of -> of.account() == account && of.conditions() == 0)) {
                yaml.problem(
                        "accounts", account + " is missing: each account of the ledger needs one without conditions");
            }
        }
        var xero = yaml.section("xero", section(root, "xero"), Set.of("tax_rate", "system_accounts"));
        var quickBooks = yaml.section("quickbooks", section(root, "quickbooks"), Set.of("dates"));
        return new Chart(
                file,
                accounts,
                new Chart.Programs(
                        new Chart.Xero(
                                or(xero.optional("tax_rate", ChartFile::words, WORDS), ""),
                                new HashSet<>(xero.list("system_accounts").stream()
                                        .map(node -> node.asString(""))
                                        .toList())),
                        new Chart.QuickBooks(dates(quickBooks)),
                        netSuite(section(root, "netsuite")),
                        root.hasNonNull("datev") ? datev(root.get("datev")) : null));
    }

    /** One that is left out says nothing. */
    private static JsonNode section(JsonNode root, String key) {
        return root.hasNonNull(key) ? root.get(key) : tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    }

    private void account(String path, JsonNode node) {
        var section = yaml.section(path, node, ACCOUNT_KEYS);
        var account = section.required(
                "account",
                ChartFile::account,
                "one of "
                        + Arrays.stream(GeneralAccount.values()).map(Enum::name).collect(joining(", ")));
        if (account != GeneralAccount.REVENUE) section.forbidden("product", "is known of REVENUE alone");
        if (account != GeneralAccount.TAX_PAYABLE) {
            section.forbidden("country", "is known of TAX_PAYABLE alone");
            section.forbidden("percent", "is known of TAX_PAYABLE alone");
        }
        var country = section.optional("country", text -> matching(text, "[A-Z]{2}"), "a country such as FI");
        var percent = section.optional("percent", ChartFile::percent, "a percentage such as \"25.5\"");
        if (percent != null && country == null) {
            section.forbidden("percent", "is of a country: give that, too");
        }
        var options = new HashMap<String, String>();
        for (var option : OPTIONS) {
            var value = section.optional(
                    option,
                    text -> option.startsWith(TRACKING) && !text.contains(": ") ? null : words(text),
                    option.startsWith(TRACKING) ? "a category and an option such as \"Region: Europe\"" : WORDS);
            if (value != null) options.put(option, value);
        }
        var name = section.required("name", ChartFile::words, WORDS);
        var number = section.optional("number", ChartFile::words, WORDS);
        var read = new ChartAccount(
                or(account, GeneralAccount.ROUNDING),
                section.optional("product", ChartFile::words, "a product"),
                country,
                percent,
                section.optional("from", ChartFile::day, "a day such as 2026-01-01"),
                or(number, ""),
                or(name, ""),
                options,
                yaml.line(path));
        if (account == null) return;
        accounts.add(read);
        var before = lines.putIfAbsent(read.key(), read.line());
        if (before != null) yaml.problem(path, read.key() + " stands in line " + before + " already");
    }

    private static String dates(StrictYaml.Section section) {
        return or(section.optional("dates", DATES::get, DATE), "MM/dd/uuuu");
    }

    private Chart.NetSuite netSuite(JsonNode node) {
        var section = yaml.section("netsuite", node, Set.of("subsidiary", "accounts_by", "dates"));
        return new Chart.NetSuite(
                or(section.optional("subsidiary", ChartFile::words, WORDS), ""),
                "name".equals(section.optional("accounts_by", text -> matching(text, "name|number"), "name or number")),
                dates(section));
    }

    private Chart.Datev datev(JsonNode node) {
        var section = yaml.section(
                "datev",
                node,
                Set.of("consultant", "client", "fiscal_year", "account_length", "clearing_account", "chart"));
        var consultant = section.required(
                "consultant",
                text -> number(text, 1_001, 9_999_999),
                "the number of the consultant, from 1001 to 9999999");
        var client = section.required(
                "client", text -> number(text, 1, 99_999), "the number of the client, from 1 to 99999");
        var month = section.required(
                "fiscal_year", text -> number(text, 1, 12), "the month in which it begins, from 1 to 12");
        var length =
                section.required("account_length", text -> number(text, 4, 8), "the digits of an account, from 4 to 8");
        var clearing = section.required(
                "clearing_account", text -> matching(text, "[0-9]{1,8}"), "an account such as \"1590\"");
        var chart = section.optional("chart", text -> matching(text, "[0-9]{2}"), "a standard chart such as \"03\"");
        return new Chart.Datev(
                or(consultant, 0), or(client, 0), or(month, 1), or(length, 4), or(clearing, ""), or(chart, ""));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }

    private static @Nullable GeneralAccount account(String text) {
        return Arrays.stream(GeneralAccount.values())
                .filter(account -> account.name().equals(text))
                .findFirst()
                .orElse(null);
    }

    /** A spreadsheet runs what begins with one of these as a formula; no account of a chart does. */
    private static @Nullable String words(String text) {
        boolean plain = !text.isBlank()
                && text.strip().equals(text)
                && text.length() <= LONGEST
                && !PlainText.hasControl(text)
                && "=+-@".indexOf(text.charAt(0)) < 0;
        return plain ? text : null;
    }

    private static @Nullable String matching(String text, String pattern) {
        return text.matches(pattern) ? text : null;
    }

    private static @Nullable Integer number(String text, int from, int to) {
        if (!text.matches("[0-9]{1,7}")) return null;
        int number = Integer.parseInt(text);
        return number < from || number > to ? null : number;
    }

    private static @Nullable BigDecimal percent(String text) {
        return text.matches("[0-9]{1,3}(\\.[0-9]{1,4})?") ? new BigDecimal(text) : null;
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
