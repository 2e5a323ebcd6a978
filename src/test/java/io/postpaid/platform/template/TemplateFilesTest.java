package io.postpaid.platform.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateFilesTest {
    @TempDir
    Path folder;

    @Test
    void takesTheOperatorsFileFirst() throws Exception {
        Files.writeString(folder.resolve("README.md"), "mine");
        var files = TemplateFiles.in(folder);
        assertThat(files.text("README.md")).isEqualTo("mine");
        assertThat(Seller.load(files).name()).isEqualTo("Aurora Voice API Oy");
        assertThat(TemplateFiles.in(folder.resolve("absent")).text("README.md")).startsWith("# Templates");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../pom.xml", "mail/../../pom.xml", "/etc/passwd", "", "a//b", "./x", "a\\..\\b", "mail/.."})
    void staysInsideItsFolders(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TemplateFiles.in(folder).text(name));
    }

    @Test
    void namesTheFileAndTheKeyOfATypo() throws Exception {
        var seller = TemplateFiles.builtIn().text("seller.yaml");
        Files.writeString(folder.resolve("seller.yaml"), seller + "\nnmae: x\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Seller.load(TemplateFiles.in(folder)))
                .withMessageContaining("templates/seller.yaml")
                .withMessageContaining("nmae");
        Files.writeString(folder.resolve("seller.yaml"), seller.replaceFirst("(?m)^email: .*$", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Seller.load(TemplateFiles.in(folder)))
                .withMessageContaining("'email'");
    }

    /** As the limits of accounts are. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            USD: "1000000000000"  | 1000000000000 USD has more than 12 digits
            USD: "1e999999999"    | USD has more than 12 digits
            USD: "-1"             | -1 USD cannot be below zero
            USD: "0.001"          | 0.001 USD has more than 2 decimals
            JPY: "0.5"            | 0.5 JPY has decimals, which the currency has not
            QQQ: "1"              | 'QQQ' is not a currency
            """)
    void boundsTheAmountsOfACurrency(String limit, String told) throws Exception {
        var settings = TemplateFiles.builtIn().text("currencies.yaml");
        Files.writeString(
                folder.resolve("currencies.yaml"),
                settings.replaceFirst("(?m)^monthly_limit: .*$", "monthly_limit: {" + limit + "}"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CurrencySettings.load(TemplateFiles.in(folder)))
                .withMessageContaining("templates/currencies.yaml: ")
                .withMessageContaining(told);
    }

    @Test
    void readsTaxes() throws Exception {
        var seller = TemplateFiles.builtIn().text("seller.yaml");
        Files.writeString(
                folder.resolve("seller.yaml"),
                seller.replace(
                        "taxes: []",
                        "taxes:\n  - {country: FI, name: VAT, percent: \"25.5\", reverse_charge_note: \"Reverse charge.\"}"));
        var tax = Seller.load(TemplateFiles.in(folder)).taxes().getFirst();
        assertThat(tax.percent()).isEqualByComparingTo("25.5");
        assertThat(Seller.load(TemplateFiles.builtIn()).payUrl("2026-000042")).endsWith("/2026-000042");
    }
}
