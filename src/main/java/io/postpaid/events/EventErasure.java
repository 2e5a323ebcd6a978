package io.postpaid.events;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Events keep their places, their amounts and their times, without the card and without what was typed. */
@Component
class EventErasure implements Erases {
    private final JdbcClient jdbc;

    EventErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("""
                        update outgoing_event set data = event_of_nobody(data)
                         where account = :account and data <> event_of_nobody(data)""").param("account", account).update();
    }
}
