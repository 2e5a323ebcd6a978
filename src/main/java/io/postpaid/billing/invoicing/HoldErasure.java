package io.postpaid.billing.invoicing;

import io.postpaid.platform.erasure.Erases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Why an account could not be billed may name it, such as a name that cannot be printed. */
@Component
class HoldErasure implements Erases {
    private final JdbcClient jdbc;

    HoldErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("update invoice_hold set detail = '' where account = :account")
                .param("account", account)
                .update();
    }
}
