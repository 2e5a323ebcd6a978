package io.postpaid.platform.audit;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says in a transaction who acts, for the triggers that write the audit log. What is said ends with the transaction. */
public final class WhoActs {
    private final InstantSource clock;
    private final List<ActorSource> sources;
    private final Actor otherwise;

    /** @param otherwise who acts where no source knows */
    public WhoActs(InstantSource clock, List<ActorSource> sources, Actor otherwise) {
        this.clock = clock;
        this.sources = List.copyOf(sources);
        this.otherwise = otherwise;
    }

    /** @param transaction whose connection has one open */
    public void say(JdbcClient transaction) {
        var actor = current();
        transaction
                .sql("""
                        select set_config('postpaid.who', :who, true), set_config('postpaid.source', :source, true),
                               set_config('postpaid.at', :at, true)""")
                .param("who", actor.who())
                .param("source", actor.source())
                .param("at", clock.instant().toString())
                .query()
                .singleRow();
    }

    /** Who acts now, in this thread. */
    public Actor current() {
        return sources.stream()
                .map(ActorSource::current)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(otherwise);
    }
}
