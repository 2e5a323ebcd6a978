package io.postpaid.pricing.vies;

import static java.util.stream.Collectors.toMap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The answers of VIES. */
@Component
class ViesStore {
    /** Later than any answer. */
    private static final Instant FOR_EVER = Instant.parse("9999-01-01T00:00:00Z");

    private final JdbcClient jdbc;

    ViesStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The last answer for a tax id.
     *
     * @param answeredAt when it was yes or no, null if never
     * @param silence why there was none when it was asked since, empty if there was one
     */
    record Last(
            String taxId,
            long id,
            boolean valid,
            @Nullable Instant answeredAt,
            String consultation,
            String silence,
            Instant askedAt) {

        boolean saidYes(Duration within, Instant now) {
            return valid && answeredAt != null && now.isBefore(answeredAt.plus(within));
        }

        /** The number that VIES gave, or which answer it was where it gave none. */
        String evidence() {
            return consultation.isEmpty() ? "VIES answer " + id : consultation;
        }
    }

    void insert(String taxId, String requester, ViesAnswer answer, Instant at) {
        var row = switch (answer) {
            case ViesAnswer.Yes(var consultation) -> List.of("YES", consultation, "");
            case ViesAnswer.No(var consultation) -> List.of("NO", consultation, "");
            case ViesAnswer.Silent(var why) -> List.of("SILENT", "", why);
        };
        jdbc.sql("""
                        insert into vies_answer (tax_id, requester, answer, consultation, silence, at)
                        values (:tax_id, :requester, :answer, :consultation, :silence, :at)""")
                .param("tax_id", taxId)
                .param("requester", requester)
                .param("answer", row.get(0))
                .param("consultation", row.get(1))
                .param("silence", row.get(2))
                .param("at", Timestamp.from(at))
                .update();
    }

    Map<String, Last> last(Collection<String> taxIds) {
        return last(taxIds, FOR_EVER);
    }

    /** The last answers up to a moment. */
    Map<String, Last> last(Collection<String> taxIds, Instant until) {
        return jdbc
                .sql("""
                        select l.tax_id, coalesce(a.id, 0) as id, coalesce(a.answer = 'YES', false) as valid, a.at as answered_at,
                               coalesce(a.consultation, '') as consultation, l.silence, l.at as asked_at
                          from unnest(:tax_ids::text[]) t (tax_id)
                         cross join lateral (select * from vies_answer v
                                              where v.tax_id = t.tax_id and v.at <= :until order by v.id desc limit 1) l
                          left join lateral (select * from vies_answer v
                                              where v.tax_id = t.tax_id and v.answer <> 'SILENT' and v.at <= :until
                                              order by v.id desc limit 1) a on true""")
                .param("tax_ids", taxIds.stream().distinct().toArray(String[]::new))
                .param("until", Timestamp.from(until))
                .query(ViesStore::last)
                .list()
                .stream()
                .collect(toMap(Last::taxId, last -> last));
    }

    private static Last last(ResultSet row, int i) throws SQLException {
        var answered = row.getTimestamp("answered_at");
        return new Last(
                row.getString("tax_id"),
                row.getLong("id"),
                row.getBoolean("valid"),
                answered == null ? null : answered.toInstant(),
                row.getString("consultation"),
                row.getString("silence"),
                row.getTimestamp("asked_at").toInstant());
    }
}
