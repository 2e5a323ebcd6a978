package io.postpaid.usage.mapping;

import com.google.re2j.Pattern;
import io.postpaid.usage.record.RecordDraft.Unfit;

/**
 * How a log writes numbers.
 *
 * @param decimal what stands before the decimals
 * @param thousands what stands between groups of three digits; empty for nothing
 * @param pattern what a number must be like to be one
 */
record Numerals(String decimal, String thousands, Pattern pattern) {
    Numerals(String decimal, String thousands) {
        this(
                decimal,
                thousands,
                Pattern.compile("[+-]?([0-9]+|[1-9][0-9]{0,2}(%s[0-9]{3})+)(%s[0-9]+)?"
                        .formatted(Pattern.quote(thousands), Pattern.quote(decimal))));
    }

    boolean arePlain() {
        return decimal.equals(".") && thousands.isEmpty();
    }

    String plain(String text, String told) {
        String number = text.strip();
        if (!pattern.matches(number)) {
            throw new Unfit("'%s' in %s is not a number with '%s' before its decimals%s"
                    .formatted(
                            text,
                            told,
                            decimal,
                            thousands.isEmpty() ? "" : " and '" + thousands + "' between thousands"));
        }
        return number.replace(thousands, "").replace(decimal, ".");
    }
}
