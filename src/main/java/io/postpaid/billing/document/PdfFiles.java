package io.postpaid.billing.document;

import io.postpaid.billing.einvoice.Format;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The files of documents below POSTPAID_HOME: made, and made again with the same bytes. */
@Component
class PdfFiles {
    private final PdfRenderer renderer;
    private final Home home;

    PdfFiles(PdfRenderer renderer, Home home) {
        this.renderer = renderer;
        this.home = home;
    }

    /**
     * A file that is to be made.
     *
     * @param what it is, in words
     * @param sha256 of the file that was made before, if it was
     * @param fonts what it was printed with then
     */
    record Wanted(
            String what,
            String file,
            @Nullable String sha256,
            @Nullable Set<String> fonts) {}

    /** A file that was made. */
    record Made(String sha256, int bytes, List<String> fonts) {}

    Path path(String file) {
        return home.documents().resolve(file);
    }

    /** @param sha256 what it must have, where that is known */
    boolean isWhole(String file, @Nullable String sha256) {
        try {
            var path = path(file);
            return Files.isRegularFile(path) && (sha256 == null || sha256.equals(Sha256.of(path)));
        } catch (IOException e) {
            // It is made again.
            return false;
        }
    }

    /** @throws HeldException if it cannot be made, or not with the bytes that were sent */
    Made make(Wanted wanted, Paper paper) {
        var rendered = rendered(wanted, paper);
        var sha256 = Sha256.of(rendered.pdf());
        var path = path(wanted.file());
        if (wanted.sha256() != null && !wanted.sha256().equals(sha256)) {
            throw new NotRendered(
                    wanted.what()
                            + " would not be rendered as it was sent: the seller, the templates or Java have changed since."
                            + " Put the original file back at " + path,
                    null);
        }
        try {
            Files.createDirectories(path.getParent());
            WholeFile.write(path, rendered.pdf());
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write " + path + ": " + e, e);
        }
        return new Made(sha256, rendered.pdf().length, rendered.fonts());
    }

    private PdfRenderer.Rendered rendered(Wanted wanted, Paper paper) {
        try {
            // Without the country of its customer, say, it is on paper only.
            var electronic = paper.electronic();
            var xml = Format.CII.missing(electronic).isEmpty() ? Format.CII.write(electronic) : null;
            return renderer.render(paper.document(), wanted.fonts(), xml);
        } catch (RuntimeException e) {
            var why = Objects.requireNonNullElse(e.getMessage(), e.toString());
            throw new NotRendered(wanted.what() + " cannot be rendered: " + why, e);
        }
    }

    /** One document cannot be made; others can. */
    private static final class NotRendered extends HeldException {
        NotRendered(String message, @Nullable Throwable why) {
            super("NOT_RENDERED", message, why);
        }
    }
}
