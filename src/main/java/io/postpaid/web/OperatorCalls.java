package io.postpaid.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What those ask who run the service, and the description of all calls. */
@RestController
class OperatorCalls {
    private final JdbcClient jdbc;
    private final PrometheusMeterRegistry meters;
    private final Readiness readiness;
    private final byte[] description;

    OperatorCalls(JdbcClient jdbc, PrometheusMeterRegistry meters, Readiness readiness) throws IOException {
        this.readiness = readiness;
        this.jdbc = jdbc;
        this.meters = meters;
        try (var yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
            this.description =
                    JsonMapper.shared().writeValueAsBytes(YAMLMapper.shared().readTree(yaml));
        }
    }

    /** @param alarms how many last; what they are is for operators */
    record Health(String status, String database, long alarms) {}

    /** A database that does not answer is told as every other error is: 503, UNAVAILABLE. */
    @Open
    @GetMapping("/health")
    Health health() {
        var alarms = jdbc.sql("select count(*) from alarm where ended_at is null")
                .query(Long.class)
                .single();
        return new Health("UP", "UP", alarms);
    }

    record Ready(String status) {}

    /** Asked by balancers: a server that is being stopped is not, and still answers. */
    @Open
    @GetMapping("/ready")
    Ready ready() {
        if (!readiness.ready()) {
            throw new HttpRefusal(HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", "This server is being stopped");
        }
        jdbc.sql("select 1").query(Integer.class).single();
        return new Ready("READY");
    }

    @Open
    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] openapi() {
        return description;
    }

    /** Not open to the local machine either: behind a reverse proxy everybody is local. */
    @GetMapping(path = "/metrics", produces = "text/plain; version=0.0.4; charset=utf-8")
    String metrics() {
        return meters.scrape();
    }
}
