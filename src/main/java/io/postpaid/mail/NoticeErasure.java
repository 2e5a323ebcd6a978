package io.postpaid.mail;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Of a notice stays that there was one, of which kind and when. What was not sent is not sent any more. */
@Component
class NoticeErasure implements Erases {
    private final JdbcClient jdbc;

    NoticeErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("""
                        update notice
                           set recipient = 'erased ' || id, view = '{}', attachment = null,
                               message_id = 'erased ' || id, reply = null,
                               error = case when status <> 'SENT' then 'The account is erased' end,
                               status = case when status = 'SENT' then status else 'FAILED' end
                         where account = :account""").param("account", account).update();
    }
}
