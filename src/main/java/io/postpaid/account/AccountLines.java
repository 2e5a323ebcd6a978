package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The lines of an import in a temporary table, until the transaction ends, and what is wrong with them beside what is known already. */
@Component
class AccountLines {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String STAGE = """
            create temporary table account_line (
                line bigint, id text, name text, email text, line1 text, line2 text, city text, state text,
                postal_code text, country text, tax_id text, currency text, monthly_limit numeric, free_credit numeric,
                payment_method text, created_on date, purchase_order text, business text,
                buyer_reference text, peppol_id text, language text, billing_emails text[], aliases text[],
                whole boolean
            ) on commit drop""";

    private static final String FILL =
            "insert into account_line select * from json_populate_recordset(null::account_line, :lines::json)";

    private static final String CURRENCY_DIFFERS = """
            select l.line, l.currency, a.id, a.currency as billed_in
              from account_line l
              join account a using (id)
             where l.currency <> a.currency and l.whole
             order by l.line""";

    private static final String ERASED = """
            select l.line, a.id, (a.erased_at at time zone 'UTC')::date as erased_on
              from account_line l
              join account a using (id)
             where a.erased_at is not null
             order by l.line""";

    private final JdbcClient jdbc;
    private final CurrencySettings currencies;
    private final Seller seller;

    AccountLines(JdbcClient jdbc, CurrencySettings currencies, Seller seller) {
        this.jdbc = jdbc;
        this.currencies = currencies;
        this.seller = seller;
    }

    /** Makes the table. */
    void begin() {
        jdbc.sql(STAGE).update();
    }

    void add(List<Map<String, Object>> lines) {
        jdbc.sql(FILL).param("lines", JSON.writeValueAsString(lines)).update();
    }

    /** What is wrong with the lines among themselves, and with what is known of the accounts. */
    List<Problem> problems() {
        var problems = new ArrayList<>(twice());
        problems.addAll(jdbc.sql(ERASED)
                .query((row, i) -> problem(
                        row,
                        "id",
                        "'" + row.getString("id") + "' was erased on " + row.getString("erased_on")
                                + ", and is not filled again: give the customer another id"))
                .list());
        problems.addAll(jdbc.sql(CURRENCY_DIFFERS)
                .query((row, i) -> problem(
                        row,
                        "currency",
                        "'" + row.getString("currency") + "' cannot be, account '" + row.getString("id")
                                + "' is billed in " + row.getString("billed_in")
                                + ", and the currency of an account never changes"))
                .list());
        problems.addAll(withoutValue("monthly_limit", currencies.monthlyLimit()));
        problems.addAll(withoutValue("free_credit", currencies.freeCredit()));
        problems.addAll(taxIdsOfNoForm());
        return problems;
    }

    private List<Problem> twice() {
        return jdbc.sql("""
                        select line, id, first
                          from (select line, id, min(line) over (partition by id) as first from account_line where id <> '') l
                         where line <> first
                         order by line
                         limit :most""")
                .param("most", AccountFile.PROBLEMS_MAX)
                .query((row, i) -> problem(
                        row,
                        "id",
                        "'" + row.getString("id") + "' stands in line " + row.getLong("first")
                                + " already: give each account one line"))
                .list();
    }

    /** New accounts that name no value, in a currency for which the seller has set none. */
    private List<Problem> withoutValue(String column, Map<String, BigDecimal> defaults) {
        return jdbc.sql("""
                        select line, coalesce(currency, 'USD') as billed_in
                          from account_line l
                         where case when :column = 'monthly_limit' then monthly_limit else free_credit end is null and whole
                           and coalesce(currency, 'USD') <> all(:currencies)
                           and not exists (select from account a where a.id = l.id)
                         order by line""")
                .param("column", column)
                .param("currencies", defaults.keySet().toArray(String[]::new))
                .query((row, i) -> problem(
                        row,
                        column,
                        "is empty, and " + row.getString("billed_in") + " has no default: write an amount, or set "
                                + column + " for it in templates/currencies.yaml"))
                .list();
    }

    /** A wrong tax id where one frees of the tax: the account would be charged a tax that it does not owe, or the reverse. */
    private List<Problem> taxIdsOfNoForm() {
        var reverse = seller.taxes().stream()
                .filter(tax -> !tax.reverseChargeNote().isBlank())
                .map(Seller.Tax::country)
                .toArray(String[]::new);
        var problems = new ArrayList<Problem>();
        jdbc.sql("""
                        select l.line, coalesce(l.tax_id, a.tax_id) as tax_id, coalesce(l.country, a.country) as country
                          from account_line l
                          left join account a on a.id = l.id
                         where coalesce(l.country, a.country) = any(:countries) and l.whole
                           and coalesce(l.tax_id, a.tax_id, '') <> ''
                         order by l.line""").param("countries", reverse).query(row -> {
            if (TaxIds.valid(row.getString("country"), row.getString("tax_id"))) return;
            problems.add(problem(
                    row,
                    "tax_id",
                    "'" + row.getString("tax_id") + "' is not a tax id of " + row.getString("country")
                            + ": correct it, or leave it empty where the customer has none"));
        });
        return problems;
    }

    private static Problem problem(ResultSet row, String column, String what) throws SQLException {
        return new Problem(row.getLong("line"), column, what);
    }
}
