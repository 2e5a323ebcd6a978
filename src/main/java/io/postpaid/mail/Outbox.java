package io.postpaid.mail;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.template.BaseUrl;
import io.postpaid.platform.template.Seller;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Notices that are to be sent, and what became of them. */
@Component
public class Outbox {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int KEY_IN_ID_MAX = 60;
    private static final RowMapper<Entry> ENTRY = Row.to(Entry.class);

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batch;
    private final TransactionTemplate transaction;
    private final BillingClock clock;
    private final Seller seller;
    private final BaseUrl base;

    Outbox(
            JdbcClient jdbc,
            NamedParameterJdbcTemplate batch,
            PlatformTransactionManager transactions,
            BillingClock clock,
            Seller seller,
            BaseUrl base) {
        this.jdbc = jdbc;
        this.batch = batch;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.seller = seller;
        this.base = base;
    }

    /** A notice as it stands in the outbox. */
    public record Entry(
            long id,
            String account,
            String kind,
            String key,
            String recipient,
            String status,
            String messageId,
            Instant queuedAt,
            @Nullable Instant sentAt,
            int tries,
            @Nullable String reply,
            @Nullable String error) {}

    /** Queues a notice in the caller's transaction, and a copy for each of the account's billing addresses, unless the same was queued before. */
    public void queue(Notice notice) {
        queueAll(List.of(notice));
    }

    /** Queues notices in the caller's transaction, without those that were queued before. */
    public void queueAll(List<Notice> notices) {
        if (notices.isEmpty()) return;
        var now = clock.instant();
        var all = new ArrayList<>(notices);
        var wishes = wishes(notices);
        for (var notice : notices) {
            for (var address :
                    wishes.getOrDefault(notice.account(), Wishes.NONE).alsoTo()) {
                if (address.equalsIgnoreCase(notice.recipient())) continue;
                all.add(new Notice(
                        notice.account(),
                        notice.kind(),
                        notice.key() + "/copy",
                        address,
                        notice.view(),
                        notice.attachment()));
            }
        }
        batch.batchUpdate(
                """
                insert into notice (account, kind, key, recipient, view, attachment, message_id, queued_at, next_try_at,
                                    status, error)
                values (:account, :kind, :key, :recipient, cast(:view as jsonb), :attachment, :messageId, :now, :now,
                        case when :recipient = '' then 'FAILED' else 'QUEUED' end,
                        case when :recipient = '' then 'The account has no e-mail address yet' end)
                    on conflict (kind, key, recipient) do nothing""",
                all.stream()
                        .map(notice -> parameters(
                                notice,
                                wishes.getOrDefault(notice.account(), Wishes.NONE)
                                        .language(),
                                now))
                        .toArray(SqlParameterSource[]::new));
    }

    /** Who gets the mails of an account beside its own address, and in which language. */
    private record Wishes(List<String> alsoTo, String language) {
        static final Wishes NONE = new Wishes(List.of(), "");
    }

    private Map<String, Wishes> wishes(List<Notice> notices) {
        var found = new HashMap<String, Wishes>();
        batch.query(
                """
                select id, billing_emails, language
                  from account
                 where id in (:accounts) and (billing_emails <> '{}' or language <> '')""", Map.of("accounts", notices.stream().map(Notice::account).collect(Collectors.toSet())), row -> {
                    found.put(
                            row.getString("id"),
                            new Wishes(
                                    List.of((String[])
                                            row.getArray("billing_emails").getArray()),
                                    row.getString("language")));
                });
        return found;
    }

    private SqlParameterSource parameters(Notice notice, String language, Instant now) {
        var view = new LinkedHashMap<String, @Nullable Object>(notice.view());
        view.put("seller", Map.of("name", seller.name(), "email", seller.email(), "web", seller.web()));
        view.put("page_url", page(notice));
        if (!language.isEmpty()) view.put("language", language);
        return new MapSqlParameterSource()
                .addValue("account", notice.account())
                .addValue("kind", notice.kind().template())
                .addValue("key", notice.key())
                .addValue("recipient", notice.recipient())
                .addValue("view", JSON.writeValueAsString(view))
                .addValue("attachment", notice.attachment())
                .addValue("messageId", messageId(notice.kind().template(), notice.key(), notice.recipient()))
                .addValue("now", Timestamp.from(now));
    }

    /** The page of what a mail is about; where the pages have no address, the one that its view knows, or none. */
    private String page(Notice notice) {
        if (base.text().isEmpty())
            return Objects.requireNonNullElse(notice.view().get("page_url"), "").toString();
        var number = notice.view().get("invoice") instanceof Map<?, ?> invoice ? invoice.get("number") : "";
        return base.to(notice.kind().page().replace("{number}", String.valueOf(number)));
    }

