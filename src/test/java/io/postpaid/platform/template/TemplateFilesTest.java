package io.postpaid.platform.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateFilesTest {
    @TempDir
    Path folder;

    @Test
    void takesTheOperatorsFileFirst() throws Exception {
        Files.writeString(folder.resolve("README.md"), "mine");
        var files = TemplateFiles.in(folder);
        assertThat(files.text("README.md")).isEqualTo("mine");
        assertThat(Seller.load(files).name()).isEqualTo("Aurora Voice API, Inc.");
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
