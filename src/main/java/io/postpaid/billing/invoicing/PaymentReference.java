package io.postpaid.billing.invoicing;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a customer writes on a bank transfer: the invoice number as a creditor reference of ISO 11649. Its check digits find a
 * typing error before money goes to another invoice.
 */
public record PaymentReference(String value) {
    private static final BigInteger MODULUS = BigInteger.valueOf(97);
    /** RF, two check digits, and as much of an invoice number as the standard has room for. */
    private static final Pattern CREDITOR_REFERENCE = Pattern.compile("RF([0-9]{2})([0-9]{10,21})");

    /** Not what is left of a creditor reference: if its check digits are wrong, its number may be, too. */
    private static final Pattern NUMBER =
            Pattern.compile("(?<![0-9])(?<!RF[0-9]{2}\\s{0,2})(20[0-9]{2})[ /._-]{0,3}([0-9]{6,9})(?![0-9])");

    private static final int SHORTEST = 10;
    /** A text of a bank is no longer; what is longer is no text of a bank. */
    private static final int TEXT_MAX = 4_000;

    /** The reference of an invoice, such as {@code RF402026000042} for 2026-000042. */
    public static PaymentReference of(String number) {
        var letters = number.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
        if (letters.isEmpty() || letters.length() > 21) {
            throw new IllegalArgumentException("No creditor reference has room for the number '" + number + "'");
        }
        return new PaymentReference("RF%02d%s".formatted(98 - remainder(letters + "RF00"), letters));
    }

    /** In groups of four, as the standard prints it. */
    public String printed() {
        return value.replaceAll("(.{4})(?!$)", "$1 ");
    }

    /**
     * The invoice numbers that a text of a bank may name, by a reference or as they are, in any case and with any blanks. That
     * such invoices exist is not said.
     */
    public static Set<String> numbersIn(String text) {
        var bounded = text.substring(0, Math.min(text.length(), TEXT_MAX)).toUpperCase(Locale.ROOT);
        // Banks break their lines in the midst of words.
        var joined = bounded.replaceAll("[\\s./_-]", "");
        var found = new LinkedHashSet<String>();
        var references = CREDITOR_REFERENCE.matcher(joined);
        while (references.find()) {
            var letters = references.group(2);
            // A date or an amount may follow without a gap: the check digits decide where the number ends.
            for (int end = SHORTEST; end <= letters.length(); end++) {
                var number = letters.substring(0, end);
                if (remainder(number + "RF" + references.group(1)) == 1) {
                    found.add(number.substring(0, 4) + "-" + number.substring(4));
                }
            }
        }
        for (var form : List.of(bounded, bounded.replaceAll("\\s", ""), joined)) {
            var numbers = NUMBER.matcher(form);
            while (numbers.find()) found.add(numbers.group(1) + "-" + numbers.group(2));
        }
        return found;
    }

    /** Letters count as two digits, A as 10. */
    private static int remainder(String letters) {
        var digits = new StringBuilder();
        letters.chars().forEach(letter -> digits.append(Character.digit(letter, 36)));
        return new BigInteger(digits.toString()).mod(MODULUS).intValue();
    }
}
