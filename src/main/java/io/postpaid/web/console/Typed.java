package io.postpaid.web.console;

import java.math.BigDecimal;
import java.util.Locale;

/** What was typed into a form, or stands in an address. */
final class Typed {
    private static final int TEXT_MAX = 1_000;

    private Typed() {}

    /** A text that can be asked for. */
    static String text(String typed) {
        if (typed.length() > TEXT_MAX || typed.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("This is too long, or no text");
        }
        return typed;
    }

    /** A reason, which an action needs. */
    static String reason(String typed) {
        var text = text(typed).strip();
        if (text.isEmpty()) throw new IllegalArgumentException("Say why: a reason is kept with the change");
        return text;
    }

    /** An amount in digits and a point; whoever uses it checks it further. */
    static BigDecimal amount(String typed) {
        var text = typed.strip();
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")) {
            throw new IllegalArgumentException("'" + text(text) + "' is no amount: write one such as 250.00");
        }
        return new BigDecimal(text);
    }

    /** One of the names of an enum. */
    static <E extends Enum<E>> E one(Class<E> of, String typed) {
        try {
            return Enum.valueOf(of, typed.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text(typed) + "' is none of them", e);
        }
    }
}
