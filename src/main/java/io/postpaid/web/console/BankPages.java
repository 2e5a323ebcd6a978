package io.postpaid.web.console;

import io.postpaid.account.UnknownAccountException;
import io.postpaid.payments.bank.BankMatches;
import io.postpaid.payments.bank.BankMatches.Matched;
import io.postpaid.payments.bank.BankStatements;
import io.postpaid.payments.bank.BankStatements.Listed;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The lines of bank statements, and what a person says that they are. */
@ConsolePages
class BankPages {
    private static final String ROOT = "/console/bank";
    private static final int MOST = 200;

    private final Console console;
    private final BankStatements statements;
    private final BankMatches matches;

    BankPages(Console console, BankStatements statements, BankMatches matches) {
        this.console = console;
        this.statements = statements;
        this.matches = matches;
    }

    /** What a line can be. */
    enum Way {
        INVOICE("Money for an invoice"),
        ACCOUNT("Money for an account, or sent back to it"),
        PAYOUT("A payout of Stripe's"),
        CHARGES("A charge of the bank"),
        IGNORE("No money of these books");

        private final String word;

        Way(String word) {
            this.word = word;
        }
    }

    private static final List<Map<String, String>> WAYS = Stream.of(Way.values())
            .map(way -> Map.of("value", way.name(), "word", way.word))
            .toList();

    @GetMapping(ROOT)
    ResponseEntity<String> lines(HttpServletRequest request, @RequestParam(defaultValue = "") String all) {
        var found = statements.list(all.isEmpty(), MOST + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("lines", found.stream().limit(MOST).map(BankPages::row).toList());
        view.put("full", found.size() > MOST);
        view.put("all", !all.isEmpty());
        view.put("ways", WAYS);
        return console.page(request, "invoices", "bank", view);
    }

    private static Map<String, ?> row(Listed line) {
        return Map.of(
                "id", line.id(),
                "booked", line.bookedOn().toString(),
                "party", line.party(),
                "text", line.text(),
                "reference", line.reference(),
                "amount", Amounts.text(line.amount(), line.currency()),
                "kind", Objects.requireNonNullElse(line.kind(), ""),
                "matched", Objects.requireNonNullElse(line.matched(), ""));
    }

    /** @param to the invoice, account or payout, or why the line is left out */
    @PostMapping(ROOT + "/{id}/match")
    ResponseEntity<String> match(
            HttpServletRequest request,
            @PathVariable long id,
            @RequestParam(defaultValue = "") String as,
            @RequestParam(defaultValue = "") String to) {
        var matched = matched(id, Typed.one(Way.class, as), Typed.text(to).strip());
        var line = matched.line();
        return console.message(
                request,
                HttpStatus.OK,
                "Done",
                "Line " + id + " of " + Amounts.text(line.amount(), line.currency()) + " is " + matched.kind() + ": "
                        + matched.reference(),
                ROOT);
    }

    private Matched matched(long id, Way way, String to) {
        return switch (way) {
            case INVOICE -> matches.toInvoice(id, to);
            case ACCOUNT -> toAccount(id, to);
            case PAYOUT -> matches.toPayout(id, to);
            case CHARGES -> matches.asCharge(id);
            case IGNORE -> matches.ignore(id, Typed.reason(to));
        };
    }

    private Matched toAccount(long id, String account) {
        try {
            return matches.toAccount(id, account);
        } catch (UnknownAccountException unknown) {
            throw new IllegalArgumentException("There is no account '" + account + "'", unknown);
        }
    }
}
