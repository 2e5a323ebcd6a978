package io.postpaid.web.console;

import io.postpaid.books.report.Proofs;
import io.postpaid.books.report.Proofs.Verified;
import io.postpaid.web.WebActor;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** Every invariant of the books, as the latest check found it. */
@ConsolePages
class BooksPage {
    private final Console console;
    private final Proofs proofs;
    private final InstantSource clock;

    BooksPage(Console console, Proofs proofs, InstantSource clock) {
        this.console = console;
        this.proofs = proofs;
        this.clock = clock;
    }

    @GetMapping("/console/books")
    ResponseEntity<String> books(HttpServletRequest request) {
        var now = clock.instant();
        var since = proofs.underWay().orElse(null);
        var found = proofs.latest();
        long broken = found.stream().filter(invariant -> !invariant.holds()).count();
        var view = new HashMap<String, @Nullable Object>();
        view.put("since", since == null ? null : Moments.text(since));
        view.put("broken", broken == 0 ? null : broken);
        view.put("count", found.isEmpty() ? null : found.size());
        view.put(
                "checked",
                found.isEmpty() ? null : Moments.text(found.getFirst().at()));
        view.put(
                "invariants",
                found.stream().map(invariant -> row(invariant, now)).toList());
        return console.page(request, "books", "books", view);
    }

    private static Map<String, ?> row(Verified invariant, Instant now) {
        return Map.of(
                "name", invariant.name(),
                "rule", invariant.rule(),
                "figure", invariant.figure(),
                "holds", invariant.holds(),
                "broken", invariant.broken(),
                "examples", List.copyOf(invariant.examples()),
                "age", Moments.span(Duration.between(invariant.at(), now)));
    }

    @PostMapping("/console/books/check")
    ResponseEntity<String> check(HttpServletRequest request) {
        proofs.begin(WebActor.of(request));
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/console/books"))
                .build();
    }
}
