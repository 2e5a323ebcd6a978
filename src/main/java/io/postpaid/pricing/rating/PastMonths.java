package io.postpaid.pricing.rating;

import static java.util.stream.Collectors.toSet;

import io.postpaid.account.Account;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.CreditLedger.History;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.rating.PastMonth.Line;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Loads what is rated again of a period. It reads, and writes nothing. */
@Component
public class PastMonths {
    private final JdbcClient jdbc;
    private final RatingStore store;
    private final CreditLedger ledger;

    PastMonths(JdbcClient jdbc, RatingStore store, CreditLedger ledger) {
        this.jdbc = jdbc;
        this.store = store;
        this.ledger = ledger;
    }

    /** The accounts that used something in a period, or whose usage it bills, in order. */
    public List<String> accounts(BillingPeriod period) {
        return jdbc.sql("""
                        select account from (select account from monthly_cost where period = :period
                                             union select account from usage_journal where period = :period
                                             union select account from posting where used_in = :period) used
                         order by account""")
                .param("period", period.firstDay())
                .query(String.class)
                .list();
    }

    /** Where the ledger's postings of a period begin: looked up once for all accounts. */
    public long begin(BillingPeriod period) {
        return ledger.firstOf(period);
    }

    /**
     * @param begin of {@link #begin}
     * @param books all by which something will be rated
     */
    public Map<String, PastMonth> load(
            List<Account> accounts, BillingPeriod period, long begin, List<PriceBook> books) {
        var ids = accounts.stream().map(Account::id).toList();
        var lines = lines(ids, period);
        var earlier = earlier(lines, period, books);
        var histories = ledger.histories(ids, begin);
        var months = new HashMap<String, PastMonth>();
        for (var account : accounts) {
            var id = account.id();
            var own = lines.getOrDefault(id, new ArrayList<>());
            own.sort(Comparator.comparing(Line::n));
            months.put(
                    id,
                    new PastMonth(
                            account,
                            period,
                            own,
                            earlier,
                            histories.getOrDefault(id, new History(List.of(), List.of())),
                            month -> ledger.before(id, month)));
        }
        return months;
    }

    private Map<String, List<Line>> lines(List<String> ids, BillingPeriod period) {
        var lines = new HashMap<String, List<Line>>();
        jdbc.sql("""
                        select j.account, j.product, j.period, j.n, j.added_in::text::bigint, l.day, l.price, l.tier, l.quantity,
                               l.amount
                          from usage_journal j
                         cross join unnest(j.lines) l
                         where j.period = :period and j.account = any(:accounts)
                         union all
                        select j.account, j.product, j.period, j.n, j.added_in::text::bigint, l.day, l.price, l.tier, l.quantity,
                               l.amount
                          from (select distinct account, period
                                  from posting
                                 where used_in = :period and account = any(:accounts)) late
                          join usage_journal j on j.account = late.account and j.period = late.period
                         cross join unnest(j.lines) l
                         where l.day >= :period and l.day < :next""")
                .param("period", period.firstDay())
                .param("next", period.next().firstDay())
                .param("accounts", ids.toArray(String[]::new))
                .query(row -> {
                    lines.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                            .add(line(row));
                });
        return lines;
    }

    private static Line line(ResultSet row) throws SQLException {
        var quantity = row.getBigDecimal(9);
        long price = row.getLong(7);
        boolean unpriced = row.wasNull();
        return new Line(
                row.getLong(5),
                row.getLong(4),
                row.getString(2),
                row.getObject(3, LocalDate.class),
                row.getObject(6, LocalDate.class),
                unpriced
                        ? RatedPart.unpriced(quantity)
                        : new RatedPart(price, row.getInt(8), quantity, row.getBigDecimal(10)));
    }

    private Map<DailyUsage.Month, List<DailyUsage>> earlier(
            Map<String, List<Line>> lines, BillingPeriod period, List<PriceBook> books) {
        var months = lines.entrySet().stream()
                .flatMap(of -> of.getValue().stream()
                        .filter(line -> line.day().isBefore(period.firstDay())
                                && books.stream().anyMatch(book -> book.countsOverTheMonth(line.product())))
                        .map(line -> new DailyUsage.Month(
                                of.getKey(), line.product(), line.day().withDayOfMonth(1))))
                .collect(toSet());
        return store.billedBefore(months, period.firstDay());
    }
}
