package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class UpgradeTest {

    @Test
    void anEarlierVersionRefusesTheDatabaseOfALaterOne(@TempDir Path home) {
        var postpaid = new CommandLine(home);
        JdbcClient.create(new DriverManagerDataSource(postpaid.database(), "postgres", ""))
                .sql("""
                        insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                                                           installed_by, execution_time, success)
                        values (9999, '9999', 'of a later version', 'SQL', 'V9999__later.sql', 1, 'postgres', 1, true)""")
                .update();
        var result = postpaid.run("accounts", "list");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("made by another version of Postpaid");
    }
}
