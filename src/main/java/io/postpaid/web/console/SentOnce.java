package io.postpaid.web.console;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.Sha256;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A form that is sent twice, by two presses or by loading its answer again, is done once. Each page that is drawn gives its forms a
 * key; the same key with the same content is refused. Whoever is not answered, because the process has died, looks before he begins
 * again.
 */
@Component
@ConditionalOnWebApplication
class SentOnce {
    static final String KEY = "once";
    private static final Duration KEPT = Duration.ofDays(2);

    private final JdbcClient jdbc;
    private final BillingClock clock;
    private final Console console;

    SentOnce(JdbcClient jdbc, BillingClock clock, Console console) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.console = console;
    }

    /** A filter of the console alone, and no bean, which would be one of all requests. */
    OncePerRequestFilter filter() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                if (!request.getMethod().equals("POST") || request.getParameter(KEY) == null) {
                    chain.doFilter(request, response);
                    return;
                }
                var content = content(request);
                if (!first(content)) {
                    Pages.write(
                            console.message(
                                    request,
                                    HttpStatus.CONFLICT,
                                    "This was sent before",
                                    "Nothing was done now. Look at what came of it; to do the same again, begin on a page that is loaded anew."),
                            response);
                    return;
                }
                chain.doFilter(request, response);
                // What was refused has done nothing, and may be sent again; of what has failed nobody knows.
                if (HttpStatus.Series.resolve(response.getStatus()) == HttpStatus.Series.CLIENT_ERROR) forget(content);
            }
        };
    }

    private void forget(byte[] content) {
        jdbc.sql("delete from console_form where content = :content")
                .param("content", content)
                .update();
    }

    private boolean first(byte[] content) {
        var now = clock.instant();
        jdbc.sql("delete from console_form where at < :before")
                .param("before", Timestamp.from(now.minus(KEPT)))
                .update();
        return jdbc.sql("insert into console_form (content, at) values (:content, :now) on conflict do nothing")
                        .param("content", content)
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    private static byte[] content(HttpServletRequest request) {
        var all = new StringBuilder(request.getRequestURI());
        new TreeMap<>(request.getParameterMap())
                .forEach((name, values) ->
                        all.append('\n').append(name).append('=').append(Arrays.toString(values)));
        return Sha256.digest().digest(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
