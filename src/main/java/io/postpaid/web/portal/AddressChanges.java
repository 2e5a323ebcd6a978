package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.mail.PromptMail;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Another address to sign in with: its owner confirms it by a link, and the earlier one is notified. */
@Component
@ConditionalOnWebApplication
class AddressChanges {
    static final String PATH = "/billing/confirm-email";
    private static final Duration VALID = Duration.ofHours(1);
    private static final int LINKS_IN_TIME = 5;

    private final JdbcClient jdbc;
    private final PortalLinks links;
    private final Accounts accounts;
    private final PromptMail mail;
    private final Outbox outbox;
    private final BillingClock clock;

    AddressChanges(
            JdbcClient jdbc, PortalLinks links, Accounts accounts, PromptMail mail, Outbox outbox, BillingClock clock) {
        this.jdbc = jdbc;
        this.links = links;
        this.accounts = accounts;
        this.mail = mail;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Mails a link to the address.
     *
     * @return why not, if it is refused
     */
    @Transactional
    Optional<String> ask(String id, String email) {
        var account = accounts.locked(id);
        var problem = Accounts.emailProblem(email);
        if (problem.isPresent()) return Optional.of("This " + problem.get());
        if (email.equals(account.email())) return Optional.of("This is the address already");
        var now = clock.instant();
        int asked = jdbc.sql("select count(*) from portal_address_change where account = :account and made_at > :since")
                .param("account", id)
                .param("since", Timestamp.from(now.minus(VALID)))
                .query(Integer.class)
                .single();
        if (asked >= LINKS_IN_TIME) return Optional.of("Too many links were mailed: try again in an hour");
        var token = PortalLinks.token();
        jdbc.sql("""
                        insert into portal_address_change (token_hash, account, earlier, wanted, made_at, expires_at)
                        values (:hash, :account, :earlier, :wanted, :now, :expires_at)""")
                .param("hash", PortalLinks.hash(token))
                .param("account", id)
                .param("earlier", account.email())
                .param("wanted", email)
                .param("now", Timestamp.from(now))
                .param("expires_at", Timestamp.from(now.plus(VALID)))
                .update();
        Thread.startVirtualThread(() -> mail.send(
                "confirm-address",
                id,
                email,
                // Who reads it may be a stranger: it has no word that the customer has chosen.
                Map.of("account", Map.of("id", id, "name", email), "page_url", links.url(PATH + "?token=" + token))));
        return Optional.empty();
    }

    private record Wanted(String account, String earlier, String wanted) {}

    /**
     * Uses a link up, and changes the address.
     *
     * @return the new address, or nothing if the link is not good any more
     */
    @Transactional
    Optional<String> confirm(String token) {
        var found = jdbc.sql("""
                        update portal_address_change c set used_at = :now
                          from account a
                         where c.token_hash = :hash and c.used_at is null and :now between c.made_at and c.expires_at
                           and a.id = c.account and a.email = c.earlier
                        returning c.account, c.earlier, c.wanted""")
                .param("hash", PortalLinks.hash(token))
                .param("now", Timestamp.from(clock.instant()))
                .query(Wanted.class)
                .optional()
                .filter(change -> accounts.changeEmail(change.account(), change.earlier(), change.wanted()));
        found.ifPresent(change -> {
            // Who reads the earlier address must not sign in with what was mailed to it before.
            links.voidAll(change.account());
            jdbc.sql("delete from spring_session where principal_name = :account")
                    .param("account", change.account())
                    .update();
            if (change.earlier().isEmpty()) return;
            outbox.queue(new Notice(
                    change.account(),
                    NoticeKind.ADDRESS_CHANGED,
                    change.account() + "/" + clock.instant(),
                    change.earlier(),
                    Map.of("account", named(accounts.get(change.account())), "address", change.wanted()),
                    null));
        });
        return found.map(Wanted::wanted);
    }

    /** Makes the links void that are not used yet. */
    void voidAll(String account) {
        jdbc.sql("""
                        update portal_address_change set used_at = :now
                         where account = :account and used_at is null and :now between made_at and expires_at""")
                .param("account", account)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    private static Map<String, ?> named(Account account) {
        return Map.of("id", account.id(), "name", account.name());
    }
}
