package io.postpaid.payments.reconciliation;

import io.postpaid.payments.stripe.StripeMovements;
import io.postpaid.payments.stripe.StripeMovements.Movement;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps each movement of Stripe's balance once, and books what of it is in no customer's ledger: Stripe's fees, payouts to the
 * bank and back, and the change of a currency. Both are one statement, so that a movement that is kept is booked.
 */
@Component
class ProviderMovements {
    private static final int PAGE = 500;
    /** A movement may become visible after others that are younger. */
    private static final Duration OVERLAP = Duration.ofHours(1);
    /** Stripe charges before we know of it. */
    private static final Duration BEFORE = Duration.ofDays(1);

    private static final String TAKE = """
            with taken as (
                insert into provider_movement (id, kind, type, category, reference, gross, fee, currency, own_amount, own_currency, created_at)
                select * from unnest(:id::text[], :kind::text[], :type::text[], :category::text[], :reference::text[], :gross::numeric[],
                                     :fee::numeric[], :currency::text[], :own_amount::numeric[], :own_currency::text[], :at::timestamptz[])
                    on conflict (id) do nothing
                returning provider_movement as moved
            ), booked as (
                insert into company_posting (at, kind, debit, credit, amount, currency, reference)
                select in_open_month((t.moved).created_at), b.kind, b.debit, b.credit, b.amount, b.currency, b.reference
                  from taken t
                 cross join lateral provider_bookings(t.moved) b
                 order by (t.moved).created_at, (t.moved).id
            )
            select count(*) from taken""";

    private final StripeMovements stripe;
    private final JdbcClient jdbc;
    private final BillingClock clock;

    ProviderMovements(StripeMovements stripe, JdbcClient jdbc, BillingClock clock) {
        this.stripe = stripe;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** All movements since the last list that came to its end. */
    Items<Movement> listed(Run run) {
        var began = clock.instant();
        var since = since();
        Iterator<Movement> movements = since.isEmpty()
                ? Collections.emptyIterator()
                : stripe.between(since.get(), began.plusSeconds(1)).iterator();
        return Items.some(
                        PAGE,
                        Todo.of(movements),
                        movement -> Item.of("movement", movement.id(), null),
                        some -> Done.of(some.size(), take(some), 0))
                .then(() -> listedUntil(began));
    }

    /** @return how many of them are new */
    int take(List<Movement> some) {
        return jdbc.sql(TAKE)
                .param("id", Column.of(some, Movement::id))
                .param("kind", Column.of(some, Movement::kind))
                .param("type", Column.of(some, Movement::type))
                .param("category", Column.of(some, Movement::category))
                .param("reference", Column.of(some, Movement::reference))
                .param("gross", Column.of(some, Movement::gross))
                .param("fee", Column.of(some, Movement::fee))
                .param("currency", Column.of(some, Movement::balanceCurrency))
                .param("own_amount", Column.of(some, Movement::amount))
                .param("own_currency", Column.of(some, Movement::currency))
                .param("at", Column.of(some, Movement::at))
                .query(Integer.class)
                .single();
    }

    /** Nothing moved before anything was charged. */
    private Optional<Instant> since() {
        return jdbc.sql("""
                        select coalesce((select listed_until from provider_listed),
                                        least((select min(claimed_at) from payment_attempt), (select min(claimed_at) from top_up)))
                                   as since""")
                .query((row, i) -> Optional.ofNullable(row.getTimestamp("since")))
                .single()
                .map(since -> since.toInstant().minus(BEFORE));
    }

    private void listedUntil(Instant until) {
        jdbc.sql("""
                insert into provider_listed (listed_until) values (:until)
                    on conflict (one_row) do update
                   set listed_until = greatest(provider_listed.listed_until, excluded.listed_until)""").param("until", Timestamp.from(until.minus(OVERLAP))).update();
    }
}
