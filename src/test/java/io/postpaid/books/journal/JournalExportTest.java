package io.postpaid.books.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each file is read back as the program that it is for would read it. */
class JournalExportTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final String LEDGER = """
            2026-10-01 invoice RECEIVABLES UNBILLED_RECEIVABLES 100.001 EUR
            2026-10-01 invoice RECEIVABLES TAX_PAYABLE/FI/25.5/VAT 25.50 EUR
            2026-10-01 invoice ROUNDING RECEIVABLES 0.001 EUR
            2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 10.005 EUR
            2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/=cmd 7.25 EUR
            2026-10-09 payment PROVIDER_CLEARING RECEIVABLES 125.50 EUR
            """;

    /** What is changed in the file of accounts, into what, and why the export is refused. */
    private static final String REFUSALS = """
            XERO       | number: "1100"    | number: "610"    | templates/ledger/accounts.yaml, line 3: RECEIVABLES is account 610, which Xero keeps itself and lets no manual journal use: add an account
            XERO       | tax_rate: Tax Exempt | # none | REVENUE has no tax rate, which Xero wants
            XERO       | number: "4000",   | text: A,         | line 12: REVENUE has no number, by which Xero finds
            NETSUITE   | number: "4000",   | text: A,         | line 12: REVENUE has no number: give it one
            QUICKBOOKS | customer: Postpaid | text: Postpaid  | RECEIVABLES has no customer
            DATEV      | number: "4000"    | number: S-4000   | REVENUE is account 'S-4000', and DATEV takes numbers
            DATEV      | number: "4000"    | number: "400000" | and DATEV takes numbers of up to 4 digits
            DATEV      | name: Usage revenue | name: R, key: USt | REVENUE has the key 'USt', and DATEV takes up to 4
            DATEV      | name: Usage revenue | name: R, text: ΦΠΑ | has the letter Φ, which DATEV's code page""";

    @TempDir
    private Path folder;

    private PlantedLedger ledger(String entries) {
        var ledger = new PlantedLedger().with(entries);
        ledger.write("2026-10");
        return ledger;
    }

    private List<ExportFile> files(PlantedLedger ledger, JournalFormat format) {
        return ledger.export(TemplateFiles.in(folder))
                .export(OCTOBER, format, null, null)
                .files();
    }

    private void chart(Function<String, String> change) {
        try {
            Files.createDirectories(folder.resolve("ledger"));
            Files.writeString(
                    folder.resolve("ledger/accounts.yaml"),
                    change.apply(TemplateFiles.builtIn().text("ledger/accounts.yaml")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<NamedCsvRecord> rows(ExportFile file) {
        assertThat(file.charset()).isEqualTo(StandardCharsets.UTF_8);
        try (var csv = CsvReader.builder().ofNamedCsvRecord(new String(file.bytes(), StandardCharsets.UTF_8))) {
            return csv.stream().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigDecimal number(String cell) {
        return cell.isEmpty() ? BigDecimal.ZERO : new BigDecimal(cell);
    }

    /** Debits less credits of each, by its name: all are 0.00. */
    private static void balances(List<NamedCsvRecord> rows, String by, String debit, String credit) {
        var sums = new TreeMap<String, BigDecimal>();
        for (var row : rows) {
            assertThat(row.getField(debit).isEmpty())
                    .isNotEqualTo(row.getField(credit).isEmpty());
            sums.merge(
                    row.getField(by),
                    number(row.getField(debit)).subtract(number(row.getField(credit))),
                    BigDecimal::add);
        }
        assertThat(sums.values()).isNotEmpty().allMatch(sum -> sum.signum() == 0);
    }

    @Test
    void thePlainJournalHasARowForEachLine() {
        var files = files(ledger(LEDGER), JournalFormat.CSV);
        assertThat(files).hasSize(1);
        assertThat(files.getFirst().text()).isEqualTo("""
                entry,date,account,name,debit,credit,currency,reference,description
                2026-10-1-1,2026-10-31,1100,Trade receivables,125.50,,EUR,invoice,Invoice
                2026-10-1-1,2026-10-31,2200,Tax payable,,25.50,EUR,invoice,Invoice: FI VAT 25.5 %
                2026-10-1-1,2026-10-31,1110,Unbilled receivables,,100.00,EUR,invoice,Invoice
                2026-10-1-2,2026-10-31,1120,Payment provider clearing,125.50,,EUR,payment,Payment
                2026-10-1-2,2026-10-31,1100,Trade receivables,,125.50,EUR,payment,Payment
                2026-10-1-3,2026-10-31,6900,Rounding differences,0.01,,EUR,rounding,Rounding
                2026-10-1-3,2026-10-31,1110,Unbilled receivables,,0.01,EUR,rounding,Rounding
                2026-10-1-4,2026-10-31,1110,Unbilled receivables,17.26,,EUR,usage,Usage
                2026-10-1-4,2026-10-31,4000,Usage revenue,,7.25,EUR,usage,Usage: =cmd
                2026-10-1-4,2026-10-31,4000,Usage revenue,,10.01,EUR,usage,Usage: audio
                """.replace("\n", "\r\n"));
        assertThat(files.getFirst().sums()).isEqualTo(new TreeMap<>(Map.of("EUR", new BigDecimal("268.27"))));
        var rows = rows(files.getFirst());
        balances(rows, "entry", "debit", "credit");
        balances(rows, "currency", "debit", "credit");
    }

    @Test
    void aTextOfOnesOwnStandsOnTheLine() {
        chart(text -> text.replace("name: Usage revenue", "name: Usage revenue, text: Sold usage"));
        assertThat(files(ledger(LEDGER), JournalFormat.CSV).getFirst().text())
                .contains("4000,Usage revenue,,10.01,EUR,usage,Sold usage\r\n");
    }

    @Test
    void xeroTakesManualJournals() {
        chart(
                text -> text.replace(
                        "number: \"4000\", name: Usage revenue",
                        "number: \"200\", name: Sales, tax_rate: 20% (VAT on Income), tracking: \"Region: Europe\", tracking_2: \"Team: API\""));
        var file = files(ledger(LEDGER), JournalFormat.XERO).getFirst();
        assertThat(file.text().lines().findFirst())
                .hasValue(
                        "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2");
        var rows = rows(file);
        var journals = new TreeMap<String, BigDecimal>();
        for (var row : rows) {
            assertThat(row.getField("*Date")).isEqualTo("31/10/2026");
            journals.merge(row.getField("*Narration"), new BigDecimal(row.getField("*Amount")), BigDecimal::add);
        }
        assertThat(journals).hasSize(4).containsKey("2026-10-1-4 Usage");
        assertThat(journals.values()).allMatch(sum -> sum.signum() == 0);
        assertThat(rows.getLast().getFields())
                .containsExactly(
                        "2026-10-1-4 Usage",
                        "31/10/2026",
                        "Usage: audio",
                        "200",
                        "20% (VAT on Income)",
                        "-10.01",
                        "Region",
                        "Europe",
                        "Team",
                        "API");
        assertThat(rows.getFirst().getField("*TaxRate")).isEqualTo("Tax Exempt");
    }

    @Test
    void xeroTakesThreeHundredLinesAFile() {
        var entries = new StringBuilder(LEDGER);
        for (int n = 0; n < 290; n++) {
            entries.append("2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/p%d 1.00 EUR\n".formatted(n));
        }
        var files = files(ledger(entries.toString()), JournalFormat.XERO);
        assertThat(files).extracting(ExportFile::lines).containsExactly(7, 293);
        for (var file : files) {
            assertThat(rows(file).stream()
                            .map(row -> new BigDecimal(row.getField("*Amount")))
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo("0");
        }
        // An entry that no file can have is one line an account.
        for (int n = 290; n < 320; n++) {
            entries.append("2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/p%d 1.00 EUR\n".formatted(n));
        }
        assertThat(files(ledger(entries.toString()), JournalFormat.XERO))
                .extracting(ExportFile::lines)
                .containsExactly(9);
        chart(text -> text.replace(
                "accounts:\n",
                IntStream.range(0, 320)
                        .mapToObj(n ->
                                "  - {account: REVENUE, product: p%1$d, number: \"5%1$d\", name: P}\n".formatted(n))
                        .collect(Collectors.joining("", "accounts:\n", ""))));
        refuses(
                ledger(entries.toString()),
                JournalFormat.XERO,
                "Entry 2026-10-1-4 has 322 lines, and Xero takes 299 in a file: give several products one account");
    }

    @Test
    void quickBooksTakesEntriesByNames() {
        chart(text -> text.replace("name: Usage revenue", "name: \"Sales:Usage\", class: API"));
        var file = files(ledger(LEDGER), JournalFormat.QUICKBOOKS).getFirst();
        assertThat(file.text().lines().findFirst())
                .hasValue("Journal No.,Journal Date,Account Name,Debits,Credits,Description,Name,Class");
        var rows = rows(file);
        balances(rows, "Journal No.", "Debits", "Credits");
        assertThat(rows.getFirst().getFields())
                .containsExactly(
                        "2026-10-1-1",
                        "10/31/2026",
                        "Trade receivables",
                        "125.50",
                        "",
                        "Invoice",
                        "Postpaid customers",
                        "");
        assertThat(rows.getLast().getFields())
                .containsExactly("2026-10-1-4", "10/31/2026", "Sales:Usage", "", "10.01", "Usage: audio", "", "API");
    }

    @Test
    void netSuiteTakesEntriesWithTheirCurrency() {
        chart(text -> text.replace("accounts_by: number", "accounts_by: name\n  subsidiary: Parent")
                .replace("dates: MM/DD/YYYY", "dates: DD/MM/YYYY"));
        var ledger = ledger(LEDGER + "2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 3 USD\n");
        var file = files(ledger, JournalFormat.NETSUITE).getFirst();
        assertThat(file.text().lines().findFirst())
                .hasValue(
                        "External ID,Date,Subsidiary,Currency,Exchange Rate,Memo,Account,Debit,Credit,Name,Line Memo");
        var rows = rows(file);
        balances(rows, "External ID", "Debit", "Credit");
        balances(rows, "Currency", "Debit", "Credit");
        assertThat(rows.getLast().getFields())
                .containsExactly(
                        "2026-10-1-5",
                        "31/10/2026",
                        "Parent",
                        "USD",
                        "",
                        "2026-10-1-5 Usage",
                        "Usage revenue",
                        "",
                        "3.00",
                        "",
                        "Usage: audio");
    }

    @Test
    void booksInOneCurrencyAreExportedInIt() {
        var ledger = new PlantedLedger()
                .inBooksOf("EUR")
                .rates("2026-10-05 USD 1.25\n2026-10-30 USD 1.25\n")
                .with(LEDGER + "2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 3 USD\n");
        ledger.write("2026-10");
        var rows = rows(files(ledger, JournalFormat.NETSUITE).getFirst());
        assertThat(rows.getLast().getFields())
                .containsExactly(
                        "2026-10-1-5",
                        "10/31/2026",
                        "",
                        "EUR",
                        "1",
                        "2026-10-1-5 Usage in USD",
                        "4000",
                        "",
                        "2.40",
                        "",
                        "Usage: audio (USD 3.00)");
        balances(rows, "External ID", "Debit", "Credit");
        assertThat(rows(files(ledger, JournalFormat.XERO).getFirst()).getLast().getField("*Amount"))
                .isEqualTo("-2.40");
    }

    /** What the description of DATEV says of each field, by its number. */
    @Test
    void datevTakesABatchOfPostings() {
        chart(text -> text.replace("fiscal_year: 1", "fiscal_year: 7\n  chart: \"03\"")
                .replace(
                        "number: \"4000\", name: Usage revenue",
                        "number: \"8400\", name: Erlöse, key: \"40\", text: Erlöse \"API\""));
        var file = files(ledger(LEDGER), JournalFormat.DATEV).getFirst();
        var text = new String(file.bytes(), Charset.forName("windows-1252"));
        assertThat(text).endsWith("\r\n").contains("Erlöse");
        var lines = text.split("\r\n");
        var first = fields(lines[0]);
        assertThat(first).hasSize(31);
        assertThat(lines[0])
                .startsWith(
                        "\"EXTF\";700;21;\"Buchungsstapel\";13;20270201093015123;;\"PP\";\"\";\"\";29098;55003;20260701;4;")
                .endsWith(";20261001;20261031;\"Postpaid 2026-10\";\"\";1;0;0;\"EUR\";;\"\";;;\"03\";;;\"\";\"\"");
        var head = fields(lines[1]);
        assertThat(head).hasSize(125).startsWith("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen");
        assertThat(List.of(head.get(6), head.get(7), head.get(9), head.get(13), head.get(113)))
                .containsExactly(
                        "Konto", "Gegenkonto (ohne BU-Schlüssel)", "Belegdatum", "Buchungstext", "Festschreibung");
        var documents = new TreeMap<String, BigDecimal>();
        for (var line : Arrays.copyOfRange(lines, 2, lines.length)) {
            var fields = fields(line);
            assertThat(fields).hasSize(125);
            assertThat(fields.get(0)).matches("\\d{1,10},\\d{2}").isNotEqualTo("0,00");
            assertThat(fields.get(1)).matches("[SH]");
            assertThat(fields.get(2)).isEqualTo("EUR");
            assertThat(fields.get(6)).matches("\\d{1,9}");
            assertThat(fields.get(7)).isEqualTo("1590");
            assertThat(fields.get(9)).isEqualTo("3110");
            assertThat(fields.get(10)).matches("[\\w$%&*+/-]{1,36}");
            assertThat(fields.get(13).length()).isBetween(1, 60);
            var amount = new BigDecimal(fields.get(0).replace(',', '.'));
            documents.merge(fields.get(10), fields.get(1).equals("S") ? amount : amount.negate(), BigDecimal::add);
        }
        assertThat(documents).hasSize(4);
        assertThat(documents.values()).allMatch(sum -> sum.signum() == 0);
        assertThat(lines[lines.length - 1])
                .startsWith(
                        "10,01;\"H\";\"EUR\";;;;8400;1590;\"0040\";3110;\"2026-10-1-4\";;;\"Erlöse \"\"API\"\"\";;");
    }

    /** Fields between semicolons; those in quotes may have some, and quotes twice. */
    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ';' && !isQuoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private void refuses(PlantedLedger ledger, JournalFormat format, String because) {
        assertThatThrownBy(() -> files(ledger, format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because);
    }

    @Test
    void whatAProgramWouldRefuseIsNotWritten() {
        var ledger = ledger(LEDGER);
        chart(text -> text.substring(0, text.indexOf("datev:")));
        refuses(ledger, JournalFormat.DATEV, "does not say how DATEV knows you: add datev: {consultant:");
        for (var refusal : REFUSALS.lines().map(line -> line.split(" *\\| ")).toList()) {
            var format = JournalFormat.valueOf(refusal[0]);
            chart(text -> text.replace(refusal[1], refusal[2]));
            refuses(ledger, format, refusal[3]);
        }
    }

    @Test
    void currenciesAndAmountsThatAProgramWouldRefuseAreNotWritten() {
        chart(text -> text);
        var two = ledger(LEDGER + "2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 3 USD\n");
        for (var format : List.of(JournalFormat.XERO, JournalFormat.QUICKBOOKS, JournalFormat.DATEV)) {
            refuses(two, format, "takes one currency, and the journal of 2026-10 has EUR and USD: export each");
            assertThat(two.export(TemplateFiles.in(folder))
                            .export(OCTOBER, format, null, "USD")
                            .files())
                    .singleElement()
                    .satisfies(file -> assertThat(file.sums().toString()).isEqualTo("{USD=3.00}"));
        }
        var fils = ledger("2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 3.125 KWD\n");
        for (var format : List.of(JournalFormat.NETSUITE, JournalFormat.QUICKBOOKS, JournalFormat.DATEV)) {
            refuses(fils, format, "Entry 2026-10-1-1 has the amount 3.125 KWD, and");
        }
        refuses(
                ledger("2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 12345678901 EUR\n"),
                JournalFormat.NETSUITE,
                "takes 10 digits before the decimal point");
    }

    @Test
    void journalsOfAPeriodAreExportedTogetherOrEach() {
        var ledger = ledger(LEDGER);
        var export = ledger.export(TemplateFiles.builtIn());
        assertThatThrownBy(() -> export.export(BillingPeriod.parse("2026-11"), JournalFormat.CSV, null, null))
                .hasMessage(
                        "2026-11 has no journal, which closing it writes: run ./postpaid run close --period 2026-11 first");
        assertThatThrownBy(() -> export.export(OCTOBER, JournalFormat.CSV, 2, null))
                .hasMessage("2026-10 has no journal 2, but 1");
        ledger.write("2026-10");
        assertThat(export.export(OCTOBER, JournalFormat.CSV, 2, null).files()).isEmpty();
        ledger.with("2026-10-31 fee PROVIDER_FEES PROVIDER_CLEARING 0.30 EUR\n");
        ledger.write("2026-10");
        assertThat(export.export(OCTOBER, JournalFormat.CSV, 3, null).files())
                .extracting(ExportFile::lines)
                .containsExactly(2);
        var all = export.export(OCTOBER, JournalFormat.CSV, null, null);
        assertThat(all.journals()).extracting(Journal::version).containsExactly(1, 2, 3);
        assertThat(all.files()).extracting(ExportFile::lines).containsExactly(12);
        assertThat(rows(all.files().getFirst()).getLast().getField("entry")).isEqualTo("2026-10-3-1");
    }
}
