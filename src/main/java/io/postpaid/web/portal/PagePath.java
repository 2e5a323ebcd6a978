package io.postpaid.web.portal;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a customer wanted to go before signing in. */
final class PagePath {
    private static final int LENGTH_MAX = 200;
    private static final Pattern PAGE =
            Pattern.compile("/billing(/[A-Za-z0-9_-]+)*(\\?[a-z_]+=[A-Za-z0-9:_-]*(&[a-z_]+=[A-Za-z0-9:_-]*)*)?");

    private PagePath() {}

    /** A page of ours; nothing for any other address, so that a link never leads elsewhere. */
    static Optional<String> of(@Nullable String path) {
        return Optional.ofNullable(path)
                .filter(text ->
                        text.length() <= LENGTH_MAX && PAGE.matcher(text).matches());
    }
}
