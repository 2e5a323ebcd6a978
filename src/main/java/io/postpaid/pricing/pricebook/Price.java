package io.postpaid.pricing.pricebook;

import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One version of a price. It holds from its day until the next version of the same key.
 *
 * @param id 0 while it is not stored
 * @param account the one account that it is for, null for the list price
 * @param per how many units a tier's amount is for
 */
public record Price(
        long id,
        String product,
        @Nullable String account,
        String currency,
        LocalDate effectiveFrom,
        PriceModel model,
        BigDecimal per,
        List<Tier> tiers) {

    public Price {
        tiers = List.copyOf(tiers);
        require(per.signum() > 0, product, "is per " + per);
        require(!tiers.isEmpty(), product, "has no tier");
        require(model.tiered() || tiers.size() == 1, product, "has tiers, which a price " + model + " cannot have");
        for (int i = 0; i < tiers.size(); i++) {
            var tier = tiers.get(i);
            require(tier.n() == i + 1, product, "has tier " + tier.n() + " in place " + (i + 1));
            require((tier.upTo() == null) == (i == tiers.size() - 1), product, "must be open in its last tier only");
            var before = i == 0 ? null : tiers.get(i - 1).upTo();
            require(
                    before == null || tier.upTo() == null || before.compareTo(tier.upTo()) < 0,
                    product,
                    "has tiers that do not ascend");
        }
    }

    private static void require(boolean holds, String product, String otherwise) {
        if (!holds) throw new IllegalArgumentException("The price of " + product + " " + otherwise);
    }

    /** The tier that a quantity of the month reaches. */
    public Tier tierReached(BigDecimal quantity) {
        return tiers.stream()
                .filter(tier -> tier.upTo() == null || quantity.compareTo(tier.upTo()) <= 0)
                .findFirst()
                .orElseThrow();
    }

    /**
     * A price as customers read it: 0.0639 per minute, or 2.00 per package of 1000 calls.
     *
     * @param unit what the amount is for
     */
    public record Listed(BigDecimal amount, String unit) {}

    /** How one of its tiers is listed. */
    public Listed listed(Product of, int tier) {
        var amount = tiers.get(tier - 1).amount();
        return model == PriceModel.PACKAGE
                ? new Listed(plain(amount), plain(per).toPlainString() + " " + of.unit())
                : new Listed(plain(Rounding.toAccrual(amount.multiply(of.listedPer()), per)), of.listedUnit());
    }

    /** The same number without trailing zeros, and never in scientific notation. */
    private static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** What it is the price of, as a sentence says it. */
    String key() {
        return "the price of " + product + (account == null ? "" : " for account " + account) + " in " + currency
                + " from " + effectiveFrom;
    }

    Price withId(long other) {
        return new Price(other, product, account, currency, effectiveFrom, model, per, tiers);
    }

    boolean sameAs(Price other) {
        return model == other.model
                && per.compareTo(other.per) == 0
                && tiers.size() == other.tiers.size()
                && IntStream.range(0, tiers.size()).allMatch(i -> tiers.get(i).sameAs(other.tiers.get(i)));
    }
}
