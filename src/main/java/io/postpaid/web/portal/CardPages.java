package io.postpaid.web.portal;

import io.postpaid.payments.charging.CardEntry;
import io.postpaid.payments.charging.Cards.Outcome.Attached;
import io.postpaid.payments.charging.Cards.Outcome.NothingWanted;
import io.postpaid.payments.charging.Cards.Outcome.Refused;
import io.postpaid.payments.charging.Cards.Outcome.Unknown;
import io.postpaid.payments.charging.Payments.NewCard;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The card on file: entered on a page of Stripe's, so that no number passes through here. */
@CustomerPages
@RequestMapping("/billing/card")
class CardPages {
    private final Pages pages;
    private final CardEntry cards;
    private final PortalLinks links;
    private final PageRate rate;

    CardPages(Pages pages, CardEntry cards, PortalLinks links, PageRate rate) {
        this.pages = pages;
        this.cards = cards;
        this.links = links;
        this.rate = rate;
    }

    /** The key of the form makes pressing its button twice one page. */
    @PostMapping
    ResponseEntity<String> enter(
            HttpServletRequest request, Principal customer, @RequestParam(defaultValue = "") String key) {
        if (!key.matches("[0-9a-f-]{36}")) throw new PageNotFound();
        rate.asksStripe(customer.getName());
        return cards.page(
                        customer.getName(),
                        key,
                        links.url("/billing/card/done?page={CHECKOUT_SESSION_ID}"),
                        links.url("/billing"))
                .map(url -> pages.leave(request, "Your card is entered at Stripe", url))
                .orElseGet(() -> later(request));
    }

    /** The way back from Stripe's page. What it leads to happens once, also by Stripe's event alone. */
    @GetMapping("/done")
    ResponseEntity<String> done(
            HttpServletRequest request, Principal customer, @RequestParam(defaultValue = "") String page) {
        if (!page.matches("cs_[0-9A-Za-z_]{1,200}")) throw new PageNotFound();
        rate.asksStripe(customer.getName());
        return cards.entered(customer.getName(), page)
                .map(card -> shown(request, card))
                .orElseThrow(PageNotFound::new);
    }

    private ResponseEntity<String> shown(HttpServletRequest request, NewCard card) {
        if (card.card() instanceof Unknown) return later(request);
        if (card.card() instanceof Refused) {
            return pages.message(
                    request, HttpStatus.PAYMENT_REQUIRED, "The card was not accepted", "Please use another card.");
        }
        if (card.card() instanceof NothingWanted) {
            return pages.message(
                    request, HttpStatus.OK, "Nothing was changed", "The card on file is the one that was added last.");
        }
        var label = card.card() instanceof Attached(var attached) ? attached.label() + " is" : "Your new card is";
        var charged = card.charges().stream()
                .map(charge -> charge.outcome().paid()
                        ? "Invoice " + charge.invoice() + " was paid with it."
                        : "Invoice " + charge.invoice() + " is still open: its page says why.")
                .collect(Collectors.joining(" "));
        return pages.message(
                request, HttpStatus.OK, "Your card is on file", label + " charged from now on. " + charged);
    }

    private ResponseEntity<String> later(HttpServletRequest request) {
        return pages.message(
                request,
                HttpStatus.SERVICE_UNAVAILABLE,
                "Stripe cannot be reached",
                "Nothing was changed. Please try again in a few minutes.");
    }
}
