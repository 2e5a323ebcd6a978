package io.postpaid.books.journal;

import io.postpaid.platform.money.Currencies;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The currency that the user's books are kept in: {@code POSTPAID_BOOK_CURRENCY}. */
@Component
public final class BookCurrency {
    private final @Nullable String code;

    BookCurrency(@Value("${POSTPAID_BOOK_CURRENCY:}") String setting) {
        if (!setting.isBlank() && Currencies.find(setting).isEmpty()) {
            throw new IllegalArgumentException(
                    "POSTPAID_BOOK_CURRENCY is '" + setting + "': it must be a currency such as EUR, or empty");
        }
        code = setting.isBlank() ? null : setting;
    }

    /** Null where each currency is booked by itself. */
    public @Nullable String code() {
        return code;
    }
}
