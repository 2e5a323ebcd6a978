package io.postpaid.web.portal;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Nobody signs in any more, and who is signed in is not. */
@Component
class PortalErasure implements Erases {
    private final JdbcClient jdbc;

    PortalErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        // Links first: who uses one meanwhile has a session by then, or none.
        jdbc.sql("delete from portal_link where account = :account")
                .param("account", account)
                .update();
        jdbc.sql("delete from portal_address_change where account = :account")
                .param("account", account)
                .update();
        jdbc.sql("delete from spring_session where principal_name = :account")
                .param("account", account)
                .update();
    }
}
