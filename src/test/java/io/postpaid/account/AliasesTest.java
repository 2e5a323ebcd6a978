package io.postpaid.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What logs call accounts: one name means one account, whichever way it came. */
class AliasesTest {
    @TempDir
    private Path folder;

    private JdbcClient jdbc;
    private Accounts accounts;

    @BeforeEach
    void open() {
        var database = TestDatabase.createDataSource();
        jdbc = JdbcClient.create(database);
        accounts = TestAccounts.on(database);
    }

    /** @param lines {@code acme: cus_1 aws:2; beta: -}, the last without any; or {@code acme; beta} for a file without the column */
    private Path file(String lines) {
        var named = lines.contains(": ");
        var csv = Stream.of(lines.split("; "))
                .map(line -> line.split(": ", 2))
                .map(line -> line[0] + "," + line[0] + ",pay@a.test" + (named ? "," + line[1].replace("-", "") : ""))
                .collect(Collectors.joining("\n", named ? "id,name,email,aliases\n" : "id,name,email\n", "\n"));
        try {
            return Files.writeString(folder.resolve("accounts.csv"), csv);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return how many were added, updated and unchanged */
    private String imported(String lines) {
        var counts = accounts.importFile(file(lines));
        return counts.added() + "/" + counts.updated() + "/" + counts.unchanged();
    }

    private String called() {
        return String.join(
                " ",
                jdbc.sql("select source || ':' || name || '=' || account from account_called"
                                + " order by account, source collate \"C\", name collate \"C\"")
                        .query(String.class)
                        .list());
    }

    private List<String> refused(String lines) {
        var csv = file(lines);
        return catchThrowableOfType(RefusedFileException.class, () -> accounts.importFile(csv)).problems().stream()
                .map(problem -> problem.replace(csv + ", line ", ""))
                .toList();
    }

    private List<String> history() {
        return jdbc.sql("select account || ' ' || event || ' ' || detail from account_event order by id")
                .query(String.class)
                .list();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            acme                        | 0/0/1 | :cus_1=acme aws:2=acme
            acme: cus_1 aws:2           | 0/0/1 | :cus_1=acme aws:2=acme
            acme: aws:2  :cus_1         | 0/0/1 | :cus_1=acme aws:2=acme
            acme: -                     | 0/1/0 | ``
            acme: cus_2 aws:2           | 0/1/0 | :cus_2=acme aws:2=acme
            acme: acme                  | 0/1/0 | :acme=acme
            acme: a:b:c                 | 0/1/0 | a:b:c=acme
            acme: :a:b:c                | 0/1/0 | :a:b:c=acme
            acme: CUS_1 cus_1           | 0/1/0 | :CUS_1=acme :cus_1=acme
            acme: x:1 y:1 1             | 0/1/0 | :1=acme x:1=acme y:1=acme
            acme: 日本/e'%s@x.test?#    | 0/1/0 | :日本/e'%s@x.test?#=acme
            acme; beta                  | 1/0/1 | :cus_1=acme aws:2=acme
            acme: -; beta: cus_1 aws:2  | 1/1/0 | :cus_1=beta aws:2=beta
            beta: cus_1 aws:2; acme: 7  | 1/1/0 | :7=acme :cus_1=beta aws:2=beta
            acme: aws:2; cus_1: beta    | 1/1/0 | aws:2=acme :beta=cus_1
            acme: cus_1; beta: aws:2    | 1/1/0 | :cus_1=acme aws:2=beta
            """)
    void anImportSetsWhatItsLineSays(String lines, String counts, String called) {
        imported("acme: cus_1 aws:2");
        assertThat(imported(lines)).isEqualTo(counts);
        assertThat(called()).isEqualTo(called);
    }

    @Test
    void twoAccountsSwapTheirs() {
        imported("acme: cus_1 x:1; beta: cus_2 x:2; other: 3");
        assertThat(imported("acme: cus_2 x:1; beta: x:2 cus_1")).isEqualTo("0/2/0");
        assertThat(called()).isEqualTo(":cus_2=acme x:1=acme :cus_1=beta x:2=beta :3=other");
        assertThat(history())
                .containsExactly(
                        "acme DETAILS_CHANGED aliases added: cus_2, aliases removed: cus_1 by import",
                        "beta DETAILS_CHANGED aliases added: cus_1, aliases removed: cus_2 by import");
        assertThat(accounts.aliases("acme")).containsExactly("cus_2", "x:1");
        assertThat(accounts.aliases("nobody")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            beta: cus_1                 | 2, column aliases: 'cus_1' is an alias of account 'acme': remove it there first, or in the same import
            beta: aws:2                 | 2, column aliases: 'aws:2' is an alias of account 'acme': remove it there first, or in the same import
            acme: cus_1; beta: cus_1    | 3, column aliases: 'cus_1' is an alias of account 'acme' in line 2 already
            beta: x:y; new: :z x:y      | 3, column aliases: 'x:y' is an alias of account 'beta' in line 2 already
            beta: acme                  | 2, column aliases: 'acme' cannot be an alias: 'acme' is the id of another account
            beta: aws:acme              | 2, column aliases: 'aws:acme' cannot be an alias: 'acme' is the id of another account
            beta: new; new: -           | 2, column aliases: 'new' cannot be an alias: 'new' is the id of another account
            acme: cus_1; cus_1: -       | 2, column aliases: 'cus_1' cannot be an alias: 'cus_1' is the id of another account
            cus_1                       | 2, column id: 'cus_1' is an alias of account 'acme': remove it there first, or in the same import
            acme; cus_1                 | 3, column id: 'cus_1' is an alias of account 'acme': remove it there first, or in the same import
            2: -                        | 2, column id: '2' is an alias of account 'acme': remove it there first, or in the same import
            beta: x x                   | 2, column aliases: 'x' stands twice in the line
            beta: x y :x                | 2, column aliases: ':x' stands twice in the line
            beta: aws:                  | 2, column aliases: 'aws:' has no name behind the colon
            beta: :                     | 2, column aliases: ':' has no name behind the colon
            beta: gate:x                | 2, column aliases: 'gate:x' is of no use: usage of the source 'gate' names accounts by their ids
            beta: account:acme/x        | 2, column aliases: 'account:acme/x' is of no use: usage of the source 'account' names accounts by their ids
            beta: a\tb                  | 2, column aliases: contains a line break or another control character
            beta: a\u202eb              | 2, column aliases: contains a line break or another control character
            beta: a\u00a0b              | 2, column aliases: 'a\u00a0b' contains a blank of another kind
            """)
    void oneNameMeansOneAccount(String lines, String problem) {
        imported("acme: cus_1 aws:2");
        assertThat(refused(lines)).containsExactly(problem);
        assertThat(called()).isEqualTo(":cus_1=acme aws:2=acme");
        assertThat(accounts.list()).extracting(Account::id).containsExactly("acme");
    }

    @Test
    void hugeCellsAreRefused() {
        assertThat(refused("acme: " + "x".repeat(501)))
                .containsExactly("2, column aliases: '" + "x".repeat(100) + "…' has more than 500 characters");
        assertThat(refused("acme: " + "x".repeat(101) + ":y"))
                .containsExactly(
                        "2, column aliases: '" + "x".repeat(100) + "…' has more than 100 characters before the colon");
        assertThat(refused("acme: " + numbers(501))).containsExactly("2, column aliases: are more than 500 aliases");
        assertThat(refused("acme: " + "x ".repeat(1_000_000)))
                .containsExactly("2, column aliases: has more than 20000 characters");
        // The largest that is not refused, in letters that are the largest in the database.
        assertThat(imported("acme: " + numbers(499) + " " + "𝄞".repeat(100) + ":" + "𝄞".repeat(500)))
                .isEqualTo("1/0/0");
        assertThat(accounts.aliases("acme")).hasSize(500);
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    @Test
    void allProblemsAreListedInTheOrderOfTheLines() {
        imported("acme: cus_1; beta: cus_2");
        assertThat(refused("cus_2: gate:x; new: cus_1 beta; other: y y"))
                .containsExactly(
                        "2, column aliases: 'gate:x' is of no use: usage of the source 'gate' names accounts by their ids",
                        "2, column id: 'cus_2' is an alias of account 'beta': remove it there first, or in the same import",
                        "3, column aliases: 'cus_1' is an alias of account 'acme': remove it there first, or in the same import",
                        "3, column aliases: 'beta' cannot be an alias: 'beta' is the id of another account",
                        "4, column aliases: 'y' stands twice in the line");
    }

    @Test
    void aCallRefusesWhatAFileDoes() {
        imported("acme: cus_1");
        assertThat(accounts.put(Map.of("id", "beta", "name", "B", "email", "b@b.test", "aliases", "cus_2")))
                .isEqualTo(new AccountsImported(1, 0, 0));
        assertThatThrownBy(() -> accounts.put(Map.of("id", "cus_1", "name", "C", "email", "c@c.test")))
                .isInstanceOf(RefusedAccountException.class)
                .hasMessage("id: 'cus_1' is an alias of account 'acme': remove it there first, or in the same import");
        assertThatThrownBy(() -> accounts.addUnknown("cus_1"))
                .hasMessage("'cus_1' is an alias of account 'acme': name it by its id");
        assertThat(accounts.addUnknown("acme")).isFalse();
        assertThat(called()).isEqualTo(":cus_1=acme :cus_2=beta");
    }

    @Test
    void aLongFileIsImportedWithItsAliases() {
        var lines = IntStream.range(0, 10_001)
                .mapToObj(n -> "a" + n + ": cus_" + n + " aws:" + n)
                .collect(Collectors.joining("; "));
        assertThat(imported(lines)).isEqualTo("10001/0/0");
        assertThat(imported(lines)).isEqualTo("0/0/10001");
        assertThat(accounts.aliases("a10000")).containsExactly("cus_10000", "aws:10000");
        assertThat(imported("a0: aws:0; " + lines.replaceFirst("[^;]*; ", ""))).isEqualTo("0/1/10000");
    }
}
