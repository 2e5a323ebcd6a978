package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.payments.bank.BankStatements;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of bank statements that leave a doubt wait for a person, who says what they are. */
@NullUnmarked
class BankPagesTest {
    static final String STATEMENT = """
            :20:A
            :25:FI2112345600000785
            :28C:1
            :60F:C261102USD100,00
            :61:2611021102C41,00NTRFNONREF//B1
            :86:<script>x</script> for the credit
            :61:2611021102C12,00NTRFNONREF//B2
            :86:Rent of a desk
            :62F:C261102USD153,00
            -
            """;

    @TempDir
    Path home;

    private TestApplication application;

    @BeforeEach
    void imported() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-03T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,currency,created_on
                acme,Acme,acme@acme.test,USD,2026-10-01
                """));
        application
                .get(BankStatements.class)
                .importFile(Files.writeString(home.resolve("statement.sta"), STATEMENT), null);
    }

    @AfterEach
    void close() {
        application.close();
    }

    private Browser as(Role role) {
        return ConsoleTest.signedIn(
                application, application.get(ApiKeys.class).ofOperator("", role).secret());
    }

    @Test
    void aPersonSaysWhatALineIs() {
        var viewer = as(Role.VIEWER);
        assertThat(viewer.get("/console").text()).contains("2 lines of bank statements");
        assertThat(viewer.get("/console/bank").text())
                .contains("USD 41.00 waits")
                .doesNotContain("It is");
        assertThat(viewer.postWithToken("/console/bank/1/match", Map.of("as", "CHARGES"))
                        .status())
                .isEqualTo(403);

        var operator = as(Role.OPERATOR);
        var page = operator.get("/console/bank");
        assertThat(page.text()).contains("&lt;script&gt;x&lt;/script&gt; for the credit");
        assertThat(page.body()).doesNotContain("<script>x");
        refused(operator, "1", Map.of("as", "INVOICE", "to", "2026-000001' or 1=1"), "There is no invoice");
        refused(
                operator,
                "1",
                Map.of("as", "ACCOUNT", "to", "<b>nobody"),
                "There is no account &#39;&lt;b&gt;nobody&#39;");
        refused(operator, "1", Map.of("as", "PAYOUT", "to", "po_1"), "No payout po_1 of USD 41.00");
        refused(operator, "1", Map.of("as", "IGNORE", "to", " "), "Say why");
        refused(operator, "1", Map.of("as", "SALARY", "to", "x"), "SALARY&#39; is none of them");
        refused(operator, "99", Map.of("as", "CHARGES"), "There is no line 99");

        assertThat(operator.submit("/console/bank/1/match", Map.of("as", "ACCOUNT", "to", "acme"))
                        .text())
                .contains("Line 1 of USD 41.00 is ACCOUNT: ");
        refused(operator, "1", Map.of("as", "CHARGES"), "Line 1 is matched already: ACCOUNT");
        operator.get("/console/bank");
        assertThat(operator.submit("/console/bank/2/match", Map.of("as", "IGNORE", "to", "<i>not ours"))
                        .text())
                .contains("Line 2 of USD 12.00 is IGNORED: &lt;i&gt;not ours");
        assertThat(operator.get("/console/bank").text()).contains("No line waits for a person.");
        assertThat(operator.get("/console/bank?all=yes").text())
                .contains("Rent of a desk USD 12.00 IGNORED: &lt;i&gt;not ours", "USD 41.00 ACCOUNT: ");
    }

    private static void refused(Browser operator, String line, Map<String, String> typed, String why) {
        var answer = operator.postWithToken("/console/bank/" + line + "/match", typed);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains(why);
        assertThat(answer.body()).contains("href=\"/console/bank\"");
    }
}
