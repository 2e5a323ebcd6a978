package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.template.CurrencySettings;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Brings the accounts in line with a file or a call, set by set; the caller holds the transaction. */
@Component
class AccountImport {
    /** Of an account that names none. */
    static final String CURRENCY = "USD";

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What the file says and the account does not: an empty limit or payment method says nothing. */
    private static final String CHANGES = """
            create temporary table account_change on commit drop as
            select l.id, l.name, l.email,
                   coalesce(l.line1, a.line1) as line1, coalesce(l.line2, a.line2) as line2,
                   coalesce(l.city, a.city) as city, coalesce(l.state, a.state) as state,
                   coalesce(l.postal_code, a.postal_code) as postal_code, coalesce(l.country, a.country) as country,
                   coalesce(l.tax_id, a.tax_id) as tax_id, coalesce(l.monthly_limit, a.monthly_limit) as monthly_limit,
                   coalesce(l.purchase_order, a.purchase_order) as purchase_order, coalesce(l.business, a.business) as business,
                   coalesce(l.buyer_reference, a.buyer_reference) as buyer_reference,
                   coalesce(l.peppol_id, a.peppol_id) as peppol_id, coalesce(l.language, a.language) as language, mails.addresses as billing_emails,
                   case when l.payment_method is distinct from asked.detail then l.payment_method end as payment_method,
                   l.monthly_limit <> a.monthly_limit as limit_changes,
                   concat_ws(', ', case when l.name <> a.name then format('name "%s" to "%s"', a.name, l.name) end,
                             case when l.email <> a.email then format('email "%s" to "%s"', a.email, l.email) end,
                             case when l.line1 <> a.line1 or l.line2 <> a.line2 or l.city <> a.city or l.state <> a.state
                                        or l.postal_code <> a.postal_code then 'address' end,
                             case when l.country <> a.country then format('country "%s" to "%s"', a.country, l.country) end,
                             case when l.tax_id <> a.tax_id then format('tax_id "%s" to "%s"', a.tax_id, l.tax_id) end,
                             case when l.purchase_order <> a.purchase_order
                                  then format('purchase_order "%s" to "%s"', a.purchase_order, l.purchase_order) end,
                             case when l.business <> a.business
                                  then format('business "%s" to "%s"', a.business, l.business) end,
                             case when l.buyer_reference <> a.buyer_reference
                                  then format('buyer_reference "%s" to "%s"', a.buyer_reference, l.buyer_reference) end,
                             case when l.peppol_id <> a.peppol_id
                                  then format('peppol_id "%s" to "%s"', a.peppol_id, l.peppol_id) end,
                             case when l.language <> a.language
                                  then format('language "%s" to "%s"', a.language, l.language) end,
                             case when mails.addresses <> a.billing_emails
                                  then format('mails also to %s', coalesce(nullif(array_to_string(mails.addresses, ', '), ''),
                                                                           'nobody')) end,
                             called.changes) as details
              from account_line l
              join account a using (id)
             -- Who becomes the first address gets each mail once.
             cross join lateral (select coalesce(array_agg(address order by at) filter (where lower(address) <> lower(l.email)), '{}')
                                        as addresses
                                   from unnest(coalesce(l.billing_emails, a.billing_emails)) with ordinality u (address, at)) mails
              left join lateral (select e.detail from account_event e
                                  where e.account = l.id and e.event = 'CARD_WANTED'
                                  order by e.id desc limit 1) asked on l.payment_method is not null
              left join (select account,
                                concat_ws(', ', 'aliases added: ' || string_agg(alias_text(source, name), ' ' order by source, name)
                                                                     filter (where not gone),
                                          'aliases removed: ' || string_agg(alias_text(source, name), ' ' order by source, name)
                                                                 filter (where gone)) as changes
                           from account_alias_change
                          group by account) called on called.account = l.id
             where (l.name, l.email) <> (a.name, a.email)
                or l.line1 <> a.line1 or l.line2 <> a.line2 or l.city <> a.city or l.state <> a.state
                or l.postal_code <> a.postal_code or l.country <> a.country or l.tax_id <> a.tax_id
                or l.monthly_limit <> a.monthly_limit
                or l.purchase_order <> a.purchase_order or l.business <> a.business
                or l.buyer_reference <> a.buyer_reference or l.peppol_id <> a.peppol_id or l.language <> a.language or mails.addresses <> a.billing_emails
                or called.account is not null
                or l.payment_method is distinct from asked.detail and l.payment_method is not null""";

