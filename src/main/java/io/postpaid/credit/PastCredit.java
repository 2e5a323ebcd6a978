package io.postpaid.credit;

import static java.math.BigDecimal.ZERO;

import io.postpaid.credit.BurnDown.Before;
import io.postpaid.credit.CreditLedger.History;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The credit of an account as it stood at an earlier moment, moved on by postings: in memory, and nothing is stored. Where other
 * postings than those of the books are played, what follows takes no more from a grant than is left.
 */
public final class PastCredit implements AccountCredit {
    /** In the place of a grant's id: what no credit covered. */
    private static final long ACCRUED = 0;

    private final Map<Long, CreditGrant> all = new HashMap<>();
    private final Map<Long, CreditGrant> there = new TreeMap<>();
    private final Map<LocalDate, Map<Long, BigDecimal>> moved = new HashMap<>();
    private final Map<LocalDate, Map<Long, BigDecimal>> movedSince = new HashMap<>();
    private final Set<Long> expired = new HashSet<>();
    private final LocalDate from;
    private final Function<LocalDate, Before> today;

    /**
     * @param history from that moment on
     * @param from the earliest month (its first day) of which no use was covered at that moment
     * @param today what has covered the use of an earlier month up to today
     */
    public PastCredit(History history, LocalDate from, Function<LocalDate, Before> today) {
        this.from = from;
        this.today = today;
        var since = history.since();
        history.grants().forEach(grant -> all.put(grant.id(), grant));
        var draws = new HashMap<Long, BigDecimal>();
        for (var posting : since) {
            if (isUsage(posting)) cover(movedSince, posting);
            if (posting.grant() != null && !isGranted(posting)) {
                draws.merge(posting.grant(), drawn(posting).negate(), BigDecimal::add);
            }
        }
        there.putAll(all);
        there.replaceAll((_, grant) -> grant.draw(draws));
        since.stream().filter(PastCredit::isGranted).forEach(posting -> there.remove(posting.grant()));
    }

    /** The signed amount by which a posting of usage adds to cost. */
    public static BigDecimal cost(Posting usage) {
        return usage.credit() == LedgerAccount.REVENUE
                ? usage.amount()
                : usage.amount().negate();
    }

    private static BigDecimal drawn(Posting posting) {
        return posting.debit() == LedgerAccount.GRANT
                ? posting.amount()
                : posting.amount().negate();
    }

    private static boolean isUsage(Posting posting) {
        return posting.kind().equals("usage");
    }

    private static boolean isGranted(Posting posting) {
        return posting.kind().equals("granted");
    }

    /** Plays the next posting. */
    public void play(Posting posting) {
        if (isUsage(posting)) cover(moved, posting);
        var id = posting.grant();
        if (id == null) return;
        if (isGranted(posting)) {
            var granted = all.get(id);
            if (granted != null)
                there.put(id, granted.draw(Map.of(id, granted.used().negate())));
            return;
        }
        there.computeIfPresent(id, (_, grant) -> grant.draw(Map.of(id, possible(posting, grant))));
    }

    /**
     * Lets grants expire, as a night does once it has rated a day: in other books they may have something left that they had not,
     * or get it back.
     */
    public void expire(LocalDate rated) {
        there.replaceAll((id, grant) -> expired.contains(id) || !grant.usableOn(rated) ? usedUp(grant) : grant);
    }

    private static CreditGrant usedUp(CreditGrant grant) {
        return grant.draw(Map.of(grant.id(), grant.remaining()));
    }

    private BigDecimal possible(Posting posting, CreditGrant grant) {
        if (posting.kind().equals("expired")) {
            expired.add(grant.id());
            return grant.remaining();
        }
        return drawn(posting).min(grant.remaining()).max(grant.used().negate());
    }

    private static void cover(Map<LocalDate, Map<Long, BigDecimal>> months, Posting usage) {
        var month = usage.usedIn() == null ? usage.period() : usage.usedIn();
        months.computeIfAbsent(month, _ -> new HashMap<>())
                .merge(usage.grant() == null ? ACCRUED : usage.grant(), cost(usage), BigDecimal::add);
    }

    @Override
    public List<CreditGrant> usable() {
        return grants();
    }

    @Override
    public List<CreditGrant> grants() {
        return List.copyOf(there.values());
    }

    @Override
    public Before before(LocalDate month) {
        var covered = new HashMap<Long, BigDecimal>();
        if (month.isBefore(from)) {
            var now = today.apply(month);
            covered.putAll(now.drawn());
            covered.put(ACCRUED, now.accrued());
            movedSince
                    .getOrDefault(month, Map.of())
                    .forEach((id, sum) -> covered.merge(id, sum.negate(), BigDecimal::add));
        }
        moved.getOrDefault(month, Map.of()).forEach((id, sum) -> covered.merge(id, sum, BigDecimal::add));
        var accrued = covered.remove(ACCRUED);
        return new Before(accrued == null ? ZERO : accrued, covered);
    }
}
