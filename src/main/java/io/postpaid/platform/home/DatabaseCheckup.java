package io.postpaid.platform.home;

import io.postpaid.platform.checkup.Checkup;
import io.postpaid.platform.checkup.UnwellException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The PostgreSQL that keeps the books: it answers, has our tables, and keeps what it says that it keeps. */
@Component
@Order(2)
class DatabaseCheckup implements Checkup {
    private final ObjectProvider<JdbcClient> jdbc;

    DatabaseCheckup(ObjectProvider<JdbcClient> jdbc) {
        this.jdbc = jdbc;
    }

    private record Found(String version, String unsafe, String encoding, String address) {}

    @Override
    public String of() {
        return "PostgreSQL";
    }

    @Override
    public String look() {
        var found = jdbc.getObject().sql("""
                        select split_part(current_setting('server_version'), ' ', 1) as version,
                               (select coalesce(string_agg(name, ', ' order by name), '') from pg_settings
                                 where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off') as unsafe,
                               current_setting('server_encoding') as encoding,
                               current_database() || coalesce(' at ' || host(inet_server_addr()) || ':' || inet_server_port(), '')
                                   as address""").query(Found.class).single();
        if (!found.unsafe.isEmpty()) {
            throw new UnwellException(
                    "PostgreSQL can lose what was committed: set " + found.unsafe + " to on in its postgresql.conf");
        }
        if (!found.encoding.equals("UTF8")) {
            throw new UnwellException("The database has the encoding " + found.encoding
                    + ", which cannot keep every name: create it with encoding 'UTF8'");
        }
        return "PostgreSQL " + found.version + ", database " + found.address + ", durable";
    }
}
