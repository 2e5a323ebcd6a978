package io.postpaid.mail;

import io.postpaid.platform.checkup.Checkup;
import io.postpaid.platform.checkup.UnwellException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Whether the mail server lets us in; nothing is sent. */
@Component
@Order(4)
class MailCheckup implements Checkup {
    private final ObjectProvider<MailServer> servers;

    MailCheckup(ObjectProvider<MailServer> servers) {
        this.servers = servers;
    }

    @Override
    public String of() {
        return "SMTP";
    }

    @Override
    public String look() {
        var server = servers.getObject();
        if (server.host().isEmpty()) throw new UnwellException("SPRING_MAIL_HOST is not set: no mail can be sent");
        server.connect(server.session()).close();
        return server.host() + ":" + server.port() + " lets us in" + (server.encrypted() ? ", encrypted" : "");
    }
}
