package io.postpaid.web.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where an operator wanted to go before signing in. */
final class ConsolePath {
    private static final String ROOT = "/console";
    private static final Pattern PAGE =
            Pattern.compile("/console(/[A-Za-z0-9._~%-]+){0,6}(\\?[A-Za-z0-9._~%=&+-]{0,400})?");

    private ConsolePath() {}

    /** A page of the console, never another address: the first one, where it is none. */
    static String of(@Nullable String path) {
        return path != null && PAGE.matcher(path).matches() ? path : ROOT;
    }

    /** As a parameter's value. */
    static String encoded(String method, String path, @Nullable String query) {
        return URLEncoder.encode(
                method.equals("GET") ? of(query == null ? path : path + "?" + query) : ROOT, StandardCharsets.UTF_8);
    }
}
