package io.postpaid.pricing.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ExchangeRatesTest {
    private static final String CSV = """
            Date,USD,SEK,CYP,
            2026-10-30,1.1712,10.9540,N/A,
            2026-10-29,1.1650,10.9605,N/A,
            2007-12-31,1.4721,9.4415,0.585274,
            """;

    private static final String XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
            <gesmes:subject>Reference rates</gesmes:subject>
            <gesmes:Sender>
            <gesmes:name>European Central Bank</gesmes:name>
            </gesmes:Sender>
            <Cube>
            <Cube time='2026-10-30'>
            <Cube currency='USD' rate='1.1712'/>
            <Cube currency='PLN' rate='4.2455'/></Cube>
            <Cube time="2026-10-28"><Cube currency="USD" rate="1.16"/></Cube>
            </Cube></gesmes:Envelope>
            """;

    @TempDir
    private Path folder;

    private Path file;
    private ExchangeRates rates;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;

    @BeforeEach
    void open() {
        file = folder.resolve("rates");
        var database = TestDatabase.createDataSource();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        rates = new ExchangeRates(new ExchangeStore(jdbc), new BillingClock(Instant.parse("2026-11-01T08:00:00Z")));
    }

    private ExchangeRates.Imported imported(String text) {
        try {
            Files.writeString(file, text);
            return Objects.requireNonNull(transaction.execute(_ -> rates.importFile(file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(RefusedFileException.class, () -> imported(text)).problems().stream()
                .map(problem -> problem.replace(file + ", ", ""))
                .toList();
    }

    private List<String> listed(@Nullable String currency, @Nullable String day) {
        var listed = new ArrayList<String>();
        rates.each(
                currency,
                day == null ? null : LocalDate.parse(day),
                rate -> listed.add(rate.day() + " " + rate.currency() + " " + rate.perEuro()));
        return listed;
    }

    @Test
    void theFilesOfTheCentralBankAreTakenOnceEach() {
        assertThat(imported(CSV))
                .isEqualTo(
                        new ExchangeRates.Imported(7, 0, LocalDate.parse("2007-12-31"), LocalDate.parse("2026-10-30")));
        assertThat(imported(XML))
                .isEqualTo(
                        new ExchangeRates.Imported(2, 1, LocalDate.parse("2026-10-28"), LocalDate.parse("2026-10-30")));
        // That of one day writes it out.
        assertThat(imported("Date, USD, SEK, \n29 October 2026, 1.165, 10.96050, \n"))
                .isEqualTo(
                        new ExchangeRates.Imported(0, 2, LocalDate.parse("2026-10-29"), LocalDate.parse("2026-10-29")));
        assertThat(listed("USD", null))
                .containsExactly(
                        "2026-10-30 USD 1.1712",
                        "2026-10-29 USD 1.1650",
                        "2026-10-28 USD 1.16",
                        "2007-12-31 USD 1.4721");
        assertThat(listed(null, "2026-10-30"))
                .containsExactly("2026-10-30 PLN 4.2455", "2026-10-30 SEK 10.9540", "2026-10-30 USD 1.1712");
        assertThat(listed("CYP", "2026-10-30")).isEmpty();
        assertThat(jdbc.sql(
                                "select added || ' from ' || first_day || ' to ' || last_day from exchange_import order by id")
                        .query(String.class)
                        .list())
                .containsExactly("7 from 2007-12-31 to 2026-10-30", "2 from 2026-10-28 to 2026-10-30");
    }

    @Test
    void aRateThatWasImportedIsNeverAnother() {
        imported(CSV);
        assertThat(problems(CSV.replace("1.1650", "1.1651").replace("0.585274", "0.585275")
                        + "2026-10-28,1.16,10.9,N/A,\n"))
                .containsExactly(
                        "line 3: USD of 2026-10-29 is 1.1651, and was imported as 1.1650: a rate that was imported is never"
                                + " changed",
                        "line 4: CYP of 2007-12-31 is 0.585275, and was imported as 0.585274: a rate that was imported is"
                                + " never changed");
        assertThat(listed(null, "2026-10-28")).isEmpty();
    }

    @Test
    void everyProblemIsNamedWithItsLine() {
        assertThat(problems("""
                Date,USD,SEK,
                2026-02-30,1.1,9.1,
                2026-10-30,-1.1,1e9,
                2026-10-29,0,1.12345678901,
                2026-10-29,1.1,9.1,
                2026-11-02,1.1,9.1,
                1.1.2026,1.1,9.1,
                2026-10-28,1.1
                2026-10-27,1.1,9.1,7

                2026-10-26,\u0661,\u200b1,
                """))
                .containsExactly(
                        "line 2: '2026-02-30' is not a day such as 2026-10-30",
                        "line 3: USD is '-1.1': must be how much of it is one euro, such as 1.1712",
                        "line 3: SEK is '1e9': must be how much of it is one euro, such as 1.1712",
                        "line 4: USD is '0': must be how much of it is one euro, such as 1.1712",
                        "line 4: SEK is '1.12345678901': must be how much of it is one euro, such as 1.1712",
                        "line 5: 2026-10-29 stands in line 4 already",
                        "line 6: 2026-11-02 is not a day up to today, 2026-11-01",
                        "line 7: '1.1.2026' is not a day such as 2026-10-30",
                        "line 8: has 2 columns, and the first line 3",
                        "line 9: has 4 columns, and the first line 3",
                        "line 11: USD is '\u0661': must be how much of it is one euro, such as 1.1712",
                        "line 11: SEK is '\u200b1': must be how much of it is one euro, such as 1.1712");
        assertThat(problems("Date,USD,usd,EUR,USD\n2026-10-30,1,1,1,1\n"))
                .containsExactly(
                        "line 1: 'usd' is not a currency beside the euro, such as USD",
                        "line 1: 'EUR' is not a currency beside the euro, such as USD",
                        "line 1: USD stands there twice");
        assertThat(problems("currency;rate\nUSD;1\n"))
                .containsExactly(
                        "line 1: begins with 'currency;rate', and not with Date as files of the European Central Bank");
        assertThat(problems(XML.replace("time='2026-10-30'", "time='2026-10-32'")
                        .replace("'PLN' rate='4.2455'", "'PLN'")
                        .replace("rate=\"1.16\"", "rate=\"1,16\"")
                        .replace("</Cube></gesmes", "<Cube currency='USD' rate='1.16'/></Cube></gesmes")))
                .containsExactly(
                        "line 8: '2026-10-32' is not a day such as 2026-10-30",
                        "line 11: USD is '1,16': must be how much of it is one euro, such as 1.1712",
                        "line 12: USD stands twice on one day");
        assertThat(problems("<Cube><Cube currency='USD' rate='1'/></Cube>"))
                .containsExactly("line 1: USD stands below no day");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date,USD,\n", "Date,\n2026-10-30,\n", "<Cube/>", "\n", "Date,USD\n2026-10-30,N/A\n"})
    void aFileWithoutRatesIsRefused(String text) {
        assertThat(problems(text)).hasSize(1);
        assertThat(listed(null, null)).isEmpty();
    }

    @Test
    void noEntityOfAFileIsResolved() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "1.1712");
        var read =
                "<!DOCTYPE Cube [<!ENTITY r SYSTEM \"%s\">]>\n<Cube><Cube time='2026-10-30'><Cube currency='USD' rate='%s'/></Cube></Cube>";
        assertThat(problems(read.formatted(secret.toUri(), "&r;")))
                .singleElement()
                .asString()
                .startsWith("line 1: is not XML as the European Central Bank writes it: ");
        var laughs = new StringBuilder("<!DOCTYPE Cube [<!ENTITY a0 \"1\">");
        for (int i = 1; i < 30; i++) laughs.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1));
        assertThat(problems(laughs + "]><Cube>&a29;</Cube>")).hasSize(1);
        assertThat(problems("<Cube><Cube time='2026-10-30'>"))
                .singleElement()
                .asString()
                .startsWith("line 1: is not XML");
    }

    @Test
    void whatIsTooLargeIsRefused() throws IOException {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (int i = 0; i < 65; i++) out.write("x".repeat(1 << 20));
        }
        assertThat(catchThrowableOfType(RefusedFileException.class, () -> rates.importFile(file)))
                .hasMessageContaining("more than 64 MB");
        assertThat(problems("Date,USD\n" + "x,1\n".repeat(50_000))).hasSize(1_000);
        assertThat(problems("Date," + "USD,".repeat(50_000) + "\n")).hasSizeBetween(1_000, 50_000);
    }

    @Test
    void allDaysSince1999AreTakenAtOnce() {
        var text = new StringBuilder("Date,");
        for (char c = 'A'; c <= 'Z'; c++)
            text.append("X").append(c).append("X,").append("Y").append(c).append("Y,");
        int days = 0;
        for (var day = LocalDate.parse("2026-10-30"); day.getYear() > 2006; day = day.minusDays(1)) {
            text.append('\n').append(day).append(',').append("1.1712,".repeat(52));
            days++;
        }
        assertThat(imported(text.append('\n').toString()).added()).isEqualTo(52 * days);
        assertThat(imported(text.toString()).unchanged()).isEqualTo(52 * days);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            USD | EUR | 2026-10-30 | 2026-10-30 | 10.24 | 8.74
            USD | EUR | 2026-10-31 | 2026-10-30 | 10.24 | 8.74
            USD | EUR | 2026-11-06 | 2026-10-30 | 10.24 | 8.74
            USD | EUR | 2026-11-07 |            |       |
            USD | EUR | 2026-10-29 | 2026-10-29 | 10.24 | 8.79
            EUR | USD | 2026-10-30 | 2026-10-30 | 8.74  | 10.24
            USD | SEK | 2026-10-31 | 2026-10-30 | 1.00  | 9.35
            SEK | USD | 2026-10-31 | 2026-10-30 | -9.35 | -1.00
            PLN | SEK | 2026-10-31 | 2026-10-30 | 1.00  | 2.58
            GBP | EUR | 2026-10-31 |            |       |
            USD | GBP | 2026-10-31 |            |       |
            EUR | SEK | 2026-10-28 |            |       |
            """)
    void anAmountIsConvertedByTheLastRatesOfOneDay(
            String from, String to, String on, @Nullable String day, BigDecimal amount, BigDecimal converted) {
        imported(CSV);
        imported(XML);
        var found = rates.upTo(LocalDate.parse(on)).between(from, to, LocalDate.parse(on));
        assertThat(found.map(exchange -> exchange.day().toString())).isEqualTo(Optional.ofNullable(day));
        found.ifPresent(exchange -> assertThat(exchange.convert(amount)).isEqualTo(converted));
    }

    @Test
    void theWayOutNamesWhatIsMissing() {
        assertThat(ExchangeTable.missing("USD", "SEK", LocalDate.parse("2026-10-31")))
                .isEqualTo(
                        "there is no rate from USD to SEK of the week up to 2026-10-31: ./postpaid rates import a file of"
                                + " the European Central Bank with USD and SEK");
    }
}
