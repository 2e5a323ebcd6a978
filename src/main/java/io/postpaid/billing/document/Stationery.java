package io.postpaid.billing.document;

import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Image;

/** What all documents share: the seller, the look, the words, the fonts and the logo, read once. */
final class Stationery {
    private final TemplateFiles files;
    private final Seller seller;
    private final Look look;
    private final Typeface.FontTable regular;
    private final Typeface.FontTable bold;
    private final SystemFonts fonts;
    private final @Nullable Image logo;
    private final Map<String, Texts> texts = new ConcurrentHashMap<>();

    Stationery(TemplateFiles files, SystemFonts fonts, SubsetPrefixes prefixes) {
        this.files = files;
        this.seller = Seller.load(files);
        this.look = Look.load(files);
        this.regular = Typeface.load(files, look.fonts().regular(), false, prefixes);
        this.bold = Typeface.load(files, look.fonts().bold(), true, prefixes);
        this.fonts = fonts;
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
        var letters = letters("", "", null);
        var regular = letters.regular();
        var bold = letters.bold();
        bold.check("seller.name", seller.name());
        seller.address().forEach(line -> regular.check("seller.address", line));
        seller.bank().forEach(line -> regular.check("seller.bank", line));
        regular.check("seller.tax_id", seller.taxId());
        regular.check("seller.email", seller.email());
        regular.check("seller.web", seller.web());
        regular.check("layout.footer", look.footer());
        for (var tax : seller.taxes()) {
            regular.check("seller.taxes.name", tax.name());
            regular.check("seller.taxes.reverse_charge_note", tax.reverseChargeNote());
        }
    }

    /** The words of a language, or of the layout's own language when nobody has written them yet. */
    Texts texts(String language) {
        var known = texts.get(language);
        if (known != null) return known;
        if (!language.matches("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")) {
            throw new IllegalArgumentException("not a language: '" + language + "'");
        }
        return texts.computeIfAbsent(language, wanted -> {
            var name = "invoice/texts." + wanted + ".yaml";
            var words =
                    files.yaml(files.exists(name) ? name : "invoice/texts." + look.language() + ".yaml", Texts.class);
            words.check(letters("", "", null));
            return words;
        });
    }

    Seller seller() {
        return seller;
    }

    Look look() {
        return look;
    }

    /**
     * The two weights for one document.
     *
     * @param country the customer's, and {@code text} some of its own words: they choose between forms of Chinese characters
     * @param kept the only fonts of the machine that may be used, or null for any
     */
    Letters letters(String country, String text, @Nullable Set<String> kept) {
        var choice = new FontChoice(fonts, HanForms.of(country, text), kept);
        return new Letters(regular.with(choice), bold.with(choice), choice);
    }

    record Letters(Typeface regular, Typeface bold, FontChoice choice) {
        /** @throws IllegalArgumentException when the text has a character that no font prints, in either weight */
        void check(String field, String text) {
            regular.check(field, text);
            bold.check(field, text);
        }
    }

    @Nullable
    Image logo() {
        return logo;
    }
}
