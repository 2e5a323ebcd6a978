package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What an account's invoice would be if its month ended now: drafted as the month's end does it, and kept nowhere. */
@Component
public class Upcoming {
    private final DraftStore drafts;
    private final PriceBooks prices;
    private final Taxations taxations;
    private final Drafting drafting;
    private final CurrencySettings settings;

    Upcoming(DraftStore drafts, PriceBooks prices, Taxations taxations, Drafting drafting, CurrencySettings settings) {
        this.drafts = drafts;
        this.prices = prices;
        this.taxations = taxations;
        this.drafting = drafting;
        this.settings = settings;
    }

    /** An invoice without id, number and PDF, with its lines and their taxes. */
    public record Preview(Invoice invoice, List<InvoiceLine> lines, List<InvoiceTax> taxes) {}

    /** @return nothing where nothing would be billed, or the account would be held */
    public Optional<Preview> of(String account, BillingPeriod period) {
        var facts = drafts.billables(List.of(account), period, prices.current()).getFirst();
        var taxation = taxations.preview(period, List.of(facts.account()));
        return switch (drafting.draft(facts, taxation)) {
            case Drafted(var invoice, var lines, var taxed) ->
                Optional.of(new Preview(paidFromBalance(invoice), lines, taxed));
            case Draft.NothingToBill nothing -> Optional.empty();
            case Held held -> Optional.empty();
        };
    }

    private Invoice paidFromBalance(Invoice draft) {
        return draft.paidFromBalance(drafts.balancePays(draft), settings.leastCharge(draft.currency()));
    }
}