    /** How many notices there are of a status, such as QUEUED. */
    public long count(String status) {
        return jdbc.sql("select count(*) from notice where status = :status")
                .param("status", status)
                .query(Long.class)
                .single();
    }

    /** The newest first; of one status or account, or all. */
    public List<Entry> list(@Nullable NoticeStatus status, @Nullable String account, int limit) {
        return entries(status == null ? null : status.name(), account, null, limit);
    }

    /** Why mail to an address was refused for good, if nothing sent to it since was taken. */
    public Optional<String> refusal(String account, String recipient) {
        return jdbc.sql("""
                select status, error
                  from notice
                 where account = :account and recipient = :recipient and status in ('SENT', 'FAILED')
                 order by id desc
                 limit 1""")
                .param("account", account)
                .param("recipient", recipient)
                .query((row, i) -> row.getString("status").equals("FAILED") ? row.getString("error") : "")
                .optional()
                .filter(error -> !error.isEmpty());
    }

    /** What was not sent, or perhaps not, and was not queued again since; the newest first. */
    public List<Entry> notSent(int limit) {
        return jdbc.sql("""
                        select id, account, kind, key, recipient, status, message_id, queued_at, sent_at, tries, reply, error
                          from notice n
                         where status in ('FAILED', 'UNKNOWN') and not is_erased(account)
                           and not exists (select from notice later
                                            where later.kind = n.kind and later.recipient = n.recipient
                                              and later.key = n.key || '/again-1')
                         order by id desc
                         limit :limit""").param("limit", limit).query(ENTRY).list();
    }

    private List<Entry> entries(@Nullable String status, @Nullable String account, @Nullable Long id, int limit) {
        return jdbc.sql("""
                select id, account, kind, key, recipient, status, message_id, queued_at, sent_at, tries, reply, error
                  from notice
                 where (cast(:status as text) is null or status = :status)
                   and (cast(:account as text) is null or account = :account)
                   and (cast(:id as bigint) is null or id = :id)
                 order by id desc
                 limit :limit""")
                .param("status", status)
                .param("account", account)
                .param("id", id)
                .param("limit", limit)
                .query(ENTRY)
                .list();
    }

    /** A person's decision to send a notice once more: a new intent, with a Message-ID of its own. */
    public Entry resend(long id) {
        record Original(String kind, String key, String recipient, boolean erased) {}
        var queued = transaction.execute(status -> {
            var original = jdbc.sql("""
                    select kind, key,
                           case when recipient = '' then (select email from account where id = notice.account)
                                else recipient end as recipient,
                           is_erased(account) as erased
                      from notice
                     where id = :id for update""")
                    .param("id", id)
                    .query(Original.class)
                    .optional()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no notice " + id + ": ./postpaid mail list shows them"));
            if (original.recipient().isEmpty()) {
                throw new IllegalArgumentException("The account has no e-mail address yet: give it one first");
            }
            if (original.erased()) throw new IllegalArgumentException("The account is erased: nothing is mailed to it");
            long earlier = jdbc.sql("""
                    select count(*) from notice
                     where kind = :kind and recipient = :recipient and starts_with(key, cast(:key as text) || '/again-')""")
                    .param("kind", original.kind())
                    .param("key", original.key())
                    .param("recipient", original.recipient())
                    .query(Long.class)
                    .single();
            var key = original.key() + "/again-" + (earlier + 1);
            return jdbc.sql("""
                    insert into notice (account, kind, key, recipient, view, attachment, message_id, queued_at, next_try_at)
                    select account, kind, :key, :recipient, view, attachment, :messageId, :now, :now
                      from notice
                     where id = :id
                    returning id""")
                    .param("key", key)
                    .param("recipient", original.recipient())
                    .param("messageId", messageId(original.kind(), key, original.recipient()))
                    .param("now", Timestamp.from(clock.instant()))
                    .param("id", id)
                    .query(Long.class)
                    .single();
        });
        return entries(null, null, queued, 1).getFirst();
    }

    /** The same for the same notice, so that a mail can be found wherever it went: {@code kind.key.hash@domain}. */
    private String messageId(String kind, String key, String recipient) {
        var readable = key.replaceAll("[^A-Za-z0-9-]", "_");
        var domain = seller.email().substring(seller.email().lastIndexOf('@') + 1);
        return kind + "." + readable.substring(0, Math.min(readable.length(), KEY_IN_ID_MAX)) + "."
                + Sha256.of((kind + "\n" + key + "\n" + recipient).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 16) + "@" + domain;
    }
}
