package io.postpaid.pricing.tax;

import java.util.Locale;
import java.util.Set;

/** Country codes as tax files and tax ids write them. */
final class Countries {
    private static final Set<String> ISO = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    private Countries() {}

    /** The ISO code: tax ids of Greece begin with EL. */
    static String iso(String code) {
        return code.equals("EL") ? "GR" : code;
    }

    /** Whether it is a country; Kosovo has a code that ISO leaves to its users. */
    static boolean known(String iso) {
        return ISO.contains(iso) || iso.equals("XK");
    }
}
