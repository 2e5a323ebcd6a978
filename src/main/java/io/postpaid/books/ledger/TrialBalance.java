package io.postpaid.books.ledger;

import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What each account of the general ledger stands at, exactly: debits less credits. */
@Component
public class TrialBalance {
    private final JdbcClient jdbc;

    TrialBalance(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One account in one currency; revenue by product, tax payable by country and rate.
     *
     * @param opening before the period; below zero where credits are more
     * @param debit what the period added on the one side
     * @param credit and on the other
     * @param product empty where it is of none, as of credit notes
     */
    public record Row(
            GeneralAccount account,
            @Nullable String product,
            @Nullable String taxCountry,
            @Nullable BigDecimal taxPercent,
            @Nullable String taxName,
            String currency,
            BigDecimal opening,
            BigDecimal debit,
            BigDecimal credit) {
        public BigDecimal closing() {
            return opening.add(debit).subtract(credit);
        }
    }

    /** In the order of the accounts, by currency; what is and was nothing is left out. */
    public List<Row> of(BillingPeriod period) {
        return jdbc.sql("""
                        select account, product, tax_country, tax_percent, tax_name, currency, opening, debit, credit
                          from trial_balance(:from, :to)
                         order by currency, array_position(:accounts::text[], account), product collate "C", tax_country collate "C",
                                  tax_percent, tax_name collate "C"
                        """)
                .param("from", period.firstDay())
                .param("to", period.next().firstDay().minusDays(1))
                .param(
                        "accounts",
                        List.of(GeneralAccount.values()).stream()
                                .map(Enum::name)
                                .toArray(String[]::new))
                .query((row, i) -> new Row(
                        GeneralAccount.valueOf(row.getString("account")),
                        row.getString("product"),
                        row.getString("tax_country"),
                        row.getBigDecimal("tax_percent"),
                        row.getString("tax_name"),
                        row.getString("currency"),
                        row.getBigDecimal("opening"),
                        row.getBigDecimal("debit"),
                        row.getBigDecimal("credit")))
                .list();
    }
}
