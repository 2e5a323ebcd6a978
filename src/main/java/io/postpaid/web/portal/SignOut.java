package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;

/** The way out of all browsers at once, for who has lost one. */
@CustomerPages
class SignOut {
    private final JdbcClient jdbc;
    private final PortalLinks links;
    private final AddressChanges addresses;
    private final Accounts accounts;
    private final TransactionTemplate transaction;

    SignOut(
            JdbcClient jdbc,
            PortalLinks links,
            AddressChanges addresses,
            Accounts accounts,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.links = links;
        this.addresses = addresses;
        this.accounts = accounts;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Ends all sessions of the account, and makes the links void that nobody has used yet. */
    @PostMapping("/billing/sign-out/everywhere")
    ResponseEntity<Void> everywhere(HttpServletRequest request, Principal customer) throws ServletException {
        var account = customer.getName();
        transaction.executeWithoutResult(status -> {
            // Links first: who uses one meanwhile has a session by then, or none.
            links.voidAll(account);
            addresses.voidAll(account);
            jdbc.sql("delete from spring_session where principal_name = :account")
                    .param("account", account)
                    .update();
            accounts.note(account, "SIGNED_OUT", "everywhere by customer");
        });
        request.logout();
        var session = request.getSession(false);
        if (session != null) session.invalidate();
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create("/billing/sign-in?out"))
                .build();
    }
}
