package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Verdict;
import io.postpaid.usage.mapping.Layout;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of usage files: where each stands, and who is at it. */
final class FileLog {
    /** A file as far as it has been taken. */
    record Entry(long id, String name, long lines, long accepted, long duplicates, long quarantined, long fingerprint) {
        IngestOutcome outcome() {
            return new IngestOutcome(name, lines, accepted, duplicates, quarantined);
        }

        Entry plus(Verdict[] verdicts, long newFingerprint) {
            long acceptedNow = 0;
            long duplicatesNow = 0;
            long quarantinedNow = 0;
            for (Verdict verdict : verdicts) {
                switch (verdict) {
                    case Verdict.Taken.ACCEPTED -> acceptedNow++;
                    case Verdict.Taken.DUPLICATE -> duplicatesNow++;
                    case Verdict.Refused _ -> quarantinedNow++;
                }
            }
            return new Entry(
                    id,
                    name,
                    lines + verdicts.length,
                    accepted + acceptedNow,
                    duplicates + duplicatesNow,
                    quarantined + quarantinedNow,
                    newFingerprint);
        }
    }

    private FileLog() {}

    /** Files of this name that were begun and not ended, newest first; not those that another process is at. */
    static List<Entry> unfinished(Connection connection, String name, Layout layout) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select id, lines, accepted, duplicates, quarantined, fingerprint
                  from usage_file
                 where name = ? and ended_at is null
                   and format = ? and header is not distinct from ? and mapping is not distinct from ?
                 order by id desc
                """)) {
            statement.setString(1, name);
            statement.setString(2, layout.format());
            statement.setString(3, layout.header());
            statement.setString(4, layout.mappingText());
            var entries = new ArrayList<Entry>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(
                            row.getLong(1),
                            name,
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6)));
                }
            }
            return entries;
        }
    }

    /** Holds until the connection is given back or dies; false if another connection holds it. */
    static boolean lock(Connection connection, long id) throws SQLException {
        try (var statement =
                connection.prepareStatement("select pg_try_advisory_lock(hashtextextended('usage_file', ?))")) {
            statement.setLong(1, id);
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** True while the file is still where the entry says, and not ended: asked after the lock is held. */
    static boolean current(Connection connection, Entry entry) throws SQLException {
        try (var statement =
                connection.prepareStatement("select ended_at is null and lines = ? from usage_file where id = ?")) {
            statement.setLong(1, entry.lines());
            statement.setLong(2, entry.id());
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    static Entry begin(Connection connection, String name, Layout layout, Instant now) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into usage_file (name, format, header, mapping, started_at, reporter)
                values (?, ?, ?, ?, ?, ?)
                returning id, pg_try_advisory_lock(hashtextextended('usage_file', id))
                """)) {
            statement.setString(1, name);
            statement.setString(2, layout.format());
            statement.setString(3, layout.header());
            statement.setString(4, layout.mappingText());
            statement.setTimestamp(5, Timestamp.from(now));
            statement.setString(6, layout.reporter());
            try (var row = statement.executeQuery()) {
                row.next();
                return new Entry(row.getLong(1), name, 0, 0, 0, 0, 0);
            }
        }
    }

    /** Refuses to go on when the row is not where the entry before this one left it. */
    static void advance(Connection connection, Entry before, Entry entry) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update usage_file
                   set lines = ?, accepted = ?, duplicates = ?, quarantined = ?, fingerprint = ?
                 where id = ? and lines = ? and ended_at is null
                """)) {
            statement.setLong(1, entry.lines());
            statement.setLong(2, entry.accepted());
            statement.setLong(3, entry.duplicates());
            statement.setLong(4, entry.quarantined());
            statement.setLong(5, entry.fingerprint());
            statement.setLong(6, entry.id());
            statement.setLong(7, before.lines());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("%s is being taken by another process".formatted(entry.name()));
            }
        }
    }

    /** The file that holds this line's key, if it was taken as a whole up to that line: what is open of it only waits there. */
    static Optional<String> taken(Connection connection, UUID lastKey, Layout layout) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select f.name
                  from usage_key k
                  join usage_file f on f.id = k.file
                 where k.key = ?
                   and (f.mapping is not distinct from ?
                        or not exists (select from usage_quarantine q
                                        where q.file = k.file and q.line <= k.line and q.released_at is null))
                """)) {
            statement.setObject(1, lastKey);
            statement.setString(2, layout.mappingText());
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    static void end(Connection connection, long id, Instant now) throws SQLException {
        try (var statement =
                connection.prepareStatement("update usage_file set ended_at = ? where id = ? and ended_at is null")) {
            statement.setTimestamp(1, Timestamp.from(now));
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }

    static @Nullable Layout layout(Connection connection, long id) throws SQLException {
        try (var statement = connection.prepareStatement(
                "select name, format, header, mapping, reporter from usage_file where id = ?")) {
            statement.setLong(1, id);
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Layout.stored(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5))
                        : null;
            }
        }
    }
}
