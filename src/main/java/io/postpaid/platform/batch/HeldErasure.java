package io.postpaid.platform.batch;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** That an item was held stays known, and for which kind of reason. */
@Component
class HeldErasure implements Erases {
    private final JdbcClient jdbc;

    HeldErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("update held set detail = '' where account = :account")
                .param("account", account)
                .update();
    }
}
