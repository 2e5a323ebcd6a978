package io.postpaid.billing.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which fonts of the machine one document is printed with. */
final class FontChoice {
    private final SystemFonts fonts;
    private final HanForms forms;
    private final @Nullable Set<String> kept;
    private final Set<String> keptNames;
    private final SortedSet<String> used = new TreeSet<>();

    /** @param kept what the document was printed with before, and nothing else; null for any font */
    FontChoice(SystemFonts fonts, HanForms forms, @Nullable Set<String> kept) {
        this.fonts = fonts;
        this.forms = forms;
        this.kept = kept;
        this.keptNames =
                kept == null ? Set.of() : kept.stream().map(FontChoice::name).collect(Collectors.toSet());
    }

    HanForms forms() {
        return forms;
    }

    boolean allows(FontFace face) {
        return kept == null || keptNames.contains(face.name());
    }

    boolean allows(PrintFont font) {
        return kept == null || kept.contains(font.identity());
    }

    /** The first font of the machine that has all these characters. */
    Optional<PrintFont> find(int[] characters, boolean bold) {
        return fonts.find(characters, bold, this);
    }

    void use(PrintFont font) {
        if (!font.identity().isEmpty()) used.add(font.identity());
    }

    List<String> used() {
        return new ArrayList<>(used);
    }

    /** Why a character is not printed, in words for whoever can mend it. */
    String objection(int character) {
        var sign =
                "'%s' (U+%04X, %s)".formatted(Character.toString(character), character, Character.getName(character));
        if (FontRuns.isNone(character)) return sign + " is not a character that can be printed";
        if (kept != null) {
            return "the font that printed " + sign + " is not on this machine; it was one of "
                    + kept.stream().sorted().map(FontChoice::described).collect(Collectors.joining(", "));
        }
        var script = Character.UnicodeScript.of(character);
        return ("no font prints %s of the script %s: install one, such as those of the Debian package %s,"
                        + " or lay it in templates/invoice/fonts")
                .formatted(sign, scriptName(script), debian(script));
    }

    private static String scriptName(Character.UnicodeScript script) {
        var name = script.name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String debian(Character.UnicodeScript script) {
        return switch (script) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> "fonts-noto-cjk";
            case COMMON, INHERITED -> "fonts-symbola";
            default -> "fonts-noto-core";
        };
    }

    private static String name(String identity) {
        return identity.substring(identity.indexOf(' ') + 1);
    }

    private static String described(String identity) {
        return name(identity) + " (SHA-256 " + identity.substring(0, identity.indexOf(' ')) + ")";
    }
}
