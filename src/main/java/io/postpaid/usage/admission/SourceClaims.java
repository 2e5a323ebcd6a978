package io.postpaid.usage.admission;

import io.postpaid.platform.batch.Column;
import io.postpaid.usage.admission.Claim.Stated;
import io.postpaid.usage.record.OwnVoice;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which way the usage of a source comes: a source is taken record by record, or aggregated outside of the database, and never
 * both, since neither way knows the keys of the other.
 */
final class SourceClaims {
    /** Bounds the memory where nearly every line has a source of its own. */
    private static final int REMEMBERED = 100_000;

    private final JdbcClient jdbc;
    private final Set<String> claimed = new HashSet<>();

    SourceClaims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    OtherPath aggregated() {
        return OtherPath.ofIngest(jdbc.sql("select source from usage_source where path = 'AGGREGATED'")
                .query(String.class)
                .set());
    }

    /** Sources of what is accepted that were not met before. Reserved ones come from within, and cannot come the other way. */
    Set<String> unclaimed(Collection<Claim> batch) {
        var met = new TreeSet<String>();
        String last = null;
        for (Claim claim : batch) {
            for (Stated stated : claim.taken()) {
                String source = stated.fact.source();
                if (source.equals(last)) continue;
                last = source;
                if (!OwnVoice.isReserved(source) && !claimed.contains(source)) met.add(source);
            }
        }
        return met;
    }

    /** In order, so that two writers never wait for each other in a circle. */
    boolean claim(Set<String> sources) {
        jdbc.sql("""
                        insert into usage_source (source, path)
                        select source, 'INGESTED' from unnest(:sources::text[]) source
                            on conflict (source) do nothing""").param("sources", Column.of(sources, source -> source)).update();
        var lost = jdbc.sql("select source from usage_source where source = any(:sources) and path <> 'INGESTED'")
                .param("sources", Column.of(sources, source -> source))
                .query(String.class)
                .list();
        if (!lost.isEmpty()) {
            throw new IllegalStateException(
                    "The source '%s' has just been aggregated: ingest again".formatted(lost.getFirst()));
        }
        if (claimed.size() > REMEMBERED) claimed.clear();
        claimed.addAll(sources);
        return true;
    }
}
