package io.postpaid.payments.settlement;

import java.math.BigDecimal;
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

    /** Of one invoice or of all, the newest first. */
    List<Transfers.Entry> list(@Nullable String number, int limit) {
        return jdbc.sql("""
                select at, number, account, kind, currency, amount, reference, balance
                  from report_settlement
                 where cast(:number as text) is null or number = :number
                 order by at desc, number desc, kind, reference, balance
                 limit :limit""")
                .param("number", number)
                .param("limit", limit)
                .query(Transfers.Entry.class)
                .list();
    }

    /** What was recorded for an invoice by one transfer. */
    BigDecimal transferred(String number, String reference) {
        return jdbc.sql("""
                select coalesce(sum(amount), 0) from report_settlement
                 where number = :number and kind = 'TRANSFER' and reference = :reference""")
                .param("number", number)
                .param("reference", reference)
                .query(BigDecimal.class)
                .single();
    }
}
