package io.postpaid.payments.approval;

import io.postpaid.payments.approval.Approval.Status;
import io.postpaid.payments.approval.GiveAway.Verb;
import io.postpaid.payments.settlement.Consent.Given;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What was asked for, by whom, and what became of it. */
@Component
class ApprovalStore {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private static final String ROWS = """
            select id, verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, decided_by, decided_at,
                   decided_because,
                   coalesce(refund::text, credit_note, write_off, credit_grant::text, account_return) as item
              from approval
            """;

    private final JdbcClient jdbc;

    ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What one person alone gave an account on a UTC day. */
    BigDecimal givenAlone(String account, LocalDate day) {
        return jdbc.sql("""
                select coalesce(sum(amount), 0) from approval
                 where account = :account and status = 'DIRECT' and asked_at >= :from and asked_at < :until""")
                .param("account", account)
                .param("from", day.atStartOfDay().atOffset(ZoneOffset.UTC))
                .param("until", day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC))
                .query(BigDecimal.class)
                .single();
    }

    /**
     * Writes down what is given at once, in the transaction that gives it.
     *
     * @param oneMay what one person might give, as it was set; null for no end
     */
    void insertDirect(
            GiveAway what, Given given, String reason, String askedBy, @Nullable BigDecimal oneMay, Instant at) {
        jdbc.sql("""
                insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status, one_may,
                                      refund, credit_note, write_off, credit_grant, account_return)
                values (:verb, cast(:arguments as jsonb), :account, :currency, :amount, :reason, :asked_by, :at, 'DIRECT', :one_may,
                        cast(case when :verb in ('REFUND', 'TOP_UP_REFUND') then :item end as bigint),
                        case when :verb = 'CREDIT_NOTE' then :item end,
                        case when :verb = 'WRITE_OFF' then :item end,
                        cast(case when :verb = 'GRANT' then :item end as bigint),
                        case when :verb = 'SEND_BACK' then :item end)""")
                .param("verb", what.verb().name())
                .param("arguments", JSON.writeValueAsString(what))
                .param("account", given.account())
                .param("currency", given.currency())
                .param("amount", given.amount())
                .param("reason", reason)
                .param("asked_by", askedBy)
                .param("at", Timestamp.from(at))
                .param("one_may", oneMay)
                .param("item", given.item())
                .update();
    }

    /** Has it wait, unless the same waits already. The caller has locked the account. */
    Approval waiting(GiveAway what, Given given, String reason, String askedBy, Instant at) {
        return jdbc.sql("""
                        with added as (
                            insert into approval (verb, arguments, account, currency, amount, reason, asked_by, asked_at, status)
                            values (:verb, cast(:arguments as jsonb), :account, :currency, :amount, :reason, :asked_by, :at,
                                    'WAITING')
                            on conflict do nothing
                            returning id)
                        select id from added
                         union all
                        select id from approval
                         where status = 'WAITING' and account = :account and verb = :verb and amount = :amount
                           and arguments = cast(:arguments as jsonb)""")
                .param("verb", what.verb().name())
                .param("arguments", JSON.writeValueAsString(what))
                .param("account", given.account())
                .param("currency", given.currency())
                .param("amount", given.amount())
                .param("reason", reason)
                .param("asked_by", askedBy)
                .param("at", Timestamp.from(at))
                .query(Long.class)
                .optional()
                .flatMap(this::find)
                .orElseThrow();
    }

    /**
     * In the transaction that gives what is approved.
     *
     * @return false if it waits no more
     */
    boolean approved(long id, Given given, String by, Instant at) {
        return jdbc.sql("""
                update approval
                   set status = 'APPROVED', decided_by = :by, decided_at = :at,
                       refund = cast(case when verb in ('REFUND', 'TOP_UP_REFUND') then :item end as bigint),
                       credit_note = case when verb = 'CREDIT_NOTE' then :item end,
                       write_off = case when verb = 'WRITE_OFF' then :item end,
                       credit_grant = cast(case when verb = 'GRANT' then :item end as bigint),
                       account_return = case when verb = 'SEND_BACK' then :item end
                 where id = :id and status = 'WAITING'""")
                        .param("id", id)
                        .param("by", by)
                        .param("at", Timestamp.from(at))
                        .param("item", given.item())
                        .update()
                == 1;
    }

    /** @return false if it waits no more */
    boolean rejected(long id, String because, String by, Instant at) {
        return jdbc.sql("""
                update approval
                   set status = 'REJECTED', decided_by = :by, decided_at = :at, decided_because = :because
                 where id = :id and status = 'WAITING'""")
                        .param("id", id)
                        .param("by", by)
                        .param("at", Timestamp.from(at))
                        .param("because", because)
                        .update()
                == 1;
    }

    /** One that waits or was decided. */
    Optional<Approval> find(long id) {
        return jdbc.sql(ROWS + " where id = :id and status <> 'DIRECT'")
                .param("id", id)
                .query(ApprovalStore::approval)
                .optional();
    }

    /** The newest first. */
    List<Approval> list(boolean decided, long before, int limit) {
        return jdbc.sql(ROWS + """
                         where id < :before and (status = 'WAITING' or :decided and status in ('APPROVED', 'REJECTED'))
                         order by id desc
                         limit :limit""")
                .param("before", before)
                .param("decided", decided)
                .param("limit", limit)
                .query(ApprovalStore::approval)
                .list();
    }

    private static Approval approval(ResultSet row, int i) throws SQLException {
        @Nullable Timestamp decidedAt = row.getTimestamp("decided_at");
        return new Approval(
                row.getLong("id"),
                JSON.readValue(row.getString("arguments"), Verb.valueOf(row.getString("verb")).arguments),
                row.getString("account"),
                row.getString("currency"),
                row.getBigDecimal("amount"),
                row.getString("reason"),
                row.getString("asked_by"),
                row.getTimestamp("asked_at").toInstant(),
                Status.valueOf(row.getString("status")),
                row.getString("decided_by"),
                decidedAt == null ? null : decidedAt.toInstant(),
                row.getString("decided_because"),
                row.getString("item"));
    }
}
