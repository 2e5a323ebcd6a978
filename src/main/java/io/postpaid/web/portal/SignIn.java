package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.mail.PromptMail;
import io.postpaid.platform.calendar.BillingClock;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The way in: an address is asked for, a link is mailed to it, and a button uses the link. */
@CustomerPages
class SignIn {
    private static final Duration VALID = Duration.ofMinutes(15);
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int LINKS_IN_WINDOW = 5;
    private static final int ADDRESS_MAX = 320;
    private static final int AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Pages pages;
    private final PortalLinks links;
    private final Accounts accounts;
    private final PromptMail mail;
    private final Networks networks;
    private final BillingClock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    SignIn(Pages pages, PortalLinks links, Accounts accounts, PromptMail mail, Networks networks, BillingClock clock) {
        this.pages = pages;
        this.links = links;
        this.accounts = accounts;
        this.mail = mail;
        this.networks = networks;
        this.clock = clock;
    }

    @GetMapping("/billing/sign-in")
    ResponseEntity<String> ask(HttpServletRequest request, @RequestParam(defaultValue = "") String to) {
        var query = Objects.requireNonNullElse(request.getQueryString(), "");
        return pages.page(
                request,
                "sign-in",
                Map.of(
                        "out", query.equals("out"),
                        "used", query.equals("used"),
                        "to", PagePath.of(to).orElse("")));
    }

    /** The same answer for every address, and as fast: what becomes of it is decided afterwards. */
    @PostMapping("/billing/sign-in")
    ResponseEntity<String> mail(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String to) {
        if (!networks.mayAsk(request.getRemoteAddr())) {
            return pages.message(
                    request,
                    HttpStatus.TOO_MANY_REQUESTS,
                    "Too many requests",
                    "Many links were asked for from your network. Try again in a few minutes.");
        }
        var address = email.strip();
        if (address.contains("@") && address.length() <= ADDRESS_MAX && address.indexOf('\0') < 0) {
            Thread.startVirtualThread(() -> mailLinks(address, PagePath.of(to).orElse(null)));
        }
        return pages.message(
                request,
                HttpStatus.OK,
                "Look into your mail",
                "If this is the billing address of an account, a link to its pages is on its way to it. It is valid for "
                        + VALID.toMinutes() + " minutes, and once.");
    }

    /** A few at a time: whoever asks without end must not take the database from the gate. */
    private void mailLinks(String address, @Nullable String page) {
        try {
            if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            accounts.withEmail(address).forEach(account -> mailLink(account, page));
        } finally {
            places.release();
        }
    }

    private void mailLink(Account account, @Nullable String page) {
        if (links.madeSince(account.id(), clock.instant().minus(WINDOW)) >= LINKS_IN_WINDOW) return;
        var link = links.makeTo(account.id(), VALID, page);
        mail.send(
                "sign-in",
                account.id(),
                account.email(),
                Map.of("account", Map.of("id", account.id(), "name", account.name()), "page_url", link.url()));
    }

    /** What opens links in mails, and not the customer, sees this page and signs nobody in. */
    @GetMapping(PortalLinks.PATH)
    ResponseEntity<String> link(HttpServletRequest request, @RequestParam(defaultValue = "") String token) {
        return pages.page(request, "link", Map.of("token", token));
    }

    @GetMapping("/billing/style.css")
    ResponseEntity<byte[]> style() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/css"))
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(pages.style());
    }
}
