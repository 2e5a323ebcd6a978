package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the samples to a folder, to be looked at: {@code SampleFiles FOLDER}. */
final class SampleFiles {
    private SampleFiles() {}

    public static void main(String[] arguments) throws IOException {
        var renderer = PdfRenderer.load(TemplateFiles.builtIn());
        var folder = Files.createDirectories(Path.of(arguments[0]));
        Files.write(folder.resolve("covered.pdf"), renderer.render(Samples.covered()));
        Files.write(folder.resolve("typical.pdf"), renderer.render(Samples.typical()));
        Files.write(folder.resolve("german.pdf"), renderer.render(Samples.german()));
        Files.write(folder.resolve("long.pdf"), renderer.render(Samples.withLines(120)));
    }
}
