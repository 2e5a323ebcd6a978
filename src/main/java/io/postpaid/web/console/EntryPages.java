package io.postpaid.web.console;

import io.postpaid.web.oidc.OidcSettings;
import io.postpaid.web.oidc.OidcSignIn;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The way in, and what all pages load. */
@ConsolePages
class EntryPages {
    private static final CacheControl AN_HOUR =
            CacheControl.maxAge(Duration.ofHours(1)).cachePublic();

    /** What the page may have to say, as its address asks for it. */
    private static final List<String> NOTICES =
            List.of("refused", "out", "ended", "unreachable", "cancelled", "failed");

    private final Console console;
    private final Pages pages;
    private final OidcSettings oidc;
    private final byte[] script;

    EntryPages(Console console, Pages pages, OidcSettings oidc) throws IOException {
        this.console = console;
        this.pages = pages;
        this.oidc = oidc;
        this.script = new ClassPathResource("META-INF/resources/webjars/htmx.org/2.0.4/dist/htmx.min.js")
                .getContentAsByteArray();
    }

    @GetMapping(ConsoleSecurity.SIGN_IN)
    ResponseEntity<String> signIn(HttpServletRequest request, @RequestParam(defaultValue = "") String to) {
        var view = new HashMap<String, Object>();
        NOTICES.forEach(notice -> view.put(notice, request.getParameter(notice) != null));
        view.put("to", ConsolePath.of(to));
        view.put("provider", oidc.host());
        view.put("provider_href", OidcSignIn.PATH + "?to=" + ConsolePath.encoded("GET", to, null));
        return console.page(request, "", "sign-in", view);
    }

    @GetMapping(ConsoleSecurity.STYLE)
    ResponseEntity<byte[]> style() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/css"))
                .cacheControl(AN_HOUR)
                .body(pages.style());
    }

    @GetMapping(ConsoleSecurity.SCRIPT)
    ResponseEntity<byte[]> script() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/javascript"))
                .cacheControl(AN_HOUR)
                .body(script);
    }

    @GetMapping("/console/{*path}")
    ResponseEntity<String> nothing(@PathVariable String path) {
        throw new ConsoleErrors.NotFoundException();
    }
}
