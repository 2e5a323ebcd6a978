package io.postpaid.web.console;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;

/** Money on its way of which nobody knows yet where it ends: each with what Stripe has said of it so far. */
@ConsolePages
class PaymentPages {
    private static final int MOST = 500;
    private static final RowMapper<Open> OPEN = Row.to(Open.class);

    private final Console console;
    private final JdbcClient jdbc;

    PaymentPages(Console console, JdbcClient jdbc) {
        this.console = console;
        this.jdbc = jdbc;
    }

    record Open(
            String kind,
            String id,
            String account,
            @Nullable String number,
            String status,
            BigDecimal amount,
            String currency,
            Instant at,
            @Nullable String message) {}

    /** The oldest first: the next run asks Stripe again. */
    @GetMapping("/console/payments")
    ResponseEntity<String> open(HttpServletRequest request) {
        var found = jdbc.sql("""
                        select kind, id, account, number, status, amount, currency, at, message
                          from (
                            select 'charge' as kind, coalesce(p.charge, 'attempt ' || p.id) as id, i.account, i.number,
                                   p.status, p.amount_minor / power(10::numeric, currency_decimals(p.currency)) as amount,
                                   p.currency, p.claimed_at as at, p.message
                              from payment_attempt p join invoice i on i.id = p.invoice
                             where p.status in ('CLAIMED', 'UNKNOWN')
                             union all
                            select 'top-up', reference, account, null, status, total, currency, claimed_at, message
                              from top_up where status in ('CLAIMED', 'UNKNOWN')
                             union all
                            select 'refund', coalesce(r.stripe_id, 'refund ' || r.id), coalesce(i.account, t.account), i.number,
                                   r.status, r.amount, coalesce(i.currency, t.currency), r.claimed_at, r.message
                              from refund r
                              left join invoice i on i.id = r.invoice
                              left join top_up t on t.id = r.top_up
                             where r.status in ('CLAIMED', 'UNKNOWN', 'PENDING')
                             union all
                            select 'dispute', d.id, coalesce(i.account, t.account), i.number, d.status, d.amount,
                                   coalesce(i.currency, t.currency), d.opened_at, d.reason
                              from dispute d
                              left join invoice i on i.id = d.invoice
                              left join top_up t on t.id = d.top_up
                             where d.status = 'UNDER_REVIEW') open
                         order by at, id
                         limit :most""").param("most", MOST).query(OPEN).list();
        return console.page(
                request,
                "invoices",
                "payments",
                Map.of("payments", found.stream().map(PaymentPages::row).toList(), "full", found.size() == MOST));
    }

    private static Map<String, ?> row(Open open) {
        return Map.of(
                "kind", open.kind(),
                "id", open.id(),
                "account", open.account(),
                "account_href", Hrefs.account(open.account()),
                "number", Objects.requireNonNullElse(open.number(), ""),
                "invoice_href", open.number() == null ? "" : Hrefs.invoice(open.number()),
                "status", open.status().toLowerCase(Locale.ROOT).replace('_', ' '),
                "amount", Amounts.text(open.amount(), open.currency()),
                "at", Moments.text(open.at()),
                "message", Objects.requireNonNullElse(open.message(), ""));
    }
}
