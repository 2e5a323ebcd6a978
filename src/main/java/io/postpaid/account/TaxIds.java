package io.postpaid.account;

import com.helger.masterdata.vat.VATINStructure;
import com.helger.masterdata.vat.VATINStructureManager;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of tax ids, by country. Whether an id was ever issued is another question. */
public final class TaxIds {
    /** Where no form is known: letters and digits, and some of them digits, so that {@code n/a} is none. */
    private static final Pattern ANYWHERE = Pattern.compile("(?=.*[0-9].*[0-9])[0-9A-Z]{4,20}");

    /** As Ireland has issued them since 2013, which the library does not know. */
    private static final Pattern LONGER_IRISH = Pattern.compile("IE[0-9]{7}[A-W][A-I]");

    private TaxIds() {}

    /** Whether an id may be one of a country; written with or without the country's letters, blanks, dots and dashes. */
    public static boolean valid(String country, String id) {
        return form(country, id) == null
                ? ANYWHERE.matcher(plain(id)).matches()
                : !vat(country, id).isEmpty();
    }

    /** The id with the letters of its country, or nothing where it is no VAT id of a known form. */
    public static String vat(String country, String id) {
        var form = form(country, id);
        var whole = whole(country, id);
        return form != null
                        && (form.isValid(whole) || LONGER_IRISH.matcher(whole).matches())
                ? whole
                : "";
    }

    private static @Nullable VATINStructure form(String country, String id) {
        return country.isEmpty() || id.isBlank() ? null : VATINStructureManager.getFromVATINCountry(whole(country, id));
    }

    /** An id as tax offices write it, with the letters of its country in front: those of Greece are EL. */
    public static String whole(String country, String id) {
        var plain = plain(id);
        return plain.startsWith(prefix(country)) ? plain : prefix(country) + plain;
    }

    private static String plain(String id) {
        return id.toUpperCase(Locale.ROOT).replaceAll("[ ./-]", "");
    }

    private static String prefix(String country) {
        return country.equals("GR") ? "EL" : country;
    }
}
