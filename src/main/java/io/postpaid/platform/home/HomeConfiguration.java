package io.postpaid.platform.home;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
class HomeConfiguration {
    private static final Duration KEEP_MAX = Duration.ofDays(1);

    @Bean
    Home home(@Value("${POSTPAID_HOME:data}") String path, @Value("${POSTPAID_DOCUMENTS:}") String documents) {
        var home = new Home(Path.of(path));
        return documents.isBlank() || Home.isBucket(documents) ? home : new Home(home.path(), Path.of(documents));
    }

    /** Started for whoever connects, unless Spring's own datasource settings name another. */
    @Lazy
    @Bean(destroyMethod = "close")
    EmbeddedServer embeddedServer(Home home, @Value("${POSTPAID_DATABASE_KEEP:${postpaid.keep:PT0S}}") String keep) {
        return EmbeddedServer.open(home.path(), time(keep));
    }

    private static Duration time(String text) {
        try {
            var time = Duration.parse(text.strip());
            if (!time.isNegative() && time.compareTo(KEEP_MAX) <= 0) return time;
        } catch (DateTimeParseException _) {
            // Said below.
        }
        throw new IllegalArgumentException("POSTPAID_DATABASE_KEEP is '" + text
                + "': it is a time such as PT10M, at most P1D; PT0S stops the database with the command");
    }

    private record Database(
            @Override String getJdbcUrl,
            @Override @Nullable String getUsername,
            @Override @Nullable String getPassword) implements JdbcConnectionDetails {}

    /** Decided here rather than by a condition, which would be one of the build's: see {@link io.postpaid.cli.PreparedApplication}. */
    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(DataSourceProperties named, ObjectProvider<EmbeddedServer> embedded) {
        return named.getUrl() == null || named.getUrl().equals("embedded")
                ? new Database(embedded.getObject().jdbcUrl(), "postgres", "")
                : new Database(named.determineUrl(), named.determineUsername(), named.determinePassword());
    }
}
