package io.postpaid.billing.document;

/** Chinese characters look different by country; fonts that know it say so in their names, as in "Noto Sans CJK JP". */
enum HanForms {
    JP,
    KR,
    SC,
    TC,
    HK;

    static HanForms of(String country, String text) {
        return switch (country) {
            case "JP" -> JP;
            case "KR", "KP" -> KR;
            case "TW" -> TC;
            case "HK", "MO" -> HK;
            case "CN", "SG", "MY" -> SC;
            default -> text.codePoints().anyMatch(HanForms::isKana) ? JP : SC;
        };
    }

    private static boolean isKana(int character) {
        var script = Character.UnicodeScript.of(character);
        return script == Character.UnicodeScript.HIRAGANA || script == Character.UnicodeScript.KATAKANA;
    }

    /** 0 for a font of these forms, or of none in particular. */
    int distance(String fontName) {
        for (var forms : values()) {
            if (forms != this && fontName.matches(".*\\b" + forms.name() + "\\b.*")) return 1;
        }
        return 0;
    }
}
