package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.toMap;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.platform.batch.Column;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Drafts with their taxes and lines, a statement for each kind. */
record DraftInsert(JdbcClient jdbc) {
    void run(List<Drafted> drafts) {
        var drafted = drafts.stream().collect(toMap(draft -> draft.invoice().account(), draft -> draft));
        var ids = invoices(drafts.stream().map(Drafted::invoice).toList());
        taxes(of(ids, drafted, Drafted::taxes));
        lines(of(ids, drafted, Drafted::lines));
    }

    /** By the id of each invoice that was inserted. */
    private static <T> List<Map.Entry<Long, T>> of(
            Map<Long, String> ids, Map<String, Drafted> drafted, Function<Drafted, List<T>> parts) {
        return ids.entrySet().stream()
                .flatMap(invoice -> parts.apply(Objects.requireNonNull(drafted.get(invoice.getValue()))).stream()
                        .map(part -> Map.entry(invoice.getKey(), part)))
                .toList();
    }

    /** @return the account of each invoice; one that is there already is left as it is */
    private Map<Long, String> invoices(List<Invoice> invoices) {
        return jdbc
                .sql("""
                        insert into invoice (account, period, currency, customer, issued_on, due_on, tax_point, subtotal, credits,
                                             tax, total, carried_in, carried_forward, from_balance, amount_due)
                        select *
                          from unnest(:account::text[], :period::date[], :currency::text[], :customer::jsonb[], :issued_on::date[],
                                      :due_on::date[], :tax_point::date[], :subtotal::numeric[], :credits::numeric[], :tax::numeric[],
                                      :total::numeric[], :carried_in::numeric[], :carried_forward::numeric[], :from_balance::numeric[],
                                      :amount_due::numeric[])
                            on conflict (account, period, currency) do nothing
                        returning id, account""")
                .param("account", Column.of(invoices, Invoice::account))
                .param("period", Column.of(invoices, invoice -> invoice.period().firstDay()))
                .param("currency", Column.of(invoices, Invoice::currency))
                .param(
                        "customer",
                        Column.of(invoices, invoice -> invoice.customer().toJson()))
                .param("issued_on", Column.of(invoices, Invoice::issuedOn))
                .param("due_on", Column.of(invoices, Invoice::dueOn))
                .param("tax_point", Column.of(invoices, Invoice::taxPoint))
                .param("subtotal", Column.of(invoices, Invoice::subtotal))
                .param("credits", Column.of(invoices, Invoice::credits))
                .param("tax", Column.of(invoices, Invoice::tax))
                .param("total", Column.of(invoices, Invoice::total))
                .param("carried_in", Column.of(invoices, Invoice::carriedIn))
                .param("carried_forward", Column.of(invoices, Invoice::carriedForward))
                .param("from_balance", Column.of(invoices, Invoice::fromBalance))
                .param("amount_due", Column.of(invoices, Invoice::amountDue))
                .query((row, i) -> Map.entry(row.getLong("id"), row.getString("account")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void taxes(List<Map.Entry<Long, InvoiceTax>> inserted) {
        jdbc.sql("""
                        insert into invoice_tax (invoice, position, category, rate, name, percent, base, tax, note, evidence,
                                                 tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day)
                        select *
                          from unnest(:invoice::bigint[], :position::integer[], :category::text[], :rate::bigint[],
                                      :name::text[], :percent::numeric[], :base::numeric[], :tax::numeric[], :note::text[], :evidence::text[],
                                      :tax_currency::text[], :tax_in_currency::numeric[], :currency_per_euro::numeric[],
                                      :tax_currency_per_euro::numeric[], :rate_day::date[])""")
                .param("invoice", Column.of(inserted, Map.Entry::getKey))
                .param("position", Column.of(inserted, tax -> tax.getValue().position()))
                .param("category", Column.of(inserted, tax -> tax.getValue().category()))
                .param("rate", Column.of(inserted, tax -> tax.getValue().rate()))
                .param("name", Column.of(inserted, tax -> tax.getValue().name()))
                .param("percent", Column.of(inserted, tax -> tax.getValue().percent()))
                .param("base", Column.of(inserted, tax -> tax.getValue().base()))
                .param("tax", Column.of(inserted, tax -> tax.getValue().tax()))
                .param("note", Column.of(inserted, tax -> tax.getValue().note()))
                .param("evidence", Column.of(inserted, tax -> tax.getValue().evidence()))
                .param("tax_currency", local(inserted, LocalTax::currency))
                .param("tax_in_currency", local(inserted, LocalTax::amount))
                .param(
                        "currency_per_euro",
                        local(inserted, tax -> tax.exchange().fromPerEuro()))
                .param(
                        "tax_currency_per_euro",
                        local(inserted, tax -> tax.exchange().toPerEuro()))
                .param("rate_day", local(inserted, tax -> tax.exchange().day()))
                .update();
    }

    private static @Nullable String[] local(List<Map.Entry<Long, InvoiceTax>> taxes, Function<LocalTax, Object> value) {
        return Column.of(taxes, tax -> {
            var local = tax.getValue().local();
            return local == null ? null : value.apply(local);
        });
    }

    private void lines(List<Map.Entry<Long, InvoiceLine>> inserted) {
        jdbc.sql("""
                        insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit,
                                                  unit_price, listed_unit, amount, tax)
                        select *
                          from unnest(:invoice::bigint[], :position::integer[], :product::text[], :usage_period::date[],
                                      :price::bigint[], :tier::integer[], :quantity::numeric[], :unit::text[],
                                      :unit_price::numeric[], :listed_unit::text[], :amount::numeric[], :tax::integer[])""")
                .param("invoice", Column.of(inserted, Map.Entry::getKey))
                .param("position", Column.of(inserted, line -> line.getValue().position()))
                .param("product", Column.of(inserted, line -> line.getValue().product()))
                .param(
                        "usage_period",
                        Column.of(
                                inserted, line -> line.getValue().usagePeriod().firstDay()))
                .param("price", Column.of(inserted, line -> line.getValue().price()))
                .param("tier", Column.of(inserted, line -> line.getValue().tier()))
                .param("quantity", Column.of(inserted, line -> line.getValue().quantity()))
                .param("unit", Column.of(inserted, line -> line.getValue().unit()))
                .param("unit_price", Column.of(inserted, line -> line.getValue().unitPrice()))
                .param(
                        "listed_unit",
                        Column.of(inserted, line -> line.getValue().listedUnit()))
                .param("amount", Column.of(inserted, line -> line.getValue().amount()))
                .param("tax", Column.of(inserted, line -> line.getValue().tax()))
                .update();
    }
}
