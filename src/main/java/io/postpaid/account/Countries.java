package io.postpaid.account;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;

/** Country codes by what people write: codes of two or three letters, English names and names in the country's languages. */
final class Countries {
    private static final Map<String, String> CODES = codes();

    private Countries() {}

    static Optional<String> find(String text) {
        return Optional.ofNullable(CODES.get(key(text)));
    }

    /** The country whose name or code needs the fewest letters changed, if they are few. */
    static Optional<String> nearest(String text) {
        var wanted = key(text);
        int most = Math.max(1, wanted.length() / 4);
        return CODES.keySet().stream()
                .filter(name -> name.length() > 3 && Math.abs(name.length() - wanted.length()) <= most)
                .map(name -> Map.entry(name, distance(name, wanted)))
                .filter(near -> near.getValue() <= most)
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                .map(near -> CODES.get(near.getKey()));
    }

    private static int distance(String left, String right) {
        var row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }

    /** Without what is often written otherwise: accents, capitals, "the", blanks and signs. */
    private static String key(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{InCombiningDiacriticalMarks}", "")
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceFirst("^the ", "")
                .replace("&", "and")
                .replaceAll("[^\\p{L}\\p{M}\\p{N}]", "");
    }

    private static Map<String, String> codes() {
        var codes = new HashMap<String, String>();
        for (var locale : Locale.getAvailableLocales()) {
            var country = locale.getCountry();
            if (country.length() == 2) codes.putIfAbsent(key(locale.getDisplayCountry(locale)), country);
        }
        for (var code : Locale.getISOCountries()) {
            var country = Locale.of("", code);
            codes.put(key(country.getDisplayCountry(Locale.ENGLISH)), code);
            try {
                codes.put(key(country.getISO3Country()), code);
            } catch (MissingResourceException e) {
                // A few codes have no form of three letters.
                codes.put(key(code), code);
            }
        }
        for (var code : Locale.getISOCountries()) codes.put(key(code), code);
        // Codes that are used though ISO 3166 does not assign them, and names that the tables do not have.
        codes.putAll(Map.ofEntries(
                Map.entry("xk", "XK"),
                Map.entry("xkx", "XK"),
                Map.entry("kosovo", "XK"),
                Map.entry("uk", "GB"),
                Map.entry("greatbritain", "GB"),
                Map.entry("england", "GB"),
                Map.entry("el", "GR"),
                Map.entry("usa", "US"),
                Map.entry("unitedstatesofamerica", "US"),
                Map.entry("holland", "NL"),
                Map.entry("turkey", "TR"),
                Map.entry("czechrepublic", "CZ"),
                Map.entry("ivorycoast", "CI"),
                Map.entry("burma", "MM"),
                Map.entry("korea", "KR"),
                Map.entry("republicofkorea", "KR"),
                Map.entry("russianfederation", "RU"),
                Map.entry("hongkong", "HK"),
                Map.entry("macau", "MO"),
                Map.entry("macao", "MO"),
                Map.entry("swaziland", "SZ"),
                Map.entry("macedonia", "MK"),
                Map.entry("capeverde", "CV")));
        return Map.copyOf(codes);
    }
}
