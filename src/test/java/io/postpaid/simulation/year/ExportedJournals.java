package io.postpaid.simulation.year;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.postpaid.books.journal.JournalExport;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** An accounting program that takes in the plain journal of each month, and knows nothing else. */
final class ExportedJournals {
    private static final BigDecimal HALF_A_CENT = new BigDecimal("0.005");

    /** By the numbers of templates/ledger/accounts.yaml. */
    private static final Map<String, String> ACCOUNTS = Map.ofEntries(
            Map.entry("1100", "RECEIVABLES"),
            Map.entry("1110", "UNBILLED_RECEIVABLES"),
            Map.entry("1120", "PROVIDER_CLEARING"),
            Map.entry("1010", "BANK"),
            Map.entry("1130", "DISPUTES_PENDING"),
            Map.entry("2100", "DEFERRED_CREDIT"),
            Map.entry("2110", "CUSTOMER_BALANCES"),
            Map.entry("2120", "REFUNDS_DUE"),
            Map.entry("2200", "TAX_PAYABLE"),
            Map.entry("4000", "REVENUE"),
            Map.entry("4090", "PROMOTIONAL_CREDIT"),
            Map.entry("4100", "BREAKAGE"),
            Map.entry("6100", "PROVIDER_FEES"),
            Map.entry("6200", "BAD_DEBT"),
            Map.entry("6210", "DISPUTE_LOSSES"),
            Map.entry("6900", "ROUNDING"));

    /** How many events bring fractions of a cent to an account, each of which is rounded by itself. */
    private static final Map<String, Integer> FRACTIONS = Map.of("UNBILLED_RECEIVABLES", 3, "DEFERRED_CREDIT", 3);

    private final JournalExport export;
    private final Map<String, BigDecimal> balances = new TreeMap<>();

    ExportedJournals(TestApplication application) {
        export = application.get(JournalExport.class);
    }

    /** @param version of the month's journal: what closing it again has changed is another one */
    void take(YearMonth month, int version) {
        var entries = new HashMap<String, BigDecimal>();
        for (var file : export.export(BillingPeriod.parse(month.toString()), JournalFormat.CSV, version, null)
                .files()) {
            try (var rows = CsvReader.builder().ofNamedCsvRecord(file.text())) {
                for (var row : rows) {
                    assertThat(row.getField("date"))
                            .isEqualTo(month.atEndOfMonth().toString());
                    var amount = amount(row, "debit").subtract(amount(row, "credit"));
                    balances.merge(account(row), amount, BigDecimal::add);
                    entries.merge(row.getField("entry"), amount, BigDecimal::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(entries.values()).as("each entry balances").allMatch(sum -> sum.signum() == 0);
    }

    private static BigDecimal amount(NamedCsvRecord row, String field) {
        var text = row.getField(field);
        return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
    }

    /** As in the plain books; what it is of stands in the description: {@code Invoice: FI ALV 24 %}. */
    private static String account(NamedCsvRecord row) {
        var account = Objects.requireNonNull(ACCOUNTS.get(row.getField("account")));
        var description = row.getField("description");
        var of = description.contains(": ") ? description.substring(description.indexOf(": ") + 2) : "";
        if (account.equals("TAX_PAYABLE")) {
            var words = of.split(" ");
            of = words[0] + " " + words[2] + " " + words[1];
        }
        var owned = account.equals("TAX_PAYABLE") || account.equals("REVENUE");
        return row.getField("currency") + " " + account + (owned && !of.isEmpty() ? " " + of : "");
    }

    /** What it has come to beyond what rounding can explain: fractions of a cent, which never add up. */
    List<String> differences(Map<String, BigDecimal> books) {
        var accounts = new TreeMap<>(books);
        balances.forEach((account, balance) -> accounts.merge(account, balance.negate(), BigDecimal::add));
        accounts.entrySet().removeIf(account -> {
            var name = account.getKey().split(" ")[1];
            var most = HALF_A_CENT.multiply(BigDecimal.valueOf(FRACTIONS.getOrDefault(name, 1)));
            return name.equals("ROUNDING") || account.getValue().abs().compareTo(most) <= 0;
        });
        return accounts.entrySet().stream()
                .map(account -> account.getKey() + ": " + account.getValue().toPlainString())
                .toList();
    }
}
