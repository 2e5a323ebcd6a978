package io.postpaid.platform.home;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HomeConfiguration {

    @Bean
    Home home(@Value("${POSTPAID_HOME:data}") String path, @Value("${POSTPAID_DOCUMENTS:}") String documents) {
        var home = new Home(Path.of(path));
        return documents.isBlank() || Home.isBucket(documents) ? home : new Home(home.path(), Path.of(documents));
    }

    /** The embedded server, unless Spring's own datasource settings name another. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "spring.datasource.url", matchIfMissing = true, havingValue = "embedded")
    static class Embedded {
        private static final Duration KEEP_MAX = Duration.ofDays(1);

        @Bean(destroyMethod = "close")
        EmbeddedServer embeddedServer(
                Home home, @Value("${POSTPAID_DATABASE_KEEP:${postpaid.keep:PT0S}}") String keep) {
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

        @Bean
        JdbcConnectionDetails jdbcConnectionDetails(EmbeddedServer server) {
            return new JdbcConnectionDetails() {
                @Override
                public String getUsername() {
                    return "postgres";
                }

                @Override
                public String getPassword() {
                    return "";
                }

                @Override
                public String getJdbcUrl() {
                    return server.jdbcUrl();
                }
            };
        }
    }
}
