package io.postpaid.billing.document;

import io.postpaid.billing.einvoice.Format;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.store.DocumentStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The files of documents: made, and made again with the same bytes. */
@Component
class PdfFiles {
    private final PdfRenderer renderer;
    private final DocumentStore store;

    PdfFiles(PdfRenderer renderer, DocumentStore store) {
        this.renderer = renderer;
        this.store = store;
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

    boolean isWhole(String file, @Nullable String sha256) {
        return whole(file, sha256).isPresent();
    }

    /** @param sha256 what it must have, where that is known */
    Optional<Pdf> whole(String file, @Nullable String sha256) {
        try {
            var bytes = store.read(file);
            if (sha256 == null || sha256.equals(Sha256.of(bytes)))
                return Optional.of(new Pdf(store.place(file), bytes));
        } catch (IOException e) {
            // It is made again.
        }
        return Optional.empty();
    }

    boolean isMissing(String file, int bytes) {
        try {
            return store.size(file) != bytes;
        } catch (IOException e) {
            return true;
        }
    }

    Made make(Wanted wanted, Paper paper) {
        return make(List.of(wanted), List.of(paper)).getFirst();
    }

    /** @throws HeldException if one cannot be made, or not with the bytes that were sent: none is written then */
    List<Made> make(List<Wanted> wanted, List<Paper> papers) {
        var made = new ArrayList<Made>();
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < wanted.size(); i++) {
            var rendered = rendered(wanted.get(i), papers.get(i));
            var pdf = rendered.pdf();
            made.add(new Made(Sha256.of(pdf), pdf.length, rendered.fonts()));
            files.put(wanted.get(i).file(), pdf);
            refuseAnother(wanted.get(i), made.getLast());
        }
        try {
            store.write(files);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write to " + store.place("") + ": " + e, e);
        }
        return made;
    }

    private void refuseAnother(Wanted wanted, Made made) {
        if (wanted.sha256() != null && !wanted.sha256().equals(made.sha256())) {
            throw new NotRendered(
                    wanted.what()
                            + " would not be rendered as it was sent: the seller, the templates or Java have changed since."
                            + " Put the original file back at " + store.place(wanted.file()),
                    null);
        }
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
