package io.postpaid.web.portal;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
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
    static final String STYLE = "/billing/style.css";
    private static final int ADDRESS_MAX = 320;

    private final Pages pages;
    private final SignInMail mail;
    private final Networks networks;

    SignIn(Pages pages, SignInMail mail, Networks networks) {
        this.pages = pages;
        this.mail = mail;
        this.networks = networks;
    }

    @GetMapping("/billing/sign-in")
    ResponseEntity<String> ask(HttpServletRequest request, @RequestParam(defaultValue = "") String to) {
        return pages.page(
                request,
                "sign-in",
                Map.of(
                        "out", request.getParameter("out") != null,
                        "used", request.getParameter("used") != null,
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
        boolean isAddress = address.contains("@") && address.length() <= ADDRESS_MAX && address.indexOf('\0') < 0;
        if (isAddress && !mail.ask(address, PagePath.of(to).orElse(null))) {
            return pages.message(
                    request,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "One moment, please",
                    "Many people sign in right now, and no mail was sent to you. Try again in a minute.");
        }
        return pages.message(
                request,
                HttpStatus.OK,
                "Look into your mail",
                "If this is the billing address of an account, a link to its pages is on its way to it. It is valid for "
                        + SignInMail.VALID.toMinutes() + " minutes, and once. At most " + SignInMail.MAILS_IN_WINDOW
                        + " such mails go to one address in an hour.");
    }

    /** What opens links in mails, and not the customer, sees this page and signs nobody in. */
    @GetMapping(PortalLinks.PATH)
    ResponseEntity<String> link(HttpServletRequest request, @RequestParam(defaultValue = "") String token) {
        return pages.page(request, "link", Map.of("token", token));
    }

    @GetMapping(STYLE)
    ResponseEntity<byte[]> style() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/css"))
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(pages.style());
    }
}
