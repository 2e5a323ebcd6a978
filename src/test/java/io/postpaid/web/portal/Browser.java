package io.postpaid.web.portal;

import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A browser without scripts: it keeps cookies, and sends the forms of the page that it shows. */
public final class Browser {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

    private final HttpClient client;
    private final String base;
    private String shown = "";
    private HttpRequest.Builder last = HttpRequest.newBuilder();

    public Browser(int port) {
        this(HttpClient.newBuilder().cookieHandler(new Cookies()).build(), port);
    }

    private Browser(HttpClient client, int port) {
        this.client = client;
        base = "http://127.0.0.1:" + port;
    }

    /** The same, at another server of the same name. */
    public Browser at(int otherPort) {
        return new Browser(client, otherPort);
    }

    /** On the own machine a browser sends cookies as if it were by HTTPS. */
    private static final class Cookies extends CookieManager {
        public Cookies() {
            super(null, CookiePolicy.ACCEPT_ALL);
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
            return super.get(URI.create(uri.toString().replaceFirst("^http:", "https:")), headers);
        }
    }

    /** One that a link has signed in. */
    public static Browser signedIn(TestApplication application, String account) {
        var link = application.get(PortalLinks.class).make(account, Duration.ofHours(1), "https://seller.test/app?a=1");
        var browser = new Browser(application.http(null).port());
        browser.get(link.url().substring(link.url().indexOf("/billing")));
        var signedIn = browser.submit("/billing/sign-in/link", Map.of());
        if (signedIn.status() != 302) throw new AssertionError("the link signs nobody in: " + signedIn.text());
        return browser;
    }

    public record Page(HttpResponse<String> answer) {
        public int status() {
            return answer.statusCode();
        }

        public String body() {
            return answer.body();
        }

        /** What is read of it. */
        public String text() {
            return body().replaceAll("<[^>]*>", " ")
                    .replace("&amp;", "&")
                    .replace("&#x3D;", "=")
                    .replaceAll("\\s+", " ");
        }

        public String header(String name) {
            return String.join("; ", answer.headers().allValues(name));
        }

        public String location() {
            return header("Location");
        }
    }

    public Page get(String path) {
        return send(HttpRequest.newBuilder(URI.create(base + path)));
    }

    /** Sends the form of the page that has this address. */
    public Page submit(String action, Map<String, String> typed) {
        var from = shown.indexOf("action=\"" + action + "\"");
        if (from < 0) throw new AssertionError("the page has no form for " + action + ": " + shown);
        var values = new HashMap<String, String>();
        var hidden = HIDDEN.matcher(shown.substring(from, shown.indexOf("</form>", from)));
        while (hidden.find()) values.put(hidden.group(1), hidden.group(2).replace("&#x3D;", "="));
        values.putAll(typed);
        var before = shown;
        var page = post(action, PortalTest.form(values));
        // A form may be sent again.
        if (!page.body().contains("action=\"" + action + "\"")) shown = before;
        return page;
    }

    public Page post(String path, String form) {
        return send(post(URI.create(base + path), form));
    }

    /** What was sent last is sent once more, as by loading its answer again. */
    public Page again() {
        return send(last);
    }

    /** Sends a form that no page shows, with the token of one that was shown. */
    public Page postWithToken(String path, Map<String, String> typed) {
        var values = new HashMap<>(typed);
        var token = HIDDEN.matcher(shown);
        if (token.find()) values.put(token.group(1), token.group(2).replace("&#x3D;", "="));
        var before = shown;
        var page = post(path, PortalTest.form(values));
        shown = before;
        return page;
    }

    /** A page of another site. */
    public Page visit(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    public Page visit(String url, String form) {
        return send(post(URI.create(url), form));
    }

    private static HttpRequest.Builder post(URI uri, String form) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    private Page send(HttpRequest.Builder request) {
        last = request;
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            shown = answer.body();
            return new Page(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