    private static final String LOCK = """
            with locked as materialized (
                select from account where id in (select id from account_line) order by id for no key update)
            select count(*) from locked""";

    private static final String UPDATE = """
            update account a
               set name = c.name, business = c.business, buyer_reference = c.buyer_reference, peppol_id = c.peppol_id, language = c.language, email = c.email, line1 = c.line1, line2 = c.line2, city = c.city, state = c.state,
                   postal_code = c.postal_code, country = c.country, tax_id = c.tax_id, monthly_limit = c.monthly_limit,
                   purchase_order = c.purchase_order, billing_emails = c.billing_emails,
                   payment_method_wanted = coalesce(c.payment_method, a.payment_method_wanted)
              from account_change c
             where a.id = c.id""";

    private static final String TELL_CHANGES = """
            insert into account_event (account, at, event, detail)
            select id, :at::timestamptz, 'DETAILS_CHANGED', details || ' by ' || :by from account_change where details <> ''
            union all
            select id, :at::timestamptz, 'LIMIT_SET', monthly_limit || ' by ' || :by from account_change where limit_changes
            union all
            select id, :at::timestamptz, 'CARD_WANTED', payment_method from account_change where payment_method is not null""";

    private static final String ADD = """
            with added as (insert into account (id, name, email, line1, line2, city, state, postal_code, country, tax_id, currency,
                                 monthly_limit, free_credit, payment_method_wanted, created_on, purchase_order, business, buyer_reference, peppol_id, language,
                                 billing_emails)
            select id, name, email, coalesce(line1, ''), coalesce(line2, ''), coalesce(city, ''), coalesce(state, ''),
                   coalesce(postal_code, ''), coalesce(country, ''), coalesce(tax_id, ''), coalesce(currency, 'USD'),
                   coalesce(monthly_limit, (:limits::jsonb ->> coalesce(currency, 'USD'))::numeric),
                   coalesce(free_credit, (:credits::jsonb ->> coalesce(currency, 'USD'))::numeric), payment_method,
                   coalesce(created_on, :today), coalesce(purchase_order, ''), coalesce(business, ''),
                   coalesce(buyer_reference, ''), coalesce(peppol_id, ''), coalesce(language, ''), coalesce(billing_emails, '{}')
              from account_line l
             where not exists (select from account a where a.id = l.id)
             order by line
            returning id, payment_method_wanted),
            told as (insert into account_event (account, at, event, detail)
            select id, :at::timestamptz, 'CARD_WANTED', payment_method_wanted from added where payment_method_wanted is not null)
            select count(*) from added""";

    private final JdbcClient jdbc;
    private final AccountLines lines;
    private final AliasImport aliases;
    private final CurrencySettings currencies;

    AccountImport(JdbcClient jdbc, AccountLines lines, AliasImport aliases, CurrencySettings currencies) {
        this.jdbc = jdbc;
        this.lines = lines;
        this.aliases = aliases;
        this.currencies = currencies;
    }

    /** @throws RefusedFileException with every problem of the file, of its own and with what is known of the accounts */
    AccountsImported run(Path file, Instant at, LocalDate today) {
        return run(reader -> AccountFile.read(file, reader), problems -> refused(file, problems), "import", at, today);
    }

    /**
     * The same for one line.
     *
     * @param cells by column, without those that stay as they are
     * @throws RefusedAccountException with every problem of the line
     */
    AccountsImported put(Map<String, String> cells, Instant at, LocalDate today) {
        return put(cells, "API", at, today);
    }

