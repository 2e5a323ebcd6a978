package io.postpaid.mail;

import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.store.DocumentStore;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.springframework.batch.core.step.Step;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MailConfiguration {

    @Bean
    MailTemplates mailTemplates(TemplateFiles files) {
        return new MailTemplates(files);
    }

    @Bean
    MailServer mailServer(
            Seller seller,
            @Value("${spring.mail.host:}") String host,
            @Value("${spring.mail.port:587}") int port,
            @Value("${spring.mail.username:}") String username,
            @Value("${spring.mail.password:}") String password,
            @Value("${POSTPAID_MAIL_STARTTLS:required}") String starttls) {
        if (!starttls.equals("required") && !starttls.equals("optional")) {
            throw new IllegalArgumentException("POSTPAID_MAIL_STARTTLS is 'required' or 'optional', not " + starttls);
        }
        var loopback = Set.of("", "localhost", "127.0.0.1", "::1").contains(host);
        var encrypted = starttls.equals("required") && !(loopback && username.isEmpty());
        var domain = seller.email().substring(seller.email().lastIndexOf('@') + 1);
        return new MailServer(host, port, username, password, domain, encrypted);
    }

    @Bean
    SendMail sendMail(
            OutboxStore store,
            MailTemplates templates,
            Seller seller,
            DocumentStore documents,
            BillingClock clock,
            MailServer server,
            @Value("${postpaid.mail.sent-folder:}") String sentFolder) {
        var sent =
                sentFolder.isBlank() ? Optional.<SentFolder>empty() : Optional.of(new SentFolder(Path.of(sentFolder)));
        return new SendMail(store, templates, seller, documents, clock, server, sent);
    }

    @Bean
    PromptMail promptMail(MailTemplates templates, Seller seller, BillingClock clock, MailServer server) {
        return new PromptMail(templates, seller, clock, server);
    }

    @Bean
    Step sendMailStep(Steps steps, SendMail mail) {
        return steps.items("send-mail", mail::begun, mail::due);
    }
}
