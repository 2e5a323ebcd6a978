package io.postpaid.billing.document;

import io.postpaid.platform.file.Sha256;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.DocumentException;
import org.openpdf.text.pdf.BaseFont;

/** A font that is embedded into documents, and that joins and places the letters of scripts that need it. */
final class PrintFont {
    /** Glyphs are placed in thousandths of the size, the unit of PDF's own widths. */
    static final int UNIT = 1000;

    static final FontRenderContext UNHINTED = new FontRenderContext(null, true, true);

    private final BaseFont base;
    private final byte[] bytes;
    private final int index;
    private final String identity;
    private final @Nullable SharedFont shared;
    private @Nullable Font shaper;

    private PrintFont(BaseFont base, byte[] bytes, int index, String identity, @Nullable SharedFont shared) {
        this.base = base;
        this.shared = shared;
        this.bytes = bytes;
        this.index = index;
        this.identity = identity;
    }

    /** A font of the templates: what it is belongs to them, so that it has no identity of its own. */
    static PrintFont ofTemplate(String name, byte[] bytes, SubsetPrefixes prefixes)
            throws IOException, DocumentException {
        var base = base(name, bytes, prefixes);
        return new PrintFont(base, bytes, 0, "", new SharedFont(base, prefixes));
    }

    /** A font of the machine. */
    static PrintFont ofMachine(FontFace face, byte[] bytes, SecureRandom prefixes)
            throws IOException, DocumentException {
        var name = face.file() + (face.isCollection() ? "," + face.index() : "");
        return new PrintFont(
                base(name, bytes, prefixes), bytes, face.index(), Sha256.of(bytes) + " " + face.name(), null);
    }

    private static BaseFont base(String name, byte[] bytes, SecureRandom prefixes)
            throws IOException, DocumentException {
        var base = BaseFont.createFont(name, BaseFont.IDENTITY_H, true, false, bytes, null);
        base.setSecureRandom(prefixes);
        base.setIncludeCidSet(false); // OpenPDF's set lacks glyphs, which PDF/A-3 forbids; no set is allowed
        return base;
    }

    BaseFont base() {
        return base;
    }

    /** Where documents share it, which fonts of the machine are too many and too large for. */
    @Nullable
    SharedFont shared() {
        return shared;
    }

    boolean has(int character) {
        return base.charExists(character);
    }

    /** The SHA-256 of the file and the font's name, or empty for a font of the templates. */
    String identity() {
        return identity;
    }

    /** @throws IllegalStateException if Java on this machine cannot shape text */
    synchronized Font shaper() {
        if (shaper == null) {
            try {
                shaper = Font.createFonts(new ByteArrayInputStream(bytes))[index].deriveFont((float) UNIT);
            } catch (IOException | FontFormatException | LinkageError | InternalError e) {
                throw new IllegalStateException(
                        "Java cannot shape text here (" + e + "): install the packages fontconfig and libfreetype6", e);
            }
        }
        return shaper;
    }

    /** The glyph of a character that stands alone. */
    int glyph(int character) {
        return shaper().createGlyphVector(UNHINTED, Character.toString(character))
                .getGlyphCode(0);
    }
}
