package io.postpaid.web.console;

import io.postpaid.usage.record.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The open lines of the quarantine, however many there are: each query reads along an index, and no further than a page. */
@Component
@ConditionalOnWebApplication
class QuarantineList {
    /** From here on a count says only that there are more. */
    static final int COUNTED = 5_000;

    static final int GROUPS = 20;
    static final int LINES = 50;
    private static final int EXCERPT = 200;
    private static final int RAW_SHOWN = 20_000;

    private final JdbcClient jdbc;

    QuarantineList(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many lines there are of a reason, as far as they are counted: in an order, so that they are counted along the index. */
    record Count(Reason reason, long lines) {}

    List<Count> counts() {
        return jdbc.sql("""
                        select r.reason, c.lines
                          from unnest(:reasons::text[]) with ordinality r (reason, n)
                         cross join lateral (
                               select count(*) as lines
                                 from (select from usage_quarantine q
                                        where q.released_at is null and q.reason = r.reason
                                        order by q.file, q.id limit :most) few) c
                         where c.lines > 0
                         order by r.n""")
                .param("reasons", Arrays.stream(Reason.values()).map(Enum::name).toArray(String[]::new))
                .param("most", COUNTED)
                .query(Count.class)
                .list();
    }

    /** The open lines of a file that are held for one reason; first and last are the ids of two of them. */
    record Group(
            Reason reason,
            long file,
            String name,
            Instant cameAt,
            long lines,
            long first,
            long last,
            long firstLine,
            long lastLine) {}

    /** From behind a group on; of a reason the newest files first. Of a group one more is looked for each time, whatever it has. */
    List<Group> groups(@Nullable Reason only, @Nullable Reason behind, long before, int most) {
        return jdbc.sql("""
                        with recursive found (reason, file, n) as (
                            (select reason, file, 1
                               from usage_quarantine
                              where released_at is null and (reason, file) < (:behind, :before) and reason >= :least
                              order by reason desc, file desc
                              limit 1)
                            union all
                            select next.reason, next.file, found.n + 1
                              from found
                             cross join lateral (
                                   select q.reason, q.file
                                     from usage_quarantine q
                                    where q.released_at is null and (q.reason, q.file) < (found.reason, found.file)
                                      and q.reason >= :least
                                    order by q.reason desc, q.file desc
                                    limit 1) next
                             where found.n < :most
                        )
                        select g.reason, g.file, f.name, f.started_at as came_at, c.lines, e.first, e.last,
                               one.line as first_line, other.line as last_line
                          from found g
                          join usage_file f on f.id = g.file
                         cross join lateral (
                               select count(*) as lines
                                 from (select from usage_quarantine q
                                        where q.released_at is null and q.reason = g.reason and q.file = g.file
                                        order by q.id limit :counted) few) c
                         cross join lateral (
                               select min(q.id) as first, max(q.id) as last
                                 from usage_quarantine q
                                where q.released_at is null and q.reason = g.reason and q.file = g.file) e
                          join usage_quarantine one on one.id = e.first
                          join usage_quarantine other on other.id = e.last
                         order by g.n""")
                .param("least", only == null ? "" : only.name())
                // No reason is behind it.
                .param("behind", behind != null ? behind.name() : only != null ? only.name() : "ZZ")
                .param("before", before)
                .param("most", most)
                .param("counted", COUNTED)
                .query(Group.class)
                .list();
    }

    /** A line as a list shows it, with the beginning of its text. */
    record Line(
            long id,
            long file,
            String name,
            Instant cameAt,
            long line,
            Reason reason,
            String detail,
            @Nullable String account,
            String raw) {}

    /** The open lines of a group, or those about an account, or all; in the order in which they came. */
    List<Line> lines(@Nullable Reason reason, long file, String account, long after, int most) {
        var which = !account.isEmpty()
                ? "q.account = :account"
                : reason != null ? "q.reason = :reason and q.file = :file" : "true";
        return jdbc.sql("""
                        select q.id, q.file, f.name, f.started_at as came_at, q.line, q.reason, q.detail, q.account,
                               left(q.raw, :excerpt) as raw
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                         where q.released_at is null and q.id > :after and %s
                         order by q.id
                         limit :most""".formatted(which))
                .param("account", account)
                .param("reason", reason == null ? null : reason.name())
                .param("file", file)
                .param("after", after)
                .param("most", most)
                .param("excerpt", EXCERPT)
                .query(Line.class)
                .list();
    }

    /** One line with the text that was kept of it, unless it is too long to be shown. */
    record Whole(
            long id,
            long file,
            String name,
            Instant cameAt,
            long line,
            Reason reason,
            String detail,
            @Nullable String account,
            boolean knownAccount,
            String raw,
            long length,
            @Nullable Instant releasedAt,
            @Nullable Instant retryAt) {}

    Optional<Whole> find(long id) {
        return jdbc.sql("""
                        select q.id, q.file, f.name, f.started_at as came_at, q.line, q.reason, q.detail, q.account,
                               exists (select from account a where a.id = q.account) as known_account,
                               left(q.raw, :shown) as raw, length(q.raw) as length, q.released_at, q.retry_at
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                         where q.id = :id""")
                .param("id", id)
                .param("shown", RAW_SHOWN)
                .query(Whole.class)
                .optional();
    }
}
