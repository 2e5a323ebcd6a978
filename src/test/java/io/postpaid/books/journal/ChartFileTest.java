package io.postpaid.books.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.books.ledger.GeneralAccount;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartFileTest {
    @TempDir
    private Path folder;

    /** The file as it is bundled, with one more account in line 3. */
    private Chart with(String line) throws IOException {
        var bundled = TemplateFiles.builtIn().text("ledger/accounts.yaml");
        return read(bundled.replace("accounts:\n", "accounts:\n" + line.indent(2)));
    }

    private Chart read(String text) throws IOException {
        Files.createDirectories(folder.resolve("ledger"));
        Files.writeString(folder.resolve("ledger/accounts.yaml"), text);
        return ChartFile.read(TemplateFiles.in(folder));
    }

    private static JournalLine line(
            GeneralAccount account,
            String day,
            @Nullable String product,
            @Nullable String country,
            @Nullable String percent) {
        return new JournalLine(
                "1",
                LocalDate.parse(day),
                "usage",
                account,
                product,
                country,
                percent == null ? null : new BigDecimal(percent),
                null,
                "EUR",
                BigDecimal.ONE,
                "EUR",
                BigDecimal.ONE);
    }

    @Test
    void theBundledFileHasEveryAccount() {
        var chart = ChartFile.read(TemplateFiles.builtIn());
        chart.check(LocalDate.EPOCH);
        assertThat(chart.accounts())
                .extracting(ChartAccount::account)
                .containsExactlyInAnyOrder(GeneralAccount.values());
        assertThat(chart.accounts()).extracting(ChartAccount::number).doesNotHaveDuplicates();
        assertThat(chart.programs().datev()).isEqualTo(new Chart.Datev(29_098, 55_003, 1, 4, "1590", ""));
    }

    @Test
    void theMostSpecificAndNewestAccountCounts() throws IOException {
        var chart = with("""
                - {account: REVENUE, product: audio, number: "4010", name: Audio}
                - {account: REVENUE, product: audio, from: 2026-11-01, number: "4011", name: Audio}
                - {account: REVENUE, from: 2026-11-01, number: "4001", name: Usage}
                - {account: TAX_PAYABLE, country: DE, number: "2210", name: USt}
                - {account: TAX_PAYABLE, country: DE, percent: 7.0, number: "2211", name: USt}
                """);
        var revenue = GeneralAccount.REVENUE;
        var tax = GeneralAccount.TAX_PAYABLE;
        assertThat(chart.of(line(revenue, "2026-10-31", "audio", null, null)).number())
                .isEqualTo("4010");
        assertThat(chart.of(line(revenue, "2026-11-01", "audio", null, null)).number())
                .isEqualTo("4011");
        assertThat(chart.of(line(revenue, "2026-10-31", "image", null, null)).number())
                .isEqualTo("4000");
        assertThat(chart.of(line(revenue, "2026-11-30", null, null, null)).number())
                .isEqualTo("4001");
        assertThat(chart.of(line(tax, "2026-11-30", null, "FI", "7")).number()).isEqualTo("2200");
        assertThat(chart.of(line(tax, "2026-11-30", null, "DE", "19")).number()).isEqualTo("2210");
        assertThat(chart.of(line(tax, "2026-11-30", null, "DE", "7.00")).number())
                .isEqualTo("2211");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
          - {account: REVENUE, number: "1", name: A}                          | line 13, accounts[10]: REVENUE stands in line 3 already
          - {account: SALES, number: "1", name: A}                            | line 3, accounts[0].account: is 'SALES': must be one of BANK, PROVIDER_CLEARING
          - {account: REVENUE, product: a, name: A, colour: red}              | line 3, accounts[0].colour: is not a known key
          - {account: REVENUE, product: a, number: "1"}                       | line 3, accounts[0].name: is missing
          - {account: REVENUE, country: FI, name: A}                          | line 3, accounts[0].country: is known of TAX_PAYABLE alone
          - {account: BANK, product: a, name: A}                              | line 3, accounts[0].product: is known of REVENUE alone
          - {account: TAX_PAYABLE, percent: 7, name: A}                       | line 3, accounts[0].percent: is of a country: give that, too
          - {account: TAX_PAYABLE, country: Finland, name: A}                 | line 3, accounts[0].country: is 'Finland': must be a country such as FI
          - {account: REVENUE, product: a, from: 2026-02-30, name: A}         | line 3, accounts[0].from: is '2026-02-30': must be a day
          - {account: REVENUE, product: a, name: "=1+1"}                      | line 3, accounts[0].name: is '=1+1': must be a text that does not begin with
          - {account: REVENUE, product: a, name: A, tracking: Europe}         | line 3, accounts[0].tracking: is 'Europe': must be a category and an option
          - {account: REVENUE, product: a, name: A, name: B}                  | line 3: Duplicate
          - [REVENUE]                                                         | line 3, accounts[0]: must have keys
        """)
    void whatCannotBeUsedIsNamedWithItsLine(String line, String problem) {
        assertThatThrownBy(() -> with(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("templates/ledger/accounts.yaml, " + problem);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() throws IOException {
        var text = TemplateFiles.builtIn()
                .text("ledger/accounts.yaml")
                .replaceFirst("  - \\{account: BANK.*\n", "")
                .replace("consultant: 29098", "consultant: 1")
                .replace("client: 55003", "client: 0")
                .replace("fiscal_year:", "colour:")
                .replace("DD/YYYY", "DD");
        assertThatThrownBy(() -> read(text))
                .satisfies(refused -> assertThat(
                                String.valueOf(refused.getMessage()).lines())
                        .satisfiesExactlyInAnyOrder(
                                one -> assertThat(one).contains("line 2, accounts: BANK is missing"),
                                one -> assertThat(one).contains("line 26, quickbooks.dates: is 'MM/DD'"),
                                one -> assertThat(one).contains("line 30, netsuite.dates: is 'MM/DD'"),
                                one -> assertThat(one).contains("datev.consultant: is '1'"),
                                one -> assertThat(one).contains("datev.client: is '0'"),
                                one -> assertThat(one).contains("datev.fiscal_year: is missing"),
                                one -> assertThat(one).contains("datev.colour: is not a known key")));
    }

    @Test
    void aDayWithoutAnAccountIsRefused() throws IOException {
        var chart = read(TemplateFiles.builtIn()
                .text("ledger/accounts.yaml")
                .replace("{account: BANK,", "{account: BANK, from: 2026-11-01,"));
        chart.check(LocalDate.parse("2026-11-01"));
        assertThatThrownBy(() -> chart.check(LocalDate.parse("2026-10-31")))
                .hasMessage(
                        "templates/ledger/accounts.yaml, line 6: BANK has no account on 2026-10-31: give it an earlier from, or none");
    }

    @Test
    void aNumberIsWhatIsWritten() throws IOException {
        assertThat(with("- {account: REVENUE, product: a, number: 0420, name: A}")
                        .accounts()
                        .getFirst()
                        .number())
                .isEqualTo("0420");
    }
}
