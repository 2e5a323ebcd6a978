package io.postpaid.web.console;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** Addresses of pages, with names in them that people have given. */
final class Hrefs {
    private Hrefs() {}

    /** Empty where there is no account. */
    static String account(@Nullable String id) {
        return id == null ? "" : "/console/accounts/" + segment(id);
    }

    static String invoice(String number) {
        return "/console/invoices/" + segment(number);
    }

    static String segment(String text) {
        return UriUtils.encodePathSegment(text, StandardCharsets.UTF_8);
    }

    static String parameter(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
