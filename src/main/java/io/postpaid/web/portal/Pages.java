package io.postpaid.web.portal;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;

/** Draws {@code templates/web/<name>.html} with what all pages share. */
@Component
@ConditionalOnWebApplication
public class Pages {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** What the head of a page leads to. */
    private static final List<String> TABS = List.of("month", "invoices", "credit", "prices", "details");

    private final TemplateFiles files;
    private final Seller seller;
    private final BillingClock clock;
    private final Map<String, TextTemplate> templates = new ConcurrentHashMap<>();

    Pages(TemplateFiles files, Seller seller, BillingClock clock) {
        this.files = files;
        this.seller = seller;
        this.clock = clock;
    }

    public ResponseEntity<String> page(HttpServletRequest request, String name, Map<String, ?> view) {
        return page(request, HttpStatus.OK, name, view);
    }

    public ResponseEntity<String> page(
            HttpServletRequest request, HttpStatus status, String name, Map<String, ?> view) {
        var all = new HashMap<String, @Nullable Object>();
        all.put("seller", Map.of("name", seller.name(), "email", seller.email(), "web", seller.web()));
        all.put("as_of", MOMENT.format(clock.instant()));
        all.put("signed_in", request.getUserPrincipal() != null);
        all.put("return_url", returnUrl(request));
        // Makes a button that is pressed twice one wish.
        all.put("form_key", UUID.randomUUID().toString());
        all.put("at_" + name, true);
        TABS.forEach(tab -> all.putIfAbsent("at_" + tab, false));
        if (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken csrf) {
            all.put("csrf", Map.of("name", csrf.getParameterName(), "token", csrf.getToken()));
        }
        all.putAll(view);
        var html = templates
                .computeIfAbsent(name, page -> TextTemplate.html(files, "web/" + page + ".html"))
                .render(all);
        return ResponseEntity.status(status)
                .contentType(new MediaType("text", "html", StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noStore())
                .body(html);
    }

    /** A file that a page leads to. */
    public static ResponseEntity<byte[]> file(MediaType type, ContentDisposition name, byte[] bytes) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
                .body(bytes);
    }

    /** A page that says one thing. */
    public ResponseEntity<String> message(HttpServletRequest request, HttpStatus status, String title, String text) {
        return page(request, status, "message", Map.of("title", title, "text", text));
    }

    /** Leads to a page of somebody else's: not by a redirect, which browsers refuse behind a form. */
    ResponseEntity<String> leave(HttpServletRequest request, String title, String url) {
        if (!url.matches("https?://[!-~]+")) throw new IllegalArgumentException("no address of a page: " + url);
        return page(request, "leave", Map.of("title", title, "url", url));
    }

    /** Sends a page from where no controller is: a filter. */
    public static void write(ResponseEntity<String> page, HttpServletResponse response) throws IOException {
        response.setStatus(page.getStatusCode().value());
        page.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        response.setContentType(Objects.requireNonNullElse(page.getHeaders().getContentType(), MediaType.TEXT_HTML)
                .toString());
        response.getOutputStream()
                .write(Objects.requireNonNullElse(page.getBody(), "").getBytes(StandardCharsets.UTF_8));
    }

    public byte[] style() {
        return files.bytes("web/style.css");
    }

    private static @Nullable Object returnUrl(HttpServletRequest request) {
        var session = request.getUserPrincipal() == null ? null : request.getSession(false);
        return session == null ? null : session.getAttribute(PortalSecurity.RETURN_URL);
    }
}
