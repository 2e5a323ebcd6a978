package io.postpaid.credit;

import static io.postpaid.support.Seeds.forAll;
import static java.math.BigDecimal.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BurnDownTest {
    private static final LocalDate DAY = LocalDate.of(2026, 10, 10);

    private static CreditGrant grant(long id, GrantKind kind, String amount, @Nullable LocalDate expiresOn) {
        return new CreditGrant(
                id, "acme", kind, "USD", new BigDecimal(amount), ZERO, Instant.ofEpochSecond(id), expiresOn);
    }

    private static BurnDown cover(String cost, CreditGrant... grants) {
        return BurnDown.of(Map.of(DAY, new BigDecimal(cost)), List.of(grants), BurnDown.Before.NOTHING);
    }

    @Test
    void creditIsConsumedBeforeAnythingAccrues() {
        assertThat(cover("25.004", grant(1, GrantKind.FREE, "20.00", null)))
                .isEqualTo(new BurnDown(draws(1, "20.00"), new BigDecimal("5.004")));
        assertThat(cover("12.3456", grant(1, GrantKind.FREE, "20.00", null)).accrued())
                .isEqualByComparingTo(ZERO);
    }

    @Test
    void soonestExpiryComesFirstThenKindThenAge() {
        var cover = cover(
                "35",
                grant(1, GrantKind.TOP_UP, "10", null),
                grant(2, GrantKind.FREE, "10", null),
                grant(3, GrantKind.TOP_UP, "10", DAY.plusDays(1)),
                grant(4, GrantKind.PROMO, "10", null),
                grant(5, GrantKind.GOODWILL, "10", null));
        assertThat(cover.draws().sequencedKeySet()).containsExactly(3L, 2L, 4L, 5L);
        assertThat(cover.draws().get(5L)).isEqualByComparingTo("5");
    }

    @Test
    void aGrantIsNotUsedOnTheDayItExpires() {
        assertThat(cover("5", grant(1, GrantKind.PROMO, "10", DAY)))
                .isEqualTo(new BurnDown(draws(), new BigDecimal("5")));
    }

    @Test
    void aCorrectionTakesBackWhatAccruedFirstAndThenCredit() {
        var before =
                new BurnDown.Before(new BigDecimal("3"), Map.of(1L, new BigDecimal("20"), 2L, new BigDecimal("5")));
        var cover = BurnDown.of(
                Map.of(DAY, new BigDecimal("-10")),
                List.of(grant(1, GrantKind.FREE, "20", null), grant(2, GrantKind.TOP_UP, "5", null)),
                before);
        assertThat(cover.accrued()).isEqualByComparingTo("-3");
        assertThat(cover.draws())
                .containsExactly(Map.entry(2L, new BigDecimal("-5")), Map.entry(1L, new BigDecimal("-2")));
    }

    private static java.util.SequencedMap<Long, BigDecimal> draws(Object... idsAndAmounts) {
        var draws = new java.util.LinkedHashMap<Long, BigDecimal>();
        for (int i = 0; i < idsAndAmounts.length; i += 2) {
            draws.put(((Number) idsAndAmounts[i]).longValue(), new BigDecimal((String) idsAndAmounts[i + 1]));
        }
        return draws;
    }

    /** Cost is covered to the last decimal, no grant is overdrawn, none is used when expired, none is left while cost accrues. */
    @TestFactory
    Stream<DynamicTest> everyChangeIsCoveredExactly() {
        return forAll(random -> {
            var grants = grants(random);
            var changes = new HashMap<LocalDate, BigDecimal>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                changes.put(DAY.plusDays(random.nextInt(5)), BigDecimal.valueOf(random.nextLong(0, 20_000_000), 6));
            }
            var cover = BurnDown.of(changes, grants, BurnDown.Before.NOTHING);
            var drawn = cover.draws().values().stream().reduce(ZERO, BigDecimal::add);
            assertThat(drawn.add(cover.accrued()))
                    .isEqualByComparingTo(changes.values().stream().reduce(ZERO, BigDecimal::add));
            for (var grant : grants) {
                var used = cover.draws().getOrDefault(grant.id(), ZERO);
                assertThat(used).isBetween(ZERO, grant.amount());
                if (!grant.usableOn(DAY)) assertThat(used).isEqualByComparingTo(ZERO);
                if (grant.expiresOn() == null && cover.accrued().signum() > 0) {
                    assertThat(used).isEqualByComparingTo(grant.amount());
                }
            }
        });
    }

    private static List<CreditGrant> grants(Random random) {
        var grants = new ArrayList<CreditGrant>();
        for (int i = random.nextInt(5); i > 0; i--) {
            var kind = GrantKind.values()[random.nextInt(4)];
            var expires = random.nextBoolean() ? null : DAY.plusDays(random.nextInt(-1, 5));
            grants.add(grant(
                    i,
                    kind,
                    BigDecimal.valueOf(random.nextLong(1, 20_000_000), 6).toPlainString(),
                    expires));
        }
        return grants;
    }
}
