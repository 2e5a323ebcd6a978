package io.postpaid.payments.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.payments.statement.StatementFile.Format;
import io.postpaid.platform.file.RefusedFileException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class StatementFileTest {
    private static final Path FILES = Path.of("src/test/resources/bank");

    @TempDir
    private Path folder;

    private StatementFile read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), null);
    }

    private StatementFile read(byte[] bytes, @Nullable String mapping) throws IOException {
        var file = Files.write(folder.resolve("statement"), bytes);
        return StatementFile.read(
                file, mapping == null ? null : Files.writeString(folder.resolve("mapping.yaml"), mapping));
    }

    private static List<String> told(BankStatement statement) {
        return statement.lines().stream()
                .map(line -> "%s %s %s | %s | %s | %s | %s%s"
                        .formatted(
                                line.bookedOn(),
                                line.valuedOn(),
                                line.amount(),
                                line.party(),
                                line.text(),
                                line.reference(),
                                line.bankReference(),
                                line.charge() ? " charge" : ""))
                .toList();
    }

    private static String camt() throws IOException {
        return Files.readString(FILES.resolve("camt053.xml"));
    }

    private static String mt940() throws IOException {
        return Files.readString(FILES.resolve("mt940.sta"));
    }

    @Test
    void camt053IsRead() throws IOException {
        var read = read(camt());
        assertThat(read.format()).isEqualTo(Format.CAMT053);
        assertThat(read.statements()).singleElement().satisfies(statement -> {
            assertThat(statement.account() + " " + statement.number() + " " + statement.currency())
                    .isEqualTo("FI2112345600000785 0001-2026-11-02 USD");
            assertThat(statement.proven()).isTrue();
            assertThat(told(statement))
                    .containsExactly(
                            "2026-11-02 2026-11-02 25.00 | Müller & Söhne GmbH | {reference-1} |  | 2026110200001",
                            "2026-11-02 2026-11-03 60.00 | Beta Oy | Invoice 2026-000002 , thank you | E2E-1 | 2026110200002",
                            "2026-11-02 2026-11-03 41.00 | Nobody | thank you | E2E-2 | 2026110200002",
                            "2026-11-02 2026-11-02 -2.50 |  | Account fee October |  | 2026110200003 charge");
        });
    }

    /** Names of elements are the same in all versions; that of the status moved. */
    @ParameterizedTest
    @ValueSource(strings = {"02", "04", "06", "13"})
    void everyVersionOfCamt053IsRead(String version) throws IOException {
        var text = camt().replace("camt.053.001.08", "camt.053.001." + version);
        if (version.compareTo("08") < 0) text = text.replaceAll("<Sts><Cd>([A-Z]+)</Cd></Sts>", "<Sts>$1</Sts>");
        assertThat(read(text).statements().getFirst().lines()).hasSize(4);
    }

    @Test
    void mt940IsRead() throws IOException {
        var read = read(mt940());
        assertThat(read.format()).isEqualTo(Format.MT940);
        assertThat(read.statements()).singleElement().satisfies(statement -> {
            assertThat(statement.account() + " " + statement.number() + " " + statement.currency())
                    .isEqualTo("10020030/0001234567 00211/001 EUR");
            assertThat(told(statement))
                    .containsExactly(
                            "2026-12-31 2026-12-31 25.00 | M. Mustermann GmbH | EREF+E2E-77SVWZ+RF02 2026 0000 42 | E2E-77 | BK-1",
                            "2026-12-31 2027-01-02 -10.5 | Vermieter | Miete |  | BK-2",
                            "2027-01-02 2027-01-02 7 | J. Jansen | /EREF/ORDER-9/NAME/J. Jansen/REMI/2026-000043/ | ORDER-9 | ",
                            "2027-01-02 2027-01-02 -1.50 |  | Account fee |  |  charge",
                            "2027-01-03 2027-01-03 -5.00 |  |  |  | BK-5");
        });
    }

    /** Pages of a statement are messages; each leads on to the next. */
    @Test
    void aStatementOfSeveralMessagesIsRead() throws IOException {
        var statements =
                read(":20:A\n:25:1\n:28C:1/1\n:60F:D261101EUR1,00\n:61:261101C3,00NTRFX\n:62M:C261101EUR2,00\n-\n"
                                + ":20:A\n:25:1\n:28C:1/2\n:60M:C261101EUR2,00\n:61:261102D2,00NTRFX\n:62F:C261102EUR0,00\n-\n")
                        .statements();
        assertThat(statements).hasSize(2).allMatch(BankStatement::proven);
        assertThat(statements.getFirst().opening()).isEqualByComparingTo("-1");
    }

    private static final String MAPPING = """
            account: FI21 1234 5600 0007 85
            currency: EUR
            charset: windows-1252
            skip: 1
            date_format: dd.MM.uuuu
            decimal: ","
            columns:
              booked_on: Buchungstag
              amount: Betrag
              party: Auftraggeber
              text: [Verwendungszweck, Buchungstext]
              balance: Saldo
            """;

    @Test
    void csvIsReadByAMapping() throws IOException {
        var csv = "Umsätze vom 3.11.2026\r\n"
                + "Buchungstag;Auftraggeber;Verwendungszweck;Buchungstext;Betrag;Saldo\r\n"
                + "02.11.2026;Müller;\"Rechnung\n2026-000042\";Gutschrift;1.025,00;2.025,00\r\n"
                + "01.11.2026;Bank;Entgelt;Abschluss;-2,50;1.000,00\r\n";
        var read = read(csv.getBytes(Charset.forName("windows-1252")), MAPPING);
        assertThat(read.statements()).singleElement().satisfies(statement -> {
            assertThat(statement.opening()).isEqualByComparingTo("1002.50");
            assertThat(statement.closing()).isEqualByComparingTo("2025");
            assertThat(told(statement))
                    .containsExactly(
                            "2026-11-01 2026-11-01 -2.50 | Bank | Entgelt Abschluss |  | ",
                            "2026-11-02 2026-11-02 1025.00 | Müller | Rechnung 2026-000042 Gutschrift |  | ");
        });
        assertThatThrownBy(() ->
                        read(csv.replace("1.025,00", "1.024,00").getBytes(Charset.forName("windows-1252")), MAPPING))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("do not follow from its amounts");
        assertThatThrownBy(() -> read(
                        csv.replace("01.11.2026;", "31.02.2026;").getBytes(Charset.forName("windows-1252")), MAPPING))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("line 5: '31.02.2026' is no day");
    }

    @Test
    void creditsAndDebitsMayStandInTwoColumns() throws IOException {
        var mapping = "account: A1\ncurrency: USD\ndelimiter: \",\"\ndate_format: uuuu-MM-dd\n"
                + "columns: {booked_on: Date, credit: In, debit: Out}\n";
        var read = read("Date,In,Out\n2026-11-02,5.00,\n2026-11-03,,2.25\n".getBytes(StandardCharsets.UTF_8), mapping);
        assertThat(read.statements().getFirst().lines())
                .extracting(StatementLine::amount)
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactly(new BigDecimal("5"), new BigDecimal("-2.25"));
        assertThat(read.statements().getFirst().proven()).isFalse();
    }

    @Test
    void aMappingNamesAllThatIsWrong() {
        assertThatThrownBy(() -> read(
                        "x".getBytes(StandardCharsets.UTF_8),
                        "currency: euro\ncharset: none\ndate_format: b\nrows: 1\n"))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("account: is missing")
                .hasMessageContaining("currency: is 'euro'")
                .hasMessageContaining("charset: is 'none'")
                .hasMessageContaining("date_format: is 'b'")
                .hasMessageContaining("rows: is not a known key");
    }

    /** A line that was lost or altered on the way is found by the balances. */
    @Test
    void aStatementMustAddUp() {
        assertThatThrownBy(() -> read(camt().replace("1123.50", "1123.51")))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining(
                        "the opening balance 1000.00 and lines of 123.50 make 1123.50, but the closing balance is 1123.51");
        assertThatThrownBy(() -> read(mt940().replace("CR25,00", "CR2500,00")))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("but the closing balance is 1015.00");
    }

    /** Nothing of a stranger's file is fetched, expanded or kept as it is. */
    @Test
    void hostileXmlIsRefused() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "s3cret");
        var entity = "<!DOCTYPE d [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>";
        var laughs = new StringBuilder("<!DOCTYPE d [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) laughs.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1));
        laughs.append("]>");
        for (var type : List.of(entity, laughs.toString(), "<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/x.dtd\">")) {
            var text = camt().replace("<Document", type + "<Document").replace("thank you", "&x;&a29;");
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(RefusedFileException.class)
                    .hasMessageNotContaining("s3cret");
        }
        assertThatThrownBy(() -> read(camt().replace("thank you", "&x;"))).isInstanceOf(RefusedFileException.class);
        assertThatThrownBy(() -> read(camt().replace("<RmtInf>", "<RmtInf>" + "<a>".repeat(100_000))))
                .isInstanceOf(RefusedFileException.class);
        assertThatThrownBy(() -> read("<Document xmlns='x'><CstmrCdtTrfInitn/></Document>"))
                .hasMessageContaining("it is not camt.053: <CstmrCdtTrfInitn>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "\0\0\0",
                "<",
                "<Document/>",
                "<Document><BkToCstmrStmt><Stmt></Stmt></BkToCstmrStmt></Document>",
                ":20:",
                ":20:A\n:25:1\n:60F:C261101EUR1e9\n",
                ":20:A\n:25:1\n:60F:C261131EUR1,00\n:61:261131C1,00NTRFX\n:62F:C261101EUR2,00\n",
                ":20:A\n:25:1\n:60F:C261101EUR1,00\n:61:261101X1,00NTRFX\n",
                ":20:A\n:25:1\n:60F:C261101EUR1,00\n:62F:C261101USD1,00\n",
                ":20:A\n:25:<b>\n:60F:C261101EUR1,00\n:62F:C261101EUR1,00\n",
                ":20:A\n:25:1\n:60F:C261101EUR9999999999999999999999999,00\n"
            })
    void whatIsNoStatementIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageNotContaining("\0");
    }

    @Test
    void hugeFilesAndFieldsAreRefusedInNoTime() throws IOException {
        assertThatThrownBy(() -> read(new byte[(32 << 20) + 1], null)).hasMessageContaining("more than 32 MB");
        assertThatThrownBy(() -> read(":20:A\n:25:1\n:86:" + "x\n".repeat(5_000_000)))
                .hasMessageContaining("does not end");
        assertThatThrownBy(() -> read(camt().replace("25.00", "9".repeat(1_000_000))))
                .hasMessageContaining("is no amount");
        assertThat(read(":20:A\n:25:1\n:60F:C261101EUR1,00\n:61:261101C1,00NTRF" + "//".repeat(2_000_000) + "\n"))
                .isNotNull();
    }

    /** What a bank lets its customers write goes on no terminal as it is. */
    @Test
    void controlCharactersAreTakenOut() throws IOException {
        var read = read(camt().replace("Nobody", "No\u0009bo\u202edy").replace("E2E-2", "E2E-2" + "x".repeat(5_000)));
        assertThat(read.statements().getFirst().lines().get(2).party()).isEqualTo("No bo dy");
        assertThat(read.statements().getFirst().lines().get(2).reference()).hasSize(200);
    }
}
