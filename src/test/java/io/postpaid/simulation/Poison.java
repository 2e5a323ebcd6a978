package io.postpaid.simulation;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A rule that somebody's data breaks, which no code foresaw: a trigger that refuses some rows of a table. */
record Poison(String name, String table, String event, String condition) {
    void plant(JdbcClient jdbc) {
        jdbc.sql("""
                create function poison_%1$s() returns trigger language plpgsql as $$
                begin
                    if %2$s then raise exception 'poison of %1$s'; end if;
                    return new;
                end $$;
                create trigger a_poison_%1$s before %3$s on %4$s for each row execute function poison_%1$s()""".formatted(name, condition, event, table)).update();
    }

    void mend(JdbcClient jdbc) {
        jdbc.sql("drop trigger a_poison_%1$s on %2$s; drop function poison_%1$s".formatted(name, table))
                .update();
    }
}
