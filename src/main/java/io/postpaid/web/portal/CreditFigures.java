package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.CreditPrice;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What the page about credit shows. */
@Component
@ConditionalOnWebApplication
class CreditFigures {
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final TopUpDocuments documents;
    private final BillingClock clock;

    CreditFigures(Accounts accounts, CreditLedger ledger, TopUpDocuments documents, BillingClock clock) {
        this.accounts = accounts;
        this.ledger = ledger;
        this.documents = documents;
        this.clock = clock;
    }

    Map<String, @Nullable Object> view(String id) {
        var account = accounts.get(id);
        var today = clock.today();
        var card = account.card();
        var papers = documents.list(id);
        var view = new HashMap<String, @Nullable Object>();
        view.put("error", "");
        view.put("amount", "");
        view.put("price", null);
        view.put("balance", Amounts.text(ledger.balance(id, today), account.currency()));
        view.put("currency", account.currency());
        view.put("card", card == null ? null : card.label());
        view.put("has_papers", !papers.isEmpty());
        view.put("papers", papers.stream().map(CreditFigures::paper).toList());
        view.put(
                "grants",
                ledger.grants(id).stream()
                        .sorted(CreditGrant.BURN_DOWN_ORDER)
                        .map(grant -> grant(grant, today))
                        .toList());
        return view;
    }

    /** What credit costs, as a sum. */
    Map<String, String> price(String id, CreditPrice price) {
        var currency = accounts.get(id).currency();
        return Map.of(
                "net", Amounts.plain(price.net(), currency),
                "percent", price.percent().stripTrailingZeros().toPlainString(),
                "name", price.name(),
                "tax", Amounts.plain(price.tax(), currency),
                "total", Amounts.plain(price.total(), currency),
                "asked", price.total().toPlainString());
    }

    private static Map<String, ?> paper(TopUpDocument document) {
        return Map.of(
                "number", document.number(),
                "issued", Wording.day(document.issuedOn()),
                "net", Amounts.plain(document.net(), document.currency()),
                "tax", Amounts.plain(document.tax().tax(), document.currency()),
                "total", Amounts.plain(document.total(), document.currency()),
                "kind", document.isInvoice() ? "Invoice" : "Credit note");
    }

    private static Map<String, ?> grant(CreditGrant grant, LocalDate today) {
        var expires = grant.expiresOn();
        return Map.of(
                "kind", grant.kind().name().replace('_', '-').toLowerCase(Locale.ROOT),
                "granted", Wording.day(LocalDate.ofInstant(grant.grantedAt(), ZoneOffset.UTC)),
                "amount", Amounts.plain(grant.amount(), grant.currency()),
                "left", Amounts.plain(grant.remaining(), grant.currency()),
                "expires", expires == null ? "never" : Wording.day(expires),
                "used_up", grant.remaining().signum() == 0 || !grant.usableOn(today));
    }
}
