package io.postpaid.web.console;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Issued invoices by account, month and status, the newest first; each question reads along one index. */
@Component
@ConditionalOnWebApplication
class InvoiceSearch {
    private static final RowMapper<Found> FOUND = Row.to(Found.class);

    private static final String SHOWN = """
            select i.id, i.number, i.account, i.period, i.status, i.currency, i.total, i.amount_due, i.issued_on, i.due_on,
                   case when i.status = 'OPEN'
                        then i.amount_due - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id), 0)
                        else 0 end as open
              from invoice i
             where i.number is not null and i.id < :before""";

    private final JdbcClient jdbc;

    InvoiceSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Found(
            long id,
            String number,
            String account,
            LocalDate period,
            String status,
            String currency,
            BigDecimal total,
            BigDecimal amountDue,
            LocalDate issuedOn,
            LocalDate dueOn,
            BigDecimal open) {}

    /** Which invoices; what is null does not matter. */
    record Which(
            @Nullable String account,
            @Nullable BillingPeriod period,
            @Nullable String status) {}

    List<Found> before(long id, Which which, int most) {
        var found = new ArrayList<Found>();
        query(id, which, " limit :most", most, found::add);
        return found;
    }

    /** All of them, read as they are asked for. */
    @Transactional(readOnly = true)
    public void each(Which which, Consumer<Found> reader) {
        query(Long.MAX_VALUE, which, "", 0, reader);
    }

    /** A condition stands in the statement only where it matters, so that the planner sees which index serves it. */
    private void query(long before, Which which, String limit, int most, Consumer<Found> reader) {
        var sql = SHOWN
                + (which.account() == null ? "" : " and i.account = :account")
                + (which.period() == null ? "" : " and i.period = :period")
                + (which.status() == null ? "" : " and i.status = :status")
                + " order by i.id desc" + limit;
        var statement = jdbc.sql(sql).param("before", before);
        if (which.account() != null) statement.param("account", which.account());
        if (which.period() != null) statement.param("period", which.period().firstDay());
        if (which.status() != null) statement.param("status", which.status());
        if (!limit.isEmpty()) statement.param("most", most);
        Row.each(statement, FOUND, reader);
    }

    /** Those over exactly this amount, in total or to be paid. */
    List<Found> over(BigDecimal amount, int most) {
        return jdbc.sql(SHOWN + " and i.total = :amount order by i.id desc limit :most")
                .param("before", Long.MAX_VALUE)
                .param("amount", amount)
                .param("most", most)
                .query(FOUND)
                .list();
    }
}
