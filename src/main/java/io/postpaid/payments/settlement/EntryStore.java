package io.postpaid.payments.settlement;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was settled, as the report shows it. */
@Component
class EntryStore {
    private final JdbcClient jdbc;

    EntryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Transfers.Entry> list(@Nullable String number, int limit) {
        return jdbc.sql("""
                select at, number, account, kind, currency, amount, reference, balance
                  from report_settlement
                 where cast(:number as text) is null or number = :number
                 order by at desc, number desc, kind, reference, balance
                 limit :limit""")
                .param("number", number)
                .param("limit", limit)
                .query((row, i) -> new Transfers.Entry(
                        row.getTimestamp("at").toInstant(),
                        row.getString("number"),
                        row.getString("account"),
                        row.getString("kind"),
                        row.getString("currency"),
                        row.getBigDecimal("amount"),
                        row.getString("reference"),
                        row.getBoolean("balance")))
                .list();
    }
}
