package io.postpaid.document;

import io.postpaid.template.Seller;
import io.postpaid.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Image;

/** What all documents share: the seller, the look, the words, the fonts and the logo, read once. */
final class Stationery {
    private final TemplateFiles files;
    private final Seller seller;
    private final Look look;
    private final Typeface regular;
    private final Typeface bold;
    private final @Nullable Image logo;
    private final Map<String, Texts> texts = new ConcurrentHashMap<>();

    Stationery(TemplateFiles files, SecureRandom prefixes) {
        this.files = files;
        this.seller = Seller.load(files);
        this.look = Look.load(files);
        this.regular = Typeface.load(files, look.fonts().regular(), prefixes);
        this.bold = Typeface.load(files, look.fonts().bold(), prefixes);
        this.logo =
                look.logo().file().isEmpty() ? null : opaque(files, look.logo().file());
        texts(look.language());
        checkSeller();
    }

    private static Image opaque(TemplateFiles files, String name) {
        try {
            var image = Image.getInstance(files.bytes(name));
            if (image.isSmask() || image.getImageMask() != null || image.getTransparency() != null) {
                throw new IllegalArgumentException(
                        "templates/" + name + ": a logo is opaque; archived documents know no transparency");
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException("templates/" + name + ": " + e.getMessage(), e);
        }
    }

    private void checkSeller() {
        bold.check("seller.name", seller.name());
        seller.address().forEach(line -> regular.check("seller.address", line));
        seller.bank().forEach(line -> regular.check("seller.bank", line));
        regular.check("seller.tax_id", seller.taxId());
        regular.check("seller.email", seller.email());
        regular.check("seller.web", seller.web());
        regular.check("layout.footer", look.footer());
    }

    /** The words of a language, or of the layout's own language when nobody has written them yet. */
    Texts texts(String language) {
        if (!language.matches("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")) {
            throw new IllegalArgumentException("not a language: '" + language + "'");
        }
        return texts.computeIfAbsent(language, wanted -> {
            var name = "invoice/texts." + wanted + ".yaml";
            var words =
                    files.yaml(files.exists(name) ? name : "invoice/texts." + look.language() + ".yaml", Texts.class);
            words.check(regular, bold);
            return words;
        });
    }

    Seller seller() {
        return seller;
    }

    Look look() {
        return look;
    }

    Typeface regular() {
        return regular;
    }

    Typeface bold() {
        return bold;
    }

    @Nullable
    Image logo() {
        return logo;
    }
}
