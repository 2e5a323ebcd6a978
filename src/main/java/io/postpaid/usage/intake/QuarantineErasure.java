package io.postpaid.usage.intake;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A line that was not billed stays counted, so that its file still ties out, and says nothing any more. */
@Component
class QuarantineErasure implements Erases {
    private final JdbcClient jdbc;

    QuarantineErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("update usage_quarantine set raw = '', detail = '', retry_at = null where account = :account")
                .param("account", account)
                .update();
    }
}
