package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The statements of jobs/, found by job and step name. */
@Component
public class SqlFiles {
    private final Map<String, String> statements = new ConcurrentHashMap<>();
    private final JdbcClient jdbc;
    private final BillingClock clock;

    SqlFiles(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The statement of this name of the run's job, with the run's parameters and {@code :now} bound. */
    public JdbcClient.StatementSpec statement(Run run, String name) {
        return jdbc.sql(read(run.job(), name))
                .params(run.sqlParameters())
                .param("now", Timestamp.from(clock.instant()));
    }

    /** @return the text of {@code jobs/<job>/<name>.sql} */
    String read(String job, String name) {
        return statements.computeIfAbsent(job + "/" + name, SqlFiles::load);
    }

    private static String load(String name) {
        try {
            return new ClassPathResource("jobs/" + name + ".sql").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("jobs/" + name + ".sql is missing", e);
        }
    }
}
