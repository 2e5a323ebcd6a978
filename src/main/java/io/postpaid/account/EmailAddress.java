package io.postpaid.account;

import java.net.IDN;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether an e-mail address can be sent to: RFC 5321 without quoted local parts and address literals. */
final class EmailAddress {
    private static final Pattern LOCAL_PART =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern FULL_DOMAIN = Pattern.compile(".+\\.[0-9-]*[A-Za-z][A-Za-z0-9-]*");
    private static final int LOCAL_PART_MAX = 64;
    private static final int LENGTH_MAX = 254;

    private EmailAddress() {}

    /** @return what is wrong with it, or null */
    static @Nullable String problem(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1) return "is not an e-mail address such as pay@example.com";
        var local = text.substring(0, at);
        if (!LOCAL_PART.matcher(local).matches()) {
            return "is not an e-mail address: before the @ stand ASCII letters, digits and signs, and single dots between them";
        }
        if (local.length() > LOCAL_PART_MAX) return "is not an e-mail address: more than 64 characters before the @";
        final String domain;
        try {
            domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return "is not an e-mail address: behind the @ stands no domain name";
        }
        if (!FULL_DOMAIN.matcher(domain).matches()) {
            return "is not an e-mail address: behind the @ stands no full domain name such as example.com";
        }
        return local.length() + 1 + domain.length() > LENGTH_MAX
                ? "is not an e-mail address: more than 254 characters"
                : null;
    }
}
