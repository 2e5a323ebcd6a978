package io.postpaid.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The statements of jobs/, found by job and step name. */
@Component
public class SqlFiles {
    private final Map<String, String> statements = new ConcurrentHashMap<>();

    /** @return the text of {@code jobs/<job>/<name>.sql} */
    public String read(String job, String name) {
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
