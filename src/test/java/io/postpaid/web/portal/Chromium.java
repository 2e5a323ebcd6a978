package io.postpaid.web.portal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The machine's Chromium, in which the addresses of mails lead to an application that runs here. */
final class Chromium implements AutoCloseable {
    /** What links in mails begin with, as the application is set up for tests. */
    static final String BASE = "http://billing.seller.test";

    static final String NEEDED =
            "The pages are tried in a browser: install the Debian packages chromium and chromium-driver.";
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SCRIPTS_OFF = 2;

    private final ChromeDriver driver;
    private final Path downloads;

    /** @param scripts whether pages may run any; what the test itself runs needs them, too */
    Chromium(int port, Path downloads, boolean scripts) {
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
                        "--window-size=1160,900",
                        // As if it were behind TLS: files are not taken from elsewhere without asking.
                        "--unsafely-treat-insecure-origin-as-secure=" + BASE,
                        "--host-resolver-rules=MAP billing.seller.test:80 127.0.0.1:" + port)
                .setExperimentalOption(
                        "prefs",
                        Map.of(
                                "profile.managed_default_content_settings.javascript",
                                scripts ? 1 : SCRIPTS_OFF,
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
    }

    static boolean installed() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page by its path, or by its whole address. */
    void open(String address) {
        driver.get(address.startsWith("/") ? BASE + address : address);
    }

    /** Presses the link or button that is called so. */
    void press(String label) {
        await("'" + label + "'", () -> called("a, button, summary", label)).click();
    }

    /** Presses the button of a form, where a link is called the same. */
    void submit(String label) {
        await("button '" + label + "'", () -> called("form button", label)).click();
    }

    /** Types into the field of this label, in place of what it holds. */
    void type(String label, String text) {
        var field = await(
                "a field '" + label + "'",
                () -> called("label", label)
                        .map(found -> driver.findElement(By.id(Objects.requireNonNull(found.getDomAttribute("for"))))));
        field.clear();
        field.sendKeys(text);
    }

    private Optional<WebElement> called(String kind, String label) {
        return driver.findElements(By.cssSelector(kind)).stream()
                .filter(element -> element.getText().equals(label))
                .findFirst();
    }

    /** Waits until all of it can be read. */
    void shows(String... texts) {
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
            } catch (StaleElementReferenceException | NoSuchElementException gone) {
                continue;
            }
        }
        throw new AssertionError("no " + what + " on " + path() + ": " + text());
    }

    /** What a person reads of the page. */
    String text() {
        return driver.findElement(By.tagName("body")).getText().replaceAll("\\s+", " ");
    }

    String title() {
        return Objects.requireNonNull(driver.getTitle());
    }

    /** The path of the page that is shown. */
    String path() {
        return Objects.requireNonNull(driver.getCurrentUrl()).replace(BASE, "");
    }

    void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    /** A file that a link has brought. */
    byte[] downloaded(String name) throws IOException {
        var file = downloads.resolve(name);
        return Files.readAllBytes(await("file " + name, () -> Optional.of(file).filter(Chromium::complete)));
    }

    /** The browser holds the name by an empty file until all is there. */
    private static boolean complete(Path file) {
        return file.toFile().length() > 0;
    }

    void look(int width, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** The whole page, also what is below the window's edge. */
    void photograph(Path file) throws IOException {
        var picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }

    /** What can be reached by scrolling sideways only. */
    String beyondTheEdge() {
        return String.valueOf(driver.executeScript("""
                const wide = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= wide) return '';
                return [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > wide && !e.closest('.scroll'))
                    .map(e => e.outerHTML.slice(0, 80)).join('\\n') || 'the page';"""));
    }

    /** What hinders people who see badly or use no mouse, as axe-core finds it. */
    List<?> hindrances() throws IOException {
        var script = axe() + """

                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                    found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))),
                    failure => done(['axe: ' + failure]));""";
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(script));
    }

    private static String axe() throws IOException {
        try (var script = Objects.requireNonNull(Chromium.class.getResourceAsStream("/axe.min.js"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
