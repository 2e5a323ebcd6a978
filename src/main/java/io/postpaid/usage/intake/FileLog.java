package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.mapping.Layout;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of usage files: where each stands, and who is at it. */
record FileLog(JdbcClient jdbc) {
    /** A file as far as it has been taken. */
    record Entry(
            long id,
            String name,
            long lines,
            long records,
            long accepted,
            long duplicates,
            long quarantined,
            long leftOut,
            long fingerprint) {
        static Entry begun(long id, String name) {
            return new Entry(id, name, 0, 0, 0, 0, 0, 0, 0);
        }

        IngestOutcome outcome() {
            return new IngestOutcome(name, lines, records, accepted, duplicates, quarantined, leftOut);
        }

        Entry plus(List<Claim> batch, long newFingerprint) {
            long recordsNow = 0;
            var verdicts = new long[Taken.values().length];
            for (Claim claim : batch) {
                recordsNow += claim.records();
                if (claim.verdict() instanceof Taken taken) verdicts[taken.ordinal()]++;
            }
            long acceptedNow = verdicts[Taken.ACCEPTED.ordinal()];
            long duplicatesNow = verdicts[Taken.DUPLICATE.ordinal()];
            long leftOutNow = verdicts[Taken.LEFT_OUT.ordinal()];
            return new Entry(
                    id,
                    name,
                    lines + batch.size(),
                    records + recordsNow,
                    accepted + acceptedNow,
                    duplicates + duplicatesNow,
                    quarantined + batch.size() - acceptedNow - duplicatesNow - leftOutNow,
                    leftOut + leftOutNow,
                    newFingerprint);
        }
    }

    /** Files of this name that were begun and not ended, newest first; not those that another process is at. */
    List<Entry> unfinished(Layout layout) {
        return jdbc.sql("""
                        select id, name, lines, records, accepted, duplicates, quarantined, left_out, fingerprint
                          from usage_file
                         where name = :name and ended_at is null and format = :format
                           and header is not distinct from :header and mapping is not distinct from :mapping
                         order by id desc""")
                .param("name", layout.file())
                .param("format", layout.format())
                .param("header", layout.header())
                .param("mapping", layout.mappingText())
                .query(Entry.class)
                .list();
    }

    /**
     * Holds until the connection is given back or dies; false if another connection holds it, or the file is no longer where
     * the entry says.
     */
    boolean lock(Entry entry) {
        return locked(entry.id())
                && jdbc.sql("select ended_at is null and lines = :lines from usage_file where id = :id")
                        .param("lines", entry.lines())
                        .param("id", entry.id())
                        .query(Boolean.class)
                        .single();
    }

    private boolean locked(long id) {
        return jdbc.sql("select pg_try_advisory_lock(hashtextextended('usage_file', :id))")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    Entry begin(Layout layout, Instant now) {
        long id = jdbc.sql("""
                        insert into usage_file (name, format, header, mapping, started_at, reporter)
                        values (:name, :format, :header, :mapping, :now, :reporter)
                        returning id""")
                .param("name", layout.file())
                .param("format", layout.format())
                .param("header", layout.header())
                .param("mapping", layout.mappingText())
                .param("now", Timestamp.from(now))
                .param("reporter", layout.reporter())
                .query(Long.class)
                .single();
        locked(id);
        return Entry.begun(id, layout.file());
    }

    /** Refuses to go on when the row is not where the entry before this one left it. */
    void advance(Entry before, Entry entry) {
        int advanced = jdbc.sql("""
                        update usage_file
                           set lines = :lines, records = :records, accepted = :accepted, duplicates = :duplicates,
                               quarantined = :quarantined, left_out = :leftOut, fingerprint = :fingerprint
                         where id = :id and lines = :before and ended_at is null""")
                .param("lines", entry.lines())
                .param("records", entry.records())
                .param("accepted", entry.accepted())
                .param("duplicates", entry.duplicates())
                .param("quarantined", entry.quarantined())
                .param("leftOut", entry.leftOut())
                .param("fingerprint", entry.fingerprint())
                .param("id", entry.id())
                .param("before", before.lines())
                .update();
        if (advanced != 1) {
            throw new IllegalStateException("%s is being taken by another process".formatted(entry.name()));
        }
    }

    /** Whether a line was taken that has this key, or refused that stands there in a file of the same mapping. */
    boolean met(UUID key, long line, @Nullable String lineId, Layout layout) {
        return jdbc.sql("""
                        select exists (select from usage_key where key = :key)
                            or exists (select
                                         from usage_file f
                                         join usage_quarantine q on q.file = f.id and q.line = :line
                                        where f.mapping = :mapping and q.line_id = :lineId)""")
                .param("key", key)
                .param("line", line)
                .param("lineId", lineId)
                .param("mapping", layout.mappingText())
                .query(Boolean.class)
                .single();
    }

    /** The file that holds this line's key, if it was taken as a whole up to that line: what is open of it only waits there. */
    Optional<String> taken(UUID lastKey, Layout layout) {
        return jdbc.sql("""
                        select f.name
                          from usage_key k
                          join usage_file f on f.id = k.file
                         where k.key = :key
                           and (f.mapping is not distinct from :mapping
                                or not exists (select from usage_quarantine q
                                                where q.file = k.file and q.line <= k.line and q.released_at is null))""")
                .param("key", lastKey)
                .param("mapping", layout.mappingText())
                .query(String.class)
                .optional();
    }

    void end(Entry entry, Instant now) {
        jdbc.sql("update usage_file set ended_at = :now where id = :id and ended_at is null")
                .param("now", Timestamp.from(now))
                .param("id", entry.id())
                .update();
    }

    Layout layout(long id) {
        return jdbc.sql("select name, format, header, mapping, reporter from usage_file where id = :id")
                .param("id", id)
                .query((row, i) -> Layout.stored(
                        row.getString("name"),
                        row.getString("format"),
                        row.getString("header"),
                        row.getString("mapping"),
                        row.getString("reporter")))
                .single();
    }
}
