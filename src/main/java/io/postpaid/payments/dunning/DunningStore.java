package io.postpaid.payments.dunning;

import io.postpaid.platform.batch.Todo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is unpaid, and the steps taken. */
@Component
class DunningStore {
    private final JdbcClient jdbc;

    DunningStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Unpaid(long invoice, String account, LocalDate owedSince, Set<DunningStep> taken) {}

    record Settled(String account, long invoice) {}

    /**
     * Invoices that are open and issued by a day. Where it is not known whether a charge went through,
     * or a dispute is under review, that comes first; so does what the next invoice gives back. What was never mailed, or never tried, does not count.
     */
    Todo<Unpaid> unpaid(LocalDate issuedBy) {
        return Todo.of(DunningStore::unpaid, """
                select i.id, i.account, owed_since(i) as owed_since,
                       array(select step from dunning_step s
                              where s.invoice = i.id and step in ('REMINDER', 'SUSPENSION')) as taken
                  from invoice i
                 where i.status = 'OPEN' and i.issued_on <= :issuedBy and owed_since(i) <= :issuedBy
                   and is_owed(i)
                   and counts_towards_suspension(i.id)
                   and not exists (select from dunning_step s where s.invoice = i.id and s.step = 'SUSPENSION')
                   and not exists (select from payment_attempt p
                                    where p.invoice = i.id and p.status in ('CLAIMED', 'UNKNOWN')
                                      -- Who is at a page cannot put off what is due by opening it each night.
                                      and (p.return_url is null or p.status = 'UNKNOWN' and not p.at_bank))""").with("issuedBy", issuedBy);
    }

    private static Unpaid unpaid(ResultSet row, int i) throws SQLException {
        return new Unpaid(
                row.getLong("id"), row.getString("account"), row.getObject("owed_since", LocalDate.class), steps((String
                                [])
                        row.getArray("taken").getArray()));
    }

    private static Set<DunningStep> steps(String[] names) throws SQLException {
        return Arrays.stream(names).map(DunningStep::valueOf).collect(Collectors.toSet());
    }

    /** Before any invoice is locked, as payments do it, in the order of the ids. */
    void lockAccounts(List<String> accounts) {
        jdbc.sql("select id from account where id = any(:accounts) order by id for no key update")
                .param("accounts", accounts.toArray(String[]::new))
                .query(String.class)
                .list();
    }

    /** @return whether it is still open; nobody settles it before the transaction ends */
    boolean lockOpen(long invoice) {
        return jdbc.sql("select status = 'OPEN' from invoice where id = :invoice for no key update")
                .param("invoice", invoice)
                .query(Boolean.class)
                .single();
    }

    /** @return false if it was taken before */
    boolean take(long invoice, DunningStep step, LocalDate today) {
        return jdbc.sql("insert into dunning_step (invoice, step, taken_on) values (:invoice, :step, :today)"
                                + " on conflict do nothing")
                        .param("invoice", invoice)
                        .param("step", step.name())
                        .param("today", today)
                        .update()
                == 1;
    }

    /**
     * Accounts that dunning has suspended and that have nothing left which would, each with the invoice that did.
     */
    Todo<Settled> settled(LocalDate today, int suspensionDay) {
        return Todo.of(Settled.class, """
                select a.id as account, max(i.id) as invoice
                  from account a
                  join invoice i on i.account = a.id
                  join dunning_step s on s.invoice = i.id and s.step = 'SUSPENSION'
                 where a.status = 'SUSPENDED'
                   and not exists (select from invoice o
                                    where o.account = a.id and o.status = 'OPEN' and owed_since(o) + :days <= :today
                                      and is_owed(o))
                 group by a.id""")
                .with("days", suspensionDay)
                .with("today", today)
                .by("account");
    }
}
