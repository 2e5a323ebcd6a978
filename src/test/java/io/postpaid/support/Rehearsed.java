package io.postpaid.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.rehearse.Findings;
import io.postpaid.books.rehearse.Rehearsals;
import io.postpaid.platform.calendar.BillingPeriod;
import java.time.LocalDate;
import java.util.ArrayList;

/** Every billed month, billed once more. */
public final class Rehearsed {
    private Rehearsed() {}

    /** Nothing but usage that came later may make a difference. */
    public static void equalsTheBooks(TestApplication application) {
        var periods = application
                .jdbc()
                .sql("select distinct period from invoice where status <> 'DRAFT' order by 1")
                .query(LocalDate.class)
                .list();
        for (var period : periods) {
            var found = new Findings();
            var all = new ArrayList<io.postpaid.books.rehearse.Rehearsed>();
            application
                    .get(Rehearsals.class)
                    .run(new Rehearsals.Wanted(BillingPeriod.of(period), null, null, false), _ -> {}, account -> {
                        found.accept(account);
                        if (account.changed()) all.add(account);
                    });
            assertThat(all).as("accounts that %s bills otherwise", period).isEmpty();
            assertThat(found.accounts()).isPositive();
        }
    }
}
