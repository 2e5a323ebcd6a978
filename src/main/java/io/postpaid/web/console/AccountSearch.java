package io.postpaid.web.console;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Accounts by how their id, name or address begins, and in what state they are: each question is a few index reads. */
@Component
@ConditionalOnWebApplication
class AccountSearch {
    /** So many of one kind are looked at, where very many begin alike. */
    private static final int MATCHES = 1_000;

    private static final RowMapper<Found> FOUND = Row.to(Found.class);

    /** The account, and what this month has accrued. */
    private static final String SHOWN = """
            select a.id, a.name, a.email, a.status, a.paused <> '' as paused, a.currency, a.monthly_limit,
                   coalesce(m.accrued, 0) as accrued, a.card_brand, a.card_last4
              from account a
              left join monthly_cost m on m.account = a.id and m.period = :month
            """;

    private final JdbcClient jdbc;
    private final BillingClock clock;

    AccountSearch(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    record Found(
            String id,
            String name,
            String email,
            String status,
            boolean paused,
            String currency,
            BigDecimal monthlyLimit,
            BigDecimal accrued,
            @Nullable String cardBrand,
            @Nullable String cardLast4) {}

    /** Which accounts: all, those that are suspended, or those that are paused by hand. */
    enum Which {
        ALL("true"),
        SUSPENDED("a.status = 'SUSPENDED'"),
        PAUSED("a.paused <> ''");

        private final String condition;

        Which(String condition) {
            this.condition = condition;
        }
    }

    /** Accounts behind one, in the order of their ids. */
    List<Found> behind(String id, Which which, int most) {
        // First the accounts of the page, so that no plan reads the months of all others.
        return jdbc.sql("""
                        with page as materialized (
                            select id from account a where a.id > :after and %s order by a.id limit :most
                        )
                        """.formatted(which.condition) + SHOWN + "where a.id in (select id from page) order by a.id")
                .param("month", month())
                .param("after", id)
                .param("most", most)
                .query(FOUND)
                .list();
    }

    /** Those whose id, name or e-mail address begins so, in any case of its letters. */
    List<Found> beginning(String text, int most) {
        return jdbc.sql("""
                        with found as (
                            (select id from account where lower(id) like :like limit :matches)
                            union (select id from account where lower(name) like :like limit :matches)
                            union (select id from account where lower(email) like :like limit :matches)
                        )
                        """ + SHOWN + "where a.id in (select id from found) order by a.id limit :most")
                .param("month", month())
                .param("like", text.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%")
                .param("matches", MATCHES)
                .param("most", most)
                .query(FOUND)
                .list();
    }

    /** All of them, read as they are asked for. */
    @Transactional(readOnly = true)
    public void each(Which which, Consumer<Found> reader) {
        Row.each(
                jdbc.sql(SHOWN + "where " + which.condition + " order by a.id").param("month", month()), FOUND, reader);
    }

    private LocalDate month() {
        return BillingPeriod.of(clock.today()).firstDay();
    }
}
