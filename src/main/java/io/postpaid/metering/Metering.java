package io.postpaid.metering;

import io.postpaid.batch.Run;
import io.postpaid.batch.SqlFiles;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.springframework.stereotype.Component;

/** Turns arrivals into daily usage. */
@Component
public class Metering {
    private final SqlFiles sql;

    Metering(SqlFiles sql) {
        this.sql = sql;
    }

    /**
     * A day that usage was added to.
     *
     * @param period the billing period (its first day) that it is invoiced in
     * @param quantity what there is of it now, in units
     * @param added whether there was none of it before
     */
    public record Metered(
            String account, String product, LocalDate day, LocalDate period, BigDecimal quantity, boolean added) {}

    /** Adds what has arrived for some accounts of the days before the run's date, in the caller's transaction. */
    public List<Metered> meter(Collection<String> accounts, Run run) {
        return sql.statement(run, "meter-usage")
                .param("accounts", accounts.toArray(String[]::new))
                .query((row, i) -> new Metered(
                        row.getString("account"),
                        row.getString("product"),
                        row.getObject("day", LocalDate.class),
                        row.getObject("period", LocalDate.class),
                        row.getBigDecimal("quantity"),
                        row.getBoolean("added")))
                .list();
    }
}