    /** The same by the customer. */
    AccountsImported change(Map<String, String> cells, Instant at, LocalDate today) {
        return put(cells, "customer", at, today);
    }

    private AccountsImported put(Map<String, String> cells, String by, Instant at, LocalDate today) {
        notForLong();
        return run(reader -> AccountFile.read(cells, reader), RefusedAccountException::new, by, at, today);
    }

    private AccountsImported run(
            Function<Consumer<List<Map<String, Object>>>, List<Problem>> source,
            Function<List<Problem>, RuntimeException> refused,
            String by,
            Instant at,
            LocalDate today) {
        lock();
        lines.begin();
        var problems = new ArrayList<>(source.apply(lines::add));
        jdbc.sql("analyze account_line").update();
        jdbc.sql(LOCK).query().listOfRows();
        problems.addAll(lines.problems());
        problems.addAll(aliases.problems());
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingLong(Problem::line));
            throw refused.apply(problems);
        }
        long count =
                jdbc.sql("select count(*) from account_line").query(Long.class).single();
        aliases.remove();
        jdbc.sql(CHANGES).update();
        int updated = jdbc.sql(UPDATE).update();
        jdbc.sql(TELL_CHANGES).param("at", Timestamp.from(at)).param("by", by).update();
        int added = jdbc.sql(ADD)
                .param("limits", JSON.writeValueAsString(currencies.monthlyLimit()))
                .param("credits", JSON.writeValueAsString(currencies.freeCredit()))
                .param("today", today)
                .param("at", Timestamp.from(at))
                .query(Integer.class)
                .single();
        aliases.add();
        return new AccountsImported(added, updated, Math.toIntExact(count) - added - updated);
    }

    /**
     * Two imports at once would each miss what the other adds. Whoever changes one account is not held up: who has locked it
     * already must not wait for us to change it, while we wait for it.
     */
    private void lock() {
        jdbc.sql("lock table account in share update exclusive mode").update();
    }

    /** A caller is better refused than kept waiting for an import of a million lines. */
    private void notForLong() {
        jdbc.sql("set local lock_timeout = '5s'").update();
    }

    /**
     * Adds an account of which only the id is known, with the defaults of {@link #CURRENCY}; its name and e-mail are empty.
     *
     * @return false if it is there already
     * @throws IllegalArgumentException if that is no id, or an alias, or the seller has no defaults for the currency
     */
    boolean addUnknown(String id, Instant at, LocalDate today) {
        if (!AccountFile.ID.matcher(id).matches())
            throw new IllegalArgumentException("'" + id + "' " + AccountFile.NO_ID);
        var limit = currencies.monthlyLimit().get(CURRENCY);
        var credit = currencies.freeCredit().get(CURRENCY);
        if (limit == null || credit == null) {
            throw new IllegalArgumentException(
                    CURRENCY + " has no default limit or credit in templates/currencies.yaml");
        }
        notForLong();
        lock();
        aliases.refuse(id);
        boolean added = jdbc.sql("""
                        insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                        values (:id, '', '', :currency, :limit, :credit, :today)
                            on conflict do nothing""")
                        .param("id", id)
                        .param("currency", CURRENCY)
                        .param("limit", limit)
                        .param("credit", credit)
                        .param("today", today)
                        .update()
                > 0;
        if (added) {
            jdbc.sql(
                            "insert into account_event (account, at, event, detail) values (:id, :at, 'CREATED', 'by its first call')")
                    .param("id", id)
                    .param("at", Timestamp.from(at))
                    .update();
        }
        return added;
    }

    private static RefusedFileException refused(Path file, List<Problem> problems) {
        var texts = problems.stream()
                .map(problem -> problem.in(file))
                .limit(AccountFile.PROBLEMS_MAX)
                .collect(Collectors.toCollection(ArrayList::new));
        if (problems.size() >= AccountFile.PROBLEMS_MAX) {
            texts.add("There may be more: correct these first, and import " + file + " again");
        }
        return new RefusedFileException(file, texts);
    }
}
