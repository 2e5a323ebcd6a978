package io.postpaid.usage.bucket;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of what was taken. */
record TakenObjects(JdbcClient jdbc) {
    private record Version(String key, String etag) {}

    /** Those of one place that were not taken as they are now. */
    List<BucketObject> newOf(List<BucketObject> listed) {
        if (listed.isEmpty()) return List.of();
        var storable = listed.stream().filter(BucketObject::isStorable).toList();
        Set<Version> taken = jdbc
                .sql("""
                        select key, etag
                          from usage_object
                         where bucket = :bucket
                           and (key, etag) in (select * from unnest(:keys::text[], :etags::text[]))""")
                .param("bucket", listed.getFirst().place().bucket())
                .param("keys", storable.stream().map(BucketObject::key).toArray(String[]::new))
                .param("etags", storable.stream().map(BucketObject::etag).toArray(String[]::new))
                .query(Version.class)
                .stream()
                .collect(Collectors.toSet());
        return listed.stream()
                .filter(object -> !taken.contains(new Version(object.key(), object.etag())))
                .toList();
    }

    void add(BucketObject object, String tieOut, Instant now) {
        jdbc.sql("""
                        insert into usage_object (bucket, key, etag, size, file, tie_out, taken_at)
                        values (:bucket, :key, :etag, :size, :file, :tieOut::jsonb, :now)
                        on conflict do nothing""")
                .param("bucket", object.place().bucket())
                .param("key", object.key())
                .param("etag", object.etag())
                .param("size", object.size())
                .param("file", object.file())
                .param("tieOut", tieOut)
                .param("now", Timestamp.from(now))
                .update();
    }
}
