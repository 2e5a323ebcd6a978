package io.postpaid.account;

import java.net.IDN;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether an e-mail address can be sent to: RFC 5321 without quoted local parts and address literals. */
final class EmailAddress {
    /** Characters of all addresses beside the first, as a file has them. */
    static final int TEXTS_MAX = 2_000;

    private static final int BESIDE_MAX = 5;
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

    /** What is wrong with addresses that get each mail beside the first. */
    static List<String> problemsBeside(String first, List<String> addresses) {
        var problems = new ArrayList<String>();
        if (addresses.size() > BESIDE_MAX) problems.add("are more than " + BESIDE_MAX + " addresses");
        var seen = new HashSet<String>();
        seen.add(first.toLowerCase(Locale.ROOT));
        for (var address : addresses) {
            var problem = problem(address);
            if (problem != null) problems.add("'" + address + "' " + problem);
            if (!seen.add(address.toLowerCase(Locale.ROOT))) problems.add("'" + address + "' gets the mails already");
        }
        return problems;
    }
}
