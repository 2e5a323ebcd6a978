package io.postpaid.web.portal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The machine's Chromium, in which the addresses of mails lead to an application that runs here. */
public final class Chromium implements AutoCloseable {
    /** What links in mails begin with, as the application is set up for tests. */
    public static final String BASE = "http://billing.seller.test";

    public static final String NEEDED =
            "The pages are tried in a browser: install the Debian packages chromium and chromium-driver.";
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HEIGHT = 900;

    private final ChromeDriver driver;
    private final Path downloads;
    private final Map<String, Set<Cookie>> sessions = new HashMap<>();
    private int wide;
    private int high;

    /** It runs no script of a page until it may. */
    public Chromium(int port, Path downloads) {
        // It knows no debugging protocol of a browser that is newer than itself, and needs none here.
        SELENIUM.setLevel(Level.SEVERE);
        this.downloads = downloads;
        var options = new ChromeOptions()
                .setBinary(program("chromium").orElseThrow().toFile())
                .addArguments(
                        "--headless=new",
                        // Where tests run as root there is no sandbox to run in.
                        "--no-sandbox",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        // Pictures are drawn by the processor in any case, and sooner without a driver in between.
                        "--disable-gpu",
                        "--window-size=1160,900",
                        // As if it were behind TLS: files are not taken from elsewhere without asking.
                        "--unsafely-treat-insecure-origin-as-secure=" + BASE,
                        "--host-resolver-rules=MAP billing.seller.test:80 127.0.0.1:" + port)
                .setExperimentalOption(
                        "prefs",
                        Map.of(
                                "download.default_directory",
                                downloads.toString(),
                                "plugins.always_open_pdf_externally",
                                true));
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                program("chromedriver").orElseThrow().toFile())
                        .build(),
                options);
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", axe()));
        scripts(false);
    }

    /** Whether pages may run scripts; what the test itself runs for a while needs them, too. */
    public void scripts(boolean run) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !run));
    }

    public static boolean installed() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page by its path, or by its whole address. */
    public void open(String address) {
        driver.get(address.startsWith("/") ? BASE + address : address);
    }

    /** Presses the link or button that is called so. */
    public void press(String label) {
        await("'" + label + "'", () -> called("a, button, summary", label)).click();
    }

    /** Presses the button of a form, where a link is called the same. */
    public void submit(String label) {
        await("button '" + label + "'", () -> called("form//button", label)).click();
    }

    /** Types into the field of this label, in place of what it holds. */
    public void type(String label, String text) {
        var field = await(
                "a field '" + label + "'",
                () -> called("label", label)
                        .map(found -> driver.findElement(By.id(Objects.requireNonNull(found.getDomAttribute("for"))))));
        field.clear();
        field.sendKeys(text);
    }

    /** Types into a field by its id, where several labels read the same. */
    public void typeInto(String id, String text) {
        var field = await(
                "a field " + id, () -> driver.findElements(By.id(id)).stream().findFirst());
        field.clear();
        field.sendKeys(text);
    }

    private Optional<WebElement> called(String kind, String label) {
        var paths = Stream.of(kind.split(", "))
                .map(element -> "//" + element + "[normalize-space()=\"" + label + "\"]")
                .collect(Collectors.joining(" | "));
        return driver.findElements(By.xpath(paths)).stream()
                .filter(WebElement::isDisplayed)
                .findFirst();
    }

    /** Waits until all of it can be read. */
    public void shows(String... texts) {
        await(
                String.join(" ... ", texts),
                () -> Optional.of(text()).filter(text -> Stream.of(texts).allMatch(text::contains)));
    }

    /** A press may return before the next page is there. */
    private <T> T await(String what, Supplier<Optional<T>> look) {
        for (var until = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < until; Thread.onSpinWait()) {
            try {
                var found = look.get();
                if (found.isPresent()) return found.get();
            } catch (WebDriverException gone) {
                continue;
            }
        }
        throw new AssertionError("no " + what + " on " + path() + ": " + text());
    }

    /** What a person reads of the page. */
    public String text() {
        return driver.findElement(By.tagName("body")).getText().replaceAll("\\s+", " ");
    }

    public String title() {
        return Objects.requireNonNull(driver.getTitle());
    }

    /** The path of the page that is shown. */
    public String path() {
        return Objects.requireNonNull(driver.getCurrentUrl()).replace(BASE, "");
    }

    public void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    /** Goes on as an account that was signed in here before; otherwise signs it in. */
    public void as(String account, Runnable signIn) {
        as(account, "/billing/style.css", "/billing", signIn);
    }

    /** @param any a page of the same cookies that is there for everybody */
    public void as(String who, String any, String first, Runnable signIn) {
        forgetCookies();
        var known = sessions.get(who);
        if (known == null) {
            signIn.run();
            sessions.put(who, driver.manage().getCookies());
        } else {
            // A cookie is set for the site that is shown.
            if (!Objects.requireNonNull(driver.getCurrentUrl()).startsWith(BASE)) open(any);
            known.forEach(driver.manage()::addCookie);
            open(first);
        }
    }

    /** What is written on the elements of a page that a selector finds. */
    public List<String> labels(String selector) {
        return await(
                "elements " + selector,
                () -> Optional.of(driver.findElements(By.cssSelector(selector)).stream()
                        .map(WebElement::getText)
                        .toList()));
    }

    /** A file that a link has brought. */
    public byte[] downloaded(String name) throws IOException {
        var file = downloads.resolve(name);
        return Files.readAllBytes(await("file " + name, () -> Optional.of(file).filter(Chromium::complete)));
    }

    /** The browser holds the name by an empty file until all is there. */
    private static boolean complete(Path file) {
        return file.toFile().length() > 0;
    }

    public void look(int width, boolean dark) {
        if (width != wide) window(width, HEIGHT);
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    private void window(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        wide = width;
        high = height;
    }

    /** The whole page: the window becomes as high as it is. */
    public void photograph(Path file) throws IOException {
        var page = (Number) Objects.requireNonNull(
                driver.executeScript("return Math.ceil(document.documentElement.getBoundingClientRect().height)"));
        int height = Math.max(HEIGHT, page.intValue());
        if (height != high) window(wide, height);
        var picture =
                driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", true));
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }

    /** What can be reached by scrolling sideways only; a chart, and a table that is opened, may be wider than its place. */
    public String beyondTheEdge() {
        return String.valueOf(driver.executeScript("""
                const wide = document.documentElement.clientWidth;
                const cut = [...document.querySelectorAll('.scroll')].filter(
                    e => e.scrollWidth > e.clientWidth && !e.querySelector('.chart') && !e.closest('details'));
                if (cut.length) return cut.map(e => 'cut: ' + e.getAttribute('aria-label')).join('\\n');
                if (document.documentElement.scrollWidth <= wide) return '';
                return [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > wide && !e.closest('.scroll'))
                    .map(e => e.outerHTML.slice(0, 80)).join('\\n') || 'the page';"""));
    }

    /**
     * What hinders people who see badly or use no mouse, as axe-core finds it.
     *
     * @param onlyColours where nothing else has changed since it was asked before
     */
    public List<?> hindrances(boolean onlyColours) {
        var script = """
                const done = arguments[arguments.length - 1];
                const only = arguments[0] ? {runOnly: ['cat.color']} : {};
                axe.run(document, {resultTypes: ['violations'], preload: false, ...only}).then(
                    found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))),
                    failure => done(['axe: ' + failure]));""";
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(script, onlyColours));
    }

    private static String axe() {
        try (var script = Objects.requireNonNull(Chromium.class.getResourceAsStream("/axe.min.js"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
