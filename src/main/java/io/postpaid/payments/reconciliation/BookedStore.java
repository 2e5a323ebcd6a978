package io.postpaid.payments.reconciliation;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the books say of money that moved, as reports and proofs see it. */
@Component
class BookedStore {
    private final JdbcClient jdbc;

    BookedStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Money that came in or went out for an invoice or a top-up; {@code posted} is what the ledger says of it. */
    record Booked(String kind, String reference, String what, String currency, BigDecimal amount, BigDecimal posted) {}

    private static final int BOOKED_PAGE = 10_000;

    private static final String BOOKED = """
            select *
              from (select kind, reference, what, currency, amount, posted, at
                      from report_cash
                     union all
                    select 'CARD', intent, 'top-up ' || reference || ' of ' || account, currency, total,
                           coalesce(posted, 0), resolved_at
                      from report_top_up
                     where status = 'SUCCEEDED') booked
            """;

    Optional<Booked> booked(String kind, String reference, String currency) {
        return jdbc.sql(BOOKED + "where kind = :kind and reference = :reference and currency = :currency")
                .param("kind", kind)
                .param("reference", reference)
                .param("currency", currency)
                .query(Booked.class)
                .optional();
    }

    /** Page by page, so that no cursor is open while Stripe is asked about one. */
    void bookedBetween(Instant from, Instant to, Consumer<Booked> reader) {
        var page = bookedBetween(from, to, "", "");
        while (!page.isEmpty()) {
            page.forEach(reader);
            page = bookedBetween(from, to, page.getLast().kind(), page.getLast().reference());
        }
    }

    private List<Booked> bookedBetween(Instant from, Instant to, String kind, String behind) {
        return jdbc.sql(BOOKED + """
                        where at >= :from and at < :to and (kind, reference) > (:kind, :behind)
                        order by kind, reference
                        fetch first (:page) rows with ties""")
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("kind", kind)
                .param("behind", behind)
                .param("page", BOOKED_PAGE)
                .query(Booked.class)
                .list();
    }

    /** The top-up that an intent was made for. */
    Optional<String> topUpOf(String intent) {
        return jdbc.sql("select reference || ' of ' || account from report_top_up where intent = :intent")
                .param("intent", intent)
                .query(String.class)
                .optional();
    }
}
