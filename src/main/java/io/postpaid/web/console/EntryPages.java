package io.postpaid.web.console;

import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
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

    private final Console console;
    private final Pages pages;
    private final byte[] script;

    EntryPages(Console console, Pages pages) throws IOException {
        this.console = console;
        this.pages = pages;
        this.script = new ClassPathResource("META-INF/resources/webjars/htmx.org/2.0.4/dist/htmx.min.js")
                .getContentAsByteArray();
    }

    @GetMapping(ConsoleSecurity.SIGN_IN)
    ResponseEntity<String> signIn(HttpServletRequest request, @RequestParam(defaultValue = "") String to) {
        return console.page(
                request,
                "",
                "sign-in",
                Map.of(
                        "refused", request.getParameter("refused") != null,
                        "out", request.getParameter("out") != null,
                        "to", ConsolePath.of(to)));
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
