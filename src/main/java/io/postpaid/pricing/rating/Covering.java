package io.postpaid.pricing.rating;

import io.postpaid.account.Account;
import io.postpaid.credit.AccountCredit;
import io.postpaid.credit.BurnDown;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Has an account's change of cost covered: the earliest period and month of use first. Pure. */
final class Covering {
    private Covering() {}

    /** The use of a month, as a period bills it. */
    record Part(LocalDate period, LocalDate month) {
        private static final Comparator<Part> ORDER =
                Comparator.comparing(Part::period).thenComparing(Part::month);
    }

    /** What changes of the cost of an account, by part and day of use. */
    static final class Changes extends TreeMap<Part, SortedMap<LocalDate, BigDecimal>> {
        private static final long serialVersionUID = 1L;

        Changes() {
            super(Part.ORDER);
        }

        void add(LocalDate period, LocalDate day, BigDecimal change) {
            computeIfAbsent(new Part(period, day.withDayOfMonth(1)), _ -> new TreeMap<>())
                    .merge(day, change, BigDecimal::add);
        }

        static Changes of(List<RatedDay> days) {
            var changes = new Changes();
            days.forEach(day -> changes.add(day.usage().period(), day.usage().day(), day.change()));
            return changes;
        }

        private boolean correct() {
            return values().stream().anyMatch(Covering::corrects);
        }
    }

    static List<Posting> cover(Account account, Changes changes, AccountCredit credit) {
        // Only a correction can give credit back, and only then what was used up matters too.
        var grants = changes.correct() ? credit.grants() : credit.usable();
        var postings = new ArrayList<Posting>();
        var drawn = new HashMap<Long, BigDecimal>();
        changes.forEach((part, days) -> {
            var left = grants.stream().map(grant -> grant.draw(drawn)).toList();
            var before = corrects(days) ? credit.before(part.month()) : BurnDown.Before.NOTHING;
            var cover = BurnDown.of(days, left, before);
            cover.draws().forEach((grant, amount) -> {
                drawn.merge(grant, amount, BigDecimal::add);
                postings.add(posting(account, part, LedgerAccount.GRANT, grant, amount));
            });
            if (cover.accrued().signum() != 0) {
                postings.add(posting(account, part, LedgerAccount.ACCRUED, null, cover.accrued()));
            }
        });
        return postings;
    }

    private static boolean corrects(SortedMap<LocalDate, BigDecimal> changes) {
        return changes.values().stream().anyMatch(change -> change.signum() < 0);
    }

    private static Posting posting(
            Account account, Part part, LedgerAccount from, @Nullable Long grant, BigDecimal amount) {
        return Posting.usage(account.id(), from, grant, amount, account.currency(), part.period(), part.month());
    }
}
