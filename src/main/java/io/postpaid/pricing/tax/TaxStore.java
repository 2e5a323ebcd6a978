package io.postpaid.pricing.tax;

import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.Runs;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rates, reverse charge and exemptions as they are stored. */
@Component
class TaxStore {
    private final JdbcClient jdbc;

    TaxStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps other imports out until the transaction ends: a run taxes with the rates that it began with. */
    void lock() {
        jdbc.sql("lock table tax_rate in share row exclusive mode").update();
        boolean idle = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", Runs.RUN_LOCK)
                .query(Boolean.class)
                .single();
        if (!idle) throw new RunFailedException("A run is in progress: wait for it to end, then import the taxes");
    }

    List<TaxRate> rates() {
        return jdbc.sql("""
                        select id, country, region, category, customer, effective_from, percent, name, registration
                          from tax_rate
                         order by country, region, category, customer, effective_from""").query(TaxRate.class).list();
    }

    boolean hasRates() {
        return jdbc.sql("select exists (select from tax_rate)")
                .query(Boolean.class)
                .single();
    }

    Optional<ReverseCharge> reverseCharge() {
        return jdbc.sql("select regions, seller, note from tax_reverse_charge")
                .query((row, i) -> new ReverseCharge(
                        List.of((String[]) row.getArray("regions").getArray()),
                        row.getString("seller"),
                        row.getString("note")))
                .optional();
    }

    List<Exemption> exemptions() {
        return jdbc.sql("select account, reason, until from tax_exemption order by account")
                .query(Exemption.class)
                .list();
    }

    void put(TaxRate rate) {
        jdbc.sql("""
                        insert into tax_rate (country, region, category, customer, effective_from, percent, name, registration)
                        values (:country, :region, :category, :customer, :from, :percent, :name, :registration)
                            on conflict (country, region, category, customer, effective_from) do update
                           set percent = excluded.percent, name = excluded.name, registration = excluded.registration""")
                .param("country", rate.country())
                .param("region", rate.region())
                .param("category", rate.category())
                .param("customer", rate.customer())
                .param("from", rate.effectiveFrom())
                .param("percent", rate.percent())
                .param("name", rate.name())
                .param("registration", rate.registration())
                .update();
    }

    void put(ReverseCharge reverse) {
        jdbc.sql("""
                        insert into tax_reverse_charge (regions, seller, note) values (:regions, :seller, :note)
                            on conflict (one) do update
                           set regions = excluded.regions, seller = excluded.seller, note = excluded.note""")
                .param("regions", reverse.regions().toArray(String[]::new))
                .param("seller", reverse.seller())
                .param("note", reverse.note())
                .update();
    }

    void put(Exemption exemption) {
        jdbc.sql("""
                        insert into tax_exemption (account, reason, until)
                        select :account, :reason, :until where not is_erased(:account)
                            on conflict (account) do update set reason = excluded.reason, until = excluded.until""")
                .param("account", exemption.account())
                .param("reason", exemption.reason())
                .param("until", exemption.until())
                .update();
    }

    void erase(String account) {
        jdbc.sql("delete from tax_exemption where account = :account")
                .param("account", account)
                .update();
    }

    /** An issued invoice that charged a rate for what was taxed on a day or later, as a sentence goes on. */
    Optional<String> use(long rate, LocalDate from) {
        return jdbc.sql("""
                        (select 'invoice ' || i.number || ' for ' || to_char(coalesce(l.usage_period, i.period), 'YYYY-MM')
                          from invoice_tax t
                          join invoice i on i.id = t.invoice and i.status <> 'DRAFT'
                          left join invoice_line l on l.invoice = t.invoice and l.tax = t.position
                         where t.rate = :rate
                           -- By the end of the month of use, or by the day on which the invoice was drawn up.
                           and greatest(coalesce(l.usage_period, i.period) + interval '1 month',
                                        case when i.tax_point >= i.period + interval '1 month' then i.tax_point + interval '1 day' end)
                               > :from
                         order by i.id, l.position
                         limit 1)
                         union all
                        (select 'the top-up ' || reference || ' of ' || account
                           from top_up
                          where tax_rate = :rate and claimed_at >= cast(:from as timestamp) at time zone 'UTC'
                          order by id
                          limit 1)
                         limit 1""")
                .param("rate", rate)
                .param("from", from)
                .query(String.class)
                .optional();
    }
}
