package io.postpaid.web.console;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One field for all that an operator has at hand: an account, an address, a number, an amount, or what a bank or Stripe calls a payment. */
@ConsolePages
class SearchPage {
    private static final int MOST = 20;

    private final Console console;
    private final AccountSearch accounts;
    private final InvoiceSearch invoices;
    private final JdbcClient jdbc;

    SearchPage(Console console, AccountSearch accounts, InvoiceSearch invoices, JdbcClient jdbc) {
        this.console = console;
        this.accounts = accounts;
        this.invoices = invoices;
        this.jdbc = jdbc;
    }

    @GetMapping("/console/search")
    ResponseEntity<String> search(HttpServletRequest request, @RequestParam(defaultValue = "") String q) {
        var text = Typed.text(q.strip());
        var view = new HashMap<String, @Nullable Object>();
        view.put("text", text);
        view.put(
                "accounts",
                text.isEmpty()
                        ? List.of()
                        : accounts.beginning(text, MOST).stream()
                                .map(AccountPages::row)
                                .toList());
        view.put("invoices", over(text));
        view.put("references", text.isEmpty() ? List.of() : references(text));
        return console.page(request, "", "search", view);
    }

    private List<Map<String, ?>> over(String text) {
        // As it is copied from a page: with a currency, and the thousands apart.
        var amount = text.replaceAll("^[A-Z]{3} |^\\$| [A-Z]{3}$", "").replaceAll(",(?=[0-9]{3})", "");
        return amount.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")
                ? invoices.over(new BigDecimal(amount), MOST).stream()
                        .<Map<String, ?>>map(IssuedPages::row)
                        .toList()
                : List.of();
    }

    private record Reference(
            String kind,
            String reference,
            String account,
            @Nullable String number) {}

    /** Each of these has an index by what is searched. */
    private List<Map<String, ?>> references(String text) {
        return jdbc.sql("""
                        select 'invoice' as kind, number as reference, account, number from invoice where number = :text
                         union all
                        select 'credit note', c.number, i.account, i.number
                          from credit_note c join invoice i on i.id = c.invoice where c.number = :text
                         union all
                        select 'payment by ' || lower(s.kind), s.reference, i.account, i.number
                          from settlement s join invoice i on i.id = s.invoice
                         where s.kind in ('CARD', 'TRANSFER', 'BALANCE', 'CARRIED', 'WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'DISPUTE')
                           and s.reference = :text
                         union all
                        select 'more than was open, by ' || lower(s.kind), s.reference, i.account, i.number
                          from surplus s join invoice i on i.id = s.invoice
                         where s.kind in ('CARD', 'TRANSFER') and s.reference = :text
                         union all
                        select 'payment intent', p.stripe_id, i.account, i.number
                          from payment_intent p join invoice i on i.id = p.invoice where p.stripe_id = :text
                         union all
                        select 'charge, ' || lower(p.status), p.charge, i.account, i.number
                          from payment_attempt p join invoice i on i.id = p.invoice where p.charge = :text
                         union all
                        select 'refund, ' || lower(r.status), r.stripe_id, coalesce(i.account, t.account), i.number
                          from refund r left join invoice i on i.id = r.invoice left join top_up t on t.id = r.top_up
                         where r.stripe_id = :text
                         union all
                        select 'dispute', d.id, coalesce(i.account, t.account), i.number
                          from dispute d left join invoice i on i.id = d.invoice left join top_up t on t.id = d.top_up
                         where d.id = :text
                         union all
                        select lower(replace(kind, '_', ' ')) || ' of a top-up', number, account, null from top_up_document where number = :text
                         union all
                        select 'top-up, ' || lower(status), intent, account, null from top_up where intent = :text
                         union all
                        select 'top-up, ' || lower(status), charge, account, null from top_up where charge = :text
                         union all
                        select 'transfer for the account', reference, account, null from account_payment where reference = :text
                         union all
                        select 'sent back', reference, account, null from account_return where reference = :text
                         union all
                        select 'customer at Stripe', stripe_customer, id, null from account where stripe_customer = :text
                         limit :most""").param("text", text).param("most", MOST).query(Reference.class).list().stream()
                .<Map<String, ?>>map(found -> Map.of(
                        "kind", found.kind(),
                        "reference", found.reference(),
                        "account", found.account(),
                        "account_href", Hrefs.account(found.account()),
                        "number", Objects.requireNonNullElse(found.number(), ""),
                        "invoice_href", found.number() == null ? "" : Hrefs.invoice(found.number())))
                .toList();
    }
}
